"""The link step: what a reference refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.mapping import index
from ringfence.mapping.names import canonical, provider_path, segments
from ringfence.mapping.read import Reading
from ringfence.mapping.table import Reference
from ringfence.model.resource import External, Implied, Resource, Untyped
from ringfence.model.symbol import Apply, Choice, Error, Input, Ref, Text
from ringfence.model.value import Link, Unknown
from tests.support import declare, estate

if TYPE_CHECKING:
    from ringfence.model.estate import Estate, Target

KV = ".#azurerm_key_vault.kv"


def targets(found: Estate, value: object, by: str = "id", to: str = "", scope: object = ()) -> object:
    source = found.resources[KV]
    return found.resolve(source, Link("x", value, source.origin, by, to, scope))  # type: ignore[arg-type]


def only(found: object) -> Target:
    assert isinstance(found, tuple), found
    assert len(found) == 1, found
    target: Target = found[0]
    return target


def resource_key(found: object) -> str:
    end = only(found).resource
    assert isinstance(end, Resource), end
    return end.key


def vaults() -> Estate:
    return estate(
        declare("azurerm_key_vault.kv", name="kv-prod", resource_group_name="rg"),
        declare("azurerm_key_vault.other", name=Text(("KV-", Input(".", "env"))), resource_group_name="rg"),
        declare("data.azurerm_key_vault.seen", root="b", name=Text(("kv-", Apply("lower", (Input(".", "env"),))))),
        declare("data.azurerm_key_vault.far", root="b", name="elsewhere"),
        declare("data.azurerm_key_vault.open", root="b", name=Input("b", "kv_name")),
    )


def test_a_reference_is_sure_although_the_id_is_unknown() -> None:
    assert resource_key(targets(vaults(), Ref(KV, ("id",)))) == KV


def test_a_data_source_stands_for_the_resource_it_names_without_case() -> None:
    assert resource_key(targets(vaults(), Ref("b#data.azurerm_key_vault.seen", ("id",)))) == ".#azurerm_key_vault.other"


def test_a_data_source_that_nothing_declares_is_known_by_name_only() -> None:
    end = only(targets(vaults(), Ref("b#data.azurerm_key_vault.far", ("id",)))).resource
    assert isinstance(end, External)
    assert end.name == "elsewhere"


def test_a_data_source_with_an_unknown_name_may_be_any_vault() -> None:
    found = targets(vaults(), Ref("b#data.azurerm_key_vault.open", ("id",)))
    assert isinstance(found, Unknown)
    assert found.needs[0].why == "variable kv_name has no value in world prod"


def test_a_child_id_is_implied_by_its_parent() -> None:
    end = only(targets(vaults(), Text((Ref(KV, ("id",)), "/keys/K1")))).resource
    assert isinstance(end, Implied)
    assert (end.parent.key, end.path) == (KV, ("keys", "k1"))


def test_another_attribute_names_something_implied() -> None:
    end = only(targets(vaults(), Ref(KV, ("managed_resource_group_id",)))).resource
    assert isinstance(end, Implied)


def test_a_full_id_finds_the_declared_resource() -> None:
    subscription = Ref("@client_config", ("subscription_id",))
    full = Text(("/subscriptions/", subscription, "/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/KV-prod"))
    assert resource_key(targets(vaults(), full)) == KV
    child = Text((*full.parts[:-1], str(full.parts[-1]) + "/secrets/s"))
    assert isinstance(only(targets(vaults(), child)).resource, Implied)


def test_an_undecided_conditional_gives_possible_targets() -> None:
    choice = Choice(Input(".", "x"), Ref(KV, ("id",)), None)
    assert only(targets(vaults(), choice)).certainty == "possible"


def test_a_function_of_one_reference_is_derived() -> None:
    found = targets(vaults(), Apply("replace", (Ref(KV, ("id",)), "|", "")))
    assert only(found).certainty == "derived"
    two = Apply("join", ("", Ref(KV, ("id",)), Ref(".#azurerm_key_vault.other", ("id",))))
    assert isinstance(targets(vaults(), two), Unknown)


def test_a_name_finds_the_resource_in_its_group() -> None:
    twins = estate(
        declare("azurerm_key_vault.kv", name="same", resource_group_name="a"),
        declare("azurerm_key_vault.b", name="same", resource_group_name="b"),
    )
    arm = "Microsoft.KeyVault/vaults"
    assert resource_key(targets(twins, "SAME", "name", arm, (("resource_group_name", "b"),))) == ".#azurerm_key_vault.b"
    assert isinstance(targets(twins, "same", "name", arm), Unknown)


def test_a_name_in_another_known_group_is_another_resource() -> None:
    nets = estate(
        declare("azurerm_key_vault.kv", name="x"),
        declare("azurerm_resource_group.a", name="a"),
        declare("azurerm_resource_group.far", name="b", location="uksouth"),
    )
    assert isinstance(only(targets(nets, "c", "name", "Microsoft.Resources/resourceGroups")).resource, External)


def test_canonical_forgets_case_and_keeps_roots_apart() -> None:
    assert canonical(Text(("A", Input("r", "x")))) == canonical(Text(("a", Apply("upper", (Input("r", "x"),)))))
    assert canonical(Input("r", "x")) != canonical(Input("s", "x"))


def test_ids_are_cut_at_slashes_only() -> None:
    x = Input(".", "x")
    assert segments(Text(("/subscriptions/", x, "/a-", x))) == ("subscriptions", x, Text(("a-", x)))
    path = segments("/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv/keys/k")
    assert provider_path(path) == ("microsoft.keyvault/vaults/keys", ("kv", "k"))


def test_a_reading_refuses_an_argument_of_another_version() -> None:
    declaration = declare("azurerm_key_vault.kv", version="4.81.0", old_name=("a",))
    row = Reference("x", "", {"<4.0": "old_name", ">=4.0": "new_name"})
    link = Reading(declaration.body, {"x": row}, Untyped, declaration.versions, _Nothing()).read("x")
    assert link.value == Error("azurerm 4.81.0 has no argument old_name (written at main.tf:1)")


class _Nothing:
    world = "prod"

    def supplied(self, key: str, field: str) -> tuple[list[object], None]:
        return [], None


def test_every_indexed_type_has_a_table_or_a_fold() -> None:
    for module, types in index.MODULES.items():
        for terraform in types:
            assert index.table(terraform) or index.fold(terraform), (module, terraform)
