"""Rows of FlowEHR's document: what is built for an item on a resource, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.errors import RingfenceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.adherence.decisions import Decision
    from ringfence.adherence.finding import Row
    from tests.requirements.bench import Bench


def has(bench: Bench, address: str, *lines: str) -> None:
    """The block is built with these arguments."""
    written = bench.written(address)
    missing = [line for line in lines if line not in written]
    assert missing == [], f"{address} is built without {missing}"


def holds(bench: Bench, item: str, address: str) -> Row:
    """The row passes, by evidence that is shown."""
    row = bench.row(item, address)
    assert row.status == "Y", f"{item} on {address} is {row.status}: {why(row)}"
    assert all(part.verdict.evidence for part in row.parts if part.verdict.outcome == "pass")
    return row


def accepted(bench: Bench, item: str, address: str, *words: str) -> Decision:
    """The row fails, and a decision accepts it with a reason that has these words, an owner and a day of review."""
    row = bench.row(item, address)
    assert row.status == "N", f"{item} on {address} is {row.status}: {why(row)}"
    decided = [part.decision for part in row.parts if part.verdict.outcome == "fail"]
    assert all(decided)
    decision = decided[0]
    assert decision is not None
    assert decision.reason
    assert decision.owner
    assert decision.review_by
    missing = [word for word in words if word.casefold() not in decision.reason.casefold()]
    assert missing == [], f"{item} on {address} is accepted because {decision.reason}"
    return decision


def decided(bench: Bench, item: str, address: str) -> Decision:
    """The decision on an item of a resource, whatever its row says."""
    resource = bench.resource(address)
    found = [d for d in bench.decisions if d.names(item, "") and d.covers(resource)]
    assert found, f"nothing is decided on {item} of {address}"
    return min(found, key=lambda d: d.distance(item))


def why(row: Row) -> str:
    """What the parts of a row say, for a message."""
    return "; ".join(f"{part.check.id} {part.verdict.outcome}" for part in row.parts)


def better(bench: Bench, item: str, label: str, issue: str) -> None:
    """The document has still to do it, in an issue; here it is done, and the row holds."""
    compared = bench.compared(item, label)
    assert compared.claim.status == "TODO"
    assert any(one.endswith(issue) for one in (*compared.claim.issues, *compared.claim.subject.issues))
    assert compared.measured == "pass", compared.why
    assert compared.better


def refused(what: Callable[[], object]) -> str:
    """What is asked for is refused; the message."""
    try:
        what()
    except RingfenceError as error:
        return str(error)
    raise AssertionError("it is not refused")
