"""One instance of a block as the mapping asks it: arguments evaluated, dynamic blocks expanded."""

from __future__ import annotations

from operator import is_ as is_same
from typing import TYPE_CHECKING

from ringfence.mapping.declaration import Blocks, Written
from ringfence.model.symbol import Apply, Choice, Error, Instance, Sensitive, Set, Text, is_symbol, plain, render, text
from ringfence.readers.hcl.access import attribute
from ringfence.readers.hcl.evaluate import evaluate
from ringfence.readers.hcl.operators import first_error
from ringfence.readers.terraform.scopes import IteratorScope
from ringfence.readers.terraform.upstream import upstream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ringfence.model.origin import Origin
    from ringfence.model.symbol import Value
    from ringfence.readers.terraform.content import Content
    from ringfence.readers.terraform.evaluation import Evaluation
    from ringfence.readers.terraform.scopes import NamedScope

Pair = tuple["Value", "Value"]

_OF_TERRAFORM = frozenset(("count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"))
"""What Terraform reads in any resource: evaluated elsewhere, or not at all."""


class ContentBody:
    """Content in a scope; a `mapping.declaration.Body`. `address` names it where a cycle is reported."""

    __slots__ = ("_blocks", "_evaluation", "_scope", "_values", "_written", "address", "content")

    def __init__(self, content: Content, scope: NamedScope, evaluation: Evaluation, address: str) -> None:
        self.content = content
        self.address = address
        self._scope = scope
        self._evaluation = evaluation
        self._values: dict[str, Value] = {}
        self._written: dict[str, Written | None] = {}
        self._blocks: dict[str, Blocks] = {}

    @property
    def origin(self) -> Origin:
        return self.content.origin

    def attribute(self, name: str) -> Written | None:
        if name not in self._written:
            self._written[name] = self._attribute(name)
        return self._written[name]

    def value(self, name: str) -> Value:
        """The argument's value; None when it is not written."""
        syntax = self.content.attribute(name)
        if syntax is None:
            return None
        return self._evaluation.once(
            self._values, name, self.address, lambda: settled(evaluate(syntax.expression, self._scope)), syntax.origin
        )

    def _attribute(self, name: str) -> Written | None:
        syntax = self.content.attribute(name)
        if syntax is None:
            return None
        scope, value = self._scope, self.value(name)
        self._report(name, value, syntax.origin)
        return Written(value, syntax.origin(), lambda: upstream(syntax.expression, scope))

    def _report(self, name: str, value: Value, origin: Callable[[], Origin]) -> None:
        """Enters an error as a problem, but not that a file is missing: it may be made at deployment."""
        inner = plain(value)
        error = inner if isinstance(inner, Error) else first_error(inner) if isinstance(inner, (tuple, dict)) else None
        if error is not None and not _is_said_elsewhere(error):
            self._evaluation.failed(error, f"{name} of {self.address} cannot be evaluated: ", origin())

    def close(self) -> None:
        """Evaluates what nothing has asked for: a wrong call is a mistake whether or not a check reads it."""
        for name in self.content.names():
            if name not in _OF_TERRAFORM and self.content.attribute(name) is not None:
                self.attribute(name)
        for name in self.names():
            if name not in _OF_TERRAFORM and self.content.attribute(name) is None:
                for block in self.blocks(name).items:
                    if isinstance(block, ContentBody):
                        block.close()

    def blocks(self, name: str) -> Blocks:
        if name not in self._blocks:
            self._blocks[name] = self._find_blocks(name)
        return self._blocks[name]

    def names(self) -> Iterable[str]:
        dynamic = [b.labels[0] for b in self.content.blocks("dynamic", 1) if b.labels]
        written = [n for n in self.content.names() if n != "dynamic" or not dynamic]
        return dict.fromkeys((*written, *dynamic)) if dynamic else written

    def _find_blocks(self, name: str) -> Blocks:
        static = self.content.blocks(name)
        items: list[ContentBody] = [
            ContentBody(b, self._scope, self._evaluation, f"{self.address}.{name}") for b in static
        ]
        origin, undecided = (static[0].origin if static else self.origin), None
        for block in self.content.blocks("dynamic", 1):
            if block.labels[:1] == (name,):
                made, more = self._dynamic(block)
                items += made
                undecided = more if undecided is None else undecided
                origin = origin if static else block.origin
        if not items and undecided is None:
            return self._as_argument(name) or Blocks((), None, origin)
        return Blocks(tuple(items), undecided, origin)

    def _as_argument(self, name: str) -> Blocks | None:
        """Blocks that are written as one argument: a list of objects, as the provider permits for some.

        Source: developer.hashicorp.com/terraform/language/attr-as-blocks
        """
        syntax = self.content.attribute(name)
        if syntax is None:
            return None
        pairs, more = elements(settled(self.value(name))) if self.value(name) is not None else ([], None)
        objects = [value for _, value in pairs if isinstance(plain(value), dict) or is_symbol(value)]
        if len(objects) < len(pairs):
            return None
        written = self._attribute(name)
        assert written is not None
        return Blocks(tuple(ObjectBody(value, written) for value in objects), more, written.origin)

    def _dynamic(self, block: Content) -> tuple[list[ContentBody], Value]:
        """The blocks that one dynamic block makes, or the symbol on which their number depends."""
        syntax, content = block.attribute("for_each"), block.blocks("content")
        if syntax is None or not content:
            return [], Error(f"dynamic {block.labels[0]} needs for_each and content")
        pairs, more = elements(settled(evaluate(syntax.expression, self._scope)))
        self._report(f"dynamic {block.labels[0]}", more, syntax.origin)
        iterator = _iterator(block)
        made = [
            ContentBody(
                content[0],
                IteratorScope(self._scope, iterator, key, value, syntax.expression),
                self._evaluation,
                f"{self.address}.{block.labels[0]}",
            )
            for key, value in pairs
        ]
        return made, more


class ObjectBody:
    """An object that stands for a block; a `mapping.declaration.Body`. A null in it is as good as nothing."""

    __slots__ = ("_object", "_written")

    def __init__(self, value: Value, written: Written) -> None:
        self._object = value
        self._written = written

    @property
    def origin(self) -> Origin:
        return self._written.origin

    def attribute(self, name: str) -> Written | None:
        known = plain(self._object)
        if isinstance(known, dict) and name not in known:
            return None
        value = settled(attribute(self._object, name))
        return Written(value, self._written.origin, self._written.inputs)

    def blocks(self, name: str) -> Blocks:
        written = self.attribute(name)
        if written is None or written.value is None:
            return Blocks(origin=self.origin)
        pairs, more = elements(written.value)
        return Blocks(tuple(ObjectBody(value, written) for _, value in pairs), more, written.origin)

    def names(self) -> Iterable[str]:
        known = plain(self._object)
        return (name for name, value in known.items() if value is not None) if isinstance(known, dict) else ()


def _is_said_elsewhere(error: Error) -> bool:
    """True for what is no mistake here, or is found in the text whether or not anybody asks for it."""
    from ringfence.readers.hcl.functions.filesystem import is_missing

    return is_missing(error) or error.reason.endswith("is not declared")


def _iterator(block: Content) -> str:
    """The name that the content has for an element: a bare name, or a string in JSON; else the block's label."""
    syntax = block.attribute("iterator")
    if syntax is None:
        return block.labels[0]
    names = getattr(syntax.expression, "names", None)
    return str(names[0]) if names else str(getattr(syntax.expression, "value", block.labels[0]))


def elements(value: Value) -> tuple[list[Pair], Value]:
    """Key and value of each element of a ``for_each``, and the symbol on which it depends that there are more."""
    if isinstance(value, Sensitive):
        pairs, more = elements(value.value)
        return [(key, Sensitive(each)) for key, each in pairs], more
    if isinstance(value, Choice):
        return _either(value)
    if isinstance(value, Set):
        return [(v, v) for v in value], None
    if isinstance(value, tuple):
        return list(enumerate(value)), None
    if isinstance(value, dict):
        return list(value.items()), None
    if isinstance(value, Apply) and value.fn == "object":
        return list(zip(value.args[::2], value.args[1::2], strict=True)), None
    if isinstance(value, Apply) and value.fn in ("concat", "toset", "tolist"):
        return _together(value)
    return [], value if is_symbol(value) or isinstance(value, Instance) else _not_a_collection(value)


def _together(value: Apply) -> tuple[list[Pair], Value]:
    """The elements that are certain; when there may be more, all of them depend on the whole."""
    pairs: list[Pair] = []
    more: Value = None
    for arg in value.args:
        found, undecided = elements(plain(arg))
        pairs += found
        more = undecided if more is None else more
    if value.fn != "concat":
        return ([(each, each) for _, each in pairs] if value.fn == "toset" else pairs), more
    if more is None:
        return list(enumerate(each for _, each in pairs)), None
    return [(Apply("each.key", (value,)), each) for _, each in pairs], more


def _either(choice: Choice) -> tuple[list[Pair], Value]:
    """What both arms have is certain; the rest depends on the condition."""
    (yes, more), (no, others) = elements(choice.yes), elements(choice.no)
    if len(yes) == len(no) and more is None and others is None and _listed(yes) and _listed(no):
        return [(a[0], _one(choice, a[1], b[1])) for a, b in zip(yes, no, strict=True)], None
    common = _in_both(choice, yes, no)
    whole = len(common) == len(yes) == len(no) and more is None and others is None
    return common, None if whole else choice


def _in_both(choice: Choice, yes: list[Pair], no: list[Pair]) -> list[Pair]:
    """The elements of the first that the second has too: by key, or by value where the key is a position."""
    by_value = _listed(yes) or _listed(no)
    found: list[Pair] = []
    rest = list(no)
    for key, value in yes:
        twin = next((p for p in rest if (p[1] == value if by_value else p[0] == key)), None)
        if twin is not None:
            rest.remove(twin)
            found.append((_one(choice, key, twin[0]), _one(choice, value, twin[1])))
    return found


def _listed(pairs: list[Pair]) -> bool:
    return all(isinstance(key, int) for key, _ in pairs)


def _one(choice: Choice, yes: Value, no: Value) -> Value:
    return yes if yes == no else Choice(choice.condition, yes, no)


def _not_a_collection(value: Value) -> Error:
    return Error(f"for_each must be a collection; it is {render(value)}")


def settled(value: Value) -> Value:
    """The value, given that planning succeeds: an arm of a conditional that is an error is not taken."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Choice):
        yes, no = settled(value.yes), settled(value.no)
        if isinstance(yes, Error):
            return no
        if isinstance(no, Error):
            return yes
        return value if yes is value.yes and no is value.no else Choice(value.condition, yes, no)
    if isinstance(value, Sensitive):
        return Sensitive(settled(value.value))
    if isinstance(value, Text):
        parts = tuple(map(settled, value.parts))
        return value if all(map(is_same, parts, value.parts)) else text(*parts)
    if isinstance(value, tuple):
        items = [settled(v) for v in value]
        return value if all(map(is_same, items, value)) else type(value)(items)
    if isinstance(value, dict):
        entries = {k: settled(v) for k, v in value.items()}
        return value if all(map(is_same, entries.values(), value.values())) else type(value)(entries)
    return value
