"""The evaluation of one world: every name once, on demand, cycles found."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Error
from ringfence.model.world import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.origin import Origin
    from ringfence.model.symbol import Value
    from ringfence.model.world import Ledger, World
    from ringfence.readers.terraform.files import Files
    from ringfence.readers.terraform.library import Library
    from ringfence.readers.terraform.root import Root

DEPTH = 20_000
"""Python frames; a chain of references may be some thousands long."""


_TOO_DEEP = Error("references are nested too deeply to be followed")


class _Pending:
    """Stands in a memo while a value is being worked out."""


PENDING: Any = _Pending()


class Evaluation:
    """What all roots of one world share."""

    def __init__(self, world: World, files: Files, library: Library, ledger: Ledger) -> None:
        self.world = world
        self.files = files
        self.library = library
        self.ledger = ledger
        self.roots: dict[str, Root] = {}
        """All roots by path, those included that are only referred to."""
        self.overlays: tuple[str, ...] = ()
        """Folders that are laid over the checkout in some world, and so are no part of it."""
        self.estate: tuple[str, ...] = ()
        """The paths of the roots that make up the estate."""
        self._pending: list[tuple[int, str, str]] = []
        self._reported: set[tuple[str, Origin]] = set()
        self._failed: list[Error] = []
        sys.setrecursionlimit(max(sys.getrecursionlimit(), DEPTH))

    def once(
        self,
        memo: dict[Any, Value],
        key: Any,
        owner: str,
        compute: Callable[[], Value],
        origin: Callable[[], Origin],
    ) -> Value:
        """The value under `key`, worked out the first time. A cycle, or a chain too long, is an error and a problem."""
        found = memo.get(key, self)
        if found is PENDING:
            return self._cycle(id(memo), key, owner, origin())
        if found is not self:
            return found  # type: ignore[return-value]  # not the default
        memo[key] = PENDING
        self._pending.append((id(memo), key, owner))
        try:
            value = compute()
            deep = isinstance(value, Error) and value.reason.startswith("this is nested too deeply")
            memo[key] = self._too_deep(origin) if deep else value
        except RecursionError:
            memo[key] = self._too_deep(origin)
        finally:
            self._pending.pop()
            if memo.get(key) is PENDING:
                del memo[key]
        return memo[key]

    def root(self, path: str) -> Root | None:
        """The root at a path, one that is not of the estate included; None when nothing there is a root."""
        from ringfence.readers.terraform.discover import is_root
        from ringfence.readers.terraform.root import Root

        if path not in self.roots:
            if not is_root(self.files, path):
                return None
            self.roots[path] = Root(self, path)
        return self.roots[path]

    def warn(self, message: str, origin: Origin) -> None:
        """Enters something that the author should know."""
        self.report(Problem(message, origin, "warning"))

    def refuse(self, message: str, origin: Origin) -> None:
        """Enters something that could not be read."""
        self.report(Problem(message, origin))

    def failed(self, error: Error, what: str, origin: Origin) -> None:
        """Enters an error where it is met first; where it only follows from one that is entered, it is left."""
        follows = any(error is f or (f.reason in error.reason and f.reason != error.reason) for f in self._failed)
        if not follows:
            self._failed.append(error)
            self.refuse(f"{what}{error.reason}", origin)

    def report(self, problem: Problem) -> None:
        """Enters a problem once."""
        if (problem.message, problem.origin) not in self._reported:
            self._reported.add((problem.message, problem.origin))
            self.ledger.problems.append(problem)

    def _cycle(self, memo: int, key: Any, owner: str, origin: Origin) -> Error:
        steps = [(m, k) for m, k, _ in self._pending]
        start = steps.index((memo, key)) if (memo, key) in steps else 0
        names = [_step(o, k) for _, k, o in self._pending[start:]]
        path = " → ".join((*names, _step(owner, key)))
        error = Error(f"cycle: {path}")
        self.failed(error, "", origin)
        return error

    def _too_deep(self, origin: Callable[[], Origin]) -> Error:
        if not any(f.reason == _TOO_DEEP.reason for f in self._failed):
            self.failed(_TOO_DEEP, "", origin())
        return _TOO_DEEP


def _step(owner: str, key: Any) -> str:
    name = ".".join(key) if isinstance(key, tuple) else str(key)
    return f"{owner}.{name}" if owner else name
