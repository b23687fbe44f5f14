"""From the options of a command to a request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ringfence.cli.terminal import Progress
from ringfence.prove import Request


def requested(options: Any) -> tuple[Request, Progress]:
    """The request, and the progress that it reports to."""
    progress = Progress()
    request = Request(
        Path(options.path),
        tuple(options.world),
        options.benchmark,
        tuple(getattr(options, "item", ())),
        options.decisions,
        options.document,
        options.plan,
        options.inherit_env,
        options.settings,
        progress=progress,
    )
    return request, progress


def read_request(options: Any) -> tuple[Request, Progress]:
    """As `requested`, for a command that reads an estate and judges nothing."""
    progress = Progress()
    request = Request(
        Path(options.path),
        tuple(options.world),
        plan=options.plan,
        inherit_env=options.inherit_env,
        settings=options.settings,
        progress=progress,
    )
    return request, progress
