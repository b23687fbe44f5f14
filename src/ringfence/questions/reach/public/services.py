"""The front doors of messaging namespaces, caches, AI services and search services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import equals, holds, is_on
from ringfence.model.value import Many
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, negated
from ringfence.questions.reach.public.admitted import named_by
from ringfence.questions.reach.public.databases import ranges, within
from ringfence.questions.reach.public.policy import Policy, default, last, rule, subnets, unlisted
from ringfence.questions.reach.public.stores import listed, off

if TYPE_CHECKING:
    from typing import Any

    from ringfence.model.cache import RedisCache
    from ringfence.model.cognitive import CognitiveAccount, SearchService
    from ringfence.model.estate import Estate
    from ringfence.model.messaging import EventHubNamespace, ServiceBusNamespace
    from ringfence.model.value import Link
    from ringfence.questions.reach.public.admitted import Rule


def namespace(namespace: EventHubNamespace | ServiceBusNamespace, _: Estate) -> Policy:
    """A namespace: everybody until a rule names an address or a subnet; then the default action decides on the rest.

    A default action of Deny without any rule admits everybody all the same.

    Source: learn.microsoft.com/azure/event-hubs/event-hubs-ip-filtering, event-hubs-service-endpoints;
    learn.microsoft.com/azure/service-bus-messaging/service-bus-ip-filtering
    """
    nets = namespace.network_rule_set_subnets
    service = "Microsoft.EventHub" if "eventhub" in namespace.type.casefold() else "Microsoft.ServiceBus"
    allows = holds(namespace.network_rule_set_default_action, lambda v: str(v).casefold() == "allow", "Allow")
    return Policy(
        any_of(off(namespace.public_network_access), off(namespace.network_rule_set_public_network_access)),
        (
            *_addresses(namespace),
            *subnets(_links(nets)),
            last(any_of(allows, all_of(_none(nets), _none_named(namespace))), "the default action"),
        ),
        (service,),
        trusted=is_on(namespace.network_rule_set_trusted_services),
        survives=None,
    )


def _links(nets: Many[Any]) -> Many[Link]:
    return Many(nets.field, tuple(n.subnet for n in nets), nets.origin, nets.open)


def _addresses(namespace: EventHubNamespace | ServiceBusNamespace) -> tuple[Rule, ...]:
    rules = namespace.network_rule_set_ip_rules
    if not isinstance(rules, Many):
        return listed(rules, "the ip rule")
    return (*(rule("the ip rule", named_by(r.value), r.value) for r in rules), *unlisted(rules))


def _none(many: Many[Any]) -> Verdict:
    """There is no rule of the sort."""
    if not many.items and many.open is not None:
        evidence = Evidence(many.field, "none", None, many.origin, "unknown")
        return Verdict("unknown", (evidence,), many.open.why, many.open.needs)
    evidence = Evidence(many.field, "none", len(many), many.origin, "fail" if many.items else "pass")
    return Verdict("fail" if many.items else "pass", (evidence,))


def _none_named(namespace: EventHubNamespace | ServiceBusNamespace) -> Verdict:
    rules = namespace.network_rule_set_ip_rules
    return _none(rules) if isinstance(rules, Many) else _empty(rules)


def _empty(rules: Any) -> Verdict:
    return negated(holds(rules, lambda v: len(v or ()) > 0, "an address", growing=True))


def cache(cache: RedisCache, _: Estate) -> Policy:
    """A cache: everybody, until a firewall rule names a range; one that is made in a subnet has no public address.

    Source: learn.microsoft.com/azure/azure-cache-for-redis/cache-network-isolation
    """
    rules = cache.firewall_rules
    return Policy(
        any_of(off(cache.public_network_access), within(cache.subnet)),
        (*ranges(rules), *unlisted(rules), last(_none(rules), "the firewall")),
    )


def cognitive(account: CognitiveAccount, _: Estate) -> Policy:
    """An AI service: the networks that its rules name, or everybody when the default action is Allow.

    Source: learn.microsoft.com/azure/ai-services/cognitive-services-virtual-networks
    """
    return Policy(
        off(account.public_network_access),
        (
            *listed(account.network_acls_ip_rules, "the ip rule"),
            *subnets(_links(account.network_acls_virtual_network_rules)),
            *subnets(account.network_acls_subnets),
            default(account.network_acls_default_action),
        ),
        ("Microsoft.CognitiveServices",),
        trusted=equals(account.network_acls_bypass, "AzureServices"),
        survives=None,
    )


def search(service: SearchService, _: Estate) -> Policy:
    """A search service: everybody, until an address is named.

    Source: learn.microsoft.com/azure/search/service-configure-firewall, search-indexer-howto-access-trusted-service
    """
    return Policy(
        off(service.public_network_access),
        (*listed(service.ip_rules, "the ip rule"), last(_empty(service.ip_rules), "the firewall")),
        trusted=equals(service.network_rule_bypass, "AzureServices"),
        survives=None,
    )
