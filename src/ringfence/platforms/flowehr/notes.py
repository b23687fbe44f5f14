"""What an operator of FlowEHR should know of his configuration: keys of FlowEHR's that declare nothing here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.register import Note

if TYPE_CHECKING:
    from ringfence.platforms.configuration import Table

ELSEWHERE = {
    "transform": ("unity_catalog_metastore", "databricks_account_id"),
    "serve": ("github_app_id", "github_app_installation_id"),
}
"""Keys of FlowEHR's configuration that declare nothing, by the part they are in."""


def of(table: Table) -> list[Note]:
    """A note for each of these keys that the configuration has."""
    parts = ((part, table.table(part), keys) for part, keys in ELSEWHERE.items())
    return [_ABOUT[part, key] for part, inner, keys in parts for key in keys if key in inner]


_METASTORE = (
    "A metastore belongs to the Databricks account, one for a region, and Databricks gives a new workspace that of its "
    "region: nothing here makes or assigns one."
)
_PIPELINES = (
    "Repositories of apps are not made here, so no app of GitHub is asked for: their pipelines sign in by a federated "
    "credential of serve.github_owner."
)
_SOURCES = {
    "transform": "learn.microsoft.com/azure/databricks/data-governance/unity-catalog/get-started",
    "serve": "learn.microsoft.com/entra/workload-id/workload-identity-federation",
}
_ABOUT = {
    (part, key): Note(f"{part}.{key}", _METASTORE if part == "transform" else _PIPELINES, _SOURCES[part])
    for part, keys in ELSEWHERE.items()
    for key in keys
}
