"""A world: one named setting of the switches under which an estate is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.origin import Origin
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.model.symbol import Value

CHANGED = Origin("changed in the twin")
"""Where a value comes from that no declaration has: a change of what is declared."""


@record()
class Added:
    """A declaration that nobody wrote, in azurerm's words.

    A value may be a symbol, such as ``Ref(key, ("id",))``; an object, or a tuple of objects, is nested blocks too.
    """

    key: str
    """Of the resource that it becomes: ``ROOT#TYPE.NAME``, one that no other has."""
    arguments: tuple[tuple[str, Value], ...]


@record()
class Altered:
    """A field, in ARM's words, that has another value than is declared."""

    key: str
    path: tuple[str, ...]
    """The field; or a field with several items, the name of one, and a field of that: ``("security_rules", "r1",
    "access")``. Without the last, the item is gone."""
    value: Value = None
    """None for a field that nobody set."""


@record()
class Change:
    """A supposition: some declarations gone, some added, some fields set, some files laid over the root modules."""

    without: tuple[str, ...] = ()
    """Keys or addresses of resources, or of the modules around them, that are left out with all their instances."""
    files: tuple[tuple[str, str], ...] = ()
    """(path of a root, a file): what the file declares is added, or laid over what has the same name."""
    added: tuple[Added, ...] = ()
    set: tuple[Altered, ...] = ()
    """Of two for one field, the later."""

    def then(self, more: Change) -> Change:
        """This change, and after it another: what was added before and is left out now was never there."""
        gone = {added.key for added in self.added if added.key in more.without}
        again = {added.key for added in more.added}
        added = (*(a for a in self.added if a.key not in gone | again), *more.added)
        without = tuple(dict.fromkeys((*self.without, *(w for w in more.without if w not in gone))))
        later = {(a.key, a.path) for a in more.set}
        kept = (a for a in self.set if (a.key, a.path) not in later and a.key not in more.without)
        return Change(without, tuple(dict.fromkeys((*self.files, *more.files))), added, (*kept, *more.set))

    def leaves_out(self, key: str) -> str:
        """The entry by which the resource with this key is left out; "" when it stays."""
        address = key.partition("#")[2]
        return next((w for w in self.without if _within(key, w) or _within(address, w)), "")


def _within(address: str, outer: str) -> bool:
    return address.startswith(outer) and address[len(outer) : len(outer) + 1] in ("", ".", "[")


@record()
class World:
    """The environment and the variables of one world; no verdict mixes worlds.

    ``variables`` act as ``-var`` does: highest precedence, ignored by roots that do not declare
    them. ``roots`` holds further variables for one root, by its path. ``overlay`` is a folder whose
    files are laid over the checkout, "" when there is none.
    """

    name: str
    environment: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, Value] = field(default_factory=dict)
    roots: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    overlay: str = ""
    change: Change = Change()
    """What is supposed in a what-if; nothing in a world that somebody declared."""


@record()
class Problem:
    """Something about the input that its author should know.

    `severity` is "error" (a part of the input could not be read: the exit status is 2) or "warning".
    """

    message: str
    origin: Origin
    severity: str = "error"


@record(frozen=False)
class Ledger:
    """What was read and what was not, so that silence is never mistaken for safety."""

    read: int = 0
    """How many resources became resources of the estate."""
    untyped: int = 0
    """How many of them have no kind yet."""
    skipped: list[tuple[str, str]] = field(default_factory=list)
    """(what, why) for each thing that was left out."""
    unread: list[tuple[str, str]] = field(default_factory=list)
    """(module or root, why): parts that may hold anything, so their absence proves nothing."""
    missing: dict[str, str] = field(default_factory=dict)
    """By ARM type in lower case: why there may be resources of it that were not read; their absence proves nothing."""
    commands: list[tuple[str, Origin]] = field(default_factory=list)
    """Commands such as ``az ml registry create`` that an apply runs: what they make is in no declaration."""
    problems: list[Problem] = field(default_factory=list)
