"""Kubernetes objects as YAML files beside the Terraform that applies them.

In a blueprint an object is an argument, encoded by ``yamlencode``. A person reviews it better in a file of its own,
in which what only an apply gives is a placeholder of Terraform's ``templatefile``.

Source: developer.hashicorp.com/terraform/language/functions/templatefile
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ringfence.builders.names import output_name
from ringfence.model.symbol import Apply, Input, Ref, Text, is_symbol, leaves, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.blueprint import Layer
    from ringfence.model.symbol import Value

FOLDER = "manifests"
_BREAKS = frozenset("\r\x85\u2028\u2029")
"""What YAML takes for the end of a line, beside the usual one: text with one of these is written in quotes."""
_HERE = Input("", "path.module", "path")


class Manifest:
    """One object: its file in the root, what is written there, and the values of its placeholders."""

    marks: ClassVar[dict[tuple[int, str], int]] = {}
    """None: the argument stands where its block does."""

    def __init__(self, path: str, written: Any, variables: dict[str, Value]) -> None:
        self.path = path
        self.variables = variables
        self._written = written

    @property
    def text(self) -> str:
        """The object as YAML."""
        return _yaml(self._written)

    @property
    def call(self) -> Apply:
        """What the argument is in Terraform."""
        return Apply("templatefile", (Text((_HERE, f"/{self.path}")), self.variables))


def manifests(layer: Layer) -> Iterator[Manifest]:
    """The objects of a layer, in the order in which they are declared."""
    for declared in layer:
        for argument in declared.arguments.values():
            if is_object(argument):
                yield manifest(argument)


def is_object(argument: object) -> bool:
    """Whether it is an object that is written into a file of its own."""
    return isinstance(argument, Apply) and argument.fn == "yamlencode" and isinstance(argument.args[0], dict)


def manifest(argument: Any) -> Manifest:
    """The file of an object."""
    body = argument.args[0]
    variables: dict[str, Value] = {}
    written = _written(body, variables)
    metadata = body["metadata"]
    space, own = str(metadata.get("namespace", "")), str(metadata["name"])
    name = "-".join(word for word in (space, body["kind"].lower(), own if own != space else "") if word)
    return Manifest(f"{FOLDER}/{name}.yaml", written, dict(sorted(variables.items())))


class _Placed(str):
    """Text with a placeholder: in quotes, so that what comes in its place stays text."""

    __slots__ = ()


def _written(value: Value, variables: dict[str, Value]) -> Any:
    """The value with placeholders for its symbols, which are entered in `variables`."""
    value = plain(value)
    if isinstance(value, dict):
        return {_escaped(name): _written(one, variables) for name, one in value.items()}
    if isinstance(value, tuple):
        return [_written(one, variables) for one in value]
    if isinstance(value, str):
        return _escaped(value)
    if isinstance(value, Text):
        return _Placed("".join(map(str, (_written(part, variables) for part in value.parts))))
    if is_symbol(value):
        name = _name(value)
        variables[name] = value
        return _Placed(f"${{{name}}}")
    return value


def _escaped(text: str) -> str:
    """Text in which a template finds nothing to put in."""
    return text.replace("${", "$${").replace("%{", "%%{")


def _name(value: Value) -> str:
    """The placeholder of a value: its output's name, its variable's, or that of what a function makes of one."""
    if isinstance(value, Ref):
        return output_name(value)
    if isinstance(value, Input):
        return value.name
    assert isinstance(value, Apply)
    first = next(leaves(value))
    return f"{_name(first)}_{value.fn}"


def _yaml(value: Any) -> str:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Lists are indented under their key, long text is a block."""

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
            super().increase_indent(flow, False)

        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
            return True

    def text(dumper: Any, data: str) -> Any:
        is_odd = not _BREAKS.isdisjoint(data)
        style = '"' if is_odd else "|" if "\n" in data else '"' if isinstance(data, _Placed) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", str(data), style=style)

    Dumper.add_representer(str, text)
    Dumper.add_representer(_Placed, text)
    return str(yaml.dump(value, Dumper=Dumper, sort_keys=False, width=10_000, allow_unicode=True))


def in_place(argument: Value) -> Value:
    """The argument as Terraform has it: an object is read from its file."""
    return manifest(argument).call if is_object(argument) else argument
