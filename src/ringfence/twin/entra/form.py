"""The parameters of a request to the token endpoint: each once, none in the address."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote_plus

from ringfence.twin.entra.errors import RefusedError

if TYPE_CHECKING:
    from ringfence.twin.message import Request

Form = dict[str, str]
_TYPE = "application/x-www-form-urlencoded"
_MOST = 40


def form(request: Request) -> Form:
    """The parameters of a posted form; the client's own from the Authorization header, where they stand there.

    Raises:
        RefusedError: it is no such form, or a parameter came twice.
    """
    if request.method != "POST":
        raise RefusedError(900561, request.method)
    if request.headers.get("content-type", "").partition(";")[0].strip().casefold() != _TYPE:
        raise RefusedError(9002313, f"its content is not {_TYPE}")
    found = pairs(request.body.decode("utf-8", "strict") if _is_text(request.body) else "\0")
    told = request.headers.get("authorization", "")
    return {**found, **_basic(told, found)} if told else found


def pairs(text: str) -> Form:
    """The parameters that a text in the form of a query has.

    Raises:
        RefusedError: it is none, or a parameter came twice.
    """
    try:
        found = parse_qsl(
            text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=_MOST, errors="strict"
        )
    except ValueError:
        raise RefusedError(9002313, "its parameters have not the form of name=value") from None
    twice = [name for name, times in Counter(name for name, _ in found).items() if times > 1]
    if twice:
        raise RefusedError(9000411, twice[0])
    if any("\0" in name + value for name, value in found):
        raise RefusedError(9002313, "a parameter has a character that it must not have")
    return dict(found)


def needed(form: Form, name: str) -> str:
    """The value of a parameter that has to be there.

    Raises:
        RefusedError: it is not.
    """
    if not form.get(name):
        raise RefusedError(900144, name)
    return form[name]


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _basic(told: str, found: Form) -> Form:
    """Client id and secret from the header; they must not stand in the form too.

    Source: rfc-editor.org/rfc/rfc6749, section 2.3.1
    """
    scheme, _, rest = told.partition(" ")
    try:
        name, colon, secret = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        name, colon, secret = "", "", ""
    if scheme.casefold() != "basic" or not colon:
        raise RefusedError(9002313, "its Authorization header is not one of a client")
    if "client_secret" in found or "client_assertion" in found:
        raise RefusedError(7000216, found.get("client_id", "the client"))
    if found.get("client_id", unquote_plus(name)) != unquote_plus(name):
        raise RefusedError(9000411, "client_id")
    return {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}
