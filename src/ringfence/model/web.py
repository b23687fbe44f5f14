"""Kinds of Azure App Service (Microsoft.Web).

A site spans several ARM resources: the site, its ``config/web``, ``config/authsettings``, ``config/appsettings`` …;
here they are one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder
from ringfence.model.resource import Block, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class ServicePlan(Resource):
    """The machines that sites run on."""

    arm_type = "Microsoft.Web/serverfarms"

    os_type: Attr[str]
    """``Linux``, ``Windows`` or ``WindowsContainer``."""
    sku: Attr[str]
    """Name of the size, such as ``S1``; ``F1`` is free, ``D1`` shared, ``B1`` basic, ``Y1`` consumption."""
    zone_redundant: Attr[bool]


class ConnectionString(Block):
    """One connection string of a site, given to the application as an environment variable."""

    name: Attr[str]
    type: Attr[str]
    value: Attr[str]


class StorageMount(Block):
    """One file share or container that a site mounts, with the account's key."""

    name: Attr[str]
    type: Attr[str]
    """``AzureBlob`` or ``AzureFiles``."""
    account: Link
    share_name: Attr[str]
    mount_path: Attr[str]
    access_key: Attr[str]


class IpSecurityRestriction(Block):
    """One rule of a site's access restrictions: an address, a subnet or a service tag."""

    name: Attr[str]
    priority: Attr[int]
    action: Attr[str]
    """``Allow`` or ``Deny``."""
    ip_address: Attr[str]
    service_tag: Attr[str]
    virtual_network_subnet: Link
    headers: Many[Headers]
    """None, or one: what a request must say besides."""


class Headers(Block):
    """HTTP headers of which each must have one of its values for a rule to count."""

    x_azure_fdid: Attr[tuple[str, ...]]
    """Ids of Front Doors."""
    x_fd_health_probe: Attr[tuple[str, ...]]
    x_forwarded_for: Attr[tuple[str, ...]]
    x_forwarded_host: Attr[tuple[str, ...]]


class Site(IdentityHolder):
    """A web application or function application, or a slot of one."""

    arm_type = "Microsoft.Web/sites"

    os_type: Attr[str]
    server_farm: Link
    enabled: Attr[bool]
    https_only: Attr[bool]
    """HTTP requests are redirected to HTTPS. Azure's default is false."""
    public_network_access: Attr[str]
    """``Enabled``, Azure's default, or ``Disabled``."""
    virtual_network_subnet: Link
    """The subnet that its outbound traffic enters."""
    vnet_route_all_enabled: Attr[bool]
    client_cert_enabled: Attr[bool]
    client_cert_mode: Attr[str]
    """``Required``, ``Optional`` or ``OptionalInteractiveUser``; of no effect unless enabled."""
    key_vault_reference_identity: Attr[str]
    """The identity that opens Key Vault references; the system-assigned one when absent."""

    auth_settings_enabled: Attr[bool]
    """App Service authentication, first version of its settings."""
    auth_settings_unauthenticated_client_action: Attr[str]
    auth_settings_client_secret: Attr[str]
    """The application's secret, written here and not as the name of an app setting; the next five likewise."""
    auth_settings_facebook_app_secret: Attr[str]
    auth_settings_git_hub_client_secret: Attr[str]
    auth_settings_google_client_secret: Attr[str]
    auth_settings_microsoft_account_client_secret: Attr[str]
    auth_settings_twitter_consumer_secret: Attr[str]
    auth_settings_v2_enabled: Attr[bool]
    """App Service authentication, second version of its settings."""
    auth_settings_v2_unauthenticated_client_action: Attr[str]

    min_tls_version: Attr[str]
    scm_min_tls_version: Attr[str]
    ftps_state: Attr[str]
    """``AllAllowed``, ``FtpsOnly`` or ``Disabled``."""
    ftp_basic_auth_allowed: Attr[bool]
    scm_basic_auth_allowed: Attr[bool]
    http20_enabled: Attr[bool]
    remote_debugging_enabled: Attr[bool]
    always_on: Attr[bool]
    php_version: Attr[str]
    python_version: Attr[str]
    java_version: Attr[str]
    node_version: Attr[str]
    net_framework_version: Attr[str]
    docker_image: Attr[str]
    docker_registry_password: Attr[str]
    acr_use_managed_identity_creds: Attr[bool]
    cors_allowed_origins: Attr[tuple[str, ...]]
    http_logs_retention_in_days: Attr[int]

    ip_security_restrictions: Many[IpSecurityRestriction]
    ip_security_restrictions_default_action: Attr[str]
    scm_ip_security_restrictions: Many[IpSecurityRestriction]
    scm_ip_security_restrictions_default_action: Attr[str]
    scm_ip_security_restrictions_use_main: Attr[bool]

    app_settings: Attr[dict[str, object]]
    """Environment variables by name; a value may be a reference, and a secret keeps its mark."""
    application_insights_connection_string: Attr[str]
    """Where a function application's telemetry goes, written beside its app settings; the next one likewise."""
    application_insights_key: Attr[str]
    connection_strings: Many[ConnectionString]
    storage_mounts: Many[StorageMount]


class WebApp(Site):
    """A web application. A slot is one too."""


class WebAppSlot(WebApp):
    """A further deployment of a web application, with its own address, settings and identity."""

    arm_type = "Microsoft.Web/sites/slots"

    app: Link


class FunctionApp(Site):
    """A function application. A slot is one too."""

    storage_account_access_key: Attr[str]
    storage_uses_managed_identity: Attr[bool]


class FunctionAppSlot(FunctionApp):
    """A further deployment of a function application."""

    arm_type = "Microsoft.Web/sites/slots"

    app: Link
