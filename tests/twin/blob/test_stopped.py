"""A service that is killed while it writes has lost nothing of what it had acknowledged."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from tests.twin.blob.standing import written

_WRITER = """
import sys
from pathlib import Path
from tests.twin.blob.standing import written
container = written(Path(sys.argv[1])).client("identity.owner").get_container_client("shut")
n = 0
while True:
    container.upload_blob(f"{n % 7}", f"{n}".encode() * 1000, overwrite=True)
    print(n, flush=True)
    n += 1
"""


def test_nothing_acknowledged_is_lost_by_a_kill(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as writer:
        assert writer.stdout is not None
        said = [int(writer.stdout.readline()) for _ in range(20)]
        writer.send_signal(signal.SIGKILL)
        said += [int(line) for line in writer.stdout]
    (tmp_path / "source" / "main.tf").unlink()
    (tmp_path / "source").rmdir()
    container = written(tmp_path).client("identity.owner").get_container_client("shut")
    for name in range(7):
        newest = max(n for n in said if n % 7 == name)
        found = container.download_blob(f"{name}").readall()
        assert found in (f"{newest}".encode() * 1000, f"{newest + 7}".encode() * 1000)
