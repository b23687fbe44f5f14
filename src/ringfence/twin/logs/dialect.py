"""What queries of Log Analytics have that the translator lacks: put into words that it has."""

from __future__ import annotations

from ringfence.twin.logs.kql import QueryError


def prepared(query: str) -> str:
    """The query as the translator reads it.

    Raises:
        QueryError: it is a command, which a workspace has none of.
    """
    bare = query.lstrip()
    while bare.startswith("//"):
        bare = bare.partition("\n")[2].lstrip()
    if bare.startswith("."):
        raise QueryError("SyntaxError", "SYN0002", "a workspace takes queries and no commands", 1, 0)
    return query
