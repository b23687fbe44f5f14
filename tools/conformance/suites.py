"""The suites: fetched as source distributions of the versions that are installed here, and run with a stand-in."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.conformance.twin import Standing

NAMES = ("secrets", "keys", "certificates")
_STANDIN = Path(__file__).with_name("standin")
_NEEDS = ("pytest", "pytest-asyncio", "python-dateutil", "pyOpenSSL<26", "aiohttp")
"""What the suites import beside the clients."""
_PIP = (sys.executable, "-m", "pip", "-qqq", "--disable-pip-version-check")
_LONGEST = 900
_OPTIONS = (
    "-q", "--tb=short", "--continue-on-collection-errors", "-o", "asyncio_mode=auto", "-p", "devtools_testutils.plugin",
    "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:ringfence",
)  # fmt: skip


def fetch(place: Path, names: Iterable[str]) -> dict[str, Path]:
    """The folders of the suites' tests; what they need is beside them."""
    _do((*_PIP, "install", "--upgrade", "--target", str(place / "site"), *_NEEDS))
    return {name: _fetched(place, name) for name in names}


def run(place: Path, suites: dict[str, Path], standing: Standing) -> dict[str, dict[str, Any]]:
    """What came of each test of each suite; they run beside one another."""
    started = {name: _started(place, name, folder, standing) for name, folder in suites.items()}
    for process in started.values():
        process.wait(_LONGEST)
    return {name: json.loads(_outcomes(place, name).read_text(encoding="utf-8")) for name in suites}


def _fetched(place: Path, name: str) -> Path:
    package = f"azure-keyvault-{name}"
    wanted = f"{package}=={version(package)}"
    _do((*_PIP, "download", "--no-deps", "--no-binary", package, "--dest", str(place), wanted))
    archive = next(place.glob(f"azure_keyvault_{name}-*.tar.gz"))
    with tarfile.open(archive) as content:
        content.extractall(place, filter="data")
    tests = place / archive.name.removesuffix(".tar.gz") / "tests"
    if name == "certificates":
        _authority(tests)
    return tests


def _authority(folder: Path) -> None:
    """The authority that a test signs with: the distribution leaves its files out."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "conformance")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.key").write_bytes(private)
    (folder / "ca.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))


def _started(place: Path, name: str, folder: Path, standing: Standing) -> subprocess.Popen[bytes]:
    variables = {
        "PYTHONPATH": f"{_STANDIN}:{place / 'site'}",
        "CONFORMANCE_OUTCOMES": str(_outcomes(place, name)),
    }
    command = (sys.executable, "-m", "pytest", *_OPTIONS)
    output = (place / f"{name}.txt").open("wb")
    return subprocess.Popen(
        standing.command(command), cwd=folder, env=standing.variables | variables, stdout=output, stderr=output
    )


def _outcomes(place: Path, name: str) -> Path:
    return place / f"{name}.json"


def _do(command: tuple[str, ...]) -> None:
    subprocess.run(command, check=True)
