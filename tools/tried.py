"""Tries both platforms and keeps the evidence beside their documents, as `make tried`.

What each attempt saw is left out of what is kept: it differs from run to run, and `ringfence probe --evidence` has it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ringfence.described import TRIED
from ringfence.platforms import NAMES

HERE = Path(__file__).resolve().parent.parent
KEPT = ("id", "shows", "says", "verdict", "expected", "happened", "why", "attempts")


def main() -> int:
    """0 when everything that was tried holds."""
    return max(_tried(name) for name in NAMES)


def _tried(name: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        state = f"{folder}/twin"
        _said("up", name, "--state", state).check_returncode()
        try:
            done = _said("probe", "--state", state, "--format", "json")
        finally:
            _said("down", "--state", state)
    if not done.stdout:
        print(done.stderr, file=sys.stderr)
        return done.returncode or 1
    evidence = json.loads(done.stdout)
    evidence["trials"] = [{key: trial[key] for key in KEPT if key in trial} for trial in evidence["trials"]]
    path = HERE / "docs" / "platforms" / name / TRIED
    path.write_text(json.dumps(evidence, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{name}: {_counted(evidence)} → {path.relative_to(HERE)}")
    return done.returncode


def _counted(evidence: dict[str, Any]) -> str:
    verdicts = [trial["verdict"] for trial in evidence["trials"]]
    return ", ".join(f"{verdicts.count(v)} {v}" for v in dict.fromkeys(verdicts))


def _said(*words: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("ringfence")
    return subprocess.run([program, *words], cwd=HERE, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    raise SystemExit(main())
