"""EUDCC as a whole: two regions from one base, and the chapters that are made of them."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.requirements.binding import EUDCC, Case, shows
from tests.requirements.mutation import Rewritten, Set, remove
from tests.requirements.regions import REGIONS

if TYPE_CHECKING:
    from tests.requirements.bench import Bench

CHAPTERS = (
    "1-private-link.md",
    "2-key-vault.md",
    "3-customer-managed-keys.md",
    "4-directory-sign-in.md",
    "5-log-analytics.md",
    "6-terraform.md",
)
OWN = "keyvault-items.tf"
"""The file in which regions differ by what they hold."""


PLACES = {"eu": ("westeurope", "10.61.", "10.60."), "ie": ("northeurope", "10.63.", "10.62.")}


def base(bench: Bench, region: str) -> dict[str, list[str]]:
    """The blocks of a region by address, and what they say, but for its own name, place and addresses."""
    place, space, jump = PLACES[region]
    changes = (
        (r"eudcc", "PLATFORM"),
        (rf"PLATFORM{region}prod", "PLATFORM-REGION-prod"),
        (rf"(?<![a-z]){region}(?![a-z])", "REGION"),
        (place, "PLACE"),
        (re.escape(space), "10.N."),
        (re.escape(jump), "10.J."),
    )

    def alike(text: str) -> str:
        text = text.replace("_", "-")
        for old, new in changes:
            text = re.sub(old, new, text)
        return text

    mine = [d for d in bench.blocks() if d.file.layer.name == region and d.file.name != OWN]
    return {alike(d.address): [alike(line) for line in bench.written(d.key)] for d in mine}


@shows(EUDCC, Case("E-123", "build", remove("ie#azurerm_management_lock.mysql")))
def test_one_base_makes_both_regions(bench: Bench) -> None:
    eu, ie = (base(bench, region) for region in REGIONS)
    assert len(eu) > 100
    assert eu.keys() == ie.keys()


@shows(EUDCC, Case("E-123", "prove", Set("ie#azurerm_mysql_flexible_server.mysql", "backup_retention_days", 7)))
def test_regions_differ_in_names_items_and_applications_only(bench: Bench) -> None:
    eu, ie = (base(bench, region) for region in REGIONS)
    assert {address: (eu[address], ie[address]) for address in eu if eu[address] != ie.get(address)} == {}


@shows(EUDCC, Case("E-124", "build", Rewritten("kept/3-customer-managed-keys.md", "RSA-HSM", "RSA")))
def test_the_chapters_are_kept_as_they_are_made(bench: Bench) -> None:
    made = bench.anew()
    stale = [name for name in CHAPTERS if bench.kept(name) != made[name]]
    assert stale == []


@shows(
    EUDCC, Case("E-124", "prove", Rewritten("2-key-vault.md", "(3-customer-managed-keys.md)", "(5-log-analytics.md)"))
)
def test_one_chapter_leads_to_the_next(bench: Bench) -> None:
    from ringfence.documents.platform.links import dead

    for this, following in pairwise(CHAPTERS):
        (target,) = re.findall(r"Next chapter: \[[^\]]+\]\(([^)]+)\)", bench.page(this))
        assert target == following
    assert all("learn.microsoft.com" in bench.page(name) for name in CHAPTERS[:-1])
    pages = {name: bench.page(name) for name in bench.pages()}
    assert list(dead(pages, "definition", bench.built().files)) == []


TABLES = {
    "1-private-link.md": "Service",
    "2-key-vault.md": "Name",
    "3-customer-managed-keys.md": "Service",
    "4-directory-sign-in.md": "Identity",
    "5-log-analytics.md": "Resource",
}


@shows(EUDCC, Case("E-125", "prove", remove("ie#azurerm_private_endpoint.vault")))
def test_every_table_is_made_of_the_definition(bench: Bench) -> None:
    for name, first in TABLES.items():
        rows = bench.table(name, first)
        assert len(rows) > 3, name
    names = {cells[1] for cells in bench.table("1-private-link.md", "Service")}
    assert {f"kv-eudcc-{region}-prod" for region in REGIONS} <= names


@shows(
    EUDCC,
    Case("E-125", "prove", Rewritten("kept/1-private-link.md", "privatelink.azurecr.io", "privatelink.azurecr.us")),
    Case("E-125", "prove", Rewritten("kept/5-log-analytics.md", "MySqlAuditLogs", "MySqlLogs")),
)
def test_a_table_that_was_edited_is_found(bench: Bench) -> None:
    made = bench.anew()
    for name in TABLES:
        kept, now = bench.kept(name).splitlines(), made[name].splitlines()
        differing = [(n, old, new) for n, (old, new) in enumerate(zip(kept, now, strict=False), 1) if old != new]
        assert differing == [], name
