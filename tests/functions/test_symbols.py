"""What is kept of a call with symbols in it, and what is already decided."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from ringfence.model.symbol import (
    Apply,
    Choice,
    Error,
    Input,
    Instance,
    List,
    Map,
    Ref,
    Sensitive,
    Set,
    Text,
)
from tests.functions.evaluating import value

if TYPE_CHECKING:
    from ringfence.model.symbol import Value

VAULT = Ref("r#azurerm_key_vault.v", ("id",))
OTHER = Ref("r#azurerm_key_vault.w", ("id",))
ENV = Input("r", "environment")
LIST = Ref("r#azurerm_subnet.s", ("address_prefixes",))
MAYBE = Choice(ENV, "a", "b")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('join("/", [vault, "keys", "k"])', Text((VAULT, "/keys/k"))),
        ('join("-", ["a", env], ["b"])', Text(("a-", ENV, "-b"))),
        ('join("-", list)', Apply("join", ("-", LIST))),
        ('format("%s/keys/%s", vault, "k")', Text((VAULT, "/keys/k"))),
        ('format("%v-%03d", env, 5)', Text((Apply("format", ("%v", ENV)), "-005"))),
        ('format("%05d", env)', Apply("format", ("%05d", ENV))),
        ('formatlist("%s-%s", ["a", "b"], vault)', List((Text(("a-", VAULT)), Text(("b-", VAULT))))),
        ('lower("LOG-${env}-X")', Text(("log-", Apply("lower", (ENV,)), "-x"))),
        ("lower(lower(env))", Apply("lower", (ENV,))),
        ('replace("a-${env}-b", "-", "")', Text(("a", Apply("replace", (ENV, "-", "")), "b"))),
        ('replace("a-${env}", "/[^a-z]/", "")', Text(("a", Apply("replace", (ENV, "/[^a-z]/", ""))))),
        ('replace("a-${env}", "-b", "")', Apply("replace", (Text(("a-", ENV)), "-b", ""))),
        ('substr("storage-${env}", 0, 3)', "sto"),
        ('substr("abc${env}", 0, 3)', Apply("substr", (Text(("abc", ENV)), 0, 3))),
        ('trimprefix("https://${env}", "https://")', ENV),
        ('trimprefix("http://${env}", "ftp")', Text(("http://", ENV))),
        ('trimsuffix("${env}.net/", "/")', Text((ENV, ".net"))),
        ('trimspace(" x${env}y\\n")', Text(("x", ENV, "y"))),
        ('startswith("https://${env}", "http://")', False),
        ('startswith("https://${env}", "https")', True),
        ('endswith("x${env}.net", ".com")', False),
        ('element(split("/", "a/b/${env}"), 1)', "b"),
        ('element(split("/", "a/b${env}"), 1)', Apply("element", (Apply("split", ("/", Text(("a/b", ENV)))), 1))),
        ("jsondecode(jsonencode({a = vault, b = tolist([1])}))", {"a": VAULT, "b": (1,)}),
        ("yamldecode(yamlencode({a = vault}))", {"a": VAULT}),
        ("base64decode(base64encode(env))", ENV),
        ("coalesce(vault, env)", VAULT),
        ('coalesce(env, "x")', Apply("coalesce", (ENV, "x"))),
        ('coalesce("", env)', Apply("coalesce", (ENV,))),
        ('coalesce("x${env}", "y")', Text(("x", ENV))),
        ('contains(["a", env], "a")', True),
        ("contains([vault], vault)", True),
        ("contains([vault], other)", False),
        ("distinct([vault, other, vault])", List((VAULT, OTHER))),
        ("distinct([vault, env])", Apply("distinct", (List((VAULT, ENV)),))),
        ("length(toset([vault, other]))", 2),
        ("length(toset([vault, env]))", Apply("length", (Set((ENV, VAULT)),))),
        ("flatten([[vault], [other, env]])", Apply("flatten", (((VAULT,), (OTHER, ENV)),))),
        ("flatten([[vault], [other]])", (VAULT, OTHER)),
        ("flatten([list, vault])", Apply("flatten", ((LIST, VAULT),))),
        ("merge({a = vault}, {b = env})", {"a": VAULT, "b": ENV}),
        ("zipmap([\"a\"], [vault])", {"a": VAULT}),
        ("keys({a = env})", ("a",)),
        ("one([vault])", VAULT),
        ("setproduct([vault], [1])", List(((VAULT, 1),))),
        ("tomap({a = vault})", Map(a=VAULT)),
        ("tolist(env)", Apply("tolist", (ENV,))),
        ("upper(maybe)", Choice(ENV, "A", "B")),
        ("length(maybe)", 1),
        ("try(vault, 1)", VAULT),
        ('try(file("no"), vault)', VAULT),
        ("try(env.x, 1)", Apply("try", (Apply("[]", (ENV, "x")), 1))),
        ("can(vault)", True),
        ('can([file("no")])', False),
        ("lookup(vm, \"id\")", Ref("r#vm", ("id",))),
        ("keys(vm)", "keys of vm"),
        ("compact([vault, \"\", null])", List((VAULT,))),
        ("compact([env, \"\"])", Apply("compact", (List((ENV, "")),))),
        ("timestamp()", Apply("timestamp", ())),
        ("uuid()", Apply("uuid", ())),
        ('bcrypt("x")', Apply("bcrypt", ("x",))),
        ("plantimestamp()", Apply("plantimestamp", ())),
        ('provider::azurerm::parse_resource_id("x")', Apply("provider::azurerm::parse_resource_id", ("x",))),
        ('fileexists("/etc/passwd")', Apply("fileexists", ("/etc/passwd",))),
        ('pathexpand("~/.ssh")', Apply("pathexpand", ("~/.ssh",))),
        ('base64gunzip(base64gzip("x"))', Apply("base64gunzip", (Apply("base64gzip", ("x",)),))),
        ('templatestring(greeting, {who = env})', Text(("Hello, ", ENV, "!"))),
        ('upper("${secret}-x")', Sensitive("S-X")),
        ('{a = secret, b = 1}.b', 1),
        ('join(",", [secret, env])', Sensitive(Text(("s,", ENV)))),
    ],
)  # fmt: skip
def test_structure_is_kept(expression: str, expected: Value) -> None:
    vm = Instance("r#vm", lambda name: Ref("r#vm", (name,)))
    names: dict[str, Value] = {"vault": VAULT, "other": OTHER, "env": ENV, "list": LIST, "maybe": MAYBE, "vm": vm}
    found = value(expression, **names, secret=Sensitive("s"), greeting="Hello, ${who}!")
    if expression == "keys(vm)":
        assert found == Apply("keys", (vm,))
    elif expression.startswith("base64gunzip"):
        assert found == "x"
    else:
        assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    "expression",
    [
        'file("/etc/passwd")', 'file("../../../../etc/passwd")', 'file("~/x")', 'file("files/missing")',
        'format("%1000001d", 1)', 'indent(1000001, "a\\nb")', "setproduct(range(1000), range(1000), range(1000))",
        'replace(join("", formatlist("%s", range(1024))), "", join("", range(1024)))',
        'regex("((a{100}){100}){100}", "a")', 'regex("(a+)+$", 5)', 'tonumber("1e999999999")', "range(5000)",
        'yamldecode(bomb)',
    ],
)  # fmt: skip
def test_what_is_hostile_or_missing_is_an_error(expression: str) -> None:
    layers = [f"{b}: &{b} [{','.join([f'*{a}'] * 10)}]" for a, b in itertools.pairwise("abcdefg")]
    found = value(expression, bomb="\n".join(["a: &a [x, x, x, x, x, x, x, x, x, x]", *layers]))
    assert isinstance(found, Error)
    assert len(found.reason) > 20


def test_deeply_nested_data_is_an_error() -> None:
    assert isinstance(value("jsondecode(deep)", deep="[" * 100_000), Error)


@pytest.mark.parametrize(
    "expression",
    ["jsonencode(v)", "flatten(v)", "tolist(v)", "distinct(v)", "contains(v, 1)", "setproduct(v, v)", "setunion(v, v)"],
)
def test_data_that_shared_parts_make_endless_is_an_error(expression: str) -> None:
    value_of: Value = ("a",)
    for _ in range(60):
        value_of = (value_of, value_of)
    assert isinstance(value(expression, v=value_of), Error)


def test_patterns_that_backtrack_run_in_linear_time() -> None:
    assert value('regex("^(([a-z])+.)+[A-Z]([a-z])+$", text)', text="a" * 200 + "A") == Error(
        "regex: the pattern does not match"
    )


def test_opentofu_has_three_more() -> None:
    assert value('urldecode("a+b%20c")') == "a b c"
    assert value('cidrcontains("10.0.0.0/8", "10.1.0.0/16")') is True
    assert value('cidrcontains("10.0.0.0/8", "11.0.0.1")') is False
    packed = "H4sIAAAAAAAC/8tIzcnJBwCGphA2BQAAAA=="
    assert value("base64gunzip(packed)", packed=packed) == "hello"
