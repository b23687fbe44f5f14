"""What the commands of provisioners make is said, although it is not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.world import Ledger, World
from ringfence.readers.terraform.source import Source

if TYPE_CHECKING:
    from pathlib import Path

CODE = """
resource "null_resource" "registry" {
  provisioner "local-exec" {
    when    = create
    command = "az extension add --name ml && az  ml registry create --file ${self.id} --admin-password hunter2"
  }
}

resource "null_resource" "gone" {
  provisioner "local-exec" {
    when    = destroy
    command = "az ml registry create --name ${self.id}"
  }
}

resource "terraform_data" "both" {
  provisioner "local-exec" {
    command = <<EOT
      az login
      az storage account create -n x
      az deployment group create -f main.bicep
      ./az vm create
    EOT
  }
}
"""


def test_commands_that_make_something(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(CODE, encoding="utf-8")
    ledger = Ledger()
    list(Source(tmp_path).declarations(World("prod"), ledger))
    assert [(command, str(origin)) for command, origin in ledger.commands] == [
        ("az ml registry create", "main.tf:5"),
        ("az storage account create", "main.tf:18"),
        ("az deployment group create", "main.tf:18"),
    ]
    assert ledger.problems == []
