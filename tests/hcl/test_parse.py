"""What a file says, and what is refused of it: each refusal once, with its place and what to do."""

from __future__ import annotations

import pytest

from ringfence.readers.hcl.parse import LARGEST, parse, parse_expression, parse_template
from ringfence.readers.hcl.syntax import (
    Binary,
    BodySyntax,
    Conditional,
    HclError,
    Index,
    Literal,
    Splat,
    Variable,
)


def outline(body: BodySyntax) -> dict[str, object]:
    """The body as plain data: expressions as written, blocks by type and labels."""
    found: dict[str, object] = {a.name: a.origin().expression for a in body.attributes.values()}
    for block in body.blocks:
        found[" ".join((block.type, *block.labels))] = outline(block.body)
    return found


def problems(source: str) -> list[str]:
    return [f"{p.line}:{p.column} {p.message}" for p in parse(source.encode(), "main.tf").problems]


FILE = """\
# a comment
resource "azurerm_key_vault" "kv" {
  name = "kv-${var.suffix}" // the name
  network_acls {
    ip_rules = [
      "10.0.0.0/8", # private
    ]
  }
  tags = { a = 1 }
  lifecycle { prevent_destroy = true }
}

locals {}
text = <<-EOT
  one
EOT
"""


def test_bodies_blocks_and_attributes() -> None:
    parsed = parse(FILE.encode(), "main.tf")
    assert parsed.problems == ()
    assert outline(parsed.body) == {
        "text": "<<-EOT\n  one\nEOT",
        "resource azurerm_key_vault kv": {
            "name": '"kv-${var.suffix}"',
            "tags": "{ a = 1 }",
            "network_acls": {"ip_rules": '[\n      "10.0.0.0/8", # private\n    ]'},
            "lifecycle": {"prevent_destroy": "true"},
        },
        "locals": {},
    }


def test_origins_have_line_column_text_and_bytes() -> None:
    source = '# é\nb "é" {\n  a = "é" == local.é\n}\n'.encode()
    block = parse(source, "x.tf").body.blocks[0]
    origin = block.body.attributes["a"].origin()
    assert (origin.file, origin.line, origin.column, origin.expression) == ("x.tf", 3, 7, '"é" == local.é')
    assert source[origin.start : origin.end].decode() == origin.expression
    assert (block.origin().line, block.origin().column, block.labels) == (2, 1, ("é",))


NOT_HERE = (
    "1:8 An expression is needed here, but found the end of the line; "
    "put an expression that goes on over several lines in parentheses"
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = 1\na = 2\n", ["2:1 a is already set in line 1: remove one of the two"]),
        (
            "a = 1 b = 2\n",
            ["1:7 An argument ends with its line: put what follows on a line of its own, but found b"],
        ),
        (
            "a = 1\n  + 2\n",
            ["2:3 An argument (NAME = VALUE) or a block (TYPE { … }) is needed here, but found +"],
        ),
        (
            "a = 1 +\n2\n",
            [NOT_HERE],
        ),
        ("a {\n  b = 1\n", ["1:1 This a block is not closed: add a } where it ends"]),
        ("a\n", ["1:1 a is neither an argument nor a block: write a = VALUE, or a {"]),
        ("a\n{\n}\n", ["1:1 a is neither an argument nor a block: write a = VALUE, or a {"]),
        (
            'a "b"\n{\n}\n',
            ['1:6 The { of a block stands on the line of its type: write a "NAME" {'],
        ),
        (
            "a { b = 1, c = 2 }\n",
            ["1:10 A block on one line holds one argument and then }: write a over several lines, but found ,"],
        ),
        (
            'a = "b\nc = 1\n',
            ["1:5 A quoted string ends on the line it begins on: use \\n, or a heredoc (<<EOT)"],
        ),
        ("a = <<EOT\nb\n", ["1:5 This heredoc has no end: add a line with EOT alone"]),
        (
            'a = "\\q"\n',
            ['1:6 \\q is not an escape: use \\n, \\r, \\t, \\", \\\\, \\uNNNN or \\UNNNNNNNN'],
        ),
        ("a = 'b'\n", ["1:5 An expression is needed here, but found a single quote; use double quotes for strings"]),
        ("a = b.0.1\n", ["1:7 Two indexes in a row need brackets: write [0][1] for .0.1"]),
        (
            'a = "${b"\n',
            ["1:9 This interpolation ends with } (write $${ for a literal ${), but found \""],
        ),
        ('a = "%{ if b }c"\n', ["1:6 This directive is not closed: add %{ endif }"]),
        ('a = "%{ endif }"\n', ["1:6 Nothing is open that %{ endif } could close: remove it"]),
        ("a = [for x in y : x => 1]\n", [
            "1:5 A for expression in [ ] makes a list, without => and ...: use { } to make an object"
        ]),
        ("a = {for x in y : x}\n", ["1:5 A for expression in { } needs KEY => VALUE"]),
        ("a = f(1 2)\n", ["1:9 A comma separates arguments, but found 2"]),
        ("a = {b = 1 c = 2}\n", ["1:12 A comma or a newline separates the items of an object, but found c"]),
        ("a = 1.2.3\n", ["1:5 This is not a number: write digits, at most one point, and an exponent such as 1e3"]),
        ('a "${b}" {}\n', ["1:4 No template may stand in a label: write $${ for a literal ${"]),
    ],
)  # fmt: skip
def test_refusals(source: str, expected: list[str]) -> None:
    assert problems(source) == expected


def test_the_rest_is_read_after_a_refusal() -> None:
    source = 'a = 1 +\nb {\n  c = ]\n  d = 2\n  e {\n    f = "x\n  }\n}\ng = 3\n'
    parsed = parse(source.encode(), "main.tf")
    assert [p.line for p in parsed.problems] == [1, 3, 6]
    assert outline(parsed.body) == {"b": {"d": "2", "e": {}}, "g": "3"}


def test_bytes_that_are_not_utf8() -> None:
    parsed = parse(b'a = "\xff"\nb = 1\n', "main.tf")
    assert [str(p) for p in parsed.problems] == ["main.tf:1:6: The file is not valid UTF-8 here: save it as UTF-8"]
    assert outline(parsed.body) == {"b": "1"}
    assert len(parse(b"\xfe\xff\x00a\x00=\x001", "main.tf").problems) == 1


def test_a_byte_order_mark_is_skipped() -> None:
    assert outline(parse(b"\xef\xbb\xbfa = 1\n", "main.tf").body) == {"a": "1"}


def test_line_ends_of_windows() -> None:
    parsed = parse(b"a = 1\r\nb {\r\n  c = <<E\r\nx\r\nE\r\n}\r\n", "main.tf")
    assert parsed.problems == ()
    assert parsed.body.blocks[0].body.attributes["c"].expression == Literal("x\r\n")


@pytest.mark.parametrize(
    "source",
    [
        "a = " + "(" * 10_000 + "1" + ")" * 10_000,
        "a = " + "[" * 100_000,
        "a = " + "!" * 100_000 + "true",
        "a = " + '"${' * 10_000,
        "a = " + "b[" * 10_000,
        "a {\n" * 10_000,
        "a = " + "1 + " * 100_000 + "1",
        "a = " + "b ? c : " * 100_000 + "d",
        "a = b" + ".c[0]" * 100_000,
        "a = " + "{ b = " * 10_000,
        "a = b" + "[*]" * 10_000,
        'a = "' + "%{ if b }" * 10_000 + '"',
    ],
    ids=lambda source: source[4:12],
)
def test_hostile_nesting_is_one_problem(source: str) -> None:
    found = parse(source.encode(), "main.tf").problems
    assert len(found) == 1
    assert "nested more than" in found[0].message or "chains more than" in found[0].message


def test_a_file_that_is_too_large() -> None:
    (problem,) = parse(b"#" * (LARGEST + 1), "main.tf").problems
    assert str(problem) == "main.tf:1:1: This file has more than 20,000,000 bytes and is not read: split it"


def test_problems_are_not_without_end() -> None:
    assert len(parse(b"a = 1\n" * 1000, "main.tf").problems) == 50


def test_a_file_that_is_not_terraform_has_few_problems() -> None:
    assert 0 < len(parse(b"%PDF-1.4 \x00\x01\n" * 5000, "main.tf").problems) < 60


def expression(source: str) -> object:
    return parse_expression(source.encode(), "x")


def test_conditionals_nest_to_the_right() -> None:
    a, b, c, d, e = (Variable((n,)) for n in "abcde")
    assert expression("a ? b : c ? d : e") == Conditional(a, b, Conditional(c, d, e))


def test_signs_bind_tighter_than_operators() -> None:
    assert expression("-1 + 2").operator == "+"  # type: ignore[attr-defined]
    assert expression("!a == b").operator == "=="  # type: ignore[attr-defined]


def test_operators_of_one_rank_go_left_to_right() -> None:
    assert expression("1 - 2 - 3") == Binary("-", Binary("-", Literal(1), Literal(2)), Literal(3))


def test_an_attribute_splat_ends_at_a_bracket() -> None:
    assert expression("a.*.b[0]") == Index(Splat(Variable(("a",)), Variable(("*", "b"))), Literal(0))
    assert expression("a[*].b[0]") == Splat(Variable(("a",)), Index(Variable(("*", "b")), Literal(0)))


@pytest.mark.parametrize(
    "source", ["", "1 2", "a b", ")", "a = 1", "[1", "f(", '"a', "{ a }", "a..b", "a.", "...", "=>"]
)
def test_what_is_no_expression(source: str) -> None:
    with pytest.raises(HclError, match=r"^x:1:\d+: "):
        expression(source)


def test_a_template_file() -> None:
    node = parse_template(b'a ${b}\n"c" \\n %{ if d ~}\n e\n%{ endif }', "t.tpl")
    assert [type(part).__name__ for part in node.parts] == ["Literal", "Variable", "Literal", "Conditional"]  # type: ignore[attr-defined]
    with pytest.raises(HclError, match=r"^t:2:1: This directive is not closed"):
        parse_template(b"a\n%{ for x in y }", "t")
