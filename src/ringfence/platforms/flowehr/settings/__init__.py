"""FlowEHR's configuration under its own keys: typed, and every mistake in it one message with file and line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.constructs.naming import fault
from ringfence.facts import regions
from ringfence.model.blueprint import State
from ringfence.platforms.configuration import table
from ringfence.platforms.flowehr.settings import naming, switches
from ringfence.platforms.flowehr.settings.existing import named
from ringfence.platforms.flowehr.settings.renewed import renewals
from ringfence.platforms.flowehr.settings.secret import asked_for
from ringfence.platforms.flowehr.settings.sources import SourceConnection, connections
from ringfence.platforms.flowehr.settings.space import clients, spaces
from ringfence.platforms.flowehr.settings.transforming import Transforming, transforming
from ringfence.platforms.recipient import recipient
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ringfence.constructs.alerts import Recipient
    from ringfence.model.symbol import Value
    from ringfence.platforms.configuration import Table
    from ringfence.platforms.flowehr.settings.naming import Names
    from ringfence.platforms.flowehr.settings.switches import Axes, Switches

KEYS = (
    "flowehr_id",
    "location",
    "environment",
    "suffix_override",
    "tf_in_automation",
    "accesses_real_data",
    "core_address_space",
    "client_networks",
    "private_dns_zones_rg",
    "data_source_connections",
    "transform",
    "serve",
    "apps",
    "people",
    "accounts",
    "monitoring",
    "state",
    "ci",
    "defender",
    "renewed",
    "switches",
    "tags",
)
_APPS = re.compile(r"apps(\.[^/]+)?\.ya?ml")
_ID = re.compile(r"[a-z]([a-z0-9-]{0,10}[a-z0-9])?")
_TAG = re.compile(r"[^<>%&\\?/\n]{1,128}")
"""Storage accounts allow the fewest characters, and no more than fits every resource is accepted."""
_TAG_LONGEST, _TAGS = 256, 15
"""Of a value, and in all: what every service takes."""


@record(eq=False)
class Place:
    """Something that exists already: its name, and the resource group that it is in."""

    name: str
    resource_group: str
    space: str = ""
    """Of a network: the addresses that it has."""


@record(eq=False)
class Config:
    """One deployment of FlowEHR."""

    axes: Axes
    names: Names
    location: str
    address_space: str
    clients: tuple[str, ...]
    """The networks of the people who use the platform: ranges of addresses that reach its doors."""
    private_dns_zones_rg: str
    """The resource group of zones that exist; "" to make them."""
    sources: tuple[SourceConnection, ...]
    transform: Transforming
    recipients: tuple[Recipient, ...]
    network_watcher: Place | None
    """The one of the region and subscription; None to make it."""
    ci: Place | None
    """The network that automation deploys from."""
    defender: bool
    """The operator owns the subscription, and sets its Defender plans."""
    renewed: Mapping[str, date]
    """When somebody last changed a secret that is asked for, by Terraform variable."""
    switches: Switches
    state: State
    tags: dict[str, Value] | None
    """On everything that can have tags."""
    table: Table
    """All of it: ``serve``, ``apps``, ``people`` and ``accounts`` are read where they are used."""

    @property
    def production(self) -> bool:
        """Real data: nothing may be relaxed."""
        return self.axes.accesses_real_data


def read(files: Mapping[str, str]) -> Config:
    """The configuration in these files, later ones over earlier.

    Raises:
        InputError: with file and line.
    """
    found = table(files, _part)
    found.only(*KEYS)
    for key in ("flowehr_id", "environment"):
        _identifier(found, key)
    axes = switches.Axes(found.flag("tf_in_automation", False), found.flag("accesses_real_data", False))
    ci = _place(found, "ci", "virtual_network_name")
    if axes.tf_in_automation and (ci is None or not ci.space):
        hint = "Say ci: with virtual_network_name, resource_group_name and address_space."
        what = "ci.address_space" if ci else "ci"
        raise found.wrong("ci" if ci else "tf_in_automation",
                          f"automation deploys from a network of its own, and {what} is missing", hint)  # fmt: skip
    sources = connections(found)
    chosen = switches.read(found.table("switches"), axes)
    names = naming.read(found)
    pipelines = transforming(found.table("transform"), bool(chosen.named("public_packages")), names.suffix)
    return Config(
        axes,
        names,
        found.one_of("location", regions.names()),
        spaces(found, sources, ci.space if ci else ""),
        clients(found),
        named(found, "private_dns_zones_rg", "azurerm_resource_group", ""),
        sources,
        pipelines,
        _recipients(found, axes),
        _watcher(found),
        ci if axes.tf_in_automation else None,
        found.flag("defender", False),
        renewals(found, asked_for(found)),
        chosen,
        _state(found, naming.read(found)),
        _tags(found),
        found,
    )


def _part(name: str, keys: Iterable[str]) -> str:
    """FlowEHR keeps its apps in files of their own, without a key around them."""
    is_apps = _APPS.fullmatch(name.rpartition("/")[2]) and not any(key in KEYS for key in keys)
    return "apps" if is_apps else ""


def _identifier(found: Table, key: str) -> None:
    if not _ID.fullmatch(found.text(key)):
        hint = "1 to 12 lower-case letters, digits and hyphens, a letter first."
        raise found.wrong(key, f"{key} cannot be {found.text(key)}", hint)


def _place(found: Table, key: str, name: str) -> Place | None:
    inner = found.table(key)
    if not any(True for _ in inner):
        return None
    inner.only(name, "resource_group_name", "address_space")
    group = named(inner, "resource_group_name", "azurerm_resource_group")
    return Place(named(inner, name, _PLACES[key]), group, inner.text("address_space", ""))


_PLACES = {"ci": "azurerm_virtual_network", "network_watcher": "azurerm_network_watcher"}
"""The Terraform type of what is there, by key."""


def _recipients(found: Table, axes: Axes) -> tuple[Recipient, ...]:
    monitoring = found.table("monitoring")
    monitoring.only("alert_recipients", "network_watcher")
    recipients = tuple(recipient(one) for one in monitoring.tables("alert_recipients"))
    if axes.accesses_real_data and not recipients:
        hint = "Add alert_recipients: to monitoring:, each with a name and an email."
        raise found.wrong("monitoring" if "monitoring" in found else "accesses_real_data",
                          "nobody would be told of alerts, and accesses_real_data is true", hint)  # fmt: skip
    return recipients


def _watcher(found: Table) -> Place | None:
    return _place(found.table("monitoring"), "network_watcher", "name")


def _state(found: Table, names: Names) -> State:
    """Where Terraform keeps what it knows; names of the deployment's own where none are given."""
    inner = found.table("state")
    inner.only("resource_group_name", "storage_account_name", "container_name")
    account = inner.text("storage_account_name", names["state"])
    wrong = fault("azurerm_storage_account", account)
    if wrong:
        raise inner.wrong("storage_account_name", f"a storage account cannot be called {account}: {wrong}")
    group = named(inner, "resource_group_name", "azurerm_resource_group", names.called("rg-{suffix}-state"))
    return State(group, account, named(inner, "container_name", "azurerm_storage_container", "tfstate"))


def _tags(found: Table) -> dict[str, Value] | None:
    """Source: learn.microsoft.com/azure/azure-resource-manager/management/tag-resources (limitations)."""
    inner = found.table("tags")
    for key in inner:
        if not _TAG.fullmatch(key) or len(inner.text(key)) > _TAG_LONGEST:
            hint = f"Up to 128 characters, none of <>%&\\?/, and a value of up to {_TAG_LONGEST}."
            raise inner.wrong(key, f"a tag cannot be {key}: {inner.text(key)}", hint)
    if sum(1 for _ in inner) > _TAGS:
        raise found.wrong("tags", f"there are more than {_TAGS} tags", "Some services take no more.")
    return {key: inner.text(key) for key in inner} or None
