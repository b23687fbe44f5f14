"""The front doors of the SQL, MySQL and PostgreSQL servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import missing
from ringfence.model.symbol import is_given, plain, render
from ringfence.model.value import Known, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, any_of
from ringfence.questions.answer import found
from ringfence.questions.network import cidr
from ringfence.questions.reach.public.admitted import Match, Rule, is_small, named_by
from ringfence.questions.reach.public.policy import Policy, last, subnets, unlisted
from ringfence.questions.reach.public.stores import off

if TYPE_CHECKING:
    from typing import Any

    from ringfence.model.database import FirewallRule
    from ringfence.model.estate import Estate
    from ringfence.model.mysql import MySqlFlexibleServer, MySqlServer
    from ringfence.model.postgresql import PostgresFlexibleServer, PostgresServer
    from ringfence.model.sql import SqlServer
    from ringfence.model.value import Attr, Link, Many
    from ringfence.model.verdict import Outcome

AZURE = cidr.of("0.0.0.0")


def server(server: SqlServer | MySqlServer | PostgresServer, _: Estate) -> Policy:
    """A SQL server, or a single server of MySQL or PostgreSQL: nobody but whom a rule names.

    A rule from 0.0.0.0 to 0.0.0.0 lets in all of Azure, whoever's subscription it is. With public access disabled
    private endpoints remain and neither address nor subnet rules have effect. The service endpoint works within a
    region.

    Source: learn.microsoft.com/azure/azure-sql/database/firewall-configure, connectivity-settings,
    vnet-service-endpoint-rule-overview; learn.microsoft.com/previous-versions/azure/mysql/single-server/
    concepts-firewall-rules
    """
    return Policy(
        off(server.public_network_access),
        (*subnets(server.virtual_network_rules), *_firewall(server.firewall_rules)),
        ("Microsoft.Sql",),
        regional="Microsoft.Sql",
    )


def flexible(server: MySqlFlexibleServer | PostgresFlexibleServer, _: Estate) -> Policy:
    """A flexible server: one in a delegated subnet has private addresses only, another one admits whom a rule names.

    Rules for subnets there are none.

    Source: learn.microsoft.com/azure/mysql/flexible-server/concepts-networking-vnet, -public;
    learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private, -public
    """
    return Policy(
        any_of(off(server.public_network_access), within(server.delegated_subnet)),
        _firewall(server.firewall_rules),
    )


def within(link: Link) -> Verdict:
    """The server is made inside a subnet."""
    given = is_given(link.value)
    if given is not None:
        outcome: Outcome = "pass" if given else "fail"
        return found(link, "set", outcome, "it is made inside a subnet" if given else "")
    why = f"whether {link.field} is set is not known"
    return found(link, "set", "unknown", why, missing(link.value) or (Need("reference", link.field, why),))


def _firewall(rules: Many[FirewallRule]) -> tuple[Rule, ...]:
    none = Evidence(rules.field, "a rule for it", f"{len(rules)} rules", rules.origin, "fail")
    closed = last(Verdict("fail", (none,)), "the firewall")
    return (*ranges(rules), *unlisted(rules), closed)


def ranges(rules: Many[FirewallRule]) -> tuple[Rule, ...]:
    """The rules in one form."""
    return tuple(map(_range, rules))


def _range(one: FirewallRule) -> Rule:
    """A range, both ends inside."""
    start, end = one.start_ip_address, one.end_ip_address
    name = getattr(one.name, "value", None)
    title = f"the firewall rule {name}" if isinstance(name, str) else "a firewall rule"
    evidence = Evidence(start.field, title, f"{_shown(start)} to {_shown(end)}", start.origin, "pass")
    return Rule(title, _match(start, end), evidence)


def _shown(attr: Attr[Any]) -> str:
    value = getattr(attr, "value", None)
    return "not known" if value is None else render(value).strip('"')


def _match(start: Attr[Any], end: Attr[Any]) -> Match:
    first, last_ = named_by(start), named_by(end)
    if isinstance(start, Known) and isinstance(end, Known):
        both = cidr.parse(f"{plain(start.value)}-{plain(end.value)}")
        if both is not None:
            return Match(azure=True) if both == AZURE else Match(both, both)
    if isinstance(start, Unknown) and isinstance(end, Unknown) and start.value == end.value is not None:
        azure = False if is_small(start.value) else None
        return Match(small=(start.value,), azure=azure, needs=start.needs)  # one address, unless it is 0.0.0.0
    return Match(possible=cidr.EVERYBODY, needs=tuple(dict.fromkeys((*first.needs, *last_.needs))))
