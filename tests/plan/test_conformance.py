"""One estate, read as source and as plans, has the same findings.

The plans of ``research`` and ``portal`` know the ids of ``platform`` as strings; the source knows them as references.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ringfence.benchmarks.benchmark import load
from ringfence.mapping.link import link
from ringfence.model.world import Ledger, World
from ringfence.prove import Request, estates, judge, settings_of
from ringfence.readers.plan import declarations

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.verdict import Verdict

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent.parent / "examples" / "lantern"
ROOTS = {"prod": ("platform", "research", "portal"), "dev": ("platform", "research")}


@cache
def of_source(world: str) -> dict[tuple[str, str], Verdict]:
    request = Request(EXAMPLE, worlds=(world,))
    (estate,) = estates(request, settings_of(request))
    return {k: v for k, v in verdicts(estate).items() if k[1].partition("#")[0] in ROOTS[world]}


@cache
def of_plans(world: str) -> dict[tuple[str, str], Verdict]:
    ledger = Ledger()
    fixtures = {root: HERE / "fixtures" / f"lantern-{root}-{world}.json" for root in ROOTS[world]}
    found = [d for root, path in fixtures.items() for d in declarations(path, ledger, root)]
    estate = link(World(world), found, ledger)
    return {k: v for k, v in verdicts(estate).items() if k[1].partition("#")[0] in ROOTS[world]}


def verdicts(estate: Estate) -> dict[tuple[str, str], Verdict]:
    judged = judge(estate, load("cis-azure-2.0.0"))
    return {(check.id, resource.key): verdict for check, resource, verdict in judged.verdicts}


SETTLED_BY_PLANNING = {
    # the plan has asked the web service for the developer's address
    ("sql-server-no-open-firewall-rule", "research#azurerm_mssql_server.features"),
}


@pytest.mark.parametrize("world", ["prod", "dev"])
def test_same_verdicts(world: str) -> None:
    source, plans = of_source(world), of_plans(world)
    assert source.keys() == plans.keys()
    differing = {
        key: (source[key].outcome, plans[key].outcome, plans[key].why)
        for key in source
        if source[key].outcome != plans[key].outcome
        and not (source[key].outcome == "unknown" and key in SETTLED_BY_PLANNING)
    }
    assert differing == {}


@pytest.mark.parametrize("world", ["prod", "dev"])
def test_same_values_where_both_know_them(world: str) -> None:
    source, plans = of_source(world), of_plans(world)
    differing = {}
    for key in source.keys() & plans.keys():
        mine, theirs = (
            {(e.field, e.resource): e.actual for e in v.evidence if e.outcome in ("pass", "fail")}
            for v in (source[key], plans[key])
        )
        for field in mine.keys() & theirs.keys():
            if mine[field] != theirs[field] and not _is_symbolic(mine[field], theirs[field]):
                differing[(*key, *field)] = (mine[field], theirs[field])
    assert differing == {}


def _is_symbolic(*values: object) -> bool:
    """A reference in the source, an id in the plan: they name the same resource in different ways."""
    return any(name in str(v) for v in values for name in ("azurerm_", "/subscriptions/", "@client_config"))
