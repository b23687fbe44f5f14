"""The core layer: the network, the log, the vault and the storage that the other layers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.grant import SERVICE, USER, grant
from ringfence.constructs.home import Home
from ringfence.constructs.lock import unlocked
from ringfence.constructs.storage import Storage
from ringfence.constructs.vault import Vault
from ringfence.constructs.workspace import PrivateLogs, Workspace
from ringfence.model.blueprint import Layer, Life, block
from ringfence.platforms.flowehr.core import defender, monitoring, network
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.constructs.dns import PrivateZones
    from ringfence.constructs.network import Network
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value
    from ringfence.platforms.flowehr.settings import Config

ABOUT = "The network, the log, the vault and the storage that the other layers share."


@record(eq=False)
class Core:
    """What the layers after this one use of it."""

    layer: Layer
    home: Home
    """Its group, location, tenant, subnet of shared endpoints, zones and log; every layer's things are at home here."""
    data_home: Home
    """The same, but endpoints are put where applications do not reach them: for what holds records in bulk."""
    group: Declared
    client: Declared
    """Whoever deploys."""
    subscription: Declared
    network: Network
    storage: Storage
    vault: Vault
    workspace: Workspace
    private_logs: PrivateLogs
    alerts: Declared | None
    """The action group of the recipients; None where nobody is configured to be told."""

    @property
    def deployer(self) -> Value:
        """The object id of whoever deploys."""
        return self.client.ref("object_id")


def core(config: Config) -> Core:
    """Declares the layer."""
    layer = Layer("core", ABOUT)
    provide(layer, config)
    main = layer.file("main.tf", "What all layers share.")
    client = main.data("azurerm_client_config", "current")
    subscription = main.data("azurerm_subscription", "current")
    group = main.resource(
        "azurerm_resource_group", "core", name=config.names["group"], location=config.location, tags=config.tags
    )
    workspace = _workspace(main, config, group)
    net = network.declare(layer.file("network.tf", network.ABOUT), config, group)
    home, data_home = (
        _home(config, group, client, net.zones, workspace, net.network.subnets[subnet].id)
        for subnet in ("shared", "data")
    )
    storage = _storage(main, config, home)
    workspace.keeps_in(storage, "Query", "Alerts")
    vault = _vault(main, config, home)
    _writes_secrets(main, config, client, vault)
    logs = PrivateLogs(main, "logs", home, called=config.names.called("ampls-{suffix}"))
    logs.has("workspace", workspace.workspace, called="workspace")
    network.recorded(layer.file("network.tf"), config, net, storage, workspace)
    alerts = monitoring.declare(layer.file("monitoring.tf", monitoring.ABOUT), config, home, subscription)
    if config.defender:
        defender.declare(layer.file("defender.tf", defender.ABOUT), config)
    return Core(
        layer, home, data_home, group, client, subscription, net.network, storage, vault, workspace, logs, alerts
    )


def provide(layer: Layer, config: Config) -> None:
    """How azurerm works in a layer: it signs in to storage as itself, and destroys for good only what may be.

    A group that may be destroyed goes with what Azure itself has put into it, such as rules of traffic analytics.
    It makes storage accounts through Azure's API alone: it would wait for each to answer, and ask for queues, which
    nobody reaches who has no endpoint yet.

    Source: registry.terraform.io/providers/hashicorp/azurerm/latest/docs/guides/features-block
    """
    purged = bool(config.switches.named("destructible"))
    layer.provider(
        "azurerm",
        storage_use_azuread=True,
        features=block(
            key_vault=block(purge_soft_delete_on_destroy=purged, recover_soft_deleted_key_vaults=not purged),
            resource_group=block(prevent_deletion_if_contains_resources=not purged),
            storage=block(data_plane_available=False),
        ),
    )


def _workspace(main: File, config: Config, group: Declared) -> Workspace:
    destructible = config.switches.named("destructible")
    made = Workspace(
        main,
        "core",
        called=config.names["workspace"],
        days=180,
        identity=True,
        group=group.ref("name"),
        location=group.ref("location"),
        public=config.switches.named("public_logs"),
        keep=not destructible,
        tags=config.tags,
        comment="Whatever can log logs to it.",
    )
    if destructible:
        unlocked(made.workspace, destructible)
    return made


def _home(
    config: Config, group: Declared, client: Declared, zones: PrivateZones, workspace: Workspace, endpoints: Value
) -> Home:
    return Home(
        group.ref("name"),
        group.ref("location"),
        client.ref("tenant_id"),
        endpoints,
        zones,
        workspace.id,
        tags=config.tags,
        locked=not config.switches.named("destructible"),
        unlocked_by=config.switches.named("destructible"),
    )


def _storage(main: File, config: Config, home: Home) -> Storage:
    return Storage(
        main,
        "management",
        home,
        called=config.names["storage"],
        comment="The platform's own: flow logs, and what the assessments of the databases find.",
        open_to=config.switches.opening("deployer_addresses"),
    )


def _writes_secrets(main: File, config: Config, client: Declared, vault: Vault) -> None:
    """Source: learn.microsoft.com/azure/key-vault/general/rbac-guide (built-in roles)"""
    allowed = grant(
        main,
        "deployer_writes_secrets",
        who=client.ref("object_id"),
        called="whoever deploys",
        may="Key Vault Secrets Officer",
        on=vault.id,
        what=vault.called,
        why="The layers after this one write the credentials that they make.",
        kind=SERVICE if config.axes.tf_in_automation else USER,
    )
    main.resource(
        "time_sleep",
        "vault_ready",
        comment="The layer is done when the vault is met in the network and Azure has applied the role.",
        create_duration="5m",
        life=Life(depends_on=(vault.endpoint, allowed)),
    )


def _vault(main: File, config: Config, home: Home) -> Vault:
    return Vault(
        main,
        "core",
        home,
        called=config.names["vault"],
        comment="The credentials of the platform's own service principals.",
        open_to=config.switches.opening("deployer_addresses"),
        destructible=config.switches.named("destructible"),
    )
