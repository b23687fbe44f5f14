"""What a client raises, as a row: the status, the code, and where it was refused."""

from __future__ import annotations

import json
import re
import ssl
from typing import Any

import requests
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ServiceRequestError
from azure.identity import CredentialUnavailableError
from pymysql.err import MySQLError

from ringfence.twin.network.refusal import SAYS

_AADSTS = re.compile(r"AADSTS(\d+)")


class RefusedError(Exception):
    """A job of ours saw a refusal that no client has an error for."""

    def __init__(self, status: int, code: str, by: str, why: str) -> None:
        super().__init__(why)
        self.row: dict[str, Any] = {"status": status, "code": code, "by": by, "why": why}


def failed(error: BaseException) -> dict[str, Any]:
    """A row of ``status``, ``code``, ``why`` and ``by``: what refused it, such as "network", "access" or "tls"."""
    if isinstance(error, RefusedError):
        return error.row
    if isinstance(error, MySQLError):
        return _of_database(error)
    if isinstance(error, (ClientAuthenticationError, CredentialUnavailableError)) and _is_sign_in(error):
        found = _AADSTS.search(str(error))
        return _row(getattr(error, "status_code", 0) or 0, found.group() if found else "", "sign-in", str(error))
    if isinstance(error, HttpResponseError):
        return _of_answer(error)
    return _of_connection(error)


def _is_sign_in(error: Exception) -> bool:
    """Not an answer of the service that was asked: a token was not to be had."""
    response = getattr(error, "response", None)
    return response is None or "/oauth2/" in str(getattr(getattr(response, "request", None), "url", ""))


def _of_answer(error: HttpResponseError) -> dict[str, Any]:
    headers: Any = getattr(error.response, "headers", None) or {}
    status = error.status_code or 0
    by = headers.get(SAYS) or ("access" if status in (401, 403) else "service")
    code = str(getattr(error, "error_code", "") or getattr(error.error, "code", "") or "")
    inner = getattr(error.error, "innererror", None)
    inner_code = inner.get("code", "") if isinstance(inner, dict) else ""
    return _row(status, inner_code or code, by, str(error.message))


def _of_database(error: MySQLError) -> dict[str, Any]:
    number, why = (*error.args, "", "")[:2]
    return _row(0, str(number), "access" if number in (1044, 1045, 1142, 1227) else "service", str(why))


def _of_connection(error: BaseException) -> dict[str, Any]:
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, (ssl.SSLError, requests.exceptions.SSLError)):
            return _row(0, "TLS", "tls", str(error))
        inner = inner.__cause__ or inner.__context__
    connection = (OSError, ServiceRequestError, requests.exceptions.RequestException)
    return _row(0, type(error).__name__, "connection" if isinstance(error, connection) else "error", str(error))


def _row(status: int, code: str, by: str, why: str) -> dict[str, Any]:
    return {"status": status, "code": code, "by": by, "why": " ".join(why.split())[:400]}


def of_json(status: int, headers: Any, body: bytes) -> RefusedError:
    """The refusal that an answer of ours to read holds."""
    try:
        error = json.loads(body).get("error", {})
    except (ValueError, AttributeError):
        error = {}
    error = error if isinstance(error, dict) else {"code": str(error)}
    inner = error.get("innererror") or {}
    by = headers.get(SAYS) or ("access" if status in (401, 403) else "service")
    code = str(inner.get("code") or error.get("code", ""))
    return RefusedError(status, code, by, " ".join(str(error.get("message", "")).split())[:400])
