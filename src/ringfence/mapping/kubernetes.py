"""Helm releases and Kubernetes objects: Terraform's spellings.

Source: hashicorp/terraform-provider-helm 2.x and 3.x (``set`` blocks became a list of objects), hashicorp/
terraform-provider-kubernetes 2.x, gavinbunney/terraform-provider-kubectl.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.declaration import Blocks, Written
from ringfence.mapping.index import MODULES
from ringfence.mapping.manifest import (
    CHART_TEMPLATES,
    CHART_VALUES,
    CLUSTER,
    SUBCHARTS,
    Unreadable,
    documents,
    merged,
    of_blocks,
    placed,
    typed,
)
from ringfence.mapping.table import AnyRow, Computed, Fold, Nested, Reference, Row, Table, row
from ringfence.model.containers import ManagedCluster
from ringfence.model.kubernetes import HelmRelease, KubernetesObject, SetValue
from ringfence.model.symbol import Apply, Error, is_symbol, leaves, plain, render
from ringfence.model.value import Absent, Known, Need, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.mapping.declaration import Body
    from ringfence.model.symbol import Value
    from ringfence.model.value import Attr

_MANIFESTS, _SETS = "@manifests", "@sets"

_IN_CLUSTER: tuple[AnyRow, ...] = (
    Row("resource_group", "", {}),
    Row("location", "", {}),
    Reference("cluster", "", CLUSTER, to=ManagedCluster.arm_type),
)


def _values(release: HelmRelease) -> Attr[dict[str, object]]:
    """The chart's values with the release's over them, in the order of Helm."""
    found: Value = {}
    unread: list[Unknown] = []
    own = release.chart_values
    written = release.value_documents
    texts: tuple[Any, ...] = (own.value,) if isinstance(own, Known) else ()
    if isinstance(written, Known):
        texts += written.value
    elif isinstance(written, Unknown):
        unread.append(written)
    for document in texts:
        found = _laid(release, found, document, unread)
    for given in release.set_values:
        found = _set(found, given, unread)
    if release.set_values.open:
        unread.append(release.set_values.open)
    origin = written.origin
    if not unread:
        return Known("values", found, origin)  # type: ignore[arg-type]  # a dict from the start
    needs = tuple(dict.fromkeys(n for u in unread for n in u.needs))
    return Unknown("values", needs, origin, None, Apply("values", (found, *(u.value for u in unread))))


def _laid(release: HelmRelease, found: Value, document: Value, unread: list[Unknown]) -> Value:
    parsed = documents(document)
    origin = release.value_documents.origin
    if isinstance(parsed, tuple):
        for each in parsed:
            if isinstance(plain(each), dict):
                found = merged(found, each)
            elif plain(each) is not None:
                unread.append(_unread(Unreadable(each, "it is no object"), origin))
        return found
    unread.append(_unread(parsed, origin))
    return found


def _unread(document: Unreadable, origin: Any) -> Unknown:
    from ringfence.model.judge import missing

    value = document.value
    errors = tuple(Need("error", e.reason, e.reason) for e in leaves(value) if isinstance(e, Error))
    why = f"the values {render(value)[:60]} cannot be read: {document.why}"
    needs = missing(value) + errors or (Need("apply", "values", why),)
    return Unknown("values", needs, origin, None, value if is_symbol(value) else None)


def _set(found: Value, given: SetValue, unread: list[Unknown]) -> Value:
    name, value, form = given.name, given.value, given.type
    if not isinstance(name, Known) or not isinstance(found, dict):
        unread.append(name if isinstance(name, Unknown) else Unknown("set", (), given.origin))
        return found
    if isinstance(value, Absent):
        return found
    content: Any = value.value
    string = isinstance(form, Known) and form.value == "string"
    return placed(found, str(name.value), content if string else typed(plain(content)))


_RELEASE: tuple[AnyRow, ...] = (
    row("name", "name", "name"),
    *_IN_CLUSTER,
    row("namespace", "namespace", "namespace", azure="default"),
    row("chart", "chart", "chart"),
    row("repository", "repository", "repository"),
    row("version", "version", "version"),
    row("value_documents", "", "values", azure=()),
    Nested(
        "set_values",
        "",
        _SETS,
        SetValue,
        (row("name", "", "name"), row("value", "", "value"), row("type", "", "type")),
    ),
    row("chart_values", "", CHART_VALUES),
    row("chart_templates", "", CHART_TEMPLATES),
    row("subcharts", "", SUBCHARTS),
    Computed("values", "", _values),
)


class Released:
    """The body of a release, with the blocks that set one value all under one name, in the order of Helm."""

    def __init__(self, body: Body, type: str) -> None:  # noqa: ARG002  # the form of a view
        self._body = body
        self.origin = body.origin

    def attribute(self, name: str) -> Written | None:
        return self._body.attribute(name)

    def blocks(self, name: str) -> Blocks:
        if name != _SETS:
            return self._body.blocks(name)
        found = tuple(map(self._body.blocks, ("set", "set_list", "set_sensitive")))
        open_ = next((b.open for b in found if b.open is not None), None)
        return Blocks(tuple(i for b in found for i in b.items), open_, self.origin)

    def names(self) -> Iterable[str]:
        return self._body.names()


class Manifested:
    """The body of a Kubernetes object: its manifest is an argument, text, or spread over blocks."""

    def __init__(self, body: Body, type: str) -> None:
        self._body = body
        self._type = type
        self.origin = body.origin

    def attribute(self, name: str) -> Written | None:
        if name == _MANIFESTS:
            return self._manifests()
        if name in ("name", "namespace"):
            return self._metadata(name)
        return self._body.attribute(name)

    def blocks(self, name: str) -> Blocks:
        return self._body.blocks(name)

    def names(self) -> Iterable[str]:
        return self._body.names()

    def _manifests(self) -> Written | None:
        for argument in ("manifest", "yaml_body"):
            written = self._body.attribute(argument)
            if written is not None:
                return Written(_objects(plain(written.value)), written.origin, written.inputs)
        made: dict[str, Value] = {"kind": _kind(self._type), **of_blocks(self._body)}
        return Written((made,), self._body.origin)

    def _metadata(self, name: str) -> Written | None:
        written = self._manifests()
        value = written.value if written else None
        first = value[0] if isinstance(value, tuple) and value else None
        metadata = plain(first.get("metadata")) if isinstance(first, dict) else None
        found = metadata.get(name) if isinstance(metadata, dict) else None
        return Written(found, written.origin, written.inputs) if written and found is not None else None


def _objects(value: Value) -> Value:
    """The objects that a manifest holds: an object, text, or neither."""
    if isinstance(value, dict):
        return (value,)
    found = documents(value)
    if not isinstance(found, Unreadable):
        return found
    return found.value if is_symbol(found.value) else Error(found.why)


def _kind(type: str) -> str:
    """``kubernetes_cron_job_v1`` makes a CronJob."""
    words = type.removeprefix("kubernetes_").split("_")
    return "".join(w.capitalize() for w in words if w not in ("v1", "v1beta1", "v2"))


TABLES = (
    Table(HelmRelease, ("helm_release",), unique="parent", rows=_RELEASE, view=Released),
    Table(
        KubernetesObject,
        tuple(t for t in MODULES["kubernetes"] if t != "helm_release"),
        unique="parent",
        rows=(
            row("name", "metadata.name", "name"),
            *_IN_CLUSTER,
            row("namespace", "metadata.namespace", "namespace", azure="default"),
            row("manifests", "", _MANIFESTS),
        ),
        view=Manifested,
    ),
)

FOLDS: tuple[Fold, ...] = ()
