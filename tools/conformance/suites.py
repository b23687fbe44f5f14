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

from ringfence.record import record

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


_PARTS = {
    "keys": ("test_key_client.py", "test_keys_async.py", "test_crypto_client.py", "test_crypto_client_async.py"),
    "certificates": ("test_certificates_client.py", "test_certificates_client_async.py"),
}
"""Files that run for themselves."""


@record()
class _Job:
    """A suite, or a part of one."""

    place: Path
    suite: str
    folder: Path
    part: str
    """The file, "" for all that no part has."""

    @property
    def chosen(self) -> tuple[str, ...]:
        """The files, as pytest is told."""
        return (self.part,) if self.part else tuple(f"--ignore={one}" for one in _PARTS.get(self.suite, ()))

    @property
    def outcomes(self) -> Path:
        """Where what came of it is told."""
        return self.place / f"{self.suite}-{self.part.removesuffix('.py') or 'rest'}.json"


def fetch(place: Path, names: Iterable[str]) -> dict[str, Path]:
    """The folders of the suites' tests; what they need is beside them."""
    _do((*_PIP, "install", "--upgrade", "--target", str(place / "site"), *_NEEDS))
    return {name: _fetched(place, name) for name in names}


def run(place: Path, suites: dict[str, Path], standing: Standing) -> dict[str, dict[str, Any]]:
    """What came of each test of each suite. They mostly wait, so all run beside one another, the longest in parts."""
    jobs = [_Job(place, name, folder, part) for name, folder in suites.items() for part in (*_PARTS.get(name, ()), "")]
    started = [_started(job, standing) for job in jobs]
    for process in started:
        process.wait(_LONGEST)
    found: dict[str, dict[str, Any]] = {name: {} for name in suites}
    for job in jobs:
        found[job.suite] |= json.loads(job.outcomes.read_text(encoding="utf-8"))
    return found


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


def _started(job: _Job, standing: Standing) -> subprocess.Popen[bytes]:
    variables = {"PYTHONPATH": f"{_STANDIN}:{job.place / 'site'}", "CONFORMANCE_OUTCOMES": str(job.outcomes)}
    command = standing.command((sys.executable, "-m", "pytest", *_OPTIONS, *job.chosen))
    with job.outcomes.with_suffix(".txt").open("wb") as output:
        return subprocess.Popen(
            command, cwd=job.folder, env=standing.variables | variables, stdout=output, stderr=output
        )


def _do(command: tuple[str, ...]) -> None:
    subprocess.run(command, check=True)
