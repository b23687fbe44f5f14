"""``ringfence explain``: what a check or an item means, how it is judged, how to fix it."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from ringfence.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ringfence.benchmarks.benchmark import Benchmark, Item
    from ringfence.checks.check import Check

_NEEDS = {
    "signature": "A person signs this: configuration does not show it.",
    "subscription": "Only the subscription itself shows this: nothing in the source decides it.",
    "check": "Configuration shows this, but no check of it is written yet.",
}


_DECLARED = "Only the subscription itself shows this, unless the source declares it."


def run(options: Any) -> int:
    """Prints the explanation, or the list of everything that can be explained."""
    from ringfence.benchmarks.benchmark import BenchmarkError, load
    from ringfence.checks.check import checks
    from ringfence.prove import BENCHMARK

    try:
        benchmark = load(options.benchmark or BENCHMARK)
    except BenchmarkError as error:
        raise UsageError(str(error)) from error
    known = checks()
    subject = options.subject.strip()
    subject = subject[3:].strip(" :") if subject[:3].casefold() == "cis" else subject
    lines = _explained(subject, benchmark, known) if subject else _listed(benchmark, known)
    print("\n".join(lines))
    return 0


def _explained(subject: str, benchmark: Benchmark, known: Mapping[str, Check]) -> Iterator[str]:
    if subject in known:
        return _check(known[subject], benchmark)
    if subject in benchmark.items:
        return _item(benchmark.items[subject], known)
    inside = [i for i in benchmark.items.values() if i.id.startswith(subject + ".")]
    if inside:
        return (_line(item) for item in inside)
    raise _unknown(subject, benchmark, known)


def _unknown(subject: str, benchmark: Benchmark, known: Mapping[str, Check]) -> UsageError:
    from difflib import get_close_matches

    near = get_close_matches(subject, (*known, *benchmark.items), 3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "ringfence explain lists them."
    return UsageError(f"there is no check and no item {subject} in {benchmark.id}", hint=hint)


def _item(item: Item, known: Mapping[str, Check]) -> Iterator[str]:
    yield f"{item.id}  {item.title}"
    yield f"{item.section}, level {item.level}, {item.assessment}"
    if item.needs:
        declared = item.needs == "subscription" and item.checks
        yield from _paragraph(_DECLARED if declared else _NEEDS[item.needs])
    if item.reading:
        yield from _paragraph(f"How it is read: {item.reading}")
    if item.source:
        yield from _paragraph(f"Source: {item.source}")
    if item.parameters:
        yield from _paragraph("Parameters: " + ", ".join(f"{k} = {v}" for k, v in item.parameters.items()))
    for name in item.checks:
        if name in known:
            yield from ("", *_body(known[name]))


def _check(check: Check, benchmark: Benchmark) -> Iterator[str]:
    yield from _body(check)
    items = benchmark.of(check.id)
    if items:
        yield from ("", f"It decides, in {benchmark.id}:", *map(_line, items))


def _body(check: Check) -> Iterator[str]:
    from ringfence.documents.words import of_kind

    name = of_kind(check.kind)
    name = name if name[:2].isupper() else name[0].lower() + name[1:]
    yield from _wrapped(f"{check.id}  ({check.severity}, judged on each {name})", "", "    ")
    yield from _paragraph(f"{check.title}.")
    for part in check.reason.split("\n\n"):
        if part:
            yield from _paragraph(part)
    yield from _paragraph(f"To fix: {check.fix}")


def _paragraph(text: str) -> Iterator[str]:
    yield from _wrapped(" ".join(text.split()), "  ", "  ")


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    """Lines of at most 78 characters; an address or an id is never broken."""
    return wrap(text, 78, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)


def _line(item: Item) -> str:
    return f"  {item.id:<8} {item.title}" + (f"  (needs {item.needs})" if item.needs else "")


def _listed(benchmark: Benchmark, known: Mapping[str, Check]) -> Iterator[str]:
    yield benchmark.title
    yield from map(_line, benchmark.items.values())
    yield from ("", "checks")
    for name, check in sorted(known.items()):
        yield f"  {name:<44} {check.title}"
