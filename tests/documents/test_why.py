"""Of many reasons the first are told, and their number; all of them when every answer is asked for."""

from __future__ import annotations

from ringfence.documents.ask.why import MOST, short
from ringfence.documents.text import Page


def test_few_reasons_are_told_and_many_are_counted() -> None:
    few = "; ".join(f"module {n} was not read" for n in range(MOST))
    assert short(few, Page()) == few
    many = "; ".join(f"module {n} was not read" for n in range(10))
    told = "module 0 was not read; module 1 was not read; module 2 was not read; and 7 more reasons: --all tells them"
    assert short(many, Page()) == told
    assert short(many, Page(all=True)) == many
