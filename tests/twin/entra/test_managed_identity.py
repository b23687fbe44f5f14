"""Both endpoints of managed identity: who asks gets tokens of his own identities, and nobody else gets any."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.world import Change
from ringfence.questions.workloads.every import workloads
from tests.twin.entra.stands import APP_SERVICE, IMDS, VAULT, Stand, workload
from tests.twin.grounds import Clock, Platform, ground, rows

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.twin.ground import Ground

MACHINE = "dev#azurerm_linux_virtual_machine.ie"
SITE = "serve#azurerm_linux_web_app.bed_forecast"
TRUE = {"Metadata": "true"}


@pytest.fixture
def eudcc(tmp_path: Path) -> Ground:
    return ground(Platform("eudcc"), tmp_path, now=Clock())


@pytest.fixture
def flowehr(tmp_path: Path) -> Ground:
    return ground(Platform("flowehr"), tmp_path, now=Clock())


def asked(stand: Stand, query: str = "", headers: dict[str, str] | None = None, **more: str) -> tuple[int, Any]:
    """What the metadata service answers."""
    told = query or f"api-version=2018-02-01&resource={VAULT}"
    told += "".join(f"&{name}={value}" for name, value in more.items())
    url = f"http://{IMDS}/metadata/identity/oauth2/token?{told}"
    found = stand.ask("GET", url, b"", TRUE if headers is None else headers)
    return found.status, json.loads(found.body)


def at_site(stand: Stand, header: str, **more: str) -> tuple[int, Any]:
    """What App Service's endpoint answers."""
    told = "".join(f"&{name}={value}" for name, value in more.items())
    url = f"http://{APP_SERVICE}/msi/token?api-version=2019-08-01&resource={VAULT}{told}"
    found = stand.ask("GET", url, b"", {"X-IDENTITY-HEADER": header})
    return found.status, json.loads(found.body)


def test_a_machine_gets_its_own(eudcc: Ground) -> None:
    status, told = asked(Stand(eudcc, MACHINE))
    assert (status, told["expires_in"], told["resource"], told["token_type"]) == (200, "86400", VAULT, "Bearer")
    caller = eudcc.tokens.caller(told["access_token"], (VAULT,))
    assert caller.principal.name == "vm-jump-eudcc-ie-prod"
    assert "/virtualMachines/vm-jump-eudcc-ie-prod" in str(caller.claims["xms_mirid"])
    assert int(told["expires_on"]) - int(told["not_before"]) == 86_400


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "Metadata: true"),
        ({"Metadata": "false"}, "Metadata: true"),
        ({"Metadata": "true", "X-Forwarded-For": "127.0.0.1"}, "X-Forwarded-For"),
    ],
)
def test_a_forged_request_gets_nothing(eudcc: Ground, headers: dict[str, str], why: str) -> None:
    status, told = asked(Stand(eudcc, MACHINE), headers=headers)
    assert (status, told["error"]) == (400, "invalid_request")
    assert why in told["error_description"]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        (f"resource={VAULT}", "api-version"),
        (f"api-version=2016-01-01&resource={VAULT}", "api-version"),
        ("api-version=2018-02-01", "resource"),
        (f"api-version=2018-02-01&resource={VAULT}&resource=https://storage.azure.com", "more than once"),
        ("api-version=2018-02-01&resource=https://attacker.example", "AADSTS500011"),
        ("api-version=2018-02-01&resource=%ff", "cannot be read"),
    ],
)
def test_a_question_is_whole(eudcc: Ground, query: str, why: str) -> None:
    status, told = asked(Stand(eudcc, MACHINE), query)
    assert status == 400
    assert why in told["error_description"]


def test_nobody_gets_the_identity_of_another(eudcc: Ground) -> None:
    directory = eudcc.directory
    for who in directory.everybody():
        if who.kind in ("user-assigned identity", "system-assigned identity"):
            ids = {"client_id": directory.app_id(who), "object_id": directory.object_id(who)}
            for name, value in ids.items():
                status, _ = asked(Stand(eudcc, MACHINE), **{name: value})
                assert (status == 200) == (who.name == "vm-jump-eudcc-ie-prod"), who


def test_whoever_is_no_workload_gets_nothing(eudcc: Ground) -> None:
    assert asked(Stand(eudcc))[0] == 403
    assert asked(Stand(eudcc, "dev#azurerm_linux_virtual_machine.none"))[0] == 403


def test_a_machine_that_is_gone_gets_nothing(eudcc: Ground) -> None:
    stand = Stand(eudcc, MACHINE)
    _, told = asked(stand)
    eudcc.present.become(Change(without=(MACHINE,)))
    assert asked(stand)[0] == 403
    assert eudcc.directory.by_app(told["client_id"]) is None


def test_pods_do_not_get_to_the_metadata_service(eudcc: Ground) -> None:
    """Each pod's network policy keeps it from its node's identity: the ingress, which has none of its own, has none."""
    pods = [w for w in workloads(eudcc.present.estate) if w.cluster is not None and w.resource is not w.cluster]
    assert len(pods) > 10
    for pod in pods:
        status, told = asked(Stand(eudcc, pod.key))
        assert (status, "network policy" in told["error_description"]) == (403, True), pod.title


def test_a_pod_without_a_network_policy_is_its_node(eudcc: Ground) -> None:
    """Source: learn.microsoft.com/azure/aks/imds-restriction."""
    pod = workload(eudcc, "ie-workloads#kubectl_manifest.ingress_deployment")
    policies = tuple(k for k in eudcc.present.estate.resources if "ingress_network_policy" in k and k.startswith("ie-"))
    assert policies
    eudcc.present.become(Change(without=policies))
    status, told = asked(Stand(eudcc, pod.key))
    assert status == 200
    assert eudcc.tokens.caller(told["access_token"], (VAULT,)).principal.name == "kubelet of aks-eudcc-ie-prod"
    own = workload(eudcc, "ie-workloads#kubectl_manifest.dgca_issuance_service_deployment")
    assert asked(Stand(eudcc, own.key))[0] == 403


def test_nodes_are_their_kubelet(eudcc: Ground) -> None:
    status, told = asked(Stand(eudcc, workload(eudcc, "ie#azurerm_kubernetes_cluster.cluster/nodes").key))
    assert status == 200
    assert eudcc.tokens.caller(told["access_token"], (VAULT,)).principal.name == "kubelet of aks-eudcc-ie-prod"


def test_a_site_says_which_identity_and_shows_its_header(flowehr: Ground) -> None:
    site = workload(flowehr, SITE)
    stand = Stand(flowehr, site.key)
    (own,) = site.identities  # type: ignore[misc]
    header = stand.identity.header_of(site)
    app = flowehr.directory.app_id(own)
    status, told = at_site(stand, header, client_id=app)
    assert (status, told["client_id"]) == (200, app)
    assert flowehr.tokens.caller(told["access_token"], (VAULT,)).principal == own
    assert at_site(stand, header, object_id=flowehr.directory.object_id(own))[0] == 200
    status, told = at_site(stand, header)
    assert (status, told["statusCode"]) == (400, 400)
    assert "no system-assigned identity" in told["message"]


def test_a_site_is_called_by_its_resource(flowehr: Ground) -> None:
    site = workload(flowehr, SITE)
    stand = Stand(flowehr, site.key)
    header = stand.identity.header_of(site)
    base = f"/subscriptions/{flowehr.directory.subscription}/resourcegroups/"
    ids = [i for i in stand.identity._ids.all() if i.startswith(base) and "/userassignedidentities/" in i]
    granted = [i for i in ids if at_site(stand, header, mi_res_id=i)[0] == 200]
    assert [i.rpartition("/")[2] for i in granted] == ["id-bed-forecast-oakvale-prod"]
    assert len(ids) > 1


def test_a_site_needs_its_own_header(flowehr: Ground) -> None:
    site, other = workload(flowehr, SITE), workload(flowehr, "serve#azurerm_linux_web_app.audit_explorer")
    stand = Stand(flowehr, site.key)
    (own,) = site.identities  # type: ignore[misc]
    app = flowehr.directory.app_id(own)
    for header in ("", "guessed", stand.identity.header_of(other)):
        status, told = at_site(stand, header, client_id=app)
        assert (status, told["statusCode"]) == (401, 401)


def test_each_asks_where_it_is(flowehr: Ground, eudcc: Ground) -> None:
    site = workload(flowehr, SITE)
    assert "IDENTITY_ENDPOINT" in asked(Stand(flowehr, site.key))[1]["error_description"]
    assert at_site(Stand(eudcc, MACHINE), "")[0] == 400
    found = Stand(eudcc, MACHINE).ask("GET", f"http://{IMDS}/metadata/instance?api-version=2021-02-01", b"", TRUE)
    assert found.status == 400


def test_tokens_of_identities_are_recorded(eudcc: Ground) -> None:
    _, told = asked(Stand(eudcc, MACHINE))
    ((_, category, row, _),) = rows(eudcc)
    assert (category, row["ServicePrincipalName"], row["ResultType"]) == (
        "ManagedIdentitySignInLogs",
        "vm-jump-eudcc-ie-prod",
        "0",
    )
    assert told["access_token"] not in json.dumps(row)
