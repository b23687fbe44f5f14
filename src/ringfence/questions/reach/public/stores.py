"""The front doors of storage accounts, key vaults, Cosmos DB accounts and container registries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import equals, holds, includes, is_on
from ringfence.model.symbol import render
from ringfence.model.value import Known, Many, Unknown
from ringfence.model.verdict import Verdict, any_of, negated
from ringfence.questions.answer import unsettled
from ringfence.questions.network import cidr
from ringfence.questions.reach.public.admitted import EVERYBODY, Match, Rule, entry, named_by
from ringfence.questions.reach.public.policy import LAST, Policy, default, last, rule, subnets, unlisted
from ringfence.record import replace

if TYPE_CHECKING:
    from typing import Any

    from ringfence.model.containers import ContainerRegistry, IpRule
    from ringfence.model.cosmos import CosmosAccount
    from ringfence.model.estate import Estate
    from ringfence.model.keyvault import KeyVault, ManagedHsm
    from ringfence.model.resource import Resource
    from ringfence.model.storage import StorageAccount
    from ringfence.model.value import Attr, Link

PERIMETER = "a network security perimeter decides; its rules are not modelled"


def off(attr: Attr[Any]) -> Verdict:
    """Public network access is off. A network security perimeter may let in, so that word is not known to be either.

    Source: learn.microsoft.com/azure/private-link/network-security-perimeter-concepts
    """
    verdict = equals(attr, "Disabled")
    if verdict.outcome == "fail" and isinstance(attr, Known) and str(attr.value).casefold() == "securedbyperimeter":
        return unsettled(attr.field, PERIMETER, verdict.evidence)
    return verdict


def listed(attr: Attr[Any], title: str) -> tuple[Rule, ...]:
    """One rule for each address in a field, or one for what the field may hold."""
    if isinstance(attr, Known) and isinstance(attr.value, tuple):
        return tuple(rule(f"{title} {_text(v)}", entry(v, attr.field), attr) for v in attr.value)
    return (rule(title, named_by(attr), attr),) if isinstance(attr, Unknown) else ()


def _text(value: Any) -> str:
    return render(value).strip('"')


def storage(account: StorageAccount, _: Estate) -> Policy:
    """A storage account: the networks that its rules name, or everybody when the default action is Allow.

    - Public network access that is off closes it to all networks; named resource instances and the exceptions for
      trusted services stay in effect.
    - Address rules take public addresses, and have no effect on requests from the account's own region.
    - Microsoft.Storage.Global works for accounts of every region, Microsoft.Storage for those of the subnet's
      region and its pair.
    - "Logging" and "Metrics" let reads of $logs and $metrics pass; they name nobody who calls.

    That a container may be read anonymously is not a matter of networks: the firewall stays in front of it.

    Source: learn.microsoft.com/azure/storage/common/storage-network-security, -limitations and
    storage-network-security-trusted-azure-services
    """
    return Policy(
        off(account.public_network_access),
        (
            *listed(account.network_acls_ip_rules, "the ip rule"),
            *subnets(account.network_acls_virtual_network_rules),
            default(account.network_acls_default_action),
        ),
        ("Microsoft.Storage", "Microsoft.Storage.Global"),
        regional="Microsoft.Storage",
        paired=True,
        trusted=includes(account.network_acls_bypass, ["AzureServices"]),
        instances=_links(account.network_acls_resource_access_rules),
        survives=True,
        local=True,
    )


def _links(rules: Many[Any]) -> Many[Link]:
    return Many(rules.field, tuple(r.resource_id for r in rules), rules.origin, rules.open)


def vault(vault: KeyVault, _: Estate) -> Policy:
    """A key vault: the networks that its rules name, or everybody when the default action is Allow.

    While public network access is disabled the rules have no effect: private endpoints and, unless the bypass is
    None, trusted services remain.

    Source: learn.microsoft.com/azure/key-vault/general/network-security and
    learn.microsoft.com/azure/templates/microsoft.keyvault/vaults (publicNetworkAccess)
    """
    return Policy(
        off(vault.public_network_access),
        (
            *listed(vault.network_acls_ip_rules, "the ip rule"),
            *subnets(vault.network_acls_virtual_network_rules),
            default(vault.network_acls_default_action),
        ),
        ("Microsoft.KeyVault",),
        trusted=equals(vault.network_acls_bypass, "AzureServices"),
        survives=True,
    )


def module(module: ManagedHsm, _: Estate) -> Policy:
    """A managed HSM: everybody where the default action is Allow, for it has no rules that name networks.

    Source: learn.microsoft.com/azure/key-vault/managed-hsm/network-security
    """
    return Policy(
        off(module.public_network_access),
        (default(module.network_acls_default_action),),
        ("Microsoft.KeyVault",),
        trusted=equals(module.network_acls_bypass, "AzureServices"),
        survives=True,
    )


def cosmos(account: CosmosAccount, _: Estate) -> Policy:
    """A Cosmos DB account: everybody, until an address or the virtual network filter narrows it.

    "0.0.0.0" stands for all of Azure's data centres. Subnets count only while the filter is on. Named resources pass
    while the bypass is AzureServices: workspaces of Azure Synapse, of which the service asks to be named. Which
    services that are not named pass is not documented.

    Source: learn.microsoft.com/azure/cosmos-db/how-to-configure-firewall, how-to-configure-vnet-service-endpoint and
    analytical-store-private-endpoints
    """
    filtered = is_on(account.is_virtual_network_filter_enabled)
    some_ = holds(account.ip_rules, lambda v: len(v or ()) > 0, "an address", growing=True)
    rules = tuple(_azure(r, "0.0.0.0") for r in listed(account.ip_rules, "the address"))
    found = account.virtual_network_rules
    links = Many(found.field, tuple(r.subnet for r in found), found.origin, found.open)
    named = subnets(links, allows=True if filtered.outcome == "pass" else None) if filtered.outcome != "fail" else ()
    return Policy(
        off(account.public_network_access),
        (*rules, *named, last(negated(any_of(filtered, some_)), "the firewall")),
        ("Microsoft.AzureCosmosDB",),
        trusted=_bypass(account),
        instances=account.network_acl_bypass_resource_ids,
        exempt=equals(account.network_acl_bypass, "AzureServices"),
        survives=None,
    )


def _bypass(account: CosmosAccount) -> Verdict:
    verdict = equals(account.network_acl_bypass, "AzureServices")
    if verdict.outcome != "pass":
        return verdict
    why = "which Azure services pass that are not named is not documented"
    return unsettled("network_acl_bypass", why, verdict.evidence)


def _azure(found: Rule, word: str) -> Rule:
    """The rule, where its address is the word for all of Azure."""
    alone = cidr.of(word)
    return replace(found, match=Match(azure=True)) if found.match.sure == alone else found


def registry(registry: ContainerRegistry, _: Estate) -> Policy:
    """A container registry: a Premium one may refuse all but the addresses that its rules name.

    Trusted services pass while the bypass is AzureServices, also when public access is disabled, but not where the
    registry names subnets.

    Source: learn.microsoft.com/azure/container-registry/container-registry-access-selected-networks and
    allow-access-trusted-services
    """
    rules, nets = registry.network_rule_set_ip_rules, registry.network_rule_set_virtual_network_rules
    return Policy(
        off(registry.public_network_access),
        (
            *map(_ip_rule, rules),
            *unlisted(rules),
            *subnets(Many(nets.field, tuple(r.subnet for r in nets), nets.origin, nets.open)),
            default(registry.network_rule_set_default_action),
        ),
        ("Microsoft.ContainerRegistry",),
        trusted=equals(registry.network_rule_bypass_options, "AzureServices") if not nets.items else Verdict("fail"),
        survives=True,
    )


def _ip_rule(found: IpRule) -> Rule:
    """Its action can be nothing but Allow."""
    return rule(f"the ip rule {_text(getattr(found.value, 'value', None))}", named_by(found.value), found.value)


def switch(attr: Attr[Any]) -> Policy:
    """A service whose front door is open or closed, and knows no rules."""
    evidence = rule("no rule", EVERYBODY, attr)
    return Policy(off(attr), (Rule("no firewall", EVERYBODY, evidence.evidence, True, LAST),))


def plain_switch(resource: Resource, _: Estate) -> Policy:
    """A service with public network access and no firewall that is modelled."""
    attr: Attr[Any] = resource.public_network_access  # type: ignore[attr-defined]  # the table names such kinds only
    return switch(attr)
