"""The ``transform`` part of the configuration: what the pipelines are, and the cluster that they run on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.platforms.flowehr.settings.notes import ELSEWHERE
from ringfence.platforms.flowehr.settings.secret import Secret, open_text, refuse_secret, secret
from ringfence.platforms.flowehr.transform.catalog import Catalog, catalog
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.platforms.configuration import Table

_ZONE = re.compile(r"[a-z0-9](-?[a-z0-9]){2,62}")
_URL = re.compile(r"https://[\w.-]+(:\d+)?(/[\w.~%-]+)+/?", re.ASCII)
_SHA = re.compile(r"[0-9a-f]{40}")
MODES = ("SINGLE_USER", "USER_ISOLATION", "NONE")
ENGINES = ("STANDARD", "PHOTON")


@record(eq=False)
class Repository:
    """Code of pipelines: where it is, and at which commit ("" for the newest)."""

    url: str
    sha: str

    @property
    def name(self) -> str:
        """What its job is called: the last part of its address, as a word."""
        return re.sub(r"[^a-z0-9]+", "_", self.url.removesuffix(".git").rpartition("/")[2].lower()).strip("_")


@record(eq=False)
class Library:
    """One library of the cluster: an argument block of ``library``."""

    kind: str
    """"pypi", "maven" or "jar"."""
    what: str
    repo: str = ""
    exclusions: tuple[str, ...] = ()


@record(eq=False)
class Cluster:
    """The machines of Databricks."""

    min_memory_gb: int
    min_cores: int
    local_disk_min_size: int
    category: str
    autotermination_minutes: int
    runtime_engine: str
    data_security_mode: str
    workers: int
    """0 for a single machine."""
    autoscale: tuple[int, int] | None
    init_scripts: tuple[str, ...]


@record(eq=False)
class Transforming:
    """What is ingested and transformed, and with what."""

    spark_version: str
    repositories: tuple[Repository, ...]
    zones: tuple[str, ...]
    """Of the data lake, each a container."""
    cluster: Cluster
    libraries: tuple[Library, ...]
    spark_config: Mapping[str, str]
    secrets: Mapping[str, Secret]
    catalog: Catalog | None
    """Of Unity Catalog; None where the lake is used without."""


def transforming(table: Table, packages: bool, suffix: str) -> Transforming:
    """The ``transform`` of a configuration; `packages` where clusters may reach public indexes of packages.

    `suffix` tells the deployment from others.

    Raises:
        InputError: with file and line.
    """
    table.only("spark_version", "repositories", "datalake", "databricks_cluster", "databricks_libraries",
               "spark_config", "databricks_secrets", "unity_catalog", *ELSEWHERE["transform"])  # fmt: skip
    zones = _zones(table.table("datalake"))
    return Transforming(
        _version(table),
        _repositories(table.tables("repositories")),
        zones,
        _cluster(table.table("databricks_cluster")),
        _libraries(table.table("databricks_libraries"), packages),
        _settings(table.table("spark_config")),
        _secrets(table.table("databricks_secrets")),
        catalog(table.table("unity_catalog"), zones, suffix),
    )


def _repositories(tables: tuple[Table, ...]) -> tuple[Repository, ...]:
    """Each is a job that is called after it."""
    found: dict[str, Repository] = {}
    for one in tables:
        made = _repository(one)
        if made.name in found:
            raise one.wrong("url", f"two repositories are called {made.name}, as their jobs would be")
        found[made.name] = made
    return tuple(found.values())


def _repository(one: Table) -> Repository:
    one.only("url", "sha")
    url, sha = one.text("url"), one.text("sha", "")
    if not url.startswith("https://") or "@" in url:
        raise one.wrong("url", f"a repository's url must begin with https:// and hold no credentials, not {url}")
    if not _URL.fullmatch(url):
        raise one.wrong("url", f"{url} is no repository's address", "Write one such as https://github.com/OWNER/NAME.")
    if sha and not _SHA.fullmatch(sha):
        raise one.wrong("sha", f"{sha} is no commit", "Write all its 40 hexadecimal digits.")
    return Repository(url, sha)


def _zones(lake: Table) -> tuple[str, ...]:
    lake.only("zones")
    found = lake.texts("zones") or ("bronze", "silver", "gold")
    for zone in found:
        if not _ZONE.fullmatch(zone) or found.count(zone) > 1:
            hint = "Each is a container of its own: 3 to 63 lower-case letters, digits and single hyphens."
            raise lake.wrong("zones", f"a zone of the data lake cannot be called {zone}", hint)
    return found


def _cluster(table: Table) -> Cluster:
    table.only("node_type", "autotermination_minutes", "runtime_engine", "data_security_mode", "num_of_workers",
               "autoscale", "init_scripts")  # fmt: skip
    node = table.table("node_type")
    node.only("min_memory_gb", "min_cores", "local_disk_min_size", "category")
    return Cluster(
        node.number("min_memory_gb", 0),
        node.number("min_cores", 0),
        node.number("local_disk_min_size", 0),
        node.text("category", ""),
        _minutes(table),
        table.one_of("runtime_engine", ENGINES, "STANDARD"),
        table.one_of("data_security_mode", MODES, "SINGLE_USER"),
        table.number("num_of_workers", 0),
        _autoscale(table.table("autoscale")) if "autoscale" in table else None,
        table.texts("init_scripts"),
    )


def _version(table: Table) -> str:
    found = table.text("spark_version", "3.5")
    if not re.fullmatch(r"\d{1,2}(\.\d{1,2}){1,2}", found):
        raise table.wrong("spark_version", f"spark_version cannot be {found}", "Write one such as 3.5.")
    return found


def _minutes(table: Table) -> int:
    """Source: learn.microsoft.com/azure/databricks/compute/clusters-manage (automatic termination)."""
    found = table.number("autotermination_minutes", 60)
    if not 10 <= found <= 10_000:
        key = "autotermination_minutes"
        raise table.wrong(key, f"{key} cannot be {found}", "Databricks takes 10 to 10000.")
    return found


def _autoscale(table: Table) -> tuple[int, int]:
    table.only("min_workers", "max_workers")
    least, most = table.number("min_workers", 1), table.number("max_workers", 1)
    if least > most:
        raise table.wrong("min_workers", f"min_workers is {least}, which is more than max_workers, {most}")
    return least, most


def _libraries(table: Table, packages: bool) -> tuple[Library, ...]:
    table.only("pypi", "maven", "jar")
    found = [_package(one, "pypi", "package", packages) for one in table.tables("pypi")]
    found += [_package(one, "maven", "coordinates", packages) for one in table.tables("maven")]
    return (*found, *(Library("jar", path) for path in table.texts("jar")))


def _package(one: Table, kind: str, key: str, packages: bool) -> Library:
    one.only(key, "repo", *(("exclusions",) if kind == "maven" else ()))
    repo = one.text("repo", "")
    if not repo and not packages:
        hint = "Name a mirror that the network reaches as repo:; a developer's copy may set switches.public_packages."
        raise one.wrong(key, f"{one.text(key)} would come from the internet, which no cluster reaches", hint)
    return Library(kind, one.text(key), repo, one.texts("exclusions") if kind == "maven" else ())


def _settings(table: Table) -> dict[str, str]:
    """Settings of Spark, none of which is a secret."""
    for key in table:
        refuse_secret(table, key)
    return {key: open_text(table, key) for key in table}


def _secrets(table: Table) -> dict[str, Secret]:
    return {key: secret(table, key) for key in table}
