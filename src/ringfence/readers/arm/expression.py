"""The expressions of ARM templates: the few that keep references are evaluated, all others stay symbols.

Source: learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions and template-functions
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ringfence.mapping.arm.read import frozen
from ringfence.mapping.arm.resolve import REFERRED
from ringfence.mapping.arm.special import DEPLOYED_TO
from ringfence.mapping.names import canonical
from ringfence.model.symbol import Choice, Error, Input, Ref, Sensitive, is_symbol, plain, text
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ringfence.model.symbol import Value

LONGEST = 1 << 20
"""Characters of a string that an expression makes."""

DEEPEST = 60

SUBSCRIPTION = "/subscriptions/subscription()"

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[A-Za-z_][A-Za-z0-9_]*|-?\d+|[()\[\],.])")

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class CannotError(Exception):
    """An expression is none of the few."""


@record(frozen=False, eq=False)
class Scope:
    """What the expressions of one template may name."""

    file: str
    parameters: dict[str, Callable[[], Value]] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    symbolic: dict[str, str] = field(default_factory=dict)
    """By symbolic name: the id of the resource."""
    base: str = DEPLOYED_TO
    """The scope that it is deployed to."""
    copies: dict[str, int] = field(default_factory=dict)
    """The loops that are under way; "" the innermost."""
    open: set[str] = field(default_factory=set)
    """The variables and parameters that are being evaluated."""


def evaluated(value: Any, scope: Scope, depth: int = 0) -> Any:
    """JSON with its expressions replaced by what they give."""
    if depth > DEEPEST:
        return Error("the template is nested too deeply")
    if isinstance(value, str):
        return string(value, scope)
    if isinstance(value, list):
        return [evaluated(v, scope, depth + 1) for v in value]
    if isinstance(value, dict):
        return {_key(k, scope): evaluated(v, scope, depth + 1) for k, v in value.items()}
    return value


def _key(source: str, scope: Scope) -> Any:
    """A name, which may be an expression too: the id of an identity."""
    found = plain(string(source, scope)) if source.startswith("[") else source
    return found if isinstance(found, str) or is_symbol(found) else source


def string(source: str, scope: Scope) -> Value:
    """What a string of a template stands for: itself, unless it is an expression."""
    if not source.startswith("[") or not source.endswith("]"):
        return source
    if source.startswith("[["):
        return source[1:]
    return expression(source[1:-1], scope)


def expression(source: str, scope: Scope) -> Value:
    """The value of an expression; a symbol when it is none of the few."""
    try:
        parser = _Parser(source, scope)
        found: Value = parser.expression()
        parser.end()
        return found
    except CannotError:
        return Input(scope.file, f"[{source}]", "expression")


class _Parser:
    """Reads and evaluates at once: expressions have no effects."""

    def __init__(self, source: str, scope: Scope) -> None:
        self._source = source
        self._scope = scope
        self._at = 0
        self._depth = 0

    def end(self) -> None:
        """Refuses what follows."""
        if self._source[self._at :].strip():
            raise CannotError

    def expression(self) -> Any:
        """One value, with the properties that are taken from it."""
        start = self._at
        self._depth += 1
        if self._depth > DEEPEST:
            raise CannotError
        token = self._next()
        if token.startswith("'"):
            found: Any = token[1:-1].replace("''", "'")
        elif token.lstrip("-").isdigit():
            found = int(token)
        elif token[0].isalpha() or token[0] == "_":
            found = self._call(token, start)
        else:
            raise CannotError
        found = self._postfix(found, start)
        self._depth -= 1
        return found

    def _call(self, name: str, start: int) -> Any:
        self._expect("(")
        arguments: list[Any] = []
        while self._peek() != ")":
            arguments.append(self.expression())
            if self._peek() != ")":
                self._expect(",")
        self._expect(")")
        function = _FUNCTIONS.get(name.casefold())
        found = _CANNOT if function is None else function(self._scope, *arguments[:50])
        return self._left(start) if found is _CANNOT else found

    def _postfix(self, found: Any, start: int) -> Any:
        while self._peek() in (".", "["):
            if self._next() == ".":
                name: Any = self._next()
            else:
                name = self.expression()
                self._expect("]")
            taken = _property(found, name)
            found = self._left(start) if taken is _CANNOT else taken
        return found

    def _left(self, start: int) -> Value:
        """A part that is not evaluated, by its text."""
        return Input(self._scope.file, f"[{self._source[start : self._at].strip()}]", "expression")

    def _peek(self) -> str:
        found = _TOKEN.match(self._source, self._at)
        return found[1] if found else ""

    def _next(self) -> str:
        found = _TOKEN.match(self._source, self._at)
        if found is None:
            raise CannotError
        self._at = found.end()
        return found[1]

    def _expect(self, token: str) -> None:
        if self._next() != token:
            raise CannotError


_CANNOT: Any = object()


def _property(found: Any, name: Any) -> Any:
    if isinstance(found, Sensitive):
        taken = _property(found.value, name)
        return taken if taken is _CANNOT else Sensitive(taken)
    if isinstance(found, Ref) and isinstance(name, str):
        return _attribute(found, name)
    if isinstance(found, dict) and isinstance(name, str):
        folded = {k.casefold(): v for k, v in found.items()}
        return folded.get(name.casefold(), _CANNOT)
    if isinstance(found, list) and isinstance(name, int):
        return found[name] if 0 <= name < len(found) else _CANNOT
    return _CANNOT


def _attribute(ref: Ref, name: str) -> Ref:
    """An attribute of a resource, in the words that Terraform has for it: they say whose principal it is."""
    if name == "properties":
        return ref
    snake = {"kubeletidentity": "kubelet_identity", "identityProfile": ""}.get(name, _CAMEL.sub("_", name).lower())
    steps = (snake, "0") if snake in ("identity", "kubelet_identity") else (snake,) if snake else ()
    return Ref(ref.key, (*ref.path, *steps))


# -- the functions


def _parameters(scope: Scope, name: Any = None, *_: Any) -> Any:
    given = scope.parameters.get(name.casefold()) if isinstance(name, str) else None
    return _once(scope, f"parameter {name}", given) if given else _CANNOT


def _variables(scope: Scope, name: Any = None, *_: Any) -> Any:
    if not isinstance(name, str):
        return _CANNOT
    folded = name.casefold()
    if folded not in scope.variables:
        return _CANNOT
    return _once(scope, f"variable {name}", lambda: evaluated(scope.variables[folded], scope))


def _once(scope: Scope, what: str, make: Callable[[], Any]) -> Any:
    """The value of a name, which must not need itself."""
    if what in scope.open:
        return Error(f"{what} refers to itself")
    if len(scope.open) > DEEPEST:
        return Error(f"{what} is nested too deeply")
    scope.open.add(what)
    try:
        return make()
    finally:
        scope.open.discard(what)


def segment(value: Value) -> str:
    """A name as a segment of an id: one that is not known is told by its expression."""
    found = plain(value)
    return found if isinstance(found, str) else f"${{{canonical(found)}}}".replace("/", "|")


def identifier(base: str, type_: str, names: list[Any]) -> str:
    """The id of a resource in a scope; "" when type and names do not match."""
    namespace, *types = type_.split("/")
    parts = [p for n in names for p in (n.split("/") if isinstance(n, str) else (segment(n),))]
    if len(types) != len(parts) or not types:
        return ""
    steps = [s for pair in zip(types, parts, strict=True) for s in pair]
    return f"{base}/providers/{'/'.join((namespace, *steps))}"


def _resource_id(scope: Scope, *arguments: Any) -> Any:
    at = next(
        (i for i, a in enumerate(arguments) if isinstance(a, str) and "/" in a and "." in a.partition("/")[0]), -1
    )
    if at < 0:
        return _CANNOT
    base = scope.base
    if at:
        group = segment(arguments[at - 1])
        owner = segment(arguments[0]) if at > 1 else "subscription()"
        base = f"/subscriptions/{_own(owner)}/resourceGroups/{_own(group)}"
    return identifier(base, arguments[at], list(arguments[at + 1 :])) or _CANNOT


def _own(name: str) -> str:
    """The word for the group or subscription that is deployed to, where its name is asked of Azure."""
    for asked, word in (
        ("[resourceGroup().name]", "resourceGroup()"),
        ("[subscription().subscriptionId]", "subscription()"),
    ):
        if f":expression:{asked}" in name:
            return word
    return name


def _subscription_resource_id(_: Scope, *arguments: Any) -> Any:
    given = len(arguments) > 1 and not (isinstance(arguments[0], str) and "/" in arguments[0])
    owner, rest = (_own(segment(arguments[0])), arguments[1:]) if given else ("subscription()", arguments)
    return (identifier(f"/subscriptions/{owner}", str(rest[0]), list(rest[1:])) or _CANNOT) if rest else _CANNOT


def _tenant_resource_id(_: Scope, *arguments: Any) -> Any:
    return (identifier("", str(arguments[0]), list(arguments[1:])) or _CANNOT) if arguments else _CANNOT


def _extension_resource_id(_: Scope, base: Any = None, *arguments: Any) -> Any:
    if not isinstance(base, str) or not arguments:
        return _CANNOT
    return identifier(base.rstrip("/"), str(arguments[0]), list(arguments[1:])) or _CANNOT


def _concat(_: Scope, *arguments: Any) -> Any:
    if all(isinstance(a, list) for a in arguments):
        return [x for a in arguments for x in a]
    if any(isinstance(plain(a), (list, dict)) for a in arguments):
        return _CANNOT
    return _joined(arguments)


def _format(_: Scope, pattern: Any = None, *arguments: Any) -> Any:
    if not isinstance(pattern, str):
        return _CANNOT
    parts: list[Any] = []
    for piece in re.split(r"(\{\d+\})", pattern):
        if re.fullmatch(r"\{\d+\}", piece):
            number = int(piece[1:-1])
            if number >= len(arguments) or isinstance(plain(arguments[number]), (list, dict)):
                return _CANNOT
            parts.append(arguments[number])
        elif "{" in piece.replace("{{", "").replace("}}", ""):
            return _CANNOT
        else:
            parts.append(piece.replace("{{", "{").replace("}}", "}"))
    return _joined(parts)


def _joined(parts: Iterable[Any]) -> Any:
    """The text of all; sensitive when one is."""
    found = list(parts)
    value = text(*(_word(plain(p)) for p in found))
    if isinstance(value, str) and len(value) > LONGEST:
        return _CANNOT
    return Sensitive(value) if any(isinstance(p, Sensitive) for p in found) else value


def _word(value: Any) -> Any:
    """A value as part of a string."""
    return str(value) if isinstance(value, (bool, int, Decimal)) else value


def _cased(change: Callable[[str], str]) -> Callable[..., Any]:
    return lambda _, value=None, *__: change(value) if isinstance(value, str) else _CANNOT


def _if(_: Scope, condition: Any = None, yes: Any = None, no: Any = None, *__: Any) -> Any:
    if isinstance(condition, bool):
        return yes if condition else no
    return Choice(condition, frozen(yes), frozen(no)) if is_symbol(condition) else _CANNOT


def _equals(_: Scope, a: Any = None, b: Any = None, *__: Any) -> Any:
    simple = (str, int, bool, Decimal)
    if not isinstance(a, simple) or not isinstance(b, simple):
        return _CANNOT
    return a.casefold() == b.casefold() if isinstance(a, str) and isinstance(b, str) else a == b


def _not(_: Scope, value: Any = None, *__: Any) -> Any:
    return not value if isinstance(value, bool) else _CANNOT


def _all(_: Scope, *values: Any) -> Any:
    if False in [v for v in values if isinstance(v, bool)]:
        return False
    return True if all(v is True for v in values) else _CANNOT


def _any(_: Scope, *values: Any) -> Any:
    if True in [v for v in values if isinstance(v, bool)]:
        return True
    return False if all(v is False for v in values) else _CANNOT


def _length(_: Scope, value: Any = None, *__: Any) -> Any:
    return len(value) if isinstance(value, (list, str, dict)) else _CANNOT


def _empty(_: Scope, value: Any = None, *__: Any) -> Any:
    return not value if isinstance(value, (list, str, dict)) or value is None else _CANNOT


def _group(scope: Scope, *_: Any) -> Any:
    return {
        "id": DEPLOYED_TO,
        "name": Input(scope.file, "[resourceGroup().name]", "expression"),
        "location": Input(scope.file, "[resourceGroup().location]", "expression"),
    }


def _subscription(scope: Scope, *_: Any) -> Any:
    names = ("subscriptionId", "tenantId", "displayName")
    return {"id": SUBSCRIPTION} | {n: Input(scope.file, f"[subscription().{n}]", "expression") for n in names}


def _reference(scope: Scope, target: Any = None, *_: Any) -> Any:
    """The resource that is referred to; its attributes are known only after deployment, and whose they are now."""
    if not isinstance(target, str):
        return _CANNOT
    known = scope.symbolic.get(target, target)
    return Ref(f"{REFERRED}{known}", ()) if known.startswith("/") else _CANNOT


def _copy_index(scope: Scope, name: Any = "", offset: Any = 0, *_: Any) -> Any:
    if isinstance(name, int):
        name, offset = "", name
    at = scope.copies.get(name)
    return _CANNOT if at is None or not isinstance(offset, int) else at + offset


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "and": _all,
    "concat": _concat,
    "copyindex": _copy_index,
    "createarray": lambda _, *values: list(values),
    "empty": _empty,
    "equals": _equals,
    "extensionresourceid": _extension_resource_id,
    "false": lambda _: False,
    "format": _format,
    "if": _if,
    "length": _length,
    "not": _not,
    "null": lambda _: None,
    "or": _any,
    "parameters": _parameters,
    "reference": _reference,
    "resourcegroup": _group,
    "resourceid": _resource_id,
    "string": lambda _, value=None: value if isinstance(value, str) else _CANNOT,
    "subscription": _subscription,
    "subscriptionresourceid": _subscription_resource_id,
    "tenantresourceid": _tenant_resource_id,
    "tolower": _cased(str.lower),
    "toupper": _cased(str.upper),
    "true": lambda _: True,
    "variables": _variables,
}
"""The functions that are evaluated, in lower case."""
