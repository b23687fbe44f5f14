"""A diagnostic setting for a resource: every category that its type has, sent to the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.errors import ConstructError
from ringfence.facts.diagnostic_categories import emitted
from ringfence.model.blueprint import block
from ringfence.model.symbol import text

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value


def logged(
    file: File,
    name: str,
    of: Declared,
    arm_type: str,
    home: Home,
    *,
    categories: tuple[str, ...] | None = None,
    metrics: bool = True,
    part: str = "",
) -> Declared:
    """All logs of the resource, or the categories that are named, and its metrics go to the workspace.

    `part` is the rest of an ARM id, such as ``/blobServices/default``: storage logs by service, not by account.

    Raises:
        ConstructError: the type does not emit that.
    """
    known = emitted(arm_type)
    if known is None or (categories is None and not known.categories and not known.groups):
        raise ConstructError(f"{arm_type} emits no logs", hint="Leave its diagnostic setting out.")
    for category in categories or ():
        if known.categories is not None and category not in known.categories:
            hint = f"It has {', '.join(known.categories)}."
            raise ConstructError(f"{arm_type} has no log category {category}", hint=hint)
    target: Value = text(of.id, part) if part else of.id
    return file.resource(
        "azurerm_monitor_diagnostic_setting",
        name,
        when=home.logs,
        name="to-log-analytics",
        target_resource_id=target,
        log_analytics_workspace_id=home.workspace,
        enabled_log=_logs(categories, known.groups, known.categories),
        enabled_metric=[block(category="AllMetrics")] if metrics and known.metrics else None,
    )


def _logs(wanted: tuple[str, ...] | None, groups: tuple[str, ...] | None, all_: tuple[str, ...] | None) -> list[object]:
    if wanted is None and groups and "allLogs" in groups:
        return [block(category_group="allLogs")]
    return [block(category=category) for category in wanted or all_ or ()]
