"""Records what Terraform gives for the expressions of the tables: ``python tests/functions/record.py [TABLE …]``.

A table has one expression to a line, with its type and its JSON after tabs; this fills in the latter two.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.functions.terraform import results

FOLDER = Path(__file__).parent


def record(table: Path) -> None:
    """Fills in the table."""
    expressions = [line.split("\t")[0] for line in table.read_text().splitlines() if line]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(FOLDER / "files", Path(folder, "files"))
        found = results(expressions, Path(folder))
    rows = ("\t".join((e, *result)) for e, result in zip(expressions, found, strict=True))
    table.write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(str(p) for p in FOLDER.glob("cases/*.tsv")):
        record(Path(name))
