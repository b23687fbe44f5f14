"""One answer as plain data, and the answers in one world; each question's module here has the form of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ringfence.record import field, record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.value import Need
    from ringfence.model.world import Problem

Row: TypeAlias = dict[str, Any]
"""One answer; the shape of ``ringfence ask --format json``."""


@record()
class Reply:
    """The answers in one world; `supposed` is what they would be after the change, None when none is asked for.

    `absent` says which name means nothing in this world, when it means something in another.
    """

    world: str
    estate: Estate = field(compare=False)
    rows: list[Row]
    supposed: list[Row] | None = None
    problems: tuple[Problem, ...] = ()
    absent: str = ""
    more: tuple[Need, ...] = ()
    """Why there may be more answers: some of the estate was not read."""
