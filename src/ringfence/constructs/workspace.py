"""A Log Analytics workspace: where everything logs to, itself out of the internet's reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.grant import grant
from ringfence.constructs.lock import NOTES
from ringfence.constructs.private_endpoint import private_endpoint
from ringfence.errors import ConstructError
from ringfence.model.blueprint import Life, block
from ringfence.model.register import Relaxation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ringfence.constructs.home import Home
    from ringfence.constructs.storage import Storage
    from ringfence.model.blueprint import Condition, Declared, File
    from ringfence.model.symbol import Input, Value

OPENED = {
    "internet_ingestion_enabled": "log-analytics-public-ingestion",
    "internet_query_enabled": "log-analytics-public-query",
}
"""What a workspace that is public allows, and the check that then fails."""
SHORTEST, LONGEST = 90, 730
"""Days: what an investigation needs, and what a workspace can keep."""


class Workspace:
    """A workspace that logs who queries it. `when` is the variable on which its existence depends.

    `cluster` is the id of a dedicated cluster whose key seals it, `linked` when that is so; `public` is the switch
    that lets the internet send and query. `retired` says whether solutions that have a comment, which says what has
    become of them, are asked for. It has an `identity` where it keeps something in an account of one's own.
    """

    def __init__(
        self,
        file: File,
        name: str,
        *,
        called: str,
        group: Value,
        location: Value,
        days: int = SHORTEST,
        comment: str = "",
        solutions: Mapping[str, str] | Sequence[str] = (),
        retired: Condition | None = None,
        cluster: Value = None,
        linked: Condition | None = None,
        when: Input | None = None,
        public: str = "",
        keep: bool = True,
        identity: bool = False,
        tags: Mapping[str, Value] | None = None,
    ) -> None:
        if not SHORTEST <= days <= LONGEST:
            hint = f"Keep logs for {SHORTEST} to {LONGEST} days."
            raise ConstructError(f"{called} cannot keep logs for {days} days", hint=hint)
        self.file, self.name, self.group, self.location, self.when = file, name, group, location, when
        self._tags = dict(tags) if tags else None
        self.workspace = file.resource(
            "azurerm_log_analytics_workspace",
            name,
            comment=comment,
            when=when,
            name=called,
            resource_group_name=group,
            location=location,
            sku="PerGB2018",
            retention_in_days=days,
            allow_resource_only_permissions=True,
            local_authentication_enabled=False,
            internet_ingestion_enabled=bool(public),
            internet_query_enabled=bool(public),
            tags=self._tags,
            identity=block(type="SystemAssigned") if identity else None,
        )
        if public:
            why = "who signs in sends and reads logs from anywhere"
            for argument, check in OPENED.items():
                found = Relaxation(public, self.workspace.key, argument, (check,), why)
                file.layer.register.relaxations.append(found)
        self._audited()
        if keep:
            self._locked()
        for solution in solutions:
            comment = solutions[solution] if isinstance(solutions, dict) else ""
            self.solution(solution, comment=comment, when=retired if comment else None)
        if cluster is not None:
            self._linked(cluster, linked or when)

    @property
    def id(self) -> Value:
        return self.workspace.id

    def solution(self, name: str, *, comment: str = "", when: Condition | None = None) -> Declared:
        """One of Microsoft's solutions, such as ``ContainerInsights``."""
        return self.file.resource(
            "azurerm_log_analytics_solution",
            f"{self.name}_{_snake(name)}",
            comment=comment,
            when=when or self.when,
            solution_name=name,
            resource_group_name=self.group,
            location=self.location,
            workspace_resource_id=self.workspace.id,
            workspace_name=self.workspace.ref("name"),
            plan=block(publisher="Microsoft", product=f"OMSGallery/{name}"),
            tags=self._tags,
        )

    def keeps_in(self, storage: Storage, *kinds: str) -> None:
        """What is kept in an account of one's own: ``Query`` and ``Alerts`` are the queries that are saved.

        The workspace writes there as itself. Source: learn.microsoft.com/azure/azure-monitor/logs/private-storage

        Raises:
            ConstructError: it has no identity, which Azure wants since 31 August 2025.
        """
        if "identity" not in self.workspace.arguments:
            hint = "Make the workspace with identity=True."
            raise ConstructError(f"workspace {self.name} cannot write to {storage.called}", hint=hint)
        allowed = grant(
            self.file,
            f"{self.name}_writes_to_storage",
            who=self.workspace.ref("identity.0.principal_id"),
            called=str(self.workspace.arguments["name"]),
            may="Storage Table Data Contributor",
            on=storage.id,
            what=storage.called,
            why="The workspace keeps saved queries as itself, without a key.",
        )
        for kind in kinds:
            self.file.resource(
                "azurerm_log_analytics_linked_storage_account",
                f"{self.name}_{kind.lower()}",
                when=self.when,
                data_source_type=kind,
                resource_group_name=self.group,
                workspace_id=self.workspace.id,
                storage_account_ids=(storage.id,),
                life=Life(depends_on=(allowed,)),
            )

    def _audited(self) -> None:
        """Who asked what of the logs is itself logged."""
        self.file.resource(
            "azurerm_monitor_diagnostic_setting",
            f"workspace_{self.name}",
            when=self.when,
            name="to-log-analytics",
            target_resource_id=self.workspace.id,
            log_analytics_workspace_id=self.workspace.id,
            enabled_log=[block(category_group="allLogs")],
            enabled_metric=[block(category="AllMetrics")],
        )

    def _locked(self) -> None:
        """What was logged is evidence: nobody deletes it with the workspace."""
        self.file.resource(
            "azurerm_management_lock",
            f"workspace_{self.name}",
            when=self.when,
            name="keep",
            scope=self.workspace.id,
            lock_level="CanNotDelete",
            notes=NOTES,
        )

    def _linked(self, cluster: Value, when: Condition | None) -> None:
        self.file.resource(
            "azurerm_log_analytics_linked_service",
            self.name,
            comment="The cluster's key, and not Microsoft's, seals what the workspace keeps.",
            when=when,
            resource_group_name=self.group,
            workspace_id=self.workspace.id,
            write_access_id=cluster,
        )


class PrivateLogs:
    """The way by which logs are sent and queried without the internet: a private link scope with its endpoint.

    Whatever is a member of no scope is out of reach from the network, and nothing else gets in through it.
    Source: learn.microsoft.com/azure/azure-monitor/logs/private-link-security
    """

    def __init__(self, file: File, name: str, home: Home, *, called: str) -> None:
        self._file, self._home = file, home
        self.scope = file.resource(
            "azurerm_monitor_private_link_scope",
            name,
            name=called,
            resource_group_name=home.group,
            ingestion_access_mode="PrivateOnly",
            query_access_mode="PrivateOnly",
            tags=dict(home.tags) if home.tags else None,
        )
        private_endpoint(
            file,
            name,
            called=f"pe-{called}",
            to=self.scope,
            arm_type="Microsoft.Insights/privateLinkScopes",
            subresource="azuremonitor",
            home=home,
        )

    def has(self, name: str, member: Declared, *, called: str, file: File | None = None) -> Declared:
        """A workspace or Application Insights that is met through the scope; `file` where another layer adds it."""
        return (file or self._file).resource(
            "azurerm_monitor_private_link_scoped_service",
            name,
            when=member.when,
            name=called,
            resource_group_name=self._home.group,
            scope_name=self.scope.ref("name"),
            linked_resource_id=member.id,
        )


def _snake(name: str) -> str:
    """``container_insights`` for ``ContainerInsights``, and ``ad_assessment`` for ``ADAssessment``."""
    import re

    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
