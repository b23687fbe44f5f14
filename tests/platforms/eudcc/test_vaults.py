"""Both vaults: every item of the document's tables, what it is, and who may do what with it."""

from __future__ import annotations

import pytest

from ringfence.ask import Question
from ringfence.constructs.spring import secret_name
from ringfence.errors import ConstructError
from ringfence.platforms.eudcc.vault.items import ITEMS, PURPOSES
from tests.platforms.eudcc.configured import blocks, configured, declared, inner, stood, who_can
from tests.platforms.eudcc.regions import region

CONNECTOR = "dgc-gateway-connector"
DOCUMENT = {
    "eu": {
        "trustanchor": ("Certificate", "Freeform"),
        "dgc-trustanchor-certificatealias": ("Secret", "Spring PropertySource"),
        "mysql-pw": ("Secret", "Freeform"),
        "mysql-encryption-key": ("Key", "Freeform"),
        "aks-encryption-key": ("Key", "Freeform"),
    },
    "ie": {
        "trustanchor-content": ("Secret", "Freeform"),
        f"{CONNECTOR}-trustanchor-password": ("Secret", "Spring PropertySource"),
        f"{CONNECTOR}-trustanchor-alias": ("Secret", "Spring PropertySource"),
        "msal-authentication-client-secret": ("Secret", "Freeform"),
        "tls-trust-store-content": ("Secret", "Freeform"),
        f"{CONNECTOR}-tlstruststore-password": ("Secret", "Spring PropertySource"),
        "tls-key-store": ("Certificate", "Freeform"),
        f"{CONNECTOR}-tlskeystore-alias": ("Secret", "Spring PropertySource"),
        "upload-key-store": ("Certificate", "Freeform"),
        f"{CONNECTOR}-uploadkeystore-alias": ("Secret", "Spring PropertySource"),
        "dsc-key-store": ("Certificate", "Freeform"),
        "issuance-certalias": ("Secret", "Spring PropertySource"),
        "mysql-pw": ("Secret", "Freeform"),
        "mysql-encryption-key": ("Key", "Freeform"),
        "aks-encryption-key": ("Key", "Freeform"),
    },
}
"""The tables of the document, by region: name, type and naming scheme of every item."""
BLOCKS = {
    "azurerm_key_vault_certificate": "Certificate",
    "azurerm_key_vault_secret": "Secret",
    "azurerm_key_vault_key": "Key",
}
KEEPERS = {"5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01", "whoever runs Terraform"}
ISSUING, PUBLIC = "dgca-issuance-service", "dgca-issuance-service-public"
CLIENTS = {ISSUING, "dgca-businessrule-service", "dgca-verifier-service"}
"""What speaks to the gateway of the EU."""
READERS: dict[str, dict[str, set[str]]] = {
    "eu": {"trustanchor": set(), "dgc-trustanchor-certificatealias": {"dgc-gateway"}, "mysql-pw": set()},
    "ie": {
        "trustanchor-content": CLIENTS,
        f"{CONNECTOR}-trustanchor-password": CLIENTS,
        f"{CONNECTOR}-trustanchor-alias": CLIENTS,
        "msal-authentication-client-secret": {"portal-sign-in"},
        "tls-trust-store-content": CLIENTS,
        f"{CONNECTOR}-tlstruststore-password": CLIENTS,
        "tls-key-store": CLIENTS,
        f"{CONNECTOR}-tlskeystore-alias": CLIENTS,
        "upload-key-store": {ISSUING},
        f"{CONNECTOR}-uploadkeystore-alias": {ISSUING},
        "dsc-key-store": set(),
        "issuance-certalias": {ISSUING},
        "mysql-pw": set(),
    },
}
"""Who needs the value of what, beside the administrators: nobody else may read it."""


@pytest.mark.parametrize("region", DOCUMENT)
@pytest.mark.parametrize("world", ["prod", "test"])
def test_the_register_is_the_table_of_the_document(region: str, world: str) -> None:
    items = [i for i in declared(world).register.items if i.vault.startswith(f"{region}#")]
    assert {i.name: (i.type, i.scheme) for i in items} == DOCUMENT[region]
    assert len(items) == len(DOCUMENT[region])
    assert all(i.description for i in items)


@pytest.mark.parametrize("region", DOCUMENT)
def test_what_is_declared_is_what_is_listed(region: str) -> None:
    found = {d.arguments["name"]: BLOCKS[t] for t in BLOCKS for d in blocks(declared(), t, region)}
    assert found == {name: type_ for name, (type_, _) in DOCUMENT[region].items()}


def test_a_spring_item_is_called_as_its_property_asks() -> None:
    entries = [entry for entries in ITEMS.values() for entry in entries]
    assert all(entry.name == secret_name(entry.of) for entry in entries if entry.of)
    assert sum(bool(entry.of) for entry in entries) == 7


@pytest.mark.parametrize(("region", "item"), [(r, i) for r, items in READERS.items() for i in items])
def test_an_items_value_is_read_by_who_needs_it(region: str, item: str) -> None:
    readers = who_can(stood(), "read", f"kv-eudcc-{region}-prod/secrets/{item}")
    assert readers - KEEPERS == READERS[region][item]


@pytest.mark.parametrize(("signing", "signs", "reads"), [("vault", {ISSUING}, set()), ("mounted", set(), {ISSUING})])
def test_the_signers_key_is_the_issuing_services_alone(signing: str, signs: set[str], reads: set[str]) -> None:
    estate = stood("prod", f"signing: {signing}")
    assert who_can(estate, "sign", "kv-eudcc-ie-prod/keys/dsc-key-store") == signs
    assert who_can(estate, "read", "kv-eudcc-ie-prod/secrets/dsc-key-store") - KEEPERS == reads


@pytest.mark.parametrize("world", ["prod", "test"])
def test_the_signers_key_never_leaves_the_hardware(world: str) -> None:
    key = _policy(world, "signing: vault", "dsc_key_store")
    assert (key["exportable"], key["key_type"], key["curve"]) == (False, "EC-HSM", "P-256")
    assert _policy(world, "signing: mounted", "dsc_key_store")["exportable"] is True


def test_the_root_authoritys_key_never_leaves_the_vault() -> None:
    for over in ("signing: vault", "signing: mounted"):
        assert _policy("prod", over, "trustanchor", "eu")["exportable"] is False


def _policy(world: str, over: str, name: str, region: str = "ie") -> dict[str, object]:
    found = declared(world, over).declared[f"{region}#azurerm_key_vault_certificate.{name}"]
    return dict(inner(found, "certificate_policy.key_properties").arguments)


def test_certificates_are_imported_in_a_test_only() -> None:
    for world, imported in (("prod", False), ("test", True)):
        certificates = blocks(declared(world), "azurerm_key_vault_certificate")
        assert {d.arguments["name"] for d in certificates} == set(PURPOSES)
        assert [("certificate" in d.arguments) for d in certificates] == [imported] * 4


def test_a_real_certificate_is_signed_by_an_authority() -> None:
    issuers = {
        d.arguments["name"]: inner(d, "certificate_policy.issuer_parameters.name")
        for d in blocks(declared(), "azurerm_key_vault_certificate")
    }
    merged = dict.fromkeys(("tls-key-store", "upload-key-store", "dsc-key-store"), "Unknown")
    assert issuers == {"trustanchor": "Self"} | merged
    over = declared("prod", "certificate_issuer: national-authority")
    found = over.declared["ie#azurerm_key_vault_certificate.dsc_key_store"]
    assert inner(found, "certificate_policy.issuer_parameters.name") == "national-authority"


def test_no_secret_is_in_a_file_or_a_state() -> None:
    for secret in blocks(declared(), "azurerm_key_vault_secret"):
        assert "value" not in secret.arguments
        assert secret.arguments["value_wo"]
        assert secret.arguments["expiration_date"]


def test_every_secret_is_renewed_by_somebody() -> None:
    found = declared()
    secrets = {d.key for d in blocks(found, "azurerm_key_vault_secret")}
    assert secrets <= {r.key for r in found.register.rotations}
    assert all(r.owner and r.days > 0 for r in found.register.rotations)


def test_a_role_on_a_whole_vault_is_held_by_whoever_deploys_only() -> None:
    found = declared()
    vaults = {d.id for d in blocks(found, "azurerm_key_vault")}
    held = {u.name for u in found.register.uses if u.scope in vaults and "pim_eligible" not in u.key}
    assert held == {"whoever deploys"}
    # A lock keeps roles: one that went from hand to hand would be refused.
    given = [d for d in blocks(found, "azurerm_role_assignment") if d.name.startswith("deployer_")]
    assert [d.life.ignore_changes for d in given] == [("principal_id",)] * 6


def test_administrators_take_a_role_on_a_vault_and_have_none() -> None:
    found = declared()
    may = blocks(found, "azurerm_pim_eligible_role_assignment")
    assert len(may) == 6
    for one in may:
        assert one.arguments["principal_id"] == configured("prod").administrators
        assert inner(one, "schedule.expiration.duration_days") == 365
    rows = Question("access", can="read", on=("kv-eudcc-eu-prod/secrets/mysql-pw",)).answer(stood())
    outcomes = {row["principal"]["name"]: row["outcome"] for row in rows}
    assert outcomes[configured("prod").administrators] == "unknown"


@pytest.mark.parametrize("name", ["eu", "ie"])
def test_a_role_is_defined_for_a_group_since_azure_defines_none_for_less(name: str) -> None:
    found = declared()
    (group,) = blocks(found, "azurerm_resource_group", name)
    defined = blocks(found, "azurerm_role_definition", name)
    assert {d.name for d in defined} == {"custodian", "cluster_network"}
    assert all(d.arguments["scope"] == group.id for d in defined)
    assert all(d.arguments["assignable_scopes"] == (group.id,) for d in defined)


@pytest.mark.parametrize("name", ["eu", "ie"])
def test_somebody_is_told_that_a_certificate_ends(name: str) -> None:
    (contacts,) = blocks(declared(), "azurerm_key_vault_certificate_contacts", name)
    assert len(contacts.arguments["contact"]) == len(configured("prod").alert_recipients)


def test_the_anchor_that_all_countries_trust_is_not_renewed_by_itself() -> None:
    (anchor,) = blocks(declared(), "azurerm_key_vault_certificate", "eu")
    (life,) = inner(anchor, "certificate_policy.lifetime_action")
    assert life.arguments["action"].arguments["action_type"] == "EmailContacts"


def test_a_certificate_that_the_vault_signs_with_is_not_read() -> None:

    ie = region("ie")
    words = {"who": "somebody", "called": "somebody", "why": "To see."}
    file = ie.layer.file("more.tf")
    with pytest.raises(ConstructError, match="never leaves the vault"):
        ie.items.may_read(file, "more", item="dsc-key-store", **words)
    with pytest.raises(ConstructError, match="nobody reads the key"):
        ie.items.may_read(file, "more", item="mysql-encryption-key", **words)
    with pytest.raises(ConstructError, match="has no item dsc-keystore"):
        ie.items.may_see(file, "more", item="dsc-keystore", **words)


@pytest.mark.parametrize("name", ["azurerm_key_vault_secret", "azurerm_key_vault_certificate", "azurerm_key_vault_key"])
def test_an_item_waits_for_the_right_to_write_it(name: str) -> None:
    found = declared()
    for item in blocks(found, name, "eu"):
        (ready,) = item.life.depends_on
        waited = {d.key for d in ready.life.depends_on}
        roles = {f"eu#azurerm_role_assignment.deployer_{w}" for w in ("secrets", "certificates", "keys")}
        assert waited == roles | {"eu#azurerm_private_endpoint.vault"}
