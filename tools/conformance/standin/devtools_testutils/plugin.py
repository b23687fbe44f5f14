"""Tells what came of each test: a file of JSON, whose name is in the environment."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from . import reached, test_proxy  # noqa: F401  # the fixture is found here

_outcomes: dict[str, dict[str, Any]] = {}
_BAD = ("failed", "skipped")


def pytest_runtest_logreport(report: Any) -> None:
    """The worst of a test's phases is its outcome."""
    known = _outcomes.setdefault(report.nodeid, {"outcome": "passed", "why": ""})
    if report.outcome in _BAD and known["outcome"] != "failed":
        known |= {"outcome": report.outcome, "why": _why(report)}


def pytest_collectreport(report: Any) -> None:
    """What cannot be read has failed."""
    if report.failed:
        _outcomes[report.nodeid] = {"outcome": "failed", "why": str(report.longrepr)[-400:]}


def pytest_sessionfinish() -> None:
    """The file is written."""
    for name, found in _outcomes.items():
        found["live"] = name in reached
    Path(os.environ["CONFORMANCE_OUTCOMES"]).write_text(json.dumps(_outcomes), encoding="utf-8")


def _why(report: Any) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash else report.longrepr)[:400]
