"""Writes keys into a folder: whole or not at all, for their owner's eyes, and never over what is there."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ringfence.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping

OWNER_READS, OWNER_ENTERS = 0o600, 0o700


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """The folder is there with all files, or nothing is.

    Raises:
        OutputError: there is something of that name already, or it cannot be written.
    """
    try:
        if folder.exists() or folder.is_symlink():
            hint = "Keys that were given out are not replaced by accident: name a folder that is not there yet."
            raise OutputError("is there already, and nothing was written", where=folder.as_posix(), hint=hint)
        folder.parent.mkdir(parents=True, exist_ok=True)
        _moved(Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent)), folder, files)
    except OSError as error:
        hint = "Check that its parent is a folder in which you may write, and that there is room."
        raise OutputError(f"cannot be written: {error.strerror}", where=folder.as_posix(), hint=hint) from None


def _moved(partial: Path, folder: Path, files: Mapping[str, bytes]) -> None:
    """Everything is written beside the folder and takes its name in one step."""
    try:
        for name, content in files.items():
            path = partial / name
            path.parent.mkdir(mode=OWNER_ENTERS, parents=True, exist_ok=True)
            _written(path, content)
        os.rename(partial, folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _written(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_READS)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
