"""From the references of an unknown expression to the resources they end in.

A plan says of an expression only what it refers to, not how it is written: ``"${x.id}/keys"`` and ``x.id`` look
alike, and locals are left out altogether. References are followed through variables, outputs and ``for_each`` to
resource attributes that are not known; where the way is lost, what stands there is a name that nothing declares, so
that it is reported as unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Ref
from ringfence.record import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ringfence.readers.plan.document import Json

Step = tuple[str, str]
"""One module call: its name and its instance key as Terraform writes it, "" when it has none."""

LITERAL = frozenset({"path", "terraform", "self"})
"""Heads of references that are known in every plan."""

DEEPEST = 200
"""Modules and variables that one reference is followed through."""


@record()
class Scope:
    """Where an expression stands: its module instance, and the instance that ``each`` and ``count`` mean."""

    module: tuple[Step, ...] = ()
    key: str = ""
    """The instance key as Terraform writes it: ``["a"]``, ``[0]``, or ""."""
    for_each: Any = None
    """The ``for_each`` (or ``count``) expression of the block."""
    chosen: str = ""
    """The instance key that ``each.value`` has been followed with, on the way to what ``for_each`` goes over."""


@record()
class Found:
    """Where the references of one expression end."""

    refs: tuple[Ref, ...]
    """Attributes that are known only after apply; an empty path means "the resource, or some attribute of it"."""
    composed: bool = False
    """True when something known goes into the expression too, so that it is more than the reference itself."""


@record()
class Planned:
    """One resource instance, as far as references need it."""

    key: str
    unknown: Any
    """The ``after_unknown`` of the plan."""


class References:
    """Follows references through one plan."""

    def __init__(
        self, root: str, configuration: Json, planned: Mapping[tuple[str, str], Mapping[str, Planned]]
    ) -> None:
        self._root = root
        self._top: Json = _dict(configuration.get("root_module"))
        self._planned = planned

    def found(self, expression: Any, scope: Scope) -> Found:
        """Where the expression's references end."""
        refs: dict[Ref, None] = {}
        literal = False
        names = _pruned(expression)
        for name in names:
            ends = tuple(self._ends(split(name), scope, 0))
            refs.update(dict.fromkeys(ends))
            literal = literal or not (ends or _selects(name, names))
        return Found(tuple(refs), literal and bool(refs))

    def lost(self, scope: Scope, what: str) -> Ref:
        """A name that no resource has, for something that the plan does not tell."""
        return Ref(f"{self._root}#{_dotted(prefix(scope.module), what)}", ())

    def _ends(self, path: list[str], scope: Scope, depth: int) -> Iterator[Ref]:
        if depth > DEEPEST:
            yield self.lost(scope, ".".join(path))
            return
        head, rest = path[0], path[1:]
        if head in LITERAL or (head in ("each", "count") and rest[:1] != ["value"]):
            return
        if head == "each":
            yield from self._each(rest[1:], scope, depth)
        elif head == "var":
            yield from self._variable(rest, scope, depth)
        elif head == "module":
            yield from self._output(rest, scope, depth)
        elif head == "local":
            yield self.lost(scope, ".".join(path))
        else:
            yield from self._resource(path, scope)

    def _each(self, rest: list[str], scope: Scope, depth: int) -> Iterator[Ref]:
        """``each.value``: the instance with the same key of what ``for_each`` goes over."""
        chosen = replace(scope, chosen=scope.key)
        for name in _pruned(scope.for_each):
            yield from self._ends([*split(name), *rest], chosen, depth + 1)

    def _variable(self, rest: list[str], scope: Scope, depth: int) -> Iterator[Ref]:
        if not scope.module or not rest:
            return
        name, key = scope.module[-1]
        outside = scope.module[:-1]
        call = _dict(_dict(self.module(outside).get("module_calls")).get(name))
        given = _dict(call.get("expressions")).get(rest[0])
        caller = Scope(outside, key, call.get("for_each_expression") or call.get("count_expression"), scope.chosen)
        for reference in _pruned(given):
            path = split(reference)
            if path[0] in ("each", "count") and path[1:2] != ["value"]:
                continue
            yield from self._ends([*path, *rest[1:]], caller, depth + 1)

    def _output(self, rest: list[str], scope: Scope, depth: int) -> Iterator[Ref]:
        name, *path = rest or [""]
        key = path.pop(0) if path and path[0].startswith("[") else ""
        if not path:
            yield self.lost(scope, f"module.{name}{key}")
            return
        output = path[0]
        for inside in self._instances_of_call(name, key, scope):
            expression = _dict(_dict(self.module(inside).get("outputs")).get(output)).get("expression")
            for reference in _pruned(expression):
                yield from self._ends(
                    [*split(reference), *path[1:]], Scope(inside, scope.key, None, scope.chosen), depth + 1
                )

    def _instances_of_call(self, name: str, key: str, scope: Scope) -> Iterable[tuple[Step, ...]]:
        call = _dict(_dict(self.module(scope.module).get("module_calls")).get(name))
        if key or not ("for_each_expression" in call or "count_expression" in call):
            return ((*scope.module, (name, key)),)
        if scope.key:
            return ((*scope.module, (name, scope.key)),)
        start = f"{_dotted(prefix(scope.module), 'module.' + name)}["
        modules = (module for module, _ in self._planned if module.startswith(start))
        keys = {steps(m)[len(scope.module)][1]: None for m in modules}
        return tuple((*scope.module, (name, k)) for k in keys)

    def _resource(self, path: list[str], scope: Scope) -> Iterator[Ref]:
        width = 3 if path[0] == "data" else 2
        name, rest = ".".join(path[:width]), path[width:]
        instances = self._planned.get((prefix(scope.module), name), {})
        wanted = next((k for k in (*rest[:1], scope.chosen, scope.key) if k and k in instances), "")
        rest = rest[1:] if wanted and rest[:1] == [wanted] else rest
        chosen = {wanted: instances[wanted]} if wanted in instances else instances
        if not instances and not self._declares(scope.module, name):
            yield self.lost(scope, ".".join(path))
        for planned in chosen.values():
            if not _is_known(planned.unknown, rest):
                yield Ref(planned.key, tuple(p.strip('[]"') for p in rest))

    def _declares(self, module: tuple[Step, ...], name: str) -> bool:
        """True for a resource with no instances: nothing unknown comes from it."""
        return name in self.resources(module)

    def resources(self, module: tuple[Step, ...]) -> dict[str, Json]:
        """The resources of a module's configuration, by address."""
        listed = self.module(module).get("resources")
        return {str(r.get("address")): r for r in listed if isinstance(r, dict)} if isinstance(listed, list) else {}

    def module(self, module: tuple[Step, ...]) -> Json:
        """The configuration of a module instance; empty when the plan has none."""
        found = self._top
        for name, _ in module:
            found = _dict(_dict(_dict(found.get("module_calls")).get(name)).get("module"))
        return found


def steps(module: str) -> tuple[Step, ...]:
    """The module calls in an address such as ``module.app["a.b"].module.aad``."""
    result: list[Step] = []
    parts = split(module)
    for at, part in enumerate(parts):
        if part.startswith("[") and result:
            result[-1] = (result[-1][0], part)
        elif part == "module" and at + 1 < len(parts):
            result.append((parts[at + 1], ""))
    return tuple(result)


def prefix(module: tuple[Step, ...]) -> str:
    """The address of a module instance, "" for the root module."""
    return ".".join(f"module.{name}{key}" for name, key in module)


def split(address: str) -> list[str]:
    """An address cut at its dots and brackets: ``a.b["c.d"].e`` is ``a``, ``b``, ``["c.d"]``, ``e``."""
    parts: list[str] = []
    start = at = 0
    while at < len(address):
        if address[at] == "[":
            parts.append(address[start:at])
            start, at = at, _closing(address, at)
        elif address[at] == ".":
            parts.append(address[start:at])
            start = at + 1
        at += 1
    parts.append(address[start:])
    return [p for p in parts if p]


def _closing(address: str, at: int) -> int:
    """The place of the bracket that closes the one at `at`; quoted text may hold anything."""
    quoted = False
    for place in range(at + 1, len(address)):
        if address[place] == '"' and address[place - 1] != "\\":
            quoted = not quoted
        elif address[place] == "]" and not quoted:
            return place
    return len(address) - 1


def _pruned(expression: Any) -> list[str]:
    """The references of an expression without those that only lead to a longer one of them."""
    listed = expression.get("references") if isinstance(expression, dict) else None
    names = [n for n in listed if isinstance(n, str) and n] if isinstance(listed, list) else []
    return [n for n in dict.fromkeys(names) if not any(_leads_to(n, other) for other in names)]


def _leads_to(name: str, other: str) -> bool:
    return len(other) > len(name) and other.startswith(name) and other[len(name)] in ".["


def _selects(name: str, names: list[str]) -> bool:
    """True for ``each.key`` and ``count.index`` beside a whole resource or module, of which they choose an instance."""
    return name in ("each.key", "count.index") and any(len(split(n)) <= 3 for n in names if n != name)


def _is_known(unknown: Any, path: list[str]) -> bool:
    """True when the attribute at the path is in the plan; of a whole resource something never is."""
    if not path:
        return False
    for part in path:
        if isinstance(unknown, dict):
            unknown = unknown.get(part.strip('[]"'), False)
        elif isinstance(unknown, list):
            index = part.strip("[]")
            unknown = unknown[int(index)] if index.isdigit() and int(index) < len(unknown) else False
    return not _any(unknown)


def _any(unknown: Any) -> bool:
    if isinstance(unknown, dict):
        return any(map(_any, unknown.values()))
    return any(map(_any, unknown)) if isinstance(unknown, list) else unknown is True


def _dotted(module: str, rest: str) -> str:
    return f"{module}.{rest}" if module else rest


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
