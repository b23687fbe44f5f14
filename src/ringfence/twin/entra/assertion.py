"""Tokens that others sign, read with suspicion: what a header says chooses no key and fetches nothing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import jwt

from ringfence.record import record
from ringfence.twin.entra.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

LONGEST = 16_384
_HEADER = frozenset(["alg", "typ", "kid", "x5t", "x5t#S256", "x5c"])
"""What a header may have. ``jwk``, ``jku``, ``x5u`` and ``crit`` would bring a key or a rule of the sender's own."""
_CLAIMS = ("verify_aud", "verify_iss", "verify_exp", "verify_nbf", "verify_iat", "verify_sub", "verify_jti")
_UNCHECKED: Any = {"verify_signature": False}
_ONLY_SIGNATURE: Any = dict.fromkeys(_CLAIMS, False)
CLOCKS = 300
"""Seconds by which clocks may differ.

Source: learn.microsoft.com/entra/identity-platform/certificate-credentials, which asks for times of this order
"""


@record(eq=False)
class Assertion:
    """A token as it was sent; nothing of it is true before `signed_by` has passed."""

    text: str
    header: dict[str, Any]
    claims: dict[str, Any]

    def __repr__(self) -> str:
        return "Assertion()"

    def said(self, claim: str) -> str:
        """A claim that is text, "" where it is not."""
        value = self.claims.get(claim)
        return value if isinstance(value, str) else ""

    @property
    def audiences(self) -> tuple[str, ...]:
        """Whom it is for."""
        value = self.claims.get("aud")
        return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def read(text: str) -> Assertion:
    """The parts of a token that somebody sent.

    Raises:
        RefusedError: they cannot be read, or its header has what it must not have.
    """
    if len(text) > LONGEST:
        raise RefusedError(50027, "it is too long")
    try:
        header = jwt.get_unverified_header(text)
        claims = jwt.decode(text, options=_UNCHECKED)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise RefusedError(50027, "it has not the form of one") from None
    odd = sorted(map(str, set(header) - _HEADER))
    if odd:
        raise RefusedError(50027, f"its header has {', '.join(odd)}")
    return Assertion(text, header, claims)


def signed_by(assertion: Assertion, key: RSAPublicKey, algorithms: Sequence[str]) -> bool:
    """The key signed it, by one of the algorithms."""
    if assertion.header.get("alg") not in algorithms:
        return False
    try:
        jwt.decode(assertion.text, key, list(algorithms), options=_ONLY_SIGNATURE)
    except (jwt.PyJWTError, ValueError, RecursionError):
        return False
    return True


def check_times(assertion: Assertion, now: datetime, longest: float) -> None:
    """The assertion holds now, and no longer than `longest` seconds from now.

    Raises:
        RefusedError: it does not.
    """
    at = now.timestamp()
    ends, begins, made = (_moment(assertion.claims.get(claim)) for claim in ("exp", "nbf", "iat"))
    if ends is None:
        raise RefusedError(700024, "it says not when it ends (exp)")
    if ends <= at - CLOCKS:
        raise RefusedError(700024, "it has expired (exp)")
    if ends > at + longest:
        raise RefusedError(700024, f"it would hold for more than {int(longest // 3600)} hours (exp)")
    if any(moment is not None and moment > at + CLOCKS for moment in (begins, made)):
        raise RefusedError(700024, "it does not hold yet (nbf, iat)")


def _moment(value: Any) -> float | None:
    """Seconds since 1970; None where it says none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) < 1e12 and math.isfinite(value) else math.inf
