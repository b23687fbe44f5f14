"""One request to a vault, as the parts that answer it see it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ringfence.record import field, record
from ringfence.twin.message import as_json
from ringfence.twin.vault import access
from ringfence.twin.vault.address import Item
from ringfence.twin.vault.errors import bad
from ringfence.twin.vault.shelf import Shelf

if TYPE_CHECKING:
    from datetime import datetime

    from ringfence.model.principal import Principal
    from ringfence.model.resource import Implied, Resource
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request, Response
    from ringfence.twin.vault.address import Sort
    from ringfence.twin.vault.vault import Vault

_DEPTH = 16


@record(eq=False, frozen=False)
class Call:
    """What is asked of which vault."""

    ground: Ground
    vault: Vault
    sort: Sort
    name: str
    version: str
    query: dict[str, str]
    content: dict[str, Any]
    """The body, {} when there is none."""
    principal: Principal
    details: dict[str, Any] = field(default_factory=dict)
    """What the log tells beside the rest: columns by Azure's names."""

    @property
    def shelf(self) -> Shelf:
        """Where the items of its sort lie."""
        return self.beside(self.sort)

    def beside(self, sort: Sort) -> Shelf:
        """Where the items of another sort lie in the same vault."""
        return Shelf(self.ground.store, self.vault, sort, self.ground.now)

    @property
    def item(self) -> Item:
        """The item that it is about."""
        return Item(self.sort, self.name, self.version)

    @property
    def place(self) -> Resource | Implied:
        """What a role may be given on to allow it."""
        return access.place(self.ground.present, self.vault.resource, self.item if self.name else None)

    @property
    def id(self) -> str:
        """The id of the item or the version that it is about, or the vault's for a list."""
        return f"{self.vault.url}/{self.item.path}" if self.name else self.vault.url

    @property
    def now(self) -> datetime:
        """The time."""
        return self.ground.now()

    @property
    def list_url(self) -> str:
        """Where a list that it asks for goes on."""
        return f"{self.vault.url}/{self.sort}"


def body(request: Request) -> dict[str, Any]:
    """The request's body.

    Raises:
        VaultError: it is no JSON object.
    """
    if not request.body:
        return {}
    try:
        found = json.loads(request.body, parse_constant=_none)
    except (ValueError, RecursionError):
        raise bad("The request's body is not JSON.") from None
    if not isinstance(found, dict) or _deeper(found, _DEPTH):
        raise bad("The request's body is no JSON object, or one inside too many others.")
    return found


def _none(name: str) -> None:
    raise ValueError(name)


def _deeper(content: Any, depth: int) -> bool:
    """True when something is inside more objects and lists than that."""
    inner = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return depth < 0 or any(_deeper(one, depth - 1) for one in inner)


def done(content: Any, status: int = 200) -> Response:
    """The answer to what has been done."""
    return as_json(status, content)
