"""Cosmos DB: an account whose keys open nothing; who reads or writes has a role on one database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ringfence.constructs.lock import locked
from ringfence.constructs.logged import logged
from ringfence.constructs.private_endpoint import private_endpoint
from ringfence.errors import ConstructError
from ringfence.model.blueprint import block
from ringfence.model.register import Relaxation, Use
from ringfence.model.symbol import text

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.constructs.opening import Opening
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

ARM = "Microsoft.DocumentDB/databaseAccounts"
READER = ("00000000-0000-0000-0000-000000000001", "Cosmos DB Built-in Data Reader")
CONTRIBUTOR = ("00000000-0000-0000-0000-000000000002", "Cosmos DB Built-in Data Contributor")
"""The two roles that every account has.

Source: learn.microsoft.com/azure/cosmos-db/nosql/security/reference-data-plane-roles
"""


class Cosmos:
    """A serverless account for documents with its endpoint, log and lock.

    `open_to` admits addresses of the internet; nothing makes its keys work.
    """

    def __init__(
        self, file: File, name: str, home: Home, *, called: str, open_to: Opening | None = None, comment: str = ""
    ) -> None:
        _check(called)
        self.file, self.called, self._home = file, called, home
        self.account = file.resource(
            "azurerm_cosmosdb_account",
            name,
            comment=comment,
            name=called,
            **home.placed,
            offer_type="Standard",
            kind="GlobalDocumentDB",
            local_authentication_enabled=False,
            access_key_metadata_writes_enabled=False,
            minimal_tls_version="Tls12",
            public_network_access_enabled=open_to is not None,
            ip_range_filter=open_to.addresses if open_to and open_to.addresses else None,
            capabilities=[block(name="EnableServerless")],
            consistency_policy=block(consistency_level="Session"),
            geo_location=[block(location=home.location, failover_priority=0)],
            backup=block(type="Continuous", tier="Continuous30Days"),
        )
        if open_to is not None:
            why = "the account answers on the internet"
            items = ("cosmos-public-network-access", "4.5.1")
            found = Relaxation(open_to.switch, self.account.key, "public_network_access_enabled", items, why)
            file.layer.register.relaxations.append(found)
        private_endpoint(file, name, called=f"pe-{called}", to=self.account, arm_type=ARM, subresource="Sql", home=home)
        logged(file, name, self.account, ARM, home)
        locked(file, name, self.account, home)

    @property
    def endpoint(self) -> Value:
        """The address that an application is given; it is no secret."""
        return self.account.ref("endpoint")

    def database(
        self, name: str, *, called: str, container: str, partition: str = "/id", file: File | None = None
    ) -> Declared:
        """A database with one container."""
        where = file or self.file
        shared: dict[str, Any] = {"resource_group_name": self._home.group, "account_name": self.account.ref("name")}
        made = where.resource("azurerm_cosmosdb_sql_database", name, name=called, **shared)
        where.resource(
            "azurerm_cosmosdb_sql_container",
            name,
            name=container,
            **shared,
            database_name=made.ref("name"),
            partition_key_paths=(partition,),
        )
        return made

    def may_use(
        self,
        name: str,
        database: Declared,
        *,
        who: Value,
        called: str,
        why: str,
        role: tuple[str, str] = CONTRIBUTOR,
    ) -> Declared:
        """The principal reads and writes one database, and no other; the register says what for."""
        scope = text(self.account.id, "/dbs/", database.ref("name"))
        made = database.file.resource(
            "azurerm_cosmosdb_sql_role_assignment",
            name,
            comment=why,
            resource_group_name=self._home.group,
            account_name=self.account.ref("name"),
            role_definition_id=text(self.account.id, "/sqlRoleDefinitions/", role[0]),
            principal_id=who,
            scope=scope,
        )
        what = f"{self.called}/{database.arguments['name']}"
        self.file.layer.register.uses.append(Use(who, called, role[1], scope, what, why, made.key))
        return made


def _check(called: str) -> None:
    """Source: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,42}[a-z0-9]", called):
        hint = "3 to 44 lower-case letters, digits and hyphens, no hyphen at the ends."
        raise ConstructError(f"a Cosmos DB account cannot be called {called}", hint=hint)
