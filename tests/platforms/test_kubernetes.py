"""Kubernetes objects: the files they are written into read back as the same objects, and none is weaker than it must."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from ringfence.builders.terraform import build
from ringfence.constructs import kubernetes, pod
from ringfence.constructs.kubernetes import Manifests
from ringfence.constructs.pod import Container, Image, Mounted
from ringfence.declared import estate
from ringfence.model.blueprint import Blueprint, Layer, State, block
from ringfence.model.kubernetes import KubernetesObject
from ringfence.model.symbol import Apply, text
from tests.platforms.same import differences, read_back
from tests.platforms.test_blueprint import formatted

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.symbol import Value

IMAGE = Image("acr.example.org", "app", ":1.2.3")


def cluster(*extra: dict[str, Value]) -> Blueprint:
    """A layer with a cluster, an identity and a vault, and a layer that applies objects to it."""
    region, work = Layer("eu", "The region."), Layer("eu-workloads", "What runs in it.")
    for layer in (region, work):
        layer.provider("azurerm", features=block())
    file = region.file("main.tf")
    group = file.resource("azurerm_resource_group", "eu", name="rg-eu", location="westeurope")
    made = file.resource(
        "azurerm_kubernetes_cluster", "eu", name="aks-eu", resource_group_name=group.ref("name"), location="westeurope"
    )
    identity = file.resource("azurerm_user_assigned_identity", "app", name="app", resource_group_name="rg-eu")
    vault = file.resource("azurerm_key_vault", "eu", name="kv-eu", resource_group_name="rg-eu")
    work.provider(
        "kubectl",
        host=made.ref("kube_config.0.host"),
        cluster_ca_certificate=Apply("base64decode", (made.ref("kube_config.0.cluster_ca_certificate"),)),
        load_config_file=False,
    )
    size = work.variable("size", "string", "How much a file may hold.", "1Gi")
    apply = Manifests(work.file("app.tf", "An application.")).apply
    apply(kubernetes.namespace("app"), comment="All of it.")
    apply(kubernetes.service_account("app", "app", identity.ref("client_id")))
    apply(
        pod.secret_provider_class(
            "app",
            "app",
            client=identity.ref("client_id"),
            vault=vault.ref("name"),
            tenant="00000000-0000-0000-0000-000000000001",
            items=(Mounted("store", "Certificate", "store.p12"), Mounted("password", "Secret", "password")),
        )
    )
    written: Value = text("url: ", vault.ref("vault_uri"), "\nsize: ", size, "\nliteral: ${not.a.value} %{x}\n")
    apply(kubernetes.config_map("app", "app", {"application.yml": written, "plain": "${x}", "flag": "true"}))
    apply(pod.deployment("app", "app", CONTAINER, account="app", secrets="app", config="app"))
    for body in extra:
        apply(body)
    return Blueprint("demo", "prod", (region, work), State("rg-state", "ststate"), region.register, True)


CONTAINER = Container(
    "app",
    IMAGE,
    port=8080,
    ready="/ready",
    alive="/live",
    env={"A": "1", "B": "a: b # c"},
    files={"/app/application.yml": "application.yml"},
)


def manifest(name: str) -> Any:
    return yaml.safe_load(build(cluster()).files[f"eu-workloads/manifests/{name}.yaml"])


def test_objects_read_back_as_they_were_declared(tmp_path: Path) -> None:
    declared = cluster()
    built = build(declared)
    mine = estate(declared, built)
    assert list(differences(mine, read_back(built, tmp_path, "prod"))) == []
    found = mine.of(KubernetesObject)
    assert len(found) == 5
    assert all(getattr(mine.target(one, one.cluster), "key", "") == CLUSTER for one in found)


CLUSTER = "eu#azurerm_kubernetes_cluster.eu"


def test_terraform_finds_nothing_to_format(tmp_path: Path) -> None:
    assert formatted(build(cluster()), tmp_path) == ""


def test_a_file_has_placeholders_for_what_only_an_apply_gives() -> None:
    files = build(cluster()).files
    assert (
        'clientID: "${user_assigned_identity_app_client_id}"'
        in files["eu-workloads/manifests/app-secretproviderclass-app.yaml"]
    )
    config = files["eu-workloads/manifests/app-configmap-app.yaml"]
    assert "url: ${key_vault_eu_vault_uri}\n" in config
    assert "literal: $${not.a.value} %%{x}\n" in config
    assert "flag: 'true'" in config
    assert 'templatefile("${path.module}/manifests/app-configmap-app.yaml", {' in files["eu-workloads/app.tf"]
