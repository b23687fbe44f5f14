"""Files written whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ringfence.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, content: str) -> None:
    """The file has this content, in UTF-8, as soon as it can be seen; an interruption leaves the old one.

    Raises:
        OutputError: it cannot be written; what was there is unchanged.
    """
    target = path.resolve() if path.is_symlink() else path
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        _replace(target, temporary, content)
    except OSError as error:
        hint = "Check that the folder exists and that you may write to it; nothing was changed."
        raise OutputError(f"cannot be written: {error.strerror}", where=path.as_posix(), hint=hint) from None
    finally:
        _discard(temporary)


def _replace(target: Path, temporary: Path, content: str) -> None:
    with temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if target.exists():
        temporary.chmod(target.stat().st_mode & 0o777)
    temporary.replace(target)


def _discard(temporary: Path) -> None:
    try:
        temporary.unlink(missing_ok=True)
    except OSError:  # a folder that may not be written to holds no temporary file either
        return
