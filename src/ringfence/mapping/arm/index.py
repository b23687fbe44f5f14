"""All objects of one world by id, and what is asked of them together: children, principals, names, attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.arm import special
from ringfence.mapping.arm.path import member
from ringfence.mapping.arm.record import above
from ringfence.model.symbol import is_symbol
from ringfence.model.value import Need, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.mapping.arm.record import Item, Json
    from ringfence.model.resource import Resource

_ELSEWHERE = frozenset(
    [
        "microsoft.aadiam",
        "microsoft.authorization",
        "microsoft.graph",
        "microsoft.policyinsights",
        "microsoft.security",
    ]
)
"""Namespaces whose types stand in other tables than ``resources``, or in none."""

_NOWHERE = frozenset(["microsoft.insights/diagnosticsettings", "microsoft.insights/logprofiles"])

_CHILDREN = frozenset(
    [
        "microsoft.compute/virtualmachines/extensions",
        "microsoft.containerregistry/registries/webhooks",
        "microsoft.containerservice/managedclusters/agentpools",
        "microsoft.network/loadbalancers/backendaddresspools",
        "microsoft.network/loadbalancers/inboundnatrules",
        "microsoft.network/networksecuritygroups/securityrules",
        "microsoft.network/networkwatchers/flowlogs",
        "microsoft.network/privatednszones/virtualnetworklinks",
        "microsoft.network/routetables/routes",
        "microsoft.network/virtualnetworks/subnets",
        "microsoft.network/virtualnetworks/virtualnetworkpeerings",
        "microsoft.sql/servers/databases",
        "microsoft.web/sites/slots",
    ]
)
"""Children in the table ``resources``, or inside their parents there.

Source: learn.microsoft.com/azure/governance/resource-graph/reference/supported-tables-resources
"""


class Index:
    """What was read; a `Reading` and a resolver ask it."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.resources: dict[str, Resource] = {}
        """By id in lower case."""
        self.principals: dict[str, tuple[str, tuple[str, ...]]] = {}
        """By object or client id: whose it is, and as what."""
        self.exports = False
        self.present: set[str] = set()
        """The types that exports hold."""
        self.missing: dict[str, str] = {}
        """By type: why there may be more of it."""
        self.loose: Unknown | None = None
        """Why a security group may have more attachments."""
        self._children: dict[str, dict[str, list[Item]]] = {}
        self._attached: dict[str, list[tuple[str, str]]] = {}
        self._named: dict[tuple[str, str], list[str]] | None = None

    def add_part(self, item: Item) -> None:
        """Keeps a child that only configures its parent."""
        kinds = self._children.setdefault(above(item.key), {})
        kinds.setdefault(item.type.rpartition("/")[2], []).append(item)

    def children(self, key: str, type_: str) -> list[Item]:
        """The children of one type (its last word) that only configure the resource."""
        return self._children.get(key, {}).get(type_, [])

    def parts(self) -> Iterator[Item]:
        """All of them."""
        for kinds in self._children.values():
            for items in kinds.values():
                yield from items

    # -- what an export does not hold

    def unread(self, type_: str) -> str:
        """Why there may be resources of a type (in lower case) that are not here; "" when all of them are."""
        if type_ in self.missing:
            return self.missing[type_]
        if not self.exports or type_ in self.present:
            return ""
        return "" if self._has_resources and self._is_in_resources(type_) else f"the export holds no {type_}"

    @property
    def _has_resources(self) -> bool:
        """The table ``resources`` is here: a list of one type only says nothing of the others."""
        if not hasattr(self, "_table"):
            self._table = sum(map(self._is_in_resources, self.present)) > 1
        return self._table

    def _is_in_resources(self, type_: str) -> bool:
        namespace, _, rest = type_.partition("/")
        if type_ in _CHILDREN or "/" in rest:
            return type_ in _CHILDREN
        return namespace.startswith("microsoft.") and namespace not in _ELSEWHERE and type_ not in _NOWHERE

    # -- principals

    def note(self, key: str, type_: str, content: Json) -> None:
        """Keeps whose principal ids the object tells."""
        identity = member(content, "identity")
        if isinstance(identity, dict):
            self._principal(member(identity, "principalId"), key, ("identity", "0", "principal_id"))
        properties = member(content, "properties")
        if type_ == "microsoft.managedidentity/userassignedidentities":
            self._principal(member(properties, "principalId"), key, ("principal_id",))
            self._principal(member(properties, "clientId"), key, ("client_id",))
        elif type_ == "microsoft.containerservice/managedclusters":
            kubelet = member(member(properties, "identityProfile"), "kubeletidentity")
            self._principal(member(kubelet, "objectId"), key, ("kubelet_identity", "0", "object_id"))

    def _principal(self, id: Any, key: str, slot: tuple[str, ...]) -> None:
        if isinstance(id, str) and id:
            self.principals.setdefault(id.casefold(), (key, slot))

    # -- attachments

    def attach(self, word: str, item: Item, content: Json) -> None:
        """Keeps which security group a subnet or an interface names."""
        group = special.attached_group(content)
        if isinstance(group, str):
            self._attached.setdefault(group.casefold().rstrip("/"), []).append((word, item.key))
        elif is_symbol(group):
            need = Need("reference", item.id, f"{item.id} may have it")
            self.loose = self.loose or Unknown("attachments", (need,), item.origin)

    def attached(self, key: str) -> Iterable[tuple[str, Item]]:
        """What names a security group: ("subnet" or "network_interface", which)."""
        return ((word, self.items[other]) for word, other in sorted(self._attached.get(key, ())))

    # -- names

    def named(self, type_: str, name: str) -> list[str]:
        """The ids of the resources of a type that have a name, both in lower case."""
        if self._named is None:
            self._named = {}
            for key in self.resources:
                self._named.setdefault(
                    (self.items[key].type if key in self.items else "", key.rpartition("/")[2]), []
                ).append(key)
        return self._named.get((type_, name), [])
