"""Functions on numbers.

Sources: github.com/hashicorp/terraform v1.11.4 internal/lang/funcs/number.go; github.com/zclconf/go-cty v1.16.0
cty/function/stdlib/number.go.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ringfence.readers.hcl import number
from ringfence.readers.hcl.functions.signature import Param, Refused, Topic, numeric, whole

if TYPE_CHECKING:
    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.number import Number

FUNCTIONS = Topic()
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@FUNCTIONS.plain(numeric("num"))
def abs_(value: Number) -> Value:
    """The number without its sign."""
    return number.absolute(value)


@FUNCTIONS.plain(numeric("num"))
def ceil(value: Number) -> Value:
    """The smallest whole number not below."""
    return value if number.infinite(value) else number.ceil(value)


@FUNCTIONS.plain(numeric("num"))
def floor(value: Number) -> Value:
    """The largest whole number not above."""
    return value if number.infinite(value) else number.floor(value)


@FUNCTIONS.plain(numeric("num"), numeric("base"))
def log(value: Number, base: Number) -> Value:
    """The logarithm, as the quotient of two natural ones."""
    divisor = _ln(_float(base))
    dividend = _ln(_float(value))
    if divisor == 0:
        quotient = math.copysign(math.inf, dividend) if dividend else math.nan
    else:
        quotient = math.nan if math.isinf(dividend) and math.isinf(divisor) else dividend / divisor
    return _known(quotient)


def _ln(value: float) -> float:
    if value < 0:
        raise Refused("a negative number has no logarithm")
    return _natural(value) if value and not math.isinf(value) else math.inf if value else -math.inf


_LN2 = (6.93147180369123816490e-01, 1.90821492927058770002e-10)
_ODD = (1.479819860511658591e-01, 1.818357216161805012e-01, 2.857142874366239149e-01, 6.666666666666735130e-01)
_EVEN = (1.531383769920937332e-01, 2.222219843214978396e-01, 3.999999999940941908e-01)


def _natural(value: float) -> float:
    """The natural logarithm with the last digit that Go gives it, where others round better.

    Source: netlib.org/fdlibm/e_log.c, which go.dev/src/math/log.go follows.
    """
    mantissa, scale = math.frexp(value)
    if mantissa < math.sqrt(2) / 2:
        mantissa, scale = mantissa * 2, scale - 1
    f = mantissa - 1
    s = f / (2 + f)
    s2 = s * s
    s4 = s2 * s2
    odd = even = 0.0
    for term in _ODD:
        odd = term + s4 * odd
    for term in _EVEN:
        even = term + s4 * even
    half = 0.5 * f * f
    rest = s * (half + (s2 * odd + s4 * even)) + scale * _LN2[1]
    return scale * _LN2[0] - ((half - rest) - f)


def _float(value: Number) -> float:
    return float(value)


def _known(value: float) -> Number:
    if math.isnan(value):
        raise Refused("the result is not a number")
    return number.from_float(value)


@FUNCTIONS.plain(rest=numeric("numbers"))
def max_(*values: Number) -> Value:
    """The largest."""
    if not values:
        raise Refused("takes at least one argument")
    return max(values)


@FUNCTIONS.plain(rest=numeric("numbers"))
def min_(*values: Number) -> Value:
    """The smallest."""
    if not values:
        raise Refused("takes at least one argument")
    return min(values)


@FUNCTIONS.plain(Param("number"), numeric("base"))
def parseint(text: Value, base: Number) -> Value:
    """The whole number that the string denotes in a base from 2 to 62."""
    if not isinstance(text, str):
        raise Refused("argument number must be a string")
    radix = whole(base, "base")
    if not 2 <= radix <= 62:
        raise Refused("the base must lie between 2 and 62")
    figures = text[1:] if text[:1] in ("+", "-") else text
    values = [_DIGITS.find(c if radix > 36 else c.lower()) for c in figures]
    if not values or len(values) > number.LARGEST or any(not 0 <= v < radix for v in values):
        raise Refused(f'"{text[:40]}" is no whole number in base {radix}')
    result = 0
    for value in values:
        result = result * radix + value
    return -result if text[0] == "-" else result


@FUNCTIONS.plain(numeric("num"), numeric("power"))
def pow_(base: Number, power: Number) -> Value:
    """The power, to the precision of a 64-bit float."""
    value, exponent = _float(base), _float(power)
    if value == 0 or math.isinf(value) or math.isinf(exponent) or abs(exponent) in (0.0, 0.5, 1.0):
        return _known(_simple_power(value, exponent))
    if value < 0 and not exponent.is_integer():
        raise Refused("the result is not a number")
    return _known(_power(value, exponent))


def _simple_power(value: float, exponent: float) -> float:
    if value == 0 and exponent < 0:
        return math.inf
    if exponent == -0.5 and value > 0:
        return 1 / math.sqrt(value)
    try:
        return math.pow(value, exponent)
    except ValueError:
        raise Refused("the result is not a number") from None


def _power(value: float, exponent: float) -> float:
    """By squaring, in the order in which Go multiplies, so that the last digit is the same.

    Blind spot: for a fractional power it may still differ by one.

    Source: go.dev/src/math/pow.go
    """
    fraction, repeat = math.modf(abs(exponent))
    if repeat >= 1 << 63:
        return 0.0 if (abs(value) < 1) == (exponent > 0) else math.inf
    if fraction > 0.5:
        fraction, repeat = fraction - 1, repeat + 1
    result, scale = math.exp(fraction * _natural(value)) if fraction else 1.0, 0
    factor, factor_scale = math.frexp(value)
    left = int(repeat)
    while left:
        if abs(factor_scale) > 1 << 12:
            scale += factor_scale
            break
        if left & 1:
            result, scale = result * factor, scale + factor_scale
        factor, factor_scale = factor * factor, factor_scale * 2
        if factor < 0.5:
            factor, factor_scale = factor * 2, factor_scale - 1
        left >>= 1
    if exponent < 0:
        result, scale = 1 / result, -scale
    try:
        return math.ldexp(result, scale)
    except OverflowError:
        return math.copysign(math.inf, result)


@FUNCTIONS.plain(numeric("num"))
def signum(value: Number) -> Value:
    """-1, 0 or 1, by the sign of a whole number."""
    at = whole(value, "num")
    return (at > 0) - (at < 0)
