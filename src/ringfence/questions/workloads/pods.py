"""What runs inside clusters: releases of charts and single objects, as workloads.

A chart that is in the checkout is read: its templates say which values name an identity and which a vault's item. Of
another chart only the values are known, and what they mean is taken from their names; where that is not enough the
workload says what is missing.

Blind spots, which make it too narrow: what a pod may do in the Kubernetes API (secrets of its namespace), other
containers of its node, host paths. A subchart is a workload of its own, since its pods have labels of their own.

Sources: azure.github.io/aad-pod-identity/docs (AzureIdentity, AzureIdentityBinding: a pod has the identities whose
binding selects its label ``aadpodidbinding``), azure.github.io/azure-workload-identity/docs/topics/service-account-
labels-and-annotations, azure.github.io/secrets-store-csi-driver-provider-azure/docs/getting-started/usage
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.containers import ManagedCluster
from ringfence.model.identity import UserAssignedIdentity
from ringfence.model.kubernetes import HelmRelease
from ringfence.model.principal import principals
from ringfence.model.resource import External
from ringfence.model.symbol import Ref, leaves, plain, render
from ringfence.model.value import Known, Link, Many, Need, Unknown
from ringfence.model.verdict import Verdict, undecided
from ringfence.questions.workloads import templates
from ringfence.questions.workloads.held import Held, item_of, shown, vault_item
from ringfence.questions.workloads.ingress import (
    Entrance,
    balanced,
    chart_name,
    class_of,
    controllers,
    entrance,
    widest,
)
from ringfence.questions.workloads.nodes import node_subnets
from ringfence.questions.workloads.objects import bound_to, in_namespace, object_workloads, of_nodes
from ringfence.questions.workloads.things import cluster_key
from ringfence.questions.workloads.values import at, known_values, objects, truth, walk
from ringfence.questions.workloads.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.origin import Origin
    from ringfence.model.principal import Principal
    from ringfence.model.symbol import Value
    from ringfence.questions.workloads.values import Path

WORKLOAD_IDENTITY = "azure.workload.identity/client-id"
_NO_ACTORS = frozenset(["immutableusermsis"])
"""Values that name identities which the chart keeps and does not use (aad-pod-identity)."""
_IDENTITY_KEYS = (
    "resourceid",
    "clientid",
    "identityid",
    "managedidentityid",
    "userassignedidentityid",
    "identityresourceid",
)
_PLAIN_CHARTS = frozenset(
    [
        "aad-pod-identity",
        "azure-workload-identity",
        "workload-identity-webhook",
        "cert-manager",
        "cluster-autoscaler",
        "csi-secrets-store-provider-azure",
        "external-dns",
        "external-secrets",
        "kured",
        "metrics-server",
        "reloader",
        "secrets-store-csi-driver",
    ]
)
"""Charts that by default have neither an ingress nor a load balancer."""


def pods(estate: Estate) -> tuple[Workload, ...]:
    """The workloads of all releases and objects."""
    found = [w for release in estate.of(HelmRelease) for w in _of_release(estate, release)]
    return (*found, *object_workloads(estate))


def _of_release(estate: Estate, release: HelmRelease) -> Iterator[Workload]:
    values, unread = known_values(release.values)
    charts = release.subcharts.value if isinstance(release.subcharts, Known) else ()
    own = {k: v for k, v in values.items() if k not in charts}
    yield _Section(estate, release, "", own, unread).workload()
    for name in charts:
        section = values.get(str(name))
        if isinstance(section, dict) and truth(section.get("enabled", True)) is not False:
            yield _Section(estate, release, str(name), section, unread).workload()


class _Section:
    """The values of one chart: of a release, or of one of its subcharts."""

    def __init__(
        self, estate: Estate, release: HelmRelease, chart: str, values: dict[str, Any], unread: Unknown | None
    ) -> None:
        self.estate = estate
        self.release = release
        self.values = values
        self.unread = unread
        self.chart = chart
        self.origin: Origin = release.value_documents.origin
        self.cluster = cluster_key(estate, release)
        texts = release.chart_templates
        read = texts.value.get(chart) if isinstance(texts, Known) else None
        self.template = templates.read(read) if isinstance(read, dict) else None
        """What the chart's templates say; None when they are not in the checkout."""

    def workload(self) -> Workload:
        cluster = self.estate.resources.get(self.cluster)
        return Workload(
            f"{self.release.key}/{self.chart}" if self.chart else self.release.key,
            self.release,
            self._identities(),
            (),
            self._secrets(),
            _subnets(self.estate, cluster, self.origin),
            self._entrance(),
            cluster,
        )

    # -- identities

    def _identities(self) -> Many[Principal]:
        found: dict[str, Principal] = {}
        open_ = self.unread
        for path, ref in self._named_identities():
            acts = self._acts(path)
            if acts is False:
                continue
            ends = principals(self.estate, self.release, Link(".".join(path), ref, self.origin, "principal"))
            if isinstance(ends, Unknown):
                open_ = open_ or ends
            elif acts and len(ends) == 1:
                found[ends[0].key] = ends[0]
            else:
                names = " or ".join(map(str, ends))
                why = f"whether the pods act as {names} ({'.'.join(path)}) is not known"
                open_ = open_ or Unknown("identities", (Need("reference", ".".join(path), why),), self.origin)
        nodes = of_nodes(self.estate, self.cluster)
        for principal in (*self._bound(), *nodes):
            found[principal.key] = principal
        open_ = open_ or nodes.open
        return Many("identity", tuple(found.values()), self.origin, open_)

    def _named_identities(self) -> Iterator[tuple[Path, Value]]:
        for path, value in walk(self.values):
            for leaf in leaves(value):
                if isinstance(leaf, Ref) and isinstance(self.estate.resources.get(leaf.key), UserAssignedIdentity):
                    yield path, leaf

    def _acts(self, path: Path) -> bool | None:
        """Whether the pods act as the identity that stands at a path; None when the values do not say."""
        name = _folded(path[-1])
        if path[-1] == WORKLOAD_IDENTITY:
            return True
        if any(_folded(step) in _NO_ACTORS for step in path):
            return False
        enabled = at(self.values, *path[:-1], "enabled")
        if enabled is not None and truth(enabled) is not True:
            return truth(enabled)
        if self.template is not None:
            joined = ".".join(path)
            return True if joined in self.template.identities else False if joined in self.template.used else None
        around = "".join(map(_folded, path[:-1]))
        telling = any(word in around for word in ("identity", "workload", "serviceaccount", "msi", "azure"))
        return True if name.endswith(_IDENTITY_KEYS) and (telling or name != "clientid") else None

    def _bound(self) -> Iterator[Principal]:
        """The identities that a binding gives to the label of the pods."""
        for path, value in walk(self.values):
            if path[-1] == "aadpodidbinding" and isinstance(value, str):
                namespace = in_namespace(self.release)
                yield from bound_to(self.estate, self.cluster, namespace, value)

    # -- secrets

    def _secrets(self) -> Many[Held]:
        found: dict[tuple[str, str], Held] = {}
        stores = self.template.stores if self.template is not None else ()
        for store in stores:
            for held in self._stored(store):
                found[held.name, getattr(held.item, "key", str(held.item))] = held
        if self.template is None:
            for held in self._named_items():
                found[held.name, getattr(held.item, "key", "")] = held
        for held in self._written():
            found[held.name, held.how] = held
        return Many("secrets", tuple(found.values()), self.origin, self.unread)

    def _stored(self, store: templates.Store) -> Iterator[Held]:
        """The items of one SecretProviderClass of the chart."""
        vault = shown(self._value(store.vault))
        for name, kind in store.items:
            value = self._value(name)
            leaf = next((x for x in leaves(value) if isinstance(x, Ref)), None)
            item = item_of(self.estate, leaf) if leaf is not None else None
            found = item or vault_item(self.estate, vault, shown(value), *templates.KINDS.get(kind, ()))
            if found is not None:
                yield Held(f"{kind} {shown(value)}", "secrets store", self.origin, found)
            elif value not in (None, ""):
                unseen = External(f"{vault}/{kind}s/{shown(value)}", "Microsoft.KeyVault/vaults/secrets")
                yield Held(f"{kind} {shown(value)}", "secrets store", self.origin, unseen)

    def _value(self, piece: templates.Piece) -> Value:
        return at(self.values, *piece.path) if piece.path else piece.text

    def _named_items(self) -> Iterator[Held]:
        """The vault's items that the values name, by a reference or, beside the name of a vault, by their own."""
        for path, value in walk(self.values):
            for leaf in leaves(value):
                item = item_of(self.estate, leaf) if isinstance(leaf, Ref) and leaf.path[-1:] != ("value",) else None
                if item is not None:
                    yield Held(".".join(path[:-1]) or path[-1], "secrets store", self.origin, item)
        for path, section in objects(self.values):
            vault = next((v for k, v in section.items() if _folded(k).endswith("vaultname")), None)
            for key, value in section.items() if vault is not None else ():
                named = vault_item(self.estate, shown(vault), shown(value)) if isinstance(plain(value), str) else None
                if named is not None:
                    yield Held(".".join((*path, key)), "secrets store", self.origin, named)

    def _written(self) -> Iterator[Held]:
        """References that are no items of a vault and no identities: what the values hold themselves."""
        for path, value in walk(self.values):
            if any(isinstance(leaf, Ref) and self._is_key(leaf) for leaf in leaves(value)):
                yield Held(".".join(path), "environment", self.origin, None, value)

    def _is_key(self, leaf: Ref) -> bool:
        last = leaf.path[-1] if leaf.path else ""
        return last.endswith(("_key", "password", "connection_string", "value", "result", "secret", "token", "sas"))

    # -- the entrance

    def _entrance(self) -> Entrance:
        found = [e for e in (*self._ingresses(), *self._services()) if e is not None]
        own = next((c for c in controllers(self.estate, self.cluster) if c.source is self.release), None)
        if own is not None and not self.chart:
            found.append(Entrance("load balancer", own.entrance.internet, own.entrance.address))
        if not found and not self._is_plain():
            why = f"whether chart {shown(getattr(self.release.chart, 'value', ''))} has an ingress is not known"
            need = Need("file", "values.yaml", why)
            return Entrance("", Verdict("unknown", (), why, (need,)))
        if self.unread is not None and not any(e.internet and e.internet.outcome == "pass" for e in found):
            found.append(Entrance("", undecided(self.unread)))
        return widest(tuple(found))

    def _is_plain(self) -> bool:
        """True when the values that are missing are those of a chart whose defaults let nothing in."""
        known = isinstance(self.release.chart_values, Known) or bool(self.chart)
        return known or chart_name(self.release) in _PLAIN_CHARTS

    def _ingresses(self) -> Iterator[Entrance | None]:
        if self.template is not None and not self.template.ingress:
            return
        for path, section in objects(self.values):
            if path and path[-1] == "ingress" and len(path) <= 3:
                yield self._ingress(section)

    def _ingress(self, section: dict[str, Any]) -> Entrance | None:
        enabled = truth(section.get("enabled"))
        if enabled is False:
            return None
        rules = section.get("hosts") or section.get("hostname") or section.get("host")
        listed = rules if isinstance(rules, tuple) else (rules,) if rules else ()
        hosts = tuple(shown(at(h, "host") if isinstance(h, dict) else h) for h in listed)
        name = next((section.get(k) for k in ("className", "ingressClassName") if section.get(k)), None)
        found = entrance(self.estate, self.cluster, class_of(section.get("annotations"), name), hosts, self.origin)
        if enabled is None:
            return _perhaps(found, f"ingress.enabled is {render(section.get('enabled'))}, which is not known")
        return found

    def _services(self) -> Iterator[Entrance | None]:
        for path, section in objects(self.values):
            if path and path[-1] == "service" and len(path) <= 2 and at(section, "type") not in (None, "ClusterIP"):
                if any(c.source is self.release for c in controllers(self.estate, self.cluster)):
                    continue
                internet, address = balanced(self.estate, self.release, section)
                yield Entrance("load balancer", internet, address)


def _perhaps(found: Entrance, why: str) -> Entrance:
    if found.internet is None or found.internet.outcome == "fail":
        return found
    return Entrance(found.kind, Verdict("unknown", found.internet.evidence, why), found.address, found.hosts)


def _subnets(estate: Estate, cluster: Any, origin: Origin) -> Many[Any]:
    """Where pods connect from: the subnets of the nodes."""
    if isinstance(cluster, ManagedCluster):
        return node_subnets(estate, cluster)
    why = "the cluster that it runs in is not known"
    return Many("subnets", (), origin, Unknown("cluster", (Need("reference", "cluster", why),), origin))


def _folded(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
