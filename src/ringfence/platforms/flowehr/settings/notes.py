"""What an operator of FlowEHR should know of his configuration: keys of FlowEHR's that declare nothing here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.register import Note

if TYPE_CHECKING:
    from ringfence.platforms.configuration import Table

ELSEWHERE = {
    "transform": ("unity_catalog_metastore", "databricks_account_id"),
    "serve": ("github_app_id", "github_app_installation_id"),
    "apps": ("auth", "owners", "contributors", "managed_repo", "branch"),
}
"""Keys of FlowEHR's configuration that declare nothing, by the part they are in."""


def of(table: Table) -> list[Note]:
    """A note for each of these keys that the configuration has."""
    parts = ((part, table.table(part), ELSEWHERE[part]) for part in ("transform", "serve"))
    found = [_ABOUT[part, key] for part, inner, keys in parts for key in keys if key in inner]
    apps = table.table("apps")
    return found + [_app(app, key) for app in apps for key in ELSEWHERE["apps"] if key in apps.table(app)]


def _app(app: str, key: str) -> Note:
    return Note(f"apps.{app}.{key}", _SIGN_IN if key == "auth" else _REPOSITORY, _SOURCES["serve"])


_METASTORE = (
    "A metastore belongs to the Databricks account, one for a region, and Databricks gives a new workspace that of its "
    "region: nothing here makes or assigns one."
)
_PIPELINES = (
    "Repositories of apps are not made here, so no app of GitHub is asked for: their pipelines sign in by a federated "
    "credential of serve.github_owner."
)
_SIGN_IN = "Nobody uses an app without signing in, and only members of its groups do: there is nothing to turn on."
_REPOSITORY = (
    "Repositories of apps, and who reviews what goes into them, are not made here: an app is an image in the registry."
)
_SOURCES = {
    "transform": "learn.microsoft.com/azure/databricks/data-governance/unity-catalog/get-started",
    "serve": "learn.microsoft.com/entra/workload-id/workload-identity-federation",
}
_ABOUT = {
    (part, key): Note(f"{part}.{key}", _METASTORE if part == "transform" else _PIPELINES, _SOURCES[part])
    for part in ("transform", "serve")
    for key in ELSEWHERE[part]
}
