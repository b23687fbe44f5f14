"""What a reader yields: one instance of one Terraform block, before anything is known of Azure.

Readers implement `Body`; the mapping reads fields from it. A body is asked, not walked, so that
nothing is evaluated that nobody needs, and so that a JSON body can answer both as attribute and as
block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ringfence.model.origin import NOWHERE, Origin
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ringfence.mapping.versions import Versions
    from ringfence.model.symbol import Value


def _no_inputs() -> tuple[str, ...]:
    return ()


@record()
class Written:
    """One argument as written, evaluated."""

    value: Value
    origin: Origin
    inputs: Callable[[], tuple[str, ...]] = field(default=_no_inputs, compare=False)
    """The root variables that the value passes through: giving one of them a value settles it."""


@record()
class Blocks:
    """The nested blocks of one type, dynamic ones expanded.

    `open` is None when these are all; otherwise the symbol that an undecided ``for_each`` depends on.
    """

    items: tuple[Body, ...] = ()
    open: Value = None
    origin: Origin = NOWHERE


class Body(Protocol):
    """The inside of a block."""

    @property
    def origin(self) -> Origin:
        """Where the block begins."""

    def attribute(self, name: str) -> Written | None:
        """The argument, evaluated; None when it is not written. A written null has the value None."""

    def blocks(self, name: str) -> Blocks:
        """The nested blocks of this type."""

    def names(self) -> Iterable[str]:
        """The names of all arguments and block types that are written."""


@record(frozen=False)
class Declaration:
    """One instance of a ``resource`` or ``data`` block."""

    root: str
    """Path of the root from the estate's folder, "." for the folder itself."""
    module: str
    """Terraform's module path with instance keys, such as ``module.app["a"].module.aad``; "" in the root."""
    mode: str
    """"managed" or "data"."""
    type: str
    name: str
    index: str
    """The instance key as Terraform writes it: "", ``[0]`` or ``["a"]``; ``[*]`` when nothing is known of it."""
    body: Body
    versions: Versions
    """The provider versions that may be in use."""
    presence: Value = True
    """True, or the symbol on which the instance's existence depends."""
    plural: bool = False
    """True when this stands for any number of instances."""
    inputs: Callable[[], tuple[str, ...]] = _no_inputs
    """The root variables that `presence` passes through."""
    maker: str = ""
    """Of what nobody declares: the key of the resource because of which the cloud makes it."""

    @property
    def address(self) -> str:
        """Terraform's address within the root."""
        prefix = "data." if self.mode == "data" else ""
        local = f"{prefix}{self.type}.{self.name}{self.index}"
        return f"{self.module}.{local}" if self.module else local

    @property
    def key(self) -> str:
        """Unique in the estate."""
        return f"{self.root}#{self.address}"
