"""What goes into a cluster, with what surrounds it: the cluster that its provider talks to, the files of its chart.

Source: developer.hashicorp.com/terraform/language/providers/configuration,
…/language/modules/develop/providers (a module without a configuration of its own has its caller's)
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ringfence.mapping.declaration import Blocks, Written
from ringfence.mapping.manifest import CHART_TEMPLATES, CHART_VALUES, CLUSTER, ENCODERS, SUBCHARTS, TELLING, documents
from ringfence.model.origin import Origin
from ringfence.model.symbol import Apply, Error, Ref, leaves, plain
from ringfence.readers.hcl.evaluate import evaluate
from ringfence.readers.hcl.syntax import Call, TupleOf
from ringfence.readers.terraform.body import ContentBody, settled
from ringfence.readers.terraform.files import FileError
from ringfence.readers.terraform.providers import local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.syntax import Expression
    from ringfence.readers.terraform.content import Content
    from ringfence.readers.terraform.files import Files
    from ringfence.readers.terraform.module import Module
    from ringfence.readers.terraform.resource import ResourceInstance


class Surrounded:
    """The body of such a resource; a `mapping.declaration.Body`."""

    __slots__ = ("_found", "_instance")

    def __init__(self, instance: ResourceInstance) -> None:
        self._instance = instance
        self._found: dict[str, Written | None] = {}

    @property
    def origin(self) -> Origin:
        return self._instance.body.origin

    def attribute(self, name: str) -> Written | None:
        found = {
            CLUSTER: self._cluster,
            CHART_VALUES: self._chart_values,
            CHART_TEMPLATES: self._chart_templates,
            SUBCHARTS: self._subcharts,
            "values": self._values,
        }.get(name)
        if found is None or (name == "values" and self._instance.resource.type != "helm_release"):
            return self._instance.body.attribute(name)
        if name not in self._found:
            self._found[name] = found()
        return self._found[name]

    def blocks(self, name: str) -> Blocks:
        return self._instance.body.blocks(name)

    def names(self) -> Iterable[str]:
        return self._instance.body.names()

    # -- the cluster

    def _cluster(self) -> Written | None:
        module, content = self._instance.resource.module, self._instance.resource.content
        local = local_name(self._instance.resource.type, content)
        body = _configuration(module, local, _alias(content))
        for part in (*body.blocks("kubernetes").items, body) if body else ():
            for name in TELLING:
                written = part.attribute(name)
                found = [leaf for leaf in leaves(written.value) if isinstance(leaf, Ref)] if written else []
                if written and found:
                    return Written(Ref(found[0].key, ("id",)), written.origin, written.inputs)
        return None

    # -- the values

    def _values(self) -> Written | None:
        """The documents; one that fails in an encoder's argument keeps the structure that it has."""
        body = self._instance.body
        written = body.attribute("values")
        syntax = body.content.attribute("values")
        value = plain(written.value) if written else None
        if not isinstance(value, tuple) or not written or not syntax or not isinstance(syntax.expression, TupleOf):
            return written
        pairs = zip(value, syntax.expression.items, strict=False)
        return Written(tuple(self._kept(v, e) for v, e in pairs), written.origin, written.inputs)

    def _kept(self, value: Value, expression: Expression) -> Value:
        inner = plain(value)
        encoded = isinstance(expression, Call) and expression.name in ENCODERS and len(expression.arguments) == 1
        if not isinstance(inner, Error) or not encoded or not isinstance(expression, Call):
            return value
        argument = settled(evaluate(expression.arguments[0], self._instance.scope()))
        return Apply(expression.name, (argument,)) if isinstance(plain(argument), dict) else value

    # -- the chart

    def _folder(self) -> str:
        """The folder of a chart in the checkout; "" for one that is elsewhere."""
        chart, repository = (self._instance.body.attribute(n) for n in ("chart", "repository"))
        name = plain(chart.value) if chart else None
        remote = repository is not None and plain(repository.value) is not None
        if remote or not isinstance(name, str) or "://" in name:
            return ""
        folder = os.path.join(self._instance.resource.module.root.code, name)
        return folder if self._files.is_file(os.path.join(folder, "Chart.yaml")) else ""

    @property
    def _files(self) -> Files:
        return self._instance.resource.module.evaluation.files

    def _text(self, path: str) -> str | None:
        try:
            found = self._files.read(path)
        except FileError:
            return None
        return found.decode("utf-8", "replace") if found is not None else None

    def _chart_values(self) -> Written | None:
        folder = self._folder()
        path = os.path.join(folder, "values.yaml")
        if not folder:
            return None
        return Written(self._text(path) or "", Origin(self._files.name(path), 1))

    def _chart_templates(self) -> Written | None:
        """The texts of the templates by file, by the name of the subchart they are in, "" for the chart's own."""
        folder = self._folder()
        if not folder:
            return None
        found: dict[str, Value] = {"": self._templates(folder)}
        for name, place in self._dependencies(folder):
            if place:
                found[name] = self._templates(place)
        return Written(found, Origin(self._files.name(folder)))

    def _templates(self, folder: str) -> Value:
        paths = sorted(str(p) for p in self._files.below(os.path.join(folder, "templates")))
        return {self._files.name(p): self._text(p) or "" for p in paths if p.endswith((".yaml", ".yml"))}

    def _subcharts(self) -> Written | None:
        folder = self._folder()
        if not folder:
            return None
        names = tuple(name for name, _ in self._dependencies(folder))
        return Written(names, Origin(self._files.name(os.path.join(folder, "Chart.yaml")), 1))

    def _dependencies(self, folder: str) -> Iterator[tuple[str, str]]:
        """The keys under which the values of the dependencies stand, with their folders in the checkout or ""."""
        found = documents(self._text(os.path.join(folder, "Chart.yaml")) or "")
        chart = found[0] if isinstance(found, tuple) and found else None
        listed = chart.get("dependencies") if isinstance(chart, dict) else None
        for dependency in listed if isinstance(listed, tuple) else ():
            if not isinstance(dependency, dict) or not dependency.get("name"):
                continue
            source, name = str(dependency.get("repository") or ""), str(dependency["name"])
            places = (os.path.join(folder, source.removeprefix("file://")), os.path.join(folder, "charts", name))
            local = places if source.startswith("file://") else places[1:]
            place = next((p for p in local if self._files.is_file(os.path.join(p, "Chart.yaml"))), "")
            yield str(dependency.get("alias") or name), place


def _alias(content: Content) -> str:
    syntax = content.attribute("provider")
    return _dotted(syntax.expression).partition(".")[2] if syntax else ""


def _dotted(expression: object) -> str:
    """``helm.eu``, written as a reference or, as it once was, as a string."""
    return ".".join(getattr(expression, "names", None) or (str(getattr(expression, "value", "")),))


def _configuration(module: Module, local: str, alias: str) -> ContentBody | None:
    """The provider's configuration, in the module or the nearest caller that has one."""
    for content, body in _provider_blocks(module, local):
        own = content.attribute("alias")
        named = plain(module.evaluate(own.expression)) if own else ""
        if named == alias:
            return body
    call = module.made_by
    if call is None:
        return None
    passed = call.content.attribute("providers")
    for key, value in getattr(passed.expression, "items", ()) if passed else ():
        if _dotted(key) == (f"{local}.{alias}" if alias else local):
            name, _, other = _dotted(value).partition(".")
            return _configuration(call.module, name, other)
    return None if alias else _configuration(call.module, local, "")


def _provider_blocks(module: Module, local: str) -> Iterator[tuple[Content, ContentBody]]:
    for content in module.configuration.providers:
        if content.labels[:1] == (local,):
            yield content, ContentBody(content, module, module.evaluation, f"provider.{local}")
