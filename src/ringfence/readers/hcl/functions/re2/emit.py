"""Writes a tree as a pattern of Python's `re`, and tells how long `re` may take."""

from __future__ import annotations

from ringfence.readers.hcl.functions.re2.parse import Alt, Assert, Cat, Chars, Group, Node, Rep

_ASSERTS = {
    "start": r"\A",
    "end": r"\Z",
    "line start": r"(?:\A|(?<=\n))",
    "line end": r"(?:\Z|(?=\n))",
    "boundary": r"\b",
    "no boundary": r"\B",
}


def emit(node: Node) -> str:
    """The pattern; it needs `re.ASCII` and no other flag."""
    if isinstance(node, Chars):
        return chars(node)
    if isinstance(node, Assert):
        return _ASSERTS[node.what]
    if isinstance(node, Cat):
        return "".join(f"(?:{emit(i)})" if isinstance(i, Alt) else emit(i) for i in node.items)
    if isinstance(node, Alt):
        return "|".join(map(emit, node.items))
    if isinstance(node, Group):
        return f"({emit(node.item)})"
    return f"(?:{emit(node.item)}){_count(node)}{'' if node.greedy else '?'}"


def _count(node: Rep) -> str:
    return f"{{{node.least},{'' if node.most is None else node.most}}}"


def chars(node: Chars) -> str:
    """A class of `re`; one that never matches for no characters."""
    if not node.ranges:
        return r"(?!)"
    return "[" + "".join(_char(low) + (f"-{_char(high)}" if high > low else "") for low, high in node.ranges) + "]"


def _char(code: int) -> str:
    return f"\\U{code:08x}"


def degree(node: Node) -> int | None:
    """The exponent of the time that `re` may take for a text, None where it may be exponential."""
    if isinstance(node, (Cat, Alt)):
        degrees = [degree(i) for i in node.items]
        if None in degrees:
            return None
        return sum(d for d in degrees if d is not None)
    if isinstance(node, Group):
        return degree(node.item)
    if not isinstance(node, Rep):
        return 0
    if node.most is not None and node.most <= 1:
        return degree(node.item)
    fixed = degree(node.item) == 0 and not _varies(node.item)
    return 1 if fixed else None


def _varies(node: Node) -> bool:
    """True when the item may match in more than one way."""
    if isinstance(node, Rep):
        return node.least != node.most or _varies(node.item)
    if isinstance(node, (Cat, Alt)):
        return isinstance(node, Alt) or any(map(_varies, node.items))
    return _varies(node.item) if isinstance(node, Group) else False
