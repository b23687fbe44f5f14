"""Single Kubernetes objects: pods, what gives them identities and secrets, and what lets requests in."""

from __future__ import annotations

from typing import Any

from ringfence.model.symbol import Text
from ringfence.model.value import Many
from tests.support import declare
from tests.workloads.support import APP, PUBLIC_IP, internet, made, names, ref, release

POD_IDENTITY = release("aad-pod-identity", {})


def manifest(name: str, kind: str, spec: Any = None, **metadata: Any) -> Any:
    body: dict[str, Any] = {"kind": kind, "metadata": {"name": name, "namespace": "shop", **metadata}}
    return declare(f"kubernetes_manifest.{name}_{kind.lower()}", manifest=body | ({"spec": spec} if spec else {}))


def deployment(**pod: Any) -> Any:
    template = {"metadata": {"labels": {"app": "shop", "aadpodidbinding": "shop"}}, "spec": pod}
    return manifest("shop", "Deployment", {"template": template})


KEY = "kubernetes_manifest.shop_deployment"


def test_a_binding_gives_the_identity_to_the_pods_it_selects() -> None:
    identity = manifest("id", "AzureIdentity", {"resourceID": ref("azurerm_user_assigned_identity.app", "id")})
    binding = manifest("b", "AzureIdentityBinding", {"azureIdentity": "id", "selector": "shop"})
    other = manifest("b", "AzureIdentityBinding", {"azureIdentity": "id", "selector": "other"})
    assert names(made(APP, POD_IDENTITY, deployment(), identity, binding)[KEY]) == ["app"]
    assert names(made(APP, POD_IDENTITY, deployment(), identity, other)[KEY]) == []
    assert names(made(APP, POD_IDENTITY, deployment(), identity)[KEY]) == []


def test_the_service_account_gives_its_identity() -> None:
    note = {"azure.workload.identity/client-id": ref("azurerm_user_assigned_identity.app", "client_id")}
    account = manifest("runner", "ServiceAccount", annotations=note)
    elsewhere = manifest("runner", "ServiceAccount", annotations=note)
    elsewhere.body._content["manifest"]["metadata"]["namespace"] = "other"
    assert names(made(APP, POD_IDENTITY, deployment(serviceAccountName="runner"), account)[KEY]) == ["app"]
    assert names(made(APP, POD_IDENTITY, deployment(), account)[KEY]) == []
    assert names(made(APP, POD_IDENTITY, deployment(serviceAccountName="runner"), elsewhere)[KEY]) == []


def test_the_secrets_of_a_store_that_is_mounted() -> None:
    objects = Text(
        ("array:\n  - |\n    objectName: ", ref("azurerm_key_vault_secret.s", "name"), "\n    objectType: secret\n")
    )
    store = manifest("kv", "SecretProviderClass", {"parameters": {"keyvaultName": "kv", "objects": objects}})
    named = manifest(
        "kv",
        "SecretProviderClass",
        {"parameters": {"keyvaultName": "kv", "objects": "array:\n - |\n   objectName: db\n   objectType: secret"}},
    )
    volume = {"csi": {"volumeAttributes": {"secretProviderClass": "kv"}}}
    vault = (
        declare("azurerm_key_vault.kv", name="kv"),
        declare("azurerm_key_vault_secret.s", name="db", key_vault_id=ref("azurerm_key_vault.kv", "id")),
    )
    for each in (store, named):
        held = made(*vault, deployment(volumes=(volume,)), each)[KEY].secrets
        assert [getattr(h.item, "key", "") for h in held] == [".#azurerm_key_vault_secret.s"]
        assert len(made(*vault, deployment(), each)[KEY].secrets) == 0


def test_an_ingress_leads_to_the_pods_behind_its_service() -> None:
    service = manifest("web", "Service", {"selector": {"app": "shop"}})
    backend = {"paths": ({"backend": {"service": {"name": "web"}}},)}
    rules = {"ingressClassName": "nginx", "rules": ({"host": "shop.example.org", "http": backend},)}
    ingress = manifest("in", "Ingress", rules)
    found = made(release("ingress-nginx", {}), deployment(), service, ingress)[KEY]
    assert (internet(found), found.entrance.hosts) == ("pass", ("shop.example.org",))
    assert internet(made(release("ingress-nginx", {}), deployment(), ingress)[KEY]) == "fail"
    assert internet(made(deployment(), service, ingress)[KEY]) == "unknown"


def test_typed_resources_are_the_same_objects() -> None:
    pods = declare(
        "kubernetes_deployment_v1.shop",
        metadata=[{"name": "shop", "namespace": "shop"}],
        spec=[
            {
                "template": [
                    {
                        "metadata": [{"labels": {"app": "shop"}}],
                        "spec": [
                            {
                                "service_account_name": "runner",
                                "container": [{"name": "c", "env": [{"name": "A", "value": "b"}]}],
                            }
                        ],
                    }
                ]
            }
        ],
    )
    account = declare(
        "kubernetes_service_account.runner",
        metadata=[
            {
                "name": "runner",
                "namespace": "shop",
                "annotations": {
                    "azure.workload.identity/client-id": ref("azurerm_user_assigned_identity.app", "client_id")
                },
            }
        ],
    )
    service = declare(
        "kubernetes_service.web",
        metadata=[{"name": "web", "namespace": "shop"}],
        spec=[
            {
                "type": "LoadBalancer",
                "selector": {"app": "shop"},
                "load_balancer_ip": ref("azurerm_public_ip.in", "ip_address"),
            }
        ],
    )
    found = made(APP, PUBLIC_IP, POD_IDENTITY, pods, account, service)["kubernetes_deployment_v1.shop"]
    assert names(found) == ["app"]
    assert (found.entrance.kind, internet(found)) == ("load balancer", "pass")
    assert found.entrance.address is not None
    assert [(h.name, h.value) for h in found.secrets] == [("A", "b")]


def test_the_ledger_counts_them_as_read() -> None:
    from ringfence.model.world import Ledger
    from tests.support import estate

    ledger = Ledger()
    estate(release("a", {}), deployment(), declare("kubernetes_namespace.n"), ledger=ledger)
    assert (ledger.read, ledger.untyped) == (2, 0)
    assert ledger.skipped == [("kubernetes_namespace.n", "not an Azure resource")]


def test_a_manifest_that_is_not_known_is_no_pod() -> None:
    found = made(declare("kubectl_manifest.x", yaml_body=ref("data.http.x", "body")))
    assert [k for k in found if k.startswith("kube")] == []
    assert isinstance(found["azurerm_kubernetes_cluster.aks/nodes"].identities, Many)


def controller(*args: str, service: str = "LoadBalancer") -> tuple[Any, ...]:
    """The pods of a controller with their service, as single objects."""
    labels = {"run": "door"}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": ({"name": "c", "args": args},)}}
    return (
        manifest("door", "Deployment", {"template": pod}),
        manifest("door", "Service", {"selector": labels, "type": service}),
    )


def shop(ingress_class: str) -> tuple[Any, ...]:
    """Pods behind an ingress of a class, "" for one without."""
    backend = {"paths": ({"backend": {"service": {"name": "web"}}},)}
    rules: dict[str, Any] = {"rules": ({"host": "shop.example.org", "http": backend},)}
    named = {"ingressClassName": ingress_class} if ingress_class else {}
    return (
        deployment(),
        manifest("web", "Service", {"selector": {"app": "shop"}}),
        manifest("in", "Ingress", rules | named),
    )


def test_a_controller_of_single_objects_serves_its_class() -> None:
    door = controller("--ingress.class=haproxy")
    assert internet(made(*door, *shop("haproxy"))[KEY]) == "pass"
    assert internet(made(*controller("--ingress-class=haproxy"), *shop("haproxy"))[KEY]) == "pass"
    assert internet(made(*door, *shop("other"))[KEY]) == "unknown"
    assert internet(made(*controller("--ingress.class=haproxy", service="ClusterIP"), *shop("haproxy"))[KEY]) == "fail"
    assert internet(made(*controller("--verbose"), *shop("haproxy"))[KEY]) == "unknown"


def test_an_ingress_without_a_class_is_served_where_the_controller_is_told_so() -> None:
    assert internet(made(*controller("--ingress.class=haproxy"), *shop(""))[KEY]) == "fail"
    told = controller("--ingress.class=haproxy", "--empty-ingress-class")
    assert internet(made(*told, *shop(""))[KEY]) == "pass"
