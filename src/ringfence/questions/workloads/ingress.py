"""How requests enter a cluster: ingress controllers and services with a load balancer.

A service of type LoadBalancer has an address on the internet unless an annotation says "internal"; an ingress is
served by the controller whose class it names.

Sources: learn.microsoft.com/azure/aks/load-balancer-standard, learn.microsoft.com/azure/aks/internal-lb,
kubernetes.io/docs/concepts/services-networking/ingress (Ingress class). Charts, with the class and the kind of service
that each has by default: kubernetes.github.io/ingress-nginx, haproxy-ingress.github.io/docs (class matter; since v0.12
an ingress without a class is not served), github.com/haproxytech/helm-charts (kubernetes-ingress),
doc.traefik.io/traefik, projectcontour.io, docs.konghq.com.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.judge import missing
from ringfence.model.kubernetes import HelmRelease
from ringfence.model.network import PublicIpAddress
from ringfence.model.origin import NOWHERE, Origin
from ringfence.model.symbol import is_symbol, plain, render
from ringfence.model.value import Known, Link, Need, Unknown, reasons
from ringfence.model.verdict import Evidence, Verdict, if_present, when_present
from ringfence.questions.workloads.things import cluster_key, pod_of, services, things
from ringfence.questions.workloads.values import at, known_values
from ringfence.record import record, replace

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.model.symbol import Value
    from ringfence.questions.workloads.things import Thing

INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal"
_CLASS = "kubernetes.io/ingress.class"


@record()
class Entrance:
    """How requests reach a workload."""

    kind: str
    """"https" for a site, "ingress", "load balancer", "address", or "" when nothing lets them in by itself."""
    internet: Verdict | None = None
    """Whether it has an address on the internet; None when its own network decides: ask `reach`."""
    address: Resource | None = None
    """The public address that is declared for it."""
    hosts: tuple[str, ...] = ()


@record()
class _Chart:
    ingress_class: str
    service: tuple[str, ...]
    type: str = "LoadBalancer"
    class_at: tuple[tuple[str, ...], ...] = ()


_RESOURCE = ("controller", "ingressClassResource", "name")
_CHARTS = {
    "ingress-nginx": _Chart("nginx", ("controller", "service"), class_at=(("controller", "ingressClass"), _RESOURCE)),
    "nginx-ingress": _Chart("nginx", ("controller", "service"), class_at=(("controller", "ingressClass"),)),
    "nginx-ingress-controller": _Chart("nginx", ("service",), class_at=(("ingressClassResource", "name"),)),
    "haproxy-ingress": _Chart("haproxy", ("controller", "service"), class_at=(("controller", "ingressClass"),)),
    "kubernetes-ingress": _Chart(
        "haproxy", ("controller", "service"), "NodePort", class_at=(("controller", "ingressClass"),)
    ),
    "traefik": _Chart("traefik", ("service",), class_at=(("ingressClass", "name"),)),
    "contour": _Chart("contour", ("envoy", "service")),
    "kong": _Chart("kong", ("proxy",), class_at=(("ingressController", "ingressClass"),)),
    "ingress": _Chart("kong", ("gateway", "proxy")),
}


@record()
class Controller:
    """What serves ingresses."""

    source: Resource
    """The release, or the object that runs its pods."""
    ingress_class: Value
    unclassed: bool | None
    """Whether it serves those without a class too; None when that cannot be told."""
    entrance: Entrance


def controllers(estate: Estate, cluster: str) -> tuple[Controller, ...]:
    """The ingress controllers in a cluster, by its key."""
    return estate.once(_by_cluster).get(cluster, ())


def _by_cluster(estate: Estate) -> dict[str, tuple[Controller, ...]]:
    found: dict[str, tuple[Controller, ...]] = {}
    for release in estate.of(HelmRelease):
        chart = _CHARTS.get(chart_name(release))
        if chart is not None:
            key = cluster_key(estate, release)
            found[key] = (*found.get(key, ()), _controller(estate, release, chart))
    for thing in things(estate):
        pod = pod_of(thing)
        name = _served(pod) if pod is not None else ""
        if pod is not None and name:
            one = Controller(thing.source, name, _EMPTY in _arguments(pod), _door(estate, thing, pod))
            found[thing.cluster] = (*found.get(thing.cluster, ()), one)
    return found


_EMPTY = "--empty-ingress-class"
_SERVED = ("--ingress.class=", "--ingress-class=")
"""How controllers are told the class that they serve.

Sources: github.com/haproxytech/kubernetes-ingress/blob/master/documentation/controller.md,
haproxy-ingress.github.io/docs/configuration/command-line
"""


def _served(pod: dict[str, Any]) -> str:
    """The class of ingresses that the pods are told to serve; "" when they are no controller."""
    found = (a.removeprefix(prefix) for a in _arguments(pod) for prefix in _SERVED if a.startswith(prefix))
    return next(found, "")


def _arguments(pod: dict[str, Any]) -> tuple[str, ...]:
    containers = at(pod, "spec", "containers")
    every = (at(c, "args") for c in (containers if isinstance(containers, tuple) else ()))
    return tuple(a for args in every if isinstance(args, tuple) for a in args if isinstance(a, str))


def _door(estate: Estate, thing: Thing, pod: dict[str, Any]) -> Entrance:
    """The widest way to the controller's pods."""
    found = [balanced(estate, service.source, spec) for service, spec in services(estate, thing, pod)]
    return widest(tuple(Entrance("ingress", internet, address) for internet, address in found))


def chart_name(release: HelmRelease) -> str:
    """The last part of the chart's name, path or address; "" when it is not known."""
    chart = release.chart
    return str(chart.value).rstrip("/").rpartition("/")[2].casefold() if isinstance(chart, Known) else ""


def _controller(estate: Estate, release: HelmRelease, chart: _Chart) -> Controller:
    values, unread = known_values(release.values)
    service = at(values, *chart.service)
    if service is None and unread is not None:
        verdict, address = _undecided("its service", unread.origin, unread.needs), None
    else:
        verdict, address = balanced(estate, release, service, chart.type)
    classes = (at(values, *path) for path in chart.class_at)
    ingress_class = next((c for c in classes if c), chart.ingress_class)
    verdict = when_present(verdict, release.presence)
    return Controller(release, ingress_class, _unclassed(release, values), Entrance("ingress", verdict, address))


def _unclassed(release: HelmRelease, values: dict[str, Any]) -> bool | None:
    """Whether ingresses without a class are served."""
    arguments = at(values, "controller", "extraArgs")
    if isinstance(arguments, dict) and "watch-ingress-without-class" in arguments:
        return True
    if at(values, "controller", "watchIngressWithoutClass") is True or at(values, *_RESOURCE[:2], "default") is True:
        return True
    first = {"haproxy-ingress": (0, 12), "ingress-nginx": (4, 0)}.get(chart_name(release))
    version = release.version
    digits = str(version.value).lstrip("v").split(".") if isinstance(version, Known) else []
    if first is None or not all(d.isdigit() for d in digits[:2]) or len(digits) < 2:
        return None
    return None if (int(digits[0]), int(digits[1])) < first else False


def balanced(
    estate: Estate, source: Resource, service: Value, default: str = "ClusterIP"
) -> tuple[Verdict, Resource | None]:
    """Whether a service, as a chart's values or an object's ``spec`` have it, has an address on the internet."""
    origin = getattr(getattr(source, "value_documents", None), "origin", source.origin)
    if is_symbol(service):
        return _unknown("the service", service, origin), None
    kind = at(service, "type")
    kind = default if kind in (None, "") else kind
    if is_symbol(kind):
        return _unknown("the type of the service", kind, origin), None
    if kind != "LoadBalancer" or at(service, "enabled") is False:
        return _decided("fail", "type", kind, origin, f"a service of type {kind} has no address outside"), None
    internal = at(service, "annotations", INTERNAL)
    if is_symbol(internal):
        return _unknown(INTERNAL, internal, origin), None
    if internal is not None and str(internal).casefold() != "false":
        return _decided("fail", INTERNAL, internal, origin, "its load balancer is internal"), None
    return _public(estate, source, service, origin)


def _public(estate: Estate, source: Resource, service: Value, origin: Origin) -> tuple[Verdict, Resource | None]:
    address = at(service, "loadBalancerIP") or at(service, "external", "loadBalancerIP")
    target = estate.target(source, Link("loadBalancerIP", address, origin)) if address else None
    declared = target if isinstance(target, PublicIpAddress) else getattr(target, "parent", None)
    found = declared if isinstance(declared, PublicIpAddress) else None
    if is_symbol(address) and found is None:
        return _unknown("loadBalancerIP", address, origin), None
    ranges = at(service, "loadBalancerSourceRanges")
    if is_symbol(ranges):
        return _unknown("loadBalancerSourceRanges", ranges, origin), found
    given = ranges if isinstance(ranges, tuple) else ()
    if given and "0.0.0.0/0" not in given and "Internet" not in given:
        why = f"its load balancer admits only {', '.join(map(render, given))}"
        return Verdict("unknown", (Evidence("loadBalancerSourceRanges", "any", given, origin, "unknown"),), why), found
    shown = render(plain(address)) if address else "an address that Azure gives it"
    return _decided("pass", "loadBalancerIP", shown, origin, ""), found


def entrance(estate: Estate, cluster: str, ingress_class: Value, hosts: tuple[str, ...], origin: Origin) -> Entrance:
    """The entrance of an ingress of a class, "" or None for one without, in a cluster."""
    ingress_class = plain(ingress_class)
    if is_symbol(ingress_class):
        return Entrance("ingress", _unknown("the ingress class", ingress_class, origin), None, hosts)
    there = controllers(estate, cluster)
    serving = [c for c in there if _serves(c, ingress_class)]
    sure = [c for c in serving if _serves(c, ingress_class) is True or ingress_class]
    if ingress_class and sure:
        return _behind(_widest(sure), hosts)
    if not ingress_class and there and all(c.unclassed is False for c in there):
        why = "it names no ingress class, and no controller here serves those without"
        return Entrance("ingress", _decided("fail", _CLASS, None, origin, why), None, hosts)
    always = [c for c in there if c.unclassed] if not ingress_class else []
    if always:
        return _behind(_widest(always), hosts)
    named = f"of class {ingress_class}" if ingress_class else "of an ingress without a class"
    why = f"the controller {named} is not declared here"
    need = Need("reference", str(ingress_class or "ingress class"), why)
    return Entrance(
        "ingress",
        Verdict("unknown", (Evidence(_CLASS, "a controller", why, origin, "unknown"),), why, (need,)),
        None,
        hosts,
    )


def _behind(controller: Controller, hosts: tuple[str, ...]) -> Entrance:
    """The entrance through a controller; without it another one may serve, which is not known."""
    front = controller.entrance
    internet = if_present(front.internet, controller.source.presence) if front.internet else None
    return Entrance("ingress", internet, front.address, hosts)


def _serves(controller: Controller, ingress_class: Value) -> bool | None:
    if not ingress_class:
        return controller.unclassed
    own = controller.ingress_class
    return None if is_symbol(own) else own == ingress_class


def _widest(found: list[Controller]) -> Controller:
    """The controller that lets most in: one on the internet, else one of which it is not known."""
    order = {"pass": 0, "unknown": 1}
    return min(found, key=lambda c: order.get(c.entrance.internet.outcome if c.entrance.internet else "", 2))


def class_of(annotations: Value, class_name: Value) -> Value:
    """The class that an ingress names: the annotation goes before the field."""
    return at(annotations, _CLASS) or plain(class_name)


def widest(entrances: tuple[Entrance, ...]) -> Entrance:
    """Of several entrances the one that lets most in; none is the entrance without a kind."""
    order = {"pass": 0, "unknown": 1, "fail": 2}
    nothing = Entrance("", Verdict("fail", why="nothing leads to it from outside the cluster"))
    return min(entrances, key=lambda e: order[e.internet.outcome] if e.internet else 1, default=nothing)


def _decided(outcome: Any, field: str, actual: Value, origin: Origin, why: str) -> Verdict:
    return Verdict(outcome, (Evidence(field, "an address on the internet", actual, origin, outcome),), why)


def _unknown(what: str, value: Value, origin: Origin) -> Verdict:
    why = f"{what} is {render(value)}, which is not known"
    return _undecided(what, origin, missing(value) or (Need("apply", render(value), why),))


def _undecided(what: str, origin: Origin, needs: tuple[Need, ...]) -> Verdict:
    why = reasons(needs) or f"{what} is not known"
    return Verdict("unknown", (Evidence(what, "known", why, origin or NOWHERE, "unknown"),), why, needs)


def if_it_is_there(entrance: Entrance, presence: Known[bool] | Unknown) -> Entrance:
    """The entrance through something that may not exist."""
    internet = entrance.internet
    return entrance if internet is None else replace(entrance, internet=when_present(internet, presence))
