"""The front doors of the SQL, MySQL and PostgreSQL servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import holds
from ringfence.model.symbol import plain
from ringfence.model.value import Known, Unknown
from ringfence.model.verdict import Evidence, Verdict, any_of
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
    from ringfence.model.symbol import is_given
    from ringfence.model.value import Absent

    given = is_given(link.value)
    attr: Attr[Any] = Known(link.field, given, link.origin) if given is not None else Absent(link.field, link.origin)
    if given is None:
        from ringfence.model.judge import missing
        from ringfence.model.value import Need

        why = f"whether {link.field} is set is not known"
        evidence = Evidence(link.field, "set", why, link.origin, "unknown")
        return Verdict("unknown", (evidence,), why, missing(link.value) or (Need("reference", link.field, why),))
    verdict = holds(attr, lambda v: v is True, "set")
    return verdict.because("it is made inside a subnet") if verdict.outcome == "pass" else verdict


def _firewall(rules: Many[FirewallRule]) -> tuple[Rule, ...]:
    none = Evidence(rules.field, "a rule for it", f"{len(rules)} rules", rules.origin, "fail")
    closed = last(Verdict("fail", (none,)), "the firewall")
    return (*ranges(rules), *unlisted(rules), closed)


def ranges(rules: Many[FirewallRule]) -> tuple[Rule, ...]:
    """The rules in one form."""
    return tuple(map(_range, rules))


def _range(found: FirewallRule) -> Rule:
    """A range, both ends inside."""
    start, end = found.start_ip_address, found.end_ip_address
    name = getattr(found.name, "value", None)
    title = f"the firewall rule {name}" if isinstance(name, str) else "a firewall rule"
    evidence = Evidence(start.field, title, f"{_shown(start)} to {_shown(end)}", start.origin, "pass")
    return Rule(title, _match(start, end), evidence)


def _shown(attr: Attr[Any]) -> str:
    from ringfence.model.symbol import render

    value = getattr(attr, "value", None)
    return "not known" if value is None else render(value).strip('"')


def _match(start: Attr[Any], end: Attr[Any]) -> Match:
    first, last_ = named_by(start), named_by(end)
    if isinstance(start, Known) and isinstance(end, Known):
        found = cidr.parse(f"{plain(start.value)}-{plain(end.value)}")
        if found is not None:
            return Match(azure=True) if found == AZURE else Match(found, found)
    if isinstance(start, Unknown) and isinstance(end, Unknown) and start.value == end.value is not None:
        azure = False if is_small(start.value) else None
        return Match(small=(start.value,), azure=azure, needs=start.needs)  # one address, unless it is 0.0.0.0
    return Match(possible=cidr.EVERYBODY, needs=tuple(dict.fromkeys((*first.needs, *last_.needs))))
