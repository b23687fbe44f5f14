"""Starting and ending the supervisor."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from ringfence.errors import InputError, UsageError
from ringfence.twin.orders import ask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.twin.folder import Folder

_READY_SECONDS = 60.0
_END_SECONDS = 15.0
_STEP = 0.02


def start(folder: Folder, asked: Mapping[str, Any], module: str) -> dict[str, Any]:
    """The supervisor is up and says what it is ready with; one that was killed goes on where it was.

    Raises:
        UsageError: a twin is up there already, or one of something else was and is not removed.
        InputError: it does not come up; the end of what it said is told.
    """
    if alive(folder):
        raise UsageError(f"a twin is up in {folder.path}", hint="ringfence down ends it.")
    folder.make()
    _refuse_other(folder, asked)
    folder.write(folder.asked, dict(asked))
    folder.ready.unlink(missing_ok=True)
    with os.fdopen(os.open(folder.output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(folder.path)],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, cwd="/",
        )  # fmt: skip
    end = time.monotonic() + _READY_SECONDS
    while time.monotonic() < end:
        if folder.ready.exists():
            ready: dict[str, Any] = folder.read(folder.ready)
            return ready
        if process.poll() is not None:
            break
        time.sleep(_STEP)
    process.kill()
    raise InputError("the twin does not come up", hint=_said(folder))


def stop(folder: Folder) -> None:
    """The supervisor has ended and nothing of it is left.

    Raises:
        UsageError: there is no twin.
    """
    if not folder.asked.exists():
        raise UsageError(f"there is no twin in {folder.path}", hint="ringfence up starts one.")
    pid = _pid(folder)
    if pid:
        os.kill(pid, signal.SIGTERM)
        _wait(pid)
    shutil.rmtree(folder.path)


def alive(folder: Folder) -> bool:
    """Something answers there."""
    return _pid(folder) != 0


def _pid(folder: Folder) -> int:
    try:
        return int(ask(folder.socket, "status")["pid"])
    except InputError:
        return 0


def _wait(pid: int) -> None:
    end = time.monotonic() + _END_SECONDS
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(_STEP)
    os.kill(pid, signal.SIGKILL)


def _refuse_other(folder: Folder, asked: Mapping[str, Any]) -> None:
    if not folder.asked.exists():
        return
    before = folder.read(folder.asked)
    if any(before.get(name) != _plain(value) for name, value in asked.items() if name != "started"):
        hint = "ringfence down removes it; --name NAME keeps both."
        raise UsageError(f"{folder.path} has the state of another twin", hint=hint)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _said(folder: Folder) -> str:
    lines = folder.output.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    told = next((line for line in reversed(lines) if line.strip()), "it said nothing")
    return f"It said: {told[-300:]} (all of it: {folder.output})"
