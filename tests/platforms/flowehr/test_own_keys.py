"""A configuration with FlowEHR's own keys and nothing else is built and proven; what declares nothing is said."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ringfence import declared
from ringfence.cli import main
from ringfence.errors import UsageError
from ringfence.platforms import folder
from ringfence.prove import Request, prove

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.adherence.assessment import Assessment

SHARED = """
flowehr_id: ward
location: uksouth
"""
OWN = """
environment: trial
accesses_real_data: false
core_address_space: 10.70.0.0/22
data_source_connections:
  - records_store:
    name: Records of the ward
    fqdn: records.example.org
    database: records
    username: reader
    password: ${RECORDS_PASSWORD}
transform:
  spark_version: 3.5
  repositories:
    - url: https://github.com/example/pipelines.git
  datalake:
    zones: [raw, gold]
  unity_catalog:
    catalog_name: ward
    schema_name_prefix: features
  unity_catalog_metastore:
    metastore_id: 11111111-2222-3333-4444-555555555555
  databricks_account_id: 11111111-2222-3333-4444-666666666666
serve:
  github_owner: example
  github_app_id: 1234
  github_app_installation_id: 5678
monitoring:
  alert_recipients:
    - name: team
      email: team@example.org
"""
APP = """
apps:
  tide_table:
    name: Tide table
    description: When the ward is full.
    owner: team@example.org
    image: tide-table:1.0.0
    secrets:
      TOKEN: generated
"""


def files(tmp_path: Path, *more: str) -> tuple[str, ...]:
    """The configuration in as many files as FlowEHR has."""
    found = []
    for name, text in zip(("config.yaml", "config.trial.yaml", "apps.yaml"), (SHARED, OWN, *more), strict=False):
        (tmp_path / name).write_text(text)
        found.append(str(tmp_path / name))
    return tuple(found)


def proven(config: tuple[str, ...], today: date | None = None) -> Assessment:
    return prove(Request(folder("flowehr"), platform="flowehr", config=config, today=today))


def test_it_is_adherent(tmp_path: Path) -> None:
    found = proven(files(tmp_path, APP))
    assert found.exit == 0
    assert found.worlds == ("dev",)


def test_an_app_of_ones_own_is_claimed_to_be_alone_with_what_it_has(tmp_path: Path) -> None:
    held = {one.sentence.text: one.outcome for one in proven(files(tmp_path, APP)).sentences}
    assert held["The database of Tide table is read by it alone"] == "pass"
    assert held["The secrets of Tide table are read by it alone, and by the deployment that writes them"] == "pass"
    assert not [one for one in proven(files(tmp_path)).sentences if "Tide" in one.sentence.text]


def test_keys_that_declare_nothing_are_said(tmp_path: Path) -> None:
    notes = declared.blueprint("flowehr", config=files(tmp_path)).register.notes
    assert [note.setting for note in notes] == [
        "transform.unity_catalog_metastore",
        "transform.databricks_account_id",
        "serve.github_app_id",
        "serve.github_app_installation_id",
    ]


def test_a_source_is_called_after_its_unique_key(tmp_path: Path) -> None:
    keys = declared.blueprint("flowehr", config=files(tmp_path)).declared
    assert any("records_store" in key for key in keys)


def test_a_later_file_lies_over_an_earlier_one(tmp_path: Path) -> None:
    over = "location: ukwest\n"
    found = declared.blueprint("flowehr", config=files(tmp_path, over))
    assert found.declared["core#azurerm_resource_group.core"].arguments["location"] == "ukwest"


def test_a_world_and_a_configuration_are_two(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="are two configurations"):
        declared.blueprint("flowehr", "prod", files(tmp_path))


def test_a_secret_that_is_overdue_is_reported(tmp_path: Path) -> None:
    config = files(tmp_path, "renewed: {RECORDS_PASSWORD: 2026-01-10}\n")
    late = [p.message for p in proven(config, date(2027, 1, 9)).problems]
    assert any("was to be renewed by 2026-" in message for message in late)
    assert not proven(config, date(2026, 2, 1)).problems


def test_a_copy_without_real_data_is_not_held_against_the_document(tmp_path: Path) -> None:
    assert proven(files(tmp_path)).claims == ()
    real = "accesses_real_data: true\nmonitoring: {alert_recipients: [{name: a, email: a@example.org}]}\n"
    assert proven(files(tmp_path, real)).claims


def test_a_platform_without_switches_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "eudcc", "--explain-switches"]) == 0
    assert capsys.readouterr().out == "eudcc has no switches: nothing of it can be relaxed\n"
