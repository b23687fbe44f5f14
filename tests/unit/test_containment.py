"""What a resource is in: its group and its parent."""

from ringfence.mapping.read import Reading
from ringfence.mapping.table import Reference
from ringfence.mapping.versions import candidates
from ringfence.model.resource import Untyped
from ringfence.model.symbol import Input, Ref, Text
from ringfence.model.value import Many
from tests.support import DictBody, declare, estate


class _Alone:
    world = "prod"

    def supplied(self, key: str, field: str) -> tuple[list, None]:
        return [], None


def test_the_group_is_found_by_its_name_though_only_part_of_it_is_known() -> None:
    name = Text(("rg-", Input(".", "suffix")))
    found = estate(
        declare("azurerm_resource_group.rg", name=name),
        declare("azurerm_key_vault.kv", name="kv", resource_group_name=name),
    )
    vault = found.resources[".#azurerm_key_vault.kv"]
    assert found.target(vault, vault.group) is found.resources[".#azurerm_resource_group.rg"]


def test_the_parent_of_a_secret_is_its_vault() -> None:
    found = estate(
        declare("azurerm_key_vault.kv", name="kv"),
        declare("azurerm_key_vault_secret.s", name="s", key_vault_id=Ref(".#azurerm_key_vault.kv", ("id",))),
    )
    parent = found.parent(found.resources[".#azurerm_key_vault_secret.s"])
    assert isinstance(parent, tuple)
    assert [t.resource for t in parent] == [found.resources[".#azurerm_key_vault.kv"]]
    assert found.parent(found.resources[".#azurerm_key_vault.kv"]) == ()


def test_a_field_of_many_may_have_a_spelling_with_one() -> None:
    both = {"<3.0": "user_assigned_identity_id", ">=3.0": "identity_ids"}
    row = Reference("identities", "", both, many=True, single=("user_assigned_identity_id",))
    one, two = Ref("a", ("id",)), Ref("b", ("id",))

    def read(version: str, **content: object) -> Many:
        body = DictBody(content)
        return Reading(body, {"identities": row}, Untyped, candidates("azurerm", version), _Alone()).read("identities")

    assert [link.value for link in read("2.71.0", user_assigned_identity_id=one)] == [one]
    assert [link.value for link in read("4.81.0", identity_ids=(one, two))] == [one, two]
    assert read("2.71.0", user_assigned_identity_id=one).open is None
