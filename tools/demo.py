"""Runs the main job, as `make demo`: both platforms that ship are proven from their declaration."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
PLATFORMS = ("flowehr", "eudcc")


def main() -> int:
    """0 when both platforms are adherent, else what `prove` exited with."""
    program = Path(sys.executable).with_name("ringfence")
    statuses = [_proven(program, name) for name in PLATFORMS]
    return max(statuses)


def _proven(program: Path, name: str) -> int:
    print(f"$ ringfence prove --platform {name}", flush=True)
    status = subprocess.run([program, "prove", "--platform", name], cwd=HERE, check=False).returncode
    print(f"exit status {status}\n", flush=True)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
