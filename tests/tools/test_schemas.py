"""What a provider registers is compiled into lines that the facts read back."""

from __future__ import annotations

from ringfence.facts import schemas
from tools.schemas import compiled

REGISTERED = {
    "attrs": {
        "name": {"mode": "required", "type": "string", "force_new": True},
        "days": {"mode": "optional", "type": "int", "default": 7, "range": [7, 90]},
        "old": {"mode": "optional", "type": "bool", "deprecated": "`old` is deprecated in favour of `new`"},
        "rule": {
            "mode": "optional",
            "type": "list",
            "kind": "block",
            "max": 1,
            "attrs": {
                "kind": {"mode": "required", "type": "string", "values": ["a", "b"]},
                "text": {"mode": "optional", "type": "string", "exactly_one_of": ["rule.0.text", "rule.0.key"]},
                "key": {"mode": "optional", "type": "string", "sensitive": True, "write_only": True},
            },
        },
        "uri": {"mode": "computed", "type": "string"},
    }
}


def test_a_schema_is_compiled() -> None:
    assert list(compiled("azurerm_x", REGISTERED)) == [
        "@@ resource azurerm_x",
        " days\t?int\trange=7..90",
        " name\t!string",
        " old\t?bool\tdeprecated=new",
        " rule\t?block\tcount=0..1",
        "  key\t?string\twrite_only=\tsensitive=",
        "  kind\t!string\tvalues=a|b",
        "  text\t?string",
        " uri\t=string",
        " @one\trule.key\trule.text",
    ]


def test_the_facts_are_read_back() -> None:
    vault = schemas.schema("resource", "azurerm_key_vault")
    assert vault is not None
    assert vault.arguments["soft_delete_retention_days"].bounds("range") == (7, 90)
    assert vault.arguments["network_acls"].inner["bypass"].values == ("None", "AzureServices")
    assert schemas.schema("resource", "azurerm_castle") is None
    assert schemas.is_sensitive("resource", "azurerm_kubernetes_cluster", ("kube_config", "0", "host"))
    assert not schemas.is_sensitive("resource", "azurerm_key_vault", ("vault_uri",))
