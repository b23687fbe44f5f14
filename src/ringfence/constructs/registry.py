"""A container registry that only the platform's network reaches, and that knows no password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.grant import grant
from ringfence.constructs.lock import locked
from ringfence.constructs.logged import logged
from ringfence.constructs.private_endpoint import private_endpoint
from ringfence.model.register import Relaxation

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

ARM = "Microsoft.ContainerRegistry/registries"
EVENTS = ("ContainerRegistryRepositoryEvents", "ContainerRegistryLoginEvents")


class Registry:
    """A premium registry, for only that one has private endpoints, with its endpoint, log and lock.

    `public` is the switch that lets the internet in: whoever has a role then pulls and pushes from anywhere.
    Source: learn.microsoft.com/azure/container-registry/container-registry-private-link
    """

    def __init__(self, file: File, name: str, home: Home, *, called: str, comment: str = "", public: str = "") -> None:
        self.file, self.called = file, called
        self.registry = file.resource(
            "azurerm_container_registry",
            name,
            comment=comment,
            name=called,
            **home.placed,
            sku="Premium",
            admin_enabled=False,
            anonymous_pull_enabled=False,
            public_network_access_enabled=bool(public),
            network_rule_bypass_option="None",
            export_policy_enabled=bool(public),  # Azure takes a registry that exports nothing only where it is private
            data_endpoint_enabled=True,
            zone_redundancy_enabled=True,
            retention_policy_in_days=30,
        )
        if public:
            why = "the registry answers on the internet, to whoever signs in"
            items = ("acr-public-access",)
            found = Relaxation(public, self.registry.key, "public_network_access_enabled", items, why)
            file.layer.register.relaxations.append(found)
        private_endpoint(
            file, name, called=f"pe-{called}", to=self.registry, arm_type=ARM, subresource="registry", home=home
        )
        logged(file, name, self.registry, ARM, home, categories=EVENTS)
        locked(file, name, self.registry, home)

    @property
    def id(self) -> Value:
        return self.registry.id

    @property
    def login_server(self) -> Value:
        """The host that images are pulled from."""
        return self.registry.ref("login_server")

    def may_pull(self, file: File, name: str, *, who: Value, called: str, why: str) -> Declared:
        """The principal pulls every image of the registry, and pushes none."""
        return grant(file, name, who=who, called=called, may="AcrPull", on=self.id, what=self.called, why=why)
