"""The versions that a build is written for.

Source: the changelogs of the providers; azurerm's schemas are those of `facts`.
"""

from __future__ import annotations

TERRAFORM = ">= 1.11.0"
"""The first that knows write-only arguments, by which a secret stays out of the state."""

PROVIDERS: dict[str, tuple[str, str]] = {
    "azapi": ("Azure/azapi", "~> 2.5"),
    "azuread": ("hashicorp/azuread", "~> 3.8"),
    "azurerm": ("hashicorp/azurerm", "4.81.0"),
    "databricks": ("databricks/databricks", "~> 1.90"),
    "kubectl": ("alekc/kubectl", "~> 2.1"),
    "random": ("hashicorp/random", "~> 3.7"),
    "time": ("hashicorp/time", "~> 0.13"),
    "tls": ("hashicorp/tls", "~> 4.1"),
}
"""By provider: where it comes from and which versions will do."""

VERSIONS = {name: version for name, (_, version) in PROVIDERS.items()}
