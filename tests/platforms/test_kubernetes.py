"""Kubernetes objects: the files that they are written into read back as the same, and the API would take them all."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.builders.terraform import build
from ringfence.constructs import kubernetes, pod
from ringfence.constructs.kubernetes import Manifests, Peer, Way
from ringfence.constructs.pod import Container, Image, Mounted
from ringfence.declared import estate
from ringfence.errors import ConstructError
from ringfence.model.blueprint import Blueprint, Layer, State, block
from ringfence.model.kubernetes import KubernetesObject
from ringfence.model.symbol import Apply, text
from tests.platforms.kubernetes_schema import faults
from tests.platforms.same import differences, read_back
from tests.platforms.test_blueprint import formatted

if TYPE_CHECKING:
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
        in files["eu-workloads/manifests/app-secretproviderclass.yaml"]
    )
    config = files["eu-workloads/manifests/app-configmap.yaml"]
    assert "url: ${key_vault_eu_vault_uri}\n" in config
    assert "literal: $${not.a.value} %%{x}\n" in config
    assert "flag: 'true'" in config
    assert 'templatefile("${path.module}/manifests/app-configmap.yaml", {' in files["eu-workloads/app.tf"]


OBJECTS: tuple[dict[str, Value], ...] = (
    kubernetes.service("app", "app", ports={80: 8080}),
    kubernetes.ingress("app", "app", host="app.example.org", ways=(Way("/", "app"),), served_by="haproxy"),
    kubernetes.closed("app"),
    kubernetes.disruption_budget("app", "app"),
    kubernetes.allowed(
        "app",
        "app",
        app="app",
        come=(Peer(ports=(8080,), space="ingress"),),
        go=(Peer(ports=(3306,), addresses=("10.0.0.0/26",)), Peer(ports=(8080,), space="other", app="service")),
    ),
    kubernetes.storage_class("sealed", "/subscriptions/x"),
    kubernetes.role("app", "app", (("", ("services",), ("get",)),)),
    kubernetes.binding("app", "app", account="app", of="other"),
    kubernetes.role("app", "", (("", ("nodes",), ("get",)),)),
    kubernetes.binding("app", "", account="app", of="other"),
    kubernetes.ingress_class("haproxy", "haproxy.org/ingress-controller/haproxy"),
    pod.job("app-init", "app", CONTAINER, account="app"),
)


def written() -> dict[str, Any]:
    """Every object of the cluster, and of each kind that there are functions for, by its file."""
    files = build(cluster(*OBJECTS)).files
    return {name: yaml.safe_load(text) for name, text in files.items() if name.endswith(".yaml")}


def test_the_api_takes_every_object() -> None:
    assert {name: faults(body) for name, body in written().items() if faults(body)} == {}
    assert len(written()) == 5 + len(OBJECTS)


def test_what_the_api_would_refuse_is_found() -> None:
    app = manifest("app-deployment")
    spec = app["spec"]["template"]["spec"]
    container = spec["containers"][0]
    spec["secureContext"] = spec.pop("securityContext")
    container["ports"][0]["containerPort"] = "8080"
    container["securityContext"]["privileged"] = "no"
    del app["spec"]["selector"]
    at = "apps/v1 Deployment.spec"
    inside = f"{at}.template.spec.containers[0]"
    assert sorted(faults(app)) == sorted(
        [
            f"{at}: selector is missing",
            f"{at}.template.spec: secureContext is not a field of it",
            f"{inside}.ports[0].containerPort: '8080' is not integer",
            f"{inside}.securityContext.privileged: 'no' is not boolean",
        ]
    )


@pytest.mark.parametrize(
    ("name", "at", "value", "fault"),
    [
        ("app-service", "ports", None, "is not array"),
        ("app-networkpolicy-closed", "policyType", ["Egress"], "policyType is not a field of it"),
        ("app-networkpolicy", "egress", [{"to": [{"cidr": "10.0.0.0/8"}]}], "cidr is not a field of it"),
        ("app-secretproviderclass", "provider", "vault", "is not ['azure']"),
        ("app-secretproviderclass", "parameters", {"usePodIdentity": False}, "False is not string"),
        ("app-ingress", "rules", [{"host": 1}], "1 is not string"),
    ],
)
def test_a_broken_object_is_refused(name: str, at: str, value: Any, fault: str) -> None:
    body = written()[f"eu-workloads/manifests/{name}.yaml"]
    body["spec"][at] = value
    found = faults(body)
    assert len(found) == 1
    assert found[0].endswith(fault)


def test_a_kind_without_a_schema_is_a_fault() -> None:
    assert faults({"apiVersion": "v1", "kind": "Pods"}) == ["v1 Pods is no kind that is known here"]


def test_a_certificate_is_mounted_with_its_key_as_one_file() -> None:
    objects = manifest("app-secretproviderclass")["spec"]["parameters"]["objects"]
    first, second = map(yaml.safe_load, yaml.safe_load(objects)["array"])
    assert first == {
        "objectName": "store",
        "objectType": "secret",
        "objectFormat": "pfx",
        "objectEncoding": "base64",
        "objectAlias": "store.p12",
    }
    assert second == {"objectName": "password", "objectType": "secret", "objectAlias": "password"}


def test_pods_are_of_the_restricted_standard() -> None:
    """Source: kubernetes.io/docs/concepts/security/pod-security-standards"""
    for name in ("app-deployment", "app-job-app-init"):
        spec = written()[f"eu-workloads/manifests/{name}.yaml"]["spec"]["template"]["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in spec["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "runAsNonRoot": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert {"requests", "limits"} == set(container["resources"])
    assert manifest("namespace-app")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_mounts_of_the_vault_are_read_only() -> None:
    spec = manifest("app-deployment")["spec"]["template"]["spec"]
    (mount,) = [m for m in spec["containers"][0]["volumeMounts"] if m["name"] == "secrets-store"]
    (volume,) = [v for v in spec["volumes"] if v["name"] == "secrets-store"]
    assert mount["readOnly"] is True
    assert volume["csi"]["readOnly"] is True


def test_nothing_is_open_that_is_not_listed() -> None:
    closed = written()["eu-workloads/manifests/app-networkpolicy-closed.yaml"]["spec"]
    assert closed == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_two_items_cannot_be_one_file() -> None:
    items = (Mounted("a", "Secret", "x"), Mounted("b", "Secret", "x"))
    with pytest.raises(ConstructError, match="two items of app/app are mounted as x"):
        pod.secret_provider_class("app", "app", client="", vault="kv", tenant="", items=items)


def test_a_name_that_kubernetes_does_not_take_is_refused() -> None:
    with pytest.raises(ConstructError, match="Namespace cannot be called DGC_Gateway"):
        kubernetes.namespace("DGC_Gateway")


WORDS = (
    "${",
    "%{",
    "$${",
    "%%{",
    "~}",
    "null",
    "yes",
    "0x1",
    "1e3",
    "- ",
    ": ",
    " #",
    "|",
    "\\",
    '"',
    "'",
    "\n",
    " ",
    "\u2028",
)
TEXTS = st.lists(
    st.one_of(st.sampled_from(WORDS), st.characters(min_codepoint=32, max_codepoint=0x24F)), max_size=12
).map("".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.integers(-5, 2**31), st.booleans())
def test_whatever_an_object_says_is_read_back(texts: list[str], number: int, flag: bool) -> None:
    data = {f"key-{n}": one for n, one in enumerate(texts)}
    body: dict[str, Value] = {**kubernetes.config_map("said", "app", data), "number": number, "flag": flag}
    listed: Value = tuple({"name": one, "lines": one + "\n" + one} for one in texts)
    declared = cluster({**body, "list": listed, "${key}": {}, "none": ()})
    built = build(declared)
    with tempfile.TemporaryDirectory() as folder:
        assert list(differences(estate(declared, built), read_back(built, Path(folder), "prod"))) == []
