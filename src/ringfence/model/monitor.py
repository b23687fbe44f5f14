"""Kinds of Azure Monitor: what is logged where, and who is told (Microsoft.Insights)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Block, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class DiagnosticSetting(Resource):
    """Sends logs and metrics of one resource, or of the subscription's activity log, to other resources."""

    arm_type = "Microsoft.Insights/diagnosticSettings"

    target: Link
    logs: Many[LogCategory]
    metrics: Many[MetricCategory]
    workspace: Link
    storage: Link
    event_hub: Link
    """The authorization rule of the event hub namespace."""
    partner: Link
    destination_type: Attr[str]
    """"Dedicated" when the workspace keeps the logs in tables of the resource's type, not in AzureDiagnostics."""


class LogCategory(Block):
    """One category, or one group of categories, of a diagnostic setting; one of the two is set."""

    category: Attr[str]
    category_group: Attr[str]
    """ "allLogs" or "audit"."""
    enabled: Attr[bool]
    retention_enabled: Attr[bool]
    retention_days: Attr[int]
    """Days in the storage account; 0 keeps the logs for ever."""


class MetricCategory(Block):
    """One metric category of a diagnostic setting."""

    category: Attr[str]
    enabled: Attr[bool]


class DirectoryDiagnosticSetting(Resource):
    """Sends the sign-in and audit logs of the tenant's directory to other resources."""

    arm_type = "Microsoft.AADIAM/diagnosticSettings"

    logs: Many[LogCategory]
    workspace: Link
    storage: Link
    event_hub: Link


class LogProfile(Resource):
    """The older way to export a subscription's activity log; azurerm 2.x and 3.x."""

    arm_type = "Microsoft.Insights/logProfiles"

    categories: Attr[tuple[str, ...]]
    locations: Attr[tuple[str, ...]]
    storage: Link
    event_hub: Link
    retention_enabled: Attr[bool]
    retention_days: Attr[int]


class ActivityLogAlert(Resource):
    """Tells an action group when an operation happens within its scopes."""

    arm_type = "Microsoft.Insights/activityLogAlerts"

    scopes: Many[Link]
    enabled: Attr[bool]
    category: Attr[str]
    operation_name: Attr[str]
    level: Attr[str]
    levels: Attr[tuple[str, ...]]
    status: Attr[str]
    statuses: Attr[tuple[str, ...]]
    caller: Attr[str]
    resource_criterion: Link
    """The only resource whose operations are told; with none, all in scope."""
    resource_criteria: Many[Link]
    resource_group_criterion: Attr[str]
    resource_group_criteria: Attr[tuple[str, ...]]
    resource_type_criterion: Attr[str]
    resource_type_criteria: Attr[tuple[str, ...]]
    resource_provider_criterion: Attr[str]
    resource_provider_criteria: Attr[tuple[str, ...]]
    sub_status: Attr[str]
    sub_statuses: Attr[tuple[str, ...]]
    actions: Many[Action]


class Action(Block):
    """Whom an alert tells."""

    action_group: Link


class ActionGroup(Resource):
    """The people and systems that an alert tells."""

    arm_type = "Microsoft.Insights/actionGroups"

    enabled: Attr[bool]
    email_receivers: Many[Receiver]
    sms_receivers: Many[Receiver]
    voice_receivers: Many[Receiver]
    webhook_receivers: Many[Receiver]
    arm_role_receivers: Many[Receiver]
    automation_runbook_receivers: Many[Receiver]
    azure_app_push_receivers: Many[Receiver]
    azure_function_receivers: Many[Receiver]
    event_hub_receivers: Many[Receiver]
    itsm_receivers: Many[Receiver]
    logic_app_receivers: Many[Receiver]


class Receiver(Block):
    """One person or system in an action group."""

    name: Attr[str]


class AutoscaleSetting(Resource):
    """Changes the number of instances of a resource by rules."""

    arm_type = "Microsoft.Insights/autoscaleSettings"

    target: Link
    enabled: Attr[bool]
