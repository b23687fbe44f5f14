"""Comparisons of dynamic values with columns: the database would compare the text of JSON, and find nothing.

Kusto converts, or refuses too; here they are refused, and the query says with ``tostring`` what it means. With a text
that is written in the query, the translator converts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.twin.logs.kql import QueryError
from ringfence.twin.logs.statement import walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    Node = dict[str, Any]

_JOINS = ("COMPARE_NOT_DISTINCT_FROM", "COMPARE_DISTINCT_FROM")


def check(nodes: Iterable[Node], dynamic: set[str]) -> None:
    """No dynamic value is compared with a column; `dynamic` are the names of columns that are.

    Raises:
        QueryError: one is.
    """
    everything = list(nodes)
    names = _names(everything, dynamic)
    for node in everything:
        if node.get("class") == "COMPARISON" and _is_mixed(node, names):
            raise _refused()
        if node.get("class") == "SUBQUERY" and node.get("subquery_type") == "ANY" and _is_among(node, names):
            raise _refused()


def _names(nodes: list[Node], dynamic: set[str]) -> set[str]:
    """The names that stand for dynamic values and for nothing else."""
    made: dict[str, set[bool]] = {}
    for node in nodes:
        if node.get("alias") and node.get("class") and not _is_itself(node):
            made.setdefault(node["alias"], set()).add(_is_extracted(node))
    return {name for name, kinds in made.items() if kinds == {True}} | (dynamic - set(made))


def _is_itself(node: Node) -> bool:
    """A column that is passed on by its own name."""
    return bool(node["class"] == "COLUMN_REF" and node["column_names"][-1] == node["alias"])


def _is_extracted(node: Node) -> bool:
    return node.get("class") == "FUNCTION" and node.get("function_name") == "json_extract"


def _is_dynamic(node: Node, names: set[str]) -> bool:
    return _is_extracted(node) or (node.get("class") == "COLUMN_REF" and node["column_names"][-1] in names)


def _is_mixed(node: Node, names: set[str]) -> bool:
    left, right = node["left"], node["right"]
    kinds = _is_dynamic(left, names), _is_dynamic(right, names)
    if node["type"] in _JOINS:
        return any(kinds)
    other = right if kinds[0] else left
    return kinds[0] != kinds[1] and other.get("class") == "COLUMN_REF"


def _is_among(node: Node, names: set[str]) -> bool:
    """``in`` with a table: of dynamic values, or in such a table."""
    if _is_dynamic(node["child"], names):
        return True
    chosen = node["subquery"]["node"].get("select_list", ())
    return any(_is_extracted(inner) and inner.get("alias") for inner in walk(node["subquery"])) or any(
        _is_dynamic(one, names) for one in chosen
    )


def _refused() -> QueryError:
    message = "Cannot compare values of types dynamic and string. Try adding explicit casts, such as tostring()"
    return QueryError("SemanticError", "SEM0064", message)
