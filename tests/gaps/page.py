"""docs/gaps.md: what the reference systems say of themselves and do not do."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from tests.gaps.gap import HERE, gaps

if TYPE_CHECKING:
    from tests.gaps.gap import Gap

HEAD = """\
# Gaps

{made}What proving the Terraform of the two reference systems finds: where the code of FlowEHR and EUDCC does other
than their documents say, or leaves open what they set out to close. Places are those of the commits named; statements
are those of [Requirements](requirements.md). Each gap shows on a small case in [tests/gaps](../tests/gaps), by the
check, claim or property in the last column, and the same one holds on the platform that ships here.
"""

TABLE = """
## {name}

At commit `{commit}`.

| Gap | Where | Statements | Shown by |
| --- | ----- | ---------- | -------- |
"""
NAMES = {"flowehr": "FlowEHR", "eudcc": "EUDCC"}


def page(made: str) -> str:
    """The whole page; `made` says by what it is written."""
    commits = tomllib.loads((HERE / "gaps.toml").read_text(encoding="utf-8"))["commits"]
    text = HEAD.format(made=made)
    for name, called in NAMES.items():
        text += TABLE.format(name=called, commit=commits[name][:12])
        text += "".join(_row(gap) for gap in gaps() if gap.platform == name)
    return text


def _row(gap: Gap) -> str:
    where = "<br>".join(f"`{place}`" for place in gap.at)
    found = f"[{gap.id}](../tests/gaps/{gap.id}/main.tf): {gap.found}"
    return f"| {found} | {where} | {', '.join(gap.statements)} | {_shown(gap.shows)} |\n"


def _shown(shows: dict[str, Any]) -> str:
    if "checks" in shows:
        return ", ".join(f"`{one}`" for one in shows["checks"])
    if "property" in shows:
        return f"`{shows['property']}`"
    ((form, words),) = shows["claim"].items()
    return f"claim `{form}`: " + "; ".join(f"{name} {', '.join(texts)}" for name, texts in words.items())
