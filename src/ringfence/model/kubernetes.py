"""Kinds of what Terraform puts into a Kubernetes cluster: Helm releases and single objects. No Azure resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Block, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class InCluster(Resource):
    """Something inside a cluster."""

    namespace: Attr[str]
    cluster: Link
    """The cluster that the provider's configuration names; absent where it comes from the environment."""


class SetValue(Block):
    """One value of a release that is set by its path."""

    name: Attr[str]
    value: Attr[object]
    type: Attr[str]
    """``auto``, the default, makes a number of what looks like one; ``string`` does not."""


class HelmRelease(InCluster):
    """A chart installed with values."""

    arm_type = "helm.sh/releases"

    chart: Attr[str]
    """A name in `repository`, or the path of a folder."""
    repository: Attr[str]
    version: Attr[str]
    value_documents: Attr[tuple[object, ...]]
    """YAML texts; a later one lies over an earlier one."""
    set_values: Many[SetValue]
    chart_values: Attr[str]
    """The chart's own ``values.yaml``; absent where the chart is not in the checkout."""
    chart_templates: Attr[dict[str, object]]
    """The texts of the templates by file, by the subchart they are in ("" for the chart's own) where it is in the
    checkout; absent where the chart itself is not."""
    subcharts: Attr[tuple[str, ...]]
    """Names of the charts that it depends on; absent where the chart is not in the checkout."""
    values: Attr[dict[str, object]]
    """All values together; unknown when a document cannot be read, with `value` what is known of them."""


class KubernetesObject(InCluster):
    """One or more objects of the Kubernetes API, or a typed resource that makes one."""

    arm_type = "kubernetes.io/objects"

    manifests: Attr[tuple[object, ...]]
    """The objects as the API has them, references kept."""
