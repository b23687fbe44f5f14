"""Reading claims: what may be written, and one message with file and line for each mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.adherence.sentence import FORMS, read_sentences, sentence
from ringfence.errors import InputError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
claims:
  - claim: No data is accessible over the public internet
    unreachable: {from: internet, to: [kind data-store, kind vault], except: 1.2.3.4}
    worlds: [prod, ci]
  - only: {can: read, on: kv1/secrets/dsc, principals: [id-issuer], escalated: true}
  - logged: {on: kv1, categories: AuditEvent, to: logs, days: 90}
    world: prod
"""


def test_claims_in_the_files_order(tmp_path: Path) -> None:
    (tmp_path / "d.yaml").write_text(GOOD)
    first, second, third = read_sentences(tmp_path / "d.yaml", "d.yaml")
    assert (first.text, first.form, first.line) == ("No data is accessible over the public internet", "unreachable", 2)
    assert first.words == {"from": ("internet",), "to": ("kind data-store", "kind vault"), "except": ("1.2.3.4",)}
    assert (first.in_world("prod"), first.in_world("dev"), second.in_world("dev")) == (True, False, True)
    assert second.text == "only can read on kv1/secrets/dsc principals id-issuer escalated true"
    assert (third.word("days"), third.word("by"), third.worlds, third.file) == ("90", "", ("prod",), "d.yaml")


@pytest.mark.parametrize("text", ["", "decisions: []\n", "- item: '1'\n"])
def test_no_claims(tmp_path: Path, text: str) -> None:
    (tmp_path / "d.yaml").write_text(text)
    assert read_sentences(tmp_path / "d.yaml") == ()


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("claims: no\n", 1, "a list of claims is expected here", "Write: claims:"),
        ("claims:\n  - none\n", 2, "a claim is a mapping", "Write: claims:"),
        ("claims:\n  - claim: a\n    unreachble: {}\n", 3, 'unknown key "unreachble"', "Did you mean unreachable?"),
        ("claim: []\n", 1, 'unknown key "claim"', "Did you mean claims?"),
        ("claims:\n  - claim: a\n", 2, "a claim has one form, this one has none", "Add one of unreachable"),
        ("claims:\n  - kept: {on: a}\n    logged: {on: a}\n", 2, "a claim has one form, this one has 2", "Add one of"),
        ("claims:\n  - kept: a\n", 2, "kept is a mapping", "Write kept: {on: …}."),
        ("claims:\n  - kept: {of: a}\n", 2, 'unknown key "of"', "The keys are on, by, protection."),
        ("claims:\n  - only:\n      on: a\n", 2, "only has no can", "Write only: {can: …, on: …}."),
        (
            "claims:\n  - kept:\n      on: a\n      by: custmer\n",
            4,
            "by of kept is customer or platform, not custmer",
            "",
        ),
        ("claims:\n  - kept: {on: a, protection: tpm}\n", 2, "protection of kept is hsm or software, not tpm", ""),
        ("claims:\n  - logged: {on: a, days: many}\n", 2, "days of logged is a number of days, not many", ""),
        ("claims:\n  - logged: {on: a, to: [b, c]}\n", 2, "to of logged is one text, not 2", ""),
        ("claims:\n  - only: {can: [read, sign], on: a}\n", 2, "can of only is one text, not 2", ""),
        ("claims:\n  - only: {can: read, on: a, escalated: perhaps}\n", 2, "escalated of only is true or false", ""),
        ("claims:\n  - kept: {on: {a: b}}\n", 2, "on is one text", "Write on: and the text."),
        ("claims:\n  - kept: {on: [a, {b: c}]}\n", 2, "on is a text or a list of texts", ""),
    ],
)
def test_each_mistake_has_one_message_with_its_line(
    tmp_path: Path, text: str, line: int, message: str, hint: str
) -> None:
    (tmp_path / "d.yaml").write_text(text)
    with pytest.raises(InputError) as error:
        read_sentences(tmp_path / "d.yaml", "d.yaml")
    assert message in error.value.message
    assert f"d.yaml:{line}" in str(error.value)
    assert hint in str(error.value)


@pytest.mark.parametrize(
    ("form", "words", "message"),
    [
        ("unreached", {}, "there is no claim unreached"),
        ("kept", {}, "the words of kept are not right: on"),
        ("kept", {"on": ("a",), "of": ("b",)}, "the words of kept are not right: of"),
        ("kept", {"on": ("a",), "by": ("us",)}, "by of kept is customer or platform, not us"),
    ],
)
def test_a_claim_that_is_written_in_code(form: str, words: dict[str, tuple[str, ...]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        sentence(form, words)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_needs_its_words_and_no_more(form: str) -> None:
    needed, _ = FORMS[form]
    assert sentence(form, dict.fromkeys(needed, ("x",))).form == form
