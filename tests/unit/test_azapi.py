"""Resources written through azapi: their type says what they are."""

from ringfence.model.authorization import RoleAssignment
from ringfence.model.databricks import AccessConnector
from ringfence.model.principal import principals
from ringfence.model.resource import Untyped
from ringfence.model.symbol import Ref
from tests.support import declare, estate

TYPE = "Microsoft.Databricks/accessConnectors@2022-04-01-preview"
GROUP = Ref(".#azurerm_resource_group.rg", ("id",))


def test_an_access_connector_is_one_however_it_is_written() -> None:
    found = estate(
        declare("azurerm_resource_group.rg", name="rg"),
        declare("azapi_resource.c", type=TYPE, name="c", parent_id=GROUP, identity=[{"type": "SystemAssigned"}]),
        declare("azurerm_databricks_access_connector.d", name="d", resource_group_name="rg"),
        declare(
            "azurerm_role_assignment.a",
            scope="/",
            principal_id=Ref(".#azapi_resource.c", ("identity", "0", "principal_id")),
        ),
    )
    assert [c.address for c in found.of(AccessConnector)] == [
        "azapi_resource.c",
        "azurerm_databricks_access_connector.d",
    ]
    connector = found.of(AccessConnector)[0]
    assert found.target(connector, connector.group) is found.resources[".#azurerm_resource_group.rg"]
    (assignment,) = found.of(RoleAssignment)
    (principal,) = principals(found, assignment, assignment.principal)
    assert principal.key == ".#azapi_resource.c/identity"


def test_a_data_source_stands_for_the_resource_of_its_type_and_name() -> None:
    found = estate(
        declare("azapi_resource.c", type=TYPE, name="c"),
        declare("data.azapi_resource.c", type=TYPE, name="c"),
        declare(
            "azurerm_role_assignment.a",
            scope="/",
            principal_id=Ref(".#data.azapi_resource.c", ("identity", "0", "principal_id")),
        ),
    )
    (assignment,) = found.of(RoleAssignment)
    assert found.target(assignment, assignment.principal) is found.resources[".#azapi_resource.c"]


def test_another_type_is_kept_with_its_arm_type() -> None:
    found = estate(declare("azapi_resource.x", type="Microsoft.Unheard/of@2024-01-01", name="x"))
    resource = found.resources[".#azapi_resource.x"]
    assert isinstance(resource, Untyped)
    assert resource.type == "Microsoft.Unheard/of"
    assert resource.title == "x"
