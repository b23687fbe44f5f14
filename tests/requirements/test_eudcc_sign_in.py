"""EUDCC's sign-in: identities in place of passwords, for pods, databases and the people of the portal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.requirements.binding import EUDCC, Case, shows
from tests.requirements.controls import has, holds, refused
from tests.requirements.mutation import Change, Configured, Rewritten, Says, Set, found, remove
from tests.requirements.regions import CLIENTS, REGIONS, SECRETS_USER, granted, who_may
from tests.requirements.test_eudcc_vault import ISSUING, ONE, SETTINGS, applications, mounts, pods

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint
    from ringfence.model.register import Use
    from tests.requirements.bench import Bench

CHAPTER = "4-directory-sign-in.md"
APPLICATIONS = ("dgc-gateway", "dgca-issuance-service-public", "dgca-issuance-web", "portal-sign-in", *CLIENTS)
PLATFORM = {"ingress"}
"""Pods that need nothing of the cloud."""


def block_of(application: str) -> str:
    layer = "eu-workloads" if application == "dgc-gateway" else "ie-workloads"
    return f"{layer}#{{}}.{application.replace('-', '_')}"


# -- identities in place of passwords


@shows(EUDCC, Case("E-085", "build", Set("eu#azurerm_container_registry.registry", "admin_enabled", True)))
def test_the_directory_is_asked_by_default(bench: Bench) -> None:
    for region in REGIONS:
        has(bench, f"{region}#azurerm_container_registry.registry", "admin_enabled = false")
        has(bench, f"{region}#azurerm_kubernetes_cluster.cluster", "local_account_disabled = true")
        has(bench, f"{region}#azurerm_storage_account.flows", "shared_access_key_enabled = false")
        has(bench, f"{region}#azurerm_log_analytics_workspace.core[0]", "local_authentication_enabled = false")
        has(bench, f"{region}#azurerm_mysql_flexible_server_configuration.aad_auth_only", 'value = "ON"')


@shows(
    EUDCC,
    Case(
        "E-085", "prove", Rewritten("connections.md", "An apply after the date makes a new value and writes it.", "x")
    ),
)
def test_what_has_a_secret_is_listed_with_its_reason(bench: Bench) -> None:
    secrets = bench.table("connections.md", "Secret")
    assert {cells[0] for cells in secrets} == {r.name for r in bench.register().rotations}
    assert len(secrets) < 20
    assert all(owner and days and len(how.split()) > 6 for _, _, owner, days, how in secrets)
    edges = bench.table("connections.md", "From")
    assert {method.partition(",")[0] for _, _, method, *_ in edges} <= {"MSI", "SPN"}


def written_password(blueprint: Blueprint) -> None:
    arguments: Any = found(blueprint, "ie#azurerm_mysql_flexible_server.mysql").arguments
    del arguments["administrator_password_wo"], arguments["administrator_password_wo_version"]
    arguments["administrator_password"] = "Corr3ct-Horse"


@shows(EUDCC, Case("E-086", "prove", Change("MySQL's administrator has a password that is written", written_password)))
def test_no_password_is_stored_and_every_secret_has_its_purpose(bench: Bench) -> None:
    items = {i.key: i for i in bench.register().items}
    for secret in bench.blocks("azurerm_key_vault_secret"):
        assert items[secret.key].description, secret.key
        assert "value" not in secret.arguments, "a value that the state would keep"
    for server in bench.blocks("azurerm_mysql_flexible_server"):
        assert "administrator_password" not in server.arguments
        assert "administrator_password_wo = ephemeral.random_password.mysql_pw.result" in bench.written(server.key)
    machines = bench.blocks("azurerm_linux_virtual_machine")
    assert machines
    assert all("admin_password" not in d.arguments for d in machines)


# -- pods


@shows(EUDCC, Case("E-087", "build", remove(block_of("dgc-gateway").format("azurerm_federated_identity_credential"))))
def test_every_application_has_an_identity_and_a_binding(bench: Bench) -> None:
    for name in APPLICATIONS:
        identity = bench.block(block_of(name).format("azurerm_user_assigned_identity"))
        bound = block_of(name).format("azurerm_federated_identity_credential")
        has(bench, bound, f"user_assigned_identity_id = {identity.address}.id")
        has(bench, bound, f'subject = "system:serviceaccount:{name}:{name}"')
        has(bench, bound, "issuer = azurerm_kubernetes_cluster.cluster.oidc_issuer_url")


def subjects(bench: Bench) -> dict[str, list[str]]:
    """By service account, with its region: the credentials that trust it."""
    told: dict[str, list[str]] = {}
    for one in bench.blocks("azurerm_federated_identity_credential"):
        region = one.file.layer.name.partition("-")[0]
        told.setdefault(f"{region}:{one.arguments['subject']}", []).append(one.key)
    return told


def accounts(bench: Bench) -> set[str]:
    """The service accounts of pods that ask for a token of the directory, as a credential names them."""
    asking = set()
    for kind in ("Deployment", "Job"):
        for key, one in bench.manifests(kind).items():
            template = one["spec"]["template"]
            if template["metadata"]["labels"].get("azure.workload.identity/use") == "true":
                place, account = one["metadata"]["namespace"], template["spec"]["serviceAccountName"]
                asking.add(f"{key.partition('-')[0]}:system:serviceaccount:{place}:{account}")
    return asking


BINDING = block_of("dgca-verifier-service").format("azurerm_federated_identity_credential")


@shows(
    EUDCC,
    Case("E-087", "prove", Set(BINDING, "subject", "system:serviceaccount:dgca-verifier-service:other")),
    Case("E-088", "prove", remove(block_of("dgca-verifier-service").format("kubectl_manifest") + "_deployment")),
)
def test_each_pod_has_one_binding_and_each_binding_a_pod(bench: Bench) -> None:
    assert {account: len(keys) for account, keys in subjects(bench).items()} == dict.fromkeys(accounts(bench), 1)
    assert len(accounts(bench)) == len(APPLICATIONS) + len(REGIONS)


@shows(
    EUDCC,
    Case("E-088", "build", Says(f"{ISSUING}_service_account", "azure.workload.identity/client-id", "other/client-id")),
)
def test_service_accounts_are_bound_to_identities(bench: Bench) -> None:
    for name in APPLICATIONS:
        account = bench.manifest(block_of(name).format("kubectl_manifest") + "_service_account")
        identity = f"azurerm_user_assigned_identity.{name.replace('-', '_')}.client_id"
        assert account["metadata"].get("annotations") == {"azure.workload.identity/client-id": identity}


@shows(EUDCC, Case("E-089", "prove", Says(f"{ISSUING}_deployment", "azure.workload.identity/use", "other/use")))
def test_all_pods_have_an_identity_but_those_of_the_platform(bench: Bench) -> None:
    without = set()
    for one in bench.manifests("Deployment").values():
        labels = one["spec"]["template"]["metadata"]["labels"]
        if labels.get("azure.workload.identity/use") != "true":
            without.add(one["metadata"]["name"])
    assert without == PLATFORM
    page = " ".join(bench.page(CHAPTER).partition("## Pods")[2].partition("\n## ")[0].split())
    assert "ingress" in page, "the pods that need no identity are not listed"


@shows(EUDCC, Case("E-090", "build", granted("ie", "/secrets/upload-key-store", SECRETS_USER)))
def test_roles_are_made_of_declared_needs(bench: Bench) -> None:
    kinds = ("azurerm_role_assignment", "azurerm_pim_eligible_role_assignment")
    assert {d.key for kind in kinds for d in bench.blocks(kind)} == {u.key for u in bench.register().uses}
    assert all(u.why for u in bench.register().uses)


def undeclared(blueprint: Blueprint) -> None:
    uses = blueprint.register.uses
    uses[:] = [u for u in uses if u.key != ONE]


@shows(EUDCC, Case("E-090", "prove", Change("the need of the upload key store is not declared", undeclared)))
def test_nothing_is_granted_that_is_not_needed(bench: Bench) -> None:
    from ringfence.model.authorization import RoleAssignment

    needed = {u.key: u for u in bench.register().uses}
    over = [a.key for a in bench.estate().of(RoleAssignment) if not _is_needed(bench, a.key, needed.get(a.key))]
    assert over == []


def _is_needed(bench: Bench, key: str, use: Use | None) -> bool:
    if use is None:
        return False
    arguments = bench.block(key).arguments
    role = arguments.get("role_definition_name")
    return arguments["scope"] == use.scope and arguments["principal_id"] == use.who and role in (use.role, None)


@shows(EUDCC, Case("E-091", "build", Set("eu#azurerm_kubernetes_cluster.cluster", "workload_identity_enabled", False)))
def test_workload_identity_is_what_is_built(bench: Bench) -> None:
    for region in REGIONS:
        cluster = f"{region}#azurerm_kubernetes_cluster.cluster"
        has(bench, cluster, "workload_identity_enabled = true", "oidc_issuer_enabled = true")
    for kind in ("AzureIdentity", "AzureIdentityBinding"):
        assert bench.manifests(kind) == {}
    for one in bench.manifests("SecretProviderClass").values():
        assert one["spec"]["parameters"]["usePodIdentity"] == "false"


@shows(
    EUDCC,
    Case("E-091", "prove", Configured("identity: pod-identity")),
    Case("E-091", "prove", Rewritten(CHAPTER, "which took the place of pod identity", "as ever")),
)
def test_the_deprecated_mechanism_is_refused_by_its_name(bench: Bench) -> None:
    told = refused(lambda: bench.grown(Configured("identity: pod-identity"), first=True).blueprint())
    assert "production is refused with identity: pod-identity" in told
    elsewhere = bench.configured("production: false\nidentity: pod-identity")
    assert [n.setting for n in elsewhere.register().notes if "identity" in n.setting] == ["identity: pod-identity"]
    assert bench.blueprint()
    assert bench.configured("identity: workload-identity").blueprint()
    assert "which took the place of pod identity" in " ".join(bench.page(CHAPTER).split())


# -- databases


def administrator(region: str) -> str:
    return f"{region}#azurerm_mysql_flexible_server_active_directory_administrator.mysql"


def setup(application: str) -> str:
    layer = "eu-workloads" if application == "dgc-gateway" else "ie-workloads"
    return f"{layer}#kubectl_manifest.database_setup_config_map_{application.replace('-', '_')}"


DATABASES = {
    "dgc-gateway": "dgc",
    "dgca-issuance-service": "issuance_service",
    "dgca-businessrule-service": "businessrule_service",
    "dgca-verifier-service": "verifier_service",
}


def users(bench: Bench) -> dict[str, str]:
    """By block of the setup: the statements that it runs."""
    return {key: one["data"]["create-user.sql"] for key, one in bench.manifests("ConfigMap").items()
            if "create-user.sql" in one["data"]}  # fmt: skip


@shows(EUDCC, Case("E-093", "build", remove(administrator("ie"))))
def test_every_server_has_a_directory_administrator(bench: Bench) -> None:
    for region in REGIONS:
        has(
            bench,
            administrator(region),
            "server_id = azurerm_mysql_flexible_server.mysql.id",
            "object_id = azurerm_user_assigned_identity.mysql_administrator.client_id",
        )
        has(bench, f"{region}#azurerm_mysql_flexible_server_configuration.aad_auth_only", 'value = "ON"')
    assert len(users(bench)) >= len(DATABASES)


@shows(EUDCC, Case("E-093", "prove", Says(setup("dgca-verifier-service"), "CREATE AADUSER", "CREATE USER")))
def test_users_of_databases_are_the_directorys(bench: Bench) -> None:
    assert len(bench.blocks("azurerm_mysql_flexible_server")) == len(REGIONS)
    for statements in users(bench).values():
        made = re.findall(r"CREATE (\w+) '\$\{azurerm_user_assigned_identity\.(\w+)\.name\}' IDENTIFIED BY", statements)
        assert [kind for kind, _ in made] == ["AADUSER"]
        assert "PASSWORD" not in statements.upper()


DRIVER = "AzureMysqlAuthenticationPlugin"


@shows(
    EUDCC,
    Case("E-094", "prove", Says(SETTINGS, "maxLifetime=900000", "maxLifetime=90000000")),
    Case("E-094", "prove", Says(SETTINGS, "passwordless-enabled=true", "passwordless-enabled=false")),
)
def test_applications_connect_with_tokens(bench: Bench) -> None:
    """A token lives for an hour at least: a connection is renewed before."""
    for application in DATABASES:
        properties = applications(bench)[application]
        assert "spring.datasource.password" not in properties
        assert properties["spring.datasource.azure.passwordless-enabled"] == "true"
        assert DRIVER in properties["spring.datasource.url"]
        assert int(properties["spring.datasource.hikari.maxLifetime"]) < 60 * 60 * 1000


GRANT = re.compile(r"GRANT [A-Z, ]+ ON `\$\{azurerm_mysql_flexible_database\.(\w+)\.name\}`\.\* TO '\$\{azurerm_user_assigned_identity\.(\w+)\.name\}'")  # fmt: skip  # noqa: E501


def matrix(bench: Bench) -> dict[str, set[str]]:
    """By identity: the databases that it is given."""
    told: dict[str, set[str]] = {}
    for statements in users(bench).values():
        for database, identity in GRANT.findall(statements):
            told.setdefault(identity.replace("_", "-"), set()).add(database)
    return told


@shows(
    EUDCC,
    Case("E-095", "build", Says(setup("dgc-gateway"), "`.* TO", "`.* WITH x TO")),
)
def test_each_application_is_granted_one_database(bench: Bench) -> None:
    for application, database in DATABASES.items():
        statements = users(bench)[setup(application)]
        assert [d for d, _ in GRANT.findall(statements)] == [database]
        assert statements.count("GRANT ") == 1


def crossed(blueprint: Blueprint) -> None:
    body: Any = found(blueprint, setup("dgca-verifier-service")).arguments["yaml_body"]
    other: Any = found(blueprint, setup("dgca-issuance-service")).arguments["yaml_body"]
    mine, theirs = body.args[0]["data"]["create-user.sql"], other.args[0]["data"]["create-user.sql"]
    from ringfence.model.symbol import text

    body.args[0]["data"]["create-user.sql"] = text(mine, theirs)


@shows(EUDCC, Case("E-095", "prove", Change("one setup grants two databases", crossed)))
def test_the_matrix_of_grants_is_diagonal(bench: Bench) -> None:
    given = {key: len(GRANT.findall(statements)) for key, statements in users(bench).items()}
    assert set(given.values()) <= {0, 1}
    assert {who: mine for who, mine in matrix(bench).items() if who in DATABASES} == {
        who: {database} for who, database in DATABASES.items()
    }


SECURE = "eu#azurerm_mysql_flexible_server_configuration.require_secure_transport"


@shows(EUDCC, Case("E-096", "build", Set(SECURE, "value", "OFF")))
def test_servers_ask_for_tls(bench: Bench) -> None:
    for region in REGIONS:
        has(bench, f"{region}#azurerm_mysql_flexible_server_configuration.require_secure_transport", 'value = "ON"')
        has(bench, f"{region}#azurerm_mysql_flexible_server_configuration.tls_version", 'value = "TLSv1.2,TLSv1.3"')


@shows(
    EUDCC, Case("E-096", "prove", Set(SECURE.replace("require_secure_transport", "tls_version"), "value", "TLSv1.0"))
)
def test_tokens_go_over_tls(bench: Bench) -> None:
    for region in REGIONS:
        holds(bench, "4.4.2", f"{region}#azurerm_mysql_flexible_server.mysql")
        has(bench, f"{region}#azurerm_mysql_flexible_server_configuration.require_secure_transport", 'value = "ON"')
    assert all("sslMode=VERIFY_IDENTITY" in applications(bench)[a]["spring.datasource.url"] for a in DATABASES)


# -- the portal

PORTAL = "ie-workloads#kubectl_manifest.portal_sign_in"
WEB_POLICY = "ie-workloads#kubectl_manifest.dgca_issuance_web_network_policy"


@shows(
    EUDCC,
    Case("E-097", "prove", Says(f"{PORTAL}_ingress", "portal-sign-in", "dgca-issuance-web")),
    Case("E-097", "prove", Says(WEB_POLICY, "portal-sign-in", "ingress")),
)
def test_every_path_of_the_portal_asks_the_directory(bench: Bench) -> None:
    host = "dgca-issuance-web.ie.eudcc.example.org"
    doors = [r for one in bench.manifests("Ingress").values() for r in one["spec"]["rules"] if r["host"] == host]
    assert [[(p["path"], p["backend"]["service"]["name"]) for p in door["http"]["paths"]] for door in doors] == [
        [("/", "portal-sign-in")]
    ]
    (proxy,) = pods(bench)["portal-sign-in"]["containers"]
    assert "--upstream=http://dgca-issuance-web.dgca-issuance-web.svc.cluster.local/" in proxy["args"]
    assert not any(one.startswith(("--skip-auth", "--allowlist")) for one in proxy["args"])
    admitted = bench.manifest(WEB_POLICY)["spec"]["ingress"]
    assert [f["podSelector"]["matchLabels"]["app.kubernetes.io/name"] for rule in admitted for f in rule["from"]] == [
        "portal-sign-in"
    ]


PRINCIPAL = "ie-workloads#azuread_service_principal.portal_sign_in"
LET_IN = "ie-workloads#azuread_app_role_assignment.portal_sign_in_5a1c3f0e"
GROUP = "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a02"


@shows(EUDCC, Case("E-098", "build", Set(PRINCIPAL, "app_role_assignment_required", False)))
def test_only_who_is_assigned_signs_in_to_the_portal(bench: Bench) -> None:
    has(bench, PRINCIPAL, "app_role_assignment_required = true")
    has(bench, LET_IN, f'principal_object_id = "{GROUP}"')
    (proxy,) = pods(bench)["portal-sign-in"]["containers"]
    assert f"--allowed-group={GROUP}" in proxy["args"]


@shows(EUDCC, Case("E-098", "prove", Set(LET_IN, "principal_object_id", "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7aff")))
def test_the_groups_of_the_portal_are_listed(bench: Bench) -> None:
    let_in = {str(d.arguments["principal_object_id"]) for d in bench.blocks("azuread_app_role_assignment")
              if d.file.layer.name == "ie-workloads"}  # fmt: skip
    assert let_in == {GROUP}
    told = bench.table("operators-guide.md", "Application")
    assert [cells[2] for cells in told] == [f"group {GROUP}"]


@shows(EUDCC, Case("E-099", "build", Says(f"{PORTAL}_secret_provider_class", "client-secret", "other")))
def test_the_proxy_reads_its_secret_from_the_vault(bench: Bench) -> None:
    assert mounts(bench)["portal-sign-in"] == [
        {"objectName": "msal-authentication-client-secret", "objectType": "secret", "objectAlias": "client-secret"}
    ]
    (proxy,) = pods(bench)["portal-sign-in"]["containers"]
    assert "--client-secret-file=/mnt/secrets-store/client-secret" in proxy["args"]


@shows(EUDCC, Case("E-099", "prove", granted("ie", "/secrets/msal-authentication-client-secret", SECRETS_USER)))
def test_the_client_secret_ends_in_the_vault_and_in_one_mount(bench: Bench) -> None:
    assert who_may(bench, "read", "kv-eudcc-ie-prod/secrets/msal-authentication-client-secret") == {"portal-sign-in"}
    secret = bench.block("ie#azurerm_key_vault_secret:msal-authentication-client-secret")
    told = [
        key for key, one in bench.manifests("SecretProviderClass").items() if str(secret.arguments["name"]) in str(one)
    ]
    assert told == [f"{PORTAL}_secret_provider_class"]
    assert bench.blocks("azuread_application_password") == []


GUIDE = "operators-guide.md"


@shows(EUDCC, Case("E-100", "build", remove(PRINCIPAL, "ie-workloads#azuread_application.portal_sign_in")))
def test_the_guide_has_a_page_on_the_portal(bench: Bench) -> None:
    part = bench.page(GUIDE).partition("## Sign-in of the portal")[2].partition("\n## ")[0]
    assert "| Application | Redirect URIs | Let in |" in part
    assert re.search(r"^1\. ", part, re.MULTILINE)


@shows(EUDCC, Case("E-100", "prove", Rewritten(GUIDE, "/oauth2/callback", "/elsewhere")))
def test_the_guide_names_application_groups_and_address(bench: Bench) -> None:
    declared = bench.block("ie-workloads#azuread_application.portal_sign_in").arguments
    (row,) = bench.table(GUIDE, "Application")
    assert row[0] == declared["display_name"]
    (uri,) = declared["web"].arguments["redirect_uris"]  # type: ignore[union-attr]
    assert row[1] == uri
    assert GROUP in row[2]
    assert "operators-guide.md#sign-in-of-the-portal" in bench.page(CHAPTER)


# -- what the internet could get at

KEYS = tuple(
    f"kv-eudcc-ie-prod/{one}" for one in ("keys/dsc-key-store", "secrets/dsc-key-store", "secrets/upload-key-store")
)


@shows(EUDCC, Case("E-126", "prove", granted("ie", "/secrets/upload-key-store", SECRETS_USER)))
def test_what_the_internet_reaches_cannot_read_issuing_keys(bench: Bench) -> None:
    held = bench.holds("unexposed", from_="internet", to=KEYS)
    assert held.outcome == "pass", [c.text for c in held.contrary]
    assert bench.holds("unexposed", from_="internet", to="kv-eudcc-eu-prod/keys/trustanchor").outcome == "pass"


PASSWORD = re.compile(r"(?im)^[\w.\-]*password=(\S+)$")


@shows(
    EUDCC,
    Case("E-127", "prove", Says(SETTINGS, "tls-key-store.password=", "tls-key-store.password=dgcg-p4ssw0rd")),
)
def test_no_password_is_written_into_a_definition(bench: Bench) -> None:
    """Neither into the settings of an application, nor into a file of the build."""
    for key, one in bench.manifests("ConfigMap").items():
        for content in one["data"].values():
            assert PASSWORD.findall(content) == [], key
    assert applications(bench)
    for key in (f"{ISSUING}_deployment", "eu-workloads#kubectl_manifest.dgc_gateway_deployment"):
        for container in bench.manifest(key)["spec"]["template"]["spec"]["containers"]:
            told = {e["name"]: e.get("value", "") for e in container.get("env", [])}
            assert not [n for n in told if "PASSWORD" in n or "SECRET" in n], key
