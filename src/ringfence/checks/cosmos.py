"""Azure Cosmos DB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.checks.check import check
from ringfence.model.cosmos import CosmosAccount
from ringfence.model.judge import equals, is_on
from ringfence.questions.custody.custody import custody
from ringfence.questions.reach.doors import doors
from ringfence.questions.reach.private import private_endpoints
from ringfence.questions.reach.public import closed

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.verdict import Verdict

SUBRESOURCES = ("Sql", "SqlDedicated", "MongoDB", "Cassandra", "Gremlin", "Table", "Analytical")
"""Source: learn.microsoft.com/azure/private-link/private-endpoint-dns"""


@check(
    "cosmos-selected-networks",
    CosmosAccount,
    severity="high",
    fix="Set public_network_access_enabled = false, or name networks in ip_range_filter, or in virtual_network_rule "
    "with is_virtual_network_filter_enabled = true.",
)
def selected_networks(account: CosmosAccount, estate: Estate) -> Verdict:
    """Only networks that are named reach the account, or none over the internet.

    With neither an address nor a subnet named, every network does.

    Source: learn.microsoft.com/azure/cosmos-db/how-to-configure-firewall
    """
    return closed(next(iter(doors(account, estate))), estate)


@check(
    "cosmos-private-endpoint",
    CosmosAccount,
    severity="medium",
    fix="Add an azurerm_private_endpoint for the account's API, with a DNS zone group for its privatelink zone, linked "
    "to its network.",
)
def private_endpoint(account: CosmosAccount, estate: Estate) -> Verdict:
    """The account is reached through a private endpoint.

    Source: learn.microsoft.com/azure/cosmos-db/how-to-configure-private-endpoints
    """
    return private_endpoints(account, estate, SUBRESOURCES)


@check(
    "cosmos-directory-authentication",
    CosmosAccount,
    severity="medium",
    fix="Set local_authentication_disabled = true and give principals Cosmos DB roles.",
)
def directory_authentication(account: CosmosAccount) -> Verdict:
    """The account's keys open nothing: who reads data has signed in to the directory.

    Source: learn.microsoft.com/azure/cosmos-db/how-to-setup-rbac
    """
    return is_on(account.disable_local_auth)


@check(
    "cosmos-public-network-access",
    CosmosAccount,
    severity="medium",
    fix="Set public_network_access_enabled = false.",
)
def public_network_access(account: CosmosAccount) -> Verdict:
    """The account has no public front door.

    Source: learn.microsoft.com/azure/cosmos-db/how-to-configure-firewall
    """
    return equals(account.public_network_access, "Disabled")


@check(
    "cosmos-customer-managed-key",
    CosmosAccount,
    severity="low",
    fix="Set key_vault_key_id to a versionless key id. It is decided when the account is made.",
)
def customer_managed_key(account: CosmosAccount, estate: Estate) -> Verdict:
    """The account is encrypted under a key that its owner manages.

    Source: learn.microsoft.com/azure/cosmos-db/how-to-setup-customer-managed-keys
    """
    return custody(account, estate).customer_managed
