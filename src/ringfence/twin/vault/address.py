"""Addresses of items: which path stands for what, and which stands for nothing.

A path is read as it was sent. Nothing is decoded, so no encoded dot or slash can mean another item than it says.

Source: learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates (objects, identifiers, versioning)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.record import record
from ringfence.twin.vault.errors import bad

if TYPE_CHECKING:
    from collections.abc import Mapping

Sort: TypeAlias = Literal["secrets", "keys", "certificates"]

NAME = re.compile(r"[0-9a-zA-Z-]{1,127}", re.ASCII)
VERSION = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SAFE = re.compile(r"(/[0-9a-zA-Z-]{1,127})+/?", re.ASCII)
_NEWEST = re.compile(r"/keys/([0-9a-zA-Z-]{1,127})//([a-z]+)", re.ASCII)
"""As clients write an operation with the newest version of a key: the version's step is empty."""
_LONGEST = 512
SINGULAR: Mapping[Sort, str] = {"secrets": "secret", "keys": "key", "certificates": "certificate"}


@record()
class Item:
    """One item of a vault, or one version of it."""

    sort: Sort
    name: str
    version: str = ""

    @property
    def path(self) -> str:
        """Its path below the vault."""
        return "/".join(filter(None, (self.sort, self.name, self.version)))


def steps(path: str) -> tuple[str, ...]:
    """The steps of a request's path.

    Raises:
        VaultError: it has a character that no name has, an empty step, or a step that is encoded.
    """
    newest = _NEWEST.fullmatch(path)
    if newest is not None:
        return ("keys", newest[1], "", newest[2])
    if not _SAFE.fullmatch(path):
        raise bad("The request's path names no item: steps are letters, digits and dashes, one slash between two.")
    return tuple(path.strip("/").split("/"))


def told(path: str) -> str:
    """A path for the log. One that names no item is left out: a client could have put anything into it."""
    return path if len(path) < _LONGEST and (_SAFE.fullmatch(path) or _NEWEST.fullmatch(path)) else "/"


def named(text: str) -> str:
    """The text, which is a name.

    Raises:
        VaultError: it is none.
    """
    if not NAME.fullmatch(text):
        raise bad("A name has 1 to 127 letters, digits and dashes, and nothing else.")
    return text


def read(url: str, sort: Sort) -> tuple[str, Item] | None:
    """The host and the item of an id such as ``https://kv1.vault.azure.net/keys/k/0123…``; None when it is no such."""
    found = re.fullmatch(rf"https://([0-9a-z.-]+)/{sort}/({NAME.pattern})(?:/({VERSION.pattern}))?/?", url, re.ASCII)
    return (found[1], Item(sort, found[2], found[3] or "")) if found else None
