"""The decisions file: what it says, and what is refused with its line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ringfence.adherence.decisions import Decision, concerns, matches, read_decisions
from ringfence.errors import InputError
from tests.adherence.lab import vaults

if TYPE_CHECKING:
    from pathlib import Path


def read(folder: Path, content: str | bytes) -> tuple[Decision, ...]:
    path = folder / "d.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_decisions(path, "d.yaml")


def refused(folder: Path, content: str | bytes) -> str:
    with pytest.raises(InputError) as error:
        read(folder, content)
    return str(error.value).partition("\n")[0]


WHOLE = """
decisions:
  - item: 3.10
    resource: [strg*, KeyVault]
    decision: n/a
    reason: Not used  # not part of the reason
    owner: platform
    issue: https://example.org/1
    review-by: 2026-12-31
    worlds: [prod]
"""


def test_a_whole_decision(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE) == (
        Decision(
            "not-applicable",
            (),
            ("3.10",),
            ("strg*", "KeyVault"),
            "Not used",
            "platform",
            "https://example.org/1",
            date(2026, 12, 31),
            ("prod",),
            "d.yaml",
            3,
        ),
    )


@pytest.mark.parametrize("content", ["", "# nothing\n", "decisions: []", "decisions:\n", "[]", "\ufeffdecisions: []"])
def test_no_decisions(tmp_path: Path, content: str) -> None:
    if content == "decisions:\n":
        assert refused(tmp_path, content) == "d.yaml:1: a list of decisions is expected here"
    else:
        assert read(tmp_path, content) == ()


BOMB = "a: &a [x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\ndecisions: *c\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("decisions:\n  - {item: '1', resource: x, decision: accept}\n", "d.yaml:2: the decision has no reason"),
        ("- item: '1'\n  reason: y\n  item: '2'\n", 'd.yaml:3: the key "item" is here twice (first in line 1)'),
        ("decisions: []\ndecisions: []\n", 'd.yaml:2: the key "decisions" is here twice (first in line 1)'),
        (BOMB, "d.yaml:1: anchors and aliases are not accepted"),
        ("decisions: *x\n", "d.yaml:1: anchors and aliases are not accepted"),
        ("decisions: !!python/object/apply:os.system [ls]\n", "d.yaml:1: the tag tag:yaml.org,2002:python"),
        ("[" * 5000, "d.yaml:1: more than 12 levels of nesting"),
        ("- item: '1'\n  resourse: x\n", 'd.yaml:2: unknown key "resourse"'),
        ("- item: '1'\n  resource: x\n  decision: acept\n  reason: y\n", 'd.yaml:3: decision "acept" is none of'),
        ("- resource: x\n  decision: accept\n  reason: y\n", "d.yaml:1: a decision names a check or an item"),
        ("- item: '1'\n  decision: accept\n  reason: y\n", "d.yaml:1: a decision names a resource"),
        ("- {item: '1', resource: x, decision: accept, reason: y, review_by: soon}", 'd.yaml:1: "soon" is no date'),
        ("- item: {a: b}\n  resource: x\n  decision: accept\n  reason: y\n", "d.yaml:1: item is one text"),
        ("- item: [[a]]\n  resource: x\n", "d.yaml:1: item is a text or a list of texts"),
        ("- just text\n", "d.yaml:1: a decision is a mapping"),
        ("a: b: c\n", "d.yaml:1: is not YAML: mapping values are not allowed in this context"),
        ("decisions: []\n---\ndecisions: []\n", "d.yaml:2: a second YAML document begins here"),
        ("? [a]\n: b\n", "d.yaml:1: a key is a plain text"),
        (b"decisions:\n  - \xff\n", "d.yaml:2: is not UTF-8"),
        ("#" * 2_000_001, "d.yaml: is larger than 2000000 bytes"),
        ("a: \x00", "d.yaml: is not YAML: unacceptable character #x0000"),
    ],
)  # fmt: skip
def test_refused_with_the_line(tmp_path: Path, content: str | bytes, message: str) -> None:
    assert refused(tmp_path, content).startswith(message)


def test_a_misspelt_key_gets_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, "- item: '1'\n  resourse: x\n")
    assert error.value.hint == "Did you mean resource?"


def test_a_folder_is_no_decisions_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_decisions(tmp_path, "d.yaml")


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("strg*", "strgprod", True),
        ("STRG*", "strgprod", True),
        ("strg", "strgprod", False),
        ('module.a["x"].b', 'module.a["x"].b', True),
        ("module.a[*].b", 'module.a["x"].b', True),
        ("module.a[x]", "module.ax", False),
        ("a.c", "abc", False),
        ("a?c", "abc", True),
        ("a*" * 30 + "b", "a" * 60, False),
    ],
)
def test_patterns(pattern: str, text: str, expected: bool) -> None:
    assert matches(pattern, text) is expected


def test_a_section_concerns_its_items() -> None:
    assert [concerns("3.1", i) for i in ("3.1", "3.1.2", "3.10", "3")] == [True, True, False, False]


def test_a_resource_is_known_by_address_key_name_and_kind() -> None:
    vault = vaults(kv={}).resources[".#azurerm_key_vault.kv"]
    patterns = (
        ".#azurerm_key_vault.kv",
        "azurerm_key_vault.kv",
        "kv-prod",
        "kv-*",
        "KeyVault",
        "Microsoft.KeyVault/vaults",
    )
    for pattern in patterns:
        assert Decision("accept", (), ("1",), (pattern,), "x").covers(vault), pattern
    assert not Decision("accept", (), ("1",), ("kv",), "x").covers(vault)
