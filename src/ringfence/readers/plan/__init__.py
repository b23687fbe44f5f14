"""Terraform plans and states, as ``terraform show -json`` writes them, become declarations.

A plan is what most pipelines already have. What is known only after apply keeps its edges: the configuration in the
plan says what it refers to (`references`), so that the same estate has the same findings as from its source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.declaration import Declaration
from ringfence.mapping.versions import Versions, candidates
from ringfence.model.origin import Origin
from ringfence.model.world import Problem
from ringfence.readers.plan.body import Context, PlanBody
from ringfence.readers.plan.document import Json, is_plan, load
from ringfence.readers.plan.references import Planned, References, Scope, steps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ringfence.model.world import Ledger


def declarations(path: Path, ledger: Ledger, root: str = ".", shown: str = "") -> tuple[Declaration, ...]:
    """Every resource that is there when the plan has been applied (or that the state holds), and the data sources.

    `root` is the root that the plan belongs to, `shown` the path of the file in reports. Failed conditions and a plan
    that is not complete are entered in the ledger.

    Raises:
        InputError: the file is no plan or state that can be read.
    """
    document = load(path)
    reader = _Reader(document, root, shown or path.name)
    _report(document, shown or path.name, ledger)
    return tuple(reader.declarations())


def _report(document: Json, file: str, ledger: Ledger) -> None:
    if document.get("complete") is False:
        ledger.unread.append((file, "the plan leaves out what it had to defer"))
    if document.get("errored") is True:
        ledger.unread.append((file, "planning ended with an error"))
        ledger.problems.append(Problem("planning ended with an error, so the plan is not complete", Origin(file)))
    for check in document.get("checks") or ():
        if isinstance(check, dict) and check.get("status") in ("fail", "error"):
            name = _dict(check.get("address")).get("to_display", "a condition")
            ledger.problems.append(Problem(f"a condition of {name} does not hold", Origin(file), "warning"))


class _Reader:
    """Holds one document while its declarations are in use."""

    def __init__(self, document: Json, root: str, file: str) -> None:
        self._document = document
        self._root = root
        self._file = file
        self._configuration = _dict(document.get("configuration"))
        self._instances = list(_changes(document) if is_plan(document) else ()) + list(_states(document))
        self.references = References(root, self._configuration, self._planned())
        self._constraints = self._provider_constraints()

    def declarations(self) -> Iterator[Declaration]:
        seen: set[str] = set()
        for instance in self._instances:
            if instance["address"] not in seen:
                seen.add(instance["address"])
                yield self._declaration(instance)

    def _planned(self) -> dict[tuple[str, str], dict[str, Planned]]:
        planned: dict[tuple[str, str], dict[str, Planned]] = {}
        for instance in self._instances:
            where = (_text(instance.get("module_address")), _local(instance))
            found = Planned(f"{self._root}#{instance['address']}", instance["unknown"])
            planned.setdefault(where, {}).setdefault(_index(instance), found)
        return planned

    def _declaration(self, instance: Json) -> Declaration:
        module = _text(instance.get("module_address"))
        configured = self.references.resources(steps(module)).get(_local(instance))
        versions = self._versions(instance)
        return Declaration(
            self._root,
            module,
            instance["mode"],
            instance["type"],
            instance["name"],
            _index(instance),
            self._body(instance, configured, versions),
            versions,
        )

    def _body(self, instance: Json, configured: Json | None, versions: Versions) -> PlanBody:
        block = _dict(configured)
        scope = Scope(
            steps(_text(instance.get("module_address"))),
            _index(instance),
            block.get("for_each_expression") or block.get("count_expression"),
        )
        owner = str(versions) if instance["created"] else "the state"
        context = Context(self.references, scope, self._file, instance["address"], owner)
        expressions = _dict(block.get("expressions")) if configured is not None else None
        return PlanBody(context, instance["after"], instance["unknown"], instance["sensitive"], expressions)

    def _versions(self, instance: Json) -> Versions:
        full = _text(instance.get("provider_name"))
        return candidates(
            full.rpartition("/")[2] or instance["type"].partition("_")[0], self._constraints.get(full, "")
        )

    def _provider_constraints(self) -> dict[str, str]:
        """By provider: what the configuration asks for. All modules have to agree on one version."""
        found: dict[str, list[str]] = {}
        for provider in _dict(self._configuration.get("provider_config")).values():
            constraint = _text(_dict(provider).get("version_constraint"))
            if constraint:
                found.setdefault(_text(_dict(provider).get("full_name")), []).append(constraint)
        return {name: ", ".join(dict.fromkeys(constraints)) for name, constraints in found.items()}


def _changes(document: Json) -> Iterator[Json]:
    """The instances that the plan leaves in place."""
    for change in document.get("resource_changes") or ():
        planned = _dict(_dict(change).get("change"))
        if isinstance(planned.get("after"), dict) and _is_instance(change):
            yield {
                **change,
                "after": planned["after"],
                "unknown": planned.get("after_unknown"),
                "sensitive": planned.get("after_sensitive"),
                "created": planned.get("before") is None,
            }


def _states(document: Json) -> Iterator[Json]:
    """The instances of the state; of the state before a plan, the data sources that were read for it."""
    if not is_plan(document):
        yield from _of_module(_dict(_dict(document.get("values")).get("root_module")), "")
        return
    prior = _dict(_dict(_dict(document.get("prior_state")).get("values")).get("root_module"))
    yield from (r for r in _of_module(prior, "") if r["mode"] == "data")


def _of_module(module: Json, address: str) -> Iterator[Json]:
    pending = [(module, address)]
    while pending:
        module, address = pending.pop()
        for resource in module.get("resources") or ():
            if _is_instance(resource) and isinstance(resource.get("values"), dict):
                yield {
                    **resource,
                    "module_address": address,
                    "after": resource["values"],
                    "unknown": {},
                    "sensitive": resource.get("sensitive_values"),
                    "created": False,
                }
        children = [c for c in module.get("child_modules") or () if isinstance(c, dict)]
        pending.extend((c, _text(c.get("address"))) for c in reversed(children))


def _is_instance(resource: Any) -> bool:
    names = ("address", "mode", "type", "name")
    # a deposed object is on its way out
    return (
        isinstance(resource, dict)
        and all(isinstance(resource.get(n), str) for n in names)
        and ("deposed" not in resource and "deposed_key" not in resource)
    )


def _local(instance: Json) -> str:
    """The address within the module, without the instance key."""
    mode = "data." if instance["mode"] == "data" else ""
    return f"{mode}{instance['type']}.{instance['name']}"


def _index(instance: Json) -> str:
    """The instance key as Terraform writes it."""
    module = _text(instance.get("module_address"))
    address: str = instance["address"]
    return address.removeprefix(f"{module}." if module else "").removeprefix(_local(instance))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
