"""The customer-managed keys: the document's table, and who opens what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.ask import Question
from ringfence.builders.terraform import build
from ringfence.documents.platform.chapters.customer_keys import body
from ringfence.platforms import folder
from ringfence.prove import Request, prove
from tests.documents.platform import subject
from tests.platforms.eudcc.configured import blocks, declared, files, inner, stood, who_can

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {"aks-encryption-key": "id-aks-eudcc-{}-prod", "mysql-encryption-key": "id-mysql-eudcc-{}-prod"}
"""The document's table: each key, and the identity that its role is given to."""
PLACES = [(region, key) for region in ("eu", "ie") for key in KEYS]
MODULE_KEY = "azurerm_key_vault_managed_hardware_security_module_key"


@pytest.mark.parametrize("region", ["eu", "ie"])
def test_a_region_has_two_keys_in_hardware_that_wrap_and_do_nothing_else(region: str) -> None:
    found = {
        d.arguments["name"]: (d.arguments["key_type"], d.arguments["key_size"], set(d.arguments["key_opts"]))
        for d in blocks(declared(), "azurerm_key_vault_key", region)
    }
    assert found == dict.fromkeys(KEYS, ("RSA-HSM", 2048, {"wrapKey", "unwrapKey"}))


@pytest.mark.parametrize(("region", "key"), PLACES)
@pytest.mark.parametrize("operation", ["wrap", "unwrap"])
def test_one_identity_opens_a_key_and_no_administrator(region: str, key: str, operation: str) -> None:
    found = who_can(stood(), operation, f"kv-eudcc-{region}-prod/keys/{key}")
    assert found == {KEYS[key].format(region)}


@pytest.mark.parametrize(("region", "key"), PLACES)
def test_nobody_signs_decrypts_or_copies_with_a_key_that_wraps(region: str, key: str) -> None:
    for operation in ("sign", "Microsoft.KeyVault/vaults/keys/backup/action"):
        assert who_can(stood(), operation, f"kv-eudcc-{region}-prod/keys/{key}") == set()


@pytest.mark.parametrize("region", ["eu", "ie"])
def test_the_disks_of_nodes_and_volumes_are_sealed_by_the_clusters_key(region: str) -> None:
    found = declared()
    (cluster,) = blocks(found, "azurerm_kubernetes_cluster", region)
    (disks,) = blocks(found, "azurerm_disk_encryption_set", region)
    (key,) = (d for d in blocks(found, "azurerm_key_vault_key", region) if d.arguments["name"] == "aks-encryption-key")
    assert cluster.arguments["disk_encryption_set_id"] == disks.id
    assert disks.arguments["key_vault_key_id"] == key.ref("versionless_id")
    assert inner(disks, "identity.identity_ids") == inner(cluster, "identity.identity_ids")
    assert inner(cluster, "default_node_pool.host_encryption_enabled") is True


@pytest.mark.parametrize("region", ["eu", "ie"])
def test_without_its_role_a_service_reads_nothing(region: str) -> None:
    stores = {
        f"mysql-eudcc-{region}-prod": f"{region}#azurerm_role_assignment.mysql_key",
        f"{region}#azurerm_disk_encryption_set.cluster": f"{region}#azurerm_role_assignment.cluster_key",
    }
    for store, role in stores.items():
        rows = Question("custody", on=(store,), seal=role).answer(stood())
        assert rows
        assert {row["outcome"] for row in rows} == {"sealed"}


def test_software_keys_are_what_they_say() -> None:
    found = declared("test", "key_store: standard")
    assert {d.arguments["sku_name"] for d in blocks(found, "azurerm_key_vault")} == {"standard"}
    assert {d.arguments["key_type"] for d in blocks(found, "azurerm_key_vault_key")} == {"RSA"}


def test_an_imported_key_is_looked_up_and_never_made() -> None:
    found = declared("prod", "key_origin: imported")
    assert blocks(found, "azurerm_key_vault_key") == []
    looked_up = [d for d in found.declared.values() if d.type == "azurerm_key_vault_key"]
    assert [d.mode for d in looked_up] == ["data"] * 4


@pytest.mark.parametrize("store", ["premium", "managed_hsm"])
@pytest.mark.parametrize(("origin", "told"), [("vault", "made in its store"), ("imported", "outside and imported")])
def test_where_a_key_was_made_is_in_the_register_and_in_the_chapter(store: str, origin: str, told: str) -> None:
    found = declared("prod", f"key_store: {store}\nkey_origin: {origin}")
    assert {i.origin for i in found.register.items if i.type == "Key"} == {origin}
    assert {i.origin for i in found.register.items if i.type != "Key"} == {""}
    lines = [line for line in "\n".join(body(subject(found))).splitlines() if "-encryption-key](" in line]
    assert len(lines) == 4
    assert all(line.rstrip(" |").endswith(told) for line in lines)


def test_who_opens_a_key_that_is_only_looked_up_is_unknown_and_not_nobody() -> None:
    lines = "\n".join(body(subject(declared("prod", "key_origin: imported")))).splitlines()
    start = lines.index("| Service | May unwrap | May take it out | Can be purged |") + 2
    cells = [line.strip("| ").split(" | ")[1:] for line in lines[start : start + 4]]
    assert cells == [["unknown", "unknown", "unknown"]] * 4


def test_another_key_store_changes_keys_and_what_names_them_only() -> None:
    """Source: EUDCC deep dives, 3 Customer Managed Keys (few changes are needed to use a managed HSM)."""
    premium, module = (build(declared("prod", f"key_store: {s}")).files for s in ("premium", "managed_hsm"))
    changed = {path for path in premium.keys() | module.keys() if premium.get(path) != module.get(path)}
    touched = ("managed-hsm.tf", "keyvault-items.tf", "aks.tf", "mysql.tf", "dns.tf", "variables.tf")
    assert changed == {f"{region}/{name}" for region in ("eu", "ie") for name in touched}
    for name in ("aks.tf", "mysql.tf"):
        lines = set(premium[f"eu/{name}"].splitlines()) ^ set(module[f"eu/{name}"].splitlines())
        assert all(any(word in line for word in _OF_KEYS) for line in lines if line.strip(" }"))


_OF_KEYS = ("key", "role", "scope", "principal", "name", "managed_hsm")


def test_what_is_claimed_holds_with_a_module_of_ones_own_too(tmp_path: Path) -> None:
    given = files("prod", "key_store: managed_hsm")
    for name, text in given.items():
        (tmp_path / name).write_text(text)
    config = tuple(str(tmp_path / name) for name in given)
    found = prove(Request(folder("eudcc"), (), platform="eudcc", config=config))
    assert found.exit == 0


def test_a_module_of_ones_own_holds_both_keys_and_gives_its_own_roles() -> None:
    found = declared("prod", "key_store: managed_hsm")
    assert {d.arguments["key_type"] for d in blocks(found, MODULE_KEY)} == {"RSA-HSM"}
    assert len(blocks(found, MODULE_KEY)) == 4
    (module,) = blocks(found, "azurerm_key_vault_managed_hardware_security_module", "eu")
    assert module.arguments["public_network_access_enabled"] is False
    given = [use for use in found.register.uses if use.role == "Managed HSM Crypto Service Encryption User"]
    assert sorted(use.name for use in given) == sorted(KEYS[key].format(region) for region, key in PLACES)
