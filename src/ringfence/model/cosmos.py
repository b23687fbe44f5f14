"""Kinds of Azure Cosmos DB (Microsoft.DocumentDB)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder
from ringfence.model.resource import Block, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class VirtualNetworkRule(Block):
    """A subnet that passes the firewall."""

    subnet: Link
    ignore_missing_vnet_service_endpoint: Attr[bool]


class Capability(Block):
    """A feature that is switched on when the account is made, such as "EnableServerless"."""

    name: Attr[str]


class CosmosAccount(IdentityHolder):
    """An account of Cosmos DB."""

    arm_type = "Microsoft.DocumentDB/databaseAccounts"

    kind: Attr[str]
    """"GlobalDocumentDB", "MongoDB" or "Parse"."""
    capabilities: Many[Capability]
    public_network_access: Attr[str]
    """"Enabled" or "Disabled"; when disabled, private endpoints remain."""
    ip_rules: Attr[tuple[str, ...]]
    """Addresses and ranges that pass the firewall; "0.0.0.0" stands for all of Azure. With no rule of either
    sort, every network passes."""
    is_virtual_network_filter_enabled: Attr[bool]
    virtual_network_rules: Many[VirtualNetworkRule]
    network_acl_bypass: Attr[str]
    """"AzureServices" lets trusted services past the rules, "None" does not."""
    network_acl_bypass_resource_ids: Many[Link]
    disable_local_auth: Attr[bool]
    """The account's keys open nothing: only principals of the directory read and write data."""
    disable_key_based_metadata_write_access: Attr[bool]
    """Whoever holds an account key may not change databases, containers or throughput."""
    minimal_tls_version: Attr[str]
    """"Tls", "Tls11" or "Tls12"."""
    encryption_key: Link
    """The customer-managed key; unset where Microsoft manages it."""
    default_identity: Attr[str]
    backup_type: Attr[str]
    """"Periodic" or "Continuous"."""


class CosmosSqlDatabase(Resource):
    """One database of an account with the SQL API."""

    arm_type = "Microsoft.DocumentDB/databaseAccounts/sqlDatabases"

    account: Link


class CosmosSqlContainer(Resource):
    """One container of items."""

    arm_type = "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers"

    account: Link
    database: Link
    default_ttl: Attr[int]


class CosmosSqlRoleDefinition(Resource):
    """A set of data actions in an account, apart from Azure's own role definitions."""

    arm_type = "Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions"

    account: Link
    role_type: Attr[str]
    """"BuiltInRole" or "CustomRole"."""
    assignable_scopes: Many[Link]
    permissions: Many[CosmosPermission]


class CosmosPermission(Block):
    """Data actions that a role allows."""

    data_actions: Attr[tuple[str, ...]]


class CosmosSqlRoleAssignment(Resource):
    """A role given to a principal on an account, a database or a container."""

    arm_type = "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments"

    account: Link
    role_definition: Link
    principal: Link
    scope: Link
