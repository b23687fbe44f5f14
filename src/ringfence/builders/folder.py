"""The folder that a build is written into: written whole or not at all, and never over somebody's work.

A record of what was written lies beside it, so that the next build knows which files are its own.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from ringfence.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

RECORD = ".ringfence.json"
"""The name of the record: platform, world, and the SHA-256 of each file."""


def write(folder: Path, files: Mapping[str, str], *, platform: str, world: str, force: bool = False) -> None:
    """The folder has these files, and none that an earlier build left there.

    Whatever else is in it stays. `force` replaces files that somebody has changed.

    Raises:
        OutputError: a file is not our own, or cannot be written; what was there is unchanged.
    """
    try:
        _refuse_links(folder, (RECORD, *files))
        old = _record(folder, force=force)
        written: dict[str, str] = old.get("files", {})
        _refuse_links(folder, written)
        if not force:
            _refuse_another(folder, old, platform, world)
            _refuse_changed(folder, files, written)
        record = {"platform": platform, "world": world, "files": {name: _hash(text) for name, text in files.items()}}
        _replace(folder, {**files, RECORD: json.dumps(record, indent=1) + "\n"})
        _discard(folder / name for name in written if name not in files)
    except OSError as error:
        where = error.filename or folder.as_posix()
        hint = "Check that you may write there and that there is room."
        raise OutputError(f"cannot be written: {error.strerror}", where=str(where), hint=hint) from None


def _record(folder: Path, *, force: bool) -> dict[str, Any]:
    """What an earlier build left; nothing when there was none, or when whatever there is shall be replaced."""
    path = folder / RECORD
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        found = None
    if _is_record(found):
        return dict(found)
    if force and not path.is_dir():
        return {}
    hint = "Write into another folder, or replace what is here with --force."
    raise OutputError("this record of an earlier build cannot be read", where=path.as_posix(), hint=hint)


def _is_record(found: Any) -> bool:
    """It names files, and all of them lie in the folder: a record that somebody made leads nowhere else."""
    files = found.get("files") if isinstance(found, dict) else None
    return isinstance(files, dict) and not any(_leads_out(name) for name in files)


def _leads_out(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name


def _refuse_links(folder: Path, names: Iterable[str]) -> None:
    """Nothing is written, or taken away, through a link or where there is a folder: what they lead to is not ours."""
    for name in names:
        path = folder / name
        inside = [path, *(folder / parent for parent in PurePosixPath(name).parents if parent.parts)]
        link = next((one for one in inside if one.is_symlink()), None)
        if link or path.is_dir():
            what = "is a link" if link else "is a folder"
            hint = "Move it away, or write into another folder."
            raise OutputError(f"{what}, and no build made it", where=(link or path).as_posix(), hint=hint)


def _refuse_another(folder: Path, old: Mapping[str, Any], platform: str, world: str) -> None:
    """One folder is one platform in one world: its states are those of that world."""
    had = (old.get("platform"), old.get("world"))
    if old and had != (platform, world):
        hint = "Give each world a folder of its own, or replace what is here with --force."
        raise OutputError(f"holds {had[0]} in world {had[1]}", where=folder.as_posix(), hint=hint)


def _refuse_changed(folder: Path, files: Mapping[str, str], written: Mapping[str, str]) -> None:
    for name in {**written, **files}:
        path = folder / name
        if not path.exists():
            continue
        there = _content(path)
        if there != files.get(name) and (there is None or _hash(there) != written.get(name)):
            hint = "Keep it under another name, change the platform's configuration instead, or use --force."
            raise OutputError("was not written by a build, or was changed since", where=path.as_posix(), hint=hint)


def _content(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _replace(folder: Path, files: Mapping[str, str]) -> None:
    """All files are written under other names first, so that a full disk changes nothing."""
    made: list[tuple[Path, Path]] = []
    folders: list[Path] = []
    try:
        for name, text in files.items():
            target = folder / name
            folders += _made(target.parent)
            temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
            made.append((temporary, target))
            temporary.write_text(text, encoding="utf-8", newline="\n")
        for temporary, target in made:
            temporary.replace(target)
    except BaseException:
        _discard(temporary for temporary, _ in made)
        for one in reversed(folders):
            with suppress(OSError):  # somebody else has put something into it
                one.rmdir()
        raise


def _made(folder: Path) -> list[Path]:
    """The folder is there; those that were made for it, the outermost first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _discard(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()
