"""Writes requirements.lock: every package by exact version, with the hashes for all supported machines.

Run it with `make lock` after a dependency changed. pip resolves once, here; the versions found are then looked up
for each CPython and platform, so that one file installs on all of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from itertools import chain
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = ("x86_64", "aarch64")
BUILD = ("hatchling", "editables")
HEAD = "# Exact versions and hashes for CPython 3.11-3.14 on Linux x86_64 and aarch64. Written by `make lock`.\n"


def main() -> None:
    """The lock file is written anew."""
    versions = {name: version for name, version, _ in _resolve(wanted())}
    pins = [f"{name}=={version}" for name, version in versions.items()]
    hashes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, version, digest in _resolve(pins):
        hashes[name, version].add(digest)
    for python in PYTHONS:
        for machine in PLATFORMS:
            for name, version, digest in _resolve(pins, *_target(python, machine)):
                hashes[name, version].add(digest)
    (HERE / "requirements.lock").write_text(HEAD + "".join(_lines(hashes)), encoding="utf-8")


def wanted() -> list[str]:
    """What pyproject.toml asks for, to run, to develop and to build."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    return [*project["project"]["dependencies"], *chain(*extras), *project["dependency-groups"]["dev"], *BUILD]


def _target(python: str, machine: str) -> list[str]:
    platforms = [f"manylinux_2_{n}_{machine}" for n in (17, 28)] + [f"manylinux2014_{machine}"]
    return ["--python-version", python, *(a for p in platforms for a in ("--platform", p))]


def _resolve(requirements: list[str], *options: str) -> list[tuple[str, str, str]]:
    """(name, version, "sha256:…") of everything that pip would install."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        command += ["--only-binary", ":all:", "--report", str(report), "--target", folder, *options, *requirements]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    return [(i["metadata"]["name"], i["metadata"]["version"], _digest(i)) for i in found]


def _digest(item: dict[str, dict[str, dict[str, dict[str, str]]]]) -> str:
    return "sha256:" + item["download_info"]["archive_info"]["hashes"]["sha256"]


def _lines(hashes: dict[tuple[str, str], set[str]]) -> list[str]:
    lines = []
    for (name, version), digests in sorted(hashes.items(), key=lambda entry: entry[0][0].lower()):
        lines.append(f"{name}=={version}" + "".join(f" \\\n    --hash={d}" for d in sorted(digests)) + "\n")
    return lines


if __name__ == "__main__":
    main()
