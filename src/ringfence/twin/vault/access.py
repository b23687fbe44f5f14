"""Who may do what in a vault: `present.may` decides, down to one item, by roles or by access policies alike.

Source: learn.microsoft.com/azure/key-vault/general/rbac-guide
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.keyvault import Certificate, Key, KeyVault, ManagedHsm, ManagedHsmKey, Secret
from ringfence.model.resource import Implied, Resource
from ringfence.model.value import Known
from ringfence.twin.vault.errors import forbidden

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.model.verdict import Verdict
    from ringfence.twin.present import Present
    from ringfence.twin.vault.address import Item

_TYPE = "Microsoft.KeyVault/vaults"
_KINDS: tuple[tuple[type[Secret | Key | Certificate], str], ...] = (
    (Secret, "secrets"),
    (Key, "keys"),
    (ManagedHsmKey, "keys"),
    (Certificate, "certificates"),
)
Mark = tuple[str, str, str]


def need(present: Present, principal: Principal, ends: tuple[str, ...], on: Resource | Implied) -> str:
    """What lets the principal do one of these, each the end of a data action such as ``secrets/getSecret/action``.

    Raises:
        VaultError: it may not, or it cannot be told; the text says which rule decided.
    """
    found = [present.may(principal, f"{_TYPE}/{end}", on) for end in ends]
    allowing = next((v for v in found if v.outcome == "pass"), None)
    if allowing is not None:
        return next((e.resource for e in allowing.evidence if e.resource), "")
    verdict = next((v for v in found if v.outcome == "unknown"), found[0])
    message = f"The caller is not allowed {_TYPE}/{ends[0]} on {_title(on)}: {reason(verdict)}."
    raise forbidden(message, "ForbiddenByPolicy" if _by_policy(on) else "ForbiddenByRbac")


def place(present: Present, vault: KeyVault | ManagedHsm, item: Item | None) -> Resource | Implied:
    """What a role may be given on to reach the item: its resource, where it is declared; the vault for none."""
    if item is None or not item.name:
        return vault
    declared = present.estate.once(_declared)
    name = item.name.casefold()
    found = declared.get((vault.key, item.sort, name))
    if found is not None:
        return found
    certificate = declared.get((vault.key, "certificates", name))
    if certificate is not None:
        return Implied(certificate, (item.sort,))
    return Implied(vault, (item.sort, item.name))


def reason(verdict: Verdict) -> str:
    """Why it is not allowed, with the resources whose lines decided."""
    sources = dict.fromkeys(e.resource for e in verdict.evidence if e.resource)
    start = "" if verdict.outcome == "fail" else "it cannot be told, because "
    why = start + (verdict.why or "nothing gives it")
    return f"{why} ({', '.join(sources)})" if sources else why


def _declared(estate: Estate) -> dict[Mark, Resource]:
    """The declared items by the keys of their vaults, their sorts and their names."""
    found: dict[Mark, Resource] = {}
    for kind, sort in _KINDS:
        for resource in estate.of(kind):
            vault = vault_of(estate, resource)
            if vault is not None and isinstance(resource.name, Known):
                found[vault.key, sort, str(resource.name.value).casefold()] = resource
    return found


def vault_of(estate: Estate, item: Resource) -> KeyVault | ManagedHsm | None:
    """The vault, or the managed HSM, of a declared item; None when it is not known or none of the estate's."""
    above = estate.parent(item)
    if not isinstance(above, tuple) or len(above) != 1:
        return None
    return above[0].resource if isinstance(above[0].resource, (KeyVault, ManagedHsm)) else None


def _by_policy(on: Resource | Implied) -> bool:
    vault = on
    while isinstance(vault, Implied):
        vault = vault.parent
    flag = vault.enable_rbac_authorization if isinstance(vault, KeyVault) else None
    return isinstance(flag, Known) and flag.value is False


def _title(on: Resource | Implied) -> str:
    return on.address if isinstance(on, Resource) else f"{'/'.join(on.path)} of {on.parent.address}"
