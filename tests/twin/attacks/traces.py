"""What a twin keeps secret, looked for in every file of its folder, in its logs, in what it said,
and in the command lines and environments of processes.
"""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.twin.attacks.target import Target

LOGS = "logs"
"""Where the records are kept, sealed."""
PRIVATE = b"PRIVATE KEY-----"
KEYS = ("hardware.key", "vault.key", "infrastructure.key")
"""They stand for hardware, and are secret themselves: their content is in no other file."""


def traces(target: Target, said: str = "") -> list[str]:
    """Each secret that is found somewhere, and where."""
    files = {
        str(p.relative_to(target.folder.path)): p.read_bytes() for p in target.folder.path.rglob("*") if p.is_file()
    }
    if target.folder.state.exists():
        files |= {f"the log {key!r}": json.dumps(row).encode() for key, row in target.store.rows(LOGS)}
    files |= dict(_processes())
    hardware = {name: files.pop(name) for name in KEYS if name in files}
    found = [f"a private key in {name}" for name, content in files.items() if PRIVATE in content]
    secrets = {what: value.encode() for what, value in target.canaries.items()} | hardware
    for what, value in secrets.items():
        found += [f"{what} in {name}" for name, content in (*files.items(), ("what it said", said.encode()))
                  if any(form in content for form in forms(value))]  # fmt: skip
    return found


def _processes() -> Iterator[tuple[str, bytes]]:
    """What anybody on this machine can see of a process, and what its owner can."""
    for process in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ"):
            with suppress(OSError):
                yield f"{name} of process {process.name}", (process / name).read_bytes()


def forms(value: bytes) -> Iterator[bytes]:
    """A secret as it is, and as it is usually written."""
    assert len(value) >= 12
    yield value
    yield value.hex().encode()
    yield quote(value).encode()
    yield from (base64.b64encode(value[skip:])[: len(value)] for skip in (0, 1, 2))
    yield base64.urlsafe_b64encode(value).rstrip(b"=")
    yield value[:48] if len(value) > 64 else value
