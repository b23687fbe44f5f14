"""The token that a request carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.twin.entra.tokens import Tokens, VoidTokenError

if TYPE_CHECKING:
    from ringfence.twin.entra.directory import Caller
    from ringfence.twin.message import Request

_LONGEST = 16_384


def caller(request: Request, tokens: Tokens, audiences: tuple[str, ...]) -> Caller:
    """Who asks, by the request's bearer token.

    Raises:
        VoidTokenError: it carries none, several, or one that does not hold.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not token.strip():
        raise VoidTokenError("it carries no bearer token")
    if len(token) > _LONGEST or "," in token:
        raise VoidTokenError("it carries more than one bearer token, or one that is too long")
    return tokens.caller(token.strip(), audiences)
