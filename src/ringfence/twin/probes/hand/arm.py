"""Azure Resource Manager, by the pipeline that all clients of Azure share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure.core import PipelineClient
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy
from azure.core.rest import HttpRequest

from ringfence.twin.probes.hand.failure import of_json

if TYPE_CHECKING:
    from ringfence.twin.probes.hand.clients import Clients

_URL = "https://management.azure.com"


def manage(clients: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """One request: the method, the resource's id, what it shall be.

    Raises:
        RefusedError: it was not done.
    """
    url = f"{_URL}{words['id']}?api-version={words['version']}"
    marked = {"x-ms-client-request-id": words["mark"]} if "mark" in words else {}
    request = HttpRequest(words["method"], url, json=words.get("content"), headers=marked)
    answer = _client(clients, words).send_request(request)
    if answer.status_code >= 400:
        raise of_json(answer.status_code, answer.headers, answer.content)
    return {"status": answer.status_code, "content": answer.json() if answer.content else {}}


def _client(clients: Clients, words: dict[str, Any]) -> Any:
    def made() -> Any:
        token = BearerTokenCredentialPolicy(clients.credential(words["who"]), f"{_URL}/.default")
        return PipelineClient(_URL, policies=[RetryPolicy(), token], transport=clients.transport)

    return clients.once(f"arm {words['who']}", made)
