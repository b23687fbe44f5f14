"""A MySQL flexible server that people and applications sign in to by the directory, sealed by a key of one's own.

The single server, which the document had, is retired. Its key was held by an identity that the system assigned; a
flexible server's is held by an identity that is assigned to it and to nothing else.
Source: learn.microsoft.com/azure/mysql/migrate/whats-happening-to-mysql-single-server
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.identity import Identity
from ringfence.constructs.lock import locked
from ringfence.constructs.logged import logged
from ringfence.constructs.naming import fault
from ringfence.constructs.private_endpoint import private_endpoint
from ringfence.constructs.settled import settled
from ringfence.errors import ConstructError
from ringfence.model.blueprint import Life, block

if TYPE_CHECKING:
    from ringfence.constructs.encryption import EncryptionKey
    from ringfence.constructs.home import Home
    from ringfence.constructs.secret import Renewal
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

ARM = "Microsoft.DBforMySQL/flexibleServers"
LOGS = ("MySqlAuditLogs", "MySqlSlowLogs")
PARAMETERS: dict[str, tuple[str, str]] = {
    "require_secure_transport": ("ON", "Tokens and data go over TLS only."),
    "tls_version": ("TLSv1.2,TLSv1.3", ""),
    "aad_auth_only": ("ON", "Nobody signs in by a password; whoever must, turns this off first, and that is logged."),
    "audit_log_enabled": ("ON", "Without these, what the diagnostic setting sends stays empty."),
    "audit_log_events": ("CONNECTION,DDL,DCL,ADMIN", ""),
    "slow_query_log": ("ON", ""),
    "long_query_time": ("10", ""),
    "log_output": ("FILE", ""),
}
"""Server parameters by name, and why.

Source: learn.microsoft.com/azure/mysql/flexible-server/concepts-audit-logs and concepts-slow-query-logs
"""
GRAPH = {
    "users": "df021288-bdef-4463-88db-98f22de89214",
    "groups": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
    "applications": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
}
"""The permissions of Microsoft Graph by which the server finds who signs in: User.Read.All, GroupMember.Read.All,
Application.Read.All. Source: learn.microsoft.com/azure/mysql/flexible-server/how-to-azure-ad
"""
USER = 32
"""Characters that a user's name may have. Source: dev.mysql.com/doc/refman/8.4/en/user-names.html"""
_GRAPH_APPLICATION = "00000003-0000-0000-c000-000000000000"


class MySql:
    """A server with its identities, endpoint, log and lock.

    `administrator` is the identity that makes the directory's users in the databases; nobody has its token but what
    it is federated to.
    """

    def __init__(
        self,
        file: File,
        name: str,
        home: Home,
        *,
        called: str,
        key: EncryptionKey,
        password: Value,
        renewed: Renewal,
        comment: str = "",
    ) -> None:
        wrong = fault("azurerm_mysql_flexible_server", called)
        if wrong:
            raise ConstructError(f"a server cannot be called {called}: {wrong}", hint="Give it another name.")
        if len(_administrator_of(called)) > USER:
            hint = f"Give it a name of at most {USER - len(_administrator_of(''))} characters."
            raise ConstructError(f"the administrator of {called} has too long a name for a user of MySQL", hint=hint)
        self.file, self.name, self.home, self.called = file, name, home, called
        self.identity = Identity(
            file, name, home, called=f"id-{called}", comment="Opens the server's key, and finds who signs in."
        )
        self.opens = key.may_wrap(
            file, f"{name}_key", who=self.identity.principal, called=self.identity.called, why=_OPENS
        )
        self.server = self._server(key, password, renewed, comment)
        self.administrator = self._administrator()
        for parameter, (value, why) in PARAMETERS.items():
            self._set(parameter, value, why)
        private_endpoint(
            file, name, called=f"pe-{called}", to=self.server, arm_type=ARM, subresource="mysqlServer", home=home
        )
        logged(file, name, self.server, ARM, home, categories=LOGS)
        locked(file, name, self.server, home)

    @property
    def id(self) -> Value:
        return self.server.id

    @property
    def fqdn(self) -> Value:
        """The name that applications connect to."""
        return self.server.ref("fqdn")

    def database(self, file: File, name: str, *, called: str) -> Declared:
        """A database; who may use it is said inside the server, by a statement that the administrator runs."""
        return file.resource(
            "azurerm_mysql_flexible_database",
            name,
            name=called,
            resource_group_name=self.server.ref("resource_group_name"),
            server_name=self.server.ref("name"),
            charset="utf8mb4",
            collation="utf8mb4_unicode_ci",
        )

    def _server(self, key: EncryptionKey, password: Value, renewed: Renewal, comment: str) -> Declared:
        return self.file.resource(
            "azurerm_mysql_flexible_server",
            self.name,
            comment=comment,
            name=self.called,
            **self.home.placed,
            version="8.4",
            sku_name="GP_Standard_D2ds_v4",
            administrator_login="breakglass",
            administrator_password_wo=password,
            administrator_password_wo_version=renewed.version,
            public_network_access="Disabled",
            backup_retention_days=35,
            geo_redundant_backup_enabled=False,
            identity=self.identity.block,
            customer_managed_key=block(key_vault_key_id=key.id, primary_user_assigned_identity_id=self.identity.id),
            storage=block(auto_grow_enabled=True, size_gb=64),
            life=Life(depends_on=(settled(self.file, f"{self.name}_key", self.opens),), ignore_changes=("zone",)),
        )

    def _administrator(self) -> Identity:
        """The directory's administrator of the server, and what the server asks the directory."""
        graph = self.file.data("azuread_service_principal", "graph", client_id=_GRAPH_APPLICATION)
        asks = tuple(
            self.file.resource(
                "azuread_app_role_assignment",
                f"{self.name}_reads_{what}",
                app_role_id=permission,
                principal_object_id=self.identity.principal,
                resource_object_id=graph.ref("object_id"),
            )
            for what, permission in GRAPH.items()
        )
        who = Identity(
            self.file,
            f"{self.name}_administrator",
            self.home,
            called=_administrator_of(self.called),
            comment="Makes each application's user in its own database.",
        )
        self._signs_in = self.file.resource(
            "azurerm_mysql_flexible_server_active_directory_administrator",
            self.name,
            life=Life(depends_on=asks),
            server_id=self.server.id,
            identity_id=self.identity.id,
            login=who.called,
            object_id=who.client,
            tenant_id=self.home.tenant,
        )
        return who

    def _set(self, parameter: str, value: str, why: str) -> None:
        self.file.resource(
            "azurerm_mysql_flexible_server_configuration",
            parameter,
            comment=why,
            # Passwords are refused only once somebody can sign in without one. A server makes one change at a time, and
            # azurerm queues its parameters, but not these with the administrator: they all wait for it.
            life=Life(depends_on=(self._signs_in,)),
            name=parameter,
            resource_group_name=self.server.ref("resource_group_name"),
            server_name=self.server.ref("name"),
            value=value,
        )


def _administrator_of(called: str) -> str:
    return f"id-{called}-admin"


_OPENS = "The server alone opens the key that its data are sealed with; without this it can read none of them."
