"""Where a command of the twin's stands: what `shell`, `run` and `forward` share."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.errors import UsageError

if TYPE_CHECKING:
    from ringfence.twin.client.environment import Surroundings
    from ringfence.twin.folder import Folder


_NEEDED = (
    "azure.identity", "azure.keyvault.secrets", "cryptography", "duckdb_kql", "h11", "jwt", "pymysql", "sqlcipher3",
)  # fmt: skip
"""Of what the extra brings, one module of each sort."""


def refuse_without_libraries() -> None:
    """What a twin is made with is installed.

    Raises:
        UsageError: it is not.
    """
    from importlib.util import find_spec

    for name in _NEEDED:
        try:
            found = find_spec(name) is not None
        except ModuleNotFoundError:  # of the package that it is in
            found = False
        if not found:
            hint = "Install it with: pip install 'ringfence[twin]'"
            raise UsageError(f"{name}, which a twin is made with, is not installed", hint=hint)


def told_to(options: Any) -> tuple[Folder, dict[str, Any]]:
    """The twin, and what it tells of the place or the workload that is asked for.

    Raises:
        UsageError: nothing says where.
    """
    refuse_without_libraries()
    from ringfence.twin.client.place import chosen, stand

    if not (options.at or options.workload):
        raise UsageError("a client stands somewhere", hint="Say --at PLACE, --as WORKLOAD, or both.")
    folder = chosen(options.twin, options.state)
    return folder, stand(folder, options.at, options.workload)


def around(folder: Folder, told: dict[str, Any], place: str) -> Surroundings:
    """The variables and files of a command that stands there; `place` is a folder that goes with it."""
    from ringfence.twin.client.environment import surroundings

    return surroundings(told, folder.bundle, Path(place), os.environ)


def tell_notes(told: dict[str, Any]) -> None:
    """What a workload should have and was refused, on stderr."""
    for note in told.get("notes", ()):
        say(f"not given to {told.get('workload', 'it')}: {note}")


def say(text: str) -> None:
    """One line on stderr: stdout is the command's own."""
    print(f"ringfence: {text}", file=sys.stderr, flush=True)
