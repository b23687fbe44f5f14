"""``ringfence shell``: a shell at a place of a platform that is up."""

from __future__ import annotations

import os
import subprocess
from tempfile import TemporaryDirectory
from typing import Any

from ringfence.cli.place import around, say, tell_notes, told_to
from ringfence.twin import NOTHING_MORE


def run(options: Any) -> int:
    """A shell, after each known client was seen to go through its proxy, or was named; ends with it."""
    from ringfence.twin.client.canary import canaries

    folder, told = told_to(options)
    with TemporaryDirectory(prefix="ringfence-") as place:
        found = around(folder, told, place)
        tell_notes(told)
        seen = canaries(found.variables)
        say(f"through the proxy: {', '.join(s.client for s in seen if s.through) or 'no client'}")
        for one in (s for s in seen if not s.through):
            say(f"NOT through the proxy: {one.client} ({one.why}); what it meets from here proves nothing")
        say(f"at {told['place']}; {found.folder} has its mounted files. {NOTHING_MORE}")
        return subprocess.run([os.environ.get("SHELL", "/bin/sh")], env=found.variables, check=False).returncode
