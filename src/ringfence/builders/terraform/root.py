"""The files of one root: what the layer declares, and what Terraform needs around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.builders.kubernetes import manifests
from ringfence.builders.terraform.block import Writer
from ringfence.builders.terraform.expression import Expressions, aligned
from ringfence.builders.terraform.outputs import references
from ringfence.builders.terraform.page import Page
from ringfence.builders.terraform.providers import PROVIDERS, TERRAFORM
from ringfence.facts.schemas import MODES as SCHEMA
from ringfence.facts.schemas import is_sensitive
from ringfence.model.blueprint import Block, block

if TYPE_CHECKING:
    from ringfence.builders.terraform.outputs import Outputs
    from ringfence.builders.terraform.page import Written
    from ringfence.model.blueprint import Argument, Blueprint, File, Layer
    from ringfence.model.symbol import Ref, Value


def pages(blueprint: Blueprint, layer: Layer, outputs: Outputs) -> dict[str, Written]:
    """The files of a layer by name, in the order of reading."""
    found: dict[str, Written] = {"terraform.tf": _settings(blueprint, layer, outputs)}
    for file in layer.files.values():
        if file.declared:
            found[file.name] = _written(file, outputs)
    if layer.variables:
        found["variables.tf"] = _variables(layer, outputs)
    if any(variable.value is not None for variable in layer.variables.values()):
        found["terraform.tfvars"] = _values(layer)
    if outputs[layer.name]:
        found["outputs.tf"] = _outputs(layer, outputs)
    return found | {one.path: one for one in manifests(layer)}


def _writer(layer: Layer, outputs: Outputs, page: Page) -> Writer:
    def refer(ref: Ref) -> str:
        home, _, address = ref.key.partition("#")
        if home != layer.name:
            return f"data.terraform_remote_state.{_state(home)}.outputs.{outputs[home][ref]}"
        return address + "".join(f"[{s}]" if s.isdigit() else f".{s}" for s in ref.path)

    return Writer(page, Expressions(refer))


def _state(layer: str) -> str:
    return layer.replace("-", "_")


def _written(file: File, outputs: Outputs) -> Page:
    page = Page()
    page.comment(file.about)
    writer = _writer(file.layer, outputs, page)
    for declared in file.declared:
        writer.declared(declared)
    return page


def _settings(blueprint: Blueprint, layer: Layer, outputs: Outputs) -> Page:
    page = Page()
    page.comment(f"{blueprint.name}, {layer.name}: {layer.about}")
    page.comment(f"Written by ringfence for world {blueprint.world}; change the platform's configuration, not this.")
    writer = _writer(layer, outputs, page)
    used = dict.fromkeys(d.type.partition("_")[0] for d in layer) | dict.fromkeys(layer.providers)
    required: dict[str, Argument] = {
        name: {"source": PROVIDERS[name][0], "version": PROVIDERS[name][1]} for name in sorted(used)
    }
    backend: dict[str, Value] = {"resource_group_name": blueprint.state.resource_group,
               "storage_account_name": blueprint.state.storage_account,
               "container_name": blueprint.state.container,
               "use_azuread_auth": True}  # fmt: skip
    writer.block("terraform", (), block(
        required_version=TERRAFORM, required_providers=Block(required),
    ), inner=[("backend", ("azurerm",), Block({**backend, "key": f"{layer.name}.tfstate"}))])  # fmt: skip
    for name, provider in sorted(layer.providers.items()):
        writer.block("provider", (name,), provider)
    for home in dict.fromkeys(ref.key.partition("#")[0] for ref in references(layer)):
        if home != layer.name:
            config = {**backend, "key": f"{home}.tfstate"}
            writer.block("data", ("terraform_remote_state", _state(home)), block(backend="azurerm", config=config))
    return page


def _variables(layer: Layer, outputs: Outputs) -> Page:
    page = Page()
    writer = _writer(layer, outputs, page)
    for variable in layer.variables.values():
        writer.variable(variable)
    return page


def _values(layer: Layer) -> Page:
    """What the configuration gives; what an operator must add is left out, and Terraform asks for it."""
    page = Page()
    given = [v for v in layer.variables.values() if v.value is not None]
    expressions = Expressions(str)
    page.lines(aligned((v.name, expressions.lines(v.value)) for v in given))
    return page


def _outputs(layer: Layer, outputs: Outputs) -> Page:
    page = Page()
    page.comment("What the layers after this one read from its state.")
    writer = _writer(layer, outputs, page)
    declared = {one.key: one for one in layer}
    for ref, name in sorted(outputs[layer.name].items(), key=lambda pair: pair[1]):
        home = declared[ref.key]
        hidden = is_sensitive(SCHEMA[home.mode], home.type, ref.path) or None
        writer.block("output", (name,), block(value=ref, sensitive=hidden))
    return page
