"""Web applications of App Service: who signs in is let in, over HTTPS, from the platform's network only."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from ringfence.constructs.lock import locked
from ringfence.constructs.logged import logged
from ringfence.constructs.private_endpoint import private_endpoint
from ringfence.errors import ConstructError
from ringfence.model.blueprint import Life, block
from ringfence.model.register import Relaxation
from ringfence.model.symbol import text
from ringfence.record import field, record, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ringfence.constructs.home import Home
    from ringfence.constructs.identity import Identity
    from ringfence.constructs.sign_in import SignIn
    from ringfence.model.blueprint import Block, Declared, File
    from ringfence.model.symbol import Value

ARM, SLOT_ARM = "Microsoft.Web/sites", "Microsoft.Web/sites/slots"
_SHARED = ("F1", "D1", "SHARED", "Y1", "FC1")
_NO_SLOTS = ("B1", "B2", "B3")
_LOGS = (
    "AppServiceAppLogs",
    "AppServiceAuditLogs",
    "AppServiceConsoleLogs",
    "AppServiceHTTPLogs",
    "AppServiceIPSecAuditLogs",
    "AppServicePlatformLogs",
)
_LONGEST = 59
"""Of a slot's host name, before Azure cuts it and adds digits of its own.

Source: learn.microsoft.com/azure/app-service/deploy-staging-slots
"""
SECRETIVE = re.compile(r"(password|passwd|pwd|secret|token|api_?key|access_?key|account_?key|sas)$", re.IGNORECASE)
IMAGE = re.compile(r"[a-z0-9]+([._/-][a-z0-9]+)*(:[\w][\w.-]*|@sha256:[0-9a-f]{64})")


class Plan:
    """The machines that apps run on: Linux, and more of them where there is more to do.

    Raises:
        ConstructError: the size has no private endpoints.
    """

    def __init__(self, file: File, name: str, home: Home, *, called: str, sku: str = "P0v3", most: int = 10) -> None:
        if sku.upper() in _SHARED:
            hint = "Take B1 or larger, S1 for slots; P0v3 is the least of the current ones."
            raise ConstructError(f"a plan of size {sku} has no private endpoints and enters no network", hint=hint)
        self.sku = sku
        self.plan = file.resource(
            "azurerm_service_plan", name, name=called, **home.placed, os_type="Linux", sku_name=sku
        )
        if sku.upper() not in _NO_SLOTS and most > 1:
            self._scaled(file, name, home, called, most)

    @property
    def id(self) -> Value:
        return self.plan.id

    @property
    def has_slots(self) -> bool:
        return self.sku.upper() not in _NO_SLOTS

    def _scaled(self, file: File, name: str, home: Home, called: str, most: int) -> None:
        made = file.resource(
            "azurerm_monitor_autoscale_setting",
            name,
            name=f"autoscale-{called}",
            **home.placed,
            target_resource_id=self.plan.id,
            profile=block(
                name="processor",
                capacity=block(default=1, minimum=1, maximum=most),
                rule=[
                    self._rule("GreaterThan", 80, "Increase"),
                    self._rule("LessThan", 20, "Decrease"),
                ],
            ),
        )
        logged(file, f"{name}_scaling", made, "Microsoft.Insights/autoscaleSettings", home)

    def _rule(self, operator: str, percent: int, direction: str) -> Block:
        return block(
            metric_trigger=block(
                metric_name="CpuPercentage",
                metric_resource_id=self.plan.id,
                metric_namespace="Microsoft.Web/serverfarms",
                time_grain="PT1M",
                statistic="Average",
                time_window="PT5M",
                time_aggregation="Average",
                operator=operator,
                threshold=percent,
            ),
            scale_action=block(direction=direction, type="ChangeCount", value=1, cooldown="PT5M"),
        )


@record(eq=False)
class Runs:
    """What an app runs, and what it is told."""

    image: str
    """The image in the registry, with a tag or digest: ``dashboard:1.4.0``."""
    registry: Value
    """The registry's host name."""
    settings: Mapping[str, Value] = field(default_factory=dict)
    """Environment variables that are no secrets."""
    secrets: Mapping[str, Declared] = field(default_factory=dict)
    """Environment variables that App Service reads from a vault, as the app's identity, by the vault's secret."""
    health: str = "/"
    """The path that says whether an instance is well."""


class WebApp:
    """One app with its identity, its endpoint and its logs; a slot beside it is the same in all of this.

    `public` is the switch that lets requests of the internet in; they still have to sign in.
    """

    def __init__(
        self,
        file: File,
        name: str,
        home: Home,
        *,
        called: str,
        plan: Plan,
        identity: Identity,
        sign_in: SignIn | None,
        subnet: Value,
        runs: Runs,
        slot: str = "",
        public: str = "",
        after: tuple[Declared, ...] = (),
    ) -> None:
        """`subnet` is the one that its own requests leave by; `slot` names a slot to try a version in.

        `after` is what has to be there before it starts, such as the roles by which it reads its secrets.

        Raises:
            ConstructError: nobody would have to sign in, a setting is a secret, or the plan has no slots.
        """
        _check(called, sign_in, runs, plan, slot)
        assert sign_in is not None  # checked
        self.file, self.name, self.home, self.called = file, name, home, called
        shared = partial(_shared, identity, sign_in, subnet, runs, public)
        self.app = file.resource(
            "azurerm_linux_web_app",
            name,
            name=called,
            **home.placed,
            service_plan_id=plan.id,
            life=replace(_DEPLOYED, depends_on=after),
            **shared(),
        )
        self._around(name, self.app, called, "sites", ARM)
        locked(file, name, self.app, home)
        self._relaxed(public, self.app)
        self.slot = self._slot(slot, shared, public) if slot else None

    @property
    def id(self) -> Value:
        return self.app.id

    def _slot(self, slot: str, shared: Callable[[], dict[str, Any]], public: str) -> Declared:
        tags = self.home.placed.get("tags")
        word = f"{self.name}_{slot}"
        made = self.file.resource(
            "azurerm_linux_web_app_slot",
            word,
            name=slot,
            app_service_id=self.app.id,
            tags=tags,
            life=_DEPLOYED,
            **shared(),
        )
        self._around(word, made, f"{self.called}-{slot}", f"sites-{slot}", SLOT_ARM)
        self._relaxed(public, made)
        return made

    def _around(self, word: str, made: Declared, called: str, subresource: str, arm: str) -> None:
        """A slot's endpoint leads to the app, by a sub-resource that names the slot, which must be there."""
        private_endpoint(
            self.file,
            word,
            called=f"pe-{called}",
            to=self.app,
            arm_type=ARM,
            subresource=subresource,
            home=self.home,
            after=(made,) if made is not self.app else (),
        )
        more = () if arm == SLOT_ARM else ("AppServiceAuthenticationLogs",)
        logged(self.file, word, made, arm, self.home, categories=(*_LOGS, *more))

    def _relaxed(self, public: str, made: Declared) -> None:
        if public:
            why = "the app answers on the internet, to whoever signs in"
            found = Relaxation(public, made.key, "public_network_access_enabled", (), why)
            self.file.layer.register.relaxations.append(found)


_DEPLOYED = Life(ignore_changes=("site_config[0].application_stack[0].docker_image_name",))
"""Which image runs is decided by deployments and swaps of slots after the first."""


def _shared(identity: Identity, sign_in: SignIn, subnet: Value, runs: Runs, public: str) -> dict[str, Any]:
    """What an app and its slot have alike."""
    return {
        "https_only": True,
        "public_network_access_enabled": bool(public),
        "virtual_network_subnet_id": subnet,
        "vnet_image_pull_enabled": True,
        "ftp_publish_basic_authentication_enabled": False,
        "webdeploy_publish_basic_authentication_enabled": False,
        "key_vault_reference_identity_id": identity.id,
        "app_settings": dict(sorted(_settings(identity, sign_in, runs).items())),
        "site_config": _site(identity, runs, public),
        "identity": identity.block,
        "auth_settings_v2": sign_in.block,
        "logs": block(
            detailed_error_messages=False,
            http_logs=block(file_system=block(retention_in_days=7, retention_in_mb=35)),
        ),
    }


def _settings(identity: Identity, sign_in: SignIn, runs: Runs) -> dict[str, Value]:
    secrets = {setting: _reference(secret) for setting, secret in runs.secrets.items()}
    return {**runs.settings, **sign_in.settings, "AZURE_CLIENT_ID": identity.client, **secrets}


def _site(identity: Identity, runs: Runs, public: str) -> Block:
    return block(
        always_on=True,
        minimum_tls_version="1.3",
        scm_minimum_tls_version="1.3",
        ftps_state="Disabled",
        http2_enabled=True,
        remote_debugging_enabled=False,
        use_32_bit_worker=False,
        vnet_route_all_enabled=True,
        ip_restriction_default_action="Allow" if public else "Deny",
        scm_ip_restriction_default_action="Deny",
        health_check_path=runs.health,
        health_check_eviction_time_in_min=5,
        container_registry_use_managed_identity=True,
        container_registry_managed_identity_client_id=identity.client,
        application_stack=block(docker_image_name=runs.image, docker_registry_url=text("https://", runs.registry)),
    )


def _reference(secret: Declared) -> Value:
    """Without a version, so that App Service takes a new one within a day.

    Source: learn.microsoft.com/azure/app-service/app-service-key-vault-references
    """
    return text("@Microsoft.KeyVault(SecretUri=", secret.ref("versionless_id"), ")")


def _check(called: str, sign_in: SignIn | None, runs: Runs, plan: Plan, slot: str) -> None:
    if sign_in is None:
        raise ConstructError(f"anybody could use {called} without signing in", hint="Give it a SignIn.")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,58}[A-Za-z0-9]", called):
        hint = "2 to 60 letters, digits and hyphens, no hyphen at the ends."
        raise ConstructError(f"a web app cannot be called {called}", hint=hint)
    for name, value in runs.settings.items():
        if SECRETIVE.search(name) and isinstance(value, str):
            hint = "Keep it in the vault and name it under the app's secrets."
            raise ConstructError(f"the setting {name} of {called} is a secret in plain text", hint=hint)
    both = [name for name in runs.secrets if name in runs.settings]
    if both:
        raise ConstructError(f"{called} has {both[0]} twice", hint="Leave it out of the settings.")
    if not IMAGE.fullmatch(runs.image):
        hint = "Write repository and tag, such as dashboard:1.4.0; the registry is the platform's."
        raise ConstructError(f"{called} cannot run the image {runs.image}", hint=hint)
    if slot and len(f"{called}-{slot}") > _LONGEST:
        hint = f"Give the app a shorter name: {_LONGEST} characters together with the slot's."
        raise ConstructError(f"Azure would cut the host name {called}-{slot}, and sign-in would not know it", hint=hint)
    if slot and not plan.has_slots:
        hint = "Take S1 or larger, such as P0v3, or no slot."
        raise ConstructError(f"{called} has a slot, and a plan of size {plan.sku} has none", hint=hint)
