"""What a security group stands before, where a network writes its subnets inside itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.model.network import NetworkSecurityGroup
from ringfence.questions.network.attachment import places
from tests.verdicts.reading import Judged

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("subnets", "attached", "open_"),
    [
        ("subnet {\n name = 'a'\n security_group = azurerm_network_security_group.n.id\n }", 1, False),
        ("subnet = [{ name = 'a', security_group = azurerm_network_security_group.n.id }]", 1, False),
        ("subnet {\n name = 'a'\n }", 0, False),
        ("subnet {\n name = 'a'\n security_group = var.group\n }", 0, True),
        ("dynamic \"subnet\" {\n for_each = var.group\n content {\n name = 'a'\n }\n }", 0, True),
    ],
)
def test_inline_subnets(tmp_path: Path, subnets: str, attached: int, open_: bool) -> None:
    found = Judged(
        tmp_path,
        f"""
        variable "group" {{}}
        resource "azurerm_network_security_group" "n" {{
          name = "n"
        }}
        resource "azurerm_virtual_network" "v" {{
          name = "v"
          {subnets}
        }}
        """.replace("'", '"'),
    )
    (group,) = found.estate.of(NetworkSecurityGroup)
    stands = places(group, found.estate)
    assert (len(stands), stands.open is not None) == (attached, open_)
