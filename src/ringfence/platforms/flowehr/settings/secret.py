"""Secrets in a configuration: it says where each is to be had, and never the secret itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.platforms.configuration import Table

_SECRETIVE = re.compile(r"password|secret|token|account\.key|credential(?!s?\.provider)", re.IGNORECASE)
_REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


@record()
class Secret:
    """A value that somebody gives to Terraform when it runs, by this name."""

    variable: str
    """The Terraform variable, such as ``source_trust_password``; Terraform reads it from ``TF_VAR_…``."""


def asked_for(table: Table) -> tuple[str, ...]:
    """The variables of all references in a configuration, wherever they stand, in reading order."""
    return tuple(dict.fromkeys(name.lower() for text in table.every_text() if (name := _name(text))))


def _name(text: str) -> str:
    found = _REFERENCE.fullmatch(text)
    return found[1] if found else ""


def secret(table: Table, key: str) -> Secret:
    """The reference at a key.

    Raises:
        InputError: the value itself is written there; the message does not repeat it.
    """
    written = _REFERENCE.fullmatch(table.text(key))
    if not written:
        hint = "Write ${NAME} and give Terraform the value in TF_VAR_name; who reads this file must not learn it."
        raise table.wrong(key, f"{key} holds a secret in plain text", hint)
    return Secret(written[1].lower())


def open_text(table: Table, key: str) -> str:
    """A text that is no secret, and so is written as it is.

    Raises:
        InputError: it is a reference, which would be taken literally.
    """
    written = table.text(key)
    if "${" in written:
        raise table.wrong(
            key, f"{key} cannot be a reference", "Write it as it is; only secrets are given to Terraform."
        )
    return written


def refuse_secret(table: Table, key: str) -> None:
    """Raises InputError where a setting of code is called as secrets are, and its value is written there."""
    if _SECRETIVE.search(key) and not table.text(key).startswith("{{secrets/"):
        hint = "Give it under databricks_secrets, and write {{secrets/flowehr-secrets/KEY}} here."
        raise table.wrong(key, f"{key} holds a secret in plain text", hint)
