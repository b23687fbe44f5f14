"""Unity Catalog: tables of the data lake under one name, with grants; the workspace reads the lake as its own identity.

The workspace's metastore is there before: Databricks gives a new workspace that of its region.
Source: learn.microsoft.com/azure/databricks/data-governance/unity-catalog/get-started
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.model.blueprint import Life, block
from ringfence.model.symbol import text
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.blueprint import Declared, File
    from ringfence.platforms.configuration import Table
    from ringfence.platforms.flowehr.settings import Config
    from ringfence.platforms.flowehr.transform.notebooks import Uses

ABOUT = "Unity Catalog: what the lake holds as tables, read as the workspace's own identity and not with a password."
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")


@record(eq=False)
class Catalog:
    """What the catalog is called, what it may read, and whose it is."""

    name: str
    schema: str
    zones: tuple[str, ...]
    admins: str
    """A group of the Databricks account; "" for none but the pipelines."""
    privileges: tuple[str, ...]
    """Of the admins."""


def catalog(table: Table, zones: tuple[str, ...], suffix: str) -> Catalog | None:
    """The ``unity_catalog`` of a configuration, None where there is none; `zones` are those of the lake.

    Raises:
        InputError: with file and line.
    """
    if not any(True for _ in table):
        return None
    table.only("catalog_name", "catalog_name_prefix", "schema_name", "schema_name_prefix", "datalake_zones",
               "catalog_admin_group_name", "catalog_admin_privileges")  # fmt: skip
    wanted = table.texts("datalake_zones") or zones
    for zone in wanted:
        if zone not in zones:
            raise table.wrong("datalake_zones", f"the lake has no zone {zone}", f"It has {', '.join(zones)}.")
    return Catalog(
        _named(table, "catalog_name", suffix),
        _named(table, "schema_name", suffix),
        wanted,
        table.text("catalog_admin_group_name", ""),
        table.texts("catalog_admin_privileges") or ("USE_CATALOG", "USE_SCHEMA", "SELECT", "MODIFY", "CREATE_TABLE"),
    )


def _named(table: Table, key: str, suffix: str) -> str:
    """The name, or the prefix with the deployment behind it."""
    prefix = table.text(f"{key}_prefix", "")
    found = table.text(key, f"{prefix}_{suffix.replace('-', '_')}" if prefix else None)
    if not _NAME.fullmatch(found):
        hint = "A lower-case letter, then lower-case letters, digits and underscores."
        raise table.wrong(key if key in table else f"{key}_prefix", f"{key} cannot be {found}", hint)
    return found


def declare(file: File, config: Config, uses: Uses, runner: Declared) -> None:
    """The catalog with its schema, in the zones of the lake that it may read."""
    wanted = config.transform.catalog
    if wanted is None:
        return
    credential = _credential(file, uses)
    places = [_place(file, uses, zone, credential) for zone in wanted.zones]
    made = file.resource(
        "databricks_catalog",
        "features",
        name=wanted.name,
        storage_root=text(places[0].ref("url"), wanted.name),
        isolation_mode="ISOLATED",
    )
    file.resource("databricks_schema", "features", catalog_name=made.ref("name"), name=wanted.schema)
    admins = [block(principal=wanted.admins, privileges=wanted.privileges)] if wanted.admins else []
    pipelines = block(principal=runner.ref("application_id"), privileges=("ALL_PRIVILEGES",))
    file.resource("databricks_grants", "features", catalog=made.ref("name"), grant=[pipelines, *admins])


def _credential(file: File, uses: Uses) -> Declared:
    connector = uses.databricks.connector
    return file.resource(
        "databricks_storage_credential",
        "datalake",
        name=connector.ref("name"),
        isolation_mode="ISOLATION_MODE_ISOLATED",
        azure_managed_identity=block(access_connector_id=connector.id),
        life=Life(depends_on=uses.databricks.doors),
    )


def _place(file: File, uses: Uses, zone: str, credential: Declared) -> Declared:
    """The zone as a place of the catalog, which the workspace's identity may read and write."""
    word, lake, connector = zone.replace("-", "_"), uses.datalake, uses.databricks.connector
    allowed = lake.may_write(
        f"catalog_writes_{word}",
        zone,
        who=connector.ref("identity.0.principal_id"),
        called=str(connector.arguments["name"]),
        why="The catalog keeps its tables in this zone of the lake.",
        file=file,
    )
    return file.resource(
        "databricks_external_location",
        word,
        name=f"{lake.called}-{zone}",
        url=f"abfss://{zone}@{lake.called}.dfs.core.windows.net/",
        credential_name=credential.ref("name"),
        isolation_mode="ISOLATION_MODE_ISOLATED",
        life=Life(depends_on=(allowed,)),
    )
