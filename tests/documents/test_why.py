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


def test_modules_that_are_not_there_are_one_reason() -> None:
    absent = "; ".join(
        f"module.m{n} was not read: x/y is not in .terraform/modules: run terraform init" for n in (1, 2, 3)
    )
    told = "module.m1 and 2 more modules were not read: run terraform init"
    assert short(f"a is not known; {absent}; b is not known", Page()) == f"a is not known; {told}; b is not known"
    assert short(f"its key is not known: {absent}", Page()) == f"its key is not known: {told}"
    one = "module.m1 was not read: x/y is not in .terraform/modules: run terraform init"
    assert short(one, Page()) == one
