"""A table of expressions with what terraform 1.11.4 makes of them, and the ways to evaluate it.

`expressions.txt` holds the expressions, `expressions.json` what ``terraform console`` printed for each, None
where it refused. ``python -m tests.hcl.console`` runs terraform and writes the second file anew.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ringfence.model.symbol import Error, List, Map, Set
from ringfence.readers.hcl.evaluate import evaluate
from ringfence.readers.hcl.functions import Context, call
from ringfence.readers.hcl.operators import first_error
from ringfence.readers.hcl.parse import parse_expression, parse_template
from ringfence.readers.hcl.render import render

if TYPE_CHECKING:
    from ringfence.model.symbol import Value

HERE = Path(__file__).parent
TABLE = HERE / "expressions.txt"
RECORDED = HERE / "expressions.json"

LOCALS: dict[str, tuple[str, Value]] = {
    "names": ('["ada", "bob"]', ("ada", "bob")),
    "list": ('tolist(["x", "y", "z"])', List(("x", "y", "z"))),
    "set": ('toset(["q", "p"])', Set(("p", "q"))),
    "map": ("tomap({ one = 1, two = 2 })", Map({"one": 1, "two": 2})),
    "object": ('{ name = "n", inner = { deep = [1, 2, { x = "y" }] } }',
               {"inner": {"deep": (1, 2, {"x": "y"})}, "name": "n"}),
    "objects": ('[{ id = "a", n = 1 }, { id = "b", n = 2 }]', ({"id": "a", "n": 1}, {"id": "b", "n": 2})),
    "empty": ("[]", ()),
    "nothing": ("null", None),
    "yes": ("true", True),
    "seven": ("7", 7),
    "text": ('"héllo"', "héllo"),
}  # fmt: skip
"""Local values that the expressions may use: as Terraform writes them, and as they are."""


def expressions(table: Path = TABLE) -> list[str]:
    """One a line; between lines of ``<<<`` and ``>>>`` one over several lines."""
    found: list[str] = []
    block: list[str] | None = None
    for line in table.read_text().split("\n"):
        if line == "<<<":
            block = []
        elif line == ">>>" and block is not None:
            found.append("\n".join(block))
            block = None
        elif block is not None:
            block.append(line)
        elif line.strip() and not line.startswith("#"):
            found.append(line)
    return found


class Scope:
    """The local values of the table, and Terraform's functions."""

    def __init__(self, **names: Value) -> None:
        self.names = names

    def lookup(self, names: tuple[str, ...]) -> tuple[Value, int]:
        if names[0] == "local" and len(names) > 1 and names[1] in LOCALS:
            return LOCALS[names[1]][1], 2
        if names[0] in self.names:
            return self.names[names[0]], 1
        return Error(f"{'.'.join(names)} is not declared"), len(names)

    def call(self, name: str, args: tuple[Value, ...]) -> Value:
        return call(name, args, _context())


def _context() -> Context:
    def template(text: str, variables: dict[str, Value], file: str) -> Value:
        return evaluate(parse_template(text.encode(), file), Scope(**variables))

    nowhere = Path("/nowhere")
    return Context(nowhere, nowhere, lambda path: None, lambda path: False, lambda path: (), template)


def ours(expression: str, **names: Value) -> Value:
    """What our evaluator makes of it."""
    return evaluate(parse_expression(f"{expression}\n".encode(), "table"), Scope(**names))


def printed(value: Value) -> str | None:
    """The value as terraform prints it; None when it is or holds an Error."""
    return None if first_error(value) is not None else render(value)


def terraforms(table: list[str]) -> dict[str, str | None]:
    """What terraform makes of every expression, in one process; None where it refuses."""
    with TemporaryDirectory() as folder:
        lines = ["locals {", *(f"  {name} = {source}" for name, (source, _) in LOCALS.items()), "}"]
        for i, expression in enumerate(table):
            lines += ["locals {", f"  result{i} = try([", expression, "  ], null)", "}"]
        lines += ["locals {", "  results = {", *(f'    "{i}" = local.result{i}' for i in range(len(table))), "  }", "}"]
        (Path(folder) / "main.tf").write_text("\n".join(lines))
        done = subprocess.run(
            ["terraform", f"-chdir={folder}", "console"],
            input="local.results\n", capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
    if done.returncode:
        raise AssertionError(done.stdout + done.stderr)
    return _split(done.stdout, table)


def _split(output: str, table: list[str]) -> dict[str, str | None]:
    """The printed object cut into its entries."""
    entries = re.split(r'^  "(\d+)" = ', output, flags=re.MULTILINE)[1:]
    found: dict[int, str | None] = {}
    for number, text in zip(entries[::2], entries[1::2], strict=True):
        body = text.rstrip("\n").removesuffix("\n}").rstrip("\n")
        found[int(number)] = None if body == "null" else untyped_null(_dedent(body))
    return {expression: found[i] for i, expression in enumerate(table)}


def _dedent(body: str) -> str:
    """The one element of the printed tuple, as it would be printed alone."""
    inner = body.removeprefix("[\n").removesuffix("\n  ]").removesuffix(",")
    text = "\n".join(line.removeprefix("    ") for line in inner.split("\n"))
    return re.sub(r"\A<<-", "<<", text)


def untyped_null(text: str) -> str:
    """The text with every null written ``null``."""
    text = re.sub(r"to(?:list|set|map)\(null\) /\* of .*? \*/", "null", text)
    return re.sub(r"to(?:string|number|bool)\(null\)|null /\* \w+ \*/", "null", text)


def recorded() -> dict[str, str | None]:
    """What terraform 1.11.4 printed."""
    return json.loads(RECORDED.read_text())  # type: ignore[no-any-return]


def installed() -> bool:
    """True when terraform can be run."""
    return shutil.which("terraform") is not None


if __name__ == "__main__":
    answers = terraforms(expressions())
    RECORDED.write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n")
    print(f"{len(answers)} expressions, {sum(a is None for a in answers.values())} of them refused")
