"""FlowEHR's storage accounts: that for management, the data lake, and the one behind the machine learning registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.blueprint import block
from ringfence.record import record
from tests.requirements.binding import FLOWEHR, Case, shows
from tests.requirements.controls import accepted, decided, has, holds
from tests.requirements.mutation import Add, Mutation, Rewritten, Set, found, remove

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint
    from tests.requirements.bench import Bench

DECISIONS = "decisions.yaml"


@record()
class Account:
    """One account as its statements name it."""

    address: str
    endpoints: tuple[str, ...]
    logs: str
    """The block by which its blobs are logged."""

    @property
    def name(self) -> str:
        return self.address.partition(":")[2]

    @property
    def subresources(self) -> tuple[str, ...]:
        """What an endpoint leads to, by its name."""
        return tuple(endpoint.rpartition("-")[2] for endpoint in self.endpoints)

    def without(self, path: str, value: Any = None) -> Mutation:
        return Set(self.address, path, value)


STRG = Account(
    "azurerm_storage_account:strgoakvaleprod",
    ("azurerm_private_endpoint:pe-strgoakvaleprod-blob",),
    "core#azurerm_monitor_diagnostic_setting.management_blob",
)
ADLS = Account(
    "azurerm_storage_account:adlsoakvaleprod",
    ("azurerm_private_endpoint:pe-adlsoakvaleprod-blob", "azurerm_private_endpoint:pe-adlsoakvaleprod-dfs"),
    "transform#azurerm_monitor_diagnostic_setting.datalake_blob",
)


def arguments(account: Account, ids: dict[str, str]) -> list[tuple[str, str, tuple[str, ...], Mutation]]:
    """(of, item, what is built, what breaks it) for the items that one argument decides."""
    said: dict[str, tuple[tuple[str, ...], Mutation]] = {
        "3.1": (("https_traffic_only_enabled = true",), account.without("https_traffic_only_enabled", False)),
        "3.2": (("infrastructure_encryption_enabled = true",), account.without("infrastructure_encryption_enabled")),
        "3.8": (('network_rules.default_action = "Deny"',), account.without("network_rules.default_action", "Allow")),
        "3.9": (('network_rules.bypass = ["AzureServices"]',), account.without("network_rules.bypass", ("None",))),
        "3.11": (
            (
                "blob_properties.delete_retention_policy.days = 30",
                "blob_properties.container_delete_retention_policy.days = 30",
            ),
            account.without("blob_properties.container_delete_retention_policy"),
        ),
        "3.15": (('min_tls_version = "TLS1_2"',), account.without("min_tls_version", "TLS1_0")),
    }
    return [(of, item, *said[item]) for item, of in ids.items()]


ARGUMENTS = [
    (STRG, *row)
    for row in arguments(
        STRG, {"3.1": "F-051", "3.2": "F-052", "3.8": "F-056", "3.9": "F-057", "3.11": "F-059", "3.15": "F-062"}
    )
] + [
    (ADLS, *row)
    for row in arguments(
        ADLS, {"3.1": "F-111", "3.2": "F-112", "3.8": "F-116", "3.9": "F-117", "3.11": "F-119", "3.15": "F-122"}
    )
]


@shows(FLOWEHR, *(Case(of, "build", breaks, account, says) for account, of, _, says, breaks in ARGUMENTS))
def test_the_account_is_built_so(bench: Bench, account: Account, says: tuple[str, ...]) -> None:
    has(bench, account.address, *says)


@shows(FLOWEHR, *(Case(of, "prove", breaks, account, item) for account, of, item, _, breaks in ARGUMENTS))
def test_the_account_adheres(bench: Bench, account: Account, item: str) -> None:
    assert holds(bench, item, account.address).outcome == "pass"


# -- 3.3 and 3.4: the keys are not used, so nobody renews them


def undecided(item: str) -> Mutation:
    return Rewritten(DECISIONS, f'"{item}"', '"3.99"')


KEYS = ((STRG, "F-053", "3.3"), (ADLS, "F-113", "3.3"), (STRG, "F-054", "3.4"), (ADLS, "F-114", "3.4"))


@shows(FLOWEHR, *(Case(of, "build", undecided(item), account, item) for account, of, item in KEYS))
def test_that_keys_are_not_renewed_is_recorded(bench: Bench, account: Account, item: str) -> None:
    decision = decided(bench, item, account.address)
    assert decision.word == "accept"
    assert "keys are not used" in decision.reason


@shows(FLOWEHR, *(Case(of, "prove", undecided(item), account, item) for account, of, item in KEYS if item == "3.3"))
def test_no_reminder_is_set_for_keys_that_nobody_uses(bench: Bench, account: Account, item: str) -> None:
    assert "keys are not used" in accepted(bench, item, account.address).reason


@shows(
    FLOWEHR,
    *(
        Case(of, "prove", breaks, account)
        for account, of, item in KEYS
        if item == "3.4"
        for breaks in (account.without("shared_access_key_enabled", True), undecided("3.4"))
    ),
)
def test_keys_are_not_renewed_since_nobody_can_use_them(bench: Bench, account: Account) -> None:
    assert "keys are not used" in decided(bench, "3.4", account.address).reason
    assert bench.verdict("storage-shared-key-access", account.address).outcome == "pass"
    compared = bench.compared("3.4", f"{account.name[:4]}<suffix>")
    assert compared.claim.status == "N"
    assert compared.published == "N"


@shows(FLOWEHR, Case("F-063", "build", ADLS.without("shared_access_key_enabled", True)))
def test_no_account_takes_keys(bench: Bench) -> None:
    accounts = bench.blocks("azurerm_storage_account")
    assert len(accounts) >= 2
    for account in accounts:
        has(bench, account.key, "shared_access_key_enabled = false", "default_to_oauth_authentication = true")


KEY = ("primary_access_key", "secondary_access_key", "primary_connection_string", "primary_blob_connection_string")


def used(blueprint: Blueprint) -> dict[str, Any]:
    account = found(blueprint, STRG.address)
    return {"name": "uses-a-key", "location": "uksouth", "tags": {"key": account.ref("primary_access_key")}}


@shows(
    FLOWEHR,
    Case("F-063", "prove", Add("core", "azurerm_resource_group", "uses_a_key", used)),
    Case("F-063", "prove", STRG.without("shared_access_key_enabled", True)),
)
def test_nothing_uses_a_key(bench: Bench) -> None:
    users = [d.key for d in bench.blocks() for line in bench.written(d.key) if any(f".{key}" in line for key in KEY)]
    assert users == []
    for account in (STRG, ADLS):
        assert bench.verdict("storage-shared-key-access", account.address).outcome == "pass"
    assert all("storage_use_azuread" in layer.providers["azurerm"].arguments for layer in bench.blueprint().layers)


@shows(FLOWEHR, Case("F-050", "build", STRG.without("name", "stother")))
def test_the_account_for_management_is_in_core(bench: Bench) -> None:
    account = bench.block(STRG.address)
    assert (account.file.layer.name, account.file.name) == ("core", "main.tf")


@shows(FLOWEHR, Case("F-050", "prove", Rewritten("claims.md", "/176", "/1760")))
def test_the_account_for_management_is_the_documents(bench: Bench) -> None:
    compared = bench.compared("3.1", "strg<suffix>")
    assert {r.key for r in compared.resources} == {bench.block(STRG.address).key}
    assert any(one.endswith("/176") for one in compared.claim.subject.issues)


# -- 3.7: off the network, and nobody reads a container without signing in

PUBLIC = (
    ("public_network_access_enabled", "public_network_access_enabled = false", "public_network_access"),
    ("allow_nested_items_to_be_public", "allow_nested_items_to_be_public = false", "allow_blob_public_access"),
)


@shows(
    FLOWEHR,
    *(
        Case(of, "build", account.without(argument, True), account, says)
        for account, of in ((STRG, "F-055"), (ADLS, "F-115"))
        for argument, says, _ in PUBLIC
    ),
)
def test_nothing_of_the_account_is_public(bench: Bench, account: Account, says: str) -> None:
    has(bench, account.address, says)
    here = bench.block(account.address)
    for container in bench.blocks("azurerm_storage_container"):
        if here.id == container.arguments["storage_account_id"]:
            assert container.arguments["container_access_type"] == "private"


@shows(
    FLOWEHR,
    *(
        Case(of, "prove", account.without(argument, True), account)
        for account, of in ((STRG, "F-055"), (ADLS, "F-115"))
        for argument, _, _ in PUBLIC
    ),
)
def test_both_readings_of_public_access_hold(bench: Bench, account: Account) -> None:
    holds(bench, "3.7", account.address)
    shown = {e.field for e in bench.verdict("storage-public-network-access", account.address).evidence}
    assert "public_network_access" in shown
    assert bench.verdict("storage-public-network-access", account.address).outcome == "pass"


# -- 3.10: private endpoints


@shows(
    FLOWEHR,
    *(Case(of, "build", remove(account.endpoints[-1]), account) for account, of in ((STRG, "F-058"), (ADLS, "F-118"))),
)
def test_each_service_in_use_has_an_endpoint(bench: Bench, account: Account) -> None:
    for endpoint, subresource in zip(account.endpoints, account.subresources, strict=True):
        has(bench, endpoint, f'private_service_connection.subresource_names = ["{subresource}"]')
        written = bench.block(endpoint).arguments["private_service_connection"].arguments
        assert written["private_connection_resource_id"] == bench.block(account.address).id


@shows(
    FLOWEHR,
    *(
        Case(of, "prove", breaks, account)
        for account, of in ((STRG, "F-058"), (ADLS, "F-118"))
        for breaks in (
            Set(account.endpoints[0], "private_dns_zone_group"),
            Set(account.endpoints[0], "private_service_connection.is_manual_connection", True),
        )
    ),
)
def test_its_endpoints_are_approved_and_found_by_name(bench: Bench, account: Account) -> None:
    holds(bench, "3.10", account.address)
    rows = bench.answers("reach", source=("subnet-dbks-host-oakvale-prod",), to=(account.name,))
    assert {row["door"] for row in rows if row["outcome"] == "allowed"} == set(account.subresources)


# -- 3.12: Microsoft's keys


@shows(
    FLOWEHR,
    Case("F-060", "build", undecided("3.12"), STRG),
    Case("F-060", "prove", undecided("3.12"), STRG),
    Case("F-120", "build", undecided("3.12"), ADLS),
    Case("F-120", "prove", undecided("3.12"), ADLS),
)
def test_microsofts_keys_seal_it_by_decision(bench: Bench, account: Account) -> None:
    accepted(bench, "3.12", account.address, "Microsoft", "overhead")
    assert "customer_managed_key" not in bench.block(account.address).arguments


# -- 3.13: who reads, writes and deletes


@shows(
    FLOWEHR,
    *(
        Case(of, "build", Set(account.logs, "enabled_log", [block(category="StorageRead")]), account)
        for account, of in ((STRG, "F-061"), (ADLS, "F-121"))
    ),
)
def test_reads_writes_and_deletes_are_logged(bench: Bench, account: Account) -> None:
    wanted = (f'enabled_log.category = "{category}"' for category in ("StorageRead", "StorageWrite", "StorageDelete"))
    has(bench, account.logs, *wanted)
    (target,) = [line for line in bench.written(account.logs) if line.startswith("target_resource_id")]
    assert target.endswith('/blobServices/default"')


@shows(FLOWEHR, *(Case(of, "prove", remove(a.logs), a) for a, of in ((STRG, "F-061"), (ADLS, "F-121"))))
def test_the_logs_are_those_of_the_blobs(bench: Bench, account: Account) -> None:
    holds(bench, "3.13", account.address)
