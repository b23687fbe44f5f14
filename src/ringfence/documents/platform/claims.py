"""Every row of the document that the platform was described by: claimed, measured, and published now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.subject import head, section, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.adherence.comparison import Comparison
    from ringfence.documents.platform.subject import Subject

TITLE = "Claimed and measured"


def lines(subject: Subject) -> Iterator[str]:
    """The page."""
    world = subject.assessment.worlds[0]
    found = [c for c in subject.assessment.claims if c.world == world]
    over = sum(c.better for c in found)
    yield from head(
        subject,
        f"{TITLE} of {escaped(subject.title)}",
        "What the system's own document says of each resource, what the definition shows, and what is published here. "
        f"A row that holds although less was said of it is **better**: {over} of {len(found)} are, in world {world}.",
    )
    items = [c for c in found if c.item]
    yield from section("Rows of items")
    headers = ("Line", "Subject", "CIS", "Claimed", "Measured", "Published", "Why")
    yield from table(headers, (_item(c) for c in items), "The document has none.")
    rest = [c for c in found if not c.item]
    yield from section("Other rows")
    yield from table(("Line", "Subject", "What", "Claimed", "Measured", "Why"), _rest(rest), "The document has none.")


def _item(comparison: Comparison) -> tuple[str, ...]:
    claim = comparison.claim
    published = f"**better**: {comparison.published}" if comparison.better else comparison.published or "no row"
    return (
        str(claim.line),
        code(claim.subject.label) if claim.subject.label else "",
        code(comparison.item),
        claim.status,
        comparison.measured,
        published,
        "" if comparison.measured == "pass" else escaped(comparison.why),
    )


def _rest(found: Iterable[Comparison]) -> Iterator[tuple[str, ...]]:
    for one in found:
        claim = one.claim
        measured = f"**better**: {one.measured}" if one.better else one.measured
        why = "" if one.measured == "pass" else escaped(one.why)
        yield str(claim.line), code(claim.subject.label), escaped(claim.text), claim.status, measured, why
