"""The commands of the twin, as a person runs them: up, run, forward, down, and what a kill leaves."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent.parent.parent
VAULT = "kv-eudcc-ie-prod.vault.azure.net"
SECRET = f"https://{VAULT}/secrets/trustanchor-content"
READER = """
import sys
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
print(SecretClient(sys.argv[1], DefaultAzureCredential()).get_secret(sys.argv[2]).value)
"""


def ringfence(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ringfence", *words], cwd=HERE, capture_output=True, text=True, check=False, **more
    )


@pytest.fixture(scope="module")
def state(tmp_path_factory: Any) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("up") / "twin"
    done = ringfence("up", "eudcc", "--state", str(folder))
    assert done.returncode == 0, done.stderr
    assert "does not show that Azure behaves so" in done.stdout
    yield folder
    if folder.exists():
        ringfence("down", "--state", str(folder))


def pid(state: Path) -> int:
    return int(json.loads((state / "ready.json").read_text())["pid"])


def secret(state: Path, *where: str) -> subprocess.CompletedProcess[str]:
    """The client as it is, with nothing but its own environment."""
    command = [sys.executable, "-c", READER, f"https://{VAULT}", "trustanchor-content"]
    return ringfence("run", "--state", str(state), *where, "--", *command)


def test_a_workload_reads_what_is_mounted_for_it(state: Path) -> None:
    done = secret(state, "--as", "dgca-issuance-service")
    assert done.returncode == 0, done.stderr
    mounted = ringfence(
        "run", "--state", str(state), "--as", "dgca-issuance-service", "--",
        "sh", "-c", 'cat "$(dirname "$AZURE_FEDERATED_TOKEN_FILE")/trustanchor-content"',
    )  # fmt: skip
    assert mounted.stdout.strip() == done.stdout.strip() != ""


def test_another_workload_does_not(state: Path) -> None:
    done = secret(state, "--as", "portal-sign-in")
    assert done.returncode != 0
    assert "getSecret/action" in done.stderr


def test_the_same_credentials_outside_are_refused_by_the_network(state: Path) -> None:
    done = secret(state, "--as", "dgca-issuance-service", "--at", "internet")
    assert done.returncode != 0
    assert "public network access is off" in done.stderr


def test_a_command_that_is_not_there_is_one_message(state: Path) -> None:
    done = ringfence("run", "--state", str(state), "--at", "internet", "--", "no-such-program")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--at", "nowhere"), "no place that is called nowhere"),
        (("--as", "nobody"), "no workload that is called nobody"),
        (("--as", "ingress"), "several workloads"),
        ((), "a client stands somewhere"),
    ],
)
def test_words_that_mean_no_place_are_told(state: Path, words: tuple[str, ...], said: str) -> None:
    done = ringfence("run", "--state", str(state), *words, "--", "true")
    assert done.returncode == 2
    assert said in done.stderr


def test_the_state_is_its_owners_alone(state: Path) -> None:
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    shared = [p.name for p in state.iterdir() if stat.S_IMODE(p.stat().st_mode) & 0o077 and p.name != "ca.pem"]
    assert shared == []


def test_a_second_one_in_the_same_folder_is_refused(state: Path) -> None:
    done = ringfence("up", "eudcc", "--state", str(state))
    assert done.returncode == 2
    assert "ringfence down" in done.stderr


def test_what_was_killed_goes_on_where_it_was(state: Path) -> None:
    before = secret(state, "--as", "dgca-issuance-service").stdout
    os.kill(pid(state), signal.SIGKILL)
    refused = ringfence("up", "flowehr", "--state", str(state))
    assert "the state of another twin" in refused.stderr
    again = ringfence("up", "eudcc", "--state", str(state))
    assert again.returncode == 0, again.stderr
    assert secret(state, "--as", "dgca-issuance-service").stdout == before != ""


def test_down_leaves_nothing(state: Path) -> None:
    running = pid(state)
    done = ringfence("down", "--state", str(state))
    assert done.returncode == 0, done.stderr
    assert not state.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(running, 0)
    assert "no twin" in ringfence("down", "--state", str(state)).stderr


def test_what_cannot_be_read_does_not_come_up(tmp_path: Path) -> None:
    done = ringfence("up", str(tmp_path / "nothing"), "--state", str(tmp_path / "twin"))
    assert done.returncode == 2
    assert "is no platform and no folder" in done.stderr
    assert not (tmp_path / "twin").exists()


def test_without_the_extra_one_message_says_what_to_install(tmp_path: Path) -> None:
    """An interpreter that has ringfence and nothing of the extra."""
    code = "import sys; sys.modules['h11'] = None; from ringfence.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "up", "eudcc", "--state", str(tmp_path / "twin")],
        cwd=HERE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install 'ringfence[twin]'" in done.stderr
