"""EUDCC's vaults: every item of the two tables, who gets which, and how applications are told of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from ringfence.constructs.spring import SCHEME, PropertySource, secret_name
from tests.requirements.bench import table
from tests.requirements.binding import EUDCC, Case, shows
from tests.requirements.controls import has, holds, refused
from tests.requirements.mutation import Change, Rewritten, Says, Set, found, remove
from tests.requirements.regions import (
    CLIENTS,
    REGIONS,
    SECRETS_USER,
    THINGS,
    Thing,
    granted,
    who_may,
)

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint
    from tests.requirements.bench import Bench

VAULTS = tuple(f"{region}#azurerm_key_vault.vault" for region in REGIONS)
ISSUING = "ie-workloads#kubectl_manifest.dgca_issuance_service"
FILES = f"{ISSUING}_secret_provider_class"
SETTINGS = f"{ISSUING}_config_map"
CHAPTER = "2-key-vault.md"


# -- the items


@shows(EUDCC, *(Case(one.id, "build", Set(one.block, "name", "another-name"), one) for one in THINGS))
def test_the_vault_is_built_with_the_item(bench: Bench, thing: Thing) -> None:
    vault = bench.block(f"{thing.region}#azurerm_key_vault.vault")
    assert bench.block(thing.block).arguments["key_vault_id"] == vault.id


@shows(EUDCC, *(Case(one.id, "prove", one.also_for(), one) for one in THINGS))
def test_the_item_is_that_of_the_table_and_read_by_those_who_need_it(bench: Bench, thing: Thing) -> None:
    vault, key = f"{thing.region}#azurerm_key_vault.vault", bench.block(thing.block).key
    (item,) = [i for i in bench.register().items if i.key == key]
    assert (item.vault, item.name, item.type, item.scheme) == (vault, thing.name, thing.type, thing.scheme)
    assert who_may(bench, "unwrap" if thing.type == "Key" else "read", thing.part) == set(thing.readers)


def unlisted(name: str) -> Change:
    def change(blueprint: Blueprint) -> None:
        items = blueprint.register.items
        items[:] = [i for i in items if i.name != name]

    return Change(f"`{name}` is not in the register of items", change)


@shows(
    EUDCC,
    Case("E-033", "build", unlisted("trustanchor"), "eu"),
    Case("E-039", "build", unlisted("dsc-key-store"), "ie"),
)
def test_the_table_of_items_is_made_of_what_is_declared(bench: Bench, region: str) -> None:
    declared = [d for t in ("certificate", "secret", "key") for d in bench.blocks(f"azurerm_key_vault_{t}")]
    mine = {(str(d.arguments["name"]), d.type.rpartition("_")[2]) for d in declared if d.file.layer.name == region}
    rows = bench.table(CHAPTER, "Name")
    assert mine
    for name, type_ in mine:
        assert [cells[1].lower() for cells in rows if cells[0] == name].count(type_) >= 1, name


@shows(
    EUDCC,
    Case("E-033", "prove", Rewritten(CHAPTER, "dgc-trustanchor-certificatealias", "another-alias"), "eu"),
    Case("E-039", "prove", Rewritten(CHAPTER, "upload-key-store", "another-store"), "ie"),
)
def test_the_table_of_items_is_the_documents(bench: Bench, region: str) -> None:
    wanted = [t for t in THINGS if t.region == region]
    section = bench.page(CHAPTER).partition(f"\n## Items of the vault of {region}\n")[2].partition("\n## ")[0]
    rows = {(name, type_): (scheme, told) for name, type_, scheme, told in table(section, "Name")}
    for thing in wanted:
        scheme, told = rows.get((thing.name, thing.type), ("", ""))
        assert scheme.startswith(thing.scheme), thing.name
        assert len(told) > 10, thing.name
    assert len(rows) == len(wanted)
    described = {i.name for i in bench.register().items if i.vault.startswith(f"{region}#") and i.description}
    assert described >= {t.name for t in wanted}


# -- roles


@shows(EUDCC, *(Case("E-017", "build", Set(v, "rbac_authorization_enabled", False), v) for v in VAULTS))
def test_roles_decide_in_every_vault(bench: Bench, vault: str) -> None:
    has(bench, vault, "rbac_authorization_enabled = true")


@shows(
    EUDCC,
    Case("E-017", "prove", Set(VAULTS[1], "rbac_authorization_enabled", False)),
    Case("E-092", "prove", Set(VAULTS[0], "rbac_authorization_enabled", False)),
)
def test_no_vault_has_access_policies(bench: Bench) -> None:
    for vault in VAULTS:
        holds(bench, "8.6", vault)
        assert "access_policy" not in bench.block(vault).arguments
    assert bench.blocks("azurerm_key_vault_access_policy") == []
    assert len(bench.blocks("azurerm_key_vault")) == len(VAULTS)


AT_ITEM = re.compile(r'"\$\{azurerm_key_vault\.vault\.id\}/(secrets|keys|certificates)/')


def on_vaults(bench: Bench) -> list[tuple[str, str]]:
    """(block, scope) of every role assignment on a vault or in one."""
    lines = ((d.key, line) for d in bench.blocks("azurerm_role_assignment") for line in bench.written(d.key))
    return [(key, line.partition(" = ")[2]) for key, line in lines
            if line.startswith("scope = ") and "azurerm_key_vault" in line]  # fmt: skip


ONE = "ie-workloads#azurerm_role_assignment.dgca_issuance_service_upload_key_store"


def at_the_vault(blueprint: Blueprint) -> None:
    found(blueprint, ONE).arguments["scope"] = found(blueprint, VAULTS[1]).id  # type: ignore[index]


@shows(EUDCC, Case("E-018", "build", Change(f"`{ONE}` is on the whole vault", at_the_vault)))
def test_roles_are_given_on_single_items(bench: Bench) -> None:
    whole = [key for key, scope in on_vaults(bench) if not AT_ITEM.match(scope)]
    assert whole == [f"{r}#azurerm_role_assignment.deployer_{p}" for r in REGIONS
                     for p in ("secrets", "certificates", "keys")]  # fmt: skip
    assert len(on_vaults(bench)) > 30


@shows(EUDCC, Case("E-018", "prove", granted("ie", "", SECRETS_USER)))
def test_only_whoever_deploys_has_a_role_on_a_whole_vault(bench: Bench) -> None:
    from ringfence.model.authorization import RoleAssignment
    from ringfence.model.keyvault import KeyVault

    estate = bench.estate()
    holders = set()
    for assignment in estate.of(RoleAssignment):
        target = estate.target(assignment, assignment.scope)
        if isinstance(target, KeyVault):
            holders.add(str(bench.block(assignment.key).arguments["principal_id"]))
    assert holders == {"data.azurerm_client_config.current.object_id"}


@shows(EUDCC, Case("E-019", "build", remove("azurerm_key_vault:kv-eudcc-ie-prod")))
def test_one_vault_serves_a_region(bench: Bench) -> None:
    layers = [d.file.layer.name for d in bench.blocks("azurerm_key_vault")]
    assert layers == list(REGIONS)


def needs(bench: Bench) -> set[tuple[str, str]]:
    """(application, item) as declared."""
    return {(u.name, u.what) for u in bench.register().uses if "/secrets/" in u.what}


@shows(EUDCC, Case("E-019", "prove", granted("ie", "/secrets/upload-key-store", SECRETS_USER)))
def test_the_matrix_of_access_is_that_of_needs(bench: Bench) -> None:
    things = [t for t in THINGS if t.type != "Key"]
    held = {(who, t.part) for t in things for who in who_may(bench, "read", t.part)}
    assert held == needs(bench)
    assert held == {(who, t.part) for t in things for who in t.readers}


ROLES = {
    "Key Vault Secrets User", "Key Vault Crypto User", "Key Vault Crypto Service Encryption User", "Key Vault Reader",
    "Key Vault Certificates Officer", "Key Vault Secrets Officer", "Key Vault Administrator",
}  # fmt: skip


@shows(EUDCC, Case("E-020", "build", Set(ONE, "role_definition_name", "Key Vault Secret Reader")))
def test_roles_are_azures_own(bench: Bench) -> None:
    from ringfence.facts import roles

    named = {str(d.arguments["role_definition_name"]) for d in bench.blocks("azurerm_role_assignment")
             if "role_definition_name" in d.arguments}  # fmt: skip
    assert {name for name in named if not roles.exists(name)} == set()
    assert {name for name in named if name.startswith("Key Vault")} <= ROLES


@shows(EUDCC, Case("E-020", "prove", Set(ONE, "role_definition_name", "Key Vault Crypto User")))
def test_a_role_is_known_by_what_it_allows(bench: Bench) -> None:
    from ringfence.constructs.grant import grant

    assert who_may(bench, "read", "kv-eudcc-ie-prod/secrets/upload-key-store") == {"dgca-issuance-service"}
    file = bench.blueprint().layers[0].file("probe.tf")
    message = refused(
        lambda: grant(file, "probe", who="x", called="x", may="Key Vault Secret User", on="x", what="x", why="")
    )
    assert "Azure has no role Key Vault Secret User" in message
    assert "Key Vault Secrets User" in message


# -- Spring's property source

GOLDEN = {
    "dgc.trust-anchor.certificate-alias": "dgc-trustanchor-certificatealias",
    "dgc.gateway.connector.trust-anchor.password": "dgc-gateway-connector-trustanchor-password",
    "dgc.gateway.connector.trust-anchor.alias": "dgc-gateway-connector-trustanchor-alias",
    "dgc.gateway.connector.tls-trust-store.password": "dgc-gateway-connector-tlstruststore-password",
    "dgc.gateway.connector.tls-key-store.alias": "dgc-gateway-connector-tlskeystore-alias",
    "dgc.gateway.connector.upload-key-store.alias": "dgc-gateway-connector-uploadkeystore-alias",
    "issuance.certAlias": "issuance-certalias",
    "issuance.cert-alias": "issuance-certalias",
}
ALIAS = "ie#azurerm_key_vault_secret:issuance-certalias"


def settings(bench: Bench, address: str) -> dict[str, str]:
    """The properties that an application is started with."""
    (content,) = bench.manifest(address)["data"].values()
    pairs = (line.partition("=") for line in content.splitlines() if "=" in line)
    return {name: value for name, _, value in pairs}


def applications(bench: Bench) -> dict[str, dict[str, str]]:
    """By application: its properties, where it loads some from the vault."""
    maps = {key: one for key, one in bench.manifests("ConfigMap").items() if "property-sources" in str(one)}
    return {one["metadata"]["name"]: settings(bench, key) for key, one in maps.items()}


KEYS = "spring.cloud.azure.keyvault.secret.property-sources[0].secret-keys"


@shows(EUDCC, Case("E-021", "build", Says(SETTINGS, "property-source-enabled=true", "property-source-enabled=false")))
def test_applications_load_properties_from_the_vault(bench: Bench) -> None:
    found_ = applications(bench)
    assert set(found_) == {"dgc-gateway", *CLIENTS}
    for properties in found_.values():
        assert properties["spring.cloud.azure.keyvault.secret.property-source-enabled"] == "true"
        endpoint = properties["spring.cloud.azure.keyvault.secret.property-sources[0].endpoint"]
        assert endpoint == "${azurerm_key_vault.vault.vault_uri}"
        assert properties[KEYS]


ALIAS_ROLE = "ie-workloads#azurerm_role_assignment.dgca_issuance_service_issuance_certalias"


@shows(EUDCC, Case("E-021", "prove", remove(ALIAS_ROLE)))
def test_an_application_may_read_every_property_that_it_loads(bench: Bench) -> None:
    for application, properties in applications(bench).items():
        region = "eu" if application == "dgc-gateway" else "ie"
        for property_ in properties[KEYS].split(","):
            item = f"kv-eudcc-{region}-prod/secrets/{secret_name(property_)}"
            assert application in who_may(bench, "read", item), f"{application}: {property_}"


@shows(EUDCC, Case("E-022", "build", Set(ALIAS, "name", "issuance-cert-alias")))
def test_names_follow_from_properties(bench: Bench) -> None:
    spring = [i for i in bench.register().items if i.scheme == SCHEME]
    assert len(spring) == 7
    for item in spring:
        assert secret_name(item.property) == item.name == bench.block(item.key).arguments["name"]


@shows(EUDCC, Case("E-022", "prove", Set(ALIAS, "name", "issuance-alias")))
def test_the_names_are_the_documents(bench: Bench) -> None:
    assert {property_: secret_name(property_) for property_ in GOLDEN} == GOLDEN
    names = {d.arguments["name"] for d in bench.blocks("azurerm_key_vault_secret")}
    assert set(GOLDEN.values()) <= names
    assert "issuance-certalias" in refused(
        lambda: PropertySource(["issuance.certAlias", "issuance.cert.alias-", "issuance.certalias"])
    )


@shows(EUDCC, Case("E-023", "build", unlisted("issuance-certalias")))
def test_every_item_has_one_of_two_schemes(bench: Bench) -> None:
    items = bench.register().items
    assert {i.scheme for i in items} == {"Freeform", SCHEME}
    assert all(bool(i.property) == (i.scheme == SCHEME) for i in items)
    assert len(items) == len(THINGS)


@shows(EUDCC, Case("E-023", "prove", Says(SETTINGS, "issuance.certAlias", "upload-key-store")))
def test_spring_items_are_the_image_of_what_applications_load(bench: Bench) -> None:
    for region in REGIONS:
        mine = {a: p for a, p in applications(bench).items() if (a == "dgc-gateway") == (region == "eu")}
        loaded = {secret_name(one) for properties in mine.values() for one in properties[KEYS].split(",")}
        spring = {i.name for i in bench.register().items if i.scheme == SCHEME and i.vault.startswith(f"{region}#")}
        assert loaded == spring


@shows(EUDCC, Case("E-024", "build", Says(SETTINGS, ",issuance.certAlias", "")))
def test_the_list_of_secret_keys_is_made_of_the_needs(bench: Bench) -> None:
    for application, properties in applications(bench).items():
        listed = {secret_name(one) for one in properties[KEYS].split(",")}
        spring = {i.name for i in bench.register().items if i.property}
        needed = {what.rpartition("/")[2] for who, what in needs(bench) if who == application}
        assert listed == needed & spring


@shows(EUDCC, Case("E-024", "prove", remove(ALIAS)))
def test_every_key_of_the_list_is_in_the_vault(bench: Bench) -> None:
    for application, properties in applications(bench).items():
        region = "eu" if application == "dgc-gateway" else "ie"
        here = {d.arguments["name"] for d in bench.blocks("azurerm_key_vault_secret") if d.file.layer.name == region}
        missing = {one for one in properties[KEYS].split(",") if secret_name(one) not in here}
        assert missing == set(), application


# -- the driver that mounts


def mounts(bench: Bench) -> dict[str, list[dict[str, str]]]:
    """By application: the objects that the driver mounts."""
    found_ = {}
    for one in bench.manifests("SecretProviderClass").values():
        content = one["spec"]["parameters"]["objects"].partition("array:")[2]
        found_[one["metadata"]["name"]] = [yaml.safe_load(entry) for entry in yaml.safe_load(content)]
    return found_


def pods(bench: Bench) -> dict[str, dict]:
    """By application: what its pods are."""
    return {one["metadata"]["name"]: one["spec"]["template"]["spec"] for one in bench.manifests("Deployment").values()}


DEPLOYED = f"{ISSUING}_deployment"


@shows(EUDCC, Case("E-025", "build", Says(DEPLOYED, "secrets-store.csi.k8s.io", "file.csi.azure.com")))
def test_files_come_from_the_vault_through_the_driver(bench: Bench) -> None:
    for application, objects in mounts(bench).items():
        volumes = [v["csi"] for v in pods(bench)[application]["volumes"] if "csi" in v]
        assert objects
        assert [v["driver"] for v in volumes] == ["secrets-store.csi.k8s.io"]
        assert volumes[0]["volumeAttributes"] == {"secretProviderClass": application}
    for region in REGIONS:
        has(bench, f"{region}#azurerm_kubernetes_cluster.cluster",
            "key_vault_secrets_provider.secret_rotation_enabled = true")  # fmt: skip


@shows(EUDCC, Case("E-025", "prove", remove(ONE)))
def test_a_pod_may_read_what_is_mounted_into_it_and_no_more(bench: Bench) -> None:
    for application, objects in mounts(bench).items():
        region = "eu" if application == "dgc-gateway" else "ie"
        names = {one["objectName"] for one in objects if one["objectType"] == "secret"}
        loaded = applications(bench).get(application, {}).get(KEYS, "")
        properties = {secret_name(one) for one in loaded.split(",") if one}
        mine = {t.name for t in THINGS if t.region == region and t.type != "Key"
                and application in who_may(bench, "read", t.part)}  # fmt: skip
        assert mine == names | properties
        for one in objects:
            if one["objectType"] == "cert":  # without its key
                held = who_may(bench, "list", f"kv-eudcc-{region}-prod/certificates/{one['objectName']}")
                assert held == {application}


CERTIFICATES = {
    "dgc-gateway": {"trustanchor"},
    "dgca-issuance-service": {"trustanchor-content", "tls-trust-store-content", "tls-key-store", "upload-key-store"},
    "dgca-businessrule-service": {"trustanchor-content", "tls-trust-store-content", "tls-key-store"},
    "dgca-verifier-service": {"trustanchor-content", "tls-trust-store-content", "tls-key-store"},
    "portal-sign-in": {"msal-authentication-client-secret"},
}


@shows(EUDCC, Case("E-026", "build", Says(FILES, "upload.p12", "upload.pem")))
def test_bundles_are_mounted_as_files(bench: Bench) -> None:
    files = {one["objectAlias"] for one in mounts(bench)["dgca-issuance-service"]}
    assert files == {"trustanchor.p12", "tls_trust_store.p12", "tls_key_store.p12", "upload.p12"}
    mounted = bench.configured("signing: mounted")
    more = {one["objectAlias"] for one in mounts(mounted)["dgca-issuance-service"]} - files
    assert len(more) == 1
    assert next(iter(more)).endswith(".p12")


@shows(EUDCC, Case("E-026", "prove", Says(FILES, "objectName: upload-key-store", "objectName: dsc-key-store")))
def test_a_certificate_is_mounted_where_it_is_needed(bench: Bench) -> None:
    assert {who: {one["objectName"] for one in objects} for who, objects in mounts(bench).items()} == CERTIFICATES


def writable(blueprint: Blueprint) -> None:
    """The volume of the bundles can be written to."""
    arguments = found(blueprint, DEPLOYED).arguments
    body = arguments["yaml_body"].args[0]  # type: ignore[union-attr]
    for volume in body["spec"]["template"]["spec"]["volumes"]:
        if "csi" in volume:
            volume["csi"]["readOnly"] = False


@shows(EUDCC, Case("E-028", "build", Change("the issuing service's bundles can be written to", writable)))
def test_the_mount_is_written_as_read_only(bench: Bench) -> None:
    for application in mounts(bench):
        layer = "eu-workloads" if application == "dgc-gateway" else "ie-workloads"
        text = bench.built().files[f"{layer}/manifests/{application}-deployment.yaml"]
        assert re.search(r"csi:\n\s+driver: secrets-store.csi.k8s.io\n\s+readOnly: true\n", text), application


@shows(EUDCC, Case("E-028", "prove", Change("the issuing service's bundles can be written to", writable)))
def test_no_mount_can_be_written_to(bench: Bench) -> None:
    for application in mounts(bench):
        pod = pods(bench)[application]
        volumes = {v["name"] for v in pod["volumes"] if "csi" in v}
        assert all(v["csi"]["readOnly"] is True for v in pod["volumes"] if "csi" in v)
        for container in pod["containers"]:
            assert all(m["readOnly"] is True for m in container["volumeMounts"] if m["name"] in volumes)


WHY = "it asks for the fewest changes to"


@shows(EUDCC, Case("E-027", "prove", Rewritten(CHAPTER, WHY, "it is")))
def test_why_files_are_mounted_is_recorded_with_what_takes_their_place(bench: Bench) -> None:
    part = " ".join(bench.page(CHAPTER).partition("## Certificates as files")[2].partition("\n## ")[0].split())
    assert WHY in part
    assert "Signing in the vault, below, takes its place" in part
    assert "## Signing in the vault" in bench.page(CHAPTER)


# -- what the items are for


@shows(EUDCC, *(Case("E-055", "prove", t.also_for(), t) for t in THINGS if t.name == "mysql-pw"))
def test_no_application_uses_the_database_administrators_password(bench: Bench, thing: Thing) -> None:
    assert who_may(bench, "read", thing.part) == set()
    for kind in ("ConfigMap", "Deployment", "SecretProviderClass", "Job"):
        assert [key for key, one in bench.manifests(kind).items() if "mysql-pw" in str(one)] == []


STORE = "tls-trust-store-content"


@shows(EUDCC, Case("E-056", "build", Says(FILES, f"objectName: {STORE}", "objectName: tls-key-store")))
def test_the_trust_store_is_mounted_in_every_client(bench: Bench) -> None:
    assert {who for who, objects in mounts(bench).items() if STORE in {one["objectName"] for one in objects}} == set(
        CLIENTS
    )


@shows(EUDCC, Case("E-056", "prove", Says(SETTINGS, "dgc.gateway.connector.tls-trust-store.path", "x")))
def test_every_client_pins_the_gateway_by_the_trust_store(bench: Bench) -> None:
    for client in CLIENTS:
        properties = applications(bench)[client]
        path = properties.get("dgc.gateway.connector.tls-trust-store.path", "").rpartition("/")[2]
        assert path in {one["objectAlias"] for one in mounts(bench)[client] if one["objectName"] == STORE}
        assert properties["dgc.gateway.connector.endpoint"].startswith("https://dgc-gateway.eu.")


FACE = "eu-workloads#kubectl_manifest.dgc_gateway_ingress"


CONTROLLER = "eu-workloads#kubectl_manifest.ingress_config_map"


@shows(
    EUDCC,
    Case("E-057", "build", Says(FACE, "X-SSL-Client-SHA256", "X-Other")),
    Case("E-057", "build", Says(CONTROLLER, "client-ca", "no-ca")),
)
def test_the_gateways_ingress_asks_for_a_certificate(bench: Bench) -> None:
    told = bench.manifest(CONTROLLER)["data"]
    assert told.get("client-ca") == "ingress/client-authority"
    assert told.get("client-crt-optional") == "false"
    passed = bench.manifest(FACE)["metadata"]["annotations"]["haproxy.org/request-set-header"]
    assert "X-SSL-Client-SHA256" in passed
    assert "X-SSL-Client-DN" in passed


@shows(EUDCC, Case("E-057", "prove", Says(SETTINGS, "tls-key-store.path", "another.path")))
def test_a_country_signs_in_to_the_gateway_with_its_certificate(bench: Bench) -> None:
    for client in CLIENTS:
        path = applications(bench)[client].get("dgc.gateway.connector.tls-key-store.path", "").rpartition("/")[2]
        assert path in {one["objectAlias"] for one in mounts(bench)[client] if one["objectName"] == "tls-key-store"}
        assert client in who_may(bench, "read", "kv-eudcc-ie-prod/secrets/tls-key-store")


@shows(EUDCC, Case("E-058", "prove", granted("ie", "/secrets/upload-key-store", SECRETS_USER)))
def test_only_the_issuing_service_signs_uploads(bench: Bench) -> None:
    assert who_may(bench, "read", "kv-eudcc-ie-prod/secrets/upload-key-store") == {"dgca-issuance-service"}
    assert who_may(bench, "sign", "kv-eudcc-ie-prod/keys/upload-key-store") == set()


@shows(EUDCC, Case("E-059", "prove", granted("ie", "/keys/dsc-key-store", "Key Vault Crypto User")))
def test_only_the_issuing_service_signs_certificates_of_citizens(bench: Bench) -> None:
    assert who_may(bench, "sign", "kv-eudcc-ie-prod/keys/dsc-key-store") == {"dgca-issuance-service"}
    assert who_may(bench, "read", "kv-eudcc-ie-prod/secrets/dsc-key-store") == set()


@shows(EUDCC, Case("E-060", "build", remove("ie#azurerm_key_vault_secret:dgc-gateway-connector-trustanchor-password")))
def test_a_bundle_is_a_certificate_or_a_secret_with_its_password(bench: Bench) -> None:
    assert bench.has("eu#azurerm_key_vault_certificate:trustanchor")
    assert bench.has("ie#azurerm_key_vault_secret:trustanchor-content")
    assert bench.has("ie#azurerm_key_vault_secret:dgc-gateway-connector-trustanchor-password")
    assert not bench.has("eu#azurerm_key_vault_secret:dgc-trustanchor-password")


@shows(EUDCC, Case("E-060", "prove", Says(FILES, "objectFormat: pfx", "objectFormat: pem")))
def test_the_form_of_a_mount_is_that_of_the_item(bench: Bench) -> None:
    types = {(t.region, t.name): t.type for t in THINGS}
    for application, objects in mounts(bench).items():
        region = "eu" if application == "dgc-gateway" else "ie"
        for one in objects:
            with_key = types[region, one["objectName"]] == "Certificate" and one["objectType"] == "secret"
            assert one.get("objectFormat") == ("pfx" if with_key else None), f"{application}: {one['objectName']}"
