"""Whether something is set, where what it is cannot be known before it is applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.mapping.needs import needs
from ringfence.model.keyvault import Secret
from ringfence.model.symbol import Apply, Input, Ref, Text, is_given
from ringfence.model.value import Unknown
from tests.verdicts.reading import Judged

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.symbol import Value

X = Input(".", "x")
ID = Ref(".#azurerm_key_vault.kv", ("id",))


@pytest.mark.parametrize(
    ("value", "given"),
    [
        (X, None),
        (ID, True),
        (Text((X, Input(".", "y"))), None),
        (Text((X, "-")), True),
        (Text((X, ID)), True),
        (Apply("lower", (X,)), None),
        (Apply("replace", (ID, "|", "")), True),
        (Apply("join", (",", X)), None),
        (Apply("timeadd", (X, "1h")), True),
        (Ref(".#time_offset.t", ("rfc3339",)), True),
        (Ref(".#module.m[0].time_rotating.t", ("rotation_rfc3339",)), True),
        (Ref(".#terraform_data.t", ("rfc3339",)), None),
    ],
)
def test_is_given(value: Value, given: bool | None) -> None:
    assert is_given(value) is given


def test_an_input_that_is_elsewhere_in_the_same_local_is_not_offered(tmp_path: Path) -> None:
    found = Judged(
        tmp_path,
        """
        variable "other" {}
        locals { all = { a = var.other, b = data.http.x.response_body } }
        data "http" "x" { url = "https://example.org" }
        resource "azurerm_key_vault_secret" "s" {
          name            = "s"
          expiration_date = local.all["b"]
        }
        """,
    )
    (secret,) = found.estate.of(Secret)
    assert isinstance(secret.exp, Unknown)
    (need,) = secret.exp.needs
    assert need.why == "data.http.x.response_body is known only after apply"
    assert needs(X, "prod")[0].why == "variable x has no value in world prod"


def test_an_unknown_element_of_a_list_names_its_input(tmp_path: Path) -> None:
    found = Judged(
        tmp_path,
        """
        variable "on" {}
        resource "azurerm_network_security_group" "n" {
          name = "n"
          security_rule {
            name                       = "r"
            priority                   = 100
            direction                  = "Inbound"
            access                     = "Allow"
            protocol                   = "Tcp"
            source_port_range          = "*"
            destination_port_range     = "22"
            source_address_prefixes    = [var.on ? "0.0.0.0/0" : "10.0.0.0/8"]
            destination_address_prefix = "*"
          }
        }
        resource "azurerm_role_definition" "r" {
          name  = "r"
          scope = "/subscriptions/s"
          permissions {
            actions = [var.on]
          }
        }
        """,
    )
    group = found.verdict("network-security-group-ssh", "azurerm_network_security_group.n")
    role = found.verdict("role-definition-no-wildcard", "azurerm_role_definition.r")
    for verdict in (group, role):
        assert verdict.outcome == "unknown"
        assert [(n.kind, n.subject) for n in verdict.needs] == [("variable", "on")]
