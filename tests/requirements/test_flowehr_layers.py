"""FlowEHR's layers, and that everything is in its network or met there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.builders.terraform.outputs import references
from tests.requirements.binding import FLOWEHR, Case, shows
from tests.requirements.mutation import Add, Change, Rewritten, Set, both, found, remove
from tests.requirements.test_flowehr_core import APPS, NETWORK, VAULT
from tests.requirements.test_flowehr_storage import ADLS, STRG
from tests.requirements.test_flowehr_transform import RULE, SERVER

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint
    from tests.requirements.bench import Bench

PAGE = "CIS-adherence.md"
LAYERS = ("core", "transform", "serve")
MEMBERS = {
    "azurerm_virtual_network": "core",
    "azurerm_private_dns_zone": "core",
    "azurerm_log_analytics_workspace": "core",
    "azurerm_mssql_server": "transform",
    "azurerm_mssql_database": "transform",
    "azurerm_databricks_workspace": "transform",
    "azurerm_data_factory": "transform",
    "azurerm_linux_web_app": "serve",
    "azurerm_cosmosdb_account": "serve",
    "azurerm_container_registry": "serve",
    "azapi_resource": "serve",
}
"""By type: the layer that has all of them."""


def asked_of(bench: Bench) -> dict[str, set[str]]:
    """By layer: the layers that it reads from."""
    return {layer.name: {r.key.partition("#")[0] for r in references(layer)} - {layer.name}
            for layer in bench.blueprint().layers}  # fmt: skip


def reversed_(blueprint: Blueprint) -> None:
    blueprint.layers[0].file("main.tf").resource(
        "azurerm_resource_group", "backwards", name="rg", location=found(blueprint, SERVER).ref("location")
    )


BACKWARDS = Change("core refers to transform", reversed_)


@shows(FLOWEHR, Case("F-025", "build", BACKWARDS))
def test_there_are_three_layers_in_their_order(bench: Bench) -> None:
    assert tuple(layer.name for layer in bench.blueprint().layers) == LAYERS
    assert asked_of(bench) == {"core": set(), "transform": {"core"}, "serve": {"core", "transform"}}


def twice(blueprint: Blueprint) -> None:
    core = found(blueprint, STRG.address)
    blueprint.layers[2].file("main.tf").resource(core.type, "again", **core.arguments)


@shows(
    FLOWEHR, Case("F-025", "prove", BACKWARDS), Case("F-025", "prove", Change("serve declares core's account", twice))
)
def test_layers_depend_on_those_before_them_and_share_nothing(bench: Bench) -> None:
    order = {name: n for n, name in enumerate(LAYERS)}
    for layer, others in asked_of(bench).items():
        assert all(order[other] < order[layer] for other in others), layer
    names = [(d.type, d.arguments["name"]) for d in bench.blocks("azurerm_storage_account")]
    assert len(names) == len(set(names))
    keys = [d.key for d in bench.blocks()]
    assert len(keys) == len(set(keys))


def unstated(blueprint: Blueprint) -> None:
    for layer in blueprint.layers:
        layer.providers.pop("azurerm", None)


@shows(FLOWEHR, Case("F-026", "build", Change("no layer configures azurerm", unstated)))
def test_each_layer_is_a_root_of_its_own(bench: Bench) -> None:
    files = bench.built().files
    for layer in LAYERS:
        settings = files[f"{layer}/terraform.tf"]
        assert f'key                  = "{layer}.tfstate"' in settings
        assert 'provider "azurerm"' in settings
        for other in asked_of(bench)[layer]:
            assert f'data "terraform_remote_state" "{other}"' in settings
    assert {path.partition("/")[0] for path in files} == set(LAYERS)


@shows(FLOWEHR, Case("F-026", "prove", Set(STRG.address, "enable_https_traffic_only", True)))
def test_terraform_would_take_every_layer(bench: Bench) -> None:
    """Every block held against the schema of its provider, as ``terraform validate`` does."""
    from ringfence.builders.terraform.schema import problems

    told = [f"{p.origin}: {p.message}" for p in problems(bench.blueprint(), bench.built())]
    assert told == []


SHARED = ("azurerm_virtual_network", "azurerm_private_dns_zone", "azurerm_log_analytics_workspace")


def another_network(blueprint: Blueprint) -> dict[str, Any]:
    return {"name": "vnet-other", "resource_group_name": "rg", "location": "uksouth", "address_space": ("10.9.0.0/24",)}


OTHER = Add("serve", "azurerm_virtual_network", "other", another_network)


@shows(FLOWEHR, Case("F-027", "build", remove(VAULT)))
def test_core_has_what_the_others_need(bench: Bench) -> None:
    for address in (NETWORK, STRG.address, VAULT, "core#azurerm_log_analytics_workspace.core"):
        assert bench.block(address).file.layer.name == "core"
    outputs = bench.built().files["core/outputs.tf"]
    for wanted in ("azurerm_log_analytics_workspace.core.id", "azurerm_key_vault.core.id", "azurerm_subnet.",
                   "azurerm_private_dns_zone.", "azurerm_storage_account.management"):  # fmt: skip
        assert wanted in outputs, wanted


@shows(FLOWEHR, Case("F-027", "prove", OTHER))
def test_nothing_shared_is_declared_twice(bench: Bench) -> None:
    for type_ in SHARED:
        assert {d.file.layer.name for d in bench.blocks(type_) if d.mode == "managed"} <= {"core"}, type_


def moved(type_: str, layer: str) -> Change:
    """A block of the type is in another layer."""

    def change(blueprint: Blueprint) -> None:
        mine = next(d for d in blueprint.declared.values() if d.type == type_)
        target = next(one for one in blueprint.layers if one.name == layer)
        target.file("moved.tf").resource(mine.type, "moved", **mine.arguments)

    return Change(f"there is a `{type_}` in {layer}", change)


MOVED = (
    ("F-028", "transform", moved("azurerm_mssql_server", "core")),
    ("F-029", "serve", moved("azurerm_cosmosdb_account", "transform")),
)


@shows(FLOWEHR, *(Case(of, "build", breaks, layer) for of, layer, breaks in MOVED))
def test_the_layer_has_what_belongs_to_it(bench: Bench, layer: str) -> None:
    for type_, home in MEMBERS.items():
        if home == layer:
            assert {d.file.layer.name for d in bench.blocks(type_)} == {layer}, type_
    vaults = {d.name: d.file.layer.name for d in bench.blocks("azurerm_key_vault")}
    assert vaults == {"core": "core", "app_secrets": "serve"}


@shows(
    FLOWEHR,
    Case("F-028", "prove", Rewritten(PAGE, "## transform\n", "## serve\n"), "transform"),
    Case("F-029", "prove", Rewritten(PAGE, "## serve\n", "## transform\n"), "serve"),
)
def test_the_document_lists_the_layer_as_it_is(bench: Bench, layer: str) -> None:
    rows = {cells[0]: cells for cells in bench.table(PAGE, "Layer")}
    mine = [d for d in bench.blocks() if d.file.layer.name == layer and d.mode == "managed"]
    assert rows[layer][2] == str(len(mine))
    part = bench.page(PAGE).partition(f"\n## {layer}\n")[2].partition("\n## ")[0]
    assert part
    judged = {r.resource.title for r in bench.assessment().rows if r.resource.root == layer}
    listed = {line.split("`")[1] for line in part.splitlines() if "<br/>`" in line}
    assert listed == judged


# -- in the network, or met there

INJECTED = ("azurerm_databricks_workspace",)
MET = ("azurerm_storage_account", "azurerm_key_vault", "azurerm_mssql_server", "azurerm_cosmosdb_account",
       "azurerm_container_registry", "azurerm_linux_web_app", "azurerm_data_factory", "azapi_resource")  # fmt: skip


def targets(bench: Bench) -> set[str]:
    """What a private endpoint leads to."""
    told = set()
    for endpoint in bench.blocks("azurerm_private_endpoint"):
        connection: Any = endpoint.arguments["private_service_connection"]
        value = connection.arguments["private_connection_resource_id"]
        told.add(getattr(value, "key", "") or str(value))
    return told


@shows(
    FLOWEHR,
    Case("F-030", "build", remove("azurerm_private_endpoint:pe-kv-oakvale-prod-serve")),
    Case("F-030", "build", remove("serve#azurerm_private_endpoint.models")),
)
def test_every_service_is_in_the_network_or_has_an_endpoint(bench: Bench) -> None:
    ends = " ".join(sorted(targets(bench)))
    for type_ in MET:
        for declared in bench.blocks(type_):
            assert declared.key in ends, declared.key
    parts = {line for d in bench.blocks("azurerm_private_endpoint") for line in bench.written(d.key)}
    for slot in bench.blocks("azurerm_linux_web_app_slot"):
        assert f'private_service_connection.subresource_names = ["sites-{slot.arguments["name"]}"]' in parts
    for type_ in INJECTED:
        for declared in bench.blocks(type_):
            assert any(w.startswith("custom_parameters.virtual_network_id = ") for w in bench.written(declared.key))


PUBLIC = tuple(f"{kind}-public-network-access" for kind in ("storage", "keyvault", "sql-server", "cosmos", "web"))
CLOSED = (*PUBLIC, "acr-public-access", "data-factory-public-access", "databricks-public-access",
          "databricks-own-network", "private-endpoint-approval", "private-endpoint-name")  # fmt: skip


@shows(
    FLOWEHR,
    Case("F-030", "prove", Set(SERVER, "public_network_access_enabled", True)),
    Case("F-030", "prove", Set(ADLS.endpoints[0], "private_service_connection.is_manual_connection", True)),
)
def test_what_is_not_closed_is_excepted_by_name(bench: Bench) -> None:
    parts = [(r, p) for r in bench.assessment().rows for p in r.parts if p.check.id in CLOSED]
    assert {p.check.id for _, p in parts} == set(CLOSED)
    open_ = {r.resource.key for r, p in parts if p.verdict.outcome not in ("pass", "not applicable")}
    assert open_ == {e.key for e in bench.register().exemptions}
    assert all(e.why and e.issue for e in bench.register().exemptions)


EVERYBODY = both(
    Set("core#azurerm_key_vault.core", "public_network_access_enabled", True),
    Set("core#azurerm_key_vault.core", "network_acls.default_action", "Allow"),
)
OPEN = both(Set(SERVER, "public_network_access_enabled", True), RULE)
"""The server answers all of Azure."""


@shows(
    FLOWEHR,
    Case("F-031", "prove", OPEN),
    Case("F-031", "prove", both(STRG.without("public_network_access_enabled", True),
                                STRG.without("network_rules.default_action", "Allow"))),
)  # fmt: skip
def test_no_record_is_on_the_internet(bench: Bench) -> None:
    """Whatever the credentials; what is not so is excepted, and a path to it is shown."""
    stores = [r for r in bench.answers("reach", source=("internet",), to=("kind data-store", "kind vault"), any=True)
              if "models/storage" not in r["to"]["key"]]  # fmt: skip
    assert len(stores) > 10
    for row in stores:
        closed = row["outcome"] == "denied" and not row["except"]
        assert closed, f"{row['to']['name']}/{row['door']} is {row['outcome']}: {row['why']}"
    claim = next(s for s in bench.sentences if s.text.startswith("No records are accessible"))
    from ringfence.claims import held

    assert held(claim, bench.estate()).outcome == "pass"


PATHS = (
    ("subnet-serve-webapps-oakvale-prod", "kv-oakvale-prod-serve", "vault"),
    ("subnet-serve-webapps-oakvale-prod", "cosmos-serve-oakvale-prod", "sql"),
    ("subnet-serve-webapps-oakvale-prod", "sql-server-features-oakvale-prod", "sqlServer"),
    ("subnet-dbks-container-oakvale-prod", "sql-server-features-oakvale-prod", "sqlServer"),
    ("subnet-dbks-container-oakvale-prod", "adlsoakvaleprod", "dfs"),
)
"""Who has to reach what."""


@shows(
    FLOWEHR,
    Case("F-032", "prove", Set(ADLS.endpoints[1], "private_dns_zone_group")),
    Case("F-032", "prove", remove("serve#azurerm_private_endpoint.state")),
)
def test_what_has_to_be_reached_is_reached_in_the_network(bench: Bench) -> None:
    for source, target, door in PATHS:
        rows = [
            r for r in bench.answers("reach", source=(source,), to=(target,)) if r["door"].casefold() == door.casefold()
        ]
        assert [(r["outcome"], r["front"]) for r in rows] == [("allowed", "private")], f"{source} to {target}"


ZONE = "core#azurerm_private_dns_zone.vault"
LINK = "core#azurerm_private_dns_zone_virtual_network_link.vault"


@shows(FLOWEHR, Case("F-033", "build", Set("azurerm_private_endpoint:pe-kv-oakvale-prod", "private_dns_zone_group")))
def test_every_endpoint_has_its_zone_group(bench: Bench) -> None:
    endpoints = bench.blocks("azurerm_private_endpoint")
    assert len(endpoints) > 12
    for endpoint in endpoints:
        assert "private_dns_zone_group" in endpoint.arguments, endpoint.key
    zones = {d.address for d in bench.blocks("azurerm_private_dns_zone") if d.mode == "managed"}
    linked = {line.partition(" = ")[2].removesuffix(".name")
              for d in bench.blocks("azurerm_private_dns_zone_virtual_network_link")
              for line in bench.written(d.key) if line.startswith("private_dns_zone_name")}  # fmt: skip
    assert len(zones) > 10
    assert zones <= linked


@shows(FLOWEHR, Case("F-033", "prove", remove(LINK)))
def test_every_name_leads_to_the_private_address(bench: Bench) -> None:
    from ringfence.checks.check import checks

    estate = bench.estate()
    for check in ("private-endpoint-name", "private-dns-zone-link", "private-endpoint-approval"):
        one = checks()[check]
        found_ = {r.title: one.verdict(r, estate).outcome for r in one.resources(estate)}
        assert found_
        assert set(found_.values()) <= {"pass", "not applicable"}, check
        assert list(found_.values()).count("pass") > 10, check


@shows(FLOWEHR, Case("F-047", "prove", EVERYBODY))
def test_services_are_entered_from_the_network_only(bench: Bench) -> None:
    for name in ("sql-server-features-oakvale-prod", "adlsoakvaleprod", "cosmos-serve-oakvale-prod", "kv-oakvale-prod"):
        outside = bench.answers("reach", source=("internet",), to=(name,), any=True)
        assert {r["outcome"] for r in outside} == {"denied"}, name
        inside = bench.answers("reach", source=("subnet-dbks-host-oakvale-prod",), to=(name,))
        assert "allowed" in {r["outcome"] for r in inside}, name


# -- vaults, where they are

VAULTS = (("F-064", VAULT, "core", "kv-<suffix>"), ("F-105", APPS, "serve", "kv-<suffix>-serve"))


@shows(
    FLOWEHR, *(Case(of, "prove", Set(vault, "name", "kv-other"), layer, label) for of, vault, layer, label in VAULTS)
)
def test_the_vault_is_the_documents(bench: Bench, layer: str, label: str) -> None:
    compared = bench.compared("8.5", label)
    assert {(r.root, r.title) for r in compared.resources} == {(layer, label.replace("<suffix>", "oakvale-prod"))}
