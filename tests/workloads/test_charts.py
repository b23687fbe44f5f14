"""Charts that are in the checkout: their templates say what values mean. Read from files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.workloads.support import from_source, internet, names

if TYPE_CHECKING:
    from pathlib import Path

MAIN = """
    resource "azurerm_kubernetes_cluster" "one" {
      name = "one"
      default_node_pool { name = "d" }
    }
    resource "azurerm_kubernetes_cluster" "two" {
      name = "two"
      default_node_pool { name = "d" }
    }
    provider "helm" {
      kubernetes { host = azurerm_kubernetes_cluster.two.kube_config[0].host }
    }
    resource "helm_release" "pods" {
      name  = "aad-pod-identity"
      chart = "aad-pod-identity"
    }
    resource "helm_release" "nginx" {
      name       = "ingress-nginx"
      repository = "https://kubernetes.github.io/ingress-nginx"
      chart      = "ingress-nginx"
    }
    resource "azurerm_user_assigned_identity" "shop" { name = "shop" }
    resource "azurerm_user_assigned_identity" "job" { name = "job" }
    resource "azurerm_key_vault" "kv" { name = "kv-shop" }
    resource "azurerm_key_vault_secret" "db" {
      name         = "db"
      key_vault_id = azurerm_key_vault.kv.id
    }
    resource "azurerm_key_vault_certificate" "tls" {
      name         = "tls"
      key_vault_id = azurerm_key_vault.kv.id
    }
    resource "helm_release" "shop" {
      name  = "shop"
      chart = "./charts/shop"
      values = [jsonencode({
        ingress = INGRESS
        who     = { id = azurerm_user_assigned_identity.shop.id, client = azurerm_user_assigned_identity.job.client_id }
        vault   = { name = azurerm_key_vault.kv.name, item = azurerm_key_vault_secret.db.name, cert = "tls" }
        seed    = { person = azurerm_user_assigned_identity.job.id }
        broken  = file("not-there.json")
      })]
    }
"""
CHART = {
    "charts/shop/Chart.yaml": """
        name: shop
        dependencies:
        - {name: seed, repository: "file://../seed"}
    """,
    "charts/shop/values.yaml": """
        ingress: {enabled: false, className: "nginx", hosts: [{host: shop.local}]}
        service: {type: ClusterIP}
    """,
    "charts/shop/templates/all.yaml": """
        kind: SecretProviderClass
        spec:
          parameters:
            keyvaultName: "{{ .Values.vault.name }}"
            objects: |
              array:
                - |
                  objectName: {{ .Values.vault.item }}
                  objectType: secret
                - |
                  objectName: {{ .Values.vault.cert }}
                  objectType: secret
        ---
        kind: AzureIdentity
        spec:
          resourceID: {{ .Values.who.id | quote }}
        ---
        kind: Deployment
        spec:
          env:
            - name: CLIENT
              value: {{ .Values.who.client }}
    """,
    "charts/shop/templates/ingress.yaml": """
        {{- if .Values.ingress.enabled }}
        kind: Ingress
        {{- end }}
    """,
    "charts/seed/Chart.yaml": "name: seed\n",
    "charts/seed/templates/identity.yaml": """
        kind: AzureIdentity
        spec:
          resourceID: "{{ .Values.person }}"
    """,
}


def made(folder: Path, ingress: str, **files: str) -> dict[str, object]:
    return from_source(folder, {"main.tf": MAIN.replace("INGRESS", ingress), **CHART, **files})[1]  # type: ignore[return-value]


def test_templates_tell_identities_from_mentions_and_name_the_items(tmp_path: Path) -> None:
    found = made(tmp_path, "{ enabled = true }")
    shop, seed = found["helm_release.shop"], found["helm_release.shop/seed"]
    assert (names(shop), names(seed)) == (["shop"], ["job"])
    assert shop.identities.open is None
    items = [(h.name, h.item.key) for h in shop.secrets]
    assert items == [
        ("secret db", ".#azurerm_key_vault_secret.db"),
        ("secret tls", ".#azurerm_key_vault_certificate.tls"),
    ]


def test_the_provider_says_which_cluster_and_a_missing_file_leaves_the_rest(tmp_path: Path) -> None:
    found = made(tmp_path, "{ enabled = true }")
    assert {w.cluster.key for k, w in found.items() if k.startswith("helm")} == {".#azurerm_kubernetes_cluster.two"}
    assert internet(found["helm_release.shop"]) == "pass"
    assert found["helm_release.shop"].entrance.hosts == ("shop.local",)


def test_the_chart_s_own_values_stand_where_nothing_is_given(tmp_path: Path) -> None:
    assert internet(made(tmp_path, "{}")["helm_release.shop"]) == "fail"
    assert internet(made(tmp_path, "{}")["helm_release.shop/seed"]) == "fail"


def test_a_string_is_true_in_a_template(tmp_path: Path) -> None:
    assert internet(made(tmp_path, '{ enabled = "false" }')["helm_release.shop"]) == "pass"


def test_a_chart_without_an_ingress_has_none(tmp_path: Path) -> None:
    files = {"charts/shop/templates/ingress.yaml": "kind: Service\n"}
    assert internet(made(tmp_path, "{ enabled = true }", **files)["helm_release.shop"]) == "fail"


def test_releases_in_modules_take_the_provider_of_their_caller(tmp_path: Path) -> None:
    files = {
        "main.tf": """
            resource "azurerm_kubernetes_cluster" "one" { name = "one" }
            resource "azurerm_kubernetes_cluster" "two" { name = "two" }
            provider "helm" {
              kubernetes { host = azurerm_kubernetes_cluster.one.kube_config[0].host }
            }
            provider "helm" {
              alias = "second"
              kubernetes { host = azurerm_kubernetes_cluster.two.kube_config[0].host }
            }
            module "a" { source = "./m" }
            module "b" {
              source    = "./m"
              providers = { helm = helm.second }
            }
            resource "helm_release" "c" {
              provider = helm.second
              name     = "c"
              chart    = "c"
            }
        """,
        "m/main.tf": 'resource "helm_release" "r" {\n  name = "r"\n  chart = "r"\n}\n',
    }
    found = from_source(tmp_path, files)[1]
    clusters = {k: w.cluster.key.rpartition(".")[2] for k, w in found.items() if "helm" in k and w.cluster}
    assert clusters == {"module.a.helm_release.r": "one", "module.b.helm_release.r": "two", "helm_release.c": "two"}
