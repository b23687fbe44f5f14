"""Terraform's numbers: 512-bit binary floats, written as the shortest decimal that denotes them.

A whole number is an ``int``, any other a ``Decimal`` holding that shortest decimal, so that equal numbers are
equal in Python. Arithmetic is done on the exact binary values and rounded to 512 bits, half to even, as Go's
``big.Float`` does; thus ``0.1 + 0.2`` and ``1 / 3`` are what Terraform prints.

Blind spot: Terraform keeps results of ``log`` and ``pow`` at 53 bits and of ``length`` at 64; they are
computed with as if they had 512.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from decimal import Decimal

    Number: TypeAlias = int | Decimal

PRECISION = 512
LARGEST = 4000
"""The largest decimal exponent that is computed with; Terraform's own limit is far above any real use."""
_ENDLESS = 16000
"""Beyond so many bits a whole number counts as infinite, so that no chain of products can exhaust memory."""
_EXACT = 153
"""A decimal of so many digits is the shortest one for its 512-bit value."""

_WHOLE = re.compile(r"[+-]?[0-9]+\Z")
_NUMBER = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,9}))?\Z")


def parse(text: str) -> Number | None:
    """The number that a string denotes in Terraform, or None."""
    if len(text) < _EXACT and _WHOLE.match(text):
        return int(text)
    match = _NUMBER.match(text)
    if match is None or not (match[2] or match[3]):
        return _infinity(text)
    fraction = match[3] or ""
    digits = (match[2] + fraction).lstrip("0") or "0"
    exponent = int(match[4] or 0) - len(fraction)
    if abs(exponent) + len(digits) > LARGEST:
        return None
    sign = -1 if match[1] == "-" else 1
    return _ratio(sign * int(digits) * 10 ** max(exponent, 0), 10 ** max(-exponent, 0))


def text_of(number: Number) -> str:
    """The number as Terraform converts it to a string: never with an exponent."""
    if isinstance(number, int):
        return (
            str(number) if number.bit_length() <= PRECISION else format(_decimal(*_shortest(number, 1, PRECISION)), "f")
        )
    if not number.is_finite():
        return "+Inf" if number > 0 else "-Inf"
    return format(number, "f")


def from_float(value: float) -> Number:
    """The number that Terraform prints for a 64-bit float: its shortest decimal."""
    if value in (float("inf"), float("-inf")):
        return _endless(1 if value > 0 else -1)
    n, d = value.as_integer_ratio()
    if d == 1 and abs(n) < 1 << 53:
        return n
    mantissa, exponent = _shortest(n, d, 53)
    return mantissa * 10**exponent if exponent >= 0 else _decimal(mantissa, exponent)


def infinite(number: Number) -> bool:
    """True for an infinity, which only a logarithm, a power or a number beyond all limits gives."""
    return not isinstance(number, int) and not number.is_finite()


def add(a: Number, b: Number) -> Number:
    """The sum."""
    if isinstance(a, int) and isinstance(b, int):
        return _bounded(a + b)
    if infinite(a) or infinite(b):
        return a if infinite(a) else b
    (n, d), (m, e) = ratio(a), ratio(b)
    return _ratio(n * e + m * d, d * e)


def subtract(a: Number, b: Number) -> Number:
    """The difference."""
    return add(a, negate(b))


def negate(a: Number) -> Number:
    """The number with the other sign."""
    return -a if isinstance(a, int) else a.copy_negate()


def absolute(a: Number) -> Number:
    """The number without its sign."""
    return abs(a) if isinstance(a, int) else a.copy_abs()


def multiply(a: Number, b: Number) -> Number:
    """The product."""
    if isinstance(a, int) and isinstance(b, int):
        return _bounded(a * b)
    if infinite(a) or infinite(b):
        return _endless(-1 if (a < 0) != (b < 0) else 1)
    (n, d), (m, e) = ratio(a), ratio(b)
    return _ratio(n * m, d * e)


def divide(a: Number, b: Number) -> Number | None:
    """The quotient, or None for a division by zero."""
    if b == 0 or infinite(a):
        return None
    if infinite(b):
        return 0
    (n, d), (m, e) = ratio(a), ratio(b)
    return _ratio(n * e, d * m) if m > 0 else _ratio(-n * e, -d * m)


def modulo(a: Number, b: Number) -> Number:
    """The remainder, with the sign of the dividend; the dividend itself when the divisor is zero."""
    if b == 0 or infinite(a) or infinite(b):
        return a
    if isinstance(a, int) and isinstance(b, int):
        rest = abs(a) % abs(b)
        return rest if a >= 0 else -rest
    quotient = divide(a, b)
    return a if quotient is None else subtract(a, multiply(truncate(quotient), b))


def truncate(a: Number) -> int:
    """The whole part, rounding towards zero."""
    return int(a)


def floor(a: Number) -> int:
    """The largest whole number not above."""
    return a if isinstance(a, int) else int(a) - (int(a) > a)


def ceil(a: Number) -> int:
    """The smallest whole number not below."""
    return a if isinstance(a, int) else int(a) + (int(a) < a)


def _infinity(text: str) -> Number | None:
    return _endless(-1 if text[0] == "-" else 1) if text.lstrip("+-") in ("Inf", "inf") else None


def _endless(sign: int) -> Decimal:
    from decimal import Decimal

    return Decimal("Infinity").copy_sign(sign)


def _bounded(whole: int) -> Number:
    """The whole number, rounded when it has more than 512 bits."""
    excess = whole.bit_length() - PRECISION
    if excess > _ENDLESS:
        return _endless(-1 if whole < 0 else 1)
    return whole if excess <= 0 else half_even(whole, 1 << excess) << excess


def half_even(n: int, d: int) -> int:
    """n / d rounded to a whole number, halves to even; d > 0."""
    quotient, rest = divmod(n, d)
    return quotient + (2 * rest > d or (2 * rest == d and quotient & 1))


def ratio(number: Number) -> tuple[int, int]:
    """The exact 512-bit value as a fraction."""
    if isinstance(number, int):
        return number, 1
    return _rounded(*number.as_integer_ratio())


def _scaled(n: int, d: int, precision: int) -> tuple[int, int]:
    """n / d rounded to so many bits: a mantissa and the power of two it is multiplied with."""
    shift = precision - (abs(n).bit_length() - d.bit_length())
    for up in (shift, shift - 1):
        mantissa = half_even(n << max(up, 0), d << max(-up, 0))
        if abs(mantissa) == 1 << precision:
            return mantissa >> 1, 1 - up
        if abs(mantissa).bit_length() <= precision:
            return mantissa, -up
    raise AssertionError("a mantissa has at most one bit too many")


def _rounded(n: int, d: int) -> tuple[int, int]:
    """n / d rounded to 512 bits, as a fraction whose denominator is a power of two."""
    if n == 0:
        return 0, 1
    mantissa, up = _scaled(n, d, PRECISION)
    return (mantissa << up, 1) if up >= 0 else (mantissa, 1 << -up)


def _ratio(n: int, d: int) -> Number:
    """n / d rounded to 512 bits, in its shortest decimal form."""
    n, d = _rounded(n, d)
    return _bounded(n // d) if n % d == 0 else _decimal(*_shortest(n, d, PRECISION))


def _shortest(n: int, d: int, precision: int) -> tuple[int, int]:
    """The shortest decimal that denotes n / d, which has so many bits: mantissa and exponent.

    It denotes it when it is within half a unit of the last bit, even below a power of two, as in Go's math/big.
    """
    mantissa, up = _scaled(n, d, precision)
    unit = (1 << max(up, 0), 1 << max(-up, 0))
    low, high = 1, _EXACT + 4
    while low < high:
        middle = (low + high) // 2
        if _near(digits(n, d, middle)[2:], (n, d), unit, mantissa % 2 == 0):
            high = middle
        else:
            low = middle + 1
    return digits(n, d, low)[:2]


def _near(one: tuple[int, int], other: tuple[int, int], unit: tuple[int, int], inclusive: bool) -> bool:
    """True when two fractions differ by less than half a unit, or by exactly that."""
    (n, d), (m, e) = one, other
    gap = 2 * abs(n * e - m * d) * unit[1]
    bound = unit[0] * d * e
    return gap <= bound if inclusive else gap < bound


def digits(n: int, d: int, count: int) -> tuple[int, int, int, int]:
    """n / d to `count` significant digits: mantissa, decimal exponent, and the fraction they denote."""
    exponent = _magnitude(n, d) - count
    if exponent >= 0:
        mantissa = half_even(n, d * 10**exponent)
        return mantissa, exponent, mantissa * 10**exponent, 1
    mantissa = half_even(n * 10**-exponent, d)
    return mantissa, exponent, mantissa, 10**-exponent


def _magnitude(n: int, d: int) -> int:
    """How many digits stand before the point; negative for zeros after it."""
    guess = int((abs(n).bit_length() - d.bit_length()) * 0.30103)
    while abs(n) * 10 ** max(-guess, 0) >= d * 10 ** max(guess, 0):
        guess += 1
    while abs(n) * 10 ** max(1 - guess, 0) < d * 10 ** max(guess - 1, 0):
        guess -= 1
    return guess


def _decimal(mantissa: int, exponent: int) -> Decimal:
    from decimal import Decimal

    figures = str(abs(mantissa)).rstrip("0")
    exponent += len(str(abs(mantissa))) - len(figures)
    return Decimal((int(mantissa < 0), tuple(map(int, figures)), exponent))
