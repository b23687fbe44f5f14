"""Lists: at most 25 at a time, with a link to what comes next.

Source: learn.microsoft.com/rest/api/keyvault/secrets/get-secrets (maxresults, nextLink)
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ringfence.twin.vault.address import NAME
from ringfence.twin.vault.errors import bad

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MOST = 25


def size(query: Mapping[str, str]) -> int:
    """How many are asked for.

    Raises:
        VaultError: it is no number from 1 to 25.
    """
    text = query.get("maxresults", str(MOST))
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= MOST):
        raise bad(f"maxresults is a number from 1 to {MOST}.")
    return int(text)


def after(query: Mapping[str, str]) -> str:
    """After which key the list goes on, "" for its beginning.

    Raises:
        VaultError: the token is none that was given out.
    """
    token = query.get("$skiptoken", "")
    try:
        found = base64.b64decode(token.encode(), b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeError):
        raise bad("$skiptoken is none that a list has given.") from None
    if found and not NAME.fullmatch(found):
        raise bad("$skiptoken is none that a list has given.")
    return found


def page(
    rows: Sequence[Any], key: Callable[[Any], str], shown: Callable[[Any], Any], query: Mapping[str, str], url: str
) -> dict[str, Any]:
    """The rows that fit, shown, and the link to the rest."""
    most = size(query)
    kept = rows[:most]
    link = None
    if len(rows) > most:
        token = base64.urlsafe_b64encode(key(kept[-1]).encode()).decode()
        link = f"{url}?api-version={quote(query['api-version'])}&$skiptoken={quote(token)}&maxresults={most}"
    return {"value": [shown(row) for row in kept], "nextLink": link}
