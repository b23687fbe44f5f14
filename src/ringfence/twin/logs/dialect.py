"""What queries of Log Analytics have that the translator lacks: put into words that it has.

Concerns the main pipeline of a query. What depends on the columns that a step gets is written out for these columns.

Source: learn.microsoft.com/kusto/query/search-operator, …/where-operator, …/project-keep-operator,
…/project-reorder-operator, …/distinct-operator, …/sample-operator, …/ipv4-is-private-function,
…/ipv4-is-in-range-function
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Protocol

from ringfence.twin.logs.kql import QueryError
from ringfence.twin.logs.pipeline import arguments, joined, split

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ringfence.twin.logs.kql import Columns

_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_TEXT = r"""@?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""


class ColumnsOf(Protocol):
    """Tells the columns that the steps so far make."""

    def __call__(self, query: str) -> list[str]: ...


def prepared(query: str, known: Mapping[str, Columns], columns_of: ColumnsOf) -> str:
    """The query as the translator reads it.

    Raises:
        QueryError: it is a command, which a workspace has none of, or a step has a form that the twin does not know.
    """
    head, steps = split(query)
    if steps[0].startswith("."):
        raise QueryError("SyntaxError", "SYN0002", "a workspace takes queries and no commands", 1, 0)
    done: list[str] = []
    for number, step in enumerate(steps):
        new = _searched(step, known) if number == 0 else _step(step, head, done, columns_of)
        done += new
    lacking = _functions(query)
    return lacking + joined(head, done) if lacking or done != steps else query


def _step(step: str, head: str, done: list[str], columns_of: ColumnsOf) -> list[str]:
    word = step.split(None, 1)[0].casefold() if step.strip() else ""
    if word in _PLAIN:
        return _PLAIN[word](step)
    if word == "summarize":
        return [_percentiles(step)]
    write = _WRITTEN_OUT.get(word)
    if write is None or not (found := write(step)):
        return [step]
    return [found(columns_of(joined(head, done)))]


# -- steps that are called otherwise

_PLAIN: dict[str, Callable[[str], list[str]]] = {
    "sample": lambda step: [re.sub(r"^sample\b", "take", step)],
    "serialize": lambda step: [re.sub(r"^serialize\b", "extend", step)] if step.split(None, 1)[1:] else [],
    "as": lambda _: [],
    "consume": lambda _: ["take 0"],
}


def _percentiles(step: str) -> str:
    """Several percentiles, each by itself."""

    def apart(found: re.Match[str]) -> str:
        what, *ranks = arguments(found[1])
        return ", ".join(f"percentile({what}, {rank})" for rank in ranks)

    return re.sub(r"\bpercentiles\(([^()]*)\)", apart, step)


# -- steps on all columns


def _kept(step: str) -> Callable[[list[str]], str]:
    wanted = arguments(step.split(None, 1)[1])
    return lambda columns: "project " + _listed([c for c in columns if any(_agrees(c, w) for w in wanted)])


def _reordered(step: str) -> Callable[[list[str]], str]:
    wanted = [re.sub(r"\s+(granny-)?(asc|desc)$", "", w) for w in arguments(step.split(None, 1)[1])]

    def write(columns: list[str]) -> str:
        first = [c for w in wanted for c in columns if _agrees(c, w)]
        return "project " + _listed([*dict.fromkeys(first), *(c for c in columns if c not in first)])

    return write


def _distinct(step: str) -> Callable[[list[str]], str] | None:
    return (lambda columns: "summarize by " + _listed(columns)) if re.fullmatch(r"distinct\s*\*", step) else None


_ANYWHERE = re.compile(
    rf"where\s*\*\s*(has|contains|has_cs|contains_cs|startswith|==|=~|hasprefix)\s*({_TEXT})", re.DOTALL
)


def _anywhere(step: str) -> Callable[[list[str]], str] | None:
    """``where * has "x"``: some column has it."""
    found = _ANYWHERE.fullmatch(step)
    if found is None:
        return None
    word, text = found.groups()
    return lambda columns: "where " + " or ".join(f"{value} {word} {text}" for value in _any(columns))


def _any(columns: list[str]) -> list[str]:
    return [f"tostring({_named(c)})" for c in columns]


_WRITTEN_OUT: dict[str, Callable[[str], Callable[[list[str]], str] | None]] = {
    "project-keep": _kept,
    "project-reorder": _reordered,
    "distinct": _distinct,
    "where": _anywhere,
    "search": lambda step: lambda columns: "where " + _terms(step.split(None, 1)[1], _any(columns)),
}


def _agrees(column: str, wanted: str) -> bool:
    return fnmatchcase(column, wanted.strip().removeprefix("['").removesuffix("']"))


def _listed(columns: list[str]) -> str:
    return ", ".join(map(_named, columns))


def _named(column: str) -> str:
    return column if _NAME.match(column) else f"['{column}']"


# -- searching

_SEARCH = re.compile(r"search\b\s*(?:kind\s*=\s*\w+\s*)?(?:in\s*\(([^()]*)\)\s*)?(.*)", re.DOTALL)


def _searched(step: str, known: Mapping[str, Columns]) -> list[str]:
    """``search "x"``: in all tables, or those that are named; each row says which it is of.

    Columns of several tables that differ only in case are one in the answer, called as in the first.

    Raises:
        QueryError: it searches for more than texts.
    """
    found = _SEARCH.fullmatch(step)
    if found is None:
        return [step]
    spelling: dict[str, str] = {}
    parts = []
    for table in arguments(found[1]) if found[1] else known:
        columns = known.get(table, {})
        wanted = [] if found[2].strip() == "*" else ["where " + _terms(found[2], _texts(columns))]
        called = {column: spelling.setdefault(column.casefold(), column) for column in columns}
        changed = ", ".join(f"{_named(new)} = {_named(old)}" for old, new in called.items() if old != new)
        renamed = [f"project-rename {changed}"] if changed else []
        parts.append("(" + " | ".join((_named(table), *wanted, f"extend _table = '{table}'", *renamed)) + ")")
    return ["union " + ", ".join(parts), "project-rename ['$table'] = _table"]


def _texts(columns: Columns) -> list[str]:
    """What texts can be searched for in: texts, and what is dynamic."""
    searched = {"string": "{}", "guid": "{}", "dynamic": "tostring({})"}
    return [searched[kind].format(_named(name)) for name, kind in columns.items() if kind in searched]


_TERM = re.compile(rf"\s*(?:({_TEXT})|(and|or|not)\b|([()]))", re.DOTALL)


def _terms(text: str, values: list[str]) -> str:
    """Texts with and, or, not and brackets between them; a star at the end or on both sides stands for anything.

    Raises:
        QueryError: it is something else.
    """
    text, parts = text.strip(), []
    while text:
        found = _TERM.match(text)
        if found is None:
            raise QueryError("SemanticError", "SEM0001", "the twin searches for texts only; Log Analytics for more")
        literal, word, bracket = found.groups()
        parts.append(_term(literal, values) if literal else word or bracket)
        text = text[found.end() :].strip()
    return " ".join(parts)


def _term(literal: str, values: list[str]) -> str:
    inner = literal.lstrip("@")[1:-1]
    word = "contains" if inner[:1] == inner[-1:] == "*" else "hasprefix" if inner[-1:] == "*" else "has"
    quoted = literal.replace(inner, inner.strip("*"), 1) if word != "has" else literal
    return "(" + (" or ".join(f"{value} {word} {quoted}" for value in values) or "false") + ")"


# -- functions

_ADDRESS = (
    "let _octets = (a:string) { tolong(split(a, '.')[0]) * 16777216 + tolong(split(a, '.')[1]) * 65536"
    " + tolong(split(a, '.')[2]) * 256 + tolong(split(a, '.')[3]) }; "
)
_LACKING = {
    "ipv4_is_private": "let ipv4_is_private = (a:string) { a matches regex"
    " @'^(10\\.|192\\.168\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.)' }; ",
    "ipv4_is_in_range": _ADDRESS + "let ipv4_is_in_range = (a:string, r:string) { bin(_octets(a), tolong(pow(2, 32 -"
    " toint(split(strcat(r, '/32'), '/')[1])))) == bin(_octets(tostring(split(r, '/')[0])), tolong(pow(2, 32 -"
    " toint(split(strcat(r, '/32'), '/')[1])))) }; ",
}
"""Functions that the translator lacks, as functions of the query."""


def _functions(query: str) -> str:
    return "".join(text for name, text in _LACKING.items() if re.search(rf"\b{name}\s*\(", query))
