"""An Azure SQL server: only the directory signs in, everything is audited, and weaknesses are looked for every week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.grant import grant
from ringfence.constructs.lock import locked
from ringfence.constructs.logged import logged
from ringfence.constructs.naming import fault
from ringfence.constructs.private_endpoint import private_endpoint
from ringfence.errors import ConstructError
from ringfence.model.blueprint import Life, block
from ringfence.model.register import DatabaseUser, Relaxation
from ringfence.model.symbol import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringfence.constructs.home import Home
    from ringfence.constructs.opening import Opening
    from ringfence.constructs.storage import Storage
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

ARM = "Microsoft.Sql/servers"
ROLES = ("db_datareader", "db_datawriter", "db_ddladmin")
"""What a user of a database may be given: to read, to write, to make tables.

Source: learn.microsoft.com/sql/relational-databases/security/authentication-access/database-level-roles
"""
KEPT = 365
"""Days that audit records are kept; more than 90, as the benchmark wants."""


class SqlServer:
    """A server without passwords, with its endpoint, its auditing, its assessments and its lock.

    What it audits and what its assessments find go to `storage`, as the server's own identity; `tell` are the
    addresses of those who receive the reports. `open_to` admits addresses of the internet, which is a relaxation.
    """

    def __init__(
        self,
        file: File,
        name: str,
        home: Home,
        *,
        called: str,
        owner: Value,
        owner_called: str,
        storage: Storage,
        tell: Sequence[str],
        comment: str = "",
        open_to: Opening | None = None,
        subscription: Value = None,
    ) -> None:
        """`owner` is the object id of the principal that administers it, `subscription` the id of that of the storage.

        Azure wants the latter where the storage is behind a firewall.
        """
        _check(called, open_to)
        self.file, self.name, self.home, self.called, self.storage = file, name, home, called, storage
        self._subscription = subscription
        self.server = file.resource(
            "azurerm_mssql_server",
            name,
            comment=comment,
            name=called,
            **home.placed,
            version="12.0",
            minimum_tls_version="1.2",
            public_network_access_enabled=open_to is not None,
            outbound_network_restriction_enabled=True,
            azuread_administrator=block(
                login_username=owner_called, object_id=owner, tenant_id=home.tenant, azuread_authentication_only=True
            ),
            identity=block(type="SystemAssigned"),
        )
        self._opened(open_to)
        private_endpoint(
            file, name, called=f"pe-{called}", to=self.server, arm_type=ARM, subresource="sqlServer", home=home
        )
        may_write = self._writes_to_storage()
        self._audited(may_write)
        self._assessed(tell, may_write)
        file.resource("azurerm_mssql_server_transparent_data_encryption", name, server_id=self.server.id)
        locked(file, name, self.server, home)

    @property
    def id(self) -> Value:
        return self.server.id

    @property
    def principal(self) -> Value:
        """The object id of the server's own identity."""
        return self.server.ref("identity.0.principal_id")

    def database(
        self,
        name: str,
        *,
        called: str,
        sku: str = "S0",
        gigabytes: int = 250,
        comment: str = "",
        destructible: str = "",
    ) -> Declared:
        """A database that is encrypted at rest, can be restored to any time of the last weeks, and logs.

        `destructible` is the switch that lets Terraform destroy it.
        """
        made = self.file.resource(
            "azurerm_mssql_database",
            name,
            comment=comment,
            name=called,
            server_id=self.server.id,
            sku_name=sku,
            max_size_gb=gigabytes,
            collation="SQL_Latin1_General_CP1_CI_AS",
            storage_account_type="Geo",
            transparent_data_encryption_enabled=True,
            short_term_retention_policy=block(retention_days=35),
            life=Life(prevent_destroy=not destructible),
        )
        if destructible:
            why = "Terraform destroys the database when it is told to"
            found = Relaxation(destructible, made.key, "lifecycle.prevent_destroy", (), why)
            self.file.layer.register.relaxations.append(found)
        logged(self.file, f"{name}_database", made, f"{ARM}/databases", self.home)
        return made

    def admits(self, database: Declared, name: str, *, roles: Sequence[str], why: str) -> None:
        """The database shall have the principal as a user with these roles; who owns the server makes it, in SQL.

        Raises:
            ConstructError: a role gives the database away.
        """
        for role in roles:
            if role not in ROLES:
                hint = f"Give it the least of {', '.join(ROLES)}."
                raise ConstructError(f"{name} cannot have the role {role} in a database", hint=hint)
        users = self.file.layer.register.users
        users.append(DatabaseUser(database.key, name, tuple(roles), why))

    def _opened(self, open_to: Opening | None) -> None:
        if open_to is None:
            return
        for n, address in enumerate(open_to.addresses, 1):
            first, last = _ends(address)
            self.file.resource(
                "azurerm_mssql_firewall_rule",
                f"{self.name}_{n}",
                name=f"deployer-{n}",
                server_id=self.server.id,
                start_ip_address=first,
                end_ip_address=last,
            )
        why = "the server answers on the internet"
        found = self.file.layer.register.relaxations
        checks = ("sql-server-public-network-access",)
        found.append(Relaxation(open_to.switch, self.server.key, "public_network_access_enabled", checks, why))

    def _writes_to_storage(self) -> Declared:
        """What auditing and assessments wait for: the way out of the server, and a role that applies.

        Source: learn.microsoft.com/azure/azure-sql/database/outbound-firewall-rule-overview (auditing is held to it),
        learn.microsoft.com/azure/role-based-access-control/troubleshooting (changes take minutes)
        """
        storage = self.storage.account
        way_out = self.file.resource(
            "azurerm_mssql_outbound_firewall_rule",
            self.name,
            comment="The one address outside that the server may open a connection to.",
            name=text(storage.ref("name"), ".blob.core.windows.net"),
            server_id=self.server.id,
        )
        allowed = grant(
            self.file,
            f"{self.name}_writes_to_storage",
            who=self.principal,
            called=self.called,
            may="Storage Blob Data Contributor",
            on=storage.id,
            what=self.storage.called,
            why="The server writes its audit records and its assessments as itself, without a key.",
        )
        return self.file.resource(
            "time_sleep",
            f"{self.name}_ready",
            comment="Turning auditing on fails while the server cannot write; a role takes minutes to apply.",
            create_duration="5m",
            life=Life(depends_on=(way_out, allowed)),
        )

    def _audited(self, may_write: Declared) -> None:
        """Source: learn.microsoft.com/azure/azure-sql/database/auditing-setup (storage behind a firewall)"""
        self.file.resource(
            "azurerm_mssql_server_extended_auditing_policy",
            self.name,
            server_id=self.server.id,
            storage_endpoint=self.storage.account.ref("primary_blob_endpoint"),
            storage_account_subscription_id=self._subscription,
            retention_in_days=KEPT,
            log_monitoring_enabled=True,
            life=Life(depends_on=(may_write,)),
        )
        self.file.resource(
            "azurerm_monitor_diagnostic_setting",
            f"{self.name}_audit",
            comment="What is audited on the server is sent by its master database.",
            when=self.home.logs,
            name="to-log-analytics",
            target_resource_id=text(self.server.id, "/databases/master"),
            log_analytics_workspace_id=self.home.workspace,
            enabled_log=[block(category="SQLSecurityAuditEvents")],
        )

    def _assessed(self, tell: Sequence[str], may_write: Declared) -> None:
        container = self.storage.container(
            f"{self.name}_assessments", called="mssqlvulnerabilityassessment"
        ) if self.storage.file.layer is self.file.layer else self._container()  # fmt: skip
        alerts = self.file.resource(
            "azurerm_mssql_server_security_alert_policy",
            self.name,
            resource_group_name=self.home.group,
            server_name=self.server.ref("name"),
            state="Enabled",
            email_account_admins=True,
            email_addresses=tuple(tell) or None,
        )
        self.file.resource(
            "azurerm_mssql_server_vulnerability_assessment",
            self.name,
            server_security_alert_policy_id=alerts.id,
            storage_container_path=text(self.storage.account.ref("primary_blob_endpoint"), container.ref("name"), "/"),
            recurring_scans=block(enabled=True, email_subscription_admins=True, emails=tuple(tell) or None),
            life=Life(depends_on=(may_write,)),
        )

    def _container(self) -> Declared:
        return self.file.resource(
            "azurerm_storage_container",
            f"{self.name}_assessments",
            name="mssqlvulnerabilityassessment",
            storage_account_id=self.storage.id,
            container_access_type="private",
        )


def _check(called: str, open_to: Opening | None) -> None:
    wrong = fault("azurerm_mssql_server", called)
    if wrong:
        raise ConstructError(f"a SQL server cannot be called {called}: {wrong}", hint="Give it another name.")
    if open_to is not None and open_to.everybody:
        raise ConstructError(f"{called} cannot be opened to everybody", hint="Name the addresses that it is opened to.")


def _ends(address: str) -> tuple[str, str]:
    from ipaddress import ip_network

    found = ip_network(address)
    return str(found[0]), str(found[-1])
