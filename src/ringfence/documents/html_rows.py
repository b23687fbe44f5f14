"""The rows of the page: one for each item and resource, with a status for each world and the evidence below."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ringfence.adherence.finding import STATUSES
from ringfence.adherence.reasons import reason_of, shown
from ringfence.documents.groups import claims_by_row, item_order
from ringfence.documents.words import kind
from ringfence.model.symbol import Sensitive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.adherence.assessment import Assessment
    from ringfence.adherence.finding import Finding, Row
    from ringfence.model.origin import Origin
    from ringfence.model.resource import Resource
    from ringfence.model.verdict import Evidence

_Side = dict[str, "Row"]
"""One item on one resource, by world."""


def rows(assessment: Assessment) -> Iterator[str]:
    """All rows, worst first."""
    worlds = assessment.worlds
    claimed = claims_by_row(assessment)
    heads = "".join(f"<span>{escape(w)}</span>" for w in worlds)
    yield '<div class="rows"><div class="cols"><span>Item</span><span>What should hold</span><span>Resource</span>'
    yield f'<span class="per">{heads}</span></div>'
    for side in sorted(_sides(assessment), key=_order):
        yield from _row(side, assessment, claimed)
    yield '<p class="none" id="nothing" hidden>No row fits the filter.</p></div>'


def _sides(assessment: Assessment) -> list[_Side]:
    found: dict[tuple[str, str], _Side] = {}
    for row in assessment.rows:
        found.setdefault((row.item or row.parts[0].check.id, row.resource.key), {})[row.world] = row
    return list(found.values())


def _order(side: _Side) -> tuple[int, tuple[int, ...], str]:
    first = next(iter(side.values()))
    worst = min(STATUSES.index(row.status) for row in side.values())
    return worst, item_order(first.item or "99"), first.resource.key


def _row(side: _Side, assessment: Assessment, claimed: dict[tuple[str, str, str], str]) -> Iterator[str]:
    first = next(iter(side.values()))
    resource = first.resource
    title = assessment.benchmark.items[first.item].title if first.item else first.title
    said = (claimed.get((world, first.item, resource.key)) for world in side)
    says = next(filter(None, said), "")
    yield f'<details class="row" data-status="{_statuses(side)}" data-text="{_text(first, title)}"><summary>'
    yield f'<span class="item">{escape(first.item or "own")}</span><span>{escape(title)}'
    yield f"{f'<br><span class=says>document says {escape(says)}</span>' if says else ''}</span>"
    yield f'<span class="name">{escape(resource.title)}<span class="mono">{escape(_where_in(resource))}</span></span>'
    yield f'<span class="per">{"".join(_cell(side.get(w), w) for w in assessment.worlds)}</span></summary>'
    yield '<div class="more">'
    yield from _evidence(side)
    yield "</div></details>"


def _where_in(resource: Resource) -> str:
    """The address, with the root where there is more than the estate's own folder."""
    return resource.address if resource.root == "." else f"{resource.root} # {resource.address}"


def _cell(row: Row | None, world: str) -> str:
    word, colour = (row.status, row.status.replace("/", "")) if row else ("–", "none")
    return f'<span data-world="{escape(world)}"><span class="status s-{colour}">{word}</span></span>'


def _statuses(side: _Side) -> str:
    import json

    return escape(json.dumps({world: row.status for world, row in side.items()}, separators=(",", ":")))


def _text(row: Row, title: str) -> str:
    """What the filter looks through, in lower case."""
    resource = row.resource
    checks = " ".join(part.check.id for part in row.parts)
    words = f"{row.item} {title} {checks} {resource.title} {resource.key} {kind(resource)} {resource.origin.file}"
    return escape(words.casefold())


def _evidence(side: _Side) -> Iterator[str]:
    """Each check of the row; worlds with the same evidence are shown together."""
    by_check: dict[str, dict[str, list[Finding]]] = {}
    for row in side.values():
        for part in row.parts:
            same = f"{part.verdict.outcome} {part.status} {_why(part)} {_table(part)}"
            by_check.setdefault(part.check.id, {}).setdefault(same, []).append(part)
    for variants in by_check.values():
        first = next(iter(variants.values()))[0]
        yield f"<h3>{escape(first.check.title)} <code class=quiet>{escape(first.check.id)}</code></h3>"
        for parts in variants.values():
            yield _part(parts)
        if any(p.verdict.outcome != "pass" for parts in variants.values() for p in parts):
            yield f'<p class="fix"><b>To fix:</b> {escape(first.check.fix)}</p>'


def _part(parts: list[Finding]) -> str:
    worlds = ", ".join(escape(p.world) for p in parts)
    part = parts[0]
    told = f"<p><b>{worlds}:</b> {part.verdict.outcome}. {escape(_why(part))}</p>"
    return told + _decision(part) + _table(part)


def _why(part: Finding) -> str:
    return reason_of(part.resource, part.verdict).replace(f" in world {part.world}", "")


def _decision(part: Finding) -> str:
    decision = part.decision
    if decision is None:
        return ""
    until = f", review by {decision.review_by}" if decision.review_by else ""
    lapsed = " <b>This decision has lapsed.</b>" if part.lapsed else ""
    owner = f" ({escape(decision.owner)}{until})" if decision.owner or until else ""
    issue = f" {escape(decision.issue)}" if decision.issue else ""
    place = f"<code>{escape(decision.file)}:{decision.line}</code>"
    return f"<p><b>Decided:</b> {decision.word}. {escape(decision.reason)}{issue}{owner} {place}{lapsed}</p>"


def _table(part: Finding) -> str:
    if not part.verdict.evidence:
        return ""
    body = "".join(_line(e, part) for e in part.verdict.evidence)
    heads = "".join(f"<th>{h}</th>" for h in ("Field", "Expected", "Actual", "Where", ""))
    return f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def _line(evidence: Evidence, part: Finding) -> str:
    other = evidence.resource and evidence.resource != part.resource.key
    whose = f'<br><span class="quiet">of <code>{escape(evidence.resource)}</code></span>' if other else ""
    actual = "not set" if evidence.actual is None else shown(evidence.actual)
    actual = actual.replace(f" in world {part.world}", "")
    cells = (
        f"<code>{escape(evidence.field)}</code>{whose}",
        escape(shown(evidence.expected)),
        f"<code>{escape(actual)}</code>",
        _where(evidence.origin, hidden=isinstance(evidence.actual, Sensitive)),
        escape(evidence.outcome),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _where(origin: Origin, *, hidden: bool) -> str:
    if not origin.file:
        return escape(f"{origin.default} default") if origin.default else ""
    written = (
        "" if hidden or not origin.expression else f"<br><code class=quiet>{escape(shown(origin.expression))}</code>"
    )
    return f"<code>{escape(str(origin))}</code>{written}"
