"""The assessment as plain data: the shape of ``--format json``, published in docs/schema/prove.schema.json.

Fields are added, never changed: others build on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.adherence.reasons import published, reason
from ringfence.documents import sentences
from ringfence.model.symbol import Sensitive

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.adherence.assessment import Assessment, Remark
    from ringfence.adherence.comparison import Comparison, Omission
    from ringfence.adherence.decisions import Decision
    from ringfence.adherence.finding import Finding
    from ringfence.benchmarks.benchmark import Item
    from ringfence.model.origin import Origin
    from ringfence.model.resource import Resource
    from ringfence.model.verdict import Evidence, Verdict
    from ringfence.model.world import Ledger

Data = dict[str, Any]


def dumped(assessment: Assessment) -> str:
    """The document as JSON text, one element of each list a line, ending with a newline."""
    from json import JSONEncoder

    encode = JSONEncoder(ensure_ascii=False, check_circular=False).encode
    entries = (f"  {encode(name)}: {_listed(value, encode)}" for name, value in data(assessment).items())
    return "{\n" + ",\n".join(entries) + "\n}\n"


def _listed(value: Any, encode: Callable[[Any], str]) -> str:
    if not isinstance(value, list) or not value or not isinstance(value[0], dict):
        return encode(value)
    return "[\n    " + ",\n    ".join(map(encode, value)) + "\n  ]"


def data(assessment: Assessment) -> Data:
    """The whole assessment."""
    worlds = list(assessment.worlds)
    return {
        "system": assessment.system,
        "benchmark": assessment.benchmark.id,
        "worlds": worlds,
        "exit": assessment.exit,
        "findings": [_finding(f) for f in assessment.findings],
        "items": [_item(assessment, item) for item in assessment.benchmark.items.values()],
        "claims": [_claim(c) for c in assessment.claims],
        "sentences": [sentences.data(h) for h in assessment.sentences],
        "omitted": [_omission(o) for o in assessment.omissions],
        "rows": {world: assessment.counts(world) for world in worlds},
        "unjudged": {world: [r.key for r in assessment.unjudged(world)] for world in worlds},
        "decisions": [_remark(r) for r in assessment.remarks],
        "problems": [
            {"severity": p.severity, "message": p.message, "origin": _origin(p.origin)} for p in assessment.problems
        ],
        "ledger": _ledgers({w: e.ledger for w, e in assessment.estates.items()}),
    }


def _finding(finding: Finding) -> Data:
    verdict = finding.verdict
    return {
        "world": finding.world,
        "check": finding.check.id,
        "title": finding.check.title,
        "severity": finding.check.severity,
        "items": list(finding.items),
        "verdict": verdict.outcome,
        "why": reason(verdict),
        "resource": _resource(finding.resource),
        "evidence": [_evidence(e, finding.resource) for e in verdict.evidence],
        "unknown": _unknown(verdict),
        "status": finding.status,
        "decision": _decision(finding.decision, lapsed=finding.lapsed) if finding.decision else None,
    }


def _resource(resource: Resource) -> Data:
    return {
        "key": resource.key,
        "root": resource.root,
        "address": resource.address,
        "type": resource.type,
        "name": resource.title,
        "origin": _origin(resource.origin),
    }


def _evidence(evidence: Evidence, resource: Resource) -> Data:
    hidden = isinstance(evidence.actual, Sensitive)
    return {
        "field": evidence.field,
        "expected": published(evidence.expected),
        "actual": published(evidence.actual),
        "outcome": evidence.outcome,
        "resource": evidence.resource or resource.key,
        "origin": _origin(evidence.origin, hidden=hidden),
    }


def _origin(origin: Origin, *, hidden: bool = False) -> Data:
    found: Data = {"file": origin.file, "line": origin.line}
    expression = "(sensitive value)" if hidden and origin.expression else origin.expression
    found["expression"] = expression
    if origin.default:
        found["default"] = origin.default
    return found


def _unknown(verdict: Verdict) -> Data | None:
    """What would settle an unknown verdict; null for the others."""
    if verdict.outcome != "unknown":
        return None
    needs = [{"kind": n.kind, "subject": n.subject, "why": n.why} for n in verdict.needs]
    return {"why": reason(verdict), "needs": needs}


def _decision(decision: Decision, *, lapsed: bool = False) -> Data:
    return {
        "decision": decision.word,
        "checks": list(decision.checks),
        "items": list(decision.items),
        "resources": list(decision.resources),
        "worlds": list(decision.worlds),
        "reason": decision.reason,
        "owner": decision.owner or None,
        "level": decision.level or None,
        "issue": decision.issue or None,
        "review_by": decision.review_by.isoformat() if decision.review_by else None,
        "lapsed": lapsed,
        "file": decision.file,
        "line": decision.line,
    }


def _remark(remark: Remark) -> Data:
    lapsed = remark.kind == "lapsed"
    return {
        "finding": remark.kind,
        "why": remark.why,
        "worlds": list(remark.worlds),
        "decision": _decision(remark.decision, lapsed=lapsed),
    }


def _item(assessment: Assessment, item: Item) -> Data:
    rows = assessment.rows_of(item.id)
    decision = assessment.item_decision(item)
    outcomes = ("pass", "fail", "unknown", "not applicable")
    counts = dict.fromkeys(outcomes, 0)
    by_world = {world: dict(counts) for world in assessment.worlds}
    for row in rows:
        counts[row.outcome] += 1
        by_world[row.world][row.outcome] += 1
    return {
        "id": item.id,
        "title": item.title,
        "level": item.level,
        "assessment": item.assessment,
        "needs": item.needs or None,
        "checks": list(item.checks),
        **_counts(counts),
        "worlds": {world: _counts(found) for world, found in by_world.items()},
        "decision": _decision(decision) if decision else None,
    }


def _counts(counts: dict[str, int]) -> Data:
    return {name.replace(" ", "_"): number for name, number in counts.items()}


def _claim(comparison: Comparison) -> Data:
    claim = comparison.claim
    return {
        "world": comparison.world,
        "source": claim.source,
        "line": claim.line,
        "item": comparison.item or None,
        "topic": claim.text,
        "resource": claim.subject.label,
        "claimed": claim.status or None,
        "measured": comparison.measured,
        "agrees": comparison.agrees,
        "published": comparison.published,
        "better": comparison.better,
        "why": comparison.why,
        "note": comparison.note,
        "resources": [row.resource.key for row in comparison.rows] or [r.key for r in comparison.resources],
    }


def _omission(omission: Omission) -> Data:
    row = omission.row
    return {
        "world": omission.world,
        "item": row.item,
        "resource": _resource(row.resource),
        "verdict": row.outcome,
        "status": row.status,
        "listed": omission.listed,
    }


def _ledgers(ledgers: dict[str, Ledger]) -> Data:
    """That of the first world, and each by itself."""
    each = {world: _ledger(ledger) for world, ledger in ledgers.items()}
    first = next(iter(each.values()), {"read": 0, "untyped": 0, "skipped": [], "unread": []})
    return {**first, "worlds": each}


def _ledger(ledger: Ledger) -> Data:
    return {
        "read": ledger.read,
        "untyped": ledger.untyped,
        "skipped": [{"what": what, "why": why} for what, why in ledger.skipped],
        "unread": [{"what": what, "why": why} for what, why in ledger.unread],
    }
