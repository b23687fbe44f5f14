"""The front doors of web and function apps: site, deployment site (SCM) and FTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import equals, holds, is_off, is_on
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.symbol import render
from ringfence.model.value import Absent, Known, Many, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, any_of, negated, some
from ringfence.questions.network import cidr
from ringfence.questions.reach.public.admitted import EVERYBODY, Match, Rule, named_by
from ringfence.questions.reach.public.policy import LAST, Policy, last, unlisted
from ringfence.questions.reach.public.stores import off
from ringfence.record import replace

if TYPE_CHECKING:
    from typing import Any

    from ringfence.model.estate import Estate
    from ringfence.model.value import Attr
    from ringfence.model.web import IpSecurityRestriction, Site

WEB = ("Microsoft.Web",)


def site(site: Site, estate: Estate) -> Policy:
    """The site itself: app access first, then its access restrictions by priority.

    Public access that nobody set is on until a private endpoint leads to the app, then off. Where there are rules
    and no default action, whom none names is refused; azurerm writes "Allow" from the version on that has the
    argument. A site that is stopped answers nobody.

    Source: learn.microsoft.com/azure/app-service/overview-access-restrictions ("App access", "Unmatched rule")
    """
    return Policy(_off(site, estate), _restrictions(site.ip_security_restrictions, _main_default(site)), WEB)


def scm(site: Site, estate: Estate) -> Policy:
    """The deployment site: the site's restrictions where it uses them, else its own.

    Source: learn.microsoft.com/azure/app-service/overview-access-restrictions ("Advanced tools site")
    """
    shared = is_on(site.scm_ip_security_restrictions_use_main)
    closed = _off(site, estate)
    own = Policy(closed, _restrictions(site.scm_ip_security_restrictions, _scm_default(site)), WEB)
    main = Policy(closed, _restrictions(site.ip_security_restrictions, _main_default(site)), WEB)
    if shared.outcome != "unknown":
        return main if shared.outcome == "pass" else own
    return replace(main, other=own, doubt=shared)


def ftp(site: Site, estate: Estate) -> Policy:
    """FTP deployment: off by ``ftps_state``. Whether access restrictions bind it is not documented.

    Private endpoints do not carry FTP: it is served at the public inbound address alone.

    Source: learn.microsoft.com/azure/app-service/deploy-ftp, overview-private-endpoint
    """
    disabled = equals(site.ftps_state, "Disabled")
    main = Policy(_off(site, estate), _restrictions(site.ip_security_restrictions, _main_default(site)), WEB)
    plain = negated(main.off).outcome == "pass" and all(r.allows for r in main.rules)
    stopped = any_of(disabled.because("FTP is off") if disabled.outcome == "pass" else disabled, _stopped(site))
    if plain or stopped.outcome == "pass":
        return replace(main, off=stopped, services=())
    why = "whether access restrictions and public network access bind FTP is not documented"
    needs = (Need("reference", "ftps_state", why),)
    return Policy(stopped, tuple(_doubted(r, needs) for r in main.rules))


def _doubted(found: Rule, needs: tuple[Need, ...]) -> Rule:
    match = replace(found.match, needs=(*found.match.needs, *needs))
    return replace(found, allows=None, match=match)


def _off(site: Site, estate: Estate) -> Verdict:
    stopped = _stopped(site)
    return stopped if stopped.outcome == "pass" else any_of(stopped, _access(site, estate))


def _stopped(site: Site) -> Verdict:
    verdict = is_off(site.enabled)
    return verdict.because("the site is stopped") if verdict.outcome == "pass" else verdict


def _access(site: Site, estate: Estate) -> Verdict:
    attr = site.public_network_access
    if not isinstance(attr, Absent) and not (isinstance(attr, Known) and attr.value == ""):
        return off(attr)
    edges = estate.referrers(site, PrivateEndpoint, "target")
    verdicts = [_leads(site, edge.source, edge.target.certainty, edge.origin) for edge in edges]
    none = Evidence(attr.field, "Disabled, or a private endpoint", None, attr.origin, "fail")
    verdict = some(edges, verdicts or [Verdict("fail", (none,))])
    return verdict.because("a private endpoint leads to it, and public access is not set") if verdicts else verdict


def _leads(site: Site, endpoint: Any, certainty: str, origin: Any) -> Verdict:
    certain = certainty != "possible" and isinstance(endpoint.presence, Known)
    why = "" if certain else f"{endpoint.address} may not exist, or lead elsewhere"
    evidence = Evidence("target", site.address, "it", origin, "pass" if certain else "unknown", endpoint.key)
    needs = () if certain else (*getattr(endpoint.presence, "needs", ()), Need("reference", endpoint.address, why))
    return Verdict("pass" if certain else "unknown", (evidence,), why, needs)


# -- access restrictions


def _main_default(site: Site) -> Attr[str]:
    return site.ip_security_restrictions_default_action


def _scm_default(site: Site) -> Attr[str]:
    return site.scm_ip_security_restrictions_default_action


def _restrictions(rules: Many[IpSecurityRestriction], action: Attr[str]) -> tuple[Rule, ...]:
    """The rules in one form, with what decides where none does."""
    return (*map(_rule, rules), *unlisted(rules, allows=None), _rest(rules, action))


def _rest(rules: Many[IpSecurityRestriction], action: Attr[str]) -> Rule:
    """Whom no rule names: with rules and no action written, refused; without rules admitted."""
    if not isinstance(action, Absent):
        return last(holds(action, lambda v: str(v).casefold() == "allow", "Allow"), "the default action")
    if rules.items:
        written = Evidence(rules.field, "no rule", f"{len(rules)} rules", rules.origin, "fail")
        return last(Verdict("fail", (written,)), "the rule at the end")
    none = Evidence(rules.field, "no rule", 0, rules.origin, "pass")
    verdict = Verdict("pass", (none,))
    if rules.open is not None:
        verdict = Verdict("unknown", (none,), "", rules.open.needs)
    return last(verdict, "no access restriction")


def _rule(found: IpSecurityRestriction) -> Rule:
    title = _title(found)
    action = equals(found.action, "Allow")
    allows = {"pass": True, "fail": False}.get(action.outcome)
    match = _match(found)
    if action.outcome == "unknown":
        match = replace(match, needs=(*match.needs, *action.needs))
    if found.headers.items or found.headers.open is not None:
        match = _only_with_headers(match)
    priority = found.priority.value if isinstance(found.priority, Known) else None
    if isinstance(found.priority, Absent):
        priority = LAST - 1
    origin = found.ip_address.origin
    evidence = Evidence("ip_security_restrictions", title, title, origin, "pass")
    return Rule(title, match, evidence, allows, priority if isinstance(priority, int) else None)


def _title(found: IpSecurityRestriction) -> str:
    name = getattr(found.name, "value", None)
    return f"the access restriction {render(name).strip(chr(34))}" if name else "an access restriction"


def _match(found: IpSecurityRestriction) -> Match:
    """A block, several with commas, or a service tag, which ARM writes in the place of the address."""
    if found.virtual_network_subnet.value is not None:
        return Match(subnets=(found.virtual_network_subnet,))
    tag, address = _word(found.service_tag), found.ip_address
    if tag and tag.casefold() == "servicetag":
        tag = _word(address) or ""
    elif tag and tag.casefold() in ("default", "xffproxy"):
        tag = ""
    if isinstance(found.service_tag, Unknown):
        return Match(possible=cidr.EVERYBODY, needs=found.service_tag.needs)
    if tag:
        return _tag(tag)
    if isinstance(address, Absent) or _word(address) == "":
        why = "an access restriction names neither an address, a tag nor a subnet"
        return Match(possible=cidr.EVERYBODY, needs=(Need("error", "ip_address", why),))
    return named_by(address)


def _tag(name: str) -> Match:
    """ "AzureCloud" is all of Azure, "Internet" everybody; another tag names addresses that are not listed here.

    Source: learn.microsoft.com/azure/virtual-network/service-tags-overview
    """
    folded = name.casefold()
    if folded == "internet":
        return EVERYBODY
    if folded == "azurecloud":
        return Match(azure=True)
    return Match(tags=(f"service tag {name}",))


def _only_with_headers(match: Match) -> Match:
    """What a caller says in a header is checked besides: whoever sends it passes, so that none passes for sure.

    Source: learn.microsoft.com/azure/app-service/app-service-ip-restrictions ("Filter by http header")
    """
    why = "an access restriction asks for http headers; whether the caller sends them is not known"
    need = Need("reference", "headers", why)
    return replace(match, sure=cidr.NOBODY, needs=(*match.needs, need))


def _word(attr: Attr[Any]) -> str | None:
    value = attr.value if isinstance(attr, Known) else None
    return value if isinstance(value, str) else None
