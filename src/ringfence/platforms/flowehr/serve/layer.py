"""The serve layer: what apps are made of, the models they use, and the apps themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.cosmos import Cosmos
from ringfence.constructs.grant import SERVICE, USER, grant
from ringfence.constructs.insights import Insights
from ringfence.constructs.machine_learning import ModelRegistry
from ringfence.constructs.registry import Registry
from ringfence.constructs.vault import Vault
from ringfence.constructs.web_app import Plan
from ringfence.model.blueprint import Layer, Life, block
from ringfence.model.register import Exemption
from ringfence.platforms.flowehr.core.layer import provide
from ringfence.platforms.flowehr.serve import app as apps
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.blueprint import Declared, File
    from ringfence.platforms.flowehr.core.layer import Core
    from ringfence.platforms.flowehr.core.people import People
    from ringfence.platforms.flowehr.settings import Config
    from ringfence.platforms.flowehr.transform.layer import Transform

ABOUT = "Apps and models are served."
STORAGE_ISSUE = "https://github.com/SAFEHR-data/FlowEHR/issues/285"


@record(eq=False)
class Serve:
    """What the apps stand on."""

    layer: Layer
    core: Core
    transform: Transform
    people: People
    plan: Plan
    vault: Vault
    cosmos: Cosmos
    registry: Registry
    insights: Insights
    swaps: Declared | None
    """The role of those who swap an app's slots; None where no app has any."""


def serve(core: Core, transform: Transform, people: People, config: Config) -> Serve:
    """Declares the layer."""
    layer = Layer("serve", ABOUT, core.layer.register)
    provide(layer, config)
    platform = layer.file("platform.tf", "What all apps share: where their images are, and where telemetry goes.")
    found = Serve(
        layer,
        core,
        transform,
        people,
        _plan(layer.file("app_service.tf", "The machines of the apps; each app has a file of its own."), core, config),
        _vault(layer.file("keyvault.tf", "The apps' secrets; each app reads its own and no other."), core, config),
        _state(layer.file("cosmos.tf", "What apps remember: one account, and a database for each."), core, config),
        _images(platform, core, config),
        _telemetry(platform, core, config),
        _swaps(platform, core, config) if any(app.testing_slot for app in people.serving.apps) else None,
    )
    _models(layer.file("aml.tf", "The models that are published, and who may publish them."), core, people, config)
    for one in people.serving.apps:
        apps.declare(found, one, config)
    return found


def _plan(file: File, core: Core, config: Config) -> Plan:
    return Plan(file, "apps", core.home, called=config.names["plan"])


def _images(file: File, core: Core, config: Config) -> Registry:
    return Registry(
        file,
        "images",
        core.home,
        called=config.names["registry"],
        comment="The apps' images. It has no password.",
        public=config.switches.named("public_apps"),
    )


def _telemetry(file: File, core: Core, config: Config) -> Insights:
    return Insights(
        file,
        "telemetry",
        core.home,
        called=config.names["insights"],
        logs=core.private_logs,
        public=config.switches.named("public_logs"),
    )


def _state(file: File, core: Core, config: Config) -> Cosmos:
    return Cosmos(
        file,
        "state",
        core.home,
        called=config.names["cosmos"],
        open_to=config.switches.opening("deployer_addresses"),
    )


def _vault(file: File, core: Core, config: Config) -> Vault:
    vault = Vault(
        file,
        "app_secrets",
        core.home,
        called=config.names["serve_vault"],
        open_to=config.switches.opening("public_app_vault"),
        destructible=config.switches.named("destructible"),
    )
    allowed = grant(
        file,
        "deployer_writes_secrets",
        who=core.deployer,
        called="deployment",
        may="Key Vault Secrets Officer",
        on=vault.id,
        what=vault.called,
        why="The deployment writes the apps' secrets and renews them.",
        kind=SERVICE if config.axes.tf_in_automation else USER,
    )
    ready = file.resource(
        "time_sleep",
        "app_secrets_ready",
        comment="Secrets are written once the vault is met in the network and Azure has applied the role.",
        create_duration="5m",
        life=Life(depends_on=(vault.endpoint, allowed)),
    )
    vault.ready = (ready,)
    return vault


def _models(file: File, core: Core, people: People, config: Config) -> ModelRegistry:
    """Stewards publish, apps read. The storage behind it is Azure's to set up, and is judged as it is found."""
    called = config.names["models"]
    models = ModelRegistry(
        file,
        "models",
        core.home,
        called=called,
        group=core.group,
        comment="Azure makes a storage account and an image registry behind it, in a group that it manages.",
    )
    stewards = people.groups["algorithm_stewards"]
    models.may_publish(
        "stewards_publish_models",
        group=stewards.id,
        called=stewards.called,
        why="Algorithm stewards decide which models are published.",
    )
    models.may_read(
        "apps_read_models",
        group=people.apps.id,
        called=people.apps.called,
        why="Apps run what is published.",
    )
    core.layer.register.exemptions.append(
        Exemption(
            "storage of the model registry",
            f"{file.layer.name}#azurerm_storage_account.models/storage",
            "Azure makes the account and sets its firewall. It holds the models that are published, and no records.",
            STORAGE_ISSUE,
        )
    )
    return models


def _swaps(file: File, core: Core, config: Config) -> Declared:
    """Swapping alone: the built-in roles that may swap may also read every setting.

    Source: learn.microsoft.com/azure/role-based-access-control/permissions/web-and-mobile
    """
    site = "Microsoft.Web/sites"
    actions = (
        f"{site}/read",
        f"{site}/slots/read",
        f"{site}/slotsswap/action",
        f"{site}/slots/slotsswap/action",
        f"{site}/slots/operationresults/read",
    )
    return file.resource(
        "azurerm_role_definition",
        "swap_slots",
        name=config.names.called("role-swap-slots-{suffix}"),
        scope=core.group.id,
        description="Swaps the slots of an app, and reads none of its settings.",
        permissions=block(actions=actions),
        assignable_scopes=(core.group.id,),
    )
