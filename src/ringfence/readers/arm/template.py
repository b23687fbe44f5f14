"""ARM templates: the resources that a deployment makes, before it is made.

Nested resources, child resources, extensions, loops of known length and inner deployments are followed. A linked
template is not read, and says so.

Source: learn.microsoft.com/azure/azure-resource-manager/templates/syntax
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ringfence.mapping.arm.record import Item, Source, kind_of
from ringfence.mapping.arm.special import DEPLOYED_TO
from ringfence.model.origin import Origin
from ringfence.model.symbol import Input, Sensitive, is_symbol
from ringfence.model.world import Problem
from ringfence.readers.arm.expression import DEEPEST, SUBSCRIPTION, Scope, evaluated, identifier, segment, string
from ringfence.record import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ringfence.model.symbol import Value
    from ringfence.model.world import Ledger
    from ringfence.readers.arm.document import Json

MOST = 10_000
"""Copies that a loop may make: Azure's own limit is 800."""

_DEPLOYMENT = "microsoft.resources/deployments"
_GROUPS = "microsoft.resources/resourcegroups"
_SECRET = ("securestring", "secureobject")
_SCHEMAS = (
    ("tenantdeploymenttemplate", ""),
    ("managementgroupdeploymenttemplate", "/providers/Microsoft.Management/managementGroups/managementGroup()"),
    ("subscriptiondeploymenttemplate", SUBSCRIPTION),
)


class Template:
    """The resources of one template file."""

    def __init__(self, file: str, lines: dict[int, int], ledger: Ledger, world: str) -> None:
        self._lines = lines
        self._ledger = ledger
        self._source = Source(file, False, world=world)
        self._depth = 0

    def items(self, document: Json, given: Mapping[str, Any]) -> Iterator[Item]:
        """All resources; `given` holds the values of parameters."""
        scope = self._scope(document, _base(document), {k: _constant(v) for k, v in given.items()})
        yield from self._resources(document.get("resources"), scope)

    def _scope(self, document: Json, base: str, given: Mapping[str, Callable[[], Value]]) -> Scope:
        scope = Scope(self._source.file, base=base)
        variables = document.get("variables")
        scope.variables = {k.casefold(): v for k, v in variables.items()} if isinstance(variables, dict) else {}
        declared = document.get("parameters")
        for name, parameter in (declared if isinstance(declared, dict) else {}).items():
            own = given.get(name) or next((v for k, v in given.items() if k.casefold() == name.casefold()), None)
            scope.parameters[name.casefold()] = _parameter(name, parameter, own, scope)
        if isinstance(document.get("resources"), dict):
            for name, resource in document["resources"].items():
                scope.symbolic[name] = self._named(resource, scope)
        return scope

    def _named(self, resource: Any, scope: Scope) -> str:
        """The id of a resource with a symbolic name; "" when its name needs a loop."""
        if not isinstance(resource, dict) or "copy" in resource or not isinstance(resource.get("type"), str):
            return ""
        return _identified(
            resource["type"], evaluated(resource.get("name"), scope), self._place(resource, scope), scope
        )

    def _resources(
        self, resources: Any, scope: Scope, parent: tuple[str, Value, Value] = ("", "", True)
    ) -> Iterator[Item]:
        listed = resources.values() if isinstance(resources, dict) else resources
        for resource in listed if isinstance(listed, (list, type({}.values()))) else ():
            if isinstance(resource, dict):
                yield from self._copies(resource, scope, parent)

    def _copies(self, resource: Json, scope: Scope, parent: tuple[str, Value, Value]) -> Iterator[Item]:
        loop = resource.get("copy")
        if not isinstance(loop, dict):
            yield from self._resource(resource, scope, parent)
            return
        count = evaluated(loop.get("count"), scope)
        if isinstance(count, int) and count <= MOST:
            for at in range(count):
                yield from self._resource(resource, _in_loop(scope, str(loop.get("name", "")), at), parent)
        else:
            yield from self._resource(resource, scope, parent, plural=True)

    def _resource(
        self, resource: Json, scope: Scope, parent: tuple[str, Value, Value], *, plural: bool = False
    ) -> Iterator[Item]:
        if resource.get("existing") is True:
            return
        presence = evaluated(resource.get("condition", True), scope)
        if parent[2] is not True and presence is not False:
            presence = parent[2]
        type_, name = resource.get("type"), evaluated(resource.get("name"), scope)
        if not isinstance(type_, str) or name is None or isinstance(name, (list, dict)):
            self._refuse(resource, "a resource needs a type and a name")
            return
        if presence is False:
            self._ledger.skipped.append((f"{type_} {segment(name)}", "its condition is false"))
            return
        if parent[0] and not type_.casefold().startswith(f"{parent[0].casefold()}/"):
            type_, name = f"{parent[0]}/{type_}", f"{segment(parent[1])}/{segment(name)}"
        elif parent[0] and isinstance(name, str) and "/" not in name:
            name = f"{segment(parent[1])}/{name}"
        if type_.casefold() == _DEPLOYMENT:
            yield from self._deployment(resource, segment(name), scope)
            return
        whole = _identified(type_, name, self._place(resource, scope), scope)
        if not whole:
            self._refuse(resource, f"type {type_} and name {segment(name)} have not the same number of parts")
            return
        yield self._item(resource, whole, name, presence, scope, plural)
        yield from self._resources(resource.get("resources"), scope, (type_, name, presence))

    def _item(self, resource: Json, whole: str, name: Value, presence: Value, scope: Scope, plural: bool) -> Item:
        body = {k: v for k, v in resource.items() if k not in ("resources", "dependsOn", "copy", "condition")}
        content = {k: evaluated(_looped(v, scope), scope) for k, v in body.items()}
        content["name"] = name.rpartition("/")[2] if isinstance(name, str) else name
        shown = whole.removeprefix(f"{DEPLOYED_TO}/providers/")
        key = whole.casefold()
        return Item(shown, key, kind_of(key), self._source, self._line(resource), content, None, presence, plural)

    def _place(self, resource: Json, scope: Scope) -> str:
        """The scope of an extension, or the group of a resource; "" for the one that is deployed to."""
        placed = evaluated(resource.get("scope"), scope)
        if not isinstance(placed, str) or not placed:
            return scope.base
        if placed.startswith("/"):
            return placed.rstrip("/")
        if placed in scope.symbolic:
            return scope.symbolic[placed]
        steps = placed.split("/")
        return identifier(scope.base, "/".join([steps[0], *steps[1::2]]), steps[2::2]) or scope.base

    # -- deployments inside the template

    def _deployment(self, resource: Json, name: str, scope: Scope) -> Iterator[Item]:
        properties = resource.get("properties")
        inner = properties.get("template") if isinstance(properties, dict) else None
        if not isinstance(inner, dict) or self._depth > DEEPEST:
            place = f"{self._source.file}:{self._line(resource)}"
            self._ledger.unread.append((f"deployment {name} ({place})", "a linked template is not read"))
            return
        assert isinstance(properties, dict)
        options = properties.get("expressionEvaluationOptions")
        own = str((options or {}).get("scope", "outer")).casefold() == "inner" if isinstance(options, dict) else False
        base = self._target(resource, inner, scope)
        within = self._scope(inner, base, _given(properties.get("parameters"), scope)) if own else _copy(scope, base)
        self._depth += 1
        yield from self._resources(inner.get("resources"), within)
        self._depth -= 1

    def _target(self, resource: Json, inner: Json, scope: Scope) -> str:
        """Where an inner deployment goes."""
        owner = resource.get("subscriptionId")
        start = f"/subscriptions/{segment(string(owner, scope))}" if isinstance(owner, str) else SUBSCRIPTION
        group = resource.get("resourceGroup")
        if isinstance(group, str):
            return f"{start}/resourceGroups/{segment(string(group, scope))}"
        return start if isinstance(owner, str) else _base(inner) if _base(inner) != DEPLOYED_TO else scope.base

    # -- places

    def _line(self, resource: Json) -> int:
        return self._lines.get(id(resource), 0)

    def _refuse(self, resource: Json, why: str) -> None:
        self._ledger.problems.append(Problem(why, Origin(self._source.file, self._line(resource))))


def _base(document: Json) -> str:
    schema = str(document.get("$schema", "")).casefold()
    return next((base for word, base in _SCHEMAS if word in schema), DEPLOYED_TO)


def _identified(type_: str, name: Any, base: str, scope: Scope) -> str:
    if name is None or isinstance(name, (list, dict)):
        return ""
    if type_.casefold() == _GROUPS:
        return f"{SUBSCRIPTION}/resourceGroups/{segment(name)}"
    before, word, after = type_.partition("/providers/")
    if not word:
        return identifier(base, type_, [name])
    count = len(before.split("/")) - 1
    steps = segment(name).split("/")
    over = identifier(scope.base, before, steps[:count])
    if len(steps) != count + 2 or not over:
        return ""
    return identifier(over, f"{steps[count]}/{after}", steps[count + 1 :])


def _parameter(name: str, declared: Any, given: Callable[[], Value] | None, scope: Scope) -> Callable[[], Value]:
    """What a parameter has: what is given, else its default, else nothing that is known."""
    parameter = declared if isinstance(declared, dict) else {}
    secret = str(parameter.get("type", "")).casefold() in _SECRET

    def value() -> Value:
        if given is not None:
            found = given()
        elif "defaultValue" in parameter:
            found = evaluated(parameter["defaultValue"], scope)
        else:
            found = Input(scope.file, name, "parameter")
        return Sensitive(found) if secret and not is_symbol(found) else found

    return value


def _given(parameters: Any, scope: Scope) -> dict[str, Callable[[], Value]]:
    """What an inner deployment is given, evaluated outside of it."""
    if not isinstance(parameters, dict):
        return {}
    given = {n: p["value"] for n, p in parameters.items() if isinstance(p, dict) and "value" in p}
    return {name: partial(evaluated, value, scope) for name, value in given.items()}


def _constant(value: Any) -> Callable[[], Any]:
    return lambda: value


def _copy(scope: Scope, base: str) -> Scope:
    return replace(scope, base=base)


def _in_loop(scope: Scope, name: str, at: int) -> Scope:
    return replace(scope, copies={**scope.copies, name: at, "": at})


def _looped(value: Any, scope: Scope) -> Any:
    """Properties whose ``copy`` loops are unrolled; a loop of unknown length leaves the property unknown."""
    if isinstance(value, list):
        return [_looped(v, scope) for v in value]
    if not isinstance(value, dict):
        return value
    loops = value.get("copy")
    kept = {k: _looped(v, scope) for k, v in value.items() if k != "copy" or not isinstance(loops, list)}
    for loop in loops if isinstance(loops, list) else ():
        if isinstance(loop, dict) and isinstance(loop.get("name"), str):
            kept[loop["name"]] = _unrolled(loop, scope)
    return kept


def _unrolled(loop: Json, scope: Scope) -> Any:
    count = evaluated(loop.get("count"), scope)
    if not isinstance(count, int) or count > MOST:
        return Input(scope.file, f"[copy {loop['name']}]", "expression")
    return [evaluated(_looped(loop.get("input"), within), within) for within in _turns(loop["name"], count, scope)]


def _turns(name: str, count: int, scope: Scope) -> Iterator[Scope]:
    return (_in_loop(scope, name, at) for at in range(count))


def parameters_of(document: Json) -> dict[str, Any]:
    """The values in a parameters file; references to a vault's secrets are left out, as their values are not here."""
    found = document.get("parameters")
    if not isinstance(found, dict):
        return {}
    return {name: p["value"] for name, p in found.items() if isinstance(p, dict) and "value" in p}
