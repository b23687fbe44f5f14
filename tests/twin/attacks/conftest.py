"""One twin for all attacks; when they are over, nothing of what it keeps secret is to be found."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.twin.folder import Folder
from tests.twin.attacks.target import OWN, VAULT, Target, bearer
from tests.twin.attacks.traces import traces

if TYPE_CHECKING:
    from collections.abc import Iterator

CANARY = "canary-3f6c2d8e5b7a41"
"""The value of a secret that nobody but its writer may read."""


def ringfence(*words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "ringfence", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="session")
def target(tmp_path_factory: Any) -> Iterator[Target]:
    folder = Folder(tmp_path_factory.mktemp("attacked") / "twin")
    said = ringfence("up", "eudcc", "--state", str(folder.path))
    made = Target(folder)
    try:
        _hide(made)
        yield made
        assert traces(made, said) == []
    finally:
        ringfence("down", "--state", str(folder.path))


def _hide(target: Target) -> None:
    """A secret that only its writer reads, and one that a workload may read."""
    line = target.line("snet-nodes-ie").opened(VAULT)
    head = {**bearer(target.deployer("https://vault.azure.net")), "Content-Type": "application/json"}
    body = f'{{"value": "{target.kept("a secret", CANARY)}"}}'.encode()
    assert line.request("PUT", "/secrets/canary?api-version=7.4", head, body).status == 200
    answer = line.request("GET", f"/secrets/{OWN}?api-version=7.4", head)
    target.kept("a workload's secret", answer.json["value"])
