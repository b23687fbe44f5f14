"""Certificate policies: what a certificate, and each that follows it, is to be like.

Source: learn.microsoft.com/azure/key-vault/certificates/about-certificates (certificate policy);
learn.microsoft.com/rest/api/keyvault/certificates/create-certificate (CertificatePolicy)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.twin.vault import attributes, export, jwk
from ringfence.twin.vault.errors import bad

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ringfence.twin.store import Row

_PARTS = ("key_props", "secret_props", "x509_props", "issuer")
_USAGES = (
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
    "cRLSign", "encipherOnly", "decipherOnly",
)  # fmt: skip
_TEXTS = 100
_SANS = ("emails", "dns_names", "upns", "uris", "ipAddresses")
_MONTHS = 12
_DEFAULT: dict[str, Any] = {
    "key_props": {"exportable": True, "kty": "RSA", "key_size": 2048, "reuse_key": False},
    "secret_props": {"contentType": export.PFX},
    "x509_props": {
        "subject": "",
        "ekus": ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
        "key_usage": ["digitalSignature", "keyEncipherment"],
        "validity_months": _MONTHS,
    },
    "issuer": {"name": "Unknown"},
}


def read(content: Mapping[str, Any], kept: Row | None, now: datetime) -> Row:
    """The policy that a request's body asks for; what it leaves out stays, or is what Azure takes.

    Raises:
        VaultError: no certificate can be made by it.
    """
    base = kept or _DEFAULT
    found: Row = {part: {**base[part], **_given(content, part)} for part in _PARTS}
    found["key_props"] = _key(found["key_props"])
    found["x509_props"] = _x509(found["x509_props"])
    if found["secret_props"]["contentType"] not in (export.PFX, export.PEM):
        raise bad(f"contentType of a certificate is {export.PFX} or {export.PEM}.")
    attributes.text(found["issuer"], "name", 127)
    actions = content.get("lifetime_actions")
    found["lifetime_actions"] = (
        base.get("lifetime_actions") or _actions(found) if actions is None else _checked(actions)
    )
    managed = attributes.mapping(content, "platformManaged") or base.get("platformManaged")
    times = {"enabled": True, "created": attributes.seconds(now), **base.get("attributes", {})}
    found["attributes"] = {**times, "updated": attributes.seconds(now)}
    return {**found, "platformManaged": managed} if managed else found


def shown(url: str, kept: Row) -> dict[str, Any]:
    """The policy as a client gets it."""
    return {"id": f"{url}/policy", **kept}


def need_name(policy: Row) -> None:
    """A certificate that is made by it says whose it is.

    Raises:
        VaultError: it would not.
    """
    x509 = policy["x509_props"]
    if not x509["subject"] and not any(x509.get("sans", {}).values()) and "platformManaged" not in policy:
        raise bad("A certificate has a subject, or a subject alternative name.")


def _given(content: Mapping[str, Any], part: str) -> dict[str, Any]:
    return {name: value for name, value in attributes.mapping(content, part).items() if value is not None}


def _key(props: dict[str, Any]) -> dict[str, Any]:
    elliptic = str(props.get("kty")).upper().startswith("EC")
    curve = props.get("crv") or next((c for c, bits in jwk.BITS.items() if bits == props.get("key_size")), "P-256")
    kind = jwk.kind({**props, "crv": curve} if elliptic else props)
    exportable = props.get("exportable", True)
    if not isinstance(exportable, bool):
        raise bad("exportable is true or false.")
    if kind.hardware and exportable:
        raise bad(f"A {kind.type} key is not exportable.")
    size = jwk.BITS[kind.curve] if kind.curve else kind.size
    made = {"exportable": exportable, "kty": kind.type, "key_size": size, "reuse_key": bool(props.get("reuse_key"))}
    return {**made, "crv": kind.curve} if kind.curve else made


def _x509(props: dict[str, Any]) -> dict[str, Any]:
    months = props["validity_months"]
    if not isinstance(months, int) or isinstance(months, bool) or not 1 <= months <= 1200:
        raise bad("validity_months is a number of months.")
    attributes.text(props, "subject", 1024)
    usages, ekus = _texts(props, "key_usage"), _texts(props, "ekus")
    if any(usage not in _USAGES for usage in usages):
        raise bad(f"key_usage is among {', '.join(_USAGES)}.")
    given = attributes.mapping(props, "sans")
    sans = {name: texts for name in _SANS if (texts := _texts(given, name))}
    more = {"sans": sans} if sans else {}
    return {"subject": props["subject"], **more, "ekus": ekus, "key_usage": usages, "validity_months": months}


def _texts(content: Mapping[str, Any], name: str) -> list[str]:
    found = content.get(name) or []
    if not isinstance(found, list) or len(found) > _TEXTS or not all(isinstance(t, str) for t in found):
        raise bad(f"{name} is a list of texts.")
    return found


def _actions(policy: Row) -> list[dict[str, Any]]:
    """What is done near the end when nobody says: it is renewed where the vault can do that, else people are told."""
    action = "EmailContacts" if policy["issuer"]["name"] == "Unknown" else "AutoRenew"
    return [{"trigger": {"lifetime_percentage": 80}, "action": {"action_type": action}}]


def _checked(actions: Any) -> list[dict[str, Any]]:
    if not isinstance(actions, list):
        raise bad("lifetime_actions is not a list.")
    found = []
    for one in actions:
        whole = one if isinstance(one, dict) else {}
        trigger, action = attributes.mapping(whole, "trigger"), attributes.mapping(whole, "action")
        times = {
            k: v for k, v in trigger.items() if k in ("lifetime_percentage", "days_before_expiry") and v is not None
        }
        if action.get("action_type") not in ("EmailContacts", "AutoRenew") or len(times) != 1:
            raise bad("A lifetime action is EmailContacts or AutoRenew, with one trigger.")
        if any(not isinstance(value, int) or value < 1 for value in times.values()):
            raise bad("A lifetime action's trigger is a number from 1.")
        found.append({"trigger": times, "action": {"action_type": action["action_type"]}})
    return found
