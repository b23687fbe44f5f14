"""The doors of each kind of resource: which data planes it has, on which ports, under which names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.resource import Resource
from ringfence.model.value import Absent, Known
from ringfence.questions.reach import hosts
from ringfence.questions.reach.door import Door
from ringfence.questions.reach.kinds import type_of, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ringfence.model.estate import Estate


def doors(resource: Resource, estate: Estate) -> tuple[Door, ...]:
    """Every way into the resource, known or not: an Azure service that is not modelled has the door "service"."""
    made = estate.once(_made)
    if resource.key not in made:
        make = _DOORS.get(type(resource).__name__)
        made[resource.key] = tuple(make(resource, estate)) if make else _unmodelled(resource)
    return made[resource.key]


def data_planes(estate: Estate) -> tuple[Door, ...]:
    """The doors of all resources that hold or serve data, in reading order."""
    return estate.once(_data_planes)


def _made(_: Estate) -> dict[str, tuple[Door, ...]]:
    """Those that have been worked out."""
    return {}


def _data_planes(estate: Estate) -> tuple[Door, ...]:
    return tuple(door for r in estate.resources.values() if holds_data(r) for door in doors(r, estate))


def holds_data(resource: Resource) -> bool:
    """It holds or serves data: neither a machine nor a part of a network."""
    return bool(word(type_of(resource))) and type(resource).__name__ not in _PACKETS


def door(resource: Resource, name: str, **more: Any) -> Door:
    """One of the resource's doors."""
    return Door(f"{resource.key}/{name}", name, resource, **more)


# -- kinds


def _storage(account: Any, _: Estate) -> Iterable[Door]:
    """One door for each service that this kind of account has, and the secondary ones of accounts that are read there.

    Source: learn.microsoft.com/azure/storage/common/storage-account-overview, storage-redundancy
    """
    base, kind = hosts.name(account), _known(account.kind)
    for service in _SERVICES.get(kind or "", tuple(_PORTS)):
        if service == "web" and not _has_website(account):
            continue
        zone = f"${{zone}}.{service}.core.windows.net" if service == "web" else f"{service}.core.windows.net"
        yield door(account, service, group=service, ports=_PORTS[service], hosts=(f"{base}.{zone}",))
        if service != "file" and "RA" in (_known(account.replication) or "RA").upper():
            second, host = f"{service}_secondary", f"{base}-secondary.{zone}"
            yield door(account, second, group=second, ports=_PORTS[service], hosts=(host,))
    if _known(account.is_sftp_enabled) is not False:
        yield door(account, "sftp", group="blob", ports=(22,), hosts=(f"{base}.blob.core.windows.net",))


_PORTS = {
    "blob": (443, 80),
    "dfs": (443, 80),
    "file": (445, 443),
    "queue": (443, 80),
    "table": (443, 80),
    "web": (443, 80),
}
_SERVICES = {
    "BlobStorage": ("blob", "dfs"),
    "BlockBlobStorage": ("blob", "dfs", "web"),
    "FileStorage": ("file",),
    "Storage": ("blob", "file", "queue", "table"),
}
"""By kind of account; a general-purpose v2 account has all."""


def _has_website(account: Any) -> bool:
    """A static website may be there: without one its endpoint serves nothing."""
    pages = (account.static_website_index, account.static_website_error)
    return not all(isinstance(page, Absent) for page in pages)


def _vault(vault: Any, _: Estate) -> Iterable[Door]:
    yield door(vault, "vault", group="vault", hosts=(f"{hosts.name(vault)}.vault.azure.net",))


def _module(module: Any, _: Estate) -> Iterable[Door]:
    yield door(module, "managedhsm", group="managedhsm", hosts=(f"{hosts.name(module)}.managedhsm.azure.net",))


def _sql(server: Any, _: Estate) -> Iterable[Door]:
    """A client inside Azure is redirected to one of the ports 11000 to 11999, behind the same firewall.

    Source: learn.microsoft.com/azure/azure-sql/database/connectivity-architecture
    """
    yield door(
        server, "sqlServer", group="sqlServer", ports=(1433,), hosts=(f"{hosts.name(server)}.database.windows.net",)
    )


def _mysql(server: Any, _: Estate) -> Iterable[Door]:
    host = f"{hosts.name(server)}.mysql.database.azure.com"
    yield door(server, "mysqlServer", group="mysqlServer", ports=(3306,), hosts=(host,))


def _postgresql(server: Any, _: Estate) -> Iterable[Door]:
    """6432 is PgBouncer, where it is on.

    Source: learn.microsoft.com/azure/postgresql/flexible-server/concepts-pgbouncer
    """
    host = f"{hosts.name(server)}.postgres.database.azure.com"
    ports = (5432, 6432) if "flexible" in server.type.casefold() else (5432,)
    yield door(server, "postgresqlServer", group="postgresqlServer", ports=ports, hosts=(host,))


def _cosmos(account: Any, _: Estate) -> Iterable[Door]:
    """The SQL API's door is there whatever the account's API; the other APIs have one besides.

    Direct mode uses ports 10000 to 20000 behind the same firewall.
    Source: learn.microsoft.com/azure/cosmos-db/how-to-configure-private-endpoints, sdk-connection-modes
    """
    base = hosts.name(account)
    yield door(account, "Sql", group="Sql", hosts=(f"{base}.documents.azure.com",))
    names = {_known(c.name) for c in account.capabilities}
    unsure = account.capabilities.open is not None or None in names
    for api, (capability, port, zone) in _APIS.items():
        mongo = api == "MongoDB" and _known(account.kind) in ("MongoDB", None)
        if capability in names or unsure or mongo:
            yield door(account, api, group=api, ports=(port,), hosts=(f"{base}.{zone}",))


_APIS = {
    "MongoDB": ("EnableMongo", 10255, "mongo.cosmos.azure.com"),
    "Cassandra": ("EnableCassandra", 10350, "cassandra.cosmos.azure.com"),
    "Gremlin": ("EnableGremlin", 443, "gremlin.cosmos.azure.com"),
    "Table": ("EnableTable", 443, "table.cosmos.azure.com"),
}


def _registry(registry: Any, _: Estate) -> Iterable[Door]:
    """Layers come from blob storage by a redirect, or from the dedicated data endpoint where that is on.

    Source: learn.microsoft.com/azure/container-registry/container-registry-firewall-access-rules
    """
    base = hosts.name(registry)
    names: tuple[str, ...] = (f"{base}.azurecr.io",)
    if _known(registry.data_endpoint_enabled) is True:
        names += (f"{base}.{hosts.region(registry)}.data.azurecr.io",)
    yield door(registry, "registry", group="registry", hosts=names)


def _site(site: Any, estate: Estate) -> Iterable[Door]:
    """The site, its deployment site and FTP, which no private endpoint carries.

    Source: learn.microsoft.com/azure/app-service/overview-private-endpoint, deploy-ftp
    """
    base, group = _label(site, estate), "sites"
    if site.type.casefold().endswith("/slots"):
        group = f"sites-{hosts.name(site)}"
    yield door(site, "sites", group=group, ports=(443, 80), hosts=(f"{base}.azurewebsites.net",))
    yield door(site, "scm", group=group, hosts=(f"{base}.scm.azurewebsites.net",))
    yield door(site, "ftp", ports=(21, 990), hosts=("${stamp}.ftp.azurewebsites.windows.net",))


def _label(site: Any, estate: Estate) -> str:
    """The first label of the default host name; that of a slot begins with its application's name."""
    if not site.type.casefold().endswith("/slots"):
        return hosts.name(site)
    app = estate.target(site, site.app)
    parent = hosts.name(app) if isinstance(app, Resource) else "${app}"
    return f"{parent}-{hosts.name(site)}"


def _cluster(cluster: Any, _: Estate) -> Iterable[Door]:
    yield door(cluster, "management", group="management", hosts=(hosts.api_server(cluster),))


def _databricks(workspace: Any, _: Estate) -> Iterable[Door]:
    """Source: learn.microsoft.com/azure/databricks/workspace/workspace-details ("Per-workspace URL")."""
    yield door(
        workspace, "databricks_ui_api", group="databricks_ui_api", hosts=("adb-${workspace}.${n}.azuredatabricks.net",)
    )


def _learning(workspace: Any, _: Estate) -> Iterable[Door]:
    """Source: learn.microsoft.com/azure/machine-learning/how-to-custom-dns."""
    region = hosts.region(workspace)
    api = f"${{workspace}}.workspace.{region}.api.azureml.ms"
    notebooks = f"ml-{hosts.name(workspace)}-{region}-${{workspace}}.{region}.notebooks.azure.net"
    yield door(workspace, "amlworkspace", group="amlworkspace", hosts=(api, notebooks))


def _models(registry: Any, _: Estate) -> Iterable[Door]:
    """Source: learn.microsoft.com/azure/machine-learning/how-to-registry-network-isolation."""
    host = f"${{registry}}.registry.{hosts.region(registry)}.api.azureml.ms"
    yield door(registry, "amlregistry", group="amlregistry", hosts=(host,))


def _factory(factory: Any, _: Estate) -> Iterable[Door]:
    """The command channel of self-hosted runtimes.

    Source: learn.microsoft.com/azure/data-factory/data-factory-private-link
    """
    host = f"{hosts.name(factory)}.{hosts.region(factory)}.datafactory.azure.net"
    yield door(factory, "dataFactory", group="dataFactory", hosts=(host,))


def _logs(workspace: Any, _: Estate) -> Iterable[Door]:
    """Private endpoints lead to a private link scope that holds it, not to the workspace itself.

    Source: learn.microsoft.com/azure/azure-monitor/fundamentals/azure-monitor-network-access
    """
    yield door(workspace, "query", hosts=("api.loganalytics.azure.com",))
    yield door(workspace, "ingestion", hosts=("${workspace}.ods.opinsights.azure.com",))


def _telemetry(component: Any, _: Estate) -> Iterable[Door]:
    yield door(component, "query", hosts=("api.applicationinsights.io",))
    yield door(component, "ingestion", hosts=(f"{hosts.region(component)}-${{n}}.in.applicationinsights.azure.com",))


def _namespace(namespace: Any, _: Estate) -> Iterable[Door]:
    """AMQP and HTTPS; an event hub also speaks Kafka.

    Source: learn.microsoft.com/azure/event-hubs/event-hubs-faq ("What ports do I need to open on the firewall?")
    """
    kafka = (9093,) if "eventhub" in namespace.type.casefold() else ()
    host = f"{hosts.name(namespace)}.servicebus.windows.net"
    yield door(namespace, "namespace", group="namespace", ports=(443, 5671, 5672, *kafka), hosts=(host,))


def _cache(cache: Any, _: Estate) -> Iterable[Door]:
    """Source: learn.microsoft.com/azure/azure-cache-for-redis/cache-configure ("Access ports")."""
    ports = (6380,) if _known(cache.enable_non_ssl_port) is False else (6380, 6379)
    host = f"{hosts.name(cache)}.redis.cache.windows.net"
    yield door(cache, "redisCache", group="redisCache", ports=ports, hosts=(host,))


def _cognitive(account: Any, _: Estate) -> Iterable[Door]:
    """At its own subdomain, or at its region's name, which firewalls do not stand before.

    Source: learn.microsoft.com/azure/ai-services/cognitive-services-custom-subdomains
    """
    domain = "openai.azure.com" if _known(account.kind) == "OpenAI" else "cognitiveservices.azure.com"
    if isinstance(account.custom_subdomain_name, Absent):
        host = f"{hosts.region(account)}.api.cognitive.microsoft.com"
    else:
        host = f"{hosts.text(account.custom_subdomain_name, 'subdomain')}.{domain}"
    yield door(account, "account", group="account", hosts=(host,))


def _search(service: Any, _: Estate) -> Iterable[Door]:
    yield door(service, "searchService", group="searchService", hosts=(f"{hosts.name(service)}.search.windows.net",))


def _machine(machine: Any, _: Estate) -> Iterable[Door]:
    """SSH, and RDP unless it runs Linux for sure; SSH unless it runs Windows for sure."""
    system = (_known(machine.os_type) or "").casefold()
    if system != "windows":
        yield door(machine, "ssh", ports=(22,))
    if system != "linux":
        yield door(machine, "rdp", ports=(3389,))


def _endpoint(resource: Any, _: Estate) -> Iterable[Door]:
    """Any port: what it leads to decides."""
    yield door(resource, "endpoint", ports=())


def _gateway(gateway: Any, _: Estate) -> Iterable[Door]:
    """The ports of its listeners, which are not modelled: any."""
    yield door(gateway, "endpoint", ports=())


def _unmodelled(resource: Resource) -> tuple[Door, ...]:
    """One door, of which nothing is known, to what holds or serves data."""
    return (door(resource, "service", ports=()),) if word(type_of(resource)) else ()


def _known(attr: Any) -> Any:
    """The value, or Azure's default; None when it is not known."""
    if isinstance(attr, Known):
        return attr.value if isinstance(attr.value, (str, bool)) else None
    return attr.default if isinstance(attr, Absent) else None


_DOORS: dict[str, Callable[[Any, Estate], Iterable[Door]]] = {
    "StorageAccount": _storage,
    "KeyVault": _vault,
    "ManagedHsm": _module,
    "SqlServer": _sql,
    "MySqlServer": _mysql,
    "MySqlFlexibleServer": _mysql,
    "PostgresServer": _postgresql,
    "PostgresFlexibleServer": _postgresql,
    "CosmosAccount": _cosmos,
    "ContainerRegistry": _registry,
    "WebApp": _site,
    "WebAppSlot": _site,
    "FunctionApp": _site,
    "FunctionAppSlot": _site,
    "ManagedCluster": _cluster,
    "DatabricksWorkspace": _databricks,
    "MachineLearningWorkspace": _learning,
    "MachineLearningRegistry": _models,
    "DataFactory": _factory,
    "LogAnalyticsWorkspace": _logs,
    "ApplicationInsights": _telemetry,
    "EventHubNamespace": _namespace,
    "ServiceBusNamespace": _namespace,
    "RedisCache": _cache,
    "CognitiveAccount": _cognitive,
    "SearchService": _search,
    "VirtualMachine": _machine,
    "VirtualMachineScaleSet": _machine,
    "PrivateEndpoint": _endpoint,
    "LoadBalancer": _endpoint,
    "ApplicationGateway": _gateway,
}
_PACKETS = {"VirtualMachine", "VirtualMachineScaleSet", "PrivateEndpoint", "LoadBalancer", "ApplicationGateway"}
