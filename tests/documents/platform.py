"""A small platform with one of everything that the documents tell of, and its documents."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ringfence.adherence.assessment import assess
from ringfence.benchmarks.benchmark import load
from ringfence.builders.terraform import build
from ringfence.constructs.entra import Group
from ringfence.constructs.grant import grant
from ringfence.constructs.identity import Identity
from ringfence.constructs.vault import Vault
from ringfence.declared import estate
from ringfence.documents.platform.pages import pages
from ringfence.documents.platform.subject import Subject, Switch
from ringfence.model.blueprint import Blueprint, State, block
from ringfence.model.register import Account, DatabaseUser, Exemption, Note, Rotation
from ringfence.model.symbol import text
from ringfence.prove import judge
from tests.platforms.ground import ground

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ringfence.adherence.assessment import Assessment
    from ringfence.adherence.decisions import Decision
    from ringfence.builders.terraform import Built
    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import File

TODAY = date(2026, 6, 1)
DEFINITION = "../built"


def blueprint(name: str = "eudcc") -> Blueprint:
    """One layer with a vault, a key, two identities, a group of guests, a sign-in, a solution and a public address."""
    file, home = ground()
    layer = file.layer
    layer.register.accounts.append(Account("probe", "tries what a guest may do", "platform owner", date(2026, 12, 31)))
    layer.variable("alert_recipient", "string", "Who hears of alerts.", None)
    vault = Vault(file, "core", home, called="kv-core", sku="premium")
    _items(file, vault)
    _keys(file, home, vault)
    _people(file)
    _sign_in(file)
    file.resource(
        "azurerm_log_analytics_solution",
        "map",
        comment="Retired on 30 September 2025.",
        solution_name="ServiceMap",
        location=home.location,
        resource_group_name=home.group,
        workspace_resource_id=home.workspace,
        workspace_name="log-core",
        plan=block(publisher="Microsoft", product="OMSGallery/ServiceMap"),
    )
    address = file.resource(
        "azurerm_public_ip",
        "ingress",
        name="pip",
        resource_group_name=home.group,
        location=home.location,
        allocation_method="Static",
    )
    _database(file, home)
    layer.register.notes.append(Note("signing: mounted", "The service holds the key.", "the document"))
    layer.register.exemptions.append(Exemption("ingress", address.key, "Published applications are met here."))
    return Blueprint(name, "prod", (layer,), State("rg-state", "ststate"), layer.register, True)


def _items(file: File, vault: Vault) -> None:
    secret = file.resource(
        "azurerm_key_vault_secret", "alias", name="dgc-trustanchor-certificatealias", key_vault_id=vault.id, value="x"
    )
    vault.listed(
        secret,
        "Secret",
        "Names the certificate.",
        scheme="Spring PropertySource",
        of="dgc.trustAnchor.certificateAlias",
    )
    app = Identity(file, "app", vault.home, called="id-app")
    app.trusts("app", called="app", issuer="https://issuer.example.org", subject="system:serviceaccount:app:app")
    vault.may_read(secret, who=app.principal, called="id-app", why="It finds its certificate.", name="app_alias")
    file.layer.register.rotations.append(Rotation(secret.key, "alias", "platform owner", 90, "Raise its version."))


def _keys(file: File, home: Home, vault: Vault) -> None:
    key = file.resource(
        "azurerm_key_vault_key",
        "mysql",
        name="mysql-encryption-key",
        key_vault_id=vault.id,
        key_type="RSA-HSM",
        key_size=2048,
        key_opts=("unwrapKey", "wrapKey"),
    )
    vault.listed(key, "Key", "Wraps the server's key.")
    holder = Identity(file, "mysql", home, called="id-mysql")
    file.resource(
        "azurerm_storage_account",
        "store",
        name="stkept",
        resource_group_name=home.group,
        location=home.location,
        account_tier="Standard",
        account_replication_type="ZRS",
        identity=holder.block,
        customer_managed_key=block(key_vault_key_id=key.ref("versionless_id"), user_assigned_identity_id=holder.id),
    )
    grant(
        file,
        "mysql_key",
        who=holder.principal,
        called="id-mysql",
        may="Key Vault Crypto Service Encryption User",
        on=text(vault.id, "/keys/", key.ref("name")),
        what="kv-core/keys/mysql-encryption-key",
        why="Opens the server's key.",
    )


def _database(file: File, home: Home) -> None:
    server = file.resource(
        "azurerm_mssql_server",
        "features",
        name="sql-features",
        resource_group_name=home.group,
        location=home.location,
        version="12.0",
    )
    database = file.resource("azurerm_mssql_database", "features", name="features", server_id=server.id)
    file.layer.register.users.append(DatabaseUser(database.key, "id-app", ("db_datareader",), "It reads features."))


def _people(file: File) -> None:
    group = Group(file, "readers", called="readers", what="May read.")
    group.admit(home="nhs.example", people=("ada@nhs.example",), environment="prod", purpose="They read.")


def _sign_in(file: File) -> None:
    application = file.resource(
        "azuread_application",
        "portal",
        display_name="portal",
        web=block(redirect_uris=("https://portal.example.org/oauth2/callback",)),
    )
    file.resource("azuread_service_principal", "portal", client_id=application.ref("client_id"))


def subject(
    declared: Blueprint | None = None, decisions: Sequence[Decision] = (), built: Built | None = None
) -> Subject:
    """The platform, judged."""
    declared = declared or blueprint()
    built = built or build(declared)
    benchmark = load("cis-azure-2.0.0")
    assessment = assess([judge(estate(declared, built), benchmark)], benchmark, decisions, TODAY, system=declared.name)
    switches = (Switch("open", "production", "Opens the vault."),)
    effects = ("Switch", "CIS", "prod"), [("open", "8.7", "pass → fail")]
    return Subject(declared, assessment, built.where, DEFINITION, switches, effects)


def made(found: Subject) -> Mapping[str, str]:
    """Its documents."""
    return pages(found)


def made_behind() -> Assessment:
    """An assessment of a registry of models, with the account that Azure makes behind it."""
    from tests.unit.test_made import registry

    benchmark = load("cis-azure-2.0.0")
    return assess([judge(registry(), benchmark)], benchmark, (), TODAY, system="lab")
