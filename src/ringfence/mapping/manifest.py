"""Documents inside arguments: YAML and JSON text becomes what it says, and the references in it stay references.

``jsonencode({ id = azurerm_x.y.id })`` is not known before it is applied; its structure is. So is that of a heredoc
with interpolations.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Apply, Text, plain, text
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.mapping.declaration import Body
    from ringfence.model.symbol import Value

CLUSTER, CHART_VALUES, CHART_TEMPLATES, SUBCHARTS = "@cluster", "@values", "@templates", "@subcharts"
"""What a reader says beside the arguments: the cluster or workspace that the provider talks to, the chart's files."""

TELLING = ("azure_workspace_resource_id", "host", "cluster_ca_certificate", "client_certificate", "username", "token")
"""Arguments of a provider that come from the cluster or workspace it talks to."""

ENCODERS = ("jsonencode", "yamlencode")
_PLACE = re.compile("\ue000(\\d+)\ue001")


@record()
class Unreadable:
    """A document that cannot be read: what it is instead, and why."""

    value: Value
    why: str


def documents(value: Value) -> tuple[Value, ...] | Unreadable:
    """The documents in a text, symbols kept where they stand; an encoder's argument is its only document."""
    value = plain(value)
    if isinstance(value, Apply) and value.fn in ENCODERS:
        return (plain(value.args[0]),)
    if isinstance(value, str):
        return _loaded(value, ())
    if isinstance(value, Text):
        symbols = tuple(p for p in value.parts if not isinstance(p, str))
        return _loaded(_with_places(value.parts), symbols)
    return Unreadable(value, "it is not text that is known")


def _with_places(parts: Iterable[Value]) -> str:
    found: list[str] = []
    places = 0
    for part in parts:
        if isinstance(part, str):
            found.append(part)
        else:
            found.append(f"\ue000{places}\ue001")
            places += 1
    return "".join(found)


def _loaded(source: str, symbols: tuple[Value, ...]) -> tuple[Value, ...] | Unreadable:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        found = list(yaml.load_all(source, Loader=loader))
    except (yaml.YAMLError, ValueError) as error:
        return Unreadable(source, f"it is no YAML: {str(error).splitlines()[0]}")
    return tuple(_replaced(d, symbols) for d in found if d is not None)


def _replaced(found: Any, symbols: tuple[Value, ...]) -> Value:
    """The document with the symbols back in their places, lists as tuples."""
    if isinstance(found, dict):
        return {str(k): _replaced(v, symbols) for k, v in found.items()}
    if isinstance(found, (list, tuple)):
        return tuple(_replaced(v, symbols) for v in found)
    if isinstance(found, str) and symbols:
        pieces = _PLACE.split(found)
        return text(*(symbols[int(p)] if i % 2 else p for i, p in enumerate(pieces)))
    if found is None or isinstance(found, (bool, int, str)):
        return found
    return str(found)


def merged(under: Value, over: Value) -> Value:
    """`over` laid over `under`, objects key by key; a null takes a key away.

    Source: helm.sh/docs/chart_template_guide/values_files
    """
    under, over = plain(under), plain(over)
    if not isinstance(under, dict) or not isinstance(over, dict):
        return over
    result = dict(under)
    for key, value in over.items():
        if plain(value) is None:
            result.pop(key, None)
        else:
            result[key] = merged(result[key], value) if key in result else value
    return result


def placed(values: dict[str, Value], name: str, value: Value) -> dict[str, Value]:
    """The values with one more set, as ``--set name=value`` does. An element of a list replaces or extends it.

    Source: helm.sh/docs/intro/using_helm (the format and limitations of --set)
    """
    return _placed(values, _steps(name), value)  # type: ignore[return-value]  # the first step is a key


def _steps(name: str) -> tuple[str | int, ...]:
    steps: list[str | int] = []
    for part in re.split(r"(?<!\\)\.", name):
        bare, *indexes = re.split(r"\[(\d+)\]", part.replace("\\.", "."))
        steps += [bare] if bare else []
        steps += [int(i) for i in indexes if i]
    return tuple(steps)


def _placed(at: Value, steps: tuple[str | int, ...], value: Value) -> Value:
    if not steps:
        return value
    first, rest = steps[0], steps[1:]
    at = plain(at)
    if isinstance(first, int):
        items = list(at) if isinstance(at, tuple) else []
        items += [None] * (min(first, 999) + 1 - len(items))
        items[min(first, 999)] = _placed(items[min(first, 999)], rest, value)
        return tuple(items)
    inner = at if isinstance(at, dict) else {}
    return {**inner, first: _placed(inner.get(first), rest, value)}


def typed(value: Value) -> Value:
    """A value of ``--set``: numbers, flags and null are what they look like."""
    if not isinstance(value, str):
        return value
    words: dict[str, Value] = {"true": True, "false": False, "null": None}
    if value in words:
        return words[value]
    return int(value) if re.fullmatch(r"0|[1-9]\d{0,17}", value) else value


_LISTS = {
    "container": "containers",
    "init_container": "initContainers",
    "env": "env",
    "env_from": "envFrom",
    "volume": "volumes",
    "volume_mount": "volumeMounts",
    "rule": "rules",
    "path": "paths",
    "tls": "tls",
}
"""Blocks of the kubernetes provider that stand for the elements of a list, and what the list is called."""

_AS_WRITTEN = ("annotations", "labels", "match_labels", "selector", "data", "string_data", "volume_attributes")
"""Arguments whose keys are names of one's own."""


def of_blocks(body: Body) -> dict[str, Value]:
    """What the blocks of the kubernetes provider say, as the object that they make.

    Source: registry.terraform.io/providers/hashicorp/kubernetes (blocks are fields of the API in snake case)
    """
    found: dict[str, Value] = {}
    for name in body.names():
        blocks = body.blocks(name)
        if name in _AS_WRITTEN or not (blocks.items or blocks.open is not None):
            written = body.attribute(name)
            if written is not None:
                found[camel(name)] = plain(written.value)
        elif name in _LISTS:
            found[_LISTS[name]] = tuple(map(of_blocks, blocks.items))
        elif blocks.items:
            found[camel(name)] = of_blocks(blocks.items[0])
    return found


def camel(name: str) -> str:
    """``service_account_name`` as ``serviceAccountName``; ``load_balancer_ip`` ends in capitals."""
    first, *rest = name.split("_")
    return first + "".join({"ip": "IP", "id": "ID", "ips": "IPs"}.get(word, word.capitalize()) for word in rest)
