"""What the twin costs: how soon it is ready, what a secret takes through a proxy, its memory, and what a kill loses.

Real processes and the real client. The supervisor is killed while a client writes, and started again in the same
folder; at the end every write that was acknowledged has to be there.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

PLATFORM, VAULT, NAME = "eudcc", "https://kv-eudcc-eu-prod.vault.azure.net", "mysql-pw"
PLACE, WHO = "snet-jump-eu", "deployer"
STARTS, READS, KILLS = 3, 300, 100
WRITES = 10
"""Acknowledged writes between two kills."""

READER = """
import json, sys, time
from statistics import median, quantiles
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
client = SecretClient(sys.argv[1], DefaultAzureCredential())
client.get_secret(sys.argv[2])
times = []
for _ in range(int(sys.argv[3])):
    start = time.perf_counter()
    client.get_secret(sys.argv[2])
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps([median(times), quantiles(times, n=20)[18]]))
"""

WRITER = """
import sys, time
from azure.core.exceptions import AzureError
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
client = SecretClient(sys.argv[1], DefaultAzureCredential(), retry_total=0)
number = 0
while True:
    try:
        client.set_secret("bench", str(number))
    except AzureError:
        time.sleep(0.01)
        continue
    print(number, flush=True)
    number += 1
"""

CHECKER = """
import json, sys
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
client = SecretClient(sys.argv[1], DefaultAzureCredential())
versions = [p.version for p in client.list_properties_of_secret_versions("bench")]
print(json.dumps([int(client.get_secret("bench", v).value) for v in versions]))
"""


def table() -> str:
    """The figures as a table."""
    ready, memory, reads = _starts()
    kept = _kills()
    lines = [f"**The twin** ({PLATFORM}, real clients through a place's proxy)", "", "| Figure | |", "| --- | --: |"]
    lines.append(f"| `up`, until everything answers: median of {STARTS} | {ready:.2f} s |")
    lines.append(f"| `get_secret`: median / 95th percentile of {READS} | {reads[0]:.1f} / {reads[1]:.1f} ms |")
    lines.append(f"| Memory of the supervisor then, at most | {memory:.0f} MB |")
    lines.append(
        f"| Killed under load, started again, {KILLS} times: writes acknowledged / lost | {kept[0]:,} / {kept[1]} |"
    )
    return "\n".join(lines)


def _starts() -> tuple[float, float, tuple[float, float]]:
    ready, peak, reads = [], 0.0, (0.0, 0.0)
    for turn in range(STARTS):
        with tempfile.TemporaryDirectory() as folder:
            state = f"{folder}/twin"
            _ringfence("up", PLATFORM, "--state", state)
            said = json.loads((Path(state) / "ready.json").read_text(encoding="utf-8"))
            ready.append(float(said["seconds"]))
            if turn == STARTS - 1:
                reads = tuple(json.loads(_at(state, READER, VAULT, NAME, str(READS)).stdout))
                peak = _peak(int(said["pid"]))
            _ringfence("down", "--state", state)
    return median(ready), peak, reads


def _kills() -> tuple[int, int]:
    """How many writes were acknowledged while the supervisor was killed again and again, and how many are lost."""
    with tempfile.TemporaryDirectory() as folder:
        state = f"{folder}/twin"
        _ringfence("up", PLATFORM, "--state", state)
        command = _command(state, WRITER, VAULT)
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        try:
            first = _killed(state, writer)
        finally:
            os.killpg(writer.pid, signal.SIGTERM)
        said, _ = writer.communicate()
        acknowledged = max(map(int, (first, *said.split())))
        there = set(json.loads(_at(state, CHECKER, VAULT).stdout))
        _ringfence("down", "--state", state)
    return acknowledged + 1, len(set(range(acknowledged + 1)) - there)


def _killed(state: str, writer: subprocess.Popen[str]) -> str:
    """The last write that was acknowledged before the last kill, as the client told it."""
    assert writer.stdout is not None
    said = ""
    for _ in range(KILLS):
        for _ in range(WRITES):
            said = writer.stdout.readline()
        if not said:
            raise SystemExit("the client that writes has gone")
        ready = json.loads((Path(state) / "ready.json").read_text(encoding="utf-8"))
        os.kill(int(ready["pid"]), signal.SIGKILL)
        _ringfence("up", PLATFORM, "--state", state)
    return said


def _at(state: str, code: str, *given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(_command(state, code, *given), check=True, capture_output=True, text=True)


def _command(state: str, code: str, *given: str) -> list[str]:
    place = ["run", "--state", state, "--at", PLACE, "--as", WHO, "--"]
    return [_program(), *place, sys.executable, "-c", code, *given]


def _ringfence(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([_program(), *words], check=True, capture_output=True, text=True)


def _program() -> str:
    return str(Path(sys.executable).with_name("ringfence"))


def _peak(pid: int) -> float:
    """The most memory that a process has had, in MB."""
    status: dict[str, Any] = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    )
    return int(status["VmHWM"].split()[0]) / 1024


if __name__ == "__main__":
    print(table())
