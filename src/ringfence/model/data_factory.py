"""Kinds of Azure Data Factory (Microsoft.DataFactory)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder
from ringfence.model.resource import Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link


class DataFactory(IdentityHolder):
    """A factory of data pipelines."""

    arm_type = "Microsoft.DataFactory/factories"

    public_network_access: Attr[str]
    managed_virtual_network_enabled: Attr[bool]
    """Azure integration runtimes may run in a network that Microsoft manages."""
    encryption_key: Link
    encryption_identity: Link
    """The user-assigned identity that unwraps the key."""


class LinkedService(Resource):
    """How a factory connects to a store or a compute service."""

    arm_type = "Microsoft.DataFactory/factories/linkedservices"

    factory: Link
    service_type: Attr[str]
    """ARM's ``properties.type``, such as ``AzureBlobFS``."""
    target: Link
    """The resource it connects to, where an id or an address says which."""
    use_managed_identity: Attr[bool]
    connection_string: Attr[str]
    secret: Attr[str]
    """A key, password or token written here."""


class IntegrationRuntime(Resource):
    """Where a factory's activities run."""

    arm_type = "Microsoft.DataFactory/factories/integrationRuntimes"

    factory: Link
    runtime_type: Attr[str]
    """``Managed`` or ``SelfHosted``."""
    virtual_network_enabled: Attr[bool]


class Pipeline(Resource):
    """A sequence of activities."""

    arm_type = "Microsoft.DataFactory/factories/pipelines"

    factory: Link
    activities: Attr[str]
    """JSON."""


class Trigger(Resource):
    """What starts a pipeline."""

    arm_type = "Microsoft.DataFactory/factories/triggers"

    factory: Link
    trigger_type: Attr[str]
    pipeline: Attr[str]
    activated: Attr[bool]
