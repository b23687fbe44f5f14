"""The folder that holds all state of a twin, for its owner only."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ringfence.errors import InputError
from ringfence.record import record


@record()
class Folder:
    """Where each thing is kept."""

    path: Path

    @property
    def asked(self) -> Path:
        """What `up` was asked for: the platform or folder, the world, the settings."""
        return self.path / "asked.json"

    @property
    def ready(self) -> Path:
        """Written when everything answers: the process, since when."""
        return self.path / "ready.json"

    @property
    def lock(self) -> Path:
        """Held by the supervisor for as long as it lives."""
        return self.path / "lock"

    @property
    def socket(self) -> Path:
        """Where the supervisor takes orders from its owner's commands."""
        return self.path / "control"

    @property
    def state(self) -> Path:
        """The sealed rows."""
        return self.path / "state.db"

    @property
    def seal(self) -> Path:
        """The key of the seal: stands for hardware."""
        return self.path / "hardware.key"

    @property
    def bundle(self) -> Path:
        """The certificate of this run's authority, and no other."""
        return self.path / "ca.pem"

    @property
    def output(self) -> Path:
        """What the supervisor has to say."""
        return self.path / "supervisor.log"

    def make(self) -> None:
        """The folder exists and nobody else may look into it."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)

    def write(self, path: Path, content: Any) -> None:
        """The file holds the content, whole or not at all."""
        draft = path.with_name(f".{path.name}.new")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def read(self, path: Path) -> Any:
        """The content of a file.

        Raises:
            InputError: it is not there, or not whole.
        """
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            hint = "ringfence down removes what is left of a twin."
            raise InputError(f"{path} cannot be read", hint=hint) from error


def default(name: str) -> Path:
    """Where a twin of that name keeps its state.

    Source: specifications.freedesktop.org/basedir-spec (XDG_STATE_HOME)
    """
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "ringfence" / name
