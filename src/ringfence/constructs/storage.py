"""A storage account: nobody signs in with its keys, only the platform's network reaches it, everything is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.grant import grant
from ringfence.constructs.lock import locked
from ringfence.constructs.logged import logged
from ringfence.constructs.naming import fault
from ringfence.constructs.private_endpoint import private_endpoint
from ringfence.errors import ConstructError
from ringfence.model.blueprint import block
from ringfence.model.register import Relaxation
from ringfence.model.symbol import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.constructs.home import Home
    from ringfence.constructs.opening import Opening
    from ringfence.model.blueprint import Block, Declared, File
    from ringfence.model.symbol import Value

ARM = "Microsoft.Storage/storageAccounts"
SERVICES = ("blob", "queue", "table", "file")
LOGGED = ("StorageRead", "StorageWrite", "StorageDelete")
DAYS = 30
"""How long what is deleted can be brought back."""


class Storage:
    """An account with its endpoints, logs and lock. `lake` makes it a data lake, whose blobs have real folders.

    `open_to` admits addresses of the internet, which is a relaxation. Keys are off in every case: no argument
    turns them on, and what must be done with data is granted.
    """

    def __init__(
        self,
        file: File,
        name: str,
        home: Home,
        *,
        called: str,
        comment: str = "",
        lake: bool = False,
        replication: str = "GRS",
        endpoints: Iterable[str] = (),
        open_to: Opening | None = None,
    ) -> None:
        """`endpoints` are sub-resources; with none they are blob, and dfs for a lake: it may be asked by either."""
        wrong = fault("azurerm_storage_account", called)
        if wrong:
            raise ConstructError(f"a storage account cannot be called {called}: {wrong}", hint="Give it another name.")
        self.file, self.name, self.home, self.called = file, name, home, called
        self.containers: dict[str, Declared] = {}
        """By what they are called."""
        self.account = file.resource(
            "azurerm_storage_account",
            name,
            comment=comment,
            name=called,
            **home.placed,
            account_kind="StorageV2",
            account_tier="Standard",
            account_replication_type=replication,
            is_hns_enabled=True if lake else None,
            https_traffic_only_enabled=True,
            min_tls_version="TLS1_2",
            infrastructure_encryption_enabled=True,
            shared_access_key_enabled=False,
            default_to_oauth_authentication=True,
            local_user_enabled=False,
            allow_nested_items_to_be_public=False,
            cross_tenant_replication_enabled=False,
            allowed_copy_scope="AAD",
            public_network_access_enabled=open_to is not None,
            network_rules=_rules(open_to),
            blob_properties=_kept(lake),
        )
        self._relaxed(open_to)
        for subresource in endpoints or (("blob", "dfs") if lake else ("blob",)):
            self.endpoint(subresource)
        for service in SERVICES:
            self._logged(service)
        locked(file, name, self.account, home)

    @property
    def id(self) -> Value:
        return self.account.id

    def endpoint(self, subresource: str) -> Declared:
        """The account's service is met in the network."""
        return private_endpoint(
            self.file,
            f"{self.name}_{subresource}",
            called=f"pe-{self.called}-{subresource}",
            to=self.account,
            arm_type=ARM,
            subresource=subresource,
            home=self.home,
        )

    def container(self, name: str, *, called: str, comment: str = "") -> Declared:
        """A container that nobody reads without signing in."""
        made = self.file.resource(
            "azurerm_storage_container",
            name,
            comment=comment,
            name=called,
            storage_account_id=self.account.id,
            container_access_type="private",
        )
        self.containers[called] = made
        return made

    def may_write(
        self, name: str, container: str, *, who: Value, called: str, why: str, file: File | None = None
    ) -> Declared:
        """The principal reads and writes what is in one container, and reaches no other of the account.

        Source: learn.microsoft.com/azure/storage/blobs/assign-azure-role-data-access (scopes)
        """
        return grant(
            file or self.file,
            name,
            who=who,
            called=called,
            may="Storage Blob Data Contributor",
            on=text(self.id, "/blobServices/default/containers/", self.containers[container].ref("name")),
            what=f"{self.called}/{container}",
            why=why,
        )

    def _logged(self, service: str) -> None:
        """Source: CIS Microsoft Azure Foundations Benchmark 2.0.0, 3.5, 3.13 and 3.14"""
        logged(
            self.file,
            f"{self.name}_{service}",
            self.account,
            f"{ARM}/{service}Services",
            self.home,
            categories=LOGGED,
            metrics=False,
            part=f"/{service}Services/default",
        )

    def _relaxed(self, open_to: Opening | None) -> None:
        if open_to is None:
            return
        found = self.file.layer.register.relaxations
        key, why = self.account.key, "the account answers on the internet"
        checks = ("storage-public-network-access",)
        found.append(Relaxation(open_to.switch, key, "public_network_access_enabled", checks, why))
        if open_to.everybody:
            why = "everybody's requests reach the account"
            found.append(Relaxation(open_to.switch, key, "network_rules.default_action", ("3.8",), why))


def _rules(open_to: Opening | None) -> Block:
    return block(
        default_action="Allow" if open_to and open_to.everybody else "Deny",
        bypass=("AzureServices",),
        ip_rules=open_to.addresses if open_to and open_to.addresses else None,
    )


def _kept(lake: bool) -> Block:
    """What is deleted can be brought back; a lake has no versions.

    Source: learn.microsoft.com/azure/storage/blobs/storage-feature-support-in-storage-accounts
    """
    return block(
        versioning_enabled=None if lake else True,
        change_feed_enabled=None if lake else True,
        delete_retention_policy=block(days=DAYS),
        container_delete_retention_policy=block(days=DAYS),
    )
