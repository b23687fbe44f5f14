"""Regular expressions: `regex`, `regexall`, and what `replace` does with one.

Source: github.com/zclconf/go-cty v1.16.0 cty/function/stdlib/regexp.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply, List
from ringfence.readers.hcl.functions.re2 import Pattern, PatternError, Unsupported, compiled
from ringfence.readers.hcl.functions.signature import Refused, Topic, string, within

if TYPE_CHECKING:
    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.functions.re2 import Spans

FUNCTIONS = Topic()


@FUNCTIONS.plain(string("pattern"), string("string"))
def regex(source: str, text: str) -> Value:
    """The first match: the string, or a tuple or object of its groups. There must be one."""
    pattern = _pattern(source)
    if pattern is None:
        return Apply("regex", (source, text))
    _only_one_kind(pattern)
    found = pattern.search(text, 0)
    if found is None:
        raise Refused("the pattern does not match")
    return _result(pattern, text, found)


@FUNCTIONS.plain(string("pattern"), string("string"))
def regexall(source: str, text: str) -> Value:
    """The list of all matches, each as `regex` gives it."""
    pattern = _pattern(source)
    if pattern is None:
        return Apply("regexall", (source, text))
    _only_one_kind(pattern)
    return List(_result(pattern, text, found) for found in pattern.matches(text))


def _pattern(source: str) -> Pattern | None:
    """The pattern, or None when it uses something that is not covered."""
    try:
        return compiled(source)
    except PatternError as error:
        raise Refused(f"the pattern is wrong: {error}") from None
    except Unsupported:
        return None


def _only_one_kind(pattern: Pattern) -> None:
    if len({bool(name) for name in pattern.names}) > 1:
        raise Refused("groups with and without names cannot be mixed")


def _result(pattern: Pattern, text: str, found: Spans) -> Value:
    groups = [None if start < 0 else text[start:end] for start, end in found]
    if not pattern.names:
        return groups[0]
    return dict(zip(pattern.names, groups[1:], strict=True)) if pattern.names[0] else tuple(groups[1:])


def substitute(source: str, text: str, template: str) -> Value:
    """The text with every match replaced; ``$1`` and ``${name}`` in the template stand for groups."""
    pattern = _pattern(source)
    if pattern is None:
        return Apply("replace", (text, f"/{source}/", template))
    pieces, at = [], 0
    for found in pattern.matches(text):
        start, end = found[0]
        pieces += [text[at:start], _expanded(pattern, text, found, template)]
        at = end
        within(len(pieces) * (len(template) + 1), "characters")
    return "".join((*pieces, text[at:]))


_DOLLAR = re.compile(r"\$(?:(\$)|([\w]+)|\{([\w]+)\})")


def _expanded(pattern: Pattern, text: str, found: Spans, template: str) -> str:
    def group(match: re.Match[str]) -> str:
        if match[1]:
            return "$"
        name = match[2] or match[3]
        number = int(name) if name.isdecimal() else pattern.names.index(name) + 1 if name in pattern.names else -1
        start, end = found[number] if 0 <= number < len(found) else (-1, -1)
        return text[start:end] if start >= 0 else ""

    return _DOLLAR.sub(group, template)
