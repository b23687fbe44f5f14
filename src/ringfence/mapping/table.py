"""The form of a mapping table: how one kind's fields are spelled by the azurerm versions and by ARM.

One table per kind serves reading now and writing later. Intervals are those of `versions`. A Terraform path is dotted
(``network_rules.default_action``); each step before the last is a nested block of which at most one exists. An ARM path
is as `arm.path` says. Azure's own default (`azure`) stands when nothing is written and the provider has no default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.mapping.declaration import Body
    from ringfence.model.resource import Block, Resource

Spelling = str | dict[str, str]
"""One Terraform path for all versions, or by interval; "" where a version cannot express the field."""

NO_DEFAULT: Any = object()
"""The provider has no default: Azure decides."""


@record()
class Codec:
    """A two-way pair between the Terraform value and ARM's. Both get and give known values."""

    read: Callable[[Any], Any]
    write: Callable[[Any], Any]


@record()
class Row:
    """One field. `default` is the provider's: a value for all versions, or a dict by interval."""

    field: str
    arm: str
    tf: Spelling
    default: Any = NO_DEFAULT
    azure: Any = None
    codec: Codec | dict[str, Codec] | None = None
    """For all spellings, or by Terraform path."""
    arm_codec: Codec | None = None
    """Where ARM's JSON has another form than the field."""


@record()
class Reference:
    """A field that refers to another resource; see `model.value.Link` for `by`, `to` and `scope`.

    `by` is one word for all spellings, or one by Terraform path. `scope` holds the Terraform paths of the
    names of the parents, from the outside in. With `many` the argument is a list of references and the
    field a `Many` of links.
    """

    field: str
    arm: str
    tf: Spelling
    by: str | dict[str, str] = "id"
    to: str = ""
    scope: tuple[str, ...] = ()
    many: bool = False
    single: tuple[str, ...] = ()
    """Of a `many` field: the Terraform paths at which one reference is written and not a list."""
    arm_codec: Codec | None = None
    """Where ARM's JSON has another form than an id."""


@record(eq=False)
class Nested:
    """A block that may occur several times; the field is a `Many` of `kind`."""

    field: str
    arm: str
    tf: Spelling
    kind: type[Block]
    rows: tuple[Row | Reference | Nested, ...]
    azure: tuple[Any, ...] = ()


@record()
class Computed:
    """A field worked out from other fields of the same resource.

    `read` gets the resource and returns an `Attr`, `Many` or `Link`.
    """

    field: str
    arm: str
    read: Callable[[Any], Any]


AnyRow = Row | Reference | Nested | Computed


@record(eq=False)
class Fold:
    """A Terraform resource that only configures another: its rows supply fields of the target's table.

    `into` names the target's kind; `target` is the reference that finds it. A row whose field is a
    `Nested` or ``many`` field of the target adds items to it.
    """

    terraform: str
    into: type[Resource]
    target: Reference
    rows: tuple[AnyRow, ...]
    whole: str = ""
    """When set, the folding block as a whole is one item of this `Nested` field of the target."""
    item: type[Block] | None = None
    """The kind of that item; `rows` are then its rows."""
    alone: Table | None = None
    """What the Terraform resource becomes when its target is not among the resources: judged by itself, not lost."""


@record(eq=False)
class Table:
    """The mapping of one kind."""

    kind: type[Resource]
    terraform: tuple[str, ...]
    """The Terraform types that declare it (``azurerm_linux_web_app``, ``azurerm_windows_web_app``)."""
    rows: tuple[AnyRow, ...]
    arm: str = ""
    """The ARM type; that of the kind when empty."""
    parent: Reference | None = None
    """The resource it is a child of, such as the vault of a secret."""
    unique: str = "resource group"
    """Within what its name is unique: "azure" for all of Azure, "resource group", or "parent"."""
    implies: tuple[str, ...] = ()
    """ARM types of which a resource of the same name and parent exists because this one does."""
    fixed: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By Terraform type: fields that the type itself decides (a linux web app's ``os_type``)."""
    view: Callable[[Body, str], Body] | None = None
    """Where arguments do not spell fields: the body of a Terraform type as one whose arguments do."""


def row(
    name: str,
    arm: str,
    tf: Spelling,
    *,
    default: Any = NO_DEFAULT,
    azure: Any = None,
    codec: Codec | dict[str, Codec] | None = None,
    arm_codec: Codec | None = None,
) -> Row:
    """A plain field."""
    return Row(name, arm, tf, default, azure, codec, arm_codec)


NOT = Codec(lambda v: None if v is None else not v, lambda v: None if v is None else not v)
"""A field that Terraform spells the other way round."""


def flag(on: str, off: str) -> Codec:
    """ARM's two words for what Terraform has as a bool, or as the string of one."""
    words = {True: on, "true": on, "1": on, False: off, "false": off, "0": off}
    return Codec(
        lambda v: words.get(v, v) if isinstance(v, (bool, str)) else v, lambda v: None if v is None else v == on
    )


COMMON: tuple[AnyRow, ...] = (
    Row("name", "name", "name"),
    Row("resource_group", "@group", "resource_group_name"),
    Row("location", "location", "location"),
    Reference("group", "@group", "resource_group_name", by="name", to="Microsoft.Resources/resourceGroups"),
)
"""The rows that nearly every kind begins with."""
