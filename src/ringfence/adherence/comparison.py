"""The outcome of holding a document against the code; `compare` and `measure` make it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.adherence.finding import row_status, status_of
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.adherence.claims import Claim
    from ringfence.adherence.decisions import Decision
    from ringfence.adherence.finding import Row, Status
    from ringfence.model.resource import Resource

NOT_IN_CODE = "not in code"


@record()
class Comparison:
    """One item of one claim in one world."""

    world: str
    claim: Claim
    item: str
    measured: str
    """An outcome, or "not in code" when nothing that was read decides it."""
    agrees: bool | None
    """None when the two cannot be compared."""
    why: str
    rows: tuple[Row, ...] = ()
    resources: tuple[Resource, ...] = ()
    note: str = ""
    """Something else that the document has wrong in this row."""
    decision: Decision | None = None
    """What was decided about an item that no row has."""

    @property
    def published(self) -> Status | None:
        """What the generated document prints for it; None where it prints no status."""
        if self.rows:
            return row_status(row.status for row in self.rows)
        return status_of(self.decision) if self.decision else None

    @property
    def better(self) -> bool:
        """Nothing fails, though the document says that something does; or it holds where the document leaves it out."""
        return self.claim.status in _LESS.get(self.measured, ())


_FAILS = ("N", "TODO", "open", "Partial")
_LESS = {"pass": (*_FAILS, "n/a"), "not applicable": _FAILS}
"""By what is measured: what a document says less."""


@record()
class Omission:
    """A row that is judged but that the document does not have."""

    world: str
    row: Row
    listed: bool
    """The document has other rows on the resource."""


def undeclared(comparisons: Iterable[Comparison]) -> tuple[list[Comparison], list[Comparison]]:
    """Those whose row the code shows in no world, and those that it shows in some other world."""
    found = list(comparisons)
    shown = {_row(c) for c in found if c.measured != NOT_IN_CODE}
    absent = [c for c in found if c.measured == NOT_IN_CODE and c.claim.status != "n/a"]
    return [c for c in absent if _row(c) not in shown], [c for c in absent if _row(c) in shown]


def _row(comparison: Comparison) -> tuple[str, int, str]:
    return comparison.claim.source, comparison.claim.line, comparison.item


def better(comparisons: Iterable[Comparison]) -> dict[tuple[str, int, str], list[Comparison]]:
    """By source, line and item, in the document's order, the comparisons that hold though the document says less."""
    found: dict[tuple[str, int, str], list[Comparison]] = {}
    for comparison in comparisons:
        if comparison.better:
            found.setdefault(_row(comparison), []).append(comparison)
    return found


def disagreements(comparisons: Iterable[Comparison]) -> dict[tuple[int, str], list[Comparison]]:
    """By line and item, in the document's order, the comparisons in which the code does not keep what is said."""
    found: dict[tuple[int, str], list[Comparison]] = {}
    for comparison in comparisons:
        if comparison.agrees is False and not comparison.better:
            found.setdefault((comparison.claim.line, comparison.item), []).append(comparison)
    return {key: found[key] for key in sorted(found, key=lambda k: k[0])}
