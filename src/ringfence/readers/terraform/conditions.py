"""Conditions that the author has written: validations, pre- and postconditions, checks.

One that is known not to hold is reported with its message; one that is not known is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.symbol import Error, Sensitive, leaves, plain, render
from ringfence.readers.hcl.evaluate import evaluate
from ringfence.readers.terraform.expand import Repetition
from ringfence.readers.terraform.resource import Resource, ResourceInstance

if TYPE_CHECKING:
    from ringfence.readers.terraform.content import Content
    from ringfence.readers.terraform.module import Module
    from ringfence.readers.terraform.scopes import NamedScope


def report(module: Module) -> None:
    """Enters the conditions of a module instance that do not hold."""
    for name, content in module.configuration.variables.items():
        for block in content.blocks("validation"):
            if not any(isinstance(leaf, Error) for leaf in leaves(module.variable(name))):
                _report(module, block, module, f"variable {_in(module, name)}")
    for name, content in module.configuration.outputs.items():
        for block in content.blocks("precondition"):
            _report(module, block, module, f"output {_in(module, name)}")
    for key, content in module.configuration.resources.items():
        if content.blocks("lifecycle"):
            for instance in module.resource(key).instances():
                _report_instance(module, instance)
    for check in module.configuration.checks:
        _report_check(module, check)


def _report_instance(module: Module, instance: ResourceInstance) -> None:
    if instance.repetition.presence is not True:
        return
    scope = instance.scope()
    for lifecycle in instance.resource.content.blocks("lifecycle"):
        for when in ("precondition", "postcondition"):
            for block in lifecycle.blocks(when):
                _report(module, block, scope, instance.address)


def _report_check(module: Module, check: Content) -> None:
    name = check.labels[0] if check.labels else ""
    for block in check.blocks("assert"):
        _report(module, block, _CheckScope(module, check), f"check {_in(module, name)}")


class _CheckScope:
    """A module's scope with the data source that a check has for itself."""

    def __init__(self, module: Module, check: Content) -> None:
        self._module = module
        self._own: dict[tuple[str, ...], ResourceInstance] = {
            b.labels: ResourceInstance(Resource(module, "data", b.labels[0], b.labels[1], b), Repetition())
            for b in check.blocks("data", 2)
            if len(b.labels) == 2
        }
        self.call = module.call
        self.sources = module.sources

    def lookup(self, names: tuple[str, ...]) -> tuple[object, int]:
        own = self._own.get(names[1:3]) if names[0] == "data" else None
        return (own.value, 3) if own else self._module.lookup(names)


def _report(module: Module, block: Content, scope: NamedScope | _CheckScope, what: str) -> None:
    syntax = block.attribute("condition")
    if syntax is None or plain(evaluate(syntax.expression, scope)) is not False:  # type: ignore[arg-type]  # a scope
        return
    message = block.attribute("error_message")
    text = evaluate(message.expression, scope) if message else ""  # type: ignore[arg-type]  # a scope
    said = text if isinstance(text, str) else "(sensitive)" if isinstance(text, Sensitive) else render(text)
    module.evaluation.warn(f"{what}: {said}", syntax.origin())


def _in(module: Module, name: str) -> str:
    return f"{module.address}.{name}" if module.address else name
