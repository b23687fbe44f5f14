"""Whatever is asked is answered: with what is there, with a change, or with an error of the client's."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringfence.twin.arm.owner import OWNER
from tests.twin.arm.clerk import clerk
from tests.twin.arm.test_service import ASSIGNED, GROUP, NAME, RULE, STORE, VAULT
from tests.twin.arm.test_service import given as assignment

at = clerk("eudcc", Path(mkdtemp()))
IDS = [at.id_of(key) for key in (VAULT, GROUP, STORE)]
ENDS = [
    "", "/secrets", "/secrets/mysql-pw", "/keys/x", "/securityRules", "/securityRules/services", "/firewallRules/a",
    ASSIGNED, f"{ASSIGNED}/{NAME}", "/providers/Microsoft.Authorization/locks/keep", "/providers", "/providers/",
    "/providers/Microsoft.Insights/diagnosticSettings", "/providers/Microsoft.Insights/diagnosticSettings/x",
    "/providers/Microsoft.Authorization/roleDefinitions", "/%2e%2e", "/..%2f", "/%ff", "/%00", "//", "/ü", "?x",
]  # fmt: skip
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from(["Enabled", "Allow", *IDS]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
NAMES = [
    "publicNetworkAccess", "networkAcls", "defaultAction", "ipRules", "virtualNetworkRules", "value", "id", "level",
    "enablePurgeProtection", "roleDefinitionId", "principalId", "condition", "priority", "access", "direction",
    "sourceAddressPrefix", "sourceAddressPrefixes", "logs", "metrics", "workspaceId", "bypass", "minimumTlsVersion",
]  # fmt: skip
objects = st.recursive(
    st.dictionaries(st.sampled_from(NAMES), values, max_size=4),
    lambda inner: st.dictionaries(st.sampled_from(NAMES), inner | values, max_size=3),
    max_leaves=4,
)
bodies = objects.map(lambda o: json.dumps({"properties": o}).encode()) | st.binary(max_size=8) | st.just(b"{}")


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["GET", "HEAD", "PUT", "PATCH", "DELETE", "POST", "OPTIONS", "BREW"]),
    st.sampled_from(IDS) | st.text(max_size=12).map(lambda t: "/" + quote(t)),
    st.sampled_from(ENDS),
    st.sampled_from(["", "$filter=atScope()", "$filter=%27", "$filter=resourceType%20eq%20%27x%27"]),
    bodies,
)
def test_every_request_is_answered(method: str, path: str, end: str, query: str, body: bytes) -> None:
    url = f"https://management.azure.com{path}{end.partition('?')[0]}?api-version=2022-04-01&{query}"
    found = at.ask(method, url, body, {"Authorization": f"Bearer {at.token}"})
    assert found.status in (200, 201, 204, 400, 403, 404, 405, 409), (found.status, found.body)
    content = json.loads(found.body or b"{}")
    if found.status >= 400 and method != "HEAD":
        assert set(content["error"]) == {"code", "message"}
    if found.status < 300 and method not in ("GET", "HEAD"):
        at.ground.present.become(OWNER)


DEEP: Any = {}
for _ in range(200):
    DEEP = {"properties": DEEP}


@pytest.mark.parametrize(
    ("method", "end", "properties", "code"),
    [
        ("PATCH", "", {"networkAcls": {"ipRules": [{"value": {"x": 1}}]}}, "InvalidParameterValue"),
        ("PATCH", "", {"networkAcls": {"ipRules": [{"value": "10.0.0.0/40"}]}}, "InvalidParameterValue"),
        ("PATCH", "", {"networkAcls": {"virtualNetworkRules": [{"id": 1}]}}, "InvalidParameterValue"),
        ("PATCH", "", {"networkAcls": {"bypass": "Everybody"}}, "InvalidParameterValue"),
        ("PATCH", "", {"enablePurgeProtection": "perhaps"}, "InvalidParameterValue"),
        ("PATCH", "", DEEP, "InvalidRequestContent"),
        ("PUT", "/providers/Microsoft.Authorization/locks/a%20b", {"level": "ReadOnly"}, "InvalidResourceName"),
        ("PUT", "/providers/Microsoft.Authorization/locks/ab", {"level": "Loose"}, "InvalidLockLevel"),
        ("PUT", "/providers/Microsoft.Insights/diagnosticSettings/x", {}, "BadRequest"),
        ("PUT", "/providers/Microsoft.Insights/diagnosticSettings/x", {"workspaceId": "/none"}, "ResourceNotFound"),
    ],
)
def test_what_has_not_the_form_of_its_field_is_refused(method: str, end: str, properties: Any, code: str) -> None:
    before = at.ground.present.change
    found = at.call(method, f"{at.id_of(VAULT)}{end}", {"properties": properties})
    assert found[1]["error"]["code"] == code
    assert at.ground.present.change is before


def test_a_rule_says_from_where_to_where() -> None:
    url = f"{at.id_of(GROUP)}/securityRules/new"
    for name in ("sourcePortRange", "destinationAddressPrefix"):
        lacking = {k: v for k, v in RULE.items() if k != name}
        assert at.call("PUT", url, {"properties": lacking})[1]["error"]["code"] == "InvalidRequestFormat"
    odd = {**RULE, "sourceAddressPrefix": {"any": True}}
    assert at.call("PUT", url, {"properties": odd})[1]["error"]["code"] == "InvalidParameterValue"


def test_the_same_assignment_may_be_made_again_and_no_other_of_its_name(tmp_path: Path) -> None:
    mine = clerk("eudcc", tmp_path)
    url = f"{mine.id_of(VAULT)}{ASSIGNED}/{NAME}"
    assert [mine.call("PUT", url, assignment(mine))[0] for _ in range(2)] == [201, 200]
    other = mine.call("PUT", url, assignment(mine, "ie#azurerm_user_assigned_identity.mysql"))
    assert (other[0], other[1]["error"]["code"]) == (400, "RoleAssignmentUpdateNotPermitted")
