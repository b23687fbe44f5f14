"""What a key is: its type and size, what it may do, and whether it leaves, ends, is renewed or can be destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.judge import equals, holds, is_on, is_set
from ringfence.model.keyvault import Certificate, Key, KeyVault, ManagedHsm
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.value import Absent, Known, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, any_of, negated
from ringfence.questions.answer import of, unsettled
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.value import Attr
    from ringfence.questions.custody.custody import Custody

UNKNOWN = "unknown"
WRAPPING = frozenset(["wrapkey", "unwrapkey"])

SOFTWARE = "FIPS 140-2 level 1"
VAULT_HSM = "FIPS 140-2 level 2 or FIPS 140-3 level 3, by the HSM platform that the version was made on"
MANAGED_HSM = "FIPS 140-3 level 3"


@record()
class Material:
    """The properties of a key. Strings are for people; "unknown" where it cannot be told."""

    kty: str
    size: str
    """Bits, or the name of the curve; "" where the type has neither."""
    operations: tuple[str, ...] | Unknown
    """What the key may be used for: Terraform's ``key_opts``. None at all means all that its type can."""
    only_wraps: Verdict
    """It may wrap and unwrap, and nothing else."""
    enabled: Verdict
    exportable: Verdict
    """The private part can leave the vault."""
    expires: Verdict
    """It has a date after which it is of no use."""
    expiry: str
    """The date; "never", or "unknown"."""
    rotates: Verdict
    """New versions are made by themselves."""
    rotation: str
    """When, as an ISO 8601 duration; "" when never."""
    purgeable: Verdict
    """Once deleted it can be destroyed at once, and all data under it with it."""
    recoverable: str
    """How long a deleted key can be brought back, such as "90 days"; "unknown"."""
    certified: str
    """What its keeper is certified by, or "unknown"."""


def material(found: Custody) -> Material:
    """The properties of the key that protects a store."""
    key = found.key.parent if isinstance(found.key, Implied) else found.key
    purgeable, recoverable = _destroyed(found)
    certified = _certified(found)
    if isinstance(key, Key):
        return _of_key(key, purgeable, recoverable, certified)
    if isinstance(key, Certificate):
        return _of_certificate(key, purgeable, recoverable, certified)
    unseen = _unseen(found)
    return Material(
        UNKNOWN, UNKNOWN, _nothing(unseen), *(unseen,) * 4, UNKNOWN, unseen, UNKNOWN, purgeable, recoverable, certified
    )


def rotates(key: Key) -> Verdict:
    """A new version of the key is made by itself before the old one ages.

    Source: learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation
    """
    return any_of(is_set(key.rotate_after_creation), is_set(key.rotate_before_expiry))


def shown(attr: Attr[Any]) -> str:
    """The value for a person; "" when there is none, "unknown" when it is not known."""
    if isinstance(attr, Unknown):
        return UNKNOWN
    value = attr.value if isinstance(attr, Known) else attr.default
    return "" if value is None else str(value)


def _of_key(key: Key, purgeable: Verdict, recoverable: str, certified: str) -> Material:
    return Material(
        shown(key.kty) or UNKNOWN,
        shown(key.key_size) or shown(key.curve_name),
        _operations(key),
        of(key, holds(key.key_ops, _wraps_only, "wrapKey and unwrapKey only")),
        of(key, is_on(key.enabled)),
        of(key, is_on(key.exportable)),
        of(key, is_set(key.exp)),
        shown(key.exp) or "never",
        of(key, rotates(key)),
        _when(key),
        purgeable,
        recoverable,
        certified,
    )


def _of_certificate(certificate: Certificate, purgeable: Verdict, recoverable: str, certified: str) -> Material:
    """The key that a certificate brings: it leaves through the secret of the same name when it is exportable.

    Azure makes it exportable unless told otherwise, lets it expire with the certificate, and renews both.
    Source: learn.microsoft.com/azure/key-vault/certificates/about-certificates
    """
    exportable = certificate.exportable
    out = is_on(exportable) if not isinstance(exportable, Absent) else Verdict("pass", (_evidence(exportable),))
    why = "which operations the key of a certificate has is not read"
    needs = (Need("reference", certificate.address, why),)
    months = shown(certificate.validity_in_months)
    return Material(
        shown(certificate.kty) or UNKNOWN,
        shown(certificate.key_size),
        Unknown("key_ops", needs, certificate.origin),
        of(certificate, Verdict("fail", why="the key of a certificate signs as well")),
        Verdict("pass"),
        of(certificate, out),
        Verdict("pass"),
        f"{months} months after it is made" if months not in ("", UNKNOWN) else UNKNOWN,
        of(certificate, equals(certificate.action_type, "AutoRenew")),
        "",
        purgeable,
        recoverable,
        certified,
    )


def _evidence(attr: Absent[bool]) -> Evidence:
    return Evidence(attr.field, True, True, attr.origin.defaulted("Azure"), "pass")


def _operations(key: Key) -> tuple[str, ...] | Unknown:
    attr = key.key_ops
    if isinstance(attr, Unknown):
        return attr
    value = attr.value if isinstance(attr, Known) else ()
    if all(isinstance(v, str) for v in value):
        return tuple(sorted(value, key=str.casefold))
    why = f"{key.address} has an operation that is not known"
    return Unknown(attr.field, (Need("reference", key.address, why),), attr.origin)


def _wraps_only(value: Any) -> bool:
    """No operations at all stand for every one that the type of key has."""
    return bool(value) and {str(v).casefold() for v in value} <= WRAPPING


def _when(key: Key) -> str:
    after, before = shown(key.rotate_after_creation), shown(key.rotate_before_expiry)
    if after:
        return f"{after} after it was made"
    return f"{before} before it expires" if before else ""


def _destroyed(found: Custody) -> tuple[Verdict, str]:
    """Whether the key can be purged, and how long a deleted one is kept.

    Source: learn.microsoft.com/azure/key-vault/general/soft-delete-overview
    """
    vault = found.vault
    if not isinstance(vault, (KeyVault, ManagedHsm)):
        return _unseen(found, "vault"), UNKNOWN
    days = shown(vault.soft_delete_retention_in_days) or "90"
    return negated(of(vault, is_on(vault.enable_purge_protection))), UNKNOWN if days == UNKNOWN else f"{days} days"


def _certified(found: Custody) -> str:
    """What certifies the keeper of the key: software, the hardware modules of a premium vault, or a managed HSM.

    Source: learn.microsoft.com/azure/key-vault/keys/about-keys ("HSM platforms 1 and 2"),
    learn.microsoft.com/azure/security/fundamentals/key-management-choose
    """
    if isinstance(found.vault, ManagedHsm):
        return MANAGED_HSM
    if any(isinstance(e, External) and ".managedhsm." in e.name.casefold() for e in (found.key, found.vault)):
        return MANAGED_HSM
    return {"software": SOFTWARE, "hsm": VAULT_HSM}.get(found.protection, UNKNOWN)


def _unseen(found: Custody, what: str = "key") -> Verdict:
    name = getattr(found.key if what == "key" else found.vault, "name", "")
    why = (
        f"the {what} is not declared here" if not isinstance(name, str) or not name else f"{name} is not declared here"
    )
    subject = found.store.address if isinstance(found.store, Resource) else what
    return unsettled(subject, why)


def _nothing(verdict: Verdict) -> Unknown:
    from ringfence.model.origin import NOWHERE

    return Unknown("key_ops", verdict.needs, NOWHERE)
