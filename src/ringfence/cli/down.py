"""``ringfence down``: a twin ends."""

from __future__ import annotations

from typing import Any

from ringfence.cli.terminal import put


def run(options: Any) -> int:
    """The twin has ended and left nothing behind."""
    from ringfence.twin.client.place import chosen
    from ringfence.twin.client.up import stop

    folder = chosen(options.twin, options.state)
    stop(folder)
    put(f"{folder.path.name} is down; nothing of it is left\n")
    return 0
