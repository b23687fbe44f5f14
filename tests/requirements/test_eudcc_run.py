"""EUDCC as it runs: somebody tries, by real clients, and what its documents state holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.blueprint import block
from ringfence.model.register import DatabaseUser
from tests.requirements.binding import EUDCC, shows
from tests.requirements.mutation import Change, Configured, Says, Set, both, remove
from tests.requirements.regions import CRYPTO_USER, SECRETS_USER, THINGS, WRAPPING, granted
from tests.requirements.running import holds, tried
from tests.requirements.test_eudcc_keys import FREE, KEYS, SIGNER, key
from tests.requirements.test_eudcc_logs import setting
from tests.requirements.test_eudcc_network import CLUSTER, endpoint, link
from tests.requirements.test_eudcc_sign_in import BINDING, PORTAL, SECURE
from tests.requirements.test_eudcc_vault import ALIAS, ALIAS_ROLE, FILES, ONE, VAULTS

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint
    from tests.requirements.bench import Bench

OPEN = both(*(Set(VAULTS[1], *said) for said in (
    ("public_network_access_enabled", True), ("network_acls.default_action", "Allow"))))  # fmt: skip
PRIVATE = {"E-010": "registry", "E-012": "vault", "E-013": "mysql"}


@shows(
    EUDCC,
    tried("E-001", remove(endpoint("registry", "ie"))),
    tried("E-002", Set(endpoint("vault"), "private_dns_zone_group")),
    tried("E-004", OPEN),
    *(tried(one, Set(endpoint(name), "private_dns_zone_group")) for one, name in PRIVATE.items()),
    tried("E-011", remove(link("cluster", "dev"))),
    tried("E-016", Set(CLUSTER, "private_cluster_enabled", False)),
)
def test_what_is_inside_is_met_inside_and_nowhere_else(bench: Bench, *words: Any) -> None:
    holds(bench, *words)


@shows(
    EUDCC,
    *(tried(one.id, one.also_for()) for one in THINGS),
    tried("E-017", Set(VAULTS[1], "rbac_authorization_enabled", False)),
    tried("E-018", granted("ie", "", SECRETS_USER, "dgca_verifier_service")),
    tried("E-020", Set(ONE, "role_definition_name", "Key Vault Crypto User")),
    *(tried("E-055", one.also_for()) for one in THINGS if one.name == "mysql-pw"),
    tried("E-090", granted("ie", "/secrets/upload-key-store", SECRETS_USER)),
    tried("E-092", Set(VAULTS[0], "rbac_authorization_enabled", False)),
    tried("E-126", granted("ie", "/secrets/upload-key-store", SECRETS_USER)),
)
def test_everybody_gets_what_he_needs_of_the_vaults_and_nothing_else(bench: Bench, *words: Any) -> None:
    holds(bench, *words)


@shows(
    EUDCC,
    tried("E-021", remove(ALIAS_ROLE)),
    tried("E-022", Set(ALIAS, "name", "issuance-alias")),
    tried("E-025", remove(ONE), anew=True),
    tried("E-026", Says(FILES, "objectName: upload-key-store", "objectName: dsc-key-store"), anew=True),
    tried("E-099", Says(f"{PORTAL}_secret_provider_class", "client-secret", "other"), anew=True),
)
def test_code_finds_what_the_vault_holds_for_it(bench: Bench, *words: Any) -> None:
    holds(bench, *words)


MOUNTED = Configured("signing: mounted")
TAKEN_OUT = both(FREE, Set(SIGNER, "certificate_policy.key_properties.key_type", "EC"))
SERVER = "ie#azurerm_mysql_flexible_server.mysql"


def role(of: str) -> str:
    return f"eu#azurerm_role_assignment.{'cluster' if of == 'aks' else of}_key"


MORE = both(
    Set(role("mysql"), "role_definition_name", CRYPTO_USER),
    Set(key("mysql"), "key_opts", ("unwrapKey", "wrapKey", "encrypt", "decrypt")),
)


@shows(
    EUDCC,
    tried("E-029", MOUNTED),
    tried("E-030", TAKEN_OUT),
    tried("E-031", MOUNTED),
    tried("E-066", Set(key("mysql"), "key_type", "RSA")),
    tried("E-067", Set(key("aks", "ie"), "key_type", "RSA")),
)
def test_no_key_leaves_its_vault(bench: Bench, *words: Any) -> None:
    holds(bench, *words)


@shows(
    EUDCC,
    tried("E-064", granted("eu", "/keys/aks-encryption-key", WRAPPING, "mysql")),
    tried("E-068", granted("ie", "/keys/mysql-encryption-key", WRAPPING)),
    tried("E-069", granted("eu", "/keys/aks-encryption-key", WRAPPING, "mysql")),
    tried("E-070", MORE),
    tried("E-083", Set(role("aks"), "principal_id", "another")),
    tried("E-084", Set(role("mysql"), "principal_id", "another")),
)
def test_a_key_that_wraps_others_is_for_one_service(bench: Bench, *words: Any) -> None:
    holds(bench, *words)


@shows(
    EUDCC,
    tried("E-063", Set(key("mysql"), "key_type", "RSA")),
    tried("E-065", Set(SERVER, "customer_managed_key")),
    tried("E-071", remove(role("mysql"))),
    tried("E-072", granted("eu", f"/keys/{KEYS['mysql']}", WRAPPING, "mysql")),
)
def test_data_cannot_be_read_without_the_key(bench: Bench, *words: Any) -> None:
    holds(bench, *words)


VERIFIER = "dgca-verifier-service"
POLICY = "eu-workloads#kubectl_manifest.ingress_network_policy"
TLS = SECURE.replace("require_secure_transport", "tls_version")


def stranger(blueprint: Blueprint) -> None:
    users = blueprint.register.users
    users[:] = [u for u in users if u.name != VERIFIER]


def crossed(blueprint: Blueprint) -> None:
    users = blueprint.register.users
    other = next(u for u in users if u.name == "dgca-issuance-service")
    users.append(DatabaseUser(other.database, VERIFIER, other.roles, other.why))


@shows(
    EUDCC,
    tried("E-087", Set(BINDING, "subject", "system:serviceaccount:dgca-verifier-service:other"), anew=True),
    tried("E-088", remove(BINDING), anew=True),
    tried("E-089", remove(POLICY, f"{POLICY}_closed"), anew=True),
    tried("E-094", remove(BINDING), anew=True),
    tried("E-093", Change("the verifier is no user of its database", stranger)),
    tried("E-095", Change("the verifier is a user of two databases", crossed)),
    tried("E-096", Set(TLS, "value", "TLSv1.1")),
)
def test_whoever_signs_in_does_it_by_the_directory(bench: Bench, *words: Any) -> None:
    holds(bench, *words)


@shows(
    EUDCC,
    tried("E-101", Set(setting("mysql", "ie"), "enabled_log", [block(category="Other")])),
    tried("E-102", remove(setting("vault"))),
    tried("E-111", remove(setting("vault", "ie"))),
    tried("E-115", remove(setting("activity"))),
    tried("E-119", Set(setting("vault"), "enabled_log", [block(category="Other")])),
)
def test_what_is_done_is_found_in_the_regions_log(bench: Bench, *words: Any) -> None:
    holds(bench, *words)
