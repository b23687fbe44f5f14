"""Roles that are given take some minutes to count; what needs one waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.blueprint import Life

if TYPE_CHECKING:
    from ringfence.model.blueprint import Declared, File

DURATION = "5m"


def settled(
    file: File, name: str, *after: Declared, comment: str = "Azure takes some minutes to apply a role."
) -> Declared:
    """Is there once what is in `after` is there, and counts.

    Source: learn.microsoft.com/azure/role-based-access-control/troubleshooting (access not granted or lost at once)
    """
    return file.resource(
        "time_sleep", name, comment=comment, create_duration=DURATION, life=Life(depends_on=tuple(after))
    )
