"""Exemptions and relaxations: what may be otherwise than all the rest, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.subject import head, section, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.platform.subject import Subject

TITLE = "Exemptions"


def lines(subject: Subject) -> Iterator[str]:
    """The page."""
    register = subject.blueprint.register
    yield from head(
        subject,
        TITLE,
        "What is exempt from the rule that the internet reaches nothing, and from the secure default of its kind. "
        "The list is closed: whatever else is open fails the proof.",
    )
    yield from section("Exempt resources")
    rows = (
        (escaped(e.name), subject.resource(e.key), escaped(e.why),
         escaped(e.issue))
        for e in register.exemptions
    )  # fmt: skip
    yield from table(("Exemption", "Resource", "Why", "Issue"), rows, "Nothing is exempt.")
    yield from section("What switches relax here", f"In world {subject.world}, by its configuration.")
    relaxed = (
        (code(r.switch), subject.place(subject.declared(r.key)), code(r.argument), ", ".join(r.items), escaped(r.why))
        for r in register.relaxations
    )
    yield from table(("Switch", "Resource", "Argument", "Control", "Why"), relaxed, "No switch is on.")
