"""A process that is killed loses nothing that it acknowledged."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ringfence.twin.database.mariadb.server import installed

from .support import Keeper, Stand, ground, place

WRITER = """
import sys
from pathlib import Path
from tests.twin.database.support import Keeper, Stand, ground

stand = Stand(ground(Path(sys.argv[1])), Keeper(), embedded=sys.argv[2] == "embedded")
connection = stand.connect()
connection.query("CREATE TABLE IF NOT EXISTS line (n INT PRIMARY KEY)")
n = int(sys.argv[3])
open_ = stand.connect(autocommit=False)
open_.query("INSERT INTO line VALUES (-1)") if sys.argv[2] == "mariadb" else None
while True:
    connection.query(f"INSERT INTO line VALUES ({n})")
    print(n, flush=True)
    n += 1
"""
KILLS = 2


@pytest.mark.parametrize("engine", ["embedded", "mariadb"])
def test_what_was_acknowledged_is_there_after_a_kill(engine: str) -> None:
    if engine == "mariadb" and installed() is None:
        pytest.skip("mariadbd is not installed")
    with place() as folder:
        said: list[int] = []
        for _ in range(KILLS):
            said += killed(folder, engine, len(said) and said[-1] + 2)
        stand = Stand(ground(folder), Keeper(), embedded=engine == "embedded")
        with stand.connect() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT n FROM line")
            found = {row[0] for row in cursor.fetchall()}
        stand.close()
    assert set(said) <= found
    assert -1 not in found


def killed(folder: Path, engine: str, first: int) -> list[int]:
    """What a writer said that it had written before it was killed in the midst of it."""
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", WRITER, str(folder), engine, str(first)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(30)]
        process.send_signal(signal.SIGKILL)
        said += [int(line) for line in process.stdout.read().split("\n")[:-1]]
    return said
