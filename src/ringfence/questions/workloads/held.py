"""What code can read where it runs: settings, environment variables, files from a vault.

A setting may name an item of a vault (a Key Vault reference), or hold a key or password itself.

Sources: learn.microsoft.com/azure/app-service/app-service-key-vault-references,
azure.github.io/secrets-store-csi-driver-provider-azure/docs/getting-started/usage
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ringfence.model.keyvault import Certificate, Key, KeyVault, Secret
from ringfence.model.origin import NOWHERE
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.symbol import Ref, Sensitive, Text, leaves, plain, render
from ringfence.model.value import Absent, Link
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.origin import Origin
    from ringfence.model.symbol import Value
    from ringfence.model.value import Attr

Item = Resource | Implied | External


@record()
class Held:
    """One thing that code can read where it runs."""

    name: str
    """The setting, the environment variable or the file."""
    how: str
    """"app setting", "connection string", "Key Vault reference", "secrets store", "environment", "custom data",
    "Databricks secret"."""
    origin: Origin
    item: Item | None = None
    """The vault's item, where it names one: the code reads it with an identity of the workload."""
    value: Value = None
    """What is written, where it is no reference to a vault."""


_REFERENCE = "@microsoft.keyvault("
_URI = re.compile(r"secreturi=https://([^./]+)\.vault[^/]*/+secrets/([^/;)]+)", re.IGNORECASE)
_BY_NAME = re.compile(r"(vaultname|secretname)=([^;)]+)", re.IGNORECASE)


def held_in_setting(estate: Estate, how: str, name: str, value: Any, origin: Origin) -> tuple[Held, ...]:
    """What a setting gives: the item of a vault that it names, or the references and text that it holds."""
    inner = plain(value)
    if inner is None or inner == "":
        return ()
    first = inner.parts[0] if isinstance(inner, Text) else inner
    if isinstance(first, str) and first.strip().casefold().startswith(_REFERENCE):
        item = _referred(estate, inner)
        return (Held(name, "Key Vault reference", origin, item),)
    return (Held(name, how, origin, None, value),) if isinstance(value, Sensitive) or _is_telling(inner) else ()


def _is_telling(value: Value) -> bool:
    """True of what may be a secret: it refers to something, or is text. A number or a flag is none."""
    return isinstance(value, (str, tuple, dict)) or any(True for _ in leaves(value))


def _referred(estate: Estate, value: Value) -> Item:
    for leaf in leaves(value):
        item = item_of(estate, leaf) if isinstance(leaf, Ref) else None
        if item is not None:
            return item
    vault, secret = _names(value)
    return vault_item(estate, vault, secret) or External(f"{vault}/secrets/{secret}", Secret.arm_type)


def _names(value: Value) -> tuple[str, str]:
    """The names of vault and secret in a reference; a symbol stands for a word while it is read."""
    parts = value.parts if isinstance(value, Text) else (value,)
    symbols = {f"symbol{i}symbol": shown(part) for i, part in enumerate(parts) if not isinstance(part, str)}
    written = "".join(p if isinstance(p, str) else f"symbol{i}symbol" for i, p in enumerate(parts))
    uri = _URI.search(written)
    named = {key.casefold(): found for key, found in _BY_NAME.findall(written)}
    vault, secret = uri.groups() if uri else (named.get("vaultname", ""), named.get("secretname", ""))
    for word, symbol in symbols.items():
        vault, secret = vault.replace(word, symbol), secret.replace(word, symbol)
    return vault, secret


def item_of(estate: Estate, ref: Ref) -> Item | None:
    """The item of a vault whose attribute a reference names, if only through a data source."""
    resource = estate.resources.get(ref.key)
    if isinstance(resource, (Secret, Certificate, Key)):
        return resource
    if ".data." not in ref.key.replace("#", "."):
        return None
    some = next(iter(estate.resources.values()))  # whose reference it is makes no difference
    found = estate.target(some, Link("value", ref, NOWHERE))
    if isinstance(found, External):
        return found if "key_vault_secret" in found.type or found.type == Secret.arm_type else None
    return found if isinstance(found, (Secret, Certificate, Key)) else None


def vault_item(estate: Estate, vault: str, name: str, *kinds: type[Resource]) -> Resource | None:
    """The declared item of that name in the vault of that name; a secret, else the certificate behind it."""
    found = estate.once(_items).get((vault.casefold(), name.casefold()), {})
    return next((found[k] for k in kinds or (Secret, Certificate, Key) if k in found), None)


def _items(estate: Estate) -> dict[tuple[str, str], dict[type[Resource], Resource]]:
    found: dict[tuple[str, str], dict[type[Resource], Resource]] = {}
    every: tuple[Secret | Certificate | Key, ...] = (
        *estate.of(Secret),
        *estate.of(Certificate),
        *estate.of(Key),
    )
    for item in every:
        vault = estate.target(item, item.vault)
        if isinstance(vault, KeyVault):
            found.setdefault((name_of(vault.name), name_of(item.name)), {})[type(item)] = item
        elif isinstance(vault, External):  # it is known by its name, which may be a symbol
            for name in (vault.name, f"${{{vault.name}}}"):
                found.setdefault((name.casefold(), name_of(item.name)), {})[type(item)] = item
    return found


def name_of(attr: Attr[str]) -> str:
    """A name as `shown` has it; "" when nothing is written."""
    return shown(None if isinstance(attr, Absent) else attr.value).casefold()


def shown(value: Value) -> str:
    """The value as text in which a symbol is a name; equal for equal values."""
    value = plain(value)
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value) if isinstance(value, Text) else "${" + render(value) + "}"
