"""What a reader of ARM JSON yields: one object of a template or of an export, before anything is known of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.origin import Origin
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.symbol import Value

Json = dict[str, Any]

RECENT = 2048
"""How many objects are kept parsed."""


@record(frozen=False, eq=False)
class Source:
    """One file, and what it can hold.

    In a template absence is a fact: what is not written is not made. An export holds what its query asked for, and
    never what only another interface tells.
    """

    file: str
    export: bool
    parse: Callable[[Any], Json] = field(default=dict)
    """Makes the JSON object of what a record keeps of it."""
    columns: set[str] = field(default_factory=set)
    """Of an export: the names that some row has; what none has was not asked for."""
    world: str = ""


@record(frozen=False, eq=False)
class Item:
    """One object: a resource, or a part of one.

    `raw` is its text, parsed when it is asked for, or the object itself. A part that stands inside another object has
    that one as `within`, and `raw` is the place in it.
    """

    id: str
    """The ARM id as it is written; in a template, without the group that it is deployed to."""
    key: str
    """The id in lower case."""
    type: str
    """The ARM type in lower case."""
    source: Source
    line: int
    raw: Any
    within: Item | None = None
    presence: Value = True
    plural: bool = False

    @property
    def content(self) -> Json:
        """The JSON object."""
        if self.within is not None:
            return self.raw(self.within.content)  # type: ignore[no-any-return]  # a function that takes the part out
        if isinstance(self.raw, dict):
            return self.raw
        found = _recent.get(self.key)
        if found is None or found[0] is not self.raw:
            remember(self, self.source.parse(self.raw))
            found = _recent[self.key]
        return found[1]

    def like(self, content: Json) -> Item:
        """A part of this one, with its id and place."""
        return Item(self.id, self.key, "", self.source, self.line, content)

    @property
    def path(self) -> str:
        """The whole id; in a template, in lower case and with words for where it is deployed to."""
        return self.id if self.source.export else self.key

    @property
    def origin(self) -> Origin:
        return Origin(self.source.file, self.line)


_recent: dict[str, tuple[Any, Json]] = {}
"""The objects that were asked for last, so that reading one field after the other parses once."""


def remember(item: Item, content: Json) -> None:
    """Keeps the object of an item that was just parsed, for whoever asks next."""
    if len(_recent) >= RECENT:
        _recent.clear()
    _recent[item.key] = (item.raw, content)


def kind_of(id: str) -> str:
    """The ARM type in an id in lower case: ``microsoft.keyvault/vaults/keys``; "" when it is no such id.

    An extension's type is its own, without that of its scope. Subscriptions and groups have the type of Azure's words.
    """
    steps = id.strip("/").split("/")
    folded = [s.casefold() for s in steps]
    if "providers" in folded:
        at = len(folded) - 1 - folded[::-1].index("providers")
        return "/".join([*folded[at + 1 : at + 2], *folded[at + 2 :: 2]])
    if folded[:1] == ["subscriptions"]:
        return {2: "microsoft.resources/subscriptions", 4: "microsoft.resources/resourcegroups"}.get(len(steps), "")
    return ""


def above(id: str) -> str:
    """The id of the resource that a child's id begins with; "" of one that is no child."""
    head, word, tail = id.rpartition("/providers/")
    steps = tail.split("/")
    return f"{head}{word}{'/'.join(steps[:-2])}" if word and len(steps) > 3 else ""


def scope(id: str) -> str:
    """What an extension is placed on: the id before its last ``providers``; "/" for the tenant."""
    return id[: id.casefold().rindex("/providers/")] or "/" if "/providers/" in id.casefold() else ""


def group(id: str) -> str:
    """The id of the resource group that an id is in; "" of one that is in none."""
    steps = id.split("/", 5)
    inside = len(steps) > 4 and steps[1].casefold() == "subscriptions" and steps[3].casefold() == "resourcegroups"
    return "/".join(steps[:5]) if inside else ""


def subscription(id: str) -> str:
    """The id of the subscription that an id is in; "" of one that is in none."""
    steps = id.split("/", 3)
    return "/".join(steps[:3]) if len(steps) > 2 and steps[1].casefold() == "subscriptions" else ""
