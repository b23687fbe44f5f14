"""What would settle whether a rule matches is named: the input that is missing, or the entry that is not known."""

from __future__ import annotations

from typing import Any

from ringfence.model.symbol import Ref, Text
from ringfence.questions.network import cidr
from ringfence.questions.network.ingress import ingress
from tests.questions.network.support import nic
from tests.questions.network.test_ingress import SSH, machine


def test_an_entry_that_is_not_known_is_named() -> None:
    deployer: Any = Text((Ref(".#data.http.local", ("body",)), "/32"))
    for side in ({"source_address_prefix": deployer}, {"source_address_prefixes": (deployer,)}):
        rule = {k: v for k, v in SSH.items() if k != "source_address_prefix"}
        found = machine("Standard", {**rule, **side}, on=("i",))
        answer = ingress(found, nic(found, "i"), cidr.of("203.0.113.7"))
        assert (answer.outcome, answer.verdict.why) == ("unknown", "data.http.local.body is known only after apply")
        assert [e.resource for e in answer.verdict.evidence if e.outcome == "unknown"] == [
            ".#azurerm_network_security_group.g"
        ]
