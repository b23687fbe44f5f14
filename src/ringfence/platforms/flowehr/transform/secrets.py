"""The secrets of the pipelines, in a scope of Databricks that only the cluster's user reads.

The scope is Databricks' own: why it is not backed by a vault is in ``decisions.yaml``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.register import Rotation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value
    from ringfence.platforms.flowehr.core.layer import Core
    from ringfence.platforms.flowehr.settings import Config
    from ringfence.platforms.flowehr.settings.secret import Secret
    from ringfence.platforms.flowehr.transform.notebooks import Uses

ABOUT = (
    "Secrets: the vault's, and those of the pipelines. "
    "What a person gives is asked for by Terraform, and is written in no file."
)

DAYS = 180
"""From one renewal by hand to the next."""
PLATFORM = {
    "feature-store-app-id": "flowehr-dbks-sql-app-id",
    "feature-store-app-secret": "flowehr-dbks-sql-app-secret",
    "feature-store-fqdn": "flowehr-dbks-sql-fqdn",
    "feature-store-database": "flowehr-dbks-sql-database",
    "azure-tenant-id": "flowehr-azure-tenant-id",
    "external-connection-app-id": "flowehr-external-connection-app-id",
    "external-connection-app-secret": "flowehr-external-connection-app-secret",
    "datalake-uri": "flowehr-datalake-uri",
}
"""What code asks Spark for, and the key in the scope."""
SOURCE = ("fqdn", "database", "username", "password")


def spark_names(config: Config) -> dict[str, str]:
    """What code asks Spark for, and the key in the scope, for everything in it."""
    sources = {
        f"{source.name}-{part}": f"flowehr-dbks-{source.name}-{part}" for source in config.sources for part in SOURCE
    }
    wanted = config.transform.catalog
    tables = {f"unity-catalog-{part}-name": f"unity-catalog-{part}-name" for part in ("catalog", "schema") if wanted}
    return PLATFORM | sources | tables | {key: key for key in config.transform.secrets}


def declare(
    file: File, config: Config, core: Core, uses: Uses, runner: Declared
) -> tuple[Declared, tuple[Declared, ...]]:
    """The scope, and what is in it: all secrets, and who reads them."""
    from ringfence.model.blueprint import Life

    scope = file.resource(
        "databricks_secret_scope", "pipelines", name="flowehr-secrets", life=Life(depends_on=uses.databricks.doors)
    )
    readers = file.resource(
        "databricks_secret_acl",
        "pipelines",
        comment="Pipelines read the secrets; nobody else does but whoever deploys.",
        scope=scope.ref("name"),
        principal=runner.ref("application_id"),
        permission="READ",
    )
    known = {**_of_platform(core, uses), **_of_configuration(config)}
    put = [_put(file, scope, key, value) for key, value in known.items()]
    for key, secret, what in _given(config):
        put.append(_ask(config, file, scope, key, secret, what))
    return scope, (readers, *put)


def _of_configuration(config: Config) -> dict[str, Value]:
    wanted = config.transform.catalog
    tables = (("catalog", wanted.name), ("schema", wanted.schema)) if wanted else ()
    found: dict[str, Value] = {f"unity-catalog-{part}-name": name for part, name in tables}
    for source in config.sources:
        parts = {"fqdn": source.fqdn, "database": source.database, "username": source.username}
        found |= {f"flowehr-dbks-{source.name}-{part}": value for part, value in parts.items()}
    return found


def _given(config: Config) -> Iterator[tuple[str, Secret, str]]:
    """What only people know: its key, the variable, and what it is."""
    for source in config.sources:
        yield f"flowehr-dbks-{source.name}-password", source.password, f"the password for {source.name}"
    for key, secret in config.transform.secrets.items():
        yield key, secret, f"the secret {key} of the pipelines"


def _of_platform(core: Core, uses: Uses) -> dict[str, Value]:
    known = uses.known
    return {
        "flowehr-dbks-sql-app-id": known.applications["databricks_sql"].client,
        "flowehr-dbks-sql-app-secret": known.password("databricks_sql"),
        "flowehr-dbks-sql-fqdn": uses.sql.server.ref("fully_qualified_domain_name"),
        "flowehr-dbks-sql-database": uses.database.ref("name"),
        "flowehr-dbks-adls-app-secret": known.password("databricks_adls"),
        "flowehr-azure-tenant-id": core.home.tenant,
        "flowehr-external-connection-app-id": known.applications["external"].client,
        "flowehr-external-connection-app-secret": known.password("external"),
        "flowehr-datalake-uri": f"{uses.datalake.called}.dfs.core.windows.net",
    }


def _put(file: File, scope: Declared, key: str, value: Value) -> Declared:
    word = key.removeprefix("flowehr-").replace("-", "_").replace(".", "_").lower()
    return file.resource("databricks_secret", word, scope=scope.id, key=key, string_value=value)


def _ask(config: Config, file: File, scope: Declared, key: str, secret: Secret, what: str) -> Declared:
    """A secret that only a person knows: Terraform asks for it, and somebody renews it."""
    from ringfence.platforms.flowehr.transform.credentials import OWNER

    value = file.layer.variable(
        secret.variable, "string", f"{what[0].upper()}{what[1:]}; give it as TF_VAR_{secret.variable}.", None,
        sensitive=True,
    )  # fmt: skip
    made = _put(file, scope, key, value)
    done = config.renewed.get(secret.variable)
    how = f"Its owner changes it at the source, and it is given anew as TF_VAR_{secret.variable}."
    file.layer.register.rotations.append(Rotation(made.key, key, OWNER, DAYS, how, done))
    return made
