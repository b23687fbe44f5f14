"""Attributes: whether an item may be used, from when to when, and when it was made and changed.

Times are whole seconds since 1970 (UTC), as the interface writes them.

Source: learn.microsoft.com/azure/key-vault/secrets/about-secrets (secret attributes, date-time controlled operations),
…/keys/about-keys-details (key attributes)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.twin.vault.errors import bad, forbidden

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_WRITTEN = ("enabled", "nbf", "exp")
_TAGS, _TAG = 15, 256
_LAST = 253402300799
"""The end of the year 9999."""


def seconds(moment: datetime) -> int:
    """As the interface writes a time."""
    return int(moment.timestamp())


def new(content: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The attributes of an item that is made now, as the request's body has them."""
    return {"enabled": True, **written(content), "created": seconds(now), "updated": seconds(now)}


def changed(kept: Mapping[str, Any], content: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The attributes after a change of those that the request's body names."""
    found = {**kept, **written(content), "updated": seconds(now)}
    if found.get("nbf", 0) > found.get("exp", _LAST):
        raise bad("The attribute nbf is later than exp.")
    return found


def written(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a request's body may say of attributes, checked."""
    given = mapping(content, "attributes")
    found = {name: given[name] for name in _WRITTEN if given.get(name) is not None}
    if not isinstance(found.get("enabled", True), bool):
        raise bad("The attribute enabled is true or false.")
    for name in ("nbf", "exp"):
        value = found.get(name, 0)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LAST:
            raise bad(f"The attribute {name} is a number of seconds since 1970.")
    if found.get("nbf", 0) > found.get("exp", _LAST):
        raise bad("The attribute nbf is later than exp.")
    return found


def tags(content: Mapping[str, Any]) -> dict[str, str] | None:
    """The tags of a request's body; None when it names none."""
    if content.get("tags") is None:
        return None
    given = mapping(content, "tags")
    if len(given) > _TAGS:
        raise bad(f"An item has at most {_TAGS} tags.")
    if any(not isinstance(v, str) or len(k) > _TAG or len(v) > _TAG for k, v in given.items()):
        raise bad(f"Tags are texts of at most {_TAG} characters.")
    return dict(given)


def mapping(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A part of the body that is an object, {} when it is left out."""
    found = content.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise bad(f"{name} is not an object.")
    return found


def text(content: Mapping[str, Any], name: str, most: int, otherwise: str | None = None) -> str:
    """A part of the body that is a text."""
    found = content.get(name, otherwise)
    if found is None and otherwise is not None:
        return otherwise
    if not isinstance(found, str):
        raise bad(f"{name} is missing, or is not a text.")
    if len(found) > most:
        raise bad(f"{name} has more than {most} characters.")
    return found


def need_enabled(kept: Mapping[str, Any], what: str, doing: str) -> None:
    """The item is enabled.

    Raises:
        VaultError: it is not.
    """
    if not kept.get("enabled", True):
        raise forbidden(f"Operation {doing} is not allowed on a disabled {what}.", f"{what.capitalize()}Disabled")


def need_time(kept: Mapping[str, Any], what: str, doing: str, now: datetime) -> None:
    """The item is in its time.

    Raises:
        VaultError: it is not yet, or not any more.
    """
    if seconds(now) < kept.get("nbf", 0):
        raise forbidden(
            f"Operation {doing} is not allowed on a {what} before its nbf.", f"{what.capitalize()}NotYetValid"
        )
    if seconds(now) >= kept.get("exp", _LAST):
        raise forbidden(f"Operation {doing} is not allowed on a {what} after its exp.", f"{what.capitalize()}Expired")
