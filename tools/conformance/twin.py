"""A twin of the estate beside this file, up for as long as the suites run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

_ESTATE = Path(__file__).with_name("estate")
_VAULT = "https://kv-conformance.vault.azure.net"
_MODULE = "https://hsm-conformance.managedhsm.azure.net"
_WHO = "conformance-tester"
_RENAMED = """
import os, sys
for name in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET"):
    os.environ["KEYVAULT_" + name] = os.environ["AZURE_" + name]
os.environ.update(AZURE_KEYVAULT_URL={vault!r}, AZURE_KEYVAULT_ATTESTATION_URL="https://attestation.invalid")
os.environ.update(AZURE_MANAGEDHSM_URL={module!r}, KEYVAULT_SKU="premium", AZURE_TEST_RUN_LIVE="true")
os.execv(sys.argv[1], sys.argv[1:])
"""
"""The suites look for who signs in under names of their own; the place that they run at says it under Azure's."""


@record()
class Standing:
    """A twin that is up."""

    state: Path
    variables: dict[str, str]

    def command(self, command: tuple[str, ...]) -> tuple[str, ...]:
        """The command, run on the internet as the application that may do everything."""
        there = ("run", "--state", str(self.state), "--at", "internet", "--as", _WHO, "--")
        return (*_ringfence(), *there, sys.executable, "-c", _RENAMED.format(vault=_VAULT, module=_MODULE), *command)


@contextmanager
def up(place: Path) -> Iterator[Standing]:
    """The twin answers inside the context, and leaves nothing."""
    estate, state = place / "estate", place / "state"
    shutil.copytree(_ESTATE, estate, dirs_exist_ok=True)
    subprocess.run((*_ringfence(), "up", str(estate), "--state", str(state)), check=True, stdout=subprocess.DEVNULL)
    try:
        yield Standing(state, dict(os.environ))
    finally:
        subprocess.run((*_ringfence(), "down", "--state", str(state)), check=True, stdout=subprocess.DEVNULL)


def _ringfence() -> tuple[str, ...]:
    return (sys.executable, "-m", "ringfence")
