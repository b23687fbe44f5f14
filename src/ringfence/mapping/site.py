"""What every site of Azure App Service has, of whatever generation: the rows that are spelled alike in all.

Source: that of `ringfence.mapping.web`.
"""

from __future__ import annotations

from ringfence.mapping.codecs import PAIRS
from ringfence.mapping.identity import IDENTITY
from ringfence.mapping.table import AnyRow, Nested, Reference, Row, row
from ringfence.model.web import ConnectionString, Headers, IpSecurityRestriction, StorageMount

SUBNET = "Microsoft.Network/virtualNetworks/subnets"
CONFIG = "config/web:properties."
_SETTINGS = "config/appsettings:properties"

_RESTRICTION: tuple[Row | Reference | Nested, ...] = (
    row("name", "name", "name"),
    row("priority", "priority", "priority", default=65000, azure=65000),
    row("action", "action", "action", default="Allow", azure="Allow"),
    row("ip_address", "ipAddress", "ip_address"),
    row("service_tag", "tag", "service_tag"),
    Reference("virtual_network_subnet", "vnetSubnetResourceId", "virtual_network_subnet_id", to=SUBNET),
    Nested(
        "headers",
        "headers",
        "headers",
        Headers,
        (
            row("x_azure_fdid", "x-azure-fdid", "x_azure_fdid"),
            row("x_fd_health_probe", "x-fd-healthprobe", "x_fd_health_probe"),
            row("x_forwarded_for", "x-forwarded-for", "x_forwarded_for"),
            row("x_forwarded_host", "x-forwarded-host", "x_forwarded_host"),
        ),
    ),
)


def setting(name: str) -> str:
    """One setting of a site, in either place."""
    return f"{_SETTINGS}.{name}|properties.siteConfig.appSettings[name={name}].value"


_SECRETS = tuple(
    row(f"auth_settings_{field}", f"config/authsettings:properties.{arm}", f"auth_settings.{tf}")
    for field, arm, tf in (
        ("client_secret", "clientSecret", "active_directory.client_secret"),
        ("facebook_app_secret", "facebookAppSecret", "facebook.app_secret"),
        ("git_hub_client_secret", "gitHubClientSecret", "github.client_secret"),
        ("google_client_secret", "googleClientSecret", "google.client_secret"),
        ("microsoft_account_client_secret", "microsoftAccountClientSecret", "microsoft.client_secret"),
        ("twitter_consumer_secret", "twitterConsumerSecret", "twitter.consumer_secret"),
    )
)

_AUTH: tuple[AnyRow, ...] = (
    row("auth_settings_enabled", "config/authsettings:properties.enabled", "auth_settings.enabled", azure=False),
    row(
        "auth_settings_unauthenticated_client_action",
        "config/authsettings:properties.unauthenticatedClientAction",
        "auth_settings.unauthenticated_client_action",
    ),
    *_SECRETS,
    row(
        "auth_settings_v2_enabled",
        "config/authsettingsV2:properties.platform.enabled",
        {">=3.45": "auth_settings_v2.auth_enabled"},
        default=False,
        azure=False,
    ),
    row(
        "auth_settings_v2_unauthenticated_client_action",
        "config/authsettingsV2:properties.globalValidation.unauthenticatedClientAction",
        {">=3.45": "auth_settings_v2.unauthenticated_action"},
        default="RedirectToLoginPage",
    ),
)

_NESTED: tuple[AnyRow, ...] = (
    Nested(
        "ip_security_restrictions",
        CONFIG + "ipSecurityRestrictions",
        "site_config.ip_restriction",
        IpSecurityRestriction,
        _RESTRICTION,
    ),
    Nested(
        "scm_ip_security_restrictions",
        CONFIG + "scmIpSecurityRestrictions",
        "site_config.scm_ip_restriction",
        IpSecurityRestriction,
        _RESTRICTION,
    ),
    Nested(
        "connection_strings",
        "config/connectionstrings:properties{name}|properties.siteConfig.connectionStrings",
        "connection_string",
        ConnectionString,
        (row("name", "name", "name"), row("type", "type", "type"), row("value", "value|connectionString", "value")),
    ),
    Nested(
        "storage_mounts",
        "config/azurestorageaccounts:properties{name}|properties.siteConfig.azureStorageAccounts{name}",
        "storage_account",
        StorageMount,
        (
            row("name", "name", "name"),
            row("type", "type", "type"),
            Reference("account", "accountName", "account_name", by="name", to="Microsoft.Storage/storageAccounts"),
            row("share_name", "shareName", "share_name"),
            row("mount_path", "mountPath", "mount_path"),
            row("access_key", "accessKey", "access_key"),
        ),
    ),
)

ANY: tuple[AnyRow, ...] = (
    *IDENTITY,
    row("enabled", "properties.enabled", "enabled", default=True, azure=True),
    row(
        "application_insights_connection_string",
        setting("APPLICATIONINSIGHTS_CONNECTION_STRING"),
        {">=3.0": "site_config.application_insights_connection_string"},
    ),
    row(
        "application_insights_key",
        setting("APPINSIGHTS_INSTRUMENTATIONKEY"),
        {">=3.0": "site_config.application_insights_key"},
    ),
    row("http20_enabled", CONFIG + "http20Enabled", "site_config.http2_enabled", default=False, azure=False),
    row(
        "remote_debugging_enabled",
        CONFIG + "remoteDebuggingEnabled",
        "site_config.remote_debugging_enabled",
        default=False,
        azure=False,
    ),
    row("cors_allowed_origins", CONFIG + "cors.allowedOrigins", "site_config.cors.allowed_origins", azure=()),
    row(
        "scm_ip_security_restrictions_use_main",
        CONFIG + "scmIpSecurityRestrictionsUseMain",
        "site_config.scm_use_main_ip_restriction",
        default=False,
        azure=False,
    ),
    row("app_settings", f"{_SETTINGS}|properties.siteConfig.appSettings", "app_settings", arm_codec=PAIRS),
    *_AUTH,
    *_NESTED,
)
"""What is spelled alike in the legacy resources and in those of 3.0."""


def https(*, provider: bool = True) -> Row:
    if provider:
        return row("https_only", "properties.httpsOnly", "https_only", default=False, azure=False)
    return row("https_only", "properties.httpsOnly", "https_only", azure=False)  # optional and computed
