"""The switches: what a configuration may relax, where, and which rows that turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.subject import head, prose, section, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.platform.subject import Subject

TITLE = "Switches"


def lines(subject: Subject) -> Iterator[str]:
    """The page."""
    yield from head(
        subject,
        TITLE,
        "A copy without real data may be opened a little, so that developers can work on it. A switch is the only way, "
        "it is off unless a configuration turns it on, and a production build with one on is refused: it names the "
        "switch, the resource, the item, and the row of the document that would become false.",
    )
    if not subject.switches:
        yield from prose("This platform has no switch: every world of it is as closed as production.")
        return
    yield from section("What there is")
    rows = ((code(s.name), code(s.axis), escaped(s.about)) for s in subject.switches)
    yield from table(("Switch", "Closed by", "What it relaxes"), rows)
    headers, effects = subject.effects
    yield from section("What each changes", "Measured: the outcome with the switch off and on, each switch by itself.")
    yield from table(headers, (tuple(map(escaped, line)) for line in effects), "No row changes.")
    idle = [s.name for s in subject.switches if s.name not in {line[0] for line in effects}]
    if idle:
        yield from prose(f"{', '.join(map(code, idle))}: no row that is judged changes.")
