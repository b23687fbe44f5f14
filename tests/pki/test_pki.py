"""Test certificates: what each may be used for, who vouches for it, and how its file is written."""

from __future__ import annotations

import base64
import json
import shutil
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from ringfence.cli import main
from ringfence.errors import OutputError, UsageError
from ringfence.pki.folder import write
from ringfence.pki.made import made
from ringfence.pki.profile import EC, PROFILES, RSA_4096
from ringfence.platforms.eudcc.vault.items import ITEMS, PURPOSES

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
DOMAINS = {"eu": "eu.test.example.org", "ie": "ie.test.example.org"}


@cache
def files() -> dict[str, bytes]:
    return made("IE", DOMAINS, NOW)


def bundle(name: str) -> pkcs12.PKCS12KeyAndCertificates:
    return pkcs12.load_pkcs12(files()[name], None)


def certificate(name: str) -> x509.Certificate:
    found = bundle(name).cert
    assert found is not None
    return found.certificate


BUNDLES = {
    "trust-anchor": "eu/trustanchor.pfx",
    "csca": "ie-authority/csca.pfx",
    "auth": "ie/tls-key-store.pfx",
    "upload": "ie/upload-key-store.pfx",
    "dsc": "ie/dsc-key-store.pfx",
}


def test_there_is_a_file_for_every_item_that_is_filled_from_one() -> None:
    for region, entries in ITEMS.items():
        wanted = {e.content.partition(":")[2] for e in entries if e.content.startswith(("file:", "line:"))}
        wanted |= {f"{e.name}.pfx" for e in entries if e.type == "Certificate"}
        assert wanted <= {name.partition("/")[2] for name in files() if name.startswith(f"{region}/")}


@pytest.mark.parametrize("name", BUNDLES)
def test_each_is_signed_by_its_issuer_and_holds_no_longer(name: str) -> None:
    issuer = certificate(BUNDLES[PROFILES[name].issuer or name])
    one = certificate(BUNDLES[name])
    one.verify_directly_issued_by(issuer)
    assert one.not_valid_before_utc == NOW
    assert one.not_valid_after_utc == min(NOW + timedelta(days=30 * PROFILES[name].months), issuer.not_valid_after_utc)


@pytest.mark.parametrize("name", BUNDLES)
def test_each_has_the_key_and_the_uses_of_its_profile(name: str) -> None:
    profile, one = PROFILES[name], certificate(BUNDLES[name])
    key = one.public_key()
    if profile.key == EC:
        assert isinstance(key, ec.EllipticCurvePublicKey)
        assert key.curve.name == "secp256r1"
    else:
        assert isinstance(key, rsa.RSAPublicKey)
        assert key.key_size == (4096 if profile.key == RSA_4096 else 3072)
    usage = one.extensions.get_extension_for_class(x509.KeyUsage)
    asked = ("digital_signature", "key_cert_sign", "crl_sign", "key_encipherment", "data_encipherment", "key_agreement")
    assert usage.critical
    assert {use for use in asked if getattr(usage.value, use)} == set(profile.uses)


def test_the_root_certifies_one_authority_which_certifies_signers_only() -> None:
    found = {
        name: certificate(file).extensions.get_extension_for_class(x509.BasicConstraints).value
        for name, file in BUNDLES.items()
    }
    assert {name: (one.ca, one.path_length) for name, one in found.items()} == {
        "trust-anchor": (True, 1),
        "csca": (True, 0),
        "auth": (False, None),
        "upload": (False, None),
        "dsc": (False, None),
    }


def test_extended_uses_say_who_proves_himself_and_what_is_signed() -> None:
    found = {n: certificate(f).extensions for n, f in BUNDLES.items() if PROFILES[n].extended}
    oids = {
        n: [o.dotted_string for o in e.get_extension_for_class(x509.ExtendedKeyUsage).value] for n, e in found.items()
    }
    assert oids == {
        "auth": ["1.3.6.1.5.5.7.3.2"],
        "dsc": [f"1.3.6.1.4.1.1847.2021.1.{n}" for n in (1, 2, 3)],
    }


@pytest.mark.parametrize("name", BUNDLES)
def test_the_key_is_that_of_the_certificate_under_the_alias_that_is_configured(name: str) -> None:
    found = bundle(BUNDLES[name])
    assert found.cert is not None
    assert found.key is not None
    assert found.key.public_key() == found.cert.certificate.public_key()
    assert found.cert.friendly_name == PROFILES[name].alias.encode()


def test_aliases_are_those_that_the_vault_tells_the_applications() -> None:
    told = {e.content.partition(":")[2] for entries in ITEMS.values() for e in entries if e.content.startswith("text:")}
    assert told <= {profile.alias for profile in PROFILES.values()}


def test_keys_are_of_the_sort_that_the_vault_would_make() -> None:
    items = {
        "trustanchor": "trust-anchor",
        "tls-key-store": "auth",
        "upload-key-store": "upload",
        "dsc-key-store": "dsc",
    }
    for item, name in items.items():
        purpose, profile = PURPOSES[item], PROFILES[name]
        kind = f"EC {purpose.curve}" if purpose.type == "EC" else f"RSA {purpose.size}"
        assert (kind, purpose.months) == (profile.key, profile.months)
        assert set(purpose.extended) <= set(profile.extended)


@pytest.mark.parametrize(
    ("store", "password"),
    [
        ("trustanchor-content", "dgc-gateway-connector-trustanchor-password"),
        ("tls-trust-store-content", "dgc-gateway-connector-tlstruststore-password"),
    ],
)
def test_a_country_trusts_the_root_and_has_not_its_key(store: str, password: str) -> None:
    written = files()[f"ie/{password}.txt"].strip()
    assert len(written) >= 32
    found = pkcs12.load_pkcs12(files()[f"ie/{store}.p12"], written)
    assert found.key is None
    assert [one.certificate for one in found.additional_certs] == [certificate("eu/trustanchor.pfx")]
    assert [one.friendly_name for one in found.additional_certs] == [b"dgcg_trust_anchor"]
    with pytest.raises(ValueError, match="password"):
        pkcs12.load_pkcs12(files()[f"ie/{store}.p12"], b"changeit")


def test_passwords_and_keys_are_new_each_time() -> None:
    again = made("IE", DOMAINS, NOW)
    assert not [name for name, content in files().items() if again[name] == content]


@pytest.mark.parametrize("region", DOMAINS)
def test_the_published_names_have_a_certificate(region: str) -> None:
    one = x509.load_pem_x509_certificate(files()[f"{region}/server-certificate.pem"])
    names = one.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [f"*.{DOMAINS[region]}"]
    one.verify_directly_issued_by(certificate("eu/trustanchor.pfx"))


def test_every_subject_says_that_it_proves_nothing() -> None:
    for file in BUNDLES.values():
        (organisation,) = certificate(file).subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
        assert organisation.value == "Test authority, proves nothing"


@pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl here")
def test_the_root_vouches_for_whom_the_gateway_trusts(tmp_path: Path) -> None:
    rows = json.loads(files()["eu/trusted-parties.json"])
    assert [(r["country"], r["certificate_type"]) for r in rows] == [
        ("IE", "AUTHENTICATION"),
        ("IE", "UPLOAD"),
        ("IE", "CSCA"),
    ]
    root = tmp_path / "root.pem"
    root.write_bytes(certificate("eu/trustanchor.pfx").public_bytes(Encoding.PEM))
    for row in rows:
        data, signature = tmp_path / "data", tmp_path / "signature"
        data.write_bytes(base64.b64decode(row["raw_data"]))
        signature.write_bytes(base64.b64decode(row["signature"]))
        command = [
            "openssl",
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-in",
            str(signature),
            "-content",
            str(data),
        ]
        command += ["-CAfile", str(root), "-purpose", "any", "-out", str(tmp_path / "out")]
        moment = ["-attime", str(int((NOW + timedelta(days=1)).timestamp()))]
        assert subprocess.run([*command, *moment], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not shutil.which("keytool"), reason="there is no Java here")
def test_java_opens_the_trust_store(tmp_path: Path) -> None:
    store, password = tmp_path / "store.p12", tmp_path / "password"
    store.write_bytes(files()["ie/tls-trust-store-content.p12"])
    password.write_bytes(files()["ie/dgc-gateway-connector-tlstruststore-password.txt"])
    command = ["keytool", "-list", "-keystore", str(store), "-storepass:file", str(password)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "dgcg_trust_anchor" in said
    assert "trustedCertEntry" in said


def test_a_country_has_two_letters() -> None:
    with pytest.raises(UsageError, match="'Ireland' is not the code of a country"):
        made("Ireland", DOMAINS, NOW)


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    write(tmp_path / "new/keys", {"a/b.pfx": b"1", "c": b"2"})
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "new").rglob("*")}
    assert modes == {"keys": 0o700, "a": 0o700, "b.pfx": 0o600, "c": 0o600}
    assert (tmp_path / "new/keys/a/b.pfx").read_bytes() == b"1"


@pytest.mark.parametrize("there", ["folder", "file", "dangling"])
def test_nothing_is_written_over(tmp_path: Path, there: str) -> None:
    keys = tmp_path / "keys"
    if there == "folder":
        keys.mkdir()
    elif there == "file":
        keys.write_text("mine")
    else:
        keys.symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match="is there already, and nothing was written"):
        write(keys, {"a": b"1"})
    assert [p.name for p in tmp_path.iterdir()] == ["keys"]


def test_a_folder_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write(tmp_path / "keys", {"a": b"1", "a/b": b"2"})
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_what_the_layers_of_the_test_world_ask_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pki", "-o", str(tmp_path / "keys")]) == 0
    said = capsys.readouterr().out
    assert "14 files in" in said
    assert "Layer LAYER of world test takes its folder:" in said
    assert {p.name for p in (tmp_path / "keys").iterdir()} == {"eu", "ie", "ie-authority"}
    assert "BEGIN" not in said


def test_production_gets_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pki", "-o", str(tmp_path / "keys"), "--world", "prod"]) == 2
    assert "world prod is production, and gets no test certificates" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_nothing_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pki"]) == 2
    assert "there is no folder to write into" in capsys.readouterr().err


def test_without_the_library_the_command_says_how_to_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["pki", "-o", str(tmp_path / "keys")]) == 2
    assert "pip install 'ringfence[pki]'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
