"""Settings of a resource that may be changed: which, to what, and what Azure refuses.

Only what is listed here changes. What else a request says must be as it is, or it is refused: nothing is accepted and
then forgotten.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from ringfence.mapping.arm.path import find, member, parse
from ringfence.mapping.read import annotation
from ringfence.mapping.table import Reference, Row
from ringfence.model.keyvault import KeyVault
from ringfence.model.value import Absent, Known
from ringfence.model.world import Altered
from ringfence.twin.arm.content import table_of
from ringfence.twin.arm.errors import wrong
from ringfence.twin.arm.forms import formed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.mapping.arm.path import Step
    from ringfence.model.resource import Resource

_RULES = (
    "public_network_access",
    "network_acls_default_action",
    "network_acls_bypass",
    "network_acls_ip_rules",
    "network_acls_virtual_network_rules",
)
_ALTERABLE: dict[str, tuple[str, ...]] = {
    "microsoft.keyvault/vaults": (*_RULES, "enable_purge_protection", "enable_rbac_authorization"),
    "microsoft.storage/storageaccounts": (
        *_RULES,
        "allow_shared_key_access",
        "allow_blob_public_access",
        "minimum_tls_version",
        "supports_https_traffic_only",
    ),
    "microsoft.sql/servers": ("public_network_access", "minimum_tls_version"),
    "microsoft.dbformysql/flexibleservers": ("public_network_access",),
    "microsoft.documentdb/databaseaccounts": ("public_network_access",),
    "microsoft.containerregistry/registries": ("public_network_access",),
    "microsoft.web/sites": ("public_network_access", "https_only"),
}
"""By type: the fields that a request may change."""
_WORDS: dict[str, tuple[str, ...]] = {
    "public_network_access": ("Enabled", "Disabled"),
    "network_acls_default_action": ("Allow", "Deny"),
    "network_acls_bypass": ("None", "AzureServices", "Logging", "Metrics"),
    "minimum_tls_version": ("TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3", "1.0", "1.1", "1.2", "1.3", "None"),
}
_UNREAD = ("id", "name", "type", "location", "etag", "systemData", "provisioningState", "vaultUri", "tenantId",
           "family")  # fmt: skip
"""What a client sends back as it got it, and what no field of the resource stands for."""


def alterable(type_: str) -> bool:
    """Something of a resource of the type may be changed."""
    return type_.casefold() in _ALTERABLE


def altered(resource: Resource, content: dict[str, Any], there: dict[str, Any], *, whole: bool) -> Iterator[Altered]:
    """What a request changes of a resource; `there` is its JSON now. In a `whole` one, what is not said is Azure's
    default.

    Raises:
        RefusedError: it would change what cannot be changed, or to what it cannot be.
    """
    if whole and not content.get("location"):
        raise wrong("LocationRequired", "A request for a whole resource says its location.")
    rows = {r.field: r for r in _rows(resource) if r.field in _ALTERABLE[resource.type.casefold()]}
    _refuse_others(resource, content, there, [parse(row.arm)[0].steps for row in rows.values()])
    for field, row in rows.items():
        value = _value(resource, row, content)
        if value is None and (not whole or field == "enable_purge_protection"):
            continue
        value = _standing(row) if value is None else value
        _check(resource, field, value)
        yield Altered(resource.key, (field,), value)


def _rows(resource: Resource) -> Iterator[Row | Reference]:
    table = table_of(type(resource))
    for row in table.rows if table else ():
        if isinstance(row, (Row, Reference)):
            yield row


def _value(resource: Resource, row: Row | Reference, content: dict[str, Any]) -> Any:
    found = find(content, parse(row.arm)[0].steps)
    if found is None:
        return None
    if row.arm_codec:
        found = row.arm_codec.read(found)
    value = formed(found, row.field, annotation(type(resource), row.field))
    words = _WORDS.get(row.field, ())
    return next((word for word in words if word.casefold() == str(value).casefold()), value)


def _standing(row: Row | Reference) -> Any:
    return row.azure if isinstance(row, Row) else ()


def _check(resource: Resource, field: str, value: Any) -> None:
    words = _WORDS.get(field, ())
    several = value if isinstance(value, tuple) else () if value is None else (value,)
    if words and any(one not in words for one in several):
        raise wrong("InvalidParameterValue", f"{field} can be {' or '.join(words)}.")
    if field == "network_acls_ip_rules":
        _check_addresses(value)
    if field == "enable_purge_protection" and value is False and isinstance(resource, KeyVault):
        _check_purge(resource)


def _check_purge(vault: KeyVault) -> None:
    """Purge protection, once on, stays on.

    Source: learn.microsoft.com/azure/key-vault/general/soft-delete-overview, "Purge protection"
    """
    now = vault.enable_purge_protection
    off = (isinstance(now, Known) and now.value is False) or (isinstance(now, Absent) and not now.default)
    if not off:
        known = "is on" if isinstance(now, Known) else "may be on"
        raise wrong("BadRequest", f"Purge protection of {vault.title} {known} and cannot be turned off ({vault.key}).")


def _check_addresses(value: Any) -> None:
    for one in value or ():
        try:
            ipaddress.ip_network(str(one), strict=False)
        except ValueError:
            raise wrong("InvalidParameterValue", "An address rule is an address or a range of them.") from None


def _refuse_others(
    resource: Resource, content: dict[str, Any], there: dict[str, Any], mine: list[tuple[Step, ...]]
) -> None:
    """What is said beside the settings is as it is."""
    names = [_names(steps) for steps in mine]
    other = [".".join(path) for path, value in _leaves(content) if not _is_said(path, value, names, there)]
    if other:
        raise wrong("NotServedByTwin", f"This twin does not change {', '.join(other[:5])} of {resource.title}.")


def _names(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """The names that lead to a value, a list as a whole."""
    end = next((at for at, step in enumerate(steps, 1) if step.take), len(steps))
    return tuple(step.name.casefold() for step in steps[:end])


def _is_said(path: tuple[str, ...], value: Any, mine: list[tuple[str, ...]], there: dict[str, Any]) -> bool:
    folded = tuple(p.casefold() for p in path)
    if any(folded[: len(m)] == m for m in mine) or path[-1] in _UNREAD:
        return True
    now: Any = there
    for name in path:
        now = member(now, name)
    return bool(now == value or (isinstance(now, str) and now.casefold() == str(value).casefold()))


def _leaves(content: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each value that is given, with the names that lead to it; what is empty or null says nothing."""
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, name))
        elif value not in (None, [], ""):
            yield (*path, name), value
