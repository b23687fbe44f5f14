"""A machine that is closed to the internet as a whole may be open to single addresses: they are told.

Source: learn.microsoft.com/azure/virtual-network/network-security-groups-overview
"""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.documents.ask.reach import rows, text
from ringfence.documents.text import Page
from ringfence.model.symbol import Ref, Text
from ringfence.questions.reach.places import places
from ringfence.questions.reach.reach import answers
from tests.questions.network.test_ingress import SSH, machine

DEPLOYER: Any = Text((Ref(".#data.http.local", ("body",)), "/32"))


def _row(*entries: Any, place: str = "internet") -> dict[str, Any]:
    rule = {k: v for k, v in SSH.items() if k != "source_address_prefix"}
    found = machine("Standard", {**rule, "source_address_prefixes": entries}, on=("i",))
    machines = [r for r in found.resources.values() if r.type == "Microsoft.Compute/virtualMachines"]
    (row,) = [r for r in rows(answers(found, places(found, place), machines), found) if r["door"] == "ssh"]
    return row


@pytest.mark.parametrize(
    ("entries", "place", "outcome", "expected"),
    [
        (("203.0.113.7/32",), "internet", "denied", ["203.0.113.7/32"]),
        (("203.0.113.7/32", DEPLOYER), "internet", "denied", ["203.0.113.7/32", "${data.http.local.body}/32"]),
        (("0.0.0.0/0",), "internet", "allowed", []),
        (("203.0.113.7/32",), "203.0.113.7", "allowed", []),
        (("203.0.113.7/32",), "203.0.113.8", "denied", []),
    ],
)
def test_who_is_excepted_from_a_denial(entries: Any, place: str, outcome: str, expected: list[str]) -> None:
    row = _row(*entries, place=place)
    assert (row["outcome"], row["except"]) == (outcome, expected)


def test_the_text_tells_them() -> None:
    told = text([_row("203.0.113.7/32")], Page(width=200))
    assert "except from 203.0.113.7/32" in told
