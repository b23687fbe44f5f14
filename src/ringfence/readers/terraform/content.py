"""The inside of a block before anything is evaluated, whichever syntax it is written in.

Native syntax knows which parts are blocks; JSON learns it from who asks; an override file lies over both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ringfence.model.origin import NOWHERE, Origin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.readers.hcl.syntax import AttributeSyntax, BlockSyntax, BodySyntax


class Content(Protocol):
    """The inside of a block or of a file."""

    @property
    def labels(self) -> tuple[str, ...]:
        """What stands between the block's type and its brace."""

    @property
    def origin(self) -> Origin:
        """Where the block begins."""

    def attribute(self, name: str) -> AttributeSyntax | None:
        """The argument; None when it is not written."""

    def blocks(self, name: str, labels: int = 0) -> tuple[Content, ...]:
        """The blocks of this type; JSON needs to know how many labels they have."""

    def names(self) -> Iterable[str]:
        """The names of all arguments and block types."""


class Native:
    """Content in native syntax."""

    __slots__ = ("_block", "_blocks", "_body", "labels")

    def __init__(self, body: BodySyntax, block: BlockSyntax | None = None) -> None:
        self._body = body
        self._block = block
        self._blocks: dict[str, tuple[Native, ...]] | None = None
        self.labels: tuple[str, ...] = block.labels if block else ()

    @property
    def origin(self) -> Origin:
        return self._block.origin() if self._block else NOWHERE

    def attribute(self, name: str) -> AttributeSyntax | None:
        return self._body.attributes.get(name)

    def blocks(self, name: str, labels: int = 0) -> tuple[Native, ...]:  # noqa: ARG002  # JSON's question
        if self._blocks is None:
            found: dict[str, list[Native]] = {}
            for block in self._body.blocks:
                found.setdefault(block.type, []).append(Native(block.body, block))
            self._blocks = {name: tuple(blocks) for name, blocks in found.items()}
        return self._blocks.get(name, ())

    def names(self) -> Iterable[str]:
        return dict.fromkeys((*self._body.attributes, *(b.type for b in self._body.blocks)))


class Merged:
    """A block with an override laid over it: arguments one by one, nested blocks by type.

    Source: developer.hashicorp.com/terraform/language/files/override
    """

    __slots__ = ("_base", "_over")

    def __init__(self, base: Content, over: Content) -> None:
        self._base = base
        self._over = over

    @property
    def labels(self) -> tuple[str, ...]:
        return self._base.labels

    @property
    def origin(self) -> Origin:
        return self._base.origin

    def attribute(self, name: str) -> AttributeSyntax | None:
        return self._over.attribute(name) or self._base.attribute(name)

    def blocks(self, name: str, labels: int = 0) -> tuple[Content, ...]:
        over, base = self._over.blocks(name, labels), self._base.blocks(name, labels)
        if name == "dynamic":
            return (*(b for b in base if b.labels and b.labels[0] not in self._replaced()), *over)
        if name == "lifecycle":
            return (Merged(base[0], over[0]),) if base and over else over or base
        return over or (() if name in self._replaced() else base)

    def names(self) -> Iterable[str]:
        return dict.fromkeys((*self._base.names(), *self._over.names()))

    def _replaced(self) -> set[str]:
        """The types of nested blocks that the override writes, statically or as dynamic blocks."""
        dynamic = {b.labels[0] for b in self._over.blocks("dynamic", 1) if b.labels}
        return {n for n in self._over.names() if self._over.blocks(n)} | dynamic
