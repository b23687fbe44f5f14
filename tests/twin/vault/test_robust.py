"""Whatever a body holds, a vault answers with a status of its own and never breaks, and every route has its answer."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringfence.twin.vault import routes
from ringfence.twin.vault.certificates import Certificates
from ringfence.twin.vault.hardware import Hardware
from ringfence.twin.vault.keys import Keys
from ringfence.twin.vault.secrets import Secrets
from ringfence.twin.vault.service import _method
from tests.twin.vault.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

_ATTRIBUTES = {"enabled": True, "nbf": 1, "exp": 4_000_000_000}
_POLICY = {
    "key_props": {"kty": "EC", "crv": "P-256", "key_size": 256, "exportable": True, "reuse_key": True},
    "secret_props": {"contentType": "application/x-pem-file"},
    "x509_props": {
        "subject": "CN=x, O=y",
        "sans": {"dns_names": ["x.y"], "emails": ["a@b.c"], "upns": ["u@v"], "uris": ["a://x"], "ipAddresses": ["::1"]},
        "ekus": ["1.2.3.4"],
        "key_usage": ["digitalSignature", "decipherOnly"],
        "validity_months": 3,
    },
    "lifetime_actions": [{"trigger": {"lifetime_percentage": 80}, "action": {"action_type": "AutoRenew"}}],
    "issuer": {"name": "Self"},
}
_KEY = {"kty": "RSA", "n": "AQAB", "e": "AQAB", "d": "AQAB", "p": "Aw", "q": "BQ"}
_RELEASE = {"data": "eyJhbnlPZiI6W119", "immutable": False}
_ACTION = {"trigger": {"timeAfterCreate": "P90D"}, "action": {"type": "Rotate"}}
_WORK = {"alg": "RS256", "value": "A" * 43, "digest": "A" * 43, "iv": "AA", "aad": "AA", "tag": "AA"}
_BODIES: dict[str, dict[str, Any]] = {
    "SecretSet": {"value": "x", "contentType": "t", "attributes": _ATTRIBUTES, "tags": {"a": "b"}},
    "SecretUpdate": {"contentType": "t", "attributes": _ATTRIBUTES, "tags": {"a": "b"}},
    "KeyCreate": {"kty": "EC-HSM", "crv": "P-256", "key_ops": ["sign"], "tags": {"a": "b"}, "key_size": 2048,
                  "attributes": {**_ATTRIBUTES, "exportable": True}, "release_policy": _RELEASE},
    "KeyImport": {"key": _KEY, "Hsm": True, "attributes": _ATTRIBUTES, "tags": {}},
    "KeyUpdate": {"key_ops": ["sign"], "attributes": _ATTRIBUTES, "tags": {"a": "b"}, "release_policy": _RELEASE},
    "KeySetRotationPolicy": {"lifetimeActions": [_ACTION], "attributes": {"expiryTime": "P2Y"}},
    "KeyRelease": {"target": "x", "nonce": "y", "enc": "z"},
    "CertificateCreate": {"policy": _POLICY, "attributes": _ATTRIBUTES, "tags": {}, "preserveCertOrder": True},
    "CertificateImport": {"value": "AAAA", "pwd": "x", "policy": _POLICY, "attributes": _ATTRIBUTES},
    "CertificateUpdate": {"policy": _POLICY, "attributes": _ATTRIBUTES, "tags": {"a": "b"}},
    "CertificatePolicyUpdate": _POLICY,
    "CertificatePendingUpdate": {"cancellation_requested": True},
    "CertificatePendingMerge": {"x5c": ["AAAA"], "attributes": _ATTRIBUTES},
    "CertificateContactsSet": {"contacts": [{"email": "a@b.c", "name": "A", "phone": "1"}]},
    "CertificateIssuerSet": {"provider": "Test", "credentials": {"account_id": "a", "pwd": "b"},
                             "org_details": {"id": "x", "admin_details": [{"email": "a@b.c"}]}, "attributes": {}},
    "CertificateIssuerUpdate": {"provider": "Test", "credentials": {"pwd": "b"}, "org_details": {"admin_details": []}},
}  # fmt: skip
"""Bodies that would do, each of which is spoilt in one place."""
_SPOILT = st.sampled_from(
    ("", "x", "\ud800", "\x00", "é", "-", "P1D", "oct", -1, 0, 1, 10**30, 1.5, True, False, None, [], {}, [[]], [{}],
     [None], {"x": {}}, {"x": []}, "A" * 30_000, ["A"] * 200)
)  # fmt: skip
_CHANGING = ("PUT", "POST", "PATCH")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    found = Desk(tmp_path_factory.mktemp("desk"))
    found.ask("PUT", "/secrets/s", {"value": "x"})
    found.ask("POST", "/keys/s/create", {"kty": "EC"})
    return found


def places(content: Any) -> list[tuple[Any, ...]]:
    """Every place in a body, by the steps to it."""
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [(), *((step, *rest) for step, value in inner for rest in places(value))]


def spoil(content: Any, place: tuple[Any, ...], value: Any) -> Any:
    """The body with another value in one place."""
    if not place:
        return value
    found = copy.deepcopy(content)
    at = found
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    return found


def version(desk: Desk, route: routes.Route, name: str) -> str:
    """The newest version of the item, any where there is none."""
    listed = desk.ask("GET", f"/{route.sort}/{name}/versions")["value"]
    item = listed[-1] if listed else {}
    return str(item.get("id") or item.get("kid") or "0" * 32).rpartition("/")[2]


@pytest.mark.parametrize("route", [r for r in routes.VAULT if r.method in _CHANGING], ids=lambda r: r.operation)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_body_breaks_a_vault(desk: Desk, route: routes.Route, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(("s", "stays", "wrapping", "new")))
    body = _BODIES.get(route.operation, _WORK)
    spoilt = spoil(body, data.draw(st.sampled_from(places(body))), data.draw(_SPOILT))
    steps = [{"*": name, "+": version(desk, route, name)}.get(mark, mark) for mark in route.pattern]
    answer = desk.answer(route.method, "/" + "/".join(steps), json.dumps(spoilt).encode())
    assert answer.status < 500
    if answer.body:
        json.loads(answer.body, parse_constant=pytest.fail)


def test_every_route_has_its_answer(tmp_path: Path) -> None:
    hardware = Hardware(tmp_path / "key")
    answering = {"secrets": Secrets(hardware), "keys": Keys(hardware), "certificates": Certificates(hardware)}
    for route in (*routes.VAULT, *routes.MODULE):
        assert callable(getattr(answering[route.sort], _method(route.verb)))
