"""Runs the main job, as `make demo`: both platforms are proven as declared, one stands up here, is tried, and goes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
PLATFORMS = ("flowehr", "eudcc")
TRIED, NAME = "eudcc", "demo"


def main() -> int:
    """0 when both platforms are adherent and every claim that is tried holds, else the first other exit status."""
    statuses = [_said("prove", "--platform", name) for name in PLATFORMS]
    statuses.append(_tried())
    return next((status for status in statuses if status), 0)


def _tried() -> int:
    status = _said("up", TRIED, "--name", NAME)
    if status:
        return status
    try:
        return _said("probe", "--twin", NAME)
    finally:
        _said("down", "--twin", NAME)


def _said(*words: str) -> int:
    """The command's exit status; what it is and what it says is shown."""
    print(f"$ ringfence {' '.join(words)}", flush=True)
    program = Path(sys.executable).with_name("ringfence")
    status = subprocess.run([program, *words], cwd=HERE, check=False).returncode
    print(f"exit status {status}\n", flush=True)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
