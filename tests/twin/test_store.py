"""State is sealed, bound to its place, and on disk when it is acknowledged."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ringfence.twin import seal
from ringfence.twin.folder import Folder
from ringfence.twin.store import Store

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "canary-in-the-store"


def store(folder: Path) -> Store:
    return Store(folder / "state.db", seal.kept(folder / "key"))


def test_rows_come_back_in_the_order_of_their_keys(tmp_path: Path) -> None:
    made = store(tmp_path)
    for key in ("b/2", "a", "b/1"):
        made.put("bucket", key, {"is": key})
    made.put("other", "b/3", {})
    assert made.rows("bucket") == [("a", {"is": "a"}), ("b/1", {"is": "b/1"}), ("b/2", {"is": "b/2"})]
    assert made.keys("bucket", "b/") == ["b/1", "b/2"]
    assert made.get("bucket", "c") is None


def test_a_prefix_is_text_and_no_pattern(tmp_path: Path) -> None:
    made = store(tmp_path)
    made.put("bucket", "a_b", {})
    made.put("bucket", "axb", {})
    assert made.keys("bucket", "a_") == ["a_b"]
    assert made.keys("bucket", "%") == []


def test_what_is_deleted_is_gone_from_disk_too(tmp_path: Path) -> None:
    made = store(tmp_path)
    made.put("bucket", "key-of-a-row", {"is": CANARY})
    assert made.delete("bucket", "key-of-a-row")
    assert not made.delete("bucket", "key-of-a-row")
    made.close()
    assert b"key-of-a-row" not in (tmp_path / "state.db").read_bytes()


def test_no_content_can_be_read_on_disk(tmp_path: Path) -> None:
    made = store(tmp_path)
    made.put("bucket", "key", {"is": CANARY})
    files = [path.read_bytes() for path in tmp_path.iterdir()]
    assert not any(CANARY.encode() in content for content in files)
    assert any(b"bucket" in content for content in files)


def put_and_break(made: Store) -> None:
    with made.together():
        made.put("bucket", "a", {})
        raise ValueError("broken")


def test_all_of_it_or_nothing(tmp_path: Path) -> None:
    made = store(tmp_path)
    with pytest.raises(ValueError, match="broken"):
        put_and_break(made)
    assert made.keys("bucket") == []
    with made.together():
        made.put("bucket", "a", {})
        made.put("bucket", "b", {})
    assert made.keys("bucket") == ["a", "b"]


def test_a_row_that_is_moved_does_not_open(tmp_path: Path) -> None:
    """What is kept for one secret cannot be put in the place of another."""
    import sqlite3

    made = store(tmp_path)
    made.put("bucket", "mine", {"is": "mine"})
    made.put("bucket", "yours", {"is": "yours"})
    made.close()
    with sqlite3.connect(tmp_path / "state.db") as base:
        base.execute("UPDATE row SET sealed = (SELECT sealed FROM row WHERE key = 'yours') WHERE key = 'mine'")
    with pytest.raises(seal.BrokenSealError):
        store(tmp_path).get("bucket", "mine")


def test_another_key_opens_nothing() -> None:
    sealed = seal.Seal(seal.new_key()).close(b"plain", "here")
    with pytest.raises(seal.BrokenSealError):
        seal.Seal(seal.new_key()).open(sealed, "here")


def test_the_folder_is_its_owners_alone(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "deep" / "twin")
    folder.make()
    seal.kept(folder.seal)
    folder.write(folder.asked, {"platform": "eudcc"})
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in folder.path.iterdir()} == {0o600}
    assert folder.read(folder.asked) == {"platform": "eudcc"}


WRITER = """
import sys
from pathlib import Path
from ringfence.twin import seal
from ringfence.twin.store import Store
folder = Path(sys.argv[1])
store = Store(folder / "state.db", seal.kept(folder / "key"))
number = 0
while True:
    store.put("bucket", f"{number:06}", {"number": number})
    print(number, flush=True)
    number += 1
"""


def test_a_process_that_is_killed_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        last = next(int(line) for line in writer.stdout if int(line) >= 20)
        os.kill(writer.pid, signal.SIGKILL)
        last = max([last, *(int(line) for line in writer.stdout.read().split() if line)])
    found = store(tmp_path).rows("bucket")
    assert [row["number"] for _, row in found][: last + 1] == list(range(last + 1))
