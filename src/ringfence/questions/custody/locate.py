"""Where a reference to a key leads: to the key, its vault, and whether it holds on to one version.

A key is named by the id of its Terraform resource, by its address in the vault
(``https://kv.vault.azure.net/keys/k/VERSION``), by the vault's address and the key's name, or, in ARM, by an object of
the vault's address, the name and the version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ringfence.model.keyvault import Certificate, Key, KeyVault
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.symbol import Ref, Text, plain
from ringfence.model.value import Known, Unknown
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.value import Link

End: TypeAlias = Resource | External | Implied
Version: TypeAlias = Literal["newest", "pinned", "unknown"]

_VERSIONLESS = frozenset(["versionless_id", "resource_versionless_id", "name"])


@record()
class Located:
    """What a reference to a key finds; a part that it does not find is None."""

    key: End | None = None
    vault: End | None = None
    version: Version = "unknown"
    several: tuple[End, ...] = ()
    """The keys that may be meant, when it depends on a condition which."""
    unknown: Unknown | None = None
    """Why the reference cannot be followed."""


def located(estate: Estate, source: Resource, link: Link) -> Located:
    """The key that the link of a resource names."""
    value = plain(link.value)
    address = _address(value)
    if address is not None:
        return _by_address(estate, value, *address)
    if isinstance(value, Text) and isinstance(value.parts[0], Ref):
        named = _below_vault(estate, source, link, value)
        if named is not None:
            return named
    targets = estate.resolve(source, link)
    if isinstance(targets, Unknown):
        return Located(unknown=targets)
    ends = tuple(t.resource for t in targets)
    if len(ends) != 1:
        return Located(several=ends)
    return Located(ends[0], vault_of(estate, ends[0]), _version(value))


def vault_of(estate: Estate, key: End | None) -> End | None:
    """The vault that holds a key, or the key of a certificate."""
    if isinstance(key, Implied):
        if isinstance(key.parent, KeyVault):
            return key.parent
        key = key.parent
    return estate.target(key, key.vault) if isinstance(key, (Key, Certificate)) else None


def _version(value: Any) -> Version:
    if not isinstance(value, Ref) or not value.path:
        return "unknown"
    return "newest" if value.path[-1] in _VERSIONLESS else "pinned" if value.path[-1] == "id" else "unknown"


def _address(value: Any) -> tuple[str, str, str] | None:
    """(host, key, version) of a written address of a key; None when it is none."""
    if isinstance(value, dict):
        return _properties({str(k).casefold(): plain(v) for k, v in value.items()})
    if not isinstance(value, str) or not value.casefold().startswith("https://"):
        return None
    host, *path = value[len("https://") :].strip("/").split("/")
    if len(path) < 2 or path[0].casefold() != "keys":
        return None
    return host.casefold().partition(":")[0], path[1].casefold(), "/".join(path[2:])


def _properties(of: dict[str, Any]) -> tuple[str, str, str] | None:
    """The same from ARM's ``keyVaultProperties``."""
    whole = of.get("keyidentifier") or of.get("keyuri")
    if isinstance(whole, str):
        return _address(whole)
    uri = of.get("keyvaulturi") or of.get("vaultbaseurl")
    name, version = of.get("keyname"), of.get("keyversion")
    if not isinstance(uri, str) or not isinstance(name, str):
        return None
    return _address(f"{uri.rstrip('/')}/keys/{name}/{version if isinstance(version, str) else ''}")


def _by_address(estate: Estate, value: Any, host: str, name: str, version: str) -> Located:
    held: Version = "pinned" if version else "newest"
    written = value if isinstance(value, str) else f"https://{host}/keys/{name}"
    vaults = estate.once(_vaults).get(host.partition(".")[0], [])
    if ".managedhsm." in host or len(vaults) != 1:
        kind = "Microsoft.KeyVault/managedHSMs" if ".managedhsm." in host else KeyVault.arm_type
        return Located(External(written, Key.arm_type), External(host, kind), held)
    return Located(key_named(estate, vaults[0], name), vaults[0], held)


def _below_vault(estate: Estate, source: Resource, link: Link, value: Text) -> Located | None:
    """A key as ``"${vault.vault_uri}keys/NAME"``; None when the text is something else."""
    first, *rest = value.parts
    words = rest[0].strip("/").split("/") if len(rest) == 1 and isinstance(rest[0], str) else []
    if not isinstance(first, Ref) or first.path[-1:] != ("vault_uri",) or words[:1] != ["keys"] or len(words) < 2:
        return None
    from ringfence.record import replace

    vault = estate.target(source, replace(link, value=Ref(first.key, ("id",))))
    key = key_named(estate, vault, words[1]) if isinstance(vault, KeyVault) else External(words[1], Key.arm_type)
    return Located(key, vault, "pinned" if len(words) > 2 else "newest")


def key_named(estate: Estate, vault: Resource, name: str) -> Resource | Implied:
    """The key of that name in the vault: declared, brought by a certificate, or made elsewhere."""
    return estate.once(_keys).get((vault.key, name.casefold())) or Implied(vault, ("keys", name.casefold()))


def _vaults(estate: Estate) -> dict[str, list[KeyVault]]:
    """The vaults by name."""
    found: dict[str, list[KeyVault]] = {}
    for vault in estate.of(KeyVault):
        if isinstance(vault.name, Known):
            found.setdefault(str(vault.name.value).casefold(), []).append(vault)
    return found


def _keys(estate: Estate) -> dict[tuple[str, str], Resource | Implied]:
    """The keys by vault and name."""
    found: dict[tuple[str, str], Resource | Implied] = {}
    items: tuple[Certificate | Key, ...] = (*estate.of(Certificate), *estate.of(Key))
    for item in items:
        vault = estate.target(item, item.vault)
        if isinstance(vault, Resource) and isinstance(item.name, Known):
            end = item if isinstance(item, Key) else Implied(item, ("keys",))
            found[vault.key, str(item.name.value).casefold()] = end
    return found
