"""One instance of a block as the mapping asks it: arguments evaluated, dynamic blocks expanded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.mapping.declaration import Blocks, Written
from ringfence.model.symbol import Choice, Error, Instance, Sensitive, Set, is_symbol, plain, render
from ringfence.readers.hcl.evaluate import evaluate
from ringfence.readers.hcl.scopes import IteratorScope
from ringfence.readers.hcl.upstream import upstream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.origin import Origin
    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.content import Content
    from ringfence.readers.hcl.evaluation import Evaluation
    from ringfence.readers.hcl.scopes import NamedScope

Pair = tuple["Value", "Value"]


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
        scope = self._scope
        return Written(self.value(name), syntax.origin(), lambda: upstream(syntax.expression, scope))

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
        return Blocks(tuple(items), undecided, origin)

    def _dynamic(self, block: Content) -> tuple[list[ContentBody], Value]:
        """The blocks that one dynamic block makes, or the symbol on which their number depends."""
        syntax, content = block.attribute("for_each"), block.blocks("content")
        if syntax is None or not content:
            return [], Error(f"dynamic {block.labels[0]} needs for_each and content")
        pairs = elements(settled(evaluate(syntax.expression, self._scope)))
        if not isinstance(pairs, list):
            return [], pairs
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
        return made, None


def _iterator(block: Content) -> str:
    """The name that the content has for an element: a bare name, or a string in JSON; else the block's label."""
    syntax = block.attribute("iterator")
    if syntax is None:
        return block.labels[0]
    names = getattr(syntax.expression, "names", None)
    return str(names[0]) if names else str(getattr(syntax.expression, "value", block.labels[0]))


def elements(value: Value) -> list[Pair] | Value:
    """Key and value of each element of a ``for_each``, or the symbol on which it depends."""
    marked = isinstance(value, Sensitive)
    value = plain(value)
    if isinstance(value, Choice):
        return _either(value)
    if isinstance(value, Set):
        pairs: list[Pair] = [(v, v) for v in value]
    elif isinstance(value, tuple):
        pairs = list(enumerate(value))
    elif isinstance(value, dict):
        pairs = list(value.items())
    else:
        return value if is_symbol(value) or isinstance(value, Instance) else _not_a_collection(value)
    return [(k, Sensitive(v)) for k, v in pairs] if marked else pairs


def _either(choice: Choice) -> list[Pair] | Value:
    """Both arms have equally many elements: then only these depend on the condition."""
    yes, no = elements(choice.yes), elements(choice.no)
    if not isinstance(yes, list) or not isinstance(no, list) or len(yes) != len(no):
        return choice
    return [(_one(choice, a[0], b[0]), _one(choice, a[1], b[1])) for a, b in zip(yes, no, strict=True)]


def _one(choice: Choice, yes: Value, no: Value) -> Value:
    return yes if yes == no else Choice(choice.condition, yes, no)


def _not_a_collection(value: Value) -> Error:
    return Error(f"for_each must be a collection; it is {render(value)}")


def settled(value: Value) -> Value:
    """The value, given that planning succeeds: an arm of a conditional that is an error is not taken."""
    if isinstance(value, Choice):
        yes, no = settled(value.yes), settled(value.no)
        if isinstance(yes, Error):
            return no
        if isinstance(no, Error):
            return yes
        return Choice(value.condition, yes, no) if yes is not value.yes or no is not value.no else value
    return Sensitive(settled(value.value)) if isinstance(value, Sensitive) else value
