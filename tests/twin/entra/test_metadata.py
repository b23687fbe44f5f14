"""Which pods get to the metadata service of their node: what network policies leave of the way there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.twin.entra.stands import IMDS, VAULT, Stand
from tests.twin.entra.test_written import standing

if TYPE_CHECKING:
    from pathlib import Path

PODS = """
variable "on" {}
resource "azurerm_kubernetes_cluster" "aks" {
  name = "aks"
  identity { type = "SystemAssigned" }
  default_node_pool { name = "d" }
  network_profile {
    network_plugin = "azure"
    network_policy = POLICY
  }
}
resource "kubectl_manifest" "pod" {
  yaml_body = yamlencode({
    apiVersion = "v1", kind = "Pod", metadata = { name = "p", namespace = "n", labels = { app = "p" } }
    spec = { hostNetwork = HOST, containers = [{ name = "c", image = "i" }] }
  })
}
resource "kubectl_manifest" "policy" {
  yaml_body = yamlencode({
    apiVersion = "networking.k8s.io/v1", kind = "NetworkPolicy", metadata = { name = "closed", namespace = "n" }
    spec = { podSelector = SELECTOR, policyTypes = ["Egress"], egress = EGRESS }
  })
}
"""
ALL, NONE = "{}", "[]"
TO = '[{ to = [{ ipBlock = { cidr = "%s", except = %s } }], ports = [{ port = %s, protocol = "%s" }] }]'


@pytest.mark.parametrize(
    ("policy", "host", "selector", "egress", "open_"),
    [
        ('"cilium"', "false", ALL, NONE, False),
        ('"cilium"', "true", ALL, NONE, True),
        ("null", "false", ALL, NONE, True),
        ("var.on", "false", ALL, NONE, False),
        ('"azure"', "false", '{ matchLabels = { app = "another" } }', NONE, True),
        ('"azure"', "false", '{ matchLabels = { app = "p" } }', NONE, False),
        ('"azure"', "false", '{ matchExpressions = [{ key = "app", operator = "Exists" }] }', NONE, False),
        ('"azure"', "false", ALL, "[{}]", True),
        ('"azure"', "false", ALL, TO % ("0.0.0.0/0", "[]", "80", "TCP"), True),
        ('"azure"', "false", ALL, TO % ("0.0.0.0/0", '["169.254.0.0/16"]', "80", "TCP"), False),
        ('"azure"', "false", ALL, TO % ("0.0.0.0/0", "[]", "443", "TCP"), False),
        ('"azure"', "false", ALL, TO % ("0.0.0.0/0", "[]", "80", "UDP"), False),
        ('"azure"', "false", ALL, TO % ("10.0.0.0/8", "[]", "80", "TCP"), False),
        ('"azure"', "false", ALL, "[{ to = [{ podSelector = {} }] }]", False),
        ('"azure"', "false", ALL, "[{ ports = [{ port = 1, endPort = 90 }] }]", True),
    ],
)
def test_what_a_network_policy_leaves_of_the_metadata_service(
    tmp_path: Path, policy: str, host: str, selector: str, egress: str, open_: bool
) -> None:
    text = PODS.replace("POLICY", policy).replace("HOST", host).replace("SELECTOR", selector).replace("EGRESS", egress)
    ground_ = standing(tmp_path, text).ground
    at = Stand(ground_, ".#kubectl_manifest.pod")
    url = f"http://{IMDS}/metadata/identity/oauth2/token?api-version=2018-02-01&resource={VAULT}"
    found = at.ask("GET", url, b"", {"Metadata": "true"})
    told = json.loads(found.body)
    assert (found.status, "network policy" in told.get("error_description", "")) == (
        (200, False) if open_ else (403, True)
    )
