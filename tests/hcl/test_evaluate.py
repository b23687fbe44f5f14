"""Values of expressions in which something is not known, fails, is sensitive, or is meant to do harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.model.symbol import Apply, Choice, Error, Input, Instance, List, Map, Ref, Sensitive, Set, Text
from ringfence.readers.hcl.constraint import constraint
from ringfence.readers.hcl.evaluate import evaluate, references
from ringfence.readers.hcl.parse import parse_expression
from ringfence.readers.hcl.syntax import HclError
from ringfence.readers.hcl.types import ListOf, MapOf, ObjectOf, SetOf, TupleOf
from tests.hcl.console import Scope, ours

if TYPE_CHECKING:
    from ringfence.model.symbol import Value

KV = Ref(".#azurerm_key_vault.kv", ())
ID = Ref(".#azurerm_key_vault.kv", ("id",))
FLAG = Input(".", "flag")
LIST = Input(".", "list")
ATTRIBUTES: dict[str, Value] = {"name": "kv", "id": ID}
VAULT = Instance(".#azurerm_key_vault.kv", lambda name: ATTRIBUTES.get(name, Ref(".#azurerm_key_vault.kv", (name,))))
NAMES: dict[str, Value] = {
    "kv": KV,
    "id": ID,
    "flag": FLAG,
    "list": LIST,
    "vault": VAULT,
    "vaults": (VAULT,),
    "secret": Sensitive("s"),
}


def value(expression: str) -> object:
    return ours(expression, **NAMES)


def each(kind: str) -> Apply:
    return Apply(f"each.{kind}", (LIST,))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # traversals go on into what is not known
        ("kv.identity[0].principal_id", Ref(KV.key, ("identity", "0", "principal_id"))),
        ('kv.tags["a"]', Ref(KV.key, ("tags", "a"))),
        ("kv.identity.0.principal_id", Ref(KV.key, ("identity", "0", "principal_id"))),
        ("kv.identity[*].principal_id", Apply("splat", (Ref(KV.key, ("identity",)), "principal_id"))),
        ("kv.identity[*].principal_id[0]", Apply("splat", (Ref(KV.key, ("identity",)), "principal_id", 0))),
        ("kv.identity.*.principal_id[0]", Ref(KV.key, ("identity", "0", "principal_id"))),
        ("(kv.identity[*].principal_id)[1]", Ref(KV.key, ("identity", "1", "principal_id"))),
        ("list[0].name", Apply("[]", (Apply("[]", (LIST, 0)), "name"))),
        ("kv.identity[flag]", Apply("[]", (Ref(KV.key, ("identity",)), FLAG))),
        ("vault.name", "kv"),
        ("vault.vault_uri", Ref(KV.key, ("vault_uri",))),
        ('vault["name"]', "kv"),
        ("vaults[*].id", (ID,)),
        ("vault[*].id", (ID,)),
        ("id[*]", (ID,)),
        # texts
        ('"${id}/keys/k"', Text((ID, "/keys/k"))),
        ('"a-${"${id}-b"}"', Text(("a-", ID, "-b"))),
        ('"${id}"', ID),
        ('"x${flag ? 1 : 2}"', Text(("x", Choice(FLAG, "1", "2")))),
        ('"%{ if flag }a%{ else }b%{ endif }"', Choice(FLAG, "a", "b")),
        ('"%{ if flag }a%{ else }a%{ endif }"', "a"),
        ('"%{ for x in ["a", id] }${x};%{ endfor }"', Text(("a;", ID, ";"))),
        ('"x%{ for x in list }${x.n};%{ endfor }"', Text(("x", Apply("join", ("", Apply("for", (
            LIST, None, Text((Apply("[]", (each("value"), "n")), ";")), True))))))),
        # conditionals
        ("flag ? 1 : 1", 1),
        ("flag ? 1 : 2", Choice(FLAG, 1, 2)),
        ("!flag ? 1 : 2", Choice(FLAG, 2, 1)),
        ("flag ? 1 : true ? 1 : 2", 1),
        ('flag ? 1 : "a"', Choice(FLAG, "1", "a")),
        ('flag ? ["a"] : []', Choice(FLAG, List(("a",)), List(()))),
        ("flag ? (flag ? 1 : 2) : 3", Choice(FLAG, 1, 3)),
        ("(flag ? [1] : [2])[0]", Choice(FLAG, 1, 2)),
        ("(flag ? { a = 1, b = 2 } : { a = 1, b = 3 }).a", 1),
        ("(flag ? 1 : 2) > 0", True),
        ("(flag ? 1 : 2) > 1", Choice(FLAG, False, True)),
        ("(flag ? 1 : 2) + (flag ? 1 : 2)", Choice(FLAG, 2, 4)),
        ("(flag ? [1, 2] : [3, 4]) == null", False),
        ("[for x in (flag ? [1] : [2]) : x * 2]", Choice(FLAG, (2,), (4,))),
        ("(flag ? [1] : [2])[*]", Choice(FLAG, (1,), (2,))),
        ("max((flag ? [1] : [2])...)", Choice(FLAG, 1, 2)),
        ("true ? 1 : list[0]", 1),
        ("flag ? null : null", None),
        # equality
        ("id == null", False),
        ("id != null", True),
        ("kv.x == null", Apply("==", (Ref(KV.key, ("x",)), None))),
        ("kv.x == kv.x", True),
        ('"a${id}" == "b"', False),
        ('"a${id}" == "ab"', Apply("==", (Text(("a", ID)), "ab"))),
        ('"${id}z" != "a"', True),
        ("[id] == [id]", True),
        ('[id, "a"] == [id, "b"]', False),
        ("length(list) >= 0", True),
        ("length(list) < 0", False),
        ("length(list) > 0", Apply(">", (Apply("length", (LIST,)), 0))),
        # operators keep both sides; && and || do not decide early
        ("flag && true", Apply("&&", (FLAG, True))),
        ("false && flag", Apply("&&", (False, FLAG))),
        ("true || flag", Apply("||", (True, FLAG))),
        ("!flag", Apply("!", (FLAG,))),
        ("-list", Apply("-", (LIST,))),
        ("list + 1", Apply("+", (LIST, 1))),
        # containers that are partly known
        ("[1, id][0]", 1),
        ("{ a = id }.a", ID),
        ("[1, id][list]", Apply("[]", ((1, ID), LIST))),
        ("merge(list, { a = 1 }).a", 1),
        ("merge({ a = 1 }, list, { b = 1 }).a",
         Apply("[]", (Apply("merge", ({"a": 1}, LIST)), "a"))),
        ("concat([1], list)[0]", 1),
        ("concat([1], list)[1]", Apply("[]", (LIST, 0))),
        ("concat(list, [1])[0]", Apply("[]", (Apply("concat", (LIST, (1,))), 0))),
        ('{ "${id}" = 1, a = 2 }', Apply("object", (ID, 1, "a", 2))),
        ('{ "x${id}" = 1, a = 2 }.a', 2),
        ('{ "x${id}" = 1, a = 2 }["x${id}"]', 1),
        # loops
        ("[for x in [1, id] : x]", (1, ID)),
        ("[for x in list : x.n]", Apply("for", (LIST, None, Apply("[]", (each("value"), "n")), True))),
        ("{ for k, v in list : k => v }", Apply("for", (LIST, each("key"), each("value"), True))),
        ("[for x in list : x if false]", ()),
        ("{ for x in list : x => x if false }", {}),
        ('{ for x in ["a", "b"] : "${id}-${x}" => x }',
         Apply("object", (Text((ID, "-a")), "a", Text((ID, "-b")), "b"))),
        ('{ for k, v in { for x in ["a", "b"] : "${id}-${x}" => x } : k => upper(v) }',
         Apply("object", (Text((ID, "-a")), "A", Text((ID, "-b")), "B"))),
        ("[for x in [1, 2] : x if x == list]",
         Apply("concat", (Choice(Apply("==", (1, LIST)), (1,), ()), Choice(Apply("==", (2, LIST)), (2,), ())))),
        ("[for x in [1, 2, 3] : x if x != 2 || flag][0]",
         Apply("[]", (Apply("concat", (
             Choice(Apply("||", (True, FLAG)), (1,), ()), Choice(Apply("||", (False, FLAG)), (2,), ()),
             Choice(Apply("||", (True, FLAG)), (3,), ()))), 0))),
        ("{ for x in [1, 2] : x => x if x == 1 ? true : flag }",
         Apply("merge", ({"1": 1}, Choice(FLAG, {"2": 2}, {})))),
        ("[for x in concat([1], list) : x]", Apply("concat", ((1,), Apply("for", (LIST, None, each("value"), True))))),
        ("{ for k, v in merge(list, { a = 1 }) : k => v }.a", 1),
        ("max(list...)", Apply("max", (Apply("...", (LIST,)),))),
        # marks
        ('"a${secret}"', Sensitive("as")),
        ("[secret][0]", Sensitive("s")),
        ('secret == "s"', Sensitive(True)),
        ("flag ? secret : id", Sensitive(Choice(FLAG, "s", ID))),
        ('"${id}${secret}"', Sensitive(Text((ID, "s")))),
        ("{ (secret) = 1 }", Sensitive({"s": 1})),
    ],
)  # fmt: skip
def test_what_is_not_known_keeps_its_structure(expression: str, expected: object) -> None:
    found = value(expression)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("missing", "missing is not declared"),
        ("[1, 2][2]", "index 2 is out of range: the list has 2 elements"),
        ("{ abc = 1 }.abd", "this object has no abd; did you mean abc?"),
        ("vaults.id", "a list has no attribute id; write [0] for one element, or [*] for all"),
        ('"a${null}"', "null cannot stand in a text"),
        ('"a${vault}"', "the object azurerm_key_vault.kv cannot stand in a text"),
        ("null.a", "null has no attribute a"),
        ("toset([1])[0]", "the elements of a set have no index; write one(…) or a for expression"),
        ('{ for x in ["a", "a"] : x => 1 }', 'two elements have the key "a"; write ... after the value to group them'),
        ("[for x in null : x]", "a for expression goes over a list, a set, a map or an object, not over null"),
        ("true ? [1] : {}", "both results of a conditional need one type: tuple([number]) and object({})"),
        ("null + 1", "+ needs a number, not null"),
        ("[1] + 1", "+ needs a number: a number is required, not a tuple"),
        ("{ a.b = 1 }", "write a key that is a reference in parentheses, and one that is a name with points in quotes"),
        ('"a${id}".x', "a string, number or bool has no attributes and no indexes"),
        ("missing + list", "missing is not declared"),
        ("list + missing", "missing is not declared"),
        ("[missing][0]", "missing is not declared"),
        ("upper(missing)", "missing is not declared"),
    ],
)
def test_what_fails_says_why(expression: str, reason: str) -> None:
    found = value(expression)
    assert isinstance(found, Error)
    assert found.reason.startswith(reason[:40])


def test_an_error_in_the_arm_that_is_not_taken_does_not_matter() -> None:
    assert value("true ? 1 : missing") == 1
    assert value("flag ? 1 : missing") == Choice(FLAG, 1, Error("missing is not declared"))


def test_elements_keep_their_errors() -> None:
    assert value("[1, missing][0]") == 1
    assert value("try([1, missing], 2)") == 2
    assert value("can({ a = missing })") is False


def test_numbers_and_truth_values_are_not_mixed_up() -> None:
    assert value("flag ? true : 1") == Error("both results of a conditional need one type: bool and number")
    assert value("flag ? [true] : [1]") != (True,)
    assert value("[for x in [true, 1] : x]") == (True, 1)


def test_collections_keep_their_kind() -> None:
    assert type(value("tolist([id])[*]")) is List
    assert type(value("toset([1])")) is Set
    assert type(value("tomap({ a = 1 })")) is Map


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("a.b[c.d].e", [("a", "b"), ("c", "d")]),
        ("[for a, b in c.d : a + b.x + e.f if b.y]", [("c", "d"), ("e", "f")]),
        ("{ for a in a.b : a => a }", [("a", "b")]),
        ("x.y[*].z", [("x", "y")]),
        ('"${a.b}-%{ if c }${d}%{ endif }%{ for x in y }${x}%{ endfor }"', [("a", "b"), ("c",), ("d",), ("y",)]),
        ("f(a, b ? c : d, { k = e, (g) = h })", [("a",), ("b",), ("c",), ("d",), ("e",), ("g",), ("h",)]),
        ("1 + 2", []),
    ],
)
def test_references(expression: str, names: list[tuple[str, ...]]) -> None:
    assert list(references(parse_expression(expression.encode(), "x"))) == names


@pytest.mark.parametrize(
    "expression",
    [
        "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : 1]]]",
        "{ for a in range(1000) : a => [for b in range(1000) : [for c in range(1000) : c]] }",
        "[for a in range(1000) : [for b in range(1000) : range(2)[*]]]",
    ],
)
def test_loops_have_a_limit(expression: str) -> None:
    assert "more than 250,000 times" in str(value(f"length(jsonencode({expression}))"))


@pytest.mark.parametrize("step", ["f{i} ? v{i} : v{i} + 1", "v{i} + v{i}", '"${{v{i}}}-${{v{i}}}"'])
def test_values_that_double_have_a_limit(step: str) -> None:
    """Forty local values, each made of the one before twice: a million million parts."""
    names: dict[str, Value] = {f"f{i}": Input(".", f"f{i}") for i in range(40)}
    names["v0"] = Input(".", "v0")
    for i in range(40):
        names[f"v{i + 1}"] = ours(step.format(i=i), **names)
    assert names["v40"] == Error("this value is made of more than 50,000 parts that are not known")


def test_texts_have_a_limit() -> None:
    long = "x" * 1_000_000
    node = parse_expression(b'"' + b"${a}" * 20 + b'"', "x")
    found = evaluate(node, Scope(a=long))
    assert found == Error("this text would have more than 10,000,000 characters")


def test_a_chain_of_references_that_is_too_long_is_an_error() -> None:
    node = parse_expression(b"a + 1", "x")

    class Circle(Scope):
        def lookup(self, names: tuple[str, ...]) -> tuple[Value, int]:
            return evaluate(node, self), 1

    found = evaluate(node, Circle())
    assert isinstance(found, Error)
    assert "nested too deeply" in found.reason


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("string", "string"),
        ('"string"', "string"),
        ("any", "any"),
        ("list", ListOf("any")),
        ("list(string)", ListOf("string")),
        ("set(number)", SetOf("number")),
        ("map(list(bool))", MapOf(ListOf("bool"))),
        ("tuple([string, number])", TupleOf(("string", "number"))),
        ("object({ a = string, b = optional(number), c = optional(list(string), [1]) })",
         ObjectOf({"a": "string", "b": "number", "c": ListOf("string")}, {"b": None, "c": List(("1",))})),
        ("object({})", ObjectOf({})),
    ],
)  # fmt: skip
def test_type_constraints(source: str, expected: object) -> None:
    assert constraint(parse_expression(source.encode(), "x")) == expected


@pytest.mark.parametrize("source", ["text", "list()", "list(string, number)", "map(1)", "object([])", "tuple(string)",
                                    "optional(string)", "object({ a = optional() })", "a.b", "1",
                                    'object({ a = optional(number, "x") })',
                                    "object({ a = optional(string, var.x) })"])  # fmt: skip
def test_what_is_no_type(source: str) -> None:
    with pytest.raises(HclError):
        constraint(parse_expression(source.encode(), "x"))
