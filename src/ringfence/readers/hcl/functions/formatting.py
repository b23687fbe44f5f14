"""`format` and `formatlist`: Go's verbs, as Terraform has them.

Sources: github.com/zclconf/go-cty v1.16.0 cty/function/stdlib/format.go; golang.org/pkg/math/big, for numbers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply, Error, List, Ref, Set, is_known, is_symbol, plain, text
from ringfence.readers.hcl import number
from ringfence.readers.hcl.functions.signature import LIMIT, Param, Refused, Topic, string, within
from ringfence.readers.hcl.types import convert, is_single, type_of
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.number import Number

FUNCTIONS = Topic()
_VALUES = Param("args", null=True)
_VERB = re.compile(
    r"%(?P<flags>[0#\-+ ]*)(?P<width>[1-9][0-9]*)?(?:\.(?P<precision>[0-9]*))?"
    r"(?:\[(?P<at>[1-9][0-9]*)\])?(?P<mode>[A-Za-z])"
)
_INTEGERS = {"b": "b", "d": "d", "o": "o", "x": "x", "X": "X"}
_MODES = "vtbdoxXeEfgGsq"


@record(eq=False)
class _Verb:
    """One verb of a format string; `at` counts arguments from 1."""

    mode: str
    flags: str
    width: int
    precision: int | None
    at: int

    def __str__(self) -> str:
        """The verb alone, as it would be written for a first argument."""
        precision = "" if self.precision is None else f".{self.precision}"
        return f"%{self.flags}{self.width or ''}{precision}{self.mode}"


@FUNCTIONS.plain(string("format"), rest=_VALUES)
def format_(template: str, *values: Value) -> Value:
    """The template with its verbs replaced by the values."""
    return text(*_parts(template, values))


@FUNCTIONS.symbolic("format")
def _format_of(template: Value, *values: Value) -> Value:
    return text(*_parts(template, values)) if isinstance(template, str) else None


@FUNCTIONS.structural(string("format"), rest=_VALUES, deep=True)
def formatlist(template: Value, *values: Value) -> Value:
    """The template filled in once for each element of the lists among the values."""
    if not isinstance(template, str) or any(isinstance(v, Set) and len(v) > 1 and not is_known(v) for v in values):
        return Apply("formatlist", (template, *values))
    if not all(is_single(v) or isinstance(v, tuple) for v in values):
        return Apply("formatlist", (template, *values))
    lengths = {len(v) for v in values if isinstance(v, tuple)}
    if len(lengths) > 1:
        raise Refused("the lists must have the same length")
    count = lengths.pop() if lengths else 1
    rows = ([v[i] if isinstance(v, tuple) else v for v in values] for i in range(count))
    return List(_row(template, tuple(row)) for row in rows)


def _row(template: str, values: tuple[Value, ...]) -> Value:
    return next((v for v in values if isinstance(v, Error)), None) or text(*_parts(template, values))


def _parts(template: str, values: tuple[Value, ...]) -> Iterator[Value]:
    """The literal pieces and the formatted values in turn."""
    highest, after, size = 0, 1, 0
    for piece in _pieces(template):
        if not isinstance(piece, re.Match):
            yield piece
            continue
        verb = _verb(piece, after)
        if verb.at > len(values):
            raise Refused(f"there are not enough arguments for {piece[0]}")
        highest, after = max(highest, verb.at), verb.at + 1
        found = _formatted(verb, values[verb.at - 1])
        size += len(found) if isinstance(found, str) else 0
        within(size, "characters")
        yield found
    if highest < len(values):
        raise Refused(f"there are {len(values)} arguments, but the format uses only {highest}")


def _pieces(template: str) -> Iterator[str | re.Match[str]]:
    at = 0
    while at < len(template):
        percent = template.find("%", at)
        if percent < 0:
            yield template[at:]
            return
        yield template[at:percent]
        if template.startswith("%%", percent):
            yield "%"
            at = percent + 2
            continue
        match = _VERB.match(template, percent)
        if match is None:
            raise Refused(f"the format is wrong at {template[percent : percent + 10]!r}")
        yield match
        at = match.end()


def _verb(match: re.Match[str], after: int) -> _Verb:
    if match["mode"] not in _MODES:
        raise Refused(f'there is no format verb "{match[0]}"')
    width, precision, at = match["width"] or "0", match["precision"], match["at"]
    within(max(int(width[:9]), int((precision or "0")[:9])), "characters")
    if len(width) > 9 or len(precision or "") > 9:
        raise Refused(f"a width or a precision is above {LIMIT}")
    digits = None if precision is None else int(precision or 0)
    return _Verb(match["mode"], match["flags"], int(width), digits, int(at[:9]) if at else after)


def _formatted(verb: _Verb, value: Value) -> Value:
    value = plain(value)
    if value is None and verb.mode != "v":
        raise Refused(f"a null cannot be formatted with {verb}")
    if not is_known(value):
        return value if _is_verbatim(verb, value) else Apply("format", (str(verb), value))
    if verb.mode == "v":
        return _padded(verb, _as_is(verb, value))
    if verb.mode in "sq":
        return _padded(verb, _string(verb, value))
    if verb.mode == "t":
        return "true" if _converted(verb, value, "bool") else "false"
    amount = _converted(verb, value, "number")
    assert not isinstance(amount, (str, tuple, dict))
    return _integer(verb, amount) if verb.mode in _INTEGERS else _float(verb, amount)  # type: ignore[arg-type]


def _is_verbatim(verb: _Verb, value: Value) -> bool:
    """True when a string is inserted as it is, as far as the verb is concerned."""
    if verb.width or verb.precision or not is_symbol(value):
        return False
    return verb.mode == "s" or (
        verb.mode == "v" and "#" not in verb.flags and (type_of(value) == "string" or isinstance(value, Ref))
    )


def _converted(verb: _Verb, value: Value, type: str) -> Value:
    converted = convert(value, type)
    if isinstance(converted, Error):
        raise Refused(f"{verb}: {converted.reason}")
    return converted


def _as_is(verb: _Verb, value: Value) -> str:
    if "#" not in verb.flags and isinstance(value, str):
        return value
    if "#" not in verb.flags and type_of(value) == "number":
        return _general(value, None, "e")  # type: ignore[arg-type]  # type_of says that it is a number
    from ringfence.readers.hcl.functions.encoding import to_json

    return to_json(value)


def _string(verb: _Verb, value: Value) -> str:
    found = _converted(verb, value, "string")
    assert isinstance(found, str)
    if verb.precision:
        from ringfence.readers.hcl.functions.graphemes import clusters

        found = "".join(clusters(found)[: verb.precision])
    if verb.mode == "s":
        return found
    from ringfence.readers.hcl.functions.encoding import to_json

    return to_json(found)


def _padded(verb: _Verb, found: str) -> str:
    if not verb.width:
        return found
    from ringfence.readers.hcl.functions.graphemes import clusters

    padding = ("0" if "0" in verb.flags else " ") * (verb.width - len(clusters(found)))
    return found + padding if "-" in verb.flags else padding + found


def _integer(verb: _Verb, value: Number) -> str:
    """As Go's `big.Int` is formatted: a precision is the least number of digits."""
    if not isinstance(value, int):
        raise Refused(f"{verb}: a whole number is required")
    sign = "-" if value < 0 else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    prefix = {"x": "0x", "X": "0X", "o": "0", "b": "0b"}.get(verb.mode, "") if "#" in verb.flags else ""
    digits = number.text_of(abs(value)) if verb.mode == "d" else format(abs(value), _INTEGERS[verb.mode])
    zeros = 0
    if verb.precision is not None:
        if verb.precision == 0 and value == 0:
            return ""
        zeros = verb.precision - len(digits)
    missing = verb.width - len(sign) - len(prefix) - max(zeros, 0) - len(digits)
    if "0" in verb.flags and "-" not in verb.flags and verb.precision is None:
        zeros, missing = max(zeros, 0) + max(missing, 0), 0
    found = sign + prefix + "0" * zeros + digits
    return found + " " * missing if "-" in verb.flags else " " * missing + found


def _float(verb: _Verb, value: Number) -> str:
    """As Go's `big.Float` is formatted."""
    if number.infinite(value):
        raise Refused(f"{verb}: an infinity cannot be formatted")
    upper = verb.mode.isupper()
    digits = _digits_of(verb, number.absolute(value))
    sign = "-" if value < 0 else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    missing = verb.width - len(sign) - len(digits)
    digits = digits.upper() if upper else digits
    if "-" in verb.flags:
        return sign + digits + " " * missing
    return sign + "0" * missing + digits if "0" in verb.flags else " " * missing + sign + digits


def _digits_of(verb: _Verb, value: Number) -> str:
    precision = 6 if verb.precision is None else verb.precision
    if verb.mode == "f":
        return _fixed(value, precision)
    if verb.mode in "eE":
        return _scientific(value, precision)
    return _general(value, verb.precision, "e")


def _fixed(value: Number, precision: int) -> str:
    n, d = number.ratio(value)
    digits = str(number.half_even(n * 10**precision, d)).rjust(precision + 1, "0")
    return f"{digits[:-precision]}.{digits[-precision:]}" if precision else digits


def _scientific(value: Number, precision: int) -> str:
    figures, exponent = _figures(value, precision + 1)
    figures = figures.ljust(precision + 1, "0")
    return _with_exponent(figures, exponent)


def _with_exponent(figures: str, exponent: int) -> str:
    point = "." if len(figures) > 1 else ""
    return f"{figures[0]}{point}{figures[1:]}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _figures(value: Number, count: int) -> tuple[str, int]:
    """The significant digits, and the exponent of the first of them."""
    n, d = number.ratio(value)
    if n == 0:
        return "0", 0
    mantissa, exponent, _, _ = number.digits(n, d, count)
    found = str(mantissa)
    return found.rstrip("0") or "0", exponent + len(found) - 1


def _general(value: Number, precision: int | None, letter: str) -> str:
    """With an exponent when it is below -4 or too large for the digits; the shortest digits without a precision."""
    sign = "-" if value < 0 else ""
    value = number.absolute(value)
    if precision is None:
        written = number.text_of(value)
        figures = written.replace(".", "").lstrip("0").rstrip("0") or "0"
        exponent = _exponent(written) if value else 0
        limit = 6
    else:
        figures, exponent = _figures(value, precision or 1)
        limit = len(figures) if (precision or 1) > len(figures) > exponent else precision or 1
    if value and (exponent < -4 or exponent >= limit):
        return sign + _with_exponent(figures, exponent).replace("e", letter)
    return sign + _fixed(value, max(len(figures) - exponent - 1, 0))


def _exponent(written: str) -> int:
    whole, _, fraction = written.partition(".")
    return len(whole) - 1 if whole != "0" else -(len(fraction) - len(fraction.lstrip("0"))) - 1
