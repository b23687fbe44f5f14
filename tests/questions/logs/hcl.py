"""Estates of small Terraform, and their logs by category."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.prove import Request, estates, settings_of
from ringfence.questions.logs.logs import logs

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.estate import Estate
    from ringfence.questions.logs.entry import Category

HEAD = """
terraform { required_providers { azurerm = { source = "hashicorp/azurerm", version = "VERSION" } } }
resource "azurerm_log_analytics_workspace" "w" {
  name              = "logs"
  retention_in_days = 90
}
"""


def read(folder: Path, code: str, version: str = "4.81.0") -> Estate:
    """The estate of the code, which has a workspace called logs."""
    (folder / "main.tf").write_text(HEAD.replace("VERSION", version) + code, encoding="utf-8")
    request = Request(folder)
    return next(iter(estates(request, settings_of(request))))


def categories(estate: Estate, address: str, *part: str) -> dict[str, Category]:
    """The categories of a resource by name."""
    return {c.name: c for c in logs(estate.resources[f".#{address}"], estate, part).categories}


def states(estate: Estate, address: str, *part: str) -> dict[str, str]:
    """The state of each category of a resource."""
    return {name: c.state for name, c in categories(estate, address, *part).items()}


def setting(
    target: str, *names: str, to: str = "log_analytics_workspace_id = azurerm_log_analytics_workspace.w.id"
) -> str:
    """A diagnostic setting of the resource that sends the categories."""
    blocks = "\n".join(f'  enabled_log {{ category = "{name}" }}' for name in names)
    return (
        f'resource "azurerm_monitor_diagnostic_setting" "d" {{\n  target_resource_id = {target}\n  {to}\n{blocks}\n}}\n'
    )
