"""Lets an outside judge see what is built: Checkov over Terraform and manifests of every platform in every world.

``make judge`` runs it. A check that fails must be decided in ``tests/platforms/judge.toml``, with a reason that holds;
a decision that meets no failure is stale. The exit status is 0 when all is decided, 3 when something is open or stale,
1 when the judge could not read what was built.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ringfence.builders.terraform import build
from ringfence.declared import blueprint
from ringfence.platforms import NAMES, platform

HERE = Path(__file__).resolve().parent.parent
DECISIONS = HERE / "tests/platforms/judge.toml"
FRAMEWORKS = ("terraform", "kubernetes")
UNREAD, OPEN = 1, 3


@dataclass(frozen=True, order=True)
class Failure:
    """A check that fails on a resource."""

    platform: str
    world: str
    check: str
    resource: str
    """Layer and address, such as ``core#azurerm_key_vault.core``."""
    name: str
    place: str


@dataclass(frozen=True)
class Decision:
    """Why a check may fail on the resources that match a pattern."""

    check: str
    platform: str
    resource: str
    worlds: tuple[str, ...]
    """Those it is about; () for all."""
    reason: str

    def covers(self, failure: Failure) -> bool:
        """Whether the failure is the one that was decided."""
        same = (self.check, self.platform) == (failure.check, failure.platform)
        return same and self._is_in(failure.world) and fnmatchcase(failure.resource, self.resource)

    def _is_in(self, world: str) -> bool:
        return not self.worlds or world in self.worlds


def main(arguments: list[str]) -> int:
    """Prints what the judge finds; the status is described above."""
    parser = argparse.ArgumentParser(prog="tools.judge", description=__doc__)
    parser.add_argument("--checkov", default="checkov", metavar="PROGRAM", help="the program to run")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        worlds = written(Path(folder))
        summary, failures = judged(options.checkov, Path(folder))
    if summary["parsing_errors"] or not summary["passed"]:
        print(f"the judge could not read {summary['parsing_errors']} files", file=sys.stderr)
        return UNREAD
    return _told(worlds, summary, failures, decisions())


def written(folder: Path) -> list[tuple[str, str]]:
    """Every platform in every world, in folders of their names."""
    found = [(name, world) for name in NAMES for world in platform(name).WORLDS]
    for name, world in found:
        for path, text in build(blueprint(name, world)).files.items():
            at = folder / name / world / path
            at.parent.mkdir(parents=True, exist_ok=True)
            at.write_text(text, encoding="utf-8")
    return found


def judged(checkov: str, folder: Path) -> tuple[dict[str, Any], list[Failure]]:
    """How many checks passed and failed, and which failed."""
    command = [checkov, "--directory", str(folder), "--framework", *FRAMEWORKS, "--skip-download"]
    command += ["--compact", "--quiet", "--output", "json"]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    if not process.stdout.strip():
        raise SystemExit(f"{checkov} says nothing: {process.stderr[-500:]}")
    found = json.loads(process.stdout)
    reports = found if isinstance(found, list) else [found]
    counts = {name: sum(one["summary"][name] for one in reports) for name in ("passed", "failed", "parsing_errors")}
    failures = {_failure(failed) for one in reports for failed in one["results"]["failed_checks"]}
    return counts | {"checkov_version": reports[0]["summary"]["checkov_version"]}, sorted(failures)


def _failure(found: dict[str, Any]) -> Failure:
    name, world, layer, file = found["file_path"].strip("/").split("/", 3)
    place = f"{layer}/{file}:{found['file_line_range'][0]}"
    return Failure(name, world, found["check_id"], f"{layer}#{found['resource']}", found["check_name"], place)


def decisions(path: Path = DECISIONS) -> list[Decision]:
    """What was decided."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("decision", [])
    return [Decision(**{**entry, "worlds": tuple(entry.get("worlds", ()))}) for entry in entries]


def _told(
    worlds: list[tuple[str, str]], summary: dict[str, Any], failures: list[Failure], decided: list[Decision]
) -> int:
    still = [failure for failure in failures if not any(d.covers(failure) for d in decided)]
    stale = [d for d in decided if not any(d.covers(failure) for failure in failures)]
    print(f"Checkov {summary['checkov_version']}: {summary['passed']} passed, {len(failures)} failed")
    for world in worlds:
        count = Counter(failure in still for failure in failures if (failure.platform, failure.world) == world)
        print(f"  {world[0]:<8} {world[1]:<5} {count[False]:>3} decided {count[True]:>3} open")
    for failure in still:
        print(f"open  {failure.check} {failure.platform} {failure.world} {failure.resource} ({failure.place})")
        print(f"      {failure.name}")
    for d in stale:
        print(f"stale {d.check} {d.platform} {d.resource} {' '.join(d.worlds)}: no such failure")
    return OPEN if still or stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
