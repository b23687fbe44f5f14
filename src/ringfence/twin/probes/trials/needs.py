"""Which items of vaults somebody needs: what is mounted into his code, or referred to, and what the register says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.keyvault import Certificate, Key, KeyVault, Secret
from ringfence.model.value import Known
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.principal import Principal
    from ringfence.questions.workloads.held import Item
    from ringfence.twin.probes.subject import Subject

_SECRET_OF = (Secret, Certificate)
_ROLES = {
    "Key Vault Secrets User": "get_secret",
    "Key Vault Reader": "get_certificate",
    "Key Vault Crypto User": "sign",
    "Key Vault Crypto Service Encryption User": "wrap",
    "Key Vault Certificate User": "get_secret",
}
"""What each role that the register may name is there for."""
_KINDS = {"secrets": "get_secret", "keys": "sign", "certificates": "get_certificate"}


@record()
class Need:
    """One deed on one item."""

    vault: str
    """The vault's name."""
    deed: str
    """"get_secret", "get_certificate", "sign", "wrap"."""
    name: str


def needs(subject: Subject, principal: Principal) -> frozenset[Need]:
    """All that the principal needs of vaults' items."""
    return frozenset((*_held(subject, principal), *_registered(subject, principal)))


def _held(subject: Subject, principal: Principal) -> Iterator[Need]:
    for workload in subject.workloads:
        if subject.own(workload) == principal:
            for held in workload.secrets:
                deed = "get_certificate" if held.name.startswith("cert ") else "get_secret"
                yield from _needed(subject, held.item, deed)


def _needed(subject: Subject, item: Item | None, deed: str) -> Iterator[Need]:
    if not isinstance(item, (Secret, Certificate, Key)) or not isinstance(item.name, Known):
        return
    vault = subject.estate.target(item, item.vault)
    if isinstance(vault, KeyVault) and isinstance(vault.name, Known):
        yield Need(str(vault.name.value), "sign" if isinstance(item, Key) else deed, str(item.name.value))


def _registered(subject: Subject, principal: Principal) -> Iterator[Need]:
    """What the register says, such as "kv1/secrets/one"."""
    for use in subject.register.uses:
        vault, _, rest = use.what.partition("/")
        kind, _, name = rest.partition("/")
        if use.name == principal.name and kind in _KINDS and name:
            yield Need(vault, _ROLES.get(use.role, _KINDS[kind]), name)


def stewards(subject: Subject) -> frozenset[str]:
    """The names of those who look after whole vaults, as the register says: they are not held to single items."""
    vaults = {str(v.name.value) for v in subject.estate.of(KeyVault) if isinstance(v.name, Known)}
    return frozenset(use.name for use in subject.register.uses if use.what.partition(" ")[0] in vaults)
