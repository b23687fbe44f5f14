"""Which twin a command means, and what it tells of a place in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.errors import UsageError
from ringfence.twin.folder import Folder, default
from ringfence.twin.orders import ask

if TYPE_CHECKING:
    from collections.abc import Iterator


def chosen(name: str, state: str = "") -> Folder:
    """The folder of the twin that is meant: by its folder, by its name, or the only one there is.

    Raises:
        UsageError: there is none, or several and none is named.
    """
    if state:
        return Folder(Path(state).absolute())
    if name:
        return Folder(default(name))
    there = tuple(all_there())
    if len(there) == 1:
        return there[0]
    if not there:
        raise UsageError("no twin is up", hint="ringfence up flowehr, or eudcc, or a folder of Terraform, starts one.")
    raise UsageError("several twins are up", hint=f"Name one with --twin: {', '.join(f.path.name for f in there)}.")


def all_there() -> Iterator[Folder]:
    """Every twin that has a folder where twins are kept."""
    base = default("x").parent
    for path in sorted(base.iterdir()) if base.is_dir() else ():
        if (path / "asked.json").exists():
            yield Folder(path)


def stand(folder: Folder, at: str = "", workload: str = "") -> dict[str, Any]:
    """What the supervisor tells of a place, or of a workload in it: the proxy, variables, mounted files.

    Raises:
        InputError: the twin is not up, or has no such place.
    """
    told: dict[str, Any] = ask(folder.socket, "stand", at=at, workload=workload)
    return told
