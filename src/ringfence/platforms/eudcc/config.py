"""The configuration of EUDCC: what an operator may decide, each mistake one message."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, ip_network
from typing import TYPE_CHECKING

from ringfence.constructs.cluster import PODS, SERVICES
from ringfence.constructs.naming import fault
from ringfence.facts import regions
from ringfence.model.blueprint import State
from ringfence.platforms.configuration import Table, table
from ringfence.platforms.recipient import recipient
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.constructs.alerts import Recipient

REGIONS = ("eu", "ie")
SIGNING = ("vault", "mounted")
KEY_STORES = ("premium", "standard", "managed_hsm")
ORIGINS = ("vault", "imported")
IDENTITIES = ("workload-identity", "pod-identity")
"""How a pod proves who it is: what is built, and what it took the place of."""
_KEYS = (
    "prefix", "environment", "production", "regions", "domain", "enable_log_analytics_workspace",
    "log_analytics_cluster_id", "alert_recipients", "jump_box_prefixes", "administrators", "portal_groups", "signing",
    "key_store", "fips_level", "key_origin", "certificates", "certificate_issuer", "identity", "state", "switches",
)  # fmt: skip
_CLUSTER = re.compile(r"/subscriptions/[0-9a-f-]{36}/resourceGroups/[\w.()-]+/providers/Microsoft.OperationalInsights/"
                      r"clusters/[A-Za-z0-9-]+", re.IGNORECASE)  # fmt: skip
_DOMAIN = r"(?=.{4,180}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@record()
class Place:
    """Where a region lies, and the addresses of its networks."""

    name: str
    """"eu" or "ie"."""
    location: str
    space: str
    """Of the region's network."""
    jump_box_space: str
    """Of the network with its jump box, which is peered with it."""
    network_watcher: tuple[str, str] | None = None
    """Name and resource group of the one that the location has; None to make it."""


@record(eq=False)
class Config:
    """All of it, checked."""

    prefix: str
    environment: str
    """The world, part of every name."""
    production: bool
    """Real citizens: nothing may be relaxed."""
    places: Mapping[str, Place]
    domain: str
    """The zone that the published names lie in, such as ``eudcc.example.org``."""
    logs: bool
    cluster_id: str
    """Of the dedicated cluster that the workspaces are linked to, or ""."""
    alert_recipients: tuple[Recipient, ...]
    jump_box_prefixes: tuple[str, ...]
    administrators: str
    """Object id of the group that runs the platform."""
    portal_groups: tuple[str, ...]
    """Object ids of the groups whose members may issue certificates."""
    signing: str
    """``vault``: the key never leaves it; ``mounted``: the issuing service gets it as a file."""
    key_store: str
    fips_level: int
    """What the keys for encryption have to meet; 0 when nothing is asked."""
    key_origin: str
    certificates: str
    """``vault``: made there; ``files``: imported from the test authorities, never in production."""
    certificate_issuer: str
    """Of certificates made in the vault: "Unknown" when an operator has them signed and merges them."""
    identity: str
    """What the operator asks for; what is built is workload identity, the one way that Microsoft still keeps."""
    state: State

    def called(self, what: str, region: str) -> str:
        """The name of a resource, such as ``kv-eudcc-eu-prod``."""
        return f"{what}-{self.prefix}-{region}-{self.environment}"

    def squeezed(self, what: str, region: str) -> str:
        """The same where Azure allows letters and digits only."""
        return self.called(what, region).replace("-", "")


def read(files: Mapping[str, str]) -> Config:
    """The configuration in the files.

    Raises:
        InputError: it says what it should not, or not what it should.
    """
    top = table(files)
    top.only(*_KEYS)
    for switch in top.table("switches"):
        raise top.wrong("switches", f"switches.{switch} is not a setting", "EUDCC has no switches: nothing opens it.")
    production = top.flag("production", True)
    logs = top.flag("enable_log_analytics_workspace", production)
    config = Config(
        prefix=_matching(top, "prefix", r"[a-z][a-z0-9]{1,7}", "2 to 8 small letters and digits, a letter first"),
        environment=_matching(top, "environment", r"[a-z][a-z0-9]{1,5}", "2 to 6 small letters and digits"),
        production=production,
        places=_places(top.table("regions")),
        domain=_matching(
            top,
            "domain",
            _DOMAIN,
            "a domain such as eudcc.example.org",
        ),
        logs=logs,
        cluster_id=_cluster(top, logs),
        alert_recipients=tuple(recipient(one) for one in top.tables("alert_recipients")),
        jump_box_prefixes=_prefixes(top, "jump_box_prefixes"),
        administrators=_guid(top, "administrators", top.text("administrators")),
        portal_groups=_groups(top, "portal_groups"),
        signing=top.one_of("signing", SIGNING, "vault"),
        key_store=top.one_of("key_store", KEY_STORES, "premium"),
        fips_level=top.number("fips_level", 0),
        key_origin=top.one_of("key_origin", ORIGINS, "vault"),
        certificates=top.one_of("certificates", ("vault", "files"), "vault"),
        certificate_issuer=_issuer(top, "certificate_issuer"),
        identity=top.one_of("identity", IDENTITIES, IDENTITIES[0]),
        state=_state(top.table("state")),
    )
    if production:
        _refuse_in_production(top, config)
    return config


def _refuse_in_production(top: Table, config: Config) -> None:
    """What only a world without real citizens may have."""
    wrong = {
        "enable_log_analytics_workspace": (not config.logs, "without logs nobody can say who read what"),
        "alert_recipients": (not config.alert_recipients, "somebody has to hear of an alert"),
        "portal_groups": (not config.portal_groups, "without a group nobody may issue a certificate"),
        "key_store": (config.key_store == "standard", "a standard vault has software keys only"),
        "identity": (config.identity == "pod-identity", "Microsoft has retired it, and patches it no more"),
        "certificates": (config.certificates == "files", "certificates of the test authorities prove nothing"),
    }
    for key, (found, why) in wrong.items():
        if found:
            shown = f"{key}: {top.text(key)}" if key in top and not isinstance(getattr(config, key, ""), tuple) else key
            raise top.wrong(key, f"production is refused with {shown} as it is: {why}", _REMEDY[key])


_REMEDY = {
    "enable_log_analytics_workspace": "Set enable_log_analytics_workspace: true.",
    "alert_recipients": "Add alert_recipients:, each with a name and an email.",
    "portal_groups": "Add the object id of the group of those who issue certificates.",
    "key_store": "Use premium or managed_hsm.",
    "identity": "Set identity: workload-identity, or leave it out; applications need no change.",
    "certificates": "Set certificates: vault, and have them signed by the real authorities.",
}


def _places(regions_: Table) -> dict[str, Place]:
    regions_.only(*REGIONS)
    tables = {name: regions_.table(name) for name in REGIONS}
    found = {name: _place(name, one) for name, one in tables.items()}
    _apart(tables)
    return found


def _place(name: str, one: Table) -> Place:
    one.only("location", "address_space", "jump_box_address_space", "network_watcher")
    return Place(
        name,
        one.one_of("location", regions.names()),
        _space(one, "address_space", *_FITS["address_space"]),
        _space(one, "jump_box_address_space", *_FITS["jump_box_address_space"]),
        _watcher(one.table("network_watcher")) if "network_watcher" in one else None,
    )


_FITS = {"address_space": (23, "nodes and endpoints"), "jump_box_address_space": (28, "a jump box")}
"""By key: the smallest network that holds what is put into it."""


def _watcher(one: Table) -> tuple[str, str]:
    one.only("name", "resource_group_name")
    return one.text("name"), one.text("resource_group_name")


def _space(one: Table, key: str, smallest: int, holds: str) -> str:
    written = one.text(key)
    try:
        found = ip_network(written)
    except ValueError as error:
        raise one.wrong(key, f"{key} is no address space: {error}", "Write one such as 10.0.0.0/20.") from None
    if not isinstance(found, IPv4Network) or not found.is_private:
        raise one.wrong(key, f"{key} {written} is not a private range of IPv4", "Use a range of 10.0.0.0/8.")
    if found.prefixlen > smallest:
        raise one.wrong(key, f"{key} {written} is too small for {holds}", f"Use a /{smallest} or larger.")
    return written


def _apart(tables: Mapping[str, Table]) -> None:
    """No two networks have an address in common: those that are peered could not reach one another."""
    taken = {"the cluster's pods": ip_network(PODS), "the cluster's services": ip_network(SERVICES)}
    for name, one in tables.items():
        for key in _FITS:
            space = ip_network(one.text(key))
            for other, addresses in taken.items():
                if space.overlaps(addresses):
                    hint = "Give each network a range of its own."
                    raise one.wrong(key, f"{key} {space} of {name} overlaps {addresses}, that of {other}", hint)
            taken[f"{key} of {name}"] = space


def _cluster(top: Table, logs: bool) -> str:
    """A cluster can only be linked to a workspace, so its id without the switch is a mistake."""
    found = top.text("log_analytics_cluster_id", "")
    if found and not logs:
        raise top.wrong(
            "log_analytics_cluster_id",
            "log_analytics_cluster_id is set, but there is no workspace to link",
            "Set enable_log_analytics_workspace: true as well, or take the id out.",
        )
    if found and not _CLUSTER.fullmatch(found):
        hint = "It looks like /subscriptions/…/providers/Microsoft.OperationalInsights/clusters/NAME."
        raise top.wrong("log_analytics_cluster_id", f"{found} is not the id of a Log Analytics cluster", hint)
    return found


def _prefixes(top: Table, key: str) -> tuple[str, ...]:
    """Ranges of the internet that may open a connection to the jump boxes: listed, and never all of it."""
    found = top.texts(key)
    if not found:
        raise top.wrong(key, f"{key} is empty: nobody could reach a jump box", "Add the addresses of your offices.")
    for one in found:
        try:
            network = ip_network(one)
        except ValueError:
            hint = "Write ranges such as 203.0.113.0/28; a service tag such as Internet is not accepted."
            raise top.wrong(key, f"{key}: {one} is no range of addresses", hint) from None
        widest = _WIDEST[network.version]
        if network.prefixlen < widest:
            raise top.wrong(key, f"{key}: {one} is too wide, a jump box is for few", f"Use a /{widest} or smaller.")
    return found


_WIDEST = {4: 16, 6: 48}
"""The shortest prefix that an office can need, by version of the protocol; a site has a /48 of IPv6."""


def _guid(top: Table, key: str, written: str) -> str:
    if not _GUID.fullmatch(written):
        raise top.wrong(
            key, f"{key}: {written} is not the object id of a group", "It is a GUID, shown by the directory."
        )
    return written


def _groups(top: Table, key: str) -> tuple[str, ...]:
    """The ids of groups, which are the same in either case of letters."""
    found = [_guid(top, key, one).lower() for one in top.texts(key)]
    for one in found:
        if found.count(one) > 1:
            raise top.wrong(key, f"{key} has {one} twice", "Keep one of them.")
    return tuple(found)


def _issuer(top: Table, key: str) -> str:
    """What the vault calls whoever signs; "Unknown" is its own word for somebody outside."""
    written = top.text(key, "Unknown")
    if not re.fullmatch(r"[A-Za-z0-9-]{1,127}", written):
        hint = "Up to 127 letters, digits and hyphens, as the vault calls it; Unknown for one that it does not know."
        raise top.wrong(key, f"{key} cannot be {written}", hint)
    return written


def _matching(top: Table, key: str, pattern: str, wanted: str) -> str:
    written = top.text(key)
    if not re.fullmatch(pattern, written):
        raise top.wrong(key, f"{key} cannot be {written}", f"It must be {wanted}.")
    return written


def _state(one: Table) -> State:
    one.only(*_STATE)
    found = State(one.text("resource_group"), one.text("storage_account"), one.text("container", "tfstate"))
    for key, type_ in _STATE.items():
        wrong = fault(type_, getattr(found, key))
        if wrong:
            raise one.wrong(key, f"{key} cannot be {getattr(found, key)}: {wrong}", "Write its name as Azure shows it.")
    return found


_STATE = {
    "resource_group": "azurerm_resource_group",
    "storage_account": "azurerm_storage_account",
    "container": "azurerm_storage_container",
}
"""The Terraform type of what keeps the states, by key."""
