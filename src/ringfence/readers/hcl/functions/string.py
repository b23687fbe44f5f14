"""Functions on strings. A `Text` keeps as much of its structure as the function is certain to leave.

Sources: github.com/hashicorp/terraform v1.11.4 internal/lang/funcs/string.go; github.com/zclconf/go-cty v1.16.0
cty/function/stdlib/string.go and string_replace.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply, List, Text, is_symbol, text
from ringfence.readers.hcl.functions.signature import Param, Refused, Topic, listing, numeric, string, whole, within
from ringfence.readers.hcl.same import prefix, suffix

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.functions import Context
    from ringfence.readers.hcl.number import Number

FUNCTIONS = Topic()
SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""Unicode's white space, which `trimspace` removes."""


def _each(value: Value, name: str, known: Callable[[str], Value], *rest: Value) -> Value:
    """A function that works on each character by itself, applied to each part of a Text."""
    if isinstance(value, str):
        return known(value)
    if isinstance(value, Text):
        return text(*(_each(p, name, known, *rest) for p in value.parts))
    if isinstance(value, Apply) and value.fn == name and value.args[1:] == rest:
        return value
    return Apply(name, (value, *rest))


@FUNCTIONS.plain(string("str"))
def upper(value: str) -> Value:
    """Every letter in upper case, each by itself."""
    return value.upper() if value.isascii() else "".join(map(_upper, value))


@FUNCTIONS.symbolic("upper")
def _upper_of(value: Value) -> Value:
    return _each(value, "upper", upper)


def _upper(char: str) -> str:
    return next((c for c in (char.upper(), char.title()) if len(c) == 1), char)


@FUNCTIONS.plain(string("str"))
def lower(value: str) -> Value:
    """Every letter in lower case, each by itself."""
    return value.lower() if value.isascii() else "".join(c.lower()[0] for c in value)


@FUNCTIONS.symbolic("lower")
def _lower_of(value: Value) -> Value:
    return _each(value, "lower", lower)


@FUNCTIONS.plain(string("str"))
def title(value: str) -> Value:
    """The first letter of each word in title case."""
    found, before = [], " "
    for char in value:
        found.append(_title(char) if _separates(before) else char)
        before = char
    return "".join(found)


def _title(char: str) -> str:
    return next((c for c in (char.title(), char.upper()) if len(c) == 1), char)


def _separates(char: str) -> bool:
    if char.isascii():
        return not (char.isalnum() or char == "_")
    return not (char.isalpha() or char.isdecimal()) and char in SPACES


@FUNCTIONS.plain(string("str"))
def chomp(value: str) -> Value:
    """The string without line ends at its end."""
    return value.rstrip("\r\n")


@FUNCTIONS.symbolic("chomp")
def _chomp_of(value: Value) -> Value:
    end = suffix(value)
    return _ending(value, end.rstrip("\r\n")) if end.rstrip("\r\n") else None


def _ending(value: Value, end: str) -> Value:
    """The Text with another last part."""
    assert isinstance(value, Text)
    return text(*value.parts[:-1], end)


def _beginning(value: Value, start: str) -> Value:
    """The Text with another first part."""
    assert isinstance(value, Text)
    return text(start, *value.parts[1:])


@FUNCTIONS.plain(string("str"))
def trimspace(value: str) -> Value:
    """The string without white space at both ends."""
    return value.strip(SPACES)


@FUNCTIONS.symbolic("trimspace")
def _trimspace_of(value: Value) -> Value:
    return _trimmed(value, SPACES)


@FUNCTIONS.plain(string("str"), string("cutset"))
def trim(value: str, cutset: str) -> Value:
    """The string without any of the characters at both ends."""
    return value.strip(cutset)


@FUNCTIONS.symbolic("trim")
def _trim_of(value: Value, cutset: Value) -> Value:
    return _trimmed(value, cutset) if isinstance(cutset, str) else None


def _trimmed(value: Value, cutset: str) -> Value:
    start, end = prefix(value).lstrip(cutset), suffix(value).rstrip(cutset)
    return _ending(_beginning(value, start), end) if start and end else None


@FUNCTIONS.plain(string("str"), string("prefix"))
def trimprefix(value: str, start: str) -> Value:
    """The string without the prefix, if it has it."""
    return value.removeprefix(start)


@FUNCTIONS.symbolic("trimprefix")
def _trimprefix_of(value: Value, start: Value) -> Value:
    begins = startswith_of(value, start)
    if not isinstance(begins, bool) or not isinstance(start, str):
        return None
    return _beginning(value, prefix(value).removeprefix(start)) if begins and start else value


@FUNCTIONS.plain(string("str"), string("suffix"))
def trimsuffix(value: str, end: str) -> Value:
    """The string without the suffix, if it has it."""
    return value.removesuffix(end)


@FUNCTIONS.symbolic("trimsuffix")
def _trimsuffix_of(value: Value, end: Value) -> Value:
    ends = endswith_of(value, end)
    if not isinstance(ends, bool) or not isinstance(end, str):
        return None
    return _ending(value, suffix(value).removesuffix(end)) if ends and end else value


@FUNCTIONS.plain(string("str"), string("prefix"))
def startswith(value: str, start: str) -> Value:
    """Whether the string begins so."""
    return value.startswith(start)


@FUNCTIONS.symbolic("startswith")
def startswith_of(value: Value, start: Value) -> Value:
    """The answer where what is known of both decides."""
    known, wanted = prefix(value), prefix(start)
    if isinstance(start, str) and known.startswith(start):
        return True
    return None if wanted.startswith(known) or known.startswith(wanted) else False


@FUNCTIONS.plain(string("str"), string("suffix"))
def endswith(value: str, end: str) -> Value:
    """Whether the string ends so."""
    return value.endswith(end)


@FUNCTIONS.symbolic("endswith")
def endswith_of(value: Value, end: Value) -> Value:
    """The answer where what is known of both decides."""
    known, wanted = suffix(value), suffix(end)
    if isinstance(end, str) and known.endswith(end):
        return True
    return None if wanted.endswith(known) or known.endswith(wanted) else False


@FUNCTIONS.plain(string("str"), string("substr"))
def strcontains(value: str, part: str) -> Value:
    """Whether the string has the part in it."""
    return part in value


@FUNCTIONS.symbolic("strcontains")
def _strcontains_of(value: Value, part: Value) -> Value:
    parts = value.parts if isinstance(value, Text) else (value,)
    found = isinstance(part, str) and any(part in p for p in parts if isinstance(p, str))
    return True if found or part == "" else None


@FUNCTIONS.plain(numeric("spaces"), string("str"))
def indent(spaces: Number, value: str) -> Value:
    """The string with so many spaces before each line but the first."""
    return value.replace("\n", "\n" + _padding(spaces, value))


@FUNCTIONS.symbolic("indent")
def _indent_of(spaces: Value, value: Value) -> Value:
    if is_symbol(spaces) or not isinstance(value, Text):
        return None
    pad = "\n" + _padding(spaces, "")
    return text(*(p.replace("\n", pad) if isinstance(p, str) else Apply("indent", (spaces, p)) for p in value.parts))


def _padding(spaces: Value, value: str) -> str:
    count = whole(spaces, "spaces")
    if count < 0:
        raise Refused("the number of spaces must not be negative")
    within(count * (value.count("\n") + 1), "characters")
    return " " * count


@FUNCTIONS.plain(string("separator"), rest=listing("lists", "string"))
def join(separator: str, *lists: tuple[str | None, ...]) -> Value:
    """The strings of all lists in a row, the separator between them."""
    if not lists:
        raise Refused("at least one list is required")
    items = [i for items in lists for i in items]
    if None in items:
        raise Refused("an element is null")
    within(sum(len(i) + len(separator) for i in items if i is not None), "characters")
    return separator.join(i for i in items if i is not None)


@FUNCTIONS.symbolic("join")
def _join_of(separator: Value, *lists: Value) -> Value:
    if not all(isinstance(items, tuple) for items in lists):
        return None
    items = [i for items in lists if isinstance(items, tuple) for i in items]
    if None in items:
        raise Refused("an element is null")
    return text(*(p for i, item in enumerate(items) for p in ((separator, item) if i else (item,))))


@FUNCTIONS.plain(string("separator"), string("str"))
def split(separator: str, value: str) -> Value:
    """The pieces between the separators; the single characters for an empty one."""
    return List(value.split(separator) if separator else value)


@FUNCTIONS.plain(string("str"))
def strrev(value: str) -> Value:
    """The characters from last to first."""
    from ringfence.readers.hcl.functions.graphemes import clusters

    return "".join(reversed(clusters(value)))


@FUNCTIONS.plain(string("str"), numeric("offset"), numeric("length"))
def substr(value: str, offset: Number, length: Number) -> Value:
    """So many characters from an offset, which counts from the end when negative; a negative length takes the rest."""
    from ringfence.readers.hcl.functions.graphemes import clusters

    chars = clusters(value)
    start, count = whole(offset, "offset"), whole(length, "length")
    if start >= 0 and count == 0:
        return ""
    start = max(start + len(chars), 0) if start < 0 else start
    return "".join(chars[start:] if count <= 0 else chars[start : start + count])


@FUNCTIONS.symbolic("substr")
def _substr_of(value: Value, offset: Value, length: Value) -> Value:
    """A piece that ends before the last character known lies in what is known: a later one may join that."""
    known = prefix(value)
    if not known or is_symbol(offset) or is_symbol(length):
        return None
    start, count = whole(offset, "offset"), whole(length, "length")
    if start < 0 or count < 0:
        return None
    return substr(known, start, count) if known.isascii() and start + count < len(known) else None


@FUNCTIONS.plain(string("str"), string("substr"), string("replace"))
def replace(value: str, old: str, new: str) -> Value:
    """The string with every occurrence replaced; a pattern between slashes is a regular expression."""
    if is_pattern(old):
        from ringfence.readers.hcl.functions.regular import substitute

        return substitute(old[1:-1], value, new)
    count = value.count(old) if old else len(value) + 1
    within(len(value) + count * len(new), "characters")
    return value.replace(old, new)


def is_pattern(old: str) -> bool:
    """True when `replace` takes the argument for a regular expression."""
    return len(old.encode()) > 1 and old[0] == "/" and old[-1] == "/"


_ONE_CHARACTER = re.compile(r"/(\[\^?[\w\-. /]+\]|\\?[\W_]|[A-Za-z0-9]|\\[dDsSwW])(\+)?/\Z", re.ASCII)


@FUNCTIONS.symbolic("replace")
def _replace_of(value: Value, old: Value, new: Value) -> Value:
    """What is replaced one character at a time is replaced in each part of a Text by itself."""
    if not (isinstance(value, Text) and isinstance(old, str) and isinstance(new, str)):
        return None
    match = _ONE_CHARACTER.match(old) if is_pattern(old) else None
    if (match and (match[2] is None or new == "")) or (not is_pattern(old) and len(old) == 1):
        return _each(value, "replace", lambda part: replace(part, old, new), old, new)
    return None


@FUNCTIONS.structural(Param("template"), Param("vars"), sees=True)
def templatestring(context: Context, template: Value, variables: Value) -> Value:
    """The template evaluated with the variables."""
    if is_symbol(template) or is_symbol(variables):
        return Apply("templatestring", (template, variables))
    if not isinstance(template, str) or not isinstance(variables, dict):
        raise Refused("a string and a map of variables are required")
    return context.template(template, variables, "templatestring")
