"""ARM templates: nested resources, expressions, loops, conditions, extensions and inner deployments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.errors import InputError
from ringfence.model.identity import UserAssignedIdentity
from ringfence.model.keyvault import Key, KeyVault, Secret
from ringfence.model.monitor import DiagnosticSetting
from ringfence.model.network import Subnet, VirtualNetwork
from ringfence.model.principal import principals
from ringfence.model.resource import External, Implied
from ringfence.model.storage import StorageAccount
from ringfence.model.value import Absent, Known, Unknown
from ringfence.model.world import Change, Ledger, World
from tests.arm.support import of, resource, template

if TYPE_CHECKING:
    from pathlib import Path

VAULT = "Microsoft.KeyVault/vaults"


def test_a_key_is_the_file_and_the_id_and_the_origin_is_its_line(tmp_path: Path) -> None:
    import json

    found = of(tmp_path, json.dumps(template(resource(VAULT, "kv")), indent=1))
    vault = found.of(KeyVault)[0]
    assert (vault.key, vault.address) == ("0.json#Microsoft.KeyVault/vaults/kv", "Microsoft.KeyVault/vaults/kv")
    assert str(vault.origin) == "0.json:5"


def test_nested_and_joined_names_are_the_same_child(tmp_path: Path) -> None:
    nested = resource(VAULT, "kv", resources=[resource("secrets", "one"), resource(f"{VAULT}/secrets", "kv/two")])
    found = of(tmp_path, template(nested, resource(f"{VAULT}/secrets", "kv/three")))
    secrets = found.of(Secret)
    assert [s.title for s in secrets] == ["one", "three", "two"]
    assert {found.parent(s)[0].resource for s in secrets} == {found.of(KeyVault)[0]}  # type: ignore[index]
    assert {found.target(s, s.vault) for s in secrets} == {found.of(KeyVault)[0]}


def test_resources_may_have_symbolic_names(tmp_path: Path) -> None:
    resources = {
        "vault": resource(VAULT, "kv"),
        "logs": resource("Microsoft.Insights/diagnosticSettings", "d", scope="vault"),
        "other": resource(VAULT, "there", existing=True),
    }
    found = of(tmp_path, template(languageVersion="2.0") | {"resources": resources})
    assert [v.title for v in found.of(KeyVault)] == ["kv"]
    setting = found.of(DiagnosticSetting)[0]
    assert found.target(setting, setting.target) is found.of(KeyVault)[0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("[parameters('given')]", "from-world"),
        ("[parameters('fallback')]", "fallback"),
        ("[variables('v')]", "of-variable"),
        ("[concat('kv-', parameters('fallback'))]", "kv-fallback"),
        ("[format('{0}-{1}', 'a', 3)]", "a-3"),
        ("[toLower('KV')]", "kv"),
        ("[[literal]", "[literal]"),
        ("[if(equals(parameters('fallback'), 'FALLBACK'), 'yes', 'no')]", "yes"),
        ("[parameters('shape').names[1]]", "b"),
    ],
)
def test_the_few_expressions_that_are_evaluated(tmp_path: Path, name: str, expected: str) -> None:
    document = template(
        resource(VAULT, name),
        parameters={
            "given": {"type": "string"},
            "fallback": {"type": "string", "defaultValue": "fallback"},
            "shape": {"type": "object", "defaultValue": {"names": ["a", "b"]}},
        },
        variables={"v": "of-variable"},
    )
    found = of(tmp_path, document, world=World("prod", variables={"given": "from-world"}))
    assert found.of(KeyVault)[0].name == Known("name", expected, found.of(KeyVault)[0].origin)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("[uniqueString(resourceGroup().id)]", "ARM expression [uniqueString(resourceGroup().id)] is not evaluated"),
        ("[parameters('p')]", "parameter p has no value in world prod"),
        ("[variables('loop')]", "variable loop refers to itself"),
        ("[parameters(", "ARM expression [parameters(] is not evaluated"),
    ],
)
def test_any_other_expression_is_unknown_and_says_so(tmp_path: Path, value: str, why: str) -> None:
    document = template(
        resource(VAULT, "kv", {"publicNetworkAccess": value if value.endswith("]") else value + "]"}),
        parameters={"p": {"type": "string"}},
        variables={"loop": "[variables('loop')]"},
    )
    field = of(tmp_path, document).of(KeyVault)[0].public_network_access
    assert isinstance(field, Unknown)
    assert [n.why for n in field.needs] == [why]


def test_a_reference_keeps_its_edge_although_the_name_is_unknown(tmp_path: Path) -> None:
    name = "[concat('kv', uniqueString('x'))]"
    policy = {
        "objectId": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'u')).principalId]"
    }
    found = of(
        tmp_path,
        template(
            resource(VAULT, name, {"accessPolicies": [policy]}),
            resource("Microsoft.ManagedIdentity/userAssignedIdentities", "u"),
            resource(
                "Microsoft.Network/privateEndpoints",
                "pe",
                {
                    "privateLinkServiceConnections": [
                        {"properties": {"privateLinkServiceId": f"[resourceId('{VAULT}', {name[1:-1]})]"}}
                    ]
                },
            ),
        ),
    )
    from ringfence.model.private_endpoint import PrivateEndpoint

    vault, endpoint = found.of(KeyVault)[0], found.of(PrivateEndpoint)[0]
    assert found.target(endpoint, endpoint.target) is vault
    who = principals(found, vault, vault.access_policies.items[0].object_id)
    assert [p.resource for p in who] == list(found.of(UserAssignedIdentity))  # type: ignore[union-attr]


def test_conditions_and_loops(tmp_path: Path) -> None:
    ledger = Ledger()
    document = template(
        resource(VAULT, "no", condition=False),
        resource(VAULT, "perhaps", condition="[greater(1, 2)]"),
        resource(VAULT, "[concat('kv', copyIndex())]", copy={"name": "each", "count": 3}),
        resource(VAULT, "[concat('many', copyIndex())]", copy={"name": "each", "count": "[parameters('n')]"}),
        parameters={"n": {"type": "int"}},
    )
    found = {v.title: v for v in of(tmp_path, document, ledger=ledger).of(KeyVault)}
    assert {"perhaps", "kv0", "kv1", "kv2"} < set(found)
    assert len(found) == 5
    assert isinstance(found["perhaps"].presence, Unknown)
    assert [v.plural for t, v in found.items() if t.startswith("many")] == [True]
    assert ledger.skipped == [("Microsoft.KeyVault/vaults no", "its condition is false")]


def test_a_child_whose_condition_is_false_is_not_there_whatever_its_parent_is(tmp_path: Path) -> None:
    inside = [resource("secrets", "no", condition=False), resource("secrets", "perhaps")]
    found = of(tmp_path, template(resource(VAULT, "kv", condition="[greater(1, 2)]", resources=inside)))
    assert [(s.title, isinstance(s.presence, Unknown)) for s in found.of(Secret)] == [("perhaps", True)]


def test_properties_may_be_made_by_a_loop(tmp_path: Path) -> None:
    part = {"name": "[concat('s', copyIndex('subnets'))]", "properties": {"addressPrefix": "10.0.0.0/24"}}
    loop = {"copy": [{"name": "subnets", "count": 2, "input": part}]}
    found = of(tmp_path, template(resource("Microsoft.Network/virtualNetworks", "v", loop)))
    assert [s.title for s in found.of(Subnet)] == ["s0", "s1"]


def test_a_list_of_children_that_is_not_known_leaves_them_open(tmp_path: Path) -> None:
    properties = {"subnets": "[parameters('subnets')]"}
    parameters = {"subnets": {"type": "array"}}
    found = of(
        tmp_path, template(resource("Microsoft.Network/virtualNetworks", "v", properties), parameters=parameters)
    )
    subnets = found.all_of(Subnet)
    assert (subnets.items, subnets.open is not None) == ((), True)
    assert found.all_of(VirtualNetwork).open is None


def test_an_inner_deployment_is_followed_and_a_linked_one_is_unread(tmp_path: Path) -> None:
    inner = template(resource(VAULT, "[parameters('name')]"), parameters={"name": {"type": "string"}})
    properties = {
        "expressionEvaluationOptions": {"scope": "inner"},
        "template": inner,
        "parameters": {"name": {"value": "[concat('in', 'ner')]"}},
    }
    ledger = Ledger()
    document = template(
        resource("Microsoft.Resources/deployments", "a", properties),
        resource("Microsoft.Resources/deployments", "b", {"templateLink": {"uri": "https://x"}}),
    )
    found = of(tmp_path, document, ledger=ledger)
    assert [v.title for v in found.of(KeyVault)] == ["inner"]
    assert [why for _, why in ledger.unread] == ["a linked template is not read"]
    assert found.all_of(StorageAccount).open is not None


def test_a_parameters_file_lies_beside_its_template(tmp_path: Path) -> None:
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#"
    given = {"$schema": schema, "contentVersion": "1.0.0.0", "parameters": {"name": {"value": "given"}}}
    found = of(
        tmp_path, template(resource(VAULT, "[parameters('name')]"), parameters={"name": {"type": "string"}}), given
    )
    assert [v.title for v in found.of(KeyVault)] == ["given"]


def test_ids_below_a_resource_are_its_children_or_implied(tmp_path: Path) -> None:
    uri = "https://kv.vault.azure.net/keys/{0}"
    stores = [
        resource(
            "Microsoft.Storage/storageAccounts",
            f"st{n}",
            {"encryption": {"keyVaultProperties": {"keyVaultUri": u, "keyName": n}}},
        )
        for n, u in (
            ("declared", "https://kv.vault.azure.net"),
            ("implied", "[reference('kv').vaultUri]"),
            ("gone", "https://o.vault.azure.net"),
        )
    ]
    found = of(tmp_path, template(resource(VAULT, "kv", resources=[resource("keys", "declared")]), *stores))
    ends: dict[str, Any] = {s.title: found.target(s, s.encryption_key) for s in found.of(StorageAccount)}
    assert ends["stdeclared"] is found.of(Key)[0]
    assert isinstance(ends["stgone"], External)
    assert ends["stimplied"] is None or isinstance(ends["stimplied"], Implied)
    assert uri


def test_what_is_not_written_is_absent_with_azures_default(tmp_path: Path) -> None:
    vault = of(tmp_path, template(resource(VAULT, "kv"))).of(KeyVault)[0]
    assert isinstance(vault.network_acls_default_action, Absent)
    assert (vault.network_acls_default_action.default, vault.public_network_access.default) == ("Allow", "Enabled")  # type: ignore[union-attr]


def test_a_supposition_leaves_a_resource_and_its_parts_out(tmp_path: Path) -> None:
    document = template(resource(VAULT, "kv", resources=[resource("secrets", "s")]), resource(VAULT, "other"))
    ledger = Ledger()
    world = World("prod", change=Change(("0.json#Microsoft.KeyVault/vaults/kv", "nothing")))
    found = of(tmp_path, document, world=world, ledger=ledger)
    assert [r.title for r in found.of(KeyVault)] == ["other"]
    assert found.of(Secret) == ()
    assert [p.message for p in ledger.problems] == [
        "nothing is declared nowhere in world prod, so nothing was left out"
    ]


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ('{"$schema": "x/deploymentTemplate.json",\n "resources": [', "0.json:2", "this is not JSON"),
        ('{"a": 1,\n "a": 2}', "0.json:2", "a is written twice"),
        ('{"a": 1}', "0.json", "this is neither an ARM template nor"),
        ('{"$schema": "deploymentTemplate.json", "resources": [{"a": 1, "a": 2}]}', "0.json:1", "a is written twice"),
        ("[" * 100_000, "0.json:1", "nested too deeply"),
        ("", "0.json", "the file is empty"),
        ("hello", "0.json:1", "this is not JSON"),
        ('[{"id": 1e999}, NaN]', "0.json:1", "NaN is no JSON"),
        ('{"format_version": "1.2"}', "0.json", "this is a plan or a state of Terraform"),
        ('{"version": 4, "terraform_version": "1", "serial": 1}', "0.json", "this is a raw state file"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_line(tmp_path: Path, text: str, where: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        of(tmp_path, text)
    assert error.value.where == where
    assert message in error.value.message
