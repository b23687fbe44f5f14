"""What clients raise, as rows: where something was refused is told apart."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ServiceRequestError
from azure.identity import CredentialUnavailableError
from pymysql.err import OperationalError

from ringfence.twin.network.refusal import SAYS
from ringfence.twin.probes.hand.failure import failed, of_json


class Answer:
    """As much of a response as an error looks at."""

    reason, content_type = "Forbidden", "application/json"

    def __init__(self, status: int, headers: dict[str, str], url: str = "https://kv.vault.azure.net/secrets/a") -> None:
        self.status_code, self.headers = status, headers
        self.request = type("Request", (), {"url": url})()

    def text(self, *_: Any) -> str:
        return ""

    def json(self) -> Any:
        return {}


def http(status: int, **headers: str) -> HttpResponseError:
    answer: Any = Answer(status, {name.replace("_", "-"): value for name, value in headers.items()})
    return HttpResponseError("refused", response=answer)


def test_the_network_and_a_role_are_told_apart() -> None:
    assert failed(http(403))["by"] == "access"
    assert failed(http(403, **{SAYS: "network"}))["by"] == "network"
    assert failed(http(404))["by"] == "service"


def test_a_token_that_is_not_to_be_had_is_no_answer_of_the_service() -> None:
    where = "https://login.microsoftonline.com/t/oauth2/v2.0/token"
    answer: Any = Answer(400, {}, where)
    error = ClientAuthenticationError("AADSTS700213: no matching subject", response=answer)
    assert (failed(error)["by"], failed(error)["code"]) == ("sign-in", "AADSTS700213")
    assert failed(CredentialUnavailableError("none"))["by"] == "sign-in"
    late: Any = Answer(401, {})
    assert failed(ClientAuthenticationError("no", response=late))["by"] == "access"


@pytest.mark.parametrize(("number", "by"), [(1045, "access"), (1044, "access"), (3185, "service"), (2013, "service")])
def test_a_database_says_it_by_a_number(number: int, by: str) -> None:
    found = failed(OperationalError(number, "no"))
    assert (found["code"], found["by"]) == (str(number), by)


def test_a_handshake_and_a_lost_connection_are_told_apart() -> None:
    assert failed(ssl.SSLError("no version in common"))["by"] == "tls"
    assert failed(ConnectionResetError())["by"] == "connection"
    assert failed(ServiceRequestError("no route"))["by"] == "connection"
    assert failed(KeyError("ours"))["by"] == "error"


def test_an_answer_that_no_client_reads_has_its_reason() -> None:
    body = b'{"error": {"code": "Forbidden", "message": "why", "innererror": {"code": "ForbiddenByRbac"}}}'
    row = of_json(403, {}, body).row
    assert (row["status"], row["code"], row["by"], row["why"]) == (403, "ForbiddenByRbac", "access", "why")
    assert of_json(501, {}, b"no json").row["by"] == "service"
