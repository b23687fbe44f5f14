"""Who acts in FlowEHR: people who are guests, identities without passwords, and what each may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.requirements.binding import FLOWEHR, Case, shows
from tests.requirements.controls import has, refused
from tests.requirements.mutation import Add, Change, Configured, Rewritten, Set, found, remove
from tests.requirements.test_flowehr_serve import REGISTRY
from tests.requirements.test_flowehr_storage import ADLS, STRG
from tests.requirements.test_flowehr_transform import LEAK, SERVER

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint
    from tests.requirements.bench import Bench

PAGE = "CIS-adherence.md"
COSMOS = "serve#azurerm_cosmosdb_account.state"


# -- people


@shows(
    FLOWEHR,
    Case("F-014", "build", Set(SERVER, "azuread_administrator.azuread_authentication_only", False)),
    Case("F-014", "build", Set(REGISTRY, "admin_enabled", True)),
)
def test_no_service_has_users_of_its_own(bench: Bench) -> None:
    for server in bench.blocks("azurerm_mssql_server"):
        has(bench, server.key, "azuread_administrator.azuread_authentication_only = true")
        assert "administrator_login" not in server.arguments
    for registry in bench.blocks("azurerm_container_registry"):
        has(bench, registry.key, "admin_enabled = false")
    for account in bench.blocks("azurerm_storage_account"):
        has(bench, account.key, "shared_access_key_enabled = false", "local_user_enabled = false")
    for account in bench.blocks("azurerm_cosmosdb_account"):
        has(bench, account.key, "local_authentication_enabled = false")


OTHER_WAYS = {
    "storage-shared-key-access": (STRG.address, ADLS.address),
    "cosmos-directory-authentication": (COSMOS,),
    "acr-admin-user": (REGISTRY,),
    "sql-server-directory-administrator": (SERVER,),
    "log-analytics-directory-authentication": ("core#azurerm_log_analytics_workspace.core",),
}


@shows(
    FLOWEHR,
    Case("F-014", "prove", Set(COSMOS, "local_authentication_enabled", True)),
    Case("F-014", "prove", STRG.without("shared_access_key_enabled", True)),
)
def test_the_directory_is_the_only_way_to_sign_in(bench: Bench) -> None:
    for check, resources in OTHER_WAYS.items():
        for resource in resources:
            assert bench.verdict(check, resource).outcome == "pass", f"{check} of {resource}"
    excepted = [r.resource.key for r in bench.assessment().rows for p in r.parts
                if p.check.id == "storage-shared-key-access" and r.outcome == "fail"]  # fmt: skip
    assert excepted == ["serve#azurerm_storage_account.models/storage"]


def native(blueprint: Blueprint) -> dict[str, Any]:
    return {"user_principal_name": "somebody@oakvale.example.org", "display_name": "Somebody"}


NATIVE = Add("core", "azuread_user", "somebody", native)


@shows(FLOWEHR, Case("F-015", "prove", NATIVE))
def test_no_account_is_of_the_platforms_own_tenant(bench: Bench) -> None:
    made = [d.key for d in bench.blocks("azuread_user") if d.mode == "managed"]
    assert made == []
    assert bench.register().accounts == []
    assert all(g.home for g in bench.register().guests)


INVITED = "core#azuread_invitation.data_scientists_data_scientist_hospital_example_nhs_uk"


@shows(FLOWEHR, Case("F-016", "build", remove(INVITED)))
def test_people_are_invited_and_put_into_groups(bench: Bench) -> None:
    for world in ("prod", "dev"):
        invited = bench.blocks("azuread_invitation", world)
        assert invited
        members = {
            str(line) for d in bench.blocks("azuread_group_member", world) for line in bench.written(d.key, world)
        }
        for one in invited:
            assert f"member_object_id = {one.address}.user_id" in members, one.key
    assert len(bench.blocks("azuread_invitation")) == len(bench.register().guests)


def person(blueprint: Blueprint) -> dict[str, Any]:
    group = found(blueprint, "core#azurerm_resource_group.core")
    return {"scope": group.id, "role_definition_name": "Reader", "principal_id": "a person", "principal_type": "User"}


@shows(FLOWEHR, Case("F-016", "prove", Add("core", "azurerm_role_assignment", "a_person", person)))
def test_people_have_roles_as_guests_in_groups_only(bench: Bench) -> None:
    kinds = {str(d.arguments.get("principal_type")) for d in bench.blocks("azurerm_role_assignment")}
    assert kinds <= {"ServicePrincipal", "Group"}
    guests = {d.ref("user_id") for d in bench.blocks("azuread_invitation")}
    identities = {d.ref("principal_id") for d in bench.blocks("azurerm_user_assigned_identity")}
    for member in bench.blocks("azuread_group_member"):
        assert member.arguments["member_object_id"] in guests | identities, member.key


def foreign(blueprint: Blueprint) -> dict[str, Any]:
    group = found(blueprint, "core#azurerm_resource_group.core")
    dev = (
        blueprint.layers[0]
        .file("people.tf")
        .resource("azuread_group", "foreign", display_name="flowehr-oakvale-dev-developers", security_enabled=True)
    )
    return {"scope": group.id, "role_definition_name": "Reader", "principal_id": dev.ref("object_id"),
            "principal_type": "Group"}  # fmt: skip


@shows(FLOWEHR, Case("F-017", "prove", Add("core", "azurerm_role_assignment", "developers", foreign)))
def test_a_guest_of_one_environment_is_nothing_in_another(bench: Bench) -> None:
    for world in bench.worlds:
        assert {g.environment for g in bench.register(world).guests} <= {world}
        for group in bench.blocks("azuread_group", world):
            assert f"-{world}-" in str(group.arguments["display_name"]), group.key
    assert not any(d.name == "developers" for d in bench.blocks("azuread_group"))


@shows(
    FLOWEHR, Case("F-018", "prove", Rewritten("decisions.yaml", "Inherited from the host organisations", "Set here"))
)
def test_policies_of_sign_in_are_inherited(bench: Bench) -> None:
    assessment = bench.assessment()
    items = [i for i in assessment.benchmark.items.values() if i.id.startswith("1.") and not assessment.rows_of(i.id)]
    assert len(items) > 20
    owners = set()
    for item in items:
        decision = assessment.item_decision(item)
        assert decision is not None, item.id
        assert decision.word == "not-applicable"
        assert decision.level
        owners.add(decision.owner)
    assert "host organisations" in owners
    by = assessment.item_decision(assessment.benchmark.items["1.1.2"])
    assert by is not None
    assert by.reason.startswith("Inherited from the host organisations")


ACCOUNT = """
people: {own_domain: oakvale.example.org}
accounts:
  - address: tester@oakvale.example.org
    group: data_scientists
    reason: "a test of limited access"
    owner: platform owner
    expires: %s
"""


@shows(FLOWEHR, Case("F-019", "build", Configured("people: {own_domain: other.example.org}")))
def test_an_account_of_ones_own_is_declared_with_reason_owner_and_end(bench: Bench) -> None:
    one = bench.grown(Configured(ACCOUNT % "2027-01-31"))
    (account,) = one.register().accounts
    assert (account.reason, account.owner, str(account.expires)) == (
        "a test of limited access", "platform owner", "2027-01-31")  # fmt: skip
    (until,) = one.blocks("azuread_privileged_access_group_assignment_schedule")
    assert until.arguments["expiration_date"] == "2027-01-31T00:00:00Z"
    without = ACCOUNT.replace('    reason: "a test of limited access"\n', "") % "2027-01-31"
    assert "reason is missing" in refused(lambda: bench.grown(Configured(without)).blueprint())
    assert bench.configured("").blueprint().register.accounts == []
    assert "own_domain: oakvale" in bench.read("config.yaml") + bench.read("config.prod.yaml")
    assert bench.blueprint().register.guests


@shows(FLOWEHR, Case("F-019", "prove", NATIVE))
def test_accounts_that_are_undeclared_or_have_ended_are_errors(bench: Bench) -> None:
    ended = refused(lambda: bench.grown(Configured(ACCOUNT % "2020-01-31")).blueprint())
    assert "ended on 2020-01-31" in ended
    assert [d.key for d in bench.blocks("azuread_user") if d.mode == "managed"] == []
    declared = {a.name for a in bench.register().accounts}
    used = {str(d.arguments["user_principal_name"]) for d in bench.blocks("azuread_user")}
    assert used == declared


@shows(FLOWEHR, Case("F-020", "prove", Rewritten(PAGE, "Accounts of the platform's own tenant", "Nothing")))
def test_the_scope_lists_what_is_left_out_with_its_reason(bench: Bench) -> None:
    rows = bench.table(PAGE, "What")
    assert all(why for _, why, _, _ in rows)
    assert "Accounts of the platform's own tenant" in {what for what, *_ in rows}
    assert any("host organisations" in owner for *_, owner in rows)


# -- automation


def roleless(blueprint: Blueprint) -> dict[str, Any]:
    storage = found(blueprint, STRG.address)
    identity = found(blueprint, "serve#azurerm_user_assigned_identity.bed_forecast")
    return {"scope": storage.id, "role_definition_name": "Storage Blob Data Reader",
            "principal_id": identity.ref("principal_id"), "principal_type": "ServicePrincipal"}  # fmt: skip


UNNEEDED = Add("serve", "azurerm_role_assignment", "unneeded", roleless)
GRANTS = ("azurerm_role_assignment", "azurerm_cosmosdb_sql_role_assignment")


@shows(FLOWEHR, Case("F-021", "build", UNNEEDED))
def test_connections_are_declared_needs(bench: Bench) -> None:
    granted = {d.key for type_ in GRANTS for d in bench.blocks(type_)}
    assert granted == {u.key for u in bench.register().uses}
    assert all(u.why for u in bench.register().uses)


@shows(FLOWEHR, Case("F-021", "prove", Rewritten("connections.md", "MSI, user-assigned", "key")))
def test_every_connection_is_by_msi_or_spn(bench: Bench) -> None:
    edges = bench.table("connections.md", "From")
    assert len(edges) > 10
    groups = {str(d.arguments["display_name"]) for d in bench.blocks("azuread_group")}
    for name, _, method, *_ in edges:
        assert method.partition(",")[0] in ("MSI", "SPN") or name in groups, f"{name} by {method}"
    secrets = bench.table("connections.md", "Secret")
    assert {cells[0] for cells in secrets} == {r.name for r in bench.register().rotations}


@shows(
    FLOWEHR, Case("F-022", "build", Set("serve#azurerm_linux_web_app.bed_forecast", "identity.type", "SystemAssigned"))
)
def test_each_workload_has_an_identity_of_a_kind(bench: Bench) -> None:
    for app in bench.blocks("azurerm_linux_web_app"):
        has(bench, app.key, 'identity.type = "UserAssigned"')
    for type_ in ("azurerm_mssql_server", "azurerm_data_factory"):
        for one in bench.blocks(type_):
            has(bench, one.key, 'identity.type = "SystemAssigned"')
    applications = {d.name for d in bench.blocks("azuread_application")}
    assert applications == {d.name for d in bench.blocks("azuread_service_principal") if d.mode == "managed"}


@shows(FLOWEHR, Case("F-022", "prove", UNNEEDED))
def test_the_table_has_every_edge_with_its_kind(bench: Bench) -> None:
    edges = {(name, what): kind for name, what, kind, *_ in bench.table("connections.md", "From")}
    needs = {u.key: u for u in bench.register().uses}
    for type_ in GRANTS:
        for declared in bench.blocks(type_):
            assert declared.key in needs, declared.key
            use = needs[declared.key]
            if declared.arguments.get("principal_type") != "Group" and use.name != "whoever deploys":
                assert edges[use.name, use.what].partition(",")[0] in ("MSI", "SPN")


PASSWORDS = ("sql_owner", "databricks_sql", "databricks_adls", "external")


@shows(FLOWEHR, Case("F-023", "prove", LEAK))
def test_a_credential_goes_to_a_vault_or_a_scope(bench: Bench) -> None:
    assert {d.name for d in bench.blocks("azuread_application_password")} == set(PASSWORDS)
    for name in PASSWORDS:
        wanted = f"azuread_application_password.{name}.value"
        users = {d.type for d in bench.blocks() if any(wanted in line for line in bench.written(d.key))}
        assert users <= {"azurerm_key_vault_secret", "databricks_secret"}, name
        assert "azurerm_key_vault_secret" in users, name


def unlisted(blueprint: Blueprint) -> None:
    uses = blueprint.register.uses
    uses[:] = [u for u in uses if u.role != "AcrPull"]


@shows(FLOWEHR, Case("F-024", "build", Change("needs of the registry are not declared", unlisted)))
def test_the_table_of_identities_is_made_of_the_model(bench: Bench) -> None:
    rows = bench.table("identities.md", "Principal")
    told = {(cells[2], cells[3]): cells[4] for cells in rows if len(cells) == 6}
    assert told.get(("AcrPull", "acrserveoakvaleprod"))
    assert all(purpose for (_, what), purpose in told.items() if what)


@shows(FLOWEHR, Case("F-024", "prove", UNNEEDED))
def test_privileges_in_the_table_are_those_that_are_granted(bench: Bench) -> None:
    rows = bench.table("identities.md", "Principal")
    listed = sorted((cells[2], cells[3]) for cells in rows if len(cells) == 6 and cells[3])
    granted = {d.key for type_ in GRANTS for d in bench.blocks(type_)}
    uses = bench.register().uses
    assert listed == sorted((u.role, u.what) for u in uses)
    assert granted == {u.key for u in uses if u.key.partition("#")[2].startswith(GRANTS)}
    principals = {cells[0] for cells in rows if cells[0]}
    for identity in bench.blocks("azurerm_user_assigned_identity"):
        assert identity.arguments["name"] in principals
