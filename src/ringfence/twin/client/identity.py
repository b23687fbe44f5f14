"""What code finds where it runs: the variables that tell it how to sign in, and the secrets that are mounted for it.

Sources: learn.microsoft.com/azure/aks/workload-identity-overview (variables of a pod),
learn.microsoft.com/azure/app-service/overview-managed-identity (those of a site),
secrets-store-csi-driver.sigs.k8s.io (mounted files)
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ringfence.model.keyvault import Certificate, Key, KeyVault, Secret
from ringfence.model.kubernetes import InCluster
from ringfence.model.value import Known
from ringfence.model.web import Site
from ringfence.questions.reach.doors import doors
from ringfence.record import field, record
from ringfence.twin.entra.federation import service_account_token
from ringfence.twin.entra.settle import settled
from ringfence.twin.message import Request
from ringfence.twin.network.names import APP_SERVICE
from ringfence.twin.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.principal import Principal
    from ringfence.questions.workloads.held import Held
    from ringfence.questions.workloads.workload import Workload
    from ringfence.twin.network.stand import Stand
    from ringfence.twin.supervisor import Twin

AUTHORITY = "https://login.microsoftonline.com/"
VAULT = "https://vault.azure.net"
_VERSION = "api-version=7.4"
_KINDS = {"secret": "secrets", "cert": "certificates", "key": "keys"}
"""Where the driver for mounted secrets asks for an object of each type; as a secret, a certificate has its private key.

Source: azure.github.io/secrets-store-csi-driver-provider-azure/docs/configurations/getting-certs-and-keys
"""
_TOKEN_FILE = "azure-identity-token"


@record(frozen=False, eq=False)
class Found:
    """What a workload has: `files` by name, their content as text; a variable names a file as ``{files}/NAME``."""

    variables: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    """What it should have and was refused, and why."""


async def found_by(twin: Twin, workload: Workload, stand: Stand) -> Found:
    """What the workload's code finds at the stand: each secret is read with its own identity, as anybody would."""
    found = Found()
    _sign_in(twin, workload, found)
    who = workload.own
    for held in workload.secrets:
        if isinstance(held.item, (Secret, Certificate, Key)) and who is not None:
            await _given(twin, held, who, stand, found)
    return found


def _sign_in(twin: Twin, workload: Workload, found: Found) -> None:
    directory = twin.ground.directory
    who = workload.own
    if isinstance(workload.resource, InCluster):
        token = service_account_token(twin.ground, workload)
        if who is None or not token:
            found.notes.append("it has no workload identity, and so gets no token")
            return
        found.files[_TOKEN_FILE] = token
        found.variables |= {
            "AZURE_CLIENT_ID": directory.app_id(who),
            "AZURE_TENANT_ID": directory.tenant,
            "AZURE_AUTHORITY_HOST": AUTHORITY,
            "AZURE_FEDERATED_TOKEN_FILE": f"{{files}}/{_TOKEN_FILE}",
        }
    elif isinstance(workload.resource, Site):
        header = twin.services.identity.header_of(workload)
        found.variables |= {"IDENTITY_ENDPOINT": f"http://{APP_SERVICE}/msi/token", "IDENTITY_HEADER": header}


async def _given(twin: Twin, held: Held, who: Principal, stand: Stand, found: Found) -> None:
    """The item's content in a file or a variable, or the reason why not."""
    status, content = await _read(twin, held, who, stand)
    name = held.name.rpartition(" ")[2]
    if status != 200:
        found.notes.append(f"{held.name}: {content}")
    elif held.how == "secrets store":
        found.files[name] = content
    else:
        found.variables[name] = content


async def _read(twin: Twin, held: Held, who: Principal, stand: Stand) -> tuple[int, str]:
    item: Any = held.item
    vault = twin.present.estate.target(item, item.vault)
    if not isinstance(vault, KeyVault) or not isinstance(item.name, Known):
        return 0, "its vault is not declared here"
    door = next(d for d in doors(vault, twin.present.estate) if d.name == "vault")
    place = stand.place(twin.present.estate)
    passage = twin.gate.passage(place, door.hosts[0], 443)
    if not passage.open:
        return 0, passage.why
    kind = _KINDS.get(held.name.partition(" ")[0], "secrets") if held.how == "secrets store" else "secrets"
    token = twin.ground.tokens.issue(who, VAULT).text
    visit = Visit(place, passage.host, door, passage.front, passage.address, stand.workload, "TLSv1.3")
    path = f"/{kind}/{quote(str(item.name.value))}"
    headers = {"authorization": f"Bearer {token}", "host": passage.host}
    response = await twin.services.vaults.answer(Request("GET", passage.host, path, _VERSION, headers, b"", visit))
    content = json.loads(response.body or b"{}")
    if response.status != 200:
        return response.status, str(content.get("error", {}).get("message", response.status))
    return 200, _mounted(content)


def _mounted(content: dict[str, Any]) -> str:
    """What the driver writes into a file: a secret as it is, a certificate in PEM, the public part of a key."""
    if "cer" in content:
        der = base64.b64decode(content["cer"])
        return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode()
    return str(content["value"]) if "value" in content else json.dumps(content["key"])


def settings(twin: Twin, workload: Workload) -> Iterator[tuple[str, str]]:
    """The plain settings that the code runs with, ids of this run in them; without what only an apply would tell."""
    for held in workload.secrets:
        if held.item is None and held.how in ("environment", "app setting"):
            value = settled(twin.ground.directory, held.value)
            if value is not None:
                yield held.name, value
