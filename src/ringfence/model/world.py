"""A world: one named setting of the switches under which an estate is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.model.origin import Origin
    from ringfence.model.symbol import Value


@record()
class Change:
    """A supposition: some declarations gone, some files laid over the root modules."""

    without: tuple[str, ...] = ()
    """Keys or addresses of resources, or of the modules around them, that are left out with all their instances."""
    files: tuple[tuple[str, str], ...] = ()
    """(path of a root, a file): what the file declares is added, or laid over what has the same name."""

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
