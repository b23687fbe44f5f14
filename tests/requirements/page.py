"""docs/requirements.md: every statement, and the tests that show it when the platform is built, proved and run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.requirements.binding import WAYS, bindings, statements, tests_of

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
a platform that is broken as [below](#what-breaks-them).

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


def page(made: str) -> str:
    """The whole page; `made` says by what it is written."""
    rows = "".join(map(_row, statements()))
    broken = "".join(_broken(b) for b in bindings() if b.passes)
    return HEAD.format(made=made, counts="\n".join(_counts())) + TABLE + rows + BROKEN + broken


def shown(id: str, way: str) -> bool:
    """Some test shows it in this way."""
    return any(b.passes for b in tests_of(id, way))


def _counts() -> Iterator[str]:
    listed = statements()
    yield "| Way | Statements that have it | Shown |"
    yield "| --- | ----------------------: | ----: |"
    for way in WAYS:
        having = [known for known, one in listed.items() if way in one["ways"]]
        yield f"| {way} | {len(having)} | {sum(shown(known, way) for known in having)} |"
    whole = sum(all(shown(known, way) for way in one["ways"]) for known, one in listed.items())
    yield f"| every way that it has | {len(listed)} | {whole} |"


def _row(id: str) -> str:
    one = statements()[id]
    cells = " | ".join(_cell(id, one, way) for way in WAYS)
    return f"| {id} | {_plain(one['text'])} | {cells} |\n"


def _cell(id: str, one: dict[str, Any], way: str) -> str:
    if way not in one["ways"]:
        return "—"
    return "✓" if shown(id, way) else ""


def _broken(binding: Binding) -> str:
    ids = ", ".join(binding.case.ids)
    file, _, name = binding.name.partition("::")
    link = f"[`{name}`](../tests/{file})"
    return f"| {ids} | {binding.case.way} | {link} | {_plain(str(binding.case.breaks))} |\n"


def _plain(text: str) -> str:
    """As it may stand in a cell of a table."""
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
