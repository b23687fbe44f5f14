"""FlowEHR's serve layer: apps with their sign-in, their registry and database, telemetry, and the model registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.requirements.binding import FLOWEHR, Case, shows
from tests.requirements.controls import better, decided, has, holds
from tests.requirements.mutation import Change, Mutation, Rewritten, Set, both, found, remove

if TYPE_CHECKING:
    from ringfence.adherence.finding import Row
    from ringfence.model.blueprint import Blueprint
    from tests.requirements.bench import Bench

DECISIONS = "decisions.yaml"
PLAN = "serve#azurerm_service_plan.apps"
APPS = ("serve#azurerm_linux_web_app.bed_forecast", "serve#azurerm_linux_web_app.audit_explorer")
SLOT = "serve#azurerm_linux_web_app_slot.bed_forecast_testing"
SITES = (*APPS, SLOT)
LABEL = "asp-serve-<suffix>"


# -- the apps


@shows(FLOWEHR, Case("F-123", "build", remove(PLAN)))
def test_the_plan_has_apps_on_it(bench: Bench) -> None:
    has(bench, PLAN, 'name = "asp-serve-oakvale-prod"')
    for app in APPS:
        has(bench, app, "service_plan_id = azurerm_service_plan.apps.id")
    assert bench.block(PLAN).file.name == "app_service.tf"


@shows(FLOWEHR, Case("F-123", "prove", Set(PLAN, "name", "asp-other")))
def test_the_plan_is_found_where_the_document_says(bench: Bench) -> None:
    for item in ("9.1", "9.2", "9.10"):
        compared = bench.compared(item, LABEL)
        assert {r.title for r in compared.resources} == {"asp-serve-oakvale-prod"}
        assert {row.resource.key for row in compared.rows} == set(APPS)
    page = bench.page("CIS-adherence.md")
    assert "/serve/app_service.tf#L" in page
    assert "/serve/platform.tf#L" in page


CONTROLS: tuple[tuple[str, str, tuple[str, ...], Mutation], ...] = (
    ("F-124", "9.1",
     ("auth_settings_v2.auth_enabled = true", "auth_settings_v2.require_authentication = true",
      'auth_settings_v2.default_provider = "azureactivedirectory"'),
     Set(SLOT, "auth_settings_v2.auth_enabled", False)),
    ("F-125", "9.2", ("https_only = true",), Set(SLOT, "https_only", False)),
    ("F-126", "9.3", ('site_config.minimum_tls_version = "1.3"', 'site_config.scm_minimum_tls_version = "1.3"'),
     Set(APPS[1], "site_config.minimum_tls_version", "1.0")),
    ("F-130", "9.10", ('site_config.ftps_state = "Disabled"',), Set(SLOT, "site_config.ftps_state", "AllAllowed")),
)  # fmt: skip
"""Statement, item, what every app and slot is built with, what breaks it."""


@shows(FLOWEHR, *(Case(of, "build", breaks, says) for of, _, says, breaks in CONTROLS))
def test_every_app_and_slot_is_built_so(bench: Bench, says: tuple[str, ...]) -> None:
    assert {d.key for t in ("azurerm_linux_web_app", "azurerm_linux_web_app_slot") for d in bench.blocks(t)} == set(
        SITES
    )
    for site in SITES:
        has(bench, site, *says)


@shows(FLOWEHR, *(Case(of, "prove", breaks, item) for of, item, _, breaks in CONTROLS))
def test_every_app_and_slot_adheres(bench: Bench, item: str) -> None:
    for site in SITES:
        holds(bench, item, site)
    assert bench.compared(item, LABEL).agrees


UNDECIDED = Rewritten(DECISIONS, '"9.4"', '"9.99"')


@shows(FLOWEHR, Case("F-127", "build", UNDECIDED))
def test_that_no_certificates_are_asked_for_is_recorded(bench: Bench) -> None:
    for site in SITES:
        assert decided(bench, "9.4", site).word == "accept"


@shows(FLOWEHR, Case("F-127", "prove", UNDECIDED))
def test_no_certificates_are_asked_for_by_decision(bench: Bench) -> None:
    rows = [r for r in bench.rows("9.4") if r.resource.key in SITES]
    assert [r.status for r in rows] == ["N"] * len(SITES)
    (reason,) = {p.decision.reason for r in rows for p in r.parts if p.decision}
    assert "certificates" in reason
    assert bench.compared("9.4", LABEL).agrees


@shows(
    FLOWEHR,
    Case("F-128", "build", Set(APPS[0], "public_network_access_enabled", True)),
    Case("F-128", "build", remove("serve#azurerm_private_endpoint.bed_forecast")),
)
def test_apps_are_met_by_private_endpoints(bench: Bench) -> None:
    for site in SITES:
        has(bench, site, "public_network_access_enabled = false", 'site_config.ip_restriction_default_action = "Deny"')
        name = site.rpartition(".")[2]
        assert bench.has(f"serve#azurerm_private_endpoint.{name}")


OPEN = both(
    Set(APPS[0], "public_network_access_enabled", True),
    Set(APPS[0], "site_config.ip_restriction_default_action", "Allow"),
)


@shows(FLOWEHR, Case("F-128", "prove", OPEN))
def test_the_internet_reaches_no_app(bench: Bench) -> None:
    better(bench, "6.4", LABEL, "109")
    rows = bench.answers("reach", source=("internet",), to=("kind site",), any=True)
    assert {row["to"]["key"] for row in rows} >= set(SITES)
    assert {row["outcome"] for row in rows} == {"denied"}


PULL = "serve#azurerm_role_assignment.bed_forecast_pulls_images"
REGISTRY = "serve#azurerm_container_registry.images"


@shows(FLOWEHR, Case("F-129", "build", Set(APPS[0], "identity")))
def test_every_app_has_an_identity(bench: Bench) -> None:
    for site in SITES:
        has(bench, site, 'identity.type = "UserAssigned"', "site_config.container_registry_use_managed_identity = true")


@shows(
    FLOWEHR,
    Case("F-129", "prove", Set(APPS[1], "identity")),
    Case("F-129", "prove", Set(SLOT, "site_config.container_registry_use_managed_identity", False)),
)
def test_every_app_is_known_to_the_directory(bench: Bench) -> None:
    for site in SITES:
        holds(bench, "9.5", site)
        has(bench, site, "site_config.container_registry_use_managed_identity = true")
    assert bench.compared("9.5", LABEL).agrees


def literal(blueprint: Blueprint) -> None:
    settings: Any = found(blueprint, APPS[0]).arguments["app_settings"]
    settings["PAGER_TOKEN"] = "a token that is written here"


LITERAL = Change("a setting of an app is a secret in plain text", literal)


@shows(FLOWEHR, Case("F-131", "build", LITERAL))
def test_settings_that_are_secret_refer_to_the_vault(bench: Bench) -> None:
    secret = {
        str(d.arguments["name"]) for d in bench.blocks("azurerm_key_vault_secret") if d.file.layer.name == "serve"
    }
    (line,) = [w for w in bench.written(APPS[0]) if w.startswith("app_settings")]
    assert line.count("@Microsoft.KeyVault(") == sum(name.startswith("bed-forecast") for name in secret)
    assert "PAGER_TOKEN" in line
    assert 'PAGER_TOKEN = "@Microsoft.KeyVault(' in " ".join(line.split())


@shows(FLOWEHR, Case("F-131", "prove", LITERAL))
def test_no_secret_is_among_the_settings(bench: Bench) -> None:
    for site in SITES:
        holds(bench, "9.11", site)


@shows(FLOWEHR, Case("F-132", "build", remove(PULL)))
def test_an_app_may_pull_its_image(bench: Bench) -> None:
    for app in APPS:
        name = app.rpartition(".")[2]
        has(bench, app, "site_config.container_registry_use_managed_identity = true")
        has(
            bench,
            f"serve#azurerm_role_assignment.{name}_pulls_images",
            'role_definition_name = "AcrPull"',
            "scope = azurerm_container_registry.images.id",
            f"principal_id = azurerm_user_assigned_identity.{name}.principal_id",
        )


@shows(FLOWEHR, Case("F-132", "prove", Set(REGISTRY, "admin_enabled", True)))
def test_images_are_pulled_by_identities_only(bench: Bench) -> None:
    assert bench.verdict("acr-admin-user", REGISTRY).outcome == "pass"
    assert bench.verdict("acr-anonymous-pull", REGISTRY).outcome == "pass"
    edges = [cells for cells in bench.table("connections.md", "From") if cells[1] == "acrserveoakvaleprod"]
    assert {cells[2] for cells in edges} == {"MSI, user-assigned"}
    assert len(edges) == len(APPS)


@shows(FLOWEHR, Case("F-133", "build", remove(REGISTRY)))
def test_the_registry_has_a_group_of_rows(bench: Bench) -> None:
    headings = [cells[0] for cells in bench.table("CIS-adherence.md", "Azure Resource") if cells[0]]
    assert any(one.endswith("<br/>acrserveoakvaleprod") for one in headings)


@shows(FLOWEHR, Case("F-133", "prove", Rewritten("claims.md", "`adls<suffix>`", "`acrserve<suffix>`")))
def test_that_the_document_has_no_rows_on_the_registry_is_noticed(bench: Bench) -> None:
    left_out = [o for o in bench.assessment().omissions if o.row.resource.key == REGISTRY]
    assert left_out
    assert not any(o.listed for o in left_out)
    assert not any(r.key == REGISTRY for c in bench.assessment().claims for r in c.resources)


# -- Cosmos

COSMOS = "serve#azurerm_cosmosdb_account.state"
ENDPOINT = "serve#azurerm_private_endpoint.state"


@shows(FLOWEHR, Case("F-134", "build", Set(COSMOS, "name", "cosmos-other")))
def test_the_database_of_apps_is_in_serve(bench: Bench) -> None:
    has(bench, COSMOS, 'name = "cosmos-serve-oakvale-prod"', 'kind = "GlobalDocumentDB"')
    assert bench.block(COSMOS).file.name == "cosmos.tf"


@shows(FLOWEHR, Case("F-134", "prove", Set(COSMOS, "name", "cosmos-other")))
def test_the_database_is_the_documents(bench: Bench) -> None:
    compared = bench.compared("4.5.1", "cosmos-serve-<suffix>")
    assert {r.title for r in compared.resources} == {"cosmos-serve-oakvale-prod"}


COSMOS_CONTROLS: tuple[tuple[str, str, str, tuple[str, ...], Mutation], ...] = (
    ("F-135", "4.5.1", COSMOS, ("public_network_access_enabled = false",),
     Set(COSMOS, "public_network_access_enabled", True)),
    ("F-136", "4.5.2", ENDPOINT,
     ('private_service_connection.subresource_names = ["Sql"]',
      "private_service_connection.private_connection_resource_id = azurerm_cosmosdb_account.state.id"),
     remove(ENDPOINT)),
    ("F-137", "4.5.3", COSMOS, ("local_authentication_enabled = false",),
     Set(COSMOS, "local_authentication_enabled", True)),
)  # fmt: skip


@shows(FLOWEHR, *(Case(of, "build", breaks, block, says) for of, _, block, says, breaks in COSMOS_CONTROLS))
def test_the_database_is_built_so(bench: Bench, block: str, says: tuple[str, ...]) -> None:
    has(bench, block, *says)
    grants = bench.blocks("azurerm_cosmosdb_sql_role_assignment")
    assert {d.name for d in grants} == {app.rpartition(".")[2] for app in APPS}


@shows(FLOWEHR, *(Case(of, "prove", breaks, item) for of, item, _, _, breaks in COSMOS_CONTROLS))
def test_the_database_adheres(bench: Bench, item: str) -> None:
    holds(bench, item, COSMOS)
    assert bench.compared(item, "cosmos-serve-<suffix>").agrees


# -- telemetry

TELEMETRY = "serve#azurerm_application_insights.telemetry"


@shows(FLOWEHR, Case("F-138", "build", Set(TELEMETRY, "workspace_id")))
def test_telemetry_goes_to_the_workspace(bench: Bench) -> None:
    has(bench, TELEMETRY, 'name = "ai-oakvale-prod"', "workspace_id = azurerm_log_analytics_workspace.core.id")


@shows(FLOWEHR, Case("F-138", "prove", Set(TELEMETRY, "workspace_id")))
def test_telemetry_is_there_and_in_the_workspace(bench: Bench) -> None:
    assert bench.verdict("application-insights-workspace", TELEMETRY).outcome == "pass"
    assert bench.resource(TELEMETRY).title == "ai-oakvale-prod"


def silent(blueprint: Blueprint) -> None:
    settings: Any = found(blueprint, APPS[1]).arguments["app_settings"]
    del settings["APPLICATIONINSIGHTS_CONNECTION_STRING"]


SILENT = Change("an app does not know where its telemetry goes", silent)


@shows(FLOWEHR, Case("F-139", "build", SILENT))
def test_every_app_is_told_where_its_telemetry_goes(bench: Bench) -> None:
    for site in SITES:
        (line,) = [w for w in bench.written(site) if w.startswith("app_settings")]
        assert "azurerm_application_insights.telemetry.connection_string" in line, site


@shows(FLOWEHR, Case("F-139", "prove", SILENT))
def test_every_app_reports(bench: Bench) -> None:
    assert {r.resource.key: r.status for r in bench.rows("5.3.1")}[TELEMETRY] == "Y"
    assert bench.compared("5.3.1", "ai-<suffix>").agrees
    for app in APPS:
        settings: Any = bench.block(app).arguments["app_settings"]
        assert "APPLICATIONINSIGHTS_CONNECTION_STRING" in settings


# -- the model registry, and the account that Azure makes behind it

MODELS, BEHIND = "serve#azapi_resource.models", "serve#azurerm_storage_account.models/storage"
ISSUE = "285"
STORAGE = "Background Storage Account of the model registry"


def details(blueprint: Blueprint) -> dict[str, Any]:
    """What the registry is told of the account."""
    body: Any = found(blueprint, MODELS).arguments["body"]
    account: dict[str, Any] = body["properties"]["regionDetails"][0]["storageAccountDetails"][0]
    return account["systemCreatedStorageAccount"]


def row(bench: Bench, item: str) -> Row:
    found_ = bench.rows_of(BEHIND).get(item)
    assert found_ is not None, f"{item} has no row on the account"
    return found_


@shows(FLOWEHR, Case("F-140", "build", remove(MODELS)))
def test_the_registry_is_declared_with_the_account_behind_it(bench: Bench) -> None:
    assert bench.block(MODELS).file.name == "aml.tf"
    assert any("Microsoft.MachineLearningServices/registries" in w for w in bench.written(MODELS))
    assert BEHIND in bench.estate().resources


@shows(FLOWEHR, Case("F-140", "prove", Rewritten("claims.md", "/285", "/2850")))
def test_the_account_has_rows_and_an_issue(bench: Bench) -> None:
    assert len(bench.rows_of(BEHIND)) > 10
    (exempt,) = [e for e in bench.register().exemptions if e.key == BEHIND]
    assert exempt.issue.endswith(ISSUE)
    claimed = bench.compared("3.8", STORAGE)
    assert any(one.endswith(ISSUE) for one in claimed.claim.subject.issues)


def other(**settings: Any) -> Mutation:
    def change(blueprint: Blueprint) -> None:
        details(blueprint).update(settings)

    told = ", ".join(f"`{name}` is `{value}`" for name, value in settings.items())
    return Change(f"the account behind the model registry is told that {told}", change)


NONE = Set(MODELS, "type", "Microsoft.MachineLearningServices/workspaces@2024-10-01")
"""There is no registry, so nothing is behind it."""

FIXED = {"F-141": "3.1", "F-142": "3.2", "F-145": "3.7", "F-147": "3.9", "F-152": "3.15"}
"""What Azure sets as the document says."""
ACCEPTED = {"F-143": "3.3", "F-146": "3.8", "F-148": "3.10", "F-149": "3.11", "F-150": "3.12", "F-151": "3.13"}
"""What Azure sets otherwise, and nobody else may set."""


@shows(FLOWEHR, *(Case(of, "build", NONE, item) for of, item in FIXED.items()))
def test_azure_sets_the_account_so(bench: Bench, item: str) -> None:
    parts = row(bench, item).parts
    assert {part.verdict.outcome for part in parts} == {"pass"}
    assert all(e.expected is not None for part in parts for e in part.verdict.evidence)


@shows(
    FLOWEHR,
    *(
        Case(of, "prove", other(allowBlobPublicAccess=True) if item == "3.7" else NONE, item)
        for of, item in FIXED.items()
    ),
)
def test_the_account_adheres(bench: Bench, item: str) -> None:
    assert row(bench, item).status == "Y"
    assert bench.compared(item, STORAGE).agrees


ORDINARY = "*#azurerm_storage_account.models/storage"


@shows(
    FLOWEHR,
    *(
        Case(of, "build", Rewritten(DECISIONS, f'"{item}"', '"3.99"'), item)
        for of, item in {**ACCEPTED, "F-144": "3.4"}.items()
    ),
)
def test_that_the_account_does_not_adhere_is_recorded(bench: Bench, item: str) -> None:
    resource = bench.estate().resources[BEHIND]
    found_ = [d for d in bench.decisions if d.names(item, "") and d.covers(resource)]
    assert [d.word for d in found_] == ["accept"]
    assert found_[0].reason
    assert found_[0].review_by


@shows(
    FLOWEHR,
    *(Case(of, "prove", Rewritten(DECISIONS, f'"{item}"', '"3.99"'), item) for of, item in ACCEPTED.items()),
)
def test_the_account_does_not_adhere_by_decision(bench: Bench, item: str) -> None:
    found_ = row(bench, item)
    assert found_.status == "N"
    reasons = {part.decision.reason for part in found_.parts if part.decision}
    assert len(reasons) == 1
    assert bench.compared(item, STORAGE).agrees


def keyed(blueprint: Blueprint) -> None:
    key = found(blueprint, "core#azurerm_storage_account.management").ref("primary_access_key")
    file = blueprint.layers[2].file("mutation.tf")
    file.resource("azurerm_resource_group", "keyed", name="keyed", location="uksouth", tags={"key": key})


KEYED = ("access_key", "connection_string")


@shows(FLOWEHR, Case("F-144", "prove", Change("somebody uses a storage key", keyed)))
def test_nobody_uses_a_key_of_the_account(bench: Bench) -> None:
    """Azure leaves its keys on; nothing that is declared gets or uses one."""
    (decision,) = {
        d.reason for d in bench.decisions if d.names("3.4", "") and d.covers(bench.estate().resources[BEHIND])
    }
    assert "keys" in decision
    users = [d.key for d in bench.blocks() for line in bench.written(d.key)
             if any(f".{part}" in line for part in ("primary_access_key", "secondary_access_key"))
             or ("azurerm_storage_account" in line and "connection_string" in line)]  # fmt: skip
    assert users == []


@shows(FLOWEHR, Case("F-153", "build", NONE))
def test_what_azure_makes_is_declared_with_what_it_fixes(bench: Bench) -> None:
    assert BEHIND in bench.estate().resources
    account: Any = bench.estate().resources[BEHIND]
    for value in (account.supports_https_traffic_only, account.minimum_tls_version):
        assert value.origin.default == "Azure Machine Learning"
    assert account.allow_blob_public_access.origin.default == "", "the registry says this itself"


@shows(FLOWEHR, Case("F-153", "prove", Rewritten("CIS-adherence.md", "Set by platform", "Set")))
def test_rows_of_what_azure_makes_say_so(bench: Bench) -> None:
    headings = {cells[0]: cells[3] for cells in bench.table("CIS-adherence.md", "Azure Resource") if cells[0]}
    told = headings["Storage account: <br/>azurerm_storage_account.models/storage"]
    assert told.startswith("Set by platform: Azure makes it behind")
    failing = [r for r in bench.rows_of(BEHIND).values() if r.outcome == "fail"]
    assert failing
    assert {r.status for r in failing} == {"N"}
