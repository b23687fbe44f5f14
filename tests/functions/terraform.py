"""Asks Terraform itself: one run of `terraform console` for many expressions."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

VERSION = "1.11.4"


def available() -> str:
    """ "" when the version that the tables were recorded with is there, else why not."""
    if shutil.which("terraform") is None:
        return "terraform is not installed"
    answer = _run(["version", "-json"], None, "")
    found = json.loads(answer)["terraform_version"]
    return "" if found == VERSION else f"terraform is {found}, the tables are of {VERSION}"


def results(expressions: list[str], folder: Path) -> list[tuple[str, str]]:
    """The type and the JSON of each expression, ("", "error") for one that fails. `folder` has the files it reads."""
    _write(folder, expressions)
    printed = _console(folder, "nonsensitive(base64encode(jsonencode(local.found)))")
    found = json.loads(base64.b64decode(printed))
    types = _types(_console(folder, "type(local.values)"))
    assert len(types) == len(found) == len(expressions)
    return [("", "error") if f is None else (t, f[1:-1]) for t, f in zip(types, found, strict=True)]


def known(expressions: list[str], folder: Path) -> list[str | None]:
    """The JSON of each expression over the unknown value `u`, None where Terraform does not know it."""
    source = "".join(f'    try(jsonencode([{e}]), "[error]"),\n' for e in expressions)
    unknown = 'resource "terraform_data" "x" {}\nlocals {\n  u = terraform_data.x.output\n'
    named = re.sub(r"\bu\b", "local.u", source)
    (folder / "expressions.tf").write_text(f"{unknown}  found = [\n{named}  ]\n}}\n")
    lines = _console(folder, "[for f in local.found : base64encode(f)]").splitlines()[1:-1]
    found = [None if "known after" in line else base64.b64decode(line.strip(' ",')).decode() for line in lines]
    return [None if f is None else f[1:-1] for f in found]


def functions() -> list[str]:
    """The names of all functions."""
    return list(json.loads(_run(["metadata", "functions", "-json"], None, ""))["function_signatures"])


def _write(folder: Path, expressions: list[str]) -> None:
    found = "".join(f"    try(jsonencode([{e}]), null),\n" for e in expressions)
    values = "".join(f"    try({e}, null),\n" for e in expressions)
    source = f"locals {{\n  found = [\n{found}  ]\n  values = [\n{values}  ]\n}}\n"
    (folder / "expressions.tf").write_text(source)


def _console(folder: Path, expression: str) -> str:
    return _run(["console"], folder, expression)


def _run(args: list[str], folder: Path | None, given: str) -> str:
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        ["terraform", *args], check=False, cwd=folder, input=given, capture_output=True, text=True, env=environment
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout


def _types(printed: str) -> list[str]:
    """The types in a printed tuple type, each on one line."""
    inner = re.fullmatch(r"\s*tuple\(\[(.*)\]\)\s*", printed, re.DOTALL)
    assert inner is not None
    found, depth, start = [], 0, 0
    text = inner[1]
    for i, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            found.append(text[start:i])
            start = i + 1
    return [_one_line(t) for t in (*found, text[start:]) if t.strip()]


def _one_line(printed: str) -> str:
    """The type without the line ends and spaces between its parts."""
    spaced = re.sub(r",\s*", ", ", re.sub(r"\s+", " ", printed.strip()))
    return re.sub(r",? *([\])}])", r"\1", re.sub(r"([\[({]) +", r"\1", spaced))
