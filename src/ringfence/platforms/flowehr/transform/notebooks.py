"""What is in the Databricks workspace: the cluster, the secrets that its code asks for, and the code's jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.blueprint import Life, block
from ringfence.model.symbol import text
from ringfence.platforms.flowehr.transform import catalog, secrets
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.constructs.data_factory import DataFactory
    from ringfence.constructs.databricks import Databricks
    from ringfence.constructs.insights import Insights
    from ringfence.constructs.sql import SqlServer
    from ringfence.constructs.storage import Storage
    from ringfence.model.blueprint import Block, Declared, File, Layer
    from ringfence.model.symbol import Value
    from ringfence.platforms.flowehr.core.layer import Core
    from ringfence.platforms.flowehr.settings import Config
    from ringfence.platforms.flowehr.settings.transforming import Library, Repository
    from ringfence.platforms.flowehr.transform.credentials import Credentials

ABOUT = "Databricks: machines without public addresses transform what the data factory asks them to."


@record(eq=False)
class Uses:
    """What the code on the cluster works with."""

    known: Credentials
    sql: SqlServer
    database: Declared
    datalake: Storage
    databricks: Databricks
    factory: DataFactory
    insights: Insights


def declare(layer: Layer, config: Config, core: Core, uses: Uses) -> None:
    """The cluster, its secrets and its jobs; the data factory's identity is the one user of the cluster."""
    workspace = uses.databricks.workspace
    layer.provider("databricks", host=workspace.ref("workspace_url"), azure_workspace_resource_id=workspace.id)
    file = layer.file("databricks.tf")
    runner = _runner(file, uses)
    scope, filled = secrets.declare(layer.file("secrets.tf", secrets.ABOUT), config, core, uses, runner)
    cluster = _cluster(file, config, core, uses, runner, scope, filled)
    _linked(layer.file("adf.tf"), uses, cluster)
    _permitted(file, cluster, runner)
    catalog.declare(layer.file("unity-catalog.tf", catalog.ABOUT), config, uses, runner)
    for repository in config.transform.repositories:
        _job(file, repository, cluster, runner)
    _writes(uses)


def _runner(file: File, uses: Uses) -> Declared:
    """The data factory's own identity, known in the workspace."""
    identity = file.data("azuread_service_principal", "factory", object_id=uses.factory.principal)
    return file.resource(
        "databricks_service_principal",
        "factory",
        application_id=identity.ref("client_id"),
        display_name=uses.factory.called,
        life=Life(depends_on=uses.databricks.doors),
    )


def _cluster(
    file: File,
    config: Config,
    core: Core,
    uses: Uses,
    runner: Declared,
    scope: Declared,
    filled: tuple[Declared, ...],
) -> Declared:
    """It starts when it is made, so what its settings refer to is there before.

    What is asked of a workspace is asked once it can be reached, and not while Terraform plans to make it.
    Source: registry.terraform.io/providers/databricks/databricks/latest/docs (data resources and authentication)
    """
    wanted, cluster = config.transform, config.transform.cluster
    photon = cluster.runtime_engine == "PHOTON"
    reached = Life(depends_on=uses.databricks.doors)
    version = file.data(
        "databricks_spark_version",
        "wanted",
        spark_version=wanted.spark_version,
        long_term_support=True,
        life=reached,
    )
    node = file.data(
        "databricks_node_type",
        "wanted",
        min_memory_gb=cluster.min_memory_gb or None,
        min_cores=cluster.min_cores or None,
        local_disk_min_size=cluster.local_disk_min_size or None,
        category=cluster.category or None,
        photon_worker_capable=True if photon else None,
        photon_driver_capable=True if photon else None,
        life=reached,
    )
    scaled = cluster.autoscale
    alone = scaled is None and cluster.workers == 0
    return file.resource(
        "databricks_cluster",
        "transform",
        cluster_name="FlowEHR Cluster",
        spark_version=version.id,
        node_type_id=node.id,
        autotermination_minutes=cluster.autotermination_minutes,
        num_workers=None if scaled else cluster.workers,
        runtime_engine=cluster.runtime_engine,
        data_security_mode=cluster.data_security_mode,
        single_user_name=runner.ref("application_id") if cluster.data_security_mode == "SINGLE_USER" else None,
        spark_conf=_spark(config, core, uses, scope, alone=alone),
        spark_env_vars={"APPLICATIONINSIGHTS_CONNECTION_STRING": uses.insights.connection},
        custom_tags={"ResourceClass": "SingleNode"} if alone else None,
        autoscale=block(min_workers=scaled[0], max_workers=scaled[1]) if scaled else None,
        library=[_library(one) for one in wanted.libraries] or None,
        init_scripts=[block(workspace=block(destination=path)) for path in cluster.init_scripts] or None,
        life=Life(depends_on=filled),
    )


def _spark(config: Config, core: Core, uses: Uses, scope: Declared, *, alone: bool) -> dict[str, Value]:
    """Spark's settings: each secret is a reference into the scope, which only a running cluster follows.

    Source: learn.microsoft.com/azure/databricks/security/secrets/secrets-spark-conf-env-var
    """
    found: dict[str, Value] = {
        f"spark.secret.{name}": _secret(scope, key) for name, key in secrets.spark_names(config).items()
    }
    host = f"{uses.datalake.called}.dfs.core.windows.net"
    account = "fs.azure.account"
    found |= {
        f"{account}.auth.type.{host}": "OAuth",
        f"{account}.oauth.provider.type.{host}": "org.apache.hadoop.fs.azurebfs.oauth2.ClientCredsTokenProvider",
        f"{account}.oauth2.client.id.{host}": uses.known.applications["databricks_adls"].client,
        f"{account}.oauth2.client.secret.{host}": _secret(scope, "flowehr-dbks-adls-app-secret"),
        f"{account}.oauth2.client.endpoint.{host}": text(
            "https://login.microsoftonline.com/", core.home.tenant, "/oauth2/token"
        ),
    }
    if alone:
        found |= {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"}
    return {**found, **config.transform.spark_config}


def _secret(scope: Declared, key: str) -> Value:
    return text("{{secrets/", scope.ref("name"), f"/{key}}}}}")


def _library(one: Library) -> Block:
    if one.kind == "jar":
        return block(jar=one.what)
    if one.kind == "pypi":
        return block(pypi=block(package=one.what, repo=one.repo or None))
    return block(maven=block(coordinates=one.what, repo=one.repo or None, exclusions=one.exclusions or None))


def _linked(file: File, uses: Uses, cluster: Declared) -> None:
    file.resource(
        "azurerm_data_factory_linked_service_azure_databricks",
        "cluster",
        name="ADBLinkedServiceViaMSI",
        data_factory_id=uses.factory.id,
        integration_runtime_name=uses.factory.runtime.ref("name"),
        adb_domain=uses.databricks.url,
        msi_workspace_id=uses.databricks.id,
        existing_cluster_id=cluster.id,
    )


def _permitted(file: File, cluster: Declared, runner: Declared) -> None:
    file.resource(
        "databricks_permissions",
        "cluster",
        comment="In the workspace the factory may start the cluster and run on it; on Azure it needs no role there.",
        cluster_id=cluster.id,
        access_control=[block(service_principal_name=runner.ref("application_id"), permission_level="CAN_RESTART")],
    )


def _job(file: File, repository: Repository, cluster: Declared, runner: Declared) -> None:
    """The code of one repository, from the commit that the configuration names."""
    name, url, sha = repository.name, repository.url, repository.sha
    file.resource(
        "databricks_job",
        name,
        name=name,
        git_source=block(url=url, provider=_host(url), commit=sha or None, branch=None if sha else "main"),
        run_as=block(service_principal_name=runner.ref("application_id")),
        task=[
            block(
                task_key="transform",
                existing_cluster_id=cluster.id,
                spark_python_task=block(python_file="entrypoint.py", source="GIT"),
            )
        ],
    )


def _host(url: str) -> str:
    hosts = {"github.com": "gitHub", "gitlab.com": "gitLab", "dev.azure.com": "azureDevOpsServices"}
    return hosts.get(url.removeprefix("https://").partition("/")[0], "gitHubEnterprise")


def _writes(uses: Uses) -> None:
    """Pipelines read and write every zone of the lake, and send what they record, each as its own principal."""
    writer, sender = (uses.known.applications[word] for word in ("databricks_adls", "databricks_sql"))
    for zone in uses.datalake.containers:
        uses.datalake.may_write(
            f"pipelines_write_to_{zone.replace('-', '_')}",
            zone,
            who=writer.id,
            called=writer.called,
            why="Pipelines read and write this zone of the lake as this principal.",
        )
    uses.insights.may_send("pipelines_send_telemetry", who=sender.id, called=sender.called)
