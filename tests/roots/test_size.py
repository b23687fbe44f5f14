"""Many resources take time in proportion to their number."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.roots.estate import Read, write

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.mapping.declaration import Body

RESOURCE = """
resource "azurerm_storage_account" "s{n}" {{
  name                = "st{n}${{local.suffix}}"
  resource_group_name = azurerm_resource_group.g.name
  tags                = merge(var.tags, {{ n = "{n}" }})
  network_rules {{
    default_action = "Deny"
    ip_rules       = [for ip in local.ips : "${{ip}}/32"]
  }}
}}
"""
MAIN = """
variable "tags" { default = {} }
locals {
  suffix = "x"
  ips    = ["192.0.2.1", "192.0.2.2"]
}
resource "azurerm_resource_group" "g" { name = "rg" }
module "m" {
  source = "./m"
}
"""


def seconds(folder: Path, count: int) -> float:
    resources = "".join(RESOURCE.format(n=n) for n in range(count))
    module = MAIN.replace("./m", "./n")
    write(folder, {"main.tf": MAIN, "m/main.tf": module + resources, "n/main.tf": ""})
    start = time.process_time()
    found = Read(folder)
    arguments = sum(map(asked, (d.body for d in found.declarations.values())))
    assert (len(found.declarations), arguments) == (count + 2, count * 5 + 2)
    return time.process_time() - start


def asked(body: Body) -> int:
    """How many arguments there are; each is evaluated."""
    blocks = [b for name in body.names() for b in body.blocks(name).items]
    return sum(body.attribute(name) is not None for name in body.names()) + sum(map(asked, blocks))


def test_four_times_the_resources_take_about_four_times_as_long(tmp_path: Path) -> None:
    few = seconds(tmp_path / "few", 500)
    many = min(seconds(tmp_path / f"many{turn}", 2000) for turn in range(2))  # one may meet a busy machine
    assert many < 8 * few
    assert many < 5
