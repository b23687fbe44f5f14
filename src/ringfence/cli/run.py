"""``ringfence run``: one command at a place of a platform that is up."""

from __future__ import annotations

import subprocess
from tempfile import TemporaryDirectory
from typing import Any

from ringfence.cli.place import around, tell_notes, told_to
from ringfence.errors import UsageError


def run(options: Any) -> int:
    """The command has run there; its exit status is ours."""
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        raise UsageError("there is no command to run", hint="ringfence run --at internet -- curl https://HOST/")
    folder, told = told_to(options)
    with TemporaryDirectory(prefix="ringfence-") as place:
        found = around(folder, told, place)
        tell_notes(told)
        try:
            return subprocess.run(command, env=found.variables, check=False).returncode
        except OSError as error:
            raise UsageError(f"{command[0]} cannot be run: {error.strerror}") from error
