"""FlowEHR's configuration: each mistake is one message that says where, what, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringfence.errors import InputError
from tests.platforms.flowehr.configured import OVER, configured

SOURCE = """\
data_source_connections:
  - name: records
    fqdn: records.example.org
    database: records
    username: reader
    password: {password}
    peering: {{ virtual_network_name: vnet, resource_group_name: rg, address_space: {space} }}
"""


def source(password: str = "${RECORDS_PASSWORD}", space: str = "10.30.0.0/24") -> str:
    return SOURCE.format(password=password, space=space)


WRONG = {
    "unknown key": ("locaton: uksouth", "locaton is not a setting", "Did you mean location?", 1),
    "unknown inner key": (
        "monitoring:\n  recipients: []",
        "monitoring.recipients is not a setting",
        "Did you mean alert_recipients?",
        2,
    ),
    "clients": ("client_networks: [hospital]", "hospital is no address space", "Write one such as", 1),
    "ci without addresses": (
        "ci: { virtual_network_name: vnet-ci, resource_group_name: rg-ci }",
        "automation deploys from a network of its own, and ci.address_space is missing",
        "Say ci:",
        1,
    ),
    "location": ("location: uksuth", "location cannot be uksuth", "Did you mean uksouth?", 1),
    "id": ("flowehr_id: My Hospital", "flowehr_id cannot be My Hospital", "1 to 12", 1),
    "environment": ("environment: ''", "environment is empty", "", 1),
    "flag": ("defender: perhaps", "defender must be true or false, not perhaps", "", 1),
    "no space": ("core_address_space: ten", "ten is no address space", "Write one such as", 1),
    "public space": ("core_address_space: 8.8.8.0/24", "8.8.8.0/24 is not a private range", "Use a range", 1),
    "small space": ("core_address_space: 10.0.0.0/28", "10.0.0.0/28 cannot hold the platform's 5 subnets", "/24", 1),
    "overlap with ci": (
        "core_address_space: 10.96.0.0/24",
        "overlaps 10.96.0.0/24, the addresses of the ci network",
        "choose another range",
        1,
    ),
    "overlap with a source": (
        f"core_address_space: 10.64.0.0/24\n{source(space='10.64.0.128/25')}",
        "overlaps 10.64.0.128/25, the addresses of data source records",
        "choose another range",
        1,
    ),
    "password in plain text": (source(password="hunter2"), "password holds a secret in plain text", "${NAME}", 6),
    "secret in plain text": (
        "transform:\n  databricks_secrets:\n    key: hunter2",
        "key holds a secret in plain text",
        "${NAME}",
        3,
    ),
    "two sources": (source() + source().partition("\n")[2], "two data sources are called records", "", 8),
    "source name": (
        source().replace("name: records", "name: 2nd Records"),
        "cannot be called 2nd-records",
        "1 to 30",
        2,
    ),
    "nobody is told": ("monitoring: {}", "nobody would be told of alerts", "Add alert_recipients", 1),
    "no mail": ("monitoring:\n  alert_recipients:\n    - { name: me, email: me }", "me is no address of mail", "", 3),
    "storage too long": (
        "flowehr_id: oakvalenorth\nenvironment: production",
        "make the name strgoakvalenorthproduction: it has 26 characters, and Azure allows 24",
        "Change flowehr_id or environment",
        1,
    ),
    "vault too long": (
        "flowehr_id: oakvale\nenvironment: staging-two",
        "make the name kv-oakvale-staging-two-serve: it has 28 characters, and Azure allows 24",
        "or set suffix_override",
        1,
    ),
    "override too long": (
        "suffix_override: a-pull-request-of-somebody",
        "suffix_override make",
        "Change suffix_override.",
        1,
    ),
    "secret in Spark's settings": (
        "transform:\n  spark_config:\n    fs.azure.account.key.lake: hunter2",
        "fs.azure.account.key.lake holds a secret in plain text",
        "databricks_secrets",
        3,
    ),
    "reference that is none": (
        source().replace("username: reader", "username: ${USER}"),
        "cannot be a reference",
        "",
        5,
    ),
    "state": (
        "state: { resource_group_name: rg, storage_account_name: st-state }",
        "a storage account cannot be called st-state: Azure allows lower-case letters and digits only",
        "",
        1,
    ),
    "zone": ("transform:\n  datalake:\n    zones: [Bronze]", "a zone of the data lake cannot be called Bronze", "", 3),
    "commit": (
        "transform:\n  repositories:\n    - { url: 'https://github.com/a/b', sha: abc }",
        "abc is no commit",
        "40",
        3,
    ),
    "credentials in a url": (
        "transform:\n  repositories:\n    - url: https://me:token@github.com/a/b",
        "url holds a secret in plain text: credentials in an address",
        "have it replaced",
        3,
    ),
    "engine": ("transform:\n  databricks_cluster:\n    runtime_engine: FAST", "runtime_engine cannot be FAST", "", 3),
    "workers": (
        "transform:\n  databricks_cluster:\n    autoscale: { min_workers: 4, max_workers: 2 }",
        "min_workers is 4, which is more than max_workers, 2",
        "",
        3,
    ),
    "public package": (
        "transform:\n  databricks_libraries:\n    pypi:\n      - package: pandas==2.2.0",
        "pandas==2.2.0 would come from the internet",
        "Name a mirror",
        4,
    ),
    "catalog without a name": (
        "transform:\n  unity_catalog:\n    schema_name: features",
        "transform.unity_catalog.catalog_name is missing",
        "Add catalog_name",
        3,
    ),
    "catalog's name": (
        "transform:\n  unity_catalog: { catalog_name: My Catalog, schema_name: features }",
        "catalog_name cannot be My Catalog",
        "lower-case",
        2,
    ),
    "catalog's zone": (
        "transform:\n  unity_catalog: { catalog_name: a, schema_name: b, datalake_zones: [platinum] }",
        "the lake has no zone platinum",
        "It has bronze, silver, gold.",
        2,
    ),
    "renewed on no day": ("renewed:\n  SOURCE_WAREHOUSE_PASSWORD: last week", "last week is no day", "2026-10-01", 2),
    "renewed to come": ("renewed:\n  SOURCE_WAREHOUSE_PASSWORD: 2999-01-01", "2999-01-01 has not come yet", "", 2),
    "renewed but not asked for": (
        "renewed:\n  WAREHOUSE_PASSWORD: 2026-10-01",
        "renewed.WAREHOUSE_PASSWORD is not a setting",
        "Did you mean SOURCE_WAREHOUSE_PASSWORD?",
        2,
    ),
    "unknown switch": ("switches:\n  public_database: true", "switches.public_database is not a setting", "", 2),
    "no address": ("switches:\n  deployer_addresses: [home]", "home is no address", "", 2),
    "everybody": ("switches:\n  deployer_addresses: [0.0.0.0/0]", "0.0.0.0/0 cannot be let in", "single", 2),
    "private address": ("switches:\n  deployer_addresses: [10.1.2.3]", "10.1.2.3 cannot be let in", "single", 2),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_one_message_with_its_place(case: str) -> None:
    over, message, hint, line = WRONG[case]
    with pytest.raises(InputError) as raised:
        configured("prod", over)
    found = raised.value
    assert message in found.message
    assert hint in found.hint
    assert found.where == f"{OVER}:{line}"


def test_a_secret_that_is_written_is_not_repeated() -> None:
    with pytest.raises(InputError) as raised:
        configured("prod", source(password="hunter2"))
    assert "hunter2" not in str(raised.value)


def test_automation_without_its_network_is_refused() -> None:
    with pytest.raises(InputError, match="automation deploys from a network of its own, and ci is missing"):
        configured("prod", "ci:")


def test_an_environment_without_real_data_needs_no_recipients() -> None:
    assert configured("dev", "monitoring: {}").recipients == ()


def test_what_is_written_is_what_is_read() -> None:
    found = configured("prod", (Path(__file__).parent / "rich.yaml").read_text())
    assert found.names.suffix == "rich-staging"
    assert found.axes.world == "ci"
    assert [s.password.variable for s in found.sources] == ["records_password", "imaging_password"]
    assert found.transform.cluster.autoscale == (1, 3)
    assert [(one.kind, one.repo) for one in found.transform.libraries] == [
        ("pypi", "https://packages.example.org/simple"),
        ("maven", "https://packages.example.org/maven"),
        ("jar", ""),
    ]
    assert found.network_watcher is None
    assert found.state.container == "states"


def test_a_later_file_decides() -> None:
    assert configured("prod", "location: westeurope").location == "westeurope"
    assert configured("prod").location == "uksouth"
