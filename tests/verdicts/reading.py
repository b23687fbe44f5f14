"""Verdicts on Terraform that a test writes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.checks.check import checks
from ringfence.mapping.link import link
from ringfence.model.world import Ledger, World
from ringfence.readers.terraform.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.verdict import Verdict


class Judged:
    """The estate of some Terraform in the world prod."""

    def __init__(self, folder: Path, terraform: str, version: str = "3.117.1", name: str = "main.tf") -> None:
        head = f'terraform {{\n required_providers {{\n azurerm = {{ version = "{version}" }}\n }}\n}}\n'
        (folder / "versions.tf").write_text(head, encoding="utf-8")
        (folder / name).write_text(terraform, encoding="utf-8")
        world, self.ledger = World("prod"), Ledger()
        self.estate = link(world, Source(folder).declarations(world, self.ledger), self.ledger)

    def verdict(self, check: str, address: str) -> Verdict:
        """The verdict of a check on the resource of that address."""
        return checks()[check].verdict(self.estate.resources[f".#{address}"], self.estate)

    def outcome(self, check: str, address: str) -> str:
        """The outcome of the same."""
        return self.verdict(check, address).outcome
