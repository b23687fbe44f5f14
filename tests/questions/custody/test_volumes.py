"""Volumes for files are in storage accounts that a cluster makes itself, not on disks under its key.

Source: learn.microsoft.com/azure/aks/concepts-storage#storage-classes
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.questions.custody.hcl import VAULT, asked, role, terraform

if TYPE_CHECKING:
    from pathlib import Path

CLUSTER = f"""{VAULT}
resource "azurerm_disk_encryption_set" "d" {{
  name             = "des"
  key_vault_key_id = azurerm_key_vault_key.k.id
  identity {{
    type = "SystemAssigned"
  }}
}}
{role("azurerm_disk_encryption_set.d.identity[0].principal_id")}
resource "azurerm_kubernetes_cluster" "c" {{
  name                   = "c1"
  disk_encryption_set_id = azurerm_disk_encryption_set.d.id
  default_node_pool {{
    name = "d"
  }}
  identity {{
    type = "SystemAssigned"
  }}
}}
resource "helm_release" "shop" {{
  name  = "shop"
  chart = "./charts/shop"
}}
"""
CLAIM = """kind: {kind}
spec:
  storageClassName: {name}
  resources: {{}}
"""


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("PersistentVolumeClaim", "azurefile", ["azurefile"]),
        ("StatefulSet", "azurefile-csi", ["azurefile-csi"]),
        ("PersistentVolumeClaim", '"azureblob-nfs-premium"', ["azureblob-nfs-premium"]),
        ("PersistentVolumeClaim", "managed-csi", []),
        ("PersistentVolumeClaim", "{{ .Values.storage }}", []),
    ],
)
def test_the_class_of_a_claim_says_where_its_volume_is(
    tmp_path: Path, kind: str, name: str, expected: list[str]
) -> None:
    folder = tmp_path / "charts/shop/templates"
    folder.mkdir(parents=True)
    (folder / "claim.yaml").write_text(CLAIM.format(kind=kind, name=name))
    (tmp_path / "charts/shop/Chart.yaml").write_text("name: shop\n")
    found = asked(terraform(tmp_path, CLUSTER), "azurerm_kubernetes_cluster.c", "disks")
    beside = [
        (b.what, b.under) for b in found.beside if b.what.startswith("volumes of") and b.verdict.outcome == "pass"
    ]
    assert beside == [(f"volumes of shop, whose storage class is {c}", "Microsoft's key") for c in expected]
