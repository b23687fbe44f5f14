"""EUDCC's keys: the two that wrap others, what taking them away does, and the one that signs in the vault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Ref
from tests.requirements.bench import table
from tests.requirements.binding import EUDCC, Case, shows
from tests.requirements.controls import has, refused
from tests.requirements.mutation import Configured, Rewritten, Set, remove
from tests.requirements.regions import REGIONS, WRAPPING, granted, who_may

if TYPE_CHECKING:
    from ringfence.documents.ask.row import Row
    from tests.requirements.bench import Bench

CHAPTER, VAULTS = "3-customer-managed-keys.md", "2-key-vault.md"
KEYS = {"aks": "aks-encryption-key", "mysql": "mysql-encryption-key"}
CLUSTER = "ie#azurerm_kubernetes_cluster.cluster"
SIGNER = "ie#azurerm_key_vault_certificate:dsc-key-store"
ISSUING = "dgca-issuance-service"


def key(of: str, region: str = "eu") -> str:
    return f"{region}#azurerm_key_vault_key:{KEYS[of]}"


def chains(bench: Bench) -> dict[tuple[str, str], Row]:
    """What is said of every store, by its name and the part of it."""
    return {(row["store"]["name"], row["part"]): row for row in bench.answers("custody") if row["store"]}


DISKS = "disks of nodes and volumes"


def sealed(bench: Bench) -> list[tuple[str, str, Row]]:
    """(region, key, what is said) of the stores under a key of the platform's."""
    found = chains(bench)
    return [(r, k, found[f"{k}-eudcc-{r}-prod", DISKS if k == "aks" else ""]) for r in REGIONS for k in KEYS]


# -- signing

FREE = Set(SIGNER, "certificate_policy.key_properties.exportable", True)


@shows(EUDCC, Case("E-029", "build", Configured("signing: mounted")))
def test_signing_in_the_vault_is_an_option_and_the_default(bench: Bench) -> None:
    roles = {str(d.arguments["role_definition_name"]) for d in bench.blocks("azurerm_role_assignment")
             if "dsc_key_store" in str(bench.written(d.key))}  # fmt: skip
    assert roles == {"Key Vault Crypto User", "Key Vault Reader"}
    settings = bench.manifest("ie-workloads#kubectl_manifest.dgca_issuance_service_config_map")
    assert "issuance.signing=vault" in str(settings)
    other = bench.configured("signing: mounted")
    assert "issuance.signing=vault" not in str(
        other.manifest("ie-workloads#kubectl_manifest.dgca_issuance_service_config_map")
    )


@shows(EUDCC, Case("E-029", "prove", Configured("signing: mounted")))
def test_no_workload_reads_the_key_that_signs(bench: Bench) -> None:
    assert who_may(bench, "read", "kv-eudcc-ie-prod/secrets/dsc-key-store") == set()
    assert who_may(bench, "sign", "kv-eudcc-ie-prod/keys/dsc-key-store") == {ISSUING}


@shows(
    EUDCC,
    Case("E-030", "build", Set(SIGNER, "certificate_policy.key_properties.key_type", "EC")),
    Case("E-030", "build", FREE),
)
def test_the_signing_key_is_made_in_hardware_and_stays_there(bench: Bench) -> None:
    properties = "certificate_policy.key_properties"
    has(bench, SIGNER, f"{properties}.exportable = false", f'{properties}.key_type = "EC-HSM"')


@shows(EUDCC, Case("E-030", "prove", FREE))
def test_nobody_gets_the_signing_key_out(bench: Bench) -> None:
    from ringfence.model.value import Known

    certificate: Any = bench.resource(SIGNER)
    assert isinstance(certificate.exportable, Known)
    assert certificate.exportable.value is False
    assert certificate.kty.value == "EC-HSM"


@shows(EUDCC, Case("E-031", "prove", Configured("signing: mounted")))
def test_signing_in_the_vault_makes_the_damage_smaller(bench: Bench) -> None:
    part = "kv-eudcc-ie-prod/secrets/dsc-key-store"
    mounted = bench.configured("signing: mounted")
    before, after = who_may(mounted, "read", part), who_may(bench, "read", part)
    assert before == {ISSUING}
    assert after == set()


@shows(EUDCC, Case("E-032", "prove", Rewritten(VAULTS, "not recommended for production", "fine")))
def test_a_production_that_mounts_the_key_is_warned(bench: Bench) -> None:
    here = bench.page(VAULTS).partition("## Signing in the vault")[2].partition("\n## ")[0]
    assert "not recommended for production" in " ".join(here.split())
    mounted = bench.configured("signing: mounted")
    assert "signing: mounted" in [note.setting for note in mounted.register().notes]
    assert "signing: mounted" not in [note.setting for note in bench.register().notes]
    there = mounted.page(VAULTS).partition("## Signing in the vault")[2].partition("\n## ")[0]
    assert "For production `signing: vault` is recommended" in " ".join(there.split())


# -- whose keys


@shows(EUDCC, Case("E-061", "build", Set("eu#azurerm_kubernetes_cluster.cluster", "disk_encryption_set_id")))
def test_encryption_is_under_a_key_of_microsofts_or_of_ones_own(bench: Bench) -> None:
    for region in REGIONS:
        own = f"azurerm_key_vault_key.{KEYS['mysql'].replace('-', '_')}.versionless_id"
        has(bench, f"{region}#azurerm_mysql_flexible_server.mysql", f"customer_managed_key.key_vault_key_id = {own}")
        cluster = f"{region}#azurerm_kubernetes_cluster.cluster"
        has(bench, cluster, "disk_encryption_set_id = azurerm_disk_encryption_set.cluster.id")


@shows(EUDCC, Case("E-061", "prove", Rewritten(CHAPTER, "it is linked to no dedicated cluster", "")))
def test_every_store_says_whose_key_it_is_under(bench: Bench) -> None:
    assert {row["key_by"] for row in chains(bench).values()} == {"customer", "platform"}
    rows = bench.table(CHAPTER, "Store")
    told = {(cells[0], cells[1]): cells[2] for cells in rows if len(cells) == 3}
    for (name, part), row in chains(bench).items():
        if row["key_by"] == "platform":
            assert told[name, part], name
    assert told["log-eudcc-eu-prod", ""] == "it is linked to no dedicated cluster"


@shows(EUDCC, Case("E-062", "build", remove(key("aks"))))
def test_a_key_is_made_in_the_vault_or_imported(bench: Bench) -> None:
    assert all(bench.has(key(k, r)) for r in REGIONS for k in KEYS)
    other = bench.configured("key_origin: imported")
    assert other.blocks("azurerm_key_vault_key") == [
        d for d in other.blocks("azurerm_key_vault_key") if d.mode == "data"
    ]
    assert "key_origin" in refused(lambda: bench.configured("key_origin: found").blueprint())


@shows(EUDCC, Case("E-062", "prove", Configured("key_origin: imported")))
def test_where_a_key_was_made_is_recorded(bench: Bench) -> None:
    other = bench.configured("key_origin: imported")
    for one, origin, told in ((bench, "vault", "made in its store"), (other, "imported", "made outside and imported")):
        keys = [i for i in one.register().items if i.type == "Key"]
        assert [i.origin for i in keys] == [origin] * len(KEYS) * len(REGIONS)
        assert {cells[-1] for cells in rows(one).values()} == {told}
        assert all(("imported" in one.block(i.key).comment) == (origin == "imported") for i in keys)


@shows(EUDCC, Case("E-063", "prove", Set("eu#azurerm_disk_encryption_set.cluster", "key_vault_key_id")))
def test_the_chain_ends_in_the_vault(bench: Bench) -> None:
    for region, name, row in sealed(bench):
        steps = [step["text"] for step in row["chain"]]
        assert steps[0] == "data under a data encryption key that the service makes"
        assert any(step.startswith(f"key {KEYS[name]}, RSA-HSM 2048") for step in steps)
        assert f"vault kv-eudcc-{region}-prod, premium" in steps
        assert {step["outcome"] for step in row["chain"]} == {"yes"}


@shows(EUDCC, Case("E-064", "prove", granted("eu", "/keys/aks-encryption-key", WRAPPING)))
def test_nobody_but_the_service_unwraps(bench: Bench) -> None:
    for region, name, row in sealed(bench):
        assert [one["name"] for one in row["identities"]["may_unwrap"]] == [
            f"user-assigned identity id-{name}-eudcc-{region}-prod"
        ]
        assert row["identities"]["may_export"] == []


MEDICAL = {f"{name}-eudcc-{region}-prod" for name in KEYS for region in REGIONS}
GAPS = {"log-eudcc-{}-prod", "acreudcc{}prod", "steudcc{}prod", "kv-eudcc-{}-prod", "vm-jump-eudcc-{}-prod"}
"""What is under Microsoft's keys, by region; chapter 3 says why."""


@shows(
    EUDCC,
    Case("E-065", "prove", Set("ie#azurerm_mysql_flexible_server.mysql", "customer_managed_key")),
)
def test_what_holds_medical_data_is_under_a_key_of_ones_own(bench: Bench) -> None:
    own = {name for (name, _), row in chains(bench).items() if row["key_by"] == "customer"}
    assert own == MEDICAL
    rest = {name for (name, part), row in chains(bench).items() if row["key_by"] == "platform" and part != "etcd"}
    assert rest == {gap.format(region) for gap in GAPS for region in REGIONS}
    assert rest <= {cells[0] for cells in bench.table(CHAPTER, "Store") if len(cells) == 3}


@shows(EUDCC, Case("E-066", "build", Set(key("mysql"), "key_type", "RSA")))
def test_two_keys_are_made_in_hardware(bench: Bench) -> None:
    for region in REGIONS:
        mine = [d for d in bench.blocks("azurerm_key_vault_key") if d.file.layer.name == region]
        assert {d.arguments["name"] for d in mine} == set(KEYS.values())
        assert all('key_type = "RSA-HSM"' in bench.written(d.key) for d in mine)


@shows(
    EUDCC,
    Case("E-066", "prove", Set(key("aks", "ie"), "key_type", "RSA")),
    Case("E-067", "prove", Set(key("mysql"), "key_type", "RSA")),
)
def test_the_keys_are_held_in_hardware_and_nobody_takes_them_out(bench: Bench) -> None:
    from ringfence.model.keyvault import Key

    own = [k for k in bench.estate().of(Key) if k.title in KEYS.values()]
    assert len(own) == len(KEYS) * len(REGIONS)
    for _, _, row in sealed(bench):
        assert row["key"]["kty"] == "RSA-HSM"
        assert row["protection"]["in"] == "hsm"
        assert row["identities"]["may_export"] == []


GRANT = "eu#azurerm_role_assignment.cluster_key"


@shows(EUDCC, Case("E-068", "build", Set(GRANT, "role_definition_name", "Key Vault Crypto Officer")))
def test_each_key_has_one_grant_at_its_own_scope(bench: Bench) -> None:
    for region in REGIONS:
        for block, name in (("cluster_key", "aks"), ("mysql_key", "mysql")):
            at = f"azurerm_key_vault_key.{KEYS[name].replace('-', '_')}.name"
            has(
                bench,
                f"{region}#azurerm_role_assignment.{block}",
                f'scope = "${{azurerm_key_vault.vault.id}}/keys/${{{at}}}"',
                f'role_definition_name = "{WRAPPING}"',
            )


@shows(
    EUDCC,
    Case("E-068", "prove", granted("ie", "/keys/mysql-encryption-key", WRAPPING)),
    Case("E-069", "prove", granted("eu", "/keys/aks-encryption-key", WRAPPING, "mysql_administrator")),
)
def test_each_service_unwraps_with_its_own_key_and_with_no_other(bench: Bench) -> None:
    matrix = {(r, k): who_may(bench, "unwrap", f"kv-eudcc-{r}-prod/keys/{KEYS[k]}") for r in REGIONS for k in KEYS}
    assert matrix == {(r, k): {f"id-{k}-eudcc-{r}-prod"} for r in REGIONS for k in KEYS}


@shows(EUDCC, Case("E-070", "build", Set(key("aks"), "key_opts", ("unwrapKey", "wrapKey", "decrypt"))))
def test_the_keys_are_built_to_wrap_and_unwrap(bench: Bench) -> None:
    for declared in bench.blocks("azurerm_key_vault_key"):
        has(bench, declared.key, 'key_opts = ["unwrapKey", "wrapKey"]')


@shows(EUDCC, Case("E-070", "prove", Set(key("mysql"), "key_opts", ("unwrapKey", "wrapKey", "sign"))))
def test_the_keys_do_nothing_else(bench: Bench) -> None:
    for _, _, row in sealed(bench):
        assert set(row["key"]["operations"]) == {"wrapKey", "unwrapKey"}
        assert row["key"]["only_wraps"] == "yes"


# -- the databases and the disks


@shows(EUDCC, Case("E-071", "build", Set("ie#azurerm_mysql_flexible_server.mysql", "customer_managed_key")))
def test_the_database_is_bound_to_its_key(bench: Bench) -> None:
    for region in REGIONS:
        has(
            bench,
            f"{region}#azurerm_mysql_flexible_server.mysql",
            "customer_managed_key.key_vault_key_id = azurerm_key_vault_key.mysql_encryption_key.versionless_id",
            "customer_managed_key.primary_user_assigned_identity_id = azurerm_user_assigned_identity.mysql.id",
        )


@shows(EUDCC, Case("E-071", "prove", remove("eu#azurerm_role_assignment.mysql_key")))
def test_the_databases_chain_is_whole(bench: Bench) -> None:
    for region in REGIONS:
        assert bench.holds("kept", on=f"mysql-eudcc-{region}-prod", by="customer", protection="hsm").outcome == "pass"
        row = chains(bench)[f"mysql-eudcc-{region}-prod", ""]
        assert row["identities"]["may"] == {"read": "yes", "wrap": "yes", "unwrap": "yes"}


@shows(
    EUDCC,
    Case("E-072", "prove", granted("eu", "/keys/mysql-encryption-key", WRAPPING, "mysql"), "mysql", "mysql_key"),
    Case("E-076", "prove", granted("eu", "/keys/aks-encryption-key", WRAPPING, "cluster"), "aks", "cluster_key"),
)
def test_without_its_role_the_service_cannot_read(bench: Bench, name: str, role: str) -> None:
    """No second way to the data key is left when the one grant is gone."""
    for region in REGIONS:
        store = f"{name}-eudcc-{region}-prod" if name == "mysql" else f"{region}#azurerm_disk_encryption_set.cluster"
        grant = f"{region}#azurerm_role_assignment.{role}"
        held = bench.holds("sealed-without", on=store, without=grant)
        assert held.outcome == "pass", [c.text for c in held.contrary]
        holders = {u.name for u in bench.register().uses if u.key == grant}
        assert holders == {f"id-{name}-eudcc-{region}-prod"}


@shows(EUDCC, Case("E-073", "build", Set("eu#azurerm_kubernetes_cluster.cluster", "disk_encryption_set_id")))
def test_the_clusters_disks_have_an_encryption_set(bench: Bench) -> None:
    for region in REGIONS:
        has(bench, f"{region}#azurerm_kubernetes_cluster.cluster",
            "disk_encryption_set_id = azurerm_disk_encryption_set.cluster.id")  # fmt: skip
        has(bench, f"{region}#azurerm_disk_encryption_set.cluster",
            "key_vault_key_id = azurerm_key_vault_key.aks_encryption_key.versionless_id")  # fmt: skip


CLASS = "eu-workloads#kubectl_manifest.storage_class_sealed"


@shows(EUDCC, Case("E-073", "prove", remove(CLASS)))
def test_volumes_are_of_the_encrypted_class(bench: Bench) -> None:
    for region in REGIONS:
        classes = bench.manifests("StorageClass", f"{region}-workloads")
        assert len(classes) == 1
        (one,) = classes.values()
        assert one["provisioner"] == "disk.csi.azure.com"
        assert one["parameters"]["diskEncryptionSetID"] == "azurerm_disk_encryption_set.cluster.id"


@shows(
    EUDCC,
    Case(
        "E-074",
        "build",
        Set(CLUSTER, "default_node_pool.host_encryption_enabled", False),
    ),
)
def test_node_pools_use_the_set(bench: Bench) -> None:
    for region in REGIONS:
        cluster = f"{region}#azurerm_kubernetes_cluster.cluster"
        has(
            bench,
            cluster,
            'default_node_pool.os_disk_type = "Managed"',
            "default_node_pool.host_encryption_enabled = true",
        )
        has(bench, cluster, "disk_encryption_set_id = azurerm_disk_encryption_set.cluster.id")
    pools = bench.blocks("azurerm_kubernetes_cluster_node_pool")
    assert len(pools) == len(REGIONS)
    for pool in pools:
        words = ("kubernetes_cluster_id", "os_disk_type", "host_encryption_enabled")
        cluster = pool.file.layer.name + "#azurerm_kubernetes_cluster.cluster"
        assert [pool.arguments[word] for word in words] == [Ref(cluster, ("id",)), "Managed", True]


@shows(EUDCC, Case("E-074", "prove", Set(CLUSTER, "disk_encryption_set_id")))
def test_node_disks_are_under_the_clusters_key(bench: Bench) -> None:
    for region in REGIONS:
        row = chains(bench).get((f"aks-eudcc-{region}-prod", DISKS))
        assert row
        assert row["key"]
        assert row["key"]["name"] == KEYS["aks"]
        cluster = f"{region}#azurerm_kubernetes_cluster.cluster"
        assert bench.verdict("aks-disks-customer-key", cluster).outcome == "pass"


def claims(bench: Bench) -> list[str]:
    """Where data may lie in the clusters: what asks for a volume, and what would need one."""
    asking = []
    for kind in ("PersistentVolumeClaim", "StatefulSet"):
        asking += list(bench.manifests(kind))
    for key_, one in bench.manifests("Deployment").items():
        volumes = one["spec"]["template"]["spec"].get("volumes", [])
        asking += [key_ for v in volumes if "persistentVolumeClaim" in v or "hostPath" in v]
    return asking


@shows(EUDCC, Case("E-075", "prove", remove(CLASS)))
def test_what_a_pod_could_keep_is_sealed(bench: Bench) -> None:
    assert claims(bench) == []
    for region in REGIONS:
        (one,) = bench.manifests("StorageClass", f"{region}-workloads").values() or [None]
        assert one is not None
        assert one["parameters"]["diskEncryptionSetID"]
        assert chains(bench)[f"aks-eudcc-{region}-prod", DISKS]["key_by"] == "customer"


# -- the store of the keys


@shows(
    EUDCC,
    Case("E-077", "build", Set("eu#azurerm_key_vault.vault", "sku_name", "standard")),
)
def test_the_vault_is_premium(bench: Bench) -> None:
    for region in REGIONS:
        has(bench, f"{region}#azurerm_key_vault.vault", 'sku_name = "premium"')


@shows(EUDCC, Case("E-077", "prove", Set("ie#azurerm_key_vault.vault", "sku_name", "standard")))
def test_the_keys_are_in_a_premium_vault(bench: Bench) -> None:
    for _, _, row in sealed(bench):
        assert row["vault"]["sku"] == "premium"
        assert row["protection"]["in"] == "hsm"


@shows(EUDCC, Case("E-078", "build", Configured("key_store: managed_hsm")))
def test_the_store_is_chosen_by_need(bench: Bench) -> None:
    assert not bench.blocks("azurerm_key_vault_managed_hardware_security_module")
    module = bench.configured("key_store: managed_hsm")
    assert len(module.blocks("azurerm_key_vault_managed_hardware_security_module")) == len(REGIONS)
    soft = bench.configured("production: false\nkey_store: standard")
    has(soft, "eu#azurerm_key_vault.vault", 'sku_name = "standard"')


@shows(EUDCC, Case("E-078", "prove", Configured("key_store: managed_hsm")))
def test_a_store_that_does_not_meet_the_level_is_refused(bench: Bench) -> None:
    assert "level 2, not 3" in refused(lambda: bench.configured("fips_level: 3").blueprint())
    assert bench.configured("fips_level: 2").blueprint()
    assert bench.configured("key_store: managed_hsm\nfips_level: 3").blueprint()


@shows(EUDCC, Case("E-079", "build", Configured("key_store: managed_hsm")))
def test_a_key_can_be_brought_along(bench: Bench) -> None:
    other = bench.configured("key_store: managed_hsm\nkey_origin: imported")
    made = [d.address for d in other.blocks() if d.mode == "managed" and d.type.endswith("security_module_key")]
    assert made == []
    assert other.blocks("azurerm_disk_encryption_set")
    assert bench.blocks("azurerm_key_vault_managed_hardware_security_module") == []


@shows(EUDCC, Case("E-079", "prove", Configured("key_origin: imported\nkey_store: managed_hsm")))
def test_that_a_key_was_brought_along_is_recorded(bench: Bench) -> None:
    other = bench.configured("key_store: managed_hsm\nkey_origin: imported")
    keys = [d for d in other.blocks() if d.type.endswith("security_module_key")]
    assert len(keys) == len(KEYS) * len(REGIONS)
    assert all(d.mode == "data" and "imported" in d.comment for d in keys)
    assert {d.mode for d in bench.blocks("azurerm_key_vault_key")} == {"managed"}


def differing(one: Bench, other: Bench) -> set[str]:
    """The keys of the blocks that are not the same in both."""
    mine, theirs = ({d.key: b.written(d.key) for d in b.blocks()} for b in (one, other))
    return {k for k in mine.keys() | theirs.keys() if mine.get(k) != theirs.get(k)}


@shows(EUDCC, Case("E-080", "build", Configured("key_store: managed_hsm")))
def test_another_store_is_one_word(bench: Bench) -> None:
    module = bench.configured("key_store: managed_hsm")
    assert {d.key for d in module.blocks("azurerm_key_vault_managed_hardware_security_module")} <= differing(
        bench, module
    )
    assert len(differing(bench, module)) > 10


KEYED = ("module", "mysql", "cluster", "_key")


@shows(EUDCC, Case("E-080", "prove", Configured("key_store: managed_hsm")))
def test_another_store_changes_keys_and_what_leads_to_them(bench: Bench) -> None:
    changed = differing(bench, bench.configured("key_store: managed_hsm"))
    assert len(changed) > 4
    for one in changed:
        type_ = one.partition("#")[2].partition(".")[0].removeprefix("data")
        about_keys = any(word in one for word in ("key", "custodian", "managed_hardware", "module", "managedhsm"))
        leads = any(word in type_ for word in ("disk_encryption_set", "mysql_flexible_server", "client_config"))
        assert about_keys or leads, one


@shows(EUDCC, Case("E-081", "build", Set(key("aks"), "key_type", "EC-HSM")))
def test_software_keys_are_an_option_for_lower_needs(bench: Bench) -> None:
    soft = bench.configured("production: false\nkey_store: standard")
    has(soft, "eu#azurerm_key_vault_key.mysql_encryption_key", 'key_type = "RSA"')
    for region in REGIONS:
        has(bench, key("aks", region), 'key_type = "RSA-HSM"')


@shows(EUDCC, Case("E-081", "prove", Rewritten(CHAPTER, "refused in production", "fine")))
def test_software_keys_are_refused_in_production(bench: Bench) -> None:
    assert "production is refused with key_store: standard" in refused(
        lambda: bench.configured("key_store: standard").blueprint()
    )
    soft = bench.configured("production: false\nkey_store: standard")
    assert {r.switch for r in soft.register().relaxations if r.argument == "key_type"} == {"key_store"}
    (row,) = [cells for cells in bench.table(CHAPTER, "Store") if cells[0] == "Key Vault, software key"]
    assert row[2:] == ["cheapest, easy to back up", "refused in production"]


# -- the table

SERVICES = {"aks": "Managed cluster aks-eudcc-{}-prod, disks of nodes and volumes",
            "mysql": "MySQL flexible server mysql-eudcc-{}-prod"}  # fmt: skip


def rows(bench: Bench) -> dict[str, list[str]]:
    section = bench.page(CHAPTER).partition("## Services with a key of the platform's")[2].partition("\n## ")[0]
    return {cells[0]: cells[1:] for cells in table(section, "Service")}


@shows(EUDCC, Case("E-082", "build", Set(CLUSTER, "disk_encryption_set_id")))
def test_the_table_lists_every_service_with_a_key(bench: Bench) -> None:
    assert set(rows(bench)) == {told.format(region) for told in SERVICES.values() for region in REGIONS}


@shows(EUDCC, Case("E-082", "prove", Rewritten(CHAPTER, "| 2048 |", "| 4096 |")))
def test_the_table_is_what_is_built(bench: Bench) -> None:
    for service, (name, _, type_, size, options, *_) in rows(bench).items():
        region = "eu" if "-eu-" in service else "ie"
        written = bench.written(f"{region}#azurerm_key_vault_key:{name}")
        assert f'key_type = "{type_}"' in written
        assert f"key_size = {size}" in written
        assert options == "unwrapKey, wrapKey"
        assert 'key_opts = ["unwrapKey", "wrapKey"]' in written


OWNERS = {"E-083": ("aks", "cluster_key", "cluster"), "E-084": ("mysql", "mysql_key", "mysql")}


@shows(
    EUDCC,
    *(
        Case(of, "build", Set(f"eu#azurerm_role_assignment.{role}", "principal_id", "another"), role, identity, name)
        for of, (name, role, identity) in OWNERS.items()
    ),
)
def test_the_key_is_granted_to_the_service(bench: Bench, role: str, identity: str, name: str) -> None:
    for region in REGIONS:
        at = f"${{azurerm_key_vault_key.{KEYS[name].replace('-', '_')}.name}}"
        has(
            bench,
            f"{region}#azurerm_role_assignment.{role}",
            f"principal_id = azurerm_user_assigned_identity.{identity}.principal_id",
            f'scope = "${{azurerm_key_vault.vault.id}}/keys/{at}"',
        )


@shows(EUDCC, *(Case(of, "prove", Set(key(name), "key_size", 3072), name) for of, (name, _, _) in OWNERS.items()))
def test_the_row_is_that_of_the_document(bench: Bench, name: str) -> None:
    for region in REGIONS:
        row = rows(bench)[SERVICES[name].format(region)]
        holder = f"user-assigned identity id-{name}-eudcc-{region}-prod"
        assert row[:5] == [KEYS[name], holder, "RSA-HSM", "2048", "unwrapKey, wrapKey"]
