"""The assessment as one self-contained page: rows with a filter, evidence to unfold, worlds side by side.

Nothing is loaded from anywhere, which the page's own content policy enforces; everything printed is escaped.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ringfence.adherence.comparison import disagreements
from ringfence.adherence.finding import STATUSES
from ringfence.documents import sentences
from ringfence.documents.html_rows import rows
from ringfence.documents.text import better_told, counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.adherence.assessment import Assessment
    from ringfence.adherence.finding import Status
    from ringfence.benchmarks.benchmark import Item

HIDDEN_AT_FIRST: tuple[Status, ...] = ("Y", "n/a")
"""What a reader does not need to see before asking for it."""

_RESULT = {
    0: "Adherent: every row holds or is decided",
    2: "Some input could not be read",
    3: "Rows are open",
    4: "Rows are unknown",
}
_NEEDS = {"signature": "a signature", "subscription": "the subscription", "check": "a check of ours"}


def html(assessment: Assessment) -> str:
    """The page."""
    return "\n".join(_page(assessment)) + "\n"


def _page(assessment: Assessment) -> Iterator[str]:
    here = Path(__file__).parent
    style, script = ((here / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'"
    system = escape(assessment.system)
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{system}: {escape(assessment.benchmark.title)}</title>\n<style>\n{style}</style>\n</head>\n<body>"
    yield '<header class="top">'
    yield from _head(assessment)
    yield "</header>\n<main>"
    yield from _sentences(assessment)
    yield from _pictures(assessment)
    yield from _filter(assessment)
    yield from rows(assessment)
    yield from _claims(assessment)
    yield from _omissions(assessment)
    yield from _decisions(assessment)
    yield from _items(assessment)
    yield "<footer>Made by ringfence from the source alone; it shows the declared design, not what runs.</footer>"
    yield f"</main>\n<script>\n{script}</script>\n</body>\n</html>"


def _head(assessment: Assessment) -> Iterator[str]:
    estates = assessment.estates.values()
    resources = max((e.ledger.read for e in estates), default=0)
    roots = {r.root for e in estates for r in e.resources.values() if r.origin.file}
    facts = f"{escape(assessment.benchmark.title)}, {counted(len(roots), 'root')}, {counted(resources, 'resource')}"
    yield f"<h1>{escape(assessment.system)}</h1>"
    yield f'<p><b>{_RESULT[assessment.exit]}.</b> <span class="quiet">{facts}</span></p>'
    yield from _problems(assessment)
    yield from _counts(assessment)


def _problems(assessment: Assessment) -> Iterator[str]:
    unread = dict.fromkeys(u for e in assessment.estates.values() for u in e.ledger.unread)
    if not assessment.problems and not unread:
        return
    serious = any(p.severity == "error" for p in assessment.problems)
    yield f'<ul class="problems{"" if serious else " warnings"}">'
    for problem in assessment.problems:
        where = f"<code>{escape(str(problem.origin))}</code> " if problem.origin.file else ""
        yield f"<li><b>{escape(problem.severity)}</b> {where}{escape(problem.message)}</li>"
    for what, why in unread:
        yield f"<li><b>not read</b> <code>{escape(what)}</code> {escape(why)}</li>"
    yield "</ul>"


def _counts(assessment: Assessment) -> Iterator[str]:
    order = tuple(reversed(STATUSES))
    yield '<div class="scroll"><table class="worlds"><thead><tr><th scope="col">World</th>'
    yield "".join(f'<th scope="col">{status(s)}</th>' for s in order) + "</tr></thead><tbody>"
    for world in assessment.worlds:
        counts = assessment.counts(world)
        cells = "".join(f"<td{'' if counts[s] else ' class=zero'}>{counts[s]}</td>" for s in order)
        yield f'<tr><th scope="row">{escape(world)}</th>{cells}</tr>'
    yield "</tbody></table></div>"


def status(word: str) -> str:
    """A status as a label; its colour only repeats the word."""
    return f'<span class="status s-{escape(word.replace("/", ""))}">{escape(word)}</span>'


def _sentences(assessment: Assessment) -> Iterator[str]:
    """The claims of one's own, under the platform's own heading."""
    if not assessment.sentences:
        return
    yield f"<h2>What {escape(assessment.system)} claims <small>{len(assessment.sentences)}</small></h2>"
    yield '<div class="scroll"><table><thead><tr><th>Claim</th><th>Verdict</th><th>Worlds</th><th>Why</th></tr></thead>'
    yield "<tbody>"
    for held, worlds in sentences.grouped(assessment):
        why = "<br>".join(escape(told) for told in sentences.reasons(held))
        verdict = status(_STATUS[held.outcome])
        yield f"<tr><td>{escape(held.sentence.text)}</td><td>{verdict}</td>"
        yield f"<td>{escape(' '.join(worlds))}</td><td>{why}</td></tr>"
    yield "</tbody></table></div>"


def _pictures(assessment: Assessment) -> Iterator[str]:
    """The network and the keys of the first world, inside the page."""
    from base64 import b64encode

    from ringfence.documents.picture.picture import pictures
    from ringfence.documents.picture.titles import TITLES

    world, estate = next(iter(assessment.estates.items()))
    for name, svg in pictures(assessment.system, world, estate).items():
        source = b64encode(svg.encode()).decode("ascii")
        yield f'<details class="section"><summary>{escape(TITLES[name])} <small class="quiet">{escape(world)}</small>'
        yield f'</summary><div class="scroll"><img alt="{escape(TITLES[name])}"'
        yield f' src="data:image/svg+xml;base64,{source}">'
        yield "</div></details>"


_STATUS = {"pass": "Y", "fail": "open", "unknown": "unknown", "not applicable": "n/a"}


def _filter(assessment: Assessment) -> Iterator[str]:
    yield '<form class="filter" role="search" onsubmit="return false">'
    hint = "Item, word, resource, file ( / )"
    yield f'<input type="search" id="search" aria-label="Filter rows" placeholder="{hint}" autocomplete="off">'
    yield "<fieldset><legend>Status</legend>"
    for word in STATUSES:
        checked = "" if word in HIDDEN_AT_FIRST else " checked"
        yield f'<label><input type="checkbox" data-status="{word}"{checked}>{word}</label>'
    yield "</fieldset>"
    if len(assessment.worlds) > 1:
        yield "<fieldset><legend>World</legend>"
        yield '<label><input type="radio" name="world" data-world="" checked>any</label>'
        for world in assessment.worlds:
            yield f'<label><input type="radio" name="world" data-world="{escape(world)}">{escape(world)}</label>'
        yield "</fieldset>"
    yield '<output id="shown" aria-live="polite"></output>\n</form>'


def _claims(assessment: Assessment) -> Iterator[str]:
    wrong = disagreements(assessment.claims)
    if not assessment.document:
        return
    name = escape(assessment.document)
    yield f"<h2>What {name} says otherwise <small>{counted(len(wrong), 'claim')}</small></h2>"
    holding = better_told(assessment)
    if holding:
        yield f"<p>{escape(holding)}.</p>"
    if not wrong:
        yield "<p>Nothing in it contradicts the code.</p>"
        return
    yield '<div class="scroll"><table><thead><tr><th>Line</th><th>Item</th><th>Resource</th><th>Says</th>'
    yield "<th>Measured</th><th>Why</th></tr></thead><tbody>"
    for (line, item), found in wrong.items():
        claim = found[0].claim
        measured = "<br>".join(f"{escape(c.world)}: {escape(c.measured)}" for c in found)
        why = "<br>".join(dict.fromkeys(escape(c.why) for c in found))
        label = escape(claim.subject.label)
        yield f"<tr><td>{line}</td><td>{escape(item or claim.text)}</td><td>{label}</td>"
        yield f"<td>{status(claim.status)}</td><td>{measured}</td><td>{why}</td></tr>"
    yield "</tbody></table></div>"


def _omissions(assessment: Assessment) -> Iterator[str]:
    if not assessment.omissions:
        return
    found: dict[str, dict[str, str]] = {}
    names: dict[str, str] = {}
    for omission in assessment.omissions:
        resource = omission.row.resource
        names[resource.key] = resource.title + ("" if omission.listed else " (no row at all)")
        items = found.setdefault(resource.key, {})
        if items.get(omission.row.item) != "fail":
            items[omission.row.item] = omission.row.outcome
    yield f'<details class="section"><summary>What {escape(assessment.document)} leaves out '
    yield f'<small class="quiet">{counted(len(found), "resource")}</small></summary>'
    yield '<div class="scroll"><table><thead><tr><th>Resource</th><th>Address</th><th>Items</th></tr></thead><tbody>'
    for key, items in found.items():
        told = ", ".join(f"{item} {outcome}" for item, outcome in items.items())
        yield f"<tr><td>{escape(names[key])}</td><td><code>{escape(key)}</code></td><td>{escape(told)}</td></tr>"
    yield "</tbody></table></div></details>"


def _decisions(assessment: Assessment) -> Iterator[str]:
    if not assessment.remarks:
        return
    yield f"<h2>Decisions to look at <small>{len(assessment.remarks)}</small></h2>"
    heads = "".join(f"<th>{h}</th>" for h in ("Where", "Decision", "Finding", "Why"))
    yield f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>'
    for remark in assessment.remarks:
        decision = remark.decision
        yield f"<tr><td><code>{escape(decision.file)}:{decision.line}</code></td>"
        yield f"<td>{escape(decision.word)} {escape(decision.subject)}</td><td>{escape(remark.kind)}</td>"
        yield f"<td>{escape(remark.why)}</td></tr>"
    yield "</tbody></table></div>"


def _items(assessment: Assessment) -> Iterator[str]:
    items = assessment.benchmark.items.values()
    yield f'<details class="section"><summary>All items <small class="quiet">{len(items)}</small></summary>'
    yield '<div class="scroll"><table><thead><tr><th>Item</th><th>What should hold</th><th>Level</th>'
    yield "<th>Assessment</th><th>Rows, worst first</th></tr></thead><tbody>"
    for item in items:
        yield f"<tr><td>{escape(item.id)}</td><td>{escape(item.title)}</td><td>{item.level}</td>"
        yield f"<td>{escape(item.assessment)}</td><td>{_state(item, assessment)}</td></tr>"
    yield "</tbody></table></div></details>"


def _state(item: Item, assessment: Assessment) -> str:
    found = assessment.rows_of(item.id)
    if found:
        counts = ((s, sum(r.status == s for r in found)) for s in STATUSES)
        return " ".join(f"{number} {status(s)}" for s, number in counts if number)
    decision = assessment.item_decision(item)
    told = f"needs {_NEEDS[item.needs]}" if item.needs else "nothing that is declared concerns it"
    return f"{told}: {escape(decision.word)}, {escape(decision.reason)}" if decision else told
