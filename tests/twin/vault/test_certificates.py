"""Certificates: made, brought along, merged; and the key and the secret behind each."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from tests.twin.vault.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

_HOST = "https://kv.vault.azure.net"
_SELF: dict[str, Any] = {"x509_props": {"subject": "CN=web, O=here"}, "issuer": {"name": "Self"}}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def policy(**parts: Any) -> dict[str, Any]:
    return {"policy": _SELF | parts}


def certificate(desk: Desk, name: str) -> x509.Certificate:
    return x509.load_der_x509_certificate(base64.b64decode(desk.ask("GET", f"/certificates/{name}")["cer"]))


def signed(subject: x509.Name, public: Any, key: Any) -> x509.Certificate:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an authority")])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    builder = builder.serial_number(7).not_valid_before(now).not_valid_after(now + timedelta(days=30))
    return builder.sign(key, hashes.SHA256())


def brought(password: bytes = b"", **extra: Any) -> tuple[dict[str, Any], x509.Certificate]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "brought")])
    made = signed(name, key.public_key(), key)
    close = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    file = pkcs12.serialize_key_and_certificates(b"x", key, made, None, close)
    return {"value": base64.b64encode(file).decode(), "pwd": password.decode(), **extra}, made


def test_one_that_signs_itself_is_made_as_its_policy_says(desk: Desk) -> None:
    sans = {"dns_names": ["a.example"], "emails": ["a@b.example"], "upns": ["u@b.example"], "ipAddresses": ["10.0.0.1"]}
    asked = policy(
        x509_props={"subject": "CN=web, O=here", "sans": sans, "validity_months": 6, "key_usage": ["cRLSign"]}
    )
    begun = desk.ask("POST", "/certificates/web/create", asked)
    assert begun["status"] == "inProgress"
    assert desk.ask("GET", "/certificates/web/pending")["status"] == "completed"
    found = certificate(desk, "web")
    assert found.subject.rfc4514_string() == "CN=web,O=here"
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["a.example"]
    assert len(list(names)) == 4
    assert 180 <= (found.not_valid_after_utc - desk.clock.now).days <= 184
    found.verify_directly_issued_by(found)


def test_the_key_and_the_secret_behind_it_are_the_same_version(desk: Desk) -> None:
    desk.ask("POST", "/certificates/web/create", policy())
    bundle = desk.ask("GET", "/certificates/web")
    version = bundle["id"].rpartition("/")[2]
    assert bundle["kid"] == desk.ask("GET", "/keys/web")["key"]["kid"] == f"{_HOST}/keys/web/{version}"
    secret = desk.ask("GET", "/secrets/web")
    assert (secret["id"], secret["kid"], secret["managed"]) == (bundle["sid"], bundle["kid"], True)
    key, own, _ = pkcs12.load_key_and_certificates(base64.b64decode(secret["value"]), None)
    assert own == certificate(desk, "web")
    assert isinstance(key, rsa.RSAPrivateKey)
    assert own is not None
    assert key.public_key() == own.public_key()


def test_a_secret_is_read_in_the_other_form_when_that_is_asked_for(desk: Desk) -> None:
    desk.ask("POST", "/certificates/web/create", policy())
    text = desk.ask("GET", "/secrets/web?outContentType=application/x-pem-file")["value"]
    assert text.startswith("-----BEGIN PRIVATE KEY-----")
    assert desk.ask("GET", "/secrets/declared?outContentType=application/x-pem-file")[0] == 400


def test_one_that_is_not_exportable_keeps_its_key(desk: Desk) -> None:
    text = desk.ask("GET", "/secrets/stays")["value"]
    assert "PRIVATE KEY" not in text
    assert x509.load_pem_x509_certificate(text.encode()) == certificate(desk, "stays")
    desk.ask("POST", "/certificates/web/create", policy(key_props={"exportable": False}))
    file = base64.b64decode(desk.ask("GET", "/secrets/web")["value"])
    assert pkcs12.load_key_and_certificates(file, None) == (None, None, [certificate(desk, "web")])
    exportable = {"policy": {**_SELF, "key_props": {"kty": "RSA-HSM", "exportable": True}}}
    assert desk.ask("POST", "/certificates/hard/create", exportable)[:2] == (400, "BadParameter")


def test_what_is_behind_a_certificate_is_not_changed_for_itself(desk: Desk) -> None:
    for path in ("/keys/stays", "/secrets/stays"):
        assert desk.ask("DELETE", path)[0] == 403
        assert desk.ask("PATCH", path, {"tags": {}})[0] == 403
        assert desk.ask("POST", f"{path}/backup")[0] == 403
    assert desk.ask("PUT", "/secrets/stays", {"value": "x"})[0] == 409
    assert desk.ask("POST", "/keys/stays/create", {"kty": "EC"})[0] == 409
    assert desk.ask("POST", "/keys/stays/rotate", {})[0] == 403


def test_a_name_that_a_secret_has_is_taken(desk: Desk) -> None:
    assert desk.ask("POST", "/certificates/declared/create", policy())[:2] == (409, "Conflict")
    assert desk.ask("POST", "/certificates/declared/import", brought()[0])[:2] == (409, "Conflict")


def test_all_three_are_deleted_recovered_and_purged_together(desk: Desk) -> None:
    desk.ask("DELETE", "/certificates/stays")
    for sort in ("certificates", "keys", "secrets"):
        assert desk.ask("GET", f"/{sort}/stays")[0] == 404
        assert "deletedDate" in desk.ask("GET", f"/deleted{sort}/stays")
    assert desk.ask("POST", "/deletedsecrets/stays/recover", {})[0] == 403
    assert desk.ask("DELETE", "/deletedkeys/stays")[0] == 403
    desk.ask("POST", "/deletedcertificates/stays/recover", {})
    assert "value" in desk.ask("GET", "/secrets/stays")
    desk.ask("DELETE", "/certificates/stays")
    desk.ask("DELETE", "/deletedcertificates/stays")
    for sort in ("certificates", "keys", "secrets"):
        assert desk.ask("GET", f"/deleted{sort}/stays")[0] == 404


@pytest.mark.parametrize("password", [b"", b"1234"])
def test_one_that_is_brought_along(desk: Desk, password: bytes) -> None:
    content, made = brought(password, tags={"t": "x"})
    found = desk.ask("POST", "/certificates/brought/import", content)
    assert certificate(desk, "brought") == made
    assert found["attributes"]["exp"] == int(made.not_valid_after_utc.timestamp())
    assert found["policy"]["x509_props"]["subject"] == "CN=brought"
    assert found["x5t"] == base64.urlsafe_b64encode(made.fingerprint(hashes.SHA1())).rstrip(b"=").decode()
    assert "1234" not in json.dumps(desk.log)


def test_one_in_pem_with_a_key_of_another_kind(desk: Desk) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    made = signed(x509.Name([]), key.public_key(), key)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    text = (private + made.public_bytes(serialization.Encoding.PEM)).decode()
    found = desk.ask("POST", "/certificates/pem/import", {"value": text})
    assert found["policy"]["key_props"] == {
        "exportable": True,
        "kty": "EC",
        "key_size": 384,
        "reuse_key": False,
        "crv": "P-384",
    }
    assert desk.ask("GET", "/secrets/pem")["value"] == text


@pytest.mark.parametrize("content", [{}, {"value": "no certificate"}, {"value": base64.b64encode(b"x").decode()}])
def test_what_is_no_certificate_is_refused(desk: Desk, content: Any) -> None:
    assert desk.ask("POST", "/certificates/none/import", content)[:2] == (400, "BadParameter")


def test_a_wrong_password_opens_nothing(desk: Desk) -> None:
    content, _ = brought(b"right")
    assert desk.ask("POST", "/certificates/none/import", content | {"pwd": "wrong"})[:2] == (400, "BadParameter")


def test_one_that_somebody_else_signs_is_merged(desk: Desk) -> None:
    begun = desk.ask("POST", "/certificates/web/create", policy(issuer={"name": "Unknown"}))
    assert "merge" in begun["status_details"]
    assert desk.ask("GET", "/secrets/web")[0] == 404
    assert desk.ask("GET", "/certificates")["value"] == desk.ask("GET", "/certificates?includePending=false")["value"]
    assert len(desk.ask("GET", "/certificates?includePending=true")["value"]) == 2
    request = x509.load_der_x509_csr(base64.b64decode(begun["csr"]))
    authority = rsa.generate_private_key(65537, 2048)
    made = signed(request.subject, request.public_key(), authority)
    other = signed(request.subject, authority.public_key(), authority)
    merge = "/certificates/web/pending/merge"
    assert desk.ask("POST", merge, {"x5c": [_text(other)]})[:2] == (400, "BadParameter")
    assert desk.ask("POST", merge, {"x5c": ["AAAA"]})[:2] == (400, "BadParameter")
    assert desk.answer("POST", merge, {"x5c": [_text(made)]}).status == 201
    assert certificate(desk, "web") == made
    assert desk.ask("GET", "/certificates/web/pending")["status"] == "completed"
    key, own, _ = pkcs12.load_key_and_certificates(base64.b64decode(desk.ask("GET", "/secrets/web")["value"]), None)
    assert own == made
    assert key is not None


def _text(one: x509.Certificate) -> str:
    return base64.b64encode(one.public_bytes(serialization.Encoding.DER)).decode()


def test_one_that_waits_can_be_called_off(desk: Desk) -> None:
    desk.ask("POST", "/certificates/web/create", policy(issuer={"name": "Unknown"}))
    assert desk.ask("POST", "/certificates/web/create", policy())[:2] == (409, "Conflict")
    cancelled = desk.ask("PATCH", "/certificates/web/pending", {"cancellation_requested": True})
    assert (cancelled["status"], cancelled["cancellation_requested"]) == ("cancelled", True)
    assert desk.ask("PATCH", "/certificates/web/pending", {"cancellation_requested": True})[0] == 409
    desk.ask("DELETE", "/certificates/web/pending")
    assert desk.ask("GET", "/certificates/web/pending")[0] == 404
    desk.ask("POST", "/certificates/web/create", policy())
    assert "cer" in desk.ask("GET", "/certificates/web")


@pytest.mark.parametrize("reuse", [True, False])
def test_the_next_version_has_a_key_of_its_own_unless_the_policy_says_otherwise(desk: Desk, reuse: bool) -> None:
    desk.ask("POST", "/certificates/web/create", policy(key_props={"reuse_key": reuse}))
    first = certificate(desk, "web")
    desk.ask("POST", "/certificates/web/create", {})
    second = certificate(desk, "web")
    assert first != second
    assert (first.public_key() == second.public_key()) is reuse
    assert len(desk.ask("GET", "/certificates/web/versions")["value"]) == 2
    assert len(desk.ask("GET", "/keys/web/versions")["value"]) == 2


def test_a_key_that_is_used_again_leaves_no_more_than_before(desk: Desk) -> None:
    desk.ask("POST", "/certificates/web/create", policy(key_props={"exportable": False, "reuse_key": True}))
    desk.ask("POST", "/certificates/web/create", policy(key_props={"exportable": True, "reuse_key": True}))
    file = base64.b64decode(desk.ask("GET", "/secrets/web")["value"])
    assert pkcs12.load_key_and_certificates(file, None) == (None, None, [certificate(desk, "web")])


def test_a_policy_that_changes_while_a_version_waits_is_for_the_next(desk: Desk) -> None:
    begun = desk.ask("POST", "/certificates/web/create", policy(issuer={"name": "Unknown"}))
    changed = {"key_props": {"kty": "EC-HSM", "crv": "P-256", "exportable": False}}
    assert desk.ask("PATCH", "/certificates/web/policy", changed)["key_props"]["kty"] == "EC-HSM"
    request = x509.load_der_x509_csr(base64.b64decode(begun["csr"]))
    made = signed(request.subject, request.public_key(), rsa.generate_private_key(65537, 2048))
    desk.ask("POST", "/certificates/web/pending/merge", {"x5c": [_text(made)]})
    assert desk.ask("GET", "/keys/web")["key"]["kty"] == "RSA"


def test_a_certificate_is_disabled_with_all_that_is_behind_it(desk: Desk) -> None:
    desk.ask("PATCH", "/certificates/stays", {"attributes": {"enabled": False}, "tags": {"t": "x"}})
    assert desk.ask("GET", "/secrets/stays")[2] == "SecretDisabled"
    path = str(desk.ask("GET", "/keys/stays")["key"]["kid"]).removeprefix(_HOST)
    digest = base64.urlsafe_b64encode(bytes(32)).rstrip(b"=").decode()
    assert desk.ask("POST", f"{path}/sign", {"alg": "ES256", "value": digest})[2] == "KeyDisabled"
    assert desk.ask("GET", "/certificates/stays")["tags"] == {"t": "x"}


@pytest.mark.parametrize(
    "asked",
    [
        {},
        policy(x509_props={"subject": ""}),
        policy(x509_props={"subject": "no name"}),
        policy(x509_props={"subject": "CN=x", "validity_months": 0}),
        policy(x509_props={"subject": "CN=x", "key_usage": ["all"]}),
        policy(x509_props={"subject": "CN=x", "ekus": ["no oid"]}),
        policy(x509_props={"subject": "CN=x", "sans": {"ipAddresses": ["no address"]}}),
        policy(key_props={"kty": "oct"}),
        policy(secret_props={"contentType": "text/plain"}),
        policy(lifetime_actions=[{"trigger": {}, "action": {"action_type": "AutoRenew"}}]),
        {"policy": []},
    ],
)
def test_policies_by_which_nothing_can_be_made(desk: Desk, asked: Any) -> None:
    assert desk.ask("POST", "/certificates/none/create", asked)[:2] == (400, "BadParameter")
    assert desk.ask("GET", "/certificates/none")[0] == 404


def test_an_issuer_that_is_not_known_is_asked_for_nothing(desk: Desk) -> None:
    asked = policy(issuer={"name": "acme"})
    assert desk.ask("POST", "/certificates/web/create", asked)[:2] == (404, "CertificateIssuerNotFound")
    desk.ask(
        "PUT", "/certificates/issuers/acme", {"provider": "Test", "credentials": {"account_id": "a", "pwd": "p-w-d"}}
    )
    assert desk.ask("POST", "/certificates/web/create", asked)["status"] == "inProgress"
    assert "p-w-d" not in json.dumps([desk.ask("GET", "/certificates/issuers/acme"), desk.log])


def test_issuers_and_contacts(desk: Desk) -> None:
    desk.ask("PUT", "/certificates/issuers/acme", {"provider": "Test"})
    desk.ask("PATCH", "/certificates/issuers/acme", {"org_details": {"admin_details": [{"email": "a@b.example"}]}})
    found = desk.ask("GET", "/certificates/issuers/acme")
    assert found["org_details"]["admin_details"] == [{"email": "a@b.example"}]
    assert [i["id"] for i in desk.ask("GET", "/certificates/issuers")["value"]] == [
        f"{_HOST}/certificates/issuers/acme"
    ]
    desk.ask("DELETE", "/certificates/issuers/acme")
    assert desk.ask("GET", "/certificates/issuers/acme")[0] == 404
    people = {"contacts": [{"email": "a@b.example", "name": "A"}]}
    assert desk.ask("PUT", "/certificates/contacts", people)["contacts"] == people["contacts"]
    assert desk.ask("DELETE", "/certificates/contacts")["contacts"] == people["contacts"]
    assert desk.ask("GET", "/certificates/contacts")[0] == 404
    assert desk.ask("PUT", "/certificates/contacts", people, who="reader")[0] == 403


def test_a_backup_brings_back_all_three(desk: Desk) -> None:
    before = desk.ask("GET", "/certificates/stays"), desk.ask("GET", "/secrets/stays"), desk.ask("GET", "/keys/stays")
    backup = desk.ask("POST", "/certificates/stays/backup")
    desk.ask("DELETE", "/certificates/stays")
    desk.ask("DELETE", "/deletedcertificates/stays")
    desk.ask("POST", "/certificates/restore", backup)
    after = desk.ask("GET", "/certificates/stays"), desk.ask("GET", "/secrets/stays"), desk.ask("GET", "/keys/stays")
    assert after == before
