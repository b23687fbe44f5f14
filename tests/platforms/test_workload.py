"""A workload and an ingress controller, each declared once: what follows from it, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ringfence.builders.terraform import build
from ringfence.constructs.grant import grant
from ringfence.constructs.ingress import IngressController, comes_in
from ringfence.constructs.pod import Container, Image
from ringfence.constructs.workload import Mount, Property, Signing, Stage, Workload
from ringfence.errors import ConstructError
from ringfence.model.blueprint import Blueprint, State
from ringfence.model.symbol import Ref, render, text
from tests.platforms.ground import ground, stood
from tests.platforms.kubernetes_schema import faults

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

IMAGE = Image("acr.example.org", "shop", ":1")
CONTAINER = Container("shop", IMAGE, port=8080, alive="/live")


class Shelf:
    """Items of a vault that exists elsewhere."""

    def may_read(self, file: File, name: str, *, item: str, who: Value, called: str, why: str) -> Declared:
        return _granted(file, name, f"secrets/{item}", "Key Vault Secrets User", who, called, why)

    def may_sign(self, file: File, name: str, *, item: str, who: Value, called: str, why: str) -> Declared:
        return _granted(file, name, f"keys/{item}", "Key Vault Crypto User", who, called, why)

    def may_see(self, file: File, name: str, *, item: str, who: Value, called: str, why: str) -> Declared:
        return _granted(file, name, f"certificates/{item}", "Key Vault Reader", who, called, why)


def _granted(file: File, name: str, what: str, role: str, who: Value, called: str, why: str) -> Declared:
    on = text(VAULT, "/", what)
    return grant(file, name, who=who, called=called, may=role, on=on, what=what, why=why)


VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv"


def shop(*needs: Mount | Property | Signing) -> tuple[File, Workload]:
    file, home = ground()
    file.layer.provider("kubectl", host="https://aks.example.org", load_config_file=False)
    stage = Stage(home, "https://tokens.example.org/", "kv", Shelf())
    return file, Workload(file, stage, called="shop", needs=needs)


def objects(file: File) -> dict[str, Any]:
    layer = file.layer
    blueprint = Blueprint("demo", "prod", (layer,), State("rg-state", "ststate"), layer.register, True)
    written = {n: t for n, t in build(blueprint).files.items() if n.endswith(".yaml")}
    return {name.rpartition("/")[2].removesuffix(".yaml"): yaml.safe_load(one) for name, one in written.items()}


def granted(file: File) -> set[tuple[str, str]]:
    return {(use.role, use.what) for use in file.layer.register.uses}


def test_roles_mounts_and_properties_follow_from_the_needs(tmp_path: Path) -> None:
    file, workload = shop(
        Mount("store", "Certificate", "store.p12", "It proves who it is."),
        Mount("root", "Public certificate", "root.pem", "It checks others."),
        Property("shop.storePassword", "It opens the store."),
        Signing("signer", "It signs."),
    )
    workload.run(CONTAINER, config={"application.properties": "a=b\n"})
    assert granted(file) == {
        ("Key Vault Secrets User", "secrets/store"),
        ("Key Vault Reader", "certificates/root"),
        ("Key Vault Secrets User", "secrets/shop-storepassword"),
        ("Key Vault Crypto User", "keys/signer"),
        ("Key Vault Reader", "certificates/signer"),
    }
    made = objects(file)
    items = yaml.safe_load(made["shop-secretproviderclass"]["spec"]["parameters"]["objects"])["array"]
    assert [yaml.safe_load(one)["objectName"] for one in items] == ["store", "root"]
    assert [fault for body in made.values() for fault in faults(body)] == []
    stood(file, tmp_path)


def test_pods_run_after_their_roles_are_there() -> None:
    _, workload = shop(Mount("store", "Bundle", "store.p12", "It proves who it is."))
    run = workload.run(CONTAINER)
    names = {before.address for before in run.life.depends_on}
    assert names == {"azurerm_role_assignment.shop_store", "kubectl_manifest.namespace_shop"}


def test_the_identity_trusts_its_own_service_account() -> None:
    file, _ = shop()
    (trust,) = (d for d in file.layer if d.type == "azurerm_federated_identity_credential")
    assert trust.arguments["subject"] == "system:serviceaccount:shop:shop"
    assert trust.arguments["issuer"] == "https://tokens.example.org/"
    account = objects(file)["shop-serviceaccount"]
    assert account["metadata"]["annotations"] == {
        "azure.workload.identity/client-id": "${user_assigned_identity_shop_client_id}"
    }
    assert account["automountServiceAccountToken"] is False


def test_who_needs_no_file_mounts_none() -> None:
    file, workload = shop(Property("shop.name", "It says who it is."))
    workload.run(CONTAINER)
    made = objects(file)
    assert "shop-secretproviderclass" not in made
    assert "csi" not in str(made["shop-deployment"])


def test_two_properties_of_one_secret_are_refused() -> None:
    with pytest.raises(ConstructError, match="are both read from the secret shop-storename"):
        shop(Property("shop.store-name", "one"), Property("shop.storeName", "two"))


def test_a_workload_is_closed_before_it_is_opened() -> None:
    file, workload = shop()
    workload.connects(come=(comes_in(8080),))
    made = objects(file)
    assert made["shop-networkpolicy-closed"]["spec"]["policyTypes"] == ["Ingress", "Egress"]
    (rule,) = made["shop-networkpolicy"]["spec"]["ingress"]
    assert rule["ports"] == [{"port": 8080, "protocol": "TCP"}]


def test_one_pod_alone_may_be_moved_and_one_of_two_stays() -> None:
    file, workload = shop()
    workload.run(CONTAINER, replicas=1)
    assert "shop-poddisruptionbudget" not in objects(file)
    file, workload = shop()
    workload.run(CONTAINER)
    assert objects(file)["shop-poddisruptionbudget"]["spec"]["minAvailable"] == 1


def test_pods_are_made_anew_when_what_they_read_changes() -> None:
    seen = set()
    for text_, needs in (("a=1\n", ()), ("a=2\n", ()), ("a=2\n", (Mount("store", "Bundle", "s.p12", "why"),))):
        file, workload = shop(*needs)
        workload.run(CONTAINER, config={"application.properties": text_})
        seen.add(objects(file)["shop-deployment"]["spec"]["template"]["metadata"]["annotations"]["ringfence/reads"])
    assert len(seen) == 3


def door(*spaces: str, authority: Value = None) -> File:
    file, _ = ground()
    file.layer.provider("kubectl", host="https://aks.example.org", load_config_file=False)
    placed = {"resource_group_name": "rg", "location": "uksouth", "allocation_method": "Static"}
    address = file.resource("azurerm_public_ip", "in", name="in", **placed)
    serves = dict.fromkeys(spaces, 8080)
    IngressController(
        file, image=IMAGE, address=address, group="rg", server="10.0.0.0/26", serves=serves, authority=authority
    )
    return file


def arguments(file: File) -> Sequence[str]:
    found: Sequence[str] = objects(file)["ingress-deployment"]["spec"]["template"]["spec"]["containers"][0]["args"]
    return found


def test_the_controller_reads_and_reaches_the_namespaces_that_it_serves_and_no_other(tmp_path: Path) -> None:
    file = door("shop", "bank")
    made = objects(file)
    watched = {a.partition("=")[2] for a in arguments(file) if a.startswith("--namespace-whitelist=")}
    assert watched == {"ingress", "bank", "shop"}
    assert {o["metadata"]["namespace"] for o in made.values() if o["kind"] == "Role"} == watched
    everywhere = [resource for rule in made["clusterrole-ingress"]["rules"] for resource in rule["resources"]]
    assert "secrets" not in everywhere
    spaces = [
        end["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
        for rule in made["ingress-networkpolicy"]["spec"]["egress"]
        for end in rule["to"]
        if "namespaceSelector" in end
    ]
    assert spaces == ["bank", "shop", "kube-system", "kube-system"]
    assert [fault for body in made.values() for fault in faults(body)] == []
    stood(file, tmp_path)


def test_the_controller_takes_no_configuration_of_others_and_no_old_tls() -> None:
    file = door("shop")
    assert "--disable-config-snippets=backend,frontend" in arguments(file)
    assert "--disable-service-external-name" in arguments(file)
    settings = objects(file)["ingress-configmap"]["data"]
    assert settings["global-config-snippet"] == "ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets\n"
    assert settings["ssl-redirect"] == "true"


def test_the_controller_knows_its_pod_and_may_do_no_more_than_its_program_asks_for() -> None:
    (container,) = objects(door("shop"))["ingress-deployment"]["spec"]["template"]["spec"]["containers"]
    assert [v["name"] for v in container["env"]] == ["POD_NAME", "POD_NAMESPACE", "POD_IP"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}
    assert container["securityContext"]["allowPrivilegeEscalation"] is False


def test_client_certificates_are_asked_for_where_there_is_an_authority() -> None:
    asked = door("shop", authority=Ref("core#azurerm_key_vault_certificate.root", ("certificate_data_base64",)))
    settings = next(d for d in asked.layer if d.name == "ingress_config_map").arguments["yaml_body"]
    assert 'client-crt-optional = "false"' in render(settings)  # type: ignore[arg-type]  # it is a value
    assert "client-ca" not in objects(door("shop"))["ingress-configmap"]["data"]


def test_the_certificate_of_the_published_names_is_renewed_by_somebody() -> None:
    (rotation,) = door("shop").layer.register.rotations
    assert (rotation.name, rotation.owner, rotation.days) == ("server-certificate", "platform owner", 90)
    assert rotation.key == "core#kubectl_manifest.ingress_deployment"


def test_the_door_is_an_exemption_and_is_entered_once() -> None:
    file = door("shop")
    assert [(e.name, e.key) for e in file.layer.register.exemptions] == [("ingress", "core#azurerm_public_ip.in")]
