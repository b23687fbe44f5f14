"""The refinement law: what Terraform knows before apply, we know too, and the same; nothing it accepts is an Error.

Random expressions over ids that are not known yet are planned by terraform, all in one run, and evaluated here.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ringfence.model.symbol import Choice, Error, Ref, is_symbol, plain, render
from ringfence.readers.hcl.operators import first_error
from tests.hcl.console import installed, ours

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.symbol import Value

EXAMPLES = int(os.environ.get("PLANS", "2"))
ID = "terraform_data.u.id"
ANY = "terraform_data.u.output"
NAMES: dict[str, Value] = {"terraform_data": {"u": {"id": Ref(".#terraform_data.u", ("id",)),
                                                   "output": Ref(".#terraform_data.u", ("output",))}}}  # fmt: skip

pytestmark = pytest.mark.skipif(not installed(), reason="terraform is not installed")


GRAMMAR: dict[str, list[str]] = {
    "str": [
        '"a"', '"ab"', '"b-c"', '""', "ID", '"${ID}"', "tostring(1)", '"x${<str>}-${<num>}"', '"${<str>}${<str>}"',
        "(<bool> ? <str> : <str>)", "upper(<str>)", "[<str>, <str>][1]", 'join("-", <list>)',
        "{ a = <str>, b = <str> }.a", 'lookup(<map>, "k", <str>)', 'coalesce(<str>, "q")',
        '"%{ if <bool> }${<str>}%{ else }z%{ endif }"', '"%{ for x in <list> }${x},%{ endfor }"',
        'replace(<str>, "a", "o")', 'format("%s/%s", <str>, <num>)', "trimspace(<str>)", "element([<str>, <str>], 1)",
    ],
    "num": [
        "0", "1", "2.5", "-3", "length(ID)", "(<num> + <num>)", "(<num> * 2)", "(0 - <num>)", "length(<list>)",
        "length(<str>)", "(<bool> ? <num> : <num>)", "max(<num>, <num>)", "length(<map>)", "sum([<num>, <num>])",
    ],
    "bool": [
        "true", "false", '(ID == "a")', "(ID == null)", "(ANY == null)", "(<str> == <str>)", "(<str> != <str>)",
        "(<str> == null)", "(<num> < <num>)", "(<num> >= <num>)", "(<num> == <num>)", "(<bool> && <bool>)",
        "(<bool> || <bool>)", "(!<bool>)", "(<bool> == <bool>)", "contains(<list>, <str>)", "(<list> == <list>)",
        "(<list> == null)", "(<map> == {})", 'startswith(<str>, "a")', "alltrue([<bool>, <bool>])",
        "(<bool> ? <bool> : <bool>)",
    ],
    "list": [
        "[]", '["a"]', "[ID]", '["a", ID]', 'split("-", ID)', 'tolist(["b", "c"])', "[<str>, <str>]",
        '[for x in <list> : "${x}!"]', "[for i, x in <list> : x if x != <str>]", "concat(<list>, <list>)",
        "(<bool> ? <list> : <list>)", "([{ a = <str> }, { a = <str> }][*].a)", "(toset([<str>])[*])", "(<list>[*])",
        "[for k, v in <map> : k]", "[for x in [<str>] : x if <bool>]", "flatten([<list>, <list>])", "keys(<map>)",
        "values(<map>)", "compact(<list>)", "distinct(<list>)", "reverse(<list>)",
    ],
    "map": [
        "{}", '{ k = "a" }', "{ k = ID }", '{ (ID) = "a" }', "{ k = <str>, j = <str> }", '{ "x${<str>}" = <str> }',
        '{ for i, x in <list> : "k${i}" => x }', "merge(<map>, <map>)", "(<bool> ? <map> : <map>)",
        '{ for k, v in <map> : k => "${v}?" if <bool> }',
    ],
}  # fmt: skip
"""Well-typed expressions by their type; ``<str>`` stands for any string."""


def grow(random: Random, kind: str, depth: int) -> str:
    """A random expression of this type, at most so deep."""
    choices = GRAMMAR[kind] if depth else [p for p in GRAMMAR[kind] if "<" not in p]
    first, *rest = re.split(r"<(str|num|bool|list|map)>", random.choice(choices))
    parts = [first]
    for inner, text in zip(rest[::2], rest[1::2], strict=True):
        parts += [grow(random, inner, depth - 1), text]
    return "".join(parts).replace("ID", ID).replace("ANY", ANY)


def planned(folder: Path, expressions: list[str]) -> dict[str, tuple[Any, Any]]:
    """For each expression what terraform plans: the value, and which parts of it are not known."""
    lines = ['resource "terraform_data" "u" {', '  input = "x"', "}"]
    for i, expression in enumerate(expressions):
        lines += [f'output "o{i}" {{', f"  value = {expression}", "}"]
    (folder / "main.tf").write_text("\n".join(lines))
    for command in (["init", "-input=false"], ["plan", "-input=false", "-out=p", "-refresh=false"]):
        done = subprocess.run(
            ["terraform", f"-chdir={folder}", *command], capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stderr[:4000]
    shown = subprocess.run(
        ["terraform", f"-chdir={folder}", "show", "-json", "p"], capture_output=True, text=True, check=True, timeout=300
    )
    changes = json.loads(shown.stdout)["output_changes"]
    return {e: (changes[f"o{i}"].get("after"), changes[f"o{i}"]["after_unknown"]) for i, e in enumerate(expressions)}


def disagreement(value: Value, after: Any, unknown: Any) -> str:
    """Where our value contradicts what Terraform knows; "" where it does not."""
    if first_error(value) is not None:
        return f"is an error: {render(value)}"
    if unknown is True:
        return ""
    value = plain(value)
    if isinstance(value, Choice):
        return disagreement(value.yes, after, unknown) or disagreement(value.no, after, unknown)
    if is_symbol(value):
        return f"is not known: {render(value)}"
    if isinstance(value, dict) and isinstance(after, dict):
        return _members(value, after, unknown or {})
    if isinstance(value, tuple) and isinstance(after, list):
        return _items(value, after, unknown or [])
    known = float(value) if isinstance(value, Decimal) else value
    return "" if known == after and isinstance(known, bool) == isinstance(after, bool) else f"is {render(value)}"


def _members(value: dict[str, Value], after: dict[str, Any], unknown: dict[str, Any]) -> str:
    if value.keys() != after.keys() | unknown.keys():
        return f"has the keys {list(value)}"
    found = (disagreement(value[k], after.get(k), unknown.get(k, False)) for k in value)
    return next(filter(None, found), "")


def _items(value: tuple[Value, ...], after: list[Any], unknown: list[Any]) -> str:
    if len(value) != max(len(after), len(unknown)):
        return f"has {len(value)} items"
    after = after + [None] * (len(value) - len(after))
    unknown = unknown + [False] * (len(value) - len(unknown))
    return next(filter(None, map(disagreement, value, after, unknown)), "")


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 1_000_000))
def test_what_terraform_knows_we_know(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    random = Random(seed)
    expressions = list({grow(random, random.choice(list(GRAMMAR)), random.choice((1, 2, 2, 3))) for _ in range(200)})
    answers = planned(tmp_path_factory.mktemp("plan"), expressions)
    found = {e: disagreement(ours(e, **NAMES), *answer) for e, answer in answers.items()}
    wrong = {e: f"{why}; terraform has {answers[e]}" for e, why in found.items() if why}
    assert wrong == {}


def test_an_error_contradicts() -> None:
    assert disagreement((1, Error("x")), None, True) == "is an error: [1, <x>]"
