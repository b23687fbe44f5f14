"""Resources written through the azapi provider: their ``type`` says what they are.

Source: registry.terraform.io/providers/Azure/azapi, resource azapi_resource. The properties stand in ``body``, whose
objects are blocks to a table that has `Opened` as its view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.mapping.identity import IDENTITY
from ringfence.mapping.json_body import Opened
from ringfence.mapping.machine_learning import REGISTRY
from ringfence.mapping.table import Fold, Reference, Row, Table
from ringfence.model.databricks import AccessConnector
from ringfence.model.machine_learning import MachineLearningRegistry
from ringfence.model.symbol import plain

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration

TYPE = "azapi_resource"

_IN_GROUP = (
    Row("name", "name", "name"),
    Row("resource_group", "", {}),
    Row("location", "location", "location"),
    Reference("group", "", "parent_id", to="Microsoft.Resources/resourceGroups"),
)

_KINDS = {
    AccessConnector.arm_type.casefold(): Table(AccessConnector, (TYPE,), rows=(*_IN_GROUP, *IDENTITY)),
    MachineLearningRegistry.arm_type.casefold(): Table(
        MachineLearningRegistry,
        (TYPE,),
        rows=(*_IN_GROUP, *IDENTITY, *REGISTRY),
        view=Opened,
    ),
}
"""By ARM type in lower case."""

TABLES = tuple(_KINDS.values())
FOLDS: tuple[Fold, ...] = ()


def arm_type(declaration: Declaration) -> str:
    """The ARM type without its API version; "" when it is not known."""
    written = declaration.body.attribute("type")
    value = plain(written.value) if written else None
    return value.partition("@")[0] if isinstance(value, str) else ""


def table(declaration: Declaration) -> Table | None:
    """The table of the declared ARM type; None when no kind has it."""
    return _KINDS.get(arm_type(declaration).casefold())
