"""Input variables: what is given to them, in Terraform's order, and what they make of it.

Source: developer.hashicorp.com/terraform/language/values/variables (definition precedence). Terragrunt
hands its inputs over as ``TF_VAR_`` variables, unless the environment has one of that name already
(gruntwork-io/terragrunt: setTerragruntInputsAsEnvVars).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.origin import NOWHERE, Origin
from ringfence.model.symbol import Error, Input, Sensitive, is_symbol, plain
from ringfence.readers.hcl.syntax import HclError
from ringfence.readers.terraform.configuration import parse_file
from ringfence.readers.terraform.files import FileError
from ringfence.readers.terraform.scopes import constant, written_out
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.types import Type
    from ringfence.readers.terraform.content import Content
    from ringfence.readers.terraform.module import Module
    from ringfence.readers.terraform.root import Root

PREFIX = "TF_VAR_"
PRIMITIVE = ("string", "number", "bool")


@record()
class Given:
    """A value for a variable.

    `by` is "value", "text" (as in the environment, where the variable's type decides how text is read) or
    "terragrunt" (text too, but a symbol or a container arrives whole).
    """

    value: Value
    origin: Origin = NOWHERE
    by: str = "value"


def argument(module: Module, name: str, content: Content) -> Value:
    """The value of a variable in a module instance."""
    given = _of_call(module, name) if module.made_by else _of_root(module, name, content)
    value = given.value if given else None
    if given is None or (plain(value) is None and not flag(content, "nullable", default=True)):
        value = _default(module, name, content)
    sensitive = flag(content, "sensitive")
    if sensitive and not isinstance(value, (Sensitive, Error)):
        value = Sensitive(value)  # before it is converted: what is said of a value that does not fit shows none of it
    value = _converted(module, name, content, value, given)
    return Sensitive(value) if sensitive and not isinstance(value, Sensitive) else value


def declared_type(content: Content) -> Type | None:
    """The type that a variable declares, None when it declares none."""
    from ringfence.readers.hcl.constraint import constraint

    syntax = content.attribute("type")
    if syntax is None:
        return None
    try:
        return constraint(syntax.expression)
    except HclError:
        return "any"


def flag(content: Content, name: str, *, default: bool = False) -> bool:
    """A true or false that is written out."""
    syntax = content.attribute(name)
    value = constant(syntax.expression) if syntax else None
    return value if isinstance(value, bool) else default


def given(root: Root) -> dict[str, Given]:
    """What is given to the variables of a root; of several the one that comes last in Terraform's order."""
    return dict(_in_order(root))


def _in_order(root: Root) -> Iterator[tuple[str, Given]]:
    world, terragrunt = root.evaluation.world, root.terragrunt
    inputs = terragrunt.inputs() if terragrunt else {}
    yield from ((n, Given(v, by="terragrunt")) for n, v in inputs.items() if plain(v) is not None)
    yield from _of_environment({**(terragrunt.environment() if terragrunt else {}), **world.environment})
    names = root.names()
    for name in ("terraform.tfvars", "terraform.tfvars.json"):
        if name in names:
            yield from _of_file(root, root.find(name))
    yield from ((n, Given(None)) for n, v in inputs.items() if plain(v) is None)
    for name in names:
        if name.endswith((".auto.tfvars", ".auto.tfvars.json")):
            yield from _of_file(root, root.find(name))
    for path in terragrunt.variable_files() if terragrunt else ():
        yield from _of_file(root, path)
    for variables in (world.variables, world.roots.get(root.path, {})):
        yield from ((n, Given(v, by="text" if isinstance(v, str) else "value")) for n, v in variables.items())


def _of_environment(environment: dict[str, str]) -> Iterator[tuple[str, Given]]:
    for name in sorted(environment):
        if name.startswith(PREFIX):
            yield name.removeprefix(PREFIX), Given(environment[name], by="text")


def _of_file(root: Root, path: str) -> Iterator[tuple[str, Given]]:
    """The values in a variables file; a name that the root does not declare is a problem."""
    evaluation, name = root.evaluation, root.evaluation.files.name(path)
    try:
        source = evaluation.files.read(path)
    except FileError as error:
        evaluation.refuse(str(error), Origin(name))
        return
    if source is None:
        evaluation.refuse("the variables file is not there", Origin(name))
        return
    file = parse_file(source, name)
    for problem in file.problems:
        evaluation.report(problem)
    yield from _values(root, file.content)


def _values(root: Root, content: Content) -> Iterable[tuple[str, Given]]:
    for name in content.names():
        syntax = content.attribute(name)
        if syntax is None:
            root.evaluation.refuse(f"{name} is a block; a variables file has arguments", content.blocks(name)[0].origin)
            continue
        if name not in root.module.configuration.variables:
            root.evaluation.warn(f"root {root.path} declares no variable {name}", syntax.origin())
        value = written_out(syntax)
        if isinstance(value, Error):
            root.evaluation.failed(value, f"{name}: ", syntax.origin())
        yield name, Given(value, syntax.origin())


def _of_root(module: Module, name: str, content: Content) -> Given | None:
    found = module.root.given().get(name)
    if found is None or found.by == "value":
        return found
    return Given(_read(module.root, found, declared_type(content)), found.origin)


def _read(root: Root, given: Given, declared: Type | None) -> Value:
    """Text as the environment has it: as it stands for a primitive type or none, else an expression."""
    value = given.value
    if not isinstance(value, str):
        return _one_text(root, value) if declared is None and given.by == "terragrunt" else value
    if declared is None or declared in PRIMITIVE:
        return value
    from ringfence.readers.hcl.parse import parse_expression

    try:
        return constant(parse_expression(value.encode(), "value"))
    except HclError as error:
        return value if declared == "any" else Error(f"the text given to it is no expression: {error.problem.message}")


def _one_text(root: Root, value: Value) -> Value:
    """What a variable without a type gets from the environment: JSON for a container, text for the rest."""
    from ringfence.readers.hcl.types import convert

    if is_symbol(value):
        return value
    return root.call("jsonencode", (value,)) if isinstance(plain(value), (tuple, dict)) else convert(value, "string")


def _of_call(module: Module, name: str) -> Given | None:
    from ringfence.readers.hcl.evaluate import evaluate
    from ringfence.readers.terraform.body import settled

    assert module.made_by is not None
    syntax = module.made_by.content.attribute(name)
    if syntax is None or module.call_scope is None:
        return None
    return Given(settled(evaluate(syntax.expression, module.call_scope)), syntax.origin())


def _default(module: Module, name: str, content: Content) -> Value:
    syntax = content.attribute("default")
    if syntax is not None:
        return written_out(syntax)
    if module.made_by is None:
        return Input(module.root.path, name)
    given = module.made_by.content.attribute(name)
    lacks = f"is given null for the variable {name}" if given else f"is not given the variable {name}"
    error = Error(f"{module.made_by.address} {lacks}, which has no default")
    module.evaluation.failed(error, "", given.origin() if given else module.made_by.content.origin)
    return error


def _converted(module: Module, name: str, content: Content, value: Value, given: Given | None) -> Value:
    """The value in the variable's type; one that does not fit is a problem."""
    from ringfence.readers.hcl.types import convert

    declared = declared_type(content)
    if declared is None or plain(value) is None:
        return value
    found = value if isinstance(value, Error) else convert(value, declared)
    if not isinstance(found, Error):
        return found
    where = f"{module.address}.var.{name}: " if module.address else f"variable {name} of root {module.root.path}: "
    origin = given.origin if given and given.origin.file else content.origin
    module.evaluation.failed(found, where, origin)
    kept = found if isinstance(value, Error) else convert(_completed(value, declared), declared)
    return found if isinstance(kept, Error) else kept


def _completed(value: Value, declared: Type) -> Value:
    """The value with an error for each attribute that it lacks, so that the rest of it can be used."""
    from ringfence.readers.hcl.types import ListOf, MapOf, ObjectOf, SetOf

    inner = plain(value)
    if isinstance(declared, ObjectOf) and isinstance(inner, dict):
        missing = {
            name: Error(f"attribute {name} is missing")
            for name in declared.attributes
            if name not in inner and name not in declared.optional
        }
        own = {n: _completed(v, declared.attributes[n]) if n in declared.attributes else v for n, v in inner.items()}
        return {**own, **missing}
    if isinstance(declared, MapOf) and isinstance(inner, dict):
        return {name: _completed(v, declared.element) for name, v in inner.items()}
    if isinstance(declared, (ListOf, SetOf)) and isinstance(inner, tuple):
        return tuple(_completed(v, declared.element) for v in inner)
    return value
