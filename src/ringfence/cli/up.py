"""``ringfence up``: a platform stands up on this machine."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from ringfence.cli.place import refuse_without_libraries
from ringfence.cli.terminal import put
from ringfence.errors import UsageError
from ringfence.twin import NOTHING_MORE


def run(options: Any) -> int:
    """The twin answers; what it is ready with is printed."""
    refuse_without_libraries()
    from ringfence.platforms import NAMES
    from ringfence.twin.client.up import start
    from ringfence.twin.folder import Folder, default
    from ringfence.twins import Asked, kept, source

    subject = options.subject
    platform = subject if subject in NAMES else ""
    path = "" if platform else str(Path(subject).resolve())
    if path and not Path(path).exists():
        raise UsageError(f"{subject} is no platform and no folder", hint=f"Use {' or '.join(NAMES)}, or a PATH.")
    config = tuple(str(Path(one).resolve()) for one in options.config)
    asked = Asked(platform, path, options.world, config, options.settings, time.monotonic())
    folder = Folder(Path(options.state).absolute() if options.state else default(options.name or asked.name))
    if options.foreground:
        return _stay(folder, asked)
    source(asked)  # what cannot be read is said here, and not in a file
    ready = start(folder, kept(asked), "ringfence.twins")
    put(_told(folder, ready))
    return 0


def _stay(folder: Any, asked: Any) -> int:
    from ringfence.twins import kept, main

    folder.make()
    folder.write(folder.asked, kept(asked))
    return main(str(folder.path))


def _told(folder: Any, ready: dict[str, Any]) -> str:
    from ringfence.twin.orders import ask

    status = ask(folder.socket, "status")
    there = f"{status['resources']} resources, {len(status['workloads'])} workloads, database on {status['database']}"
    lines = [
        f"{status['name']} {status['world']} is up after {ready['seconds']} s: {there}",
        "",
        "  ringfence shell --as WORKLOAD     its subnet, its identity, its mounted secrets",
        "  ringfence shell --at PLACE        internet, a subnet, an address",
        "  ringfence run --at internet -- curl https://HOST/",
        "  ringfence probe                   try every claim",
        "  ringfence down                    leaves nothing behind",
        "",
        f"State in {folder.path}, for you only. {NOTHING_MORE}",
        "A place's proxy has a token: it guards against mistakes, not against another program of yours.",
    ]
    return "\n".join(lines) + "\n"
