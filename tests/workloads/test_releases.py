"""Releases of charts: identities, entrances and items of a vault, from values alone."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.model.symbol import Input, Ref, Text
from ringfence.model.value import Many, Unknown
from ringfence.questions.workloads.ingress import INTERNAL
from tests.support import declare, estate
from tests.workloads.support import APP, CLUSTER, OTHER, PUBLIC_IP, internet, made, names, ref, release

POD_IDENTITY = release("aad-pod-identity", {})
PUBLIC = {"controller": {"service": {"loadBalancerIP": ref("azurerm_public_ip.in", "ip_address")}}}
UNKNOWN = Input(".", "x")


def ingress(**more: Any) -> dict[str, Any]:
    return {"ingress": {"enabled": True, "className": "nginx", "hosts": ({"host": "a.example.org"},), **more}}


def test_the_identity_of_aad_pod_identity_and_of_workload_identity() -> None:
    pod = {"enabled": True, "resourceID": ref("azurerm_user_assigned_identity.app", "id")}
    account = {
        "annotations": {"azure.workload.identity/client-id": ref("azurerm_user_assigned_identity.app", "client_id")}
    }
    found = made(APP, POD_IDENTITY, release("a", {"aadPodIdentity": pod}), release("b", {"serviceAccount": account}))
    assert names(found["helm_release.a"]) == ["app"]
    assert names(found["helm_release.b"]) == ["app"]


def test_a_disabled_identity_is_none_and_one_that_is_only_mentioned_may_be() -> None:
    off = {"aadPodIdentity": {"enabled": False, "resourceID": ref("azurerm_user_assigned_identity.app", "id")}}
    mention = {"database": {"clientID": ref("azurerm_user_assigned_identity.app", "client_id")}}
    kept = {"immutableUserMSIs": (ref("azurerm_user_assigned_identity.app", "client_id"),)}
    found = made(APP, POD_IDENTITY, release("a", off), release("b", mention), release("c", kept))
    assert [names(found[f"helm_release.{n}"]) for n in "abc"] == [[], [], []]
    opens = [getattr(found[f"helm_release.{n}"].identities, "open", None) for n in "abc"]
    assert [o and o.needs[0].why for o in opens] == [
        None,
        "whether the pods act as user-assigned identity app (database.clientID) is not known",
        None,
    ]


def test_an_identity_that_may_be_switched_on_is_not_sure() -> None:
    values = {"aadPodIdentity": {"enabled": UNKNOWN, "resourceID": ref("azurerm_user_assigned_identity.app", "id")}}
    found = made(APP, POD_IDENTITY, release("a", values))["helm_release.a"]
    assert names(found) == []
    assert isinstance(found.identities, Many)
    assert found.identities.open is not None


def test_without_pod_identity_every_pod_has_that_of_its_node() -> None:
    assert names(made(release("a", {}))["helm_release.a"]) == ["kubelet of aks"]
    assert names(made(release("a", {}), POD_IDENTITY)["helm_release.a"]) == []


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        # learn.microsoft.com/azure/aks/load-balancer-standard: a LoadBalancer service is public by default
        ({}, "pass"),
        ({"loadBalancerIP": ref("azurerm_public_ip.in", "ip_address")}, "pass"),
        # learn.microsoft.com/azure/aks/internal-lb
        ({"annotations": {INTERNAL: "true"}}, "fail"),
        ({"annotations": {INTERNAL: True}}, "fail"),
        ({"annotations": {INTERNAL: "false"}}, "pass"),
        ({"annotations": {INTERNAL: UNKNOWN}}, "unknown"),
        ({"type": "ClusterIP"}, "fail"),
        ({"type": "NodePort"}, "fail"),
        ({"type": UNKNOWN}, "unknown"),
        (UNKNOWN, "unknown"),
        # learn.microsoft.com/azure/aks/load-balancer-standard#restrict-inbound-traffic-to-specific-ip-ranges
        ({"loadBalancerSourceRanges": ("203.0.113.0/24",)}, "unknown"),
        ({"loadBalancerSourceRanges": ("0.0.0.0/0",)}, "pass"),
    ],
)
def test_the_controller_s_load_balancer_decides_for_those_it_serves(service: Any, expected: str) -> None:
    found = made(PUBLIC_IP, release("ingress-nginx", {"controller": {"service": service}}), release("a", ingress()))
    assert (found["helm_release.a"].entrance.kind, internet(found["helm_release.a"])) == ("ingress", expected)
    assert internet(found["helm_release.ingress-nginx"]) == expected


def test_the_public_address_and_the_hosts() -> None:
    found = made(PUBLIC_IP, release("ingress-nginx", PUBLIC), release("a", ingress()))["helm_release.a"]
    assert found.entrance.address is not None
    assert found.entrance.address.key == ".#azurerm_public_ip.in"
    assert found.entrance.hosts == ("a.example.org",)
    assert [s.key for s in found.subnets] == [".#azurerm_subnet.nodes"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (ingress(), "pass"),
        (ingress(className="", annotations={"kubernetes.io/ingress.class": "nginx"}), "pass"),
        (ingress(annotations={"kubernetes.io/ingress.class": "internal"}), "unknown"),
        (ingress(className=UNKNOWN), "unknown"),
        (ingress(enabled="true"), "pass"),
        # a string is true in a template's `if`, whatever it says: pkg.go.dev/text/template
        (ingress(enabled="false"), "pass"),
        (ingress(enabled=UNKNOWN), "unknown"),
    ],
)
def test_an_ingress_is_served_by_the_controller_of_its_class(values: Any, expected: str) -> None:
    assert internet(made(release("ingress-nginx", {}), release("a", values))["helm_release.a"]) == expected


@pytest.mark.parametrize(
    ("version", "arguments", "expected"),
    [
        # newreleases.io/project/github/jcmoraisjr/haproxy-ingress/release/v0.12: no longer served since v0.12
        ("v0.13.0-beta.2", {}, "fail"),
        ("0.12.1", {}, "fail"),
        ("0.11.0", {}, "unknown"),
        ("0.13.0", {"watch-ingress-without-class": "true"}, "pass"),
        (None, {}, "unknown"),
    ],
)
def test_an_ingress_without_a_class(version: str | None, arguments: Any, expected: str) -> None:
    controller = release("haproxy-ingress", {"controller": {"extraArgs": arguments}}, version=version)
    assert internet(made(controller, release("a", ingress(className="")))["helm_release.a"]) == expected


def test_of_a_chart_that_is_elsewhere_and_says_nothing_of_an_ingress_it_cannot_be_told() -> None:
    found = made(release("shop", {"replicas": 2}), release("cert-manager", {"replicas": 2}))
    assert internet(found["helm_release.shop"]) == "unknown"
    assert internet(found["helm_release.cert-manager"]) == "fail"


def test_an_ingress_that_is_off_lets_nothing_in_and_values_that_are_not_known_may() -> None:
    controller = release("ingress-nginx", {})
    off = {"ingress": {"enabled": False}, "service": {"type": "ClusterIP"}}
    found = made(controller, release("cert-manager", off), declare("helm_release.b", name="b", values=(UNKNOWN,)))
    assert internet(found["helm_release.cert-manager"]) == "fail"
    assert internet(found["helm_release.b"]) == "unknown"
    assert isinstance(found["helm_release.b"].identities, Many)
    assert found["helm_release.b"].identities.open is not None


VAULT = (
    declare("azurerm_key_vault.kv", name="kv"),
    declare("azurerm_key_vault_secret.s", name="db", key_vault_id=ref("azurerm_key_vault.kv", "id")),
    declare("azurerm_key_vault_certificate.c", name="tls", key_vault_id=ref("azurerm_key_vault.kv", "id")),
)


def test_items_of_a_vault_are_found_by_reference_and_by_name_beside_their_vault() -> None:
    by_name = {"store": {"keyvaultName": "kv", "password": "db", "certificate": "tls", "other": "nothing"}}
    by_reference = {"store": {"version": ref("azurerm_key_vault_secret.s", "version")}}
    elsewhere = {"store": {"keyvaultName": "other", "password": "db"}, "name": "db"}
    found = made(*VAULT, release("a", by_name), release("b", by_reference), release("c", elsewhere))
    items = {k: [getattr(h.item, "key", "") for h in w.secrets] for k, w in found.items()}
    assert items["helm_release.a"] == [".#azurerm_key_vault_secret.s", ".#azurerm_key_vault_certificate.c"]
    assert items["helm_release.b"] == [".#azurerm_key_vault_secret.s"]
    assert items["helm_release.c"] == []


def test_values_are_merged_in_helm_s_order_and_set_goes_last() -> None:
    found = estate(
        *CLUSTER,
        declare(
            "helm_release.a",
            name="a",
            values=("a: {b: 1, c: 2, d: 3}\nlist: [1]", '{"a": {"c": 5, "d": null}, "list": [2, 3]}'),
            set=[{"name": "a.b", "value": "true"}, {"name": "x\\.y[1].z", "value": "7"}],
            set_sensitive=[{"name": "a.s", "value": "secret", "type": "string"}],
        ),
    )
    values = found.resources[".#helm_release.a"].values
    assert values.value == {
        "a": {"b": True, "c": 5, "s": "secret"},
        "list": (2, 3),
        "x.y": (None, {"z": 7}),
    }


def test_yaml_text_keeps_the_references_in_it() -> None:
    written = Text(("id: ", Ref(".#x.y", ("id",)), "\nurl: https://", Ref(".#x.y", ("fqdn",)), "/a\n"))
    found = estate(*CLUSTER, declare("helm_release.a", name="a", values=(written,)))
    assert found.resources[".#helm_release.a"].values.value == {
        "id": Ref(".#x.y", ("id",)),
        "url": Text(("https://", Ref(".#x.y", ("fqdn",)), "/a")),
    }


def test_yaml_that_is_none_is_said() -> None:
    found = estate(*CLUSTER, declare("helm_release.a", name="a", values=("a: [",)))
    values = found.resources[".#helm_release.a"].values
    assert isinstance(values, Unknown)
    assert "it is no YAML" in values.needs[0].why


def test_two_clusters_and_no_provider_leave_the_cluster_open() -> None:
    second = declare("azurerm_kubernetes_cluster.two", name="two")
    found = made(second, APP, OTHER, release("a", ingress()))["helm_release.a"]
    assert found.cluster is None
    assert found.subnets.open is not None
    assert internet(found) == "unknown"


def test_a_controller_that_may_not_exist_leaves_the_internet_open() -> None:
    controller = release("ingress-nginx", {})
    controller.presence = UNKNOWN
    assert internet(made(controller, release("a", ingress()))["helm_release.a"]) == "unknown"
    inside = release("ingress-nginx", {"controller": {"service": {"annotations": {INTERNAL: "true"}}}})
    inside.presence = UNKNOWN
    found = made(inside, release("a", ingress()))
    assert [internet(found[f"helm_release.{n}"]) for n in ("a", "ingress-nginx")] == ["unknown", "fail"]
