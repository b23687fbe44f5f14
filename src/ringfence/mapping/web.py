"""Azure App Service: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0 (services/web), v3.47.0, v3.117.1 and v4.81.0
(services/appservice, services/web for the legacy resources); the versions at which arguments came are those at
which website/docs/r first has them. Azure's own defaults: learn.microsoft.com/azure/templates/microsoft.web/sites.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.codecs import OS
from ringfence.mapping.site import ANY, CONFIG, SUBNET, https, setting
from ringfence.mapping.table import COMMON, AnyRow, Computed, Fold, Reference, Row, Table, flag, row
from ringfence.model.value import Absent, Known, Unknown
from ringfence.model.web import (
    FunctionApp,
    FunctionAppSlot,
    ServicePlan,
    Site,
    WebApp,
    WebAppSlot,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.mapping.table import Spelling

PUBLIC = flag("Enabled", "Disabled")

_PLAN = "Microsoft.Web/serverfarms"

_ALWAYS_ON = row("always_on", CONFIG + "alwaysOn", "site_config.always_on", default=True, azure=False)
_SOMETIMES_ON = row("always_on", CONFIG + "alwaysOn", "site_config.always_on", azure=False)


def _certificates(mode: str) -> tuple[AnyRow, ...]:
    """Client certificates; `mode` is the provider's default."""
    return (
        row(
            "client_cert_enabled",
            "properties.clientCertEnabled",
            "client_certificate_enabled",
            default=False,
            azure=False,
        ),
        row(
            "client_cert_mode",
            "properties.clientCertMode",
            "client_certificate_mode",
            default=mode,
            azure="Required",
        ),
    )


_STACK: tuple[AnyRow, ...] = (
    row("php_version", CONFIG + "phpVersion", "site_config.application_stack.php_version"),
    row("python_version", CONFIG + "pythonVersion", "site_config.application_stack.python_version"),
    row("java_version", CONFIG + "javaVersion", "site_config.application_stack.java_version"),
    row("node_version", CONFIG + "nodeVersion", "site_config.application_stack.node_version"),
    row("net_framework_version", CONFIG + "netFrameworkVersion", "site_config.application_stack.dotnet_version"),
)


def _image(name: Spelling, password: Spelling) -> tuple[AnyRow, ...]:
    return (
        row("docker_image", CONFIG + "linuxFxVersion", name),
        row("docker_registry_password", setting("DOCKER_REGISTRY_SERVER_PASSWORD"), password),
    )


_STACKED = "site_config.application_stack."
_PASSWORD = {">=3.63": _STACKED + "docker_registry_password"}
_LINUX_IMAGE = _image({">=3.63": _STACKED + "docker_image_name", "<4.0": _STACKED + "docker_image"}, _PASSWORD)
_WINDOWS_IMAGE = _image(
    {">=3.63": _STACKED + "docker_image_name", "<4.0": _STACKED + "docker_container_name"}, _PASSWORD
)
_FUNCTION_IMAGE = _image(_STACKED + "docker.image_name", _STACKED + "docker.registry_password")

_NEW: tuple[AnyRow, ...] = (
    *ANY,
    *_STACK,
    Reference("server_farm", "properties.serverFarmId", "service_plan_id", to=_PLAN),
    Reference("virtual_network_subnet", "properties.virtualNetworkSubnetId", "virtual_network_subnet_id", to=SUBNET),
    row(
        "vnet_route_all_enabled",
        "properties.vnetRouteAllEnabled|config/web:properties.vnetRouteAllEnabled",
        "site_config.vnet_route_all_enabled",
        default=False,
        azure=False,
    ),
    row(
        "public_network_access",
        "properties.publicNetworkAccess",
        {">=3.65": "public_network_access_enabled"},
        default=True,
        azure="Enabled",
        codec=PUBLIC,
    ),
    row("key_vault_reference_identity", "properties.keyVaultReferenceIdentity", "key_vault_reference_identity_id"),
    row(
        "min_tls_version",
        CONFIG + "minTlsVersion",
        "site_config.minimum_tls_version",
        default="1.2",
        azure="1.2",
    ),
    row(
        "scm_min_tls_version",
        CONFIG + "scmMinTlsVersion",
        "site_config.scm_minimum_tls_version",
        default="1.2",
        azure="1.2",
    ),
    row("ftps_state", CONFIG + "ftpsState", "site_config.ftps_state", default="Disabled", azure="AllAllowed"),
    row(
        "ftp_basic_auth_allowed",
        "basicPublishingCredentialsPolicies/ftp:properties.allow",
        {">=3.81": "ftp_publish_basic_authentication_enabled"},
        default=True,
        azure=True,
    ),
    row(
        "scm_basic_auth_allowed",
        "basicPublishingCredentialsPolicies/scm:properties.allow",
        {">=3.81": "webdeploy_publish_basic_authentication_enabled"},
        default=True,
        azure=True,
    ),
    row(
        "acr_use_managed_identity_creds",
        CONFIG + "acrUseManagedIdentityCreds",
        "site_config.container_registry_use_managed_identity",
        default=False,
        azure=False,
    ),
    row(
        "ip_security_restrictions_default_action",
        CONFIG + "ipSecurityRestrictionsDefaultAction",
        {">=3.95": "site_config.ip_restriction_default_action"},
        default="Allow",
        azure="Allow",
    ),
    row(
        "scm_ip_security_restrictions_default_action",
        CONFIG + "scmIpSecurityRestrictionsDefaultAction",
        {">=3.95": "site_config.scm_ip_restriction_default_action"},
        default="Allow",
        azure="Allow",
    ),
    row(
        "http_logs_retention_in_days",
        "config/logs:properties.httpLogs.fileSystem.retentionInDays",
        "logs.http_logs.file_system.retention_in_days",
    ),
)

_FUNCTION: tuple[AnyRow, ...] = (
    row("storage_account_access_key", setting("AzureWebJobsStorage"), "storage_account_access_key"),
    row("storage_uses_managed_identity", "", "storage_uses_managed_identity", default=False),
)

_FLEX: tuple[AnyRow, ...] = (
    row("storage_account_access_key", "", "storage_access_key"),
    row("storage_uses_managed_identity", "", "storage_uses_managed_identity", azure=False),
)


def _app(tf: str) -> Reference:
    return Reference("app", "", tf, to="Microsoft.Web/sites")


# -- the resources of 2.x, which 4.0 removed


def _stack(language: str, prefix: str) -> Callable[[Any], Any]:
    """A version that is written by itself (Windows), or behind the language in ``linux_fx_version``."""

    def read(site: Any) -> Any:
        own = getattr(site, f"windows_{language}_version")
        linux = site.linux_fx_version
        if not isinstance(own, Absent) or isinstance(linux, Absent):
            return own
        if isinstance(linux, Unknown):
            return Unknown(f"{language}_version", linux.needs, linux.origin)
        name, _, version = str(linux.value).partition("|")
        if name.casefold() != prefix:
            return Absent(f"{language}_version", linux.origin)
        return Known(f"{language}_version", version, linux.origin)

    return read


def _legacy_image(site: Any) -> Any:
    found = site.linux_fx_version
    if isinstance(found, Known) and not str(found.value).casefold().startswith("docker|"):
        return Absent("docker_image", found.origin)
    return found


_LEGACY: tuple[AnyRow, ...] = (
    *ANY,
    https(),
    row("always_on", CONFIG + "alwaysOn", "site_config.always_on", default=False, azure=False),
    row("linux_fx_version", CONFIG + "linuxFxVersion", "site_config.linux_fx_version"),
    row("windows_php_version", CONFIG + "phpVersion", "site_config.php_version"),
    row("windows_python_version", CONFIG + "pythonVersion", "site_config.python_version"),
    row("windows_java_version", CONFIG + "javaVersion", "site_config.java_version"),
    Computed("php_version", "", _stack("php", "php")),
    Computed("python_version", "", _stack("python", "python")),
    Computed("java_version", "", _stack("java", "java")),
    Computed("docker_image", "", _legacy_image),
    row("node_version", CONFIG + "nodeVersion", {}),
    row("net_framework_version", CONFIG + "netFrameworkVersion", "site_config.dotnet_framework_version"),
    row("docker_registry_password", setting("DOCKER_REGISTRY_SERVER_PASSWORD"), {}),
    Reference("server_farm", "properties.serverFarmId", "app_service_plan_id", to=_PLAN),
    Reference("virtual_network_subnet", "properties.virtualNetworkSubnetId", {}, to=SUBNET),
    row(
        "vnet_route_all_enabled",
        "properties.vnetRouteAllEnabled|config/web:properties.vnetRouteAllEnabled",
        {">=2.74": "site_config.vnet_route_all_enabled"},
    ),
    row("public_network_access", "properties.publicNetworkAccess", {}, azure="Enabled"),
    row(
        "key_vault_reference_identity",
        "properties.keyVaultReferenceIdentity",
        {">=2.81": "key_vault_reference_identity_id"},
    ),
    row("client_cert_mode", "properties.clientCertMode", "client_cert_mode", azure="Required"),
    row("min_tls_version", CONFIG + "minTlsVersion", "site_config.min_tls_version", azure="1.2"),
    row("scm_min_tls_version", CONFIG + "scmMinTlsVersion", {}, azure="1.2"),
    row("ftps_state", CONFIG + "ftpsState", "site_config.ftps_state", azure="AllAllowed"),
    row("ftp_basic_auth_allowed", "basicPublishingCredentialsPolicies/ftp:properties.allow", {}, azure=True),
    row("scm_basic_auth_allowed", "basicPublishingCredentialsPolicies/scm:properties.allow", {}, azure=True),
    row(
        "acr_use_managed_identity_creds",
        CONFIG + "acrUseManagedIdentityCreds",
        "site_config.acr_use_managed_identity_credentials",
        azure=False,
    ),
    row("ip_security_restrictions_default_action", CONFIG + "ipSecurityRestrictionsDefaultAction", {}, azure="Allow"),
    row(
        "scm_ip_security_restrictions_default_action",
        CONFIG + "scmIpSecurityRestrictionsDefaultAction",
        {},
        azure="Allow",
    ),
    row(
        "http_logs_retention_in_days",
        "config/logs:properties.httpLogs.fileSystem.retentionInDays",
        "logs.http_logs.file_system.retention_in_days",
    ),
)

_LEGACY_CERTIFICATES = row(
    "client_cert_enabled", "properties.clientCertEnabled", "client_cert_enabled", default=False, azure=False
)
_ARM_CERTIFICATES = row("client_cert_enabled", "properties.clientCertEnabled", {}, azure=False)


def _mode_only(site: Any) -> Any:
    """A legacy function app has the mode alone: writing it turns client certificates on (v2.71.0 function_app.go)."""
    mode = site.client_cert_mode
    if isinstance(mode, Unknown):
        return Unknown("client_cert_enabled", mode.needs, mode.origin)
    if isinstance(mode, Known):
        return Known("client_cert_enabled", True, mode.origin)
    return Absent("client_cert_enabled", mode.origin, False)


def _slot_parent(tf: str) -> Reference:
    return Reference("app", "", tf, by="name", to="Microsoft.Web/sites", scope=("resource_group_name",))


_OS = row("os_type", "kind", {}, arm_codec=OS)


def _table(kind: type[Site], terraform: str, *rows: AnyRow) -> Table:
    """One resource of 3.0 and later; a slot is a child of its application."""
    slot = issubclass(kind, (WebAppSlot, FunctionAppSlot))
    parent = _app("app_service_id" if kind is WebAppSlot else "function_app_id")
    os = "Windows" if "windows" in terraform else "Linux"
    return Table(
        kind,
        (terraform,),
        parent=parent if slot else None,
        unique="parent" if slot else "azure",
        fixed={terraform: {"os_type": os}},
        rows=(*COMMON, _OS, *((parent,) if slot else ()), *_NEW, *rows),
    )


_WEB_ROWS: tuple[AnyRow, ...] = (_ALWAYS_ON, https(), *_certificates("Required"))
_FUNCTION_ROWS: tuple[AnyRow, ...] = (_SOMETIMES_ON, *_FUNCTION, *_FUNCTION_IMAGE, https(), *_certificates("Optional"))
_ABSENT_IN_FLEX: dict[str, Any] = {
    "ftps_state": "Disabled",
    "ftp_basic_auth_allowed": False,
    "always_on": False,
    "key_vault_reference_identity": None,
    "http_logs_retention_in_days": None,
    "docker_image": None,
    "docker_registry_password": None,
}
"""What the Flex Consumption plan has no argument for, with what holds there: it knows no FTP.

Source: learn.microsoft.com/azure/azure-functions/functions-deployment-technologies, "Deployment technology
availability"
"""


def _in_flex(found: AnyRow) -> AnyRow:
    if isinstance(found, Row) and found.field in _ABSENT_IN_FLEX:
        return row(found.field, found.arm, {}, azure=_ABSENT_IN_FLEX[found.field])
    return found


_FLEX_ROWS: tuple[AnyRow, ...] = tuple(
    map(_in_flex, (*_NEW, _SOMETIMES_ON, *_FLEX, *_FUNCTION_IMAGE, https(), *_certificates("Optional")))
)
_COMPUTED_HTTPS: tuple[AnyRow, ...] = (
    _SOMETIMES_ON,
    *_FUNCTION,
    *_FUNCTION_IMAGE,
    https(provider=False),
    *_certificates("Optional"),
)

TABLES = (
    Table(
        ServicePlan,
        ("azurerm_service_plan",),
        rows=(
            *COMMON,
            row("os_type", "kind", "os_type", arm_codec=OS),
            row("sku", "sku.name", "sku_name"),
            row("zone_redundant", "properties.zoneRedundant", {">=3.1": "zone_balancing_enabled"}, azure=False),
        ),
    ),
    Table(
        ServicePlan,
        ("azurerm_app_service_plan",),
        rows=(
            *COMMON,
            row("os_type", "kind", "kind", default="Windows", arm_codec=OS),
            row("sku", "sku.name", "sku.size"),
            row("zone_redundant", "properties.zoneRedundant", {">=2.74": "zone_redundant"}, azure=False),
        ),
    ),
    _table(WebApp, "azurerm_linux_web_app", *_LINUX_IMAGE, *_WEB_ROWS),
    _table(WebApp, "azurerm_windows_web_app", *_WINDOWS_IMAGE, *_WEB_ROWS),
    _table(WebAppSlot, "azurerm_linux_web_app_slot", *_LINUX_IMAGE, *_WEB_ROWS),
    _table(WebAppSlot, "azurerm_windows_web_app_slot", *_WINDOWS_IMAGE, *_WEB_ROWS),
    _table(FunctionApp, "azurerm_linux_function_app", *_FUNCTION_ROWS),
    _table(FunctionApp, "azurerm_windows_function_app", *_COMPUTED_HTTPS),
    Table(
        FunctionApp,
        ("azurerm_function_app_flex_consumption",),
        unique="azure",
        fixed={"azurerm_function_app_flex_consumption": {"os_type": "Linux"}},
        rows=(*COMMON, _OS, *_FLEX_ROWS),
    ),
    _table(FunctionAppSlot, "azurerm_linux_function_app_slot", *_FUNCTION_ROWS),
    _table(FunctionAppSlot, "azurerm_windows_function_app_slot", *_FUNCTION_ROWS),
    Table(
        WebApp,
        ("azurerm_app_service",),
        unique="azure",
        rows=(*COMMON, _OS, *_LEGACY, _LEGACY_CERTIFICATES),
    ),
    Table(
        WebAppSlot,
        ("azurerm_app_service_slot",),
        parent=_slot_parent("app_service_name"),
        unique="parent",
        rows=(*COMMON, _OS, _slot_parent("app_service_name"), *_LEGACY, _ARM_CERTIFICATES),
    ),
    Table(
        FunctionApp,
        ("azurerm_function_app",),
        unique="azure",
        rows=(*COMMON, _OS, *_LEGACY, *_FUNCTION, Computed("client_cert_enabled", "", _mode_only)),
    ),
    Table(
        FunctionAppSlot,
        ("azurerm_function_app_slot",),
        parent=_slot_parent("function_app_name"),
        unique="parent",
        rows=(*COMMON, _OS, _slot_parent("function_app_name"), *_LEGACY, *_FUNCTION, _ARM_CERTIFICATES),
    ),
)

_APP = _app("")


def _arm(kind: type[Site], *rows: AnyRow) -> Table:
    """A site as ARM has it: one shape for every operating system."""
    slot = issubclass(kind, (WebAppSlot, FunctionAppSlot))
    own = (_APP,) if slot else ()
    return Table(
        kind,
        (),
        parent=_APP if slot else None,
        rows=(*COMMON, _OS, *own, *_LEGACY, *rows, _ARM_CERTIFICATES),
    )


ARM_TABLES = (_arm(WebApp), _arm(WebAppSlot), _arm(FunctionApp, *_FUNCTION), _arm(FunctionAppSlot, *_FUNCTION))

_SITE = _app("app_service_id")
_SUBNET_OF = (Reference("virtual_network_subnet", "properties.virtualNetworkSubnetId", "subnet_id", to=SUBNET),)

FOLDS: tuple[Fold, ...] = (Fold("azurerm_app_service_virtual_network_swift_connection", WebApp, _SITE, _SUBNET_OF),)
