"""docs/conformance.md: what Microsoft's own suites find of the twin, made of the table that the run is held to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tools.conformance import judge

if TYPE_CHECKING:
    from collections.abc import Mapping

KNOWN = Path(__file__).with_name("known.toml")
_HEAD = """# Conformance of the vaults

Microsoft tests its Key Vault clients with suites that ask a real vault. `make conformance` fetches the suites from the
source distributions of the clients that are installed, starts a twin of
[an estate made for them](../tools/conformance/estate/main.tf), and runs them against it: live, through the proxy,
signed in with a client secret. Then it throws them away; nothing of theirs is kept here. What they run under is not
published, so a [stand-in](../tools/conformance/standin/devtools_testutils/__init__.py) is there for it, which keeps no
recordings and shortens the waits for what Azure does behind the scenes.

The run fails when less than {share:.0%} of the tests that ask a vault pass, and when the table below and what happens
disagree: a test that fails and is not listed, one that is listed and passes, another number.

| Suite | Version | Pass | Listed as failing |
| ----- | ------- | ---: | ----------------: |
{suites}

## What fails

{failing}

## What the suites leave out by themselves

| The suite says | Which means |
| -------------- | ----------- |
{left_out}
"""


def page(made: str) -> str:
    """The page, with a first line that says how it came about."""
    known = judge.read(KNOWN)
    suites = "\n".join(_row(name, suite, known) for name, suite in known.suites.items())
    left_out = "\n".join(f"| {says} | {why} |" for says, why in known.left_out.items())
    return made + _HEAD.format(share=judge.SHARE, suites=suites, failing=_failing(known.failing), left_out=left_out)


def _row(name: str, suite: judge.Suite, known: judge.Known) -> str:
    failing = sum(test.startswith(f"{name}/") for test in known.failing)
    return f"| azure-keyvault-{name} | {suite.version} | {suite.passed} | {failing} |"


def _failing(failing: Mapping[str, str]) -> str:
    reasons: dict[str, list[str]] = {}
    for test, why in failing.items():
        reasons.setdefault(why, []).append(f"- `{test}`")
    return "\n\n".join("\n".join((why, "", *tests)) for why, tests in reasons.items())
