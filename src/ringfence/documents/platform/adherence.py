"""The adherence document of a platform: scope, layers, a row for every resource and item, and what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.adherence.decisions import concerns
from ringfence.documents import sentences
from ringfence.documents.escape import code, escaped, row, rule
from ringfence.documents.groups import item_order
from ringfence.documents.platform.subject import head, prose, section, table
from ringfence.documents.platform.tried import summary
from ringfence.documents.table import CATALOGUE, layers, legend, undecided, unjudged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.adherence.decisions import Decision
    from ringfence.checks.check import Check
    from ringfence.documents.platform.subject import Subject
    from ringfence.model.origin import Origin

TITLE = "CIS adherence"
OBTAIN = {"cis-azure-2.0.0": "https://www.cisecurity.org/benchmark/azure"}
"""Where a reader gets the benchmark itself, by its id."""


def lines(subject: Subject) -> Iterator[str]:
    """The page."""
    assessment = subject.assessment

    def to(text: str, origin: Origin) -> str:
        return subject.link(origin, text)

    yield from head(subject, f"{TITLE} of {escaped(subject.title)}")
    yield from _scope(subject)
    yield from _layers(subject)
    yield from sentences.markdown(assessment)
    yield from section("How to read the tables", legend(assessment.worlds[1:]))
    yield from layers(assessment, to, [layer.name for layer in subject.blueprint.layers])
    yield from undecided(assessment)
    yield from summary(subject)
    yield from _local(subject)
    yield from _added(subject)
    yield from unjudged(assessment, subject.assessment.worlds[0], to)


def _scope(subject: Subject) -> Iterator[str]:
    benchmark = subject.assessment.benchmark
    yield from prose(
        f"How each resource of {escaped(subject.title)} adheres to the {escaped(benchmark.title)} "
        f"({code(benchmark.id)}; [from CIS]({OBTAIN.get(benchmark.id, OBTAIN['cis-azure-2.0.0'])})), row by row. The "
        "numbers, levels and kinds of assessment are the benchmark's; the titles are our own."
    )
    others = " and ".join(f"**{escaped(w)}**" for w in subject.assessment.worlds[1:])
    yield from section(
        "Scope",
        f"The subject is world **{escaped(subject.world)}**, {_what(subject)}."
        + (f" Worlds {others} are not the subject of this document; notes say where they differ." if others else "")
        + f" Every file that a row points at is in the [definition]({subject.definition}), which is built from the same"
        " model as this page: a resource that is added, changed or taken away changes its rows, and a page that is not"
        " what would be written now fails the check.",
        "Out of scope:",
    )
    yield from table(("What", "Why", "Level", "Owner"), _exclusions(subject))


def _what(subject: Subject) -> str:
    if subject.blueprint.production:
        return "the production subscription, in which real data is kept"
    return "a copy in which no real data is kept"


def _exclusions(subject: Subject) -> Iterator[tuple[str, ...]]:
    """What the document does not speak of: native accounts, and every item that somebody else takes care of."""
    accounts = ", ".join(code(a.name) for a in subject.blueprint.register.accounts)
    yield (
        "Accounts of the platform's own tenant",
        (
            f"Rare exceptions with an owner and an end, listed with the [identities](identities.md): "
            f"{accounts or 'none now'}"
        ),
        "tenant",
        "platform owner",
    )
    for decision in _inherited(subject):
        what = ", ".join(code(f"CIS {item}") for item in decision.items)
        yield what, escaped(decision.reason), escaped(decision.level), escaped(decision.owner)


def _inherited(subject: Subject) -> Iterator[Decision]:
    """The decisions that say of items without a row here that somebody else takes care of them."""
    assessment = subject.assessment
    for decision in assessment.decisions:
        items = [i for i in assessment.benchmark.items if any(concerns(p, i) for p in decision.items)]
        if decision.word == "not-applicable" and items and not any(assessment.rows_of(i) for i in items):
            yield decision


def _layers(subject: Subject) -> Iterator[str]:
    yield from section("Layers", "Each is deployed by itself, in this order, and no resource is in two.")
    rows = []
    for layer in subject.blueprint.layers:
        files = {f.name: next((d for d in f.declared if d.mode == "managed"), None) for f in layer.files.values()}
        links = ", ".join(subject.place(first, name) for name, first in files.items() if first is not None)
        rows.append((code(layer.name), escaped(layer.about), str(sum(d.mode == "managed" for d in layer)), links))
    yield from table(("Layer", "What it is", "Resources", "Files"), rows)


def _local(subject: Subject) -> Iterator[str]:
    """The catalogue of our own that has a row here."""
    world = subject.assessment.worlds[0]
    found = {r.parts[0].check.id: r.parts[0].check for r in subject.assessment.rows if not r.item and r.world == world}
    yield from section(
        f"The catalogue {CATALOGUE}",
        "Settings that matter and that no item of the benchmark asks for. Their names are not the benchmark's.",
    )
    rows = (_control(check) for _, check in sorted(found.items()))
    yield from table(("Control", "What should hold", "Why", "Source"), rows, "None has a row here.")


def _control(check: Check) -> tuple[str, ...]:
    why, _, source = check.reason.partition("Source: ")
    return code(f"{CATALOGUE} {check.id}"), escaped(check.title), escaped(why), escaped(source)


def _added(subject: Subject) -> Iterator[str]:
    """The rows that apply and that the document which was claimed does not have."""
    world = subject.assessment.worlds[0]
    found: dict[str, list[str]] = {}
    titles = {}
    for omission in subject.assessment.omissions:
        if omission.world == world:
            resource = omission.row.resource
            titles[resource.key] = subject.link(resource.origin, resource.title)
            found.setdefault(resource.key, []).append(f"{omission.row.item} {omission.row.status}")
    if not found:
        return
    yield from section(
        "Rows that the claimed document leaves out",
        "They apply to what is here, so they are in the tables above; [claimed and measured](claims.md) has the rest.",
    )
    yield from ("", row("Resource", "Items"), rule(2))
    for key, items in found.items():
        yield row(titles[key], ", ".join(sorted(dict.fromkeys(items), key=lambda i: item_order(i.partition(" ")[0]))))
