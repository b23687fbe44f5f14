"""From the options of a command to a request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ringfence.cli.terminal import Progress
from ringfence.errors import UsageError
from ringfence.prove import Request


def requested(options: Any) -> tuple[Request, Progress]:
    """The request, and the progress that it reports to."""
    progress = Progress()
    request = Request(
        _folder(options),
        tuple(options.world),
        options.benchmark,
        tuple(getattr(options, "item", ())),
        options.decisions,
        options.document,
        options.plan,
        options.inherit_env,
        platform=getattr(options, "platform", None) or "",
        config=tuple(getattr(options, "config", ())),
        settings=options.settings,
        progress=progress,
    )
    return request, progress


def read_request(options: Any) -> tuple[Request, Progress]:
    """As `requested`, for a command that reads an estate and judges nothing."""
    progress = Progress()
    request = Request(
        _folder(options),
        tuple(options.world),
        plan=options.plan,
        inherit_env=options.inherit_env,
        platform=getattr(options, "platform", None) or "",
        config=tuple(getattr(options, "config", ())),
        settings=options.settings,
        progress=progress,
    )
    return request, progress


def refuse_beside_platform(options: Any, *names: str) -> None:
    """What is about an estate that is read means nothing for a platform that ships, and is not passed over.

    Raises:
        UsageError: one of these options is set.
    """
    given = next((name for name in names if getattr(options, name, "")), "")
    if given:
        raise UsageError(f"--{given} chooses nothing for a platform that ships", hint="Leave it or --platform out.")


def _folder(options: Any) -> Path:
    """The estate's folder; that of a platform holds its decisions and claims."""
    if not getattr(options, "platform", None):
        if getattr(options, "config", ()):
            raise UsageError("--config is the configuration of a platform", hint="Name it with --platform.")
        return Path(options.path)
    if options.path != ".":
        raise UsageError(f"{options.path} and --platform are two estates", hint="Leave one of them out.")
    refuse_beside_platform(options, "plan", "settings")
    from ringfence.platforms import folder, platform

    platform(options.platform)
    return folder(options.platform)
