"""One gap of a reference system: how it shows, and what shows that it is closed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.adherence.sentence import sentence
from ringfence.benchmarks.benchmark import load
from ringfence.checks.check import checks
from ringfence.claims import held
from ringfence.mapping.link import link
from ringfence.model.keyvault import Secret
from ringfence.model.value import Known
from ringfence.model.world import Ledger, World
from ringfence.readers.terraform.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ringfence.model.estate import Estate

HERE = Path(__file__).parent
RETIRED = ("azurerm_mysql_server", "azurerm_postgresql_server", "azurerm_app_service", "azurerm_mariadb_server")
"""Source: learn.microsoft.com/azure/mysql/migrate/whats-happening-to-mysql-single-server, and the like."""


@dataclass(frozen=True)
class Gap:
    """A difference between what a reference system says of itself and what it does."""

    id: str
    platform: str
    at: tuple[str, ...]
    """Files and lines of the reference system."""
    statements: tuple[str, ...]
    found: str
    shows: dict[str, Any]
    """A ``claim``, ``checks`` or a ``property``."""
    closed: dict[str, Any]
    """What is asked of our platform where it is something else."""

    @property
    def expected(self) -> str:
        """What is answered where it is closed."""
        return "not applicable" if "gone" in self.closed else "unknown" if "unknown" in self.closed else "pass"

    @property
    def case(self) -> Path:
        return HERE / self.id


def gaps() -> list[Gap]:
    """Those of the list, in its order."""
    listed = tomllib.loads((HERE / "gaps.toml").read_text(encoding="utf-8"))["gap"]
    return [Gap(**{"closed": {}, **one, **{n: tuple(one[n]) for n in ("at", "statements")}}) for one in listed]


def read(folder: Path) -> Estate:
    """The estate of a case."""
    world, ledger = World("prod"), Ledger()
    found = link(world, Source(folder).declarations(world, ledger), ledger)
    assert not ledger.problems, ledger.problems
    return found


def outcomes(asked: dict[str, Any], estate: Estate, excepted: tuple[str, ...] = ()) -> dict[str, str]:
    """What each check, or the claim, or the property says of an estate: by its name, "pass", "fail" and so on."""
    if "property" in asked:
        return {asked["property"]: "fail" if list(PROPERTIES[asked["property"]](estate)) else "pass"}
    if "claim" in asked:
        ((form, words),) = asked["claim"].items()
        found = held(sentence(form, {name: tuple(texts) for name, texts in words.items()}), estate)
        return {form: found.outcome}
    return {id_: _worst(list(_judged(id_, estate, excepted))) for id_ in asked["checks"]}


def _judged(id_: str, estate: Estate, excepted: tuple[str, ...]) -> Iterator[str]:
    check, parameters = checks()[id_], load("cis-azure-2.0.0").parameters(id_)
    for resource in check.resources(estate):
        if not any(name in resource.key for name in excepted):
            yield check.verdict(resource, estate, parameters).outcome


def _worst(found: list[str]) -> str:
    return next((o for o in ("fail", "unknown", "pass") if o in found), "not applicable")


def passwords_in_the_code(estate: Estate) -> Iterator[str]:
    """Secrets for passwords whose value is written down."""
    for resource in estate.resources.values():
        if isinstance(resource, Secret) and isinstance(resource.value, Known) and isinstance(resource.value.value, str):
            name = resource.name.value if isinstance(resource.name, Known) else ""
            if "password" in str(name):
                yield resource.key


def retired_services(estate: Estate) -> Iterator[str]:
    """Resources of services that Azure no longer offers."""
    return (r.key for r in estate.resources.values() if r.terraform_type in RETIRED)


PROPERTIES: dict[str, Callable[[Estate], Iterator[str]]] = {
    "passwords_in_the_code": passwords_in_the_code,
    "retired_services": retired_services,
}
