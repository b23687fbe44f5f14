"""Azure Machine Learning: workspaces, and registries of models.

Azure makes a storage account and an image registry behind a registry of models, in a group that it manages. azurerm
has no such resource, so it is declared through azapi rather than made by a command that nobody can judge.
Source: learn.microsoft.com/azure/templates/microsoft.machinelearningservices/registries
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.constructs.grant import GROUP, grant
from ringfence.constructs.lock import locked
from ringfence.constructs.logged import logged
from ringfence.constructs.private_endpoint import private_endpoint
from ringfence.errors import ConstructError
from ringfence.model.blueprint import block
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.constructs.identity import Identity
    from ringfence.constructs.insights import Insights
    from ringfence.constructs.registry import Registry
    from ringfence.constructs.storage import Storage
    from ringfence.constructs.vault import Vault
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

ARM = "Microsoft.MachineLearningServices/registries"
WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
_VERSION = "2024-10-01"
_READ = (f"{ARM}/read", f"{ARM}/assets/read")
_PUBLISH = (*_READ, f"{ARM}/assets/write")


class ModelRegistry:
    """A registry that is met in the network only, with one role to read and one to publish what is in it."""

    def __init__(self, file: File, name: str, home: Home, *, called: str, group: Declared, comment: str = "") -> None:
        """`group` is the resource group: azapi wants its id, and the two roles are defined in it."""
        _check(called)
        self.file, self.name, self.called = file, name, called
        self._group = group
        self.registry = file.resource(
            "azapi_resource",
            name,
            comment=comment,
            type=f"{ARM}@{_VERSION}",
            name=called,
            parent_id=group.id,
            location=home.location,
            tags=home.placed.get("tags"),
            identity=block(type="SystemAssigned"),
            body={"properties": _properties(home.location)},
        )
        private_endpoint(
            file, name, called=f"pe-{called}", to=self.registry, arm_type=ARM, subresource="amlregistry", home=home
        )
        logged(file, name, self.registry, ARM, home, metrics=False)
        locked(file, name, self.registry, home)
        self._reader = self._role("read", "Reads the models of the registry.", _READ)
        self._publisher = self._role("publish", "Reads and publishes models, and deletes none.", _PUBLISH)

    @property
    def id(self) -> Value:
        return self.registry.id

    def may_read(self, name: str, *, group: Value, called: str, why: str, file: File | None = None) -> Declared:
        """The members of the group read models."""
        return self._granted(file, name, group, called, why, self._reader)

    def may_publish(self, name: str, *, group: Value, called: str, why: str, file: File | None = None) -> Declared:
        """The members of the group read and publish models."""
        return self._granted(file, name, group, called, why, self._publisher)

    def _granted(self, file: File | None, name: str, group: Value, called: str, why: str, role: Declared) -> Declared:
        return grant(
            file or self.file,
            name,
            who=group,
            called=called,
            may=role,
            on=self.id,
            what=self.called,
            why=why,
            kind=GROUP,
        )

    def _role(self, word: str, what: str, actions: tuple[str, ...]) -> Declared:
        """The built-in role for registries lets its holders delete models, so there are two of one's own."""
        return self.file.resource(
            "azurerm_role_definition",
            f"{self.name}_{word}",
            name=f"role-{self.called}-{word}",
            scope=self._group.id,
            description=what,
            permissions=block(actions=actions),
            assignable_scopes=(self._group.id,),
        )


@record(eq=False)
class Beside:
    """What a workspace keeps its things in. Its identity administers the vault, so the vault is its own."""

    storage: Storage
    vault: Vault
    insights: Insights
    registry: Registry


class LearningWorkspace:
    """A workspace that is met in the network only, whose machines reach what is approved and nothing else.

    It works as an identity: no key of its storage is in it.
    Source: learn.microsoft.com/azure/machine-learning/how-to-identity-based-service-authentication (workspace roles)
    """

    def __init__(
        self, file: File, name: str, home: Home, *, called: str, identity: Identity, beside: Beside, comment: str = ""
    ) -> None:
        """The vault must hold nothing of others.

        Raises:
            ConstructError: the workspace would administer their secrets.
        """
        _check_vault(called, beside.vault)
        self.file, self.name, self.called = file, name, called
        self.workspace = file.resource(
            "azurerm_machine_learning_workspace",
            name,
            comment=comment,
            name=called,
            **home.placed,
            storage_account_id=beside.storage.id,
            key_vault_id=beside.vault.id,
            application_insights_id=beside.insights.id,
            container_registry_id=beside.registry.id,
            primary_user_assigned_identity=identity.id,
            storage_account_access_type="Identity",
            public_network_access_enabled=False,
            high_business_impact=True,
            identity=identity.block,
            managed_network=block(isolation_mode="AllowOnlyApprovedOutbound"),
        )
        private_endpoint(
            file,
            name,
            called=f"pe-{called}",
            to=self.workspace,
            arm_type=WORKSPACE,
            subresource="amlworkspace",
            home=home,
        )
        logged(file, name, self.workspace, WORKSPACE, home)
        locked(file, name, self.workspace, home)
        self._works(identity, beside)

    @property
    def id(self) -> Value:
        return self.workspace.id

    def _works(self, identity: Identity, beside: Beside) -> None:
        kept = {
            "writes_data": ("Storage Blob Data Contributor", beside.storage.id, beside.storage.called),
            "keeps_storage": ("Contributor", beside.storage.id, beside.storage.called),
            "keeps_secrets": ("Key Vault Administrator", beside.vault.id, beside.vault.called),
            "keeps_images": ("Contributor", beside.registry.id, beside.registry.called),
            "keeps_telemetry": ("Contributor", beside.insights.id, beside.insights.called),
        }
        for word, (role, on, what) in kept.items():
            grant(
                self.file,
                f"{self.name}_{word}",
                who=identity.principal,
                called=identity.called,
                may=role,
                on=on,
                what=what,
                why=f"{self.called} keeps its things in what it is given.",
            )


def _check_vault(called: str, vault: Vault) -> None:
    others = [item.name for item in vault.file.layer.register.items if item.vault == vault.vault.key]
    if others:
        hint = "Give the workspace a vault of its own."
        raise ConstructError(f"{called} would administer {vault.called}, which holds {others[0]}", hint=hint)


def _properties(location: Value) -> dict[str, Value]:
    account: dict[str, Value] = {
        "allowBlobPublicAccess": False,
        "storageAccountHnsEnabled": False,
        "storageAccountType": "Standard_LRS",
    }
    region: dict[str, Value] = {
        "acrDetails": ({"systemCreatedAcrAccount": {"acrAccountSku": "Premium"}},),
        "location": location,
        "storageAccountDetails": ({"systemCreatedStorageAccount": account},),
    }
    return {"publicNetworkAccess": "Disabled", "regionDetails": (region,)}


def _check(called: str) -> None:
    """Source: learn.microsoft.com/azure/machine-learning/how-to-manage-registries (the name)."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{1,31}", called):
        hint = "2 to 32 letters, digits, hyphens and underscores, a letter or digit first."
        raise ConstructError(f"a registry of models cannot be called {called}", hint=hint)
