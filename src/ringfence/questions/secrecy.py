"""Whether a value is a secret that somebody can read where it is written.

A secret is: what is marked sensitive; a reference to an attribute that hands out a key, password or token; text that
carries one; a literal, or a variable, whose name says that it is one. A Key Vault reference
(``@Microsoft.KeyVault(…)``) is not, it names a secret that stays in its vault. Nor are the instrumentation key and
connection string of Application Insights: they only say where telemetry goes.

Source: learn.microsoft.com/azure/azure-monitor/app/connection-strings ("aren't considered secrets"),
learn.microsoft.com/azure/app-service/app-service-key-vault-references
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.model.symbol import Apply, Choice, Error, Input, Ref, Sensitive, Text, leaves, plain
from ringfence.questions.address import terraform_type
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.symbol import Value

Answer: TypeAlias = Literal["secret", "harmless", "unknown"]


@record()
class Secrecy:
    """Whether a value is a secret, and how it is known; `form` never shows the value."""

    answer: Answer
    form: str


KEY_VAULT_REFERENCE = "@microsoft.keyvault("

_SECRET_ENDS = (
    "password",
    "passwd",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "accountkey",
    "authkey",
    "clientkey",
    "encryptionkey",
    "functionkey",
    "hostkey",
    "masterkey",
    "primarykey",
    "privatekey",
    "privatekeypem",
    "secondarykey",
    "secretkey",
    "sharedkey",
    "signingkey",
    "storagekey",
    "subscriptionkey",
    "sas",
    "sasurlquerystring",
)
"""Ends of names, without case and punctuation, that announce a secret."""

_SECRET_TYPES = {
    "random_password": ("result", "bcrypt_hash"),
    "azuread_application_password": ("value",),
    "azuread_service_principal_password": ("value",),
    "azurerm_key_vault_secret": ("value",),
    "azurerm_user_password": ("value",),
}
"""Attributes that are secrets although their names do not say so."""

_TELEMETRY = "azurerm_application_insights"

_MARKS = (
    "accountkey=",
    "sharedaccesskey=",
    "sharedaccesssignature=",
    "password=",
    "pwd=",
    "clientsecret=",
    "client_secret=",
    "sig=",
)
"""What stands before a secret in a connection string or address."""


def secrecy(value: Value, name: str = "") -> Secrecy:
    """Whether the value, in a setting called `name`, is a secret."""
    if isinstance(value, Sensitive):
        inner = secrecy(value.value, name)
        return inner if inner.form == "a Key Vault reference" else Secrecy("secret", "a value marked sensitive")
    if isinstance(value, str):
        return _literal(value, name)
    if isinstance(value, Ref):
        return _attribute(value, name)
    if isinstance(value, Input):
        return _input(value)
    if isinstance(value, Text):
        return _text(value, name)
    if isinstance(value, Choice):
        return _worst((secrecy(value.yes, name), secrecy(value.no, name)))
    if isinstance(value, (Apply, Error)):
        return _leaves(value)
    if isinstance(value, (tuple, dict)):
        return _worst(secrecy(v, name) for v in (value.values() if isinstance(value, dict) else value))
    return Secrecy("harmless", "a number, a flag or nothing")


def announces(name: str) -> bool:
    """True when a name says that what it names is a secret."""
    return "".join(c for c in name.casefold() if c.isalnum()).endswith(_SECRET_ENDS)


def _literal(value: str, name: str) -> Secrecy:
    text = value.strip().casefold()
    if text.startswith(KEY_VAULT_REFERENCE):
        return Secrecy("harmless", "a Key Vault reference")
    if _carries(text) or "private key-----" in text:
        return Secrecy("secret", "text with a secret in it")
    if announces(name) and text and text not in ("true", "false") and "://" not in text and not text.isdigit():
        return Secrecy("secret", "written here")
    return Secrecy("harmless", "text")


def _carries(text: str) -> bool:
    """True when a mark is followed by something, or an address has a password before its host."""
    compact = text.replace(" ", "")
    for mark in _MARKS:
        at = compact.find(mark)
        if at >= 0 and compact[at + len(mark) : at + len(mark) + 1] not in ("", ";", "&"):
            return True
    host = text.partition("://")[2].partition("/")[0]
    return ":" in host.rpartition("@")[0]


def _attribute(ref: Ref, name: str) -> Secrecy:
    type_, attribute = terraform_type(ref.key), next((p for p in reversed(ref.path) if not p.isdigit()), "")
    form = f"a reference to {ref}"
    if not type_:
        return Secrecy("unknown", form)
    if type_ == _TELEMETRY:
        return Secrecy("harmless", form)
    secret = (
        attribute in _SECRET_TYPES.get(type_, ())
        or announces(attribute)
        or attribute.endswith("connection_string")
        or attribute in ("key", "kube_config_raw", "kube_admin_config_raw")
        or (type_ == "random_string" and announces(name))
    )
    return Secrecy("secret" if secret else "harmless", form)


def _input(value: Input) -> Secrecy:
    if announces(value.name):
        return Secrecy("secret", f"the value of {value}")
    return Secrecy("unknown", f"the value of {value}")


def _text(value: Text, name: str) -> Secrecy:
    parts = value.parts
    first = parts[0] if parts else ""
    if isinstance(first, str) and first.strip().casefold().startswith(KEY_VAULT_REFERENCE):
        return Secrecy("harmless", "a Key Vault reference")
    for before, part in pairwise(parts):
        if isinstance(before, str) and not isinstance(part, str) and _announced(before):
            return Secrecy("secret", "text with a secret in it")
    known = "".join(p if isinstance(p, str) else "x" for p in parts)
    if _carries(known.casefold()) or (announces(name) and "://" not in known):
        return Secrecy("secret", "text with a secret in it")
    return _worst(secrecy(plain(p), "") if not isinstance(p, Sensitive) else secrecy(p) for p in parts)


def _announced(text: str) -> bool:
    return text.replace(" ", "").casefold().endswith(_MARKS)


def _leaves(value: Value) -> Secrecy:
    """A function of references and inputs is as secret as they are; one that fails is not known."""
    found = tuple(
        Secrecy("unknown", leaf.reason) if isinstance(leaf, Error) else secrecy(leaf) for leaf in leaves(value)
    )
    return _worst(found)


def _worst(found: Iterable[Secrecy]) -> Secrecy:
    answers = {s.answer: s for s in found}
    for answer in ("secret", "unknown", "harmless"):
        if answer in answers:
            return answers[answer]
    return Secrecy("harmless", "nothing")
