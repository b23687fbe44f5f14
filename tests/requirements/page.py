"""docs/requirements.md: every statement, and the tests that show it when the platform is built, proved and run."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ringfence.twin.probes.statements import untried
from tests.requirements.binding import WAYS, bindings, statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.requirements.binding import Binding

HEAD = """\
# Requirements

{made}What FlowEHR's adherence document (F) and the deep dives of the EU Digital COVID Certificate reference
architecture (E) state, in short words of our own, and the tests that show it of the platforms that ship.

- **build**: what is declared, and written as Terraform, is what the statement asks for;
- **prove**: judged and asked, the estate that is declared holds it;
- **run**: somebody tries, and it holds.

A way is ticked where a test of it passes; `—` stands where a statement cannot be shown in that way. Each test fails on
a platform that is broken as [below](#what-breaks-them). What is run is [the twin](twin.md); what it cannot try is said.

{counts}
"""

TABLE = """
## Statements

| Id | Statement | Build | Prove | Run |
| -- | --------- | ----- | ----- | --- |
"""

BROKEN = """
## What breaks them

| Id | Way | Test | Fails when |
| -- | --- | ---- | ---------- |
"""


def page(made: str, *, run: bool) -> str:
    """The whole page; `made` says by what it is written.

    With `run` each test is run, and one that fails ticks nothing. Without, it is the page of a day on which all pass:
    that they do is what they hold themselves.
    """
    passing = [b for b in bindings() if b.passes] if run else list(bindings())
    shown = {(one, b.case.way) for b in passing for one in b.case.ids}
    rows = "".join(_row(one, shown) for one in statements())
    counts = "\n".join(_counts(shown))
    return HEAD.format(made=made, counts=counts) + TABLE + rows + BROKEN + "".join(map(_broken, passing))


Shown: TypeAlias = "set[tuple[str, str]]"
"""The statements that are shown, each with the way."""


def _counts(shown: Shown) -> Iterator[str]:
    listed = statements()
    yield "| Way | Statements that have it | Shown |"
    yield "| --- | ----------------------: | ----: |"
    for way in WAYS:
        having = [known for known, one in listed.items() if way in one["ways"]]
        yield f"| {way} | {len(having)} | {sum((known, way) in shown for known in having)} |"
    whole = sum(all((known, way) in shown for way in one["ways"]) for known, one in listed.items())
    yield f"| run, not tried | {len(untried())} | |"
    yield f"| every way that it has | {len(listed)} | {whole} |"


def _row(id: str, shown: Shown) -> str:
    one = statements()[id]
    cells = " | ".join(_cell(id, way, shown) if way in one["ways"] else "—" for way in WAYS)
    return f"| {id} | {_plain(one['text'])} | {cells} |\n"


def _cell(id: str, way: str, shown: Shown) -> str:
    if (id, way) in shown:
        return "✓"
    return f"not tried: {_plain(untried()[id])}" if way == "run" and id in untried() else ""


def _broken(binding: Binding) -> str:
    ids = ", ".join(binding.case.ids)
    file, _, name = binding.name.partition("::")
    link = f"[`{name}`](../tests/{file})"
    return f"| {ids} | {binding.case.way} | {link} | {_plain(str(binding.case.breaks))} |\n"


def _plain(text: str) -> str:
    """As it may stand in a cell of a table."""
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
