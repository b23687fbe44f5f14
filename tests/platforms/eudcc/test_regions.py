"""Both regions stand on one base: they differ in names, places, items and what runs, and in nothing else."""

from __future__ import annotations

import re

from ringfence.builders.terraform import build
from tests.platforms.eudcc.configured import declared

SHARED = (
    "acr.tf",
    "aks.tf",
    "dns.tf",
    "keyvault.tf",
    "log-analytics.tf",
    "main.tf",
    "monitoring.tf",
    "mysql.tf",
    "network.tf",
)
OTHER = {
    "northeurope": "westeurope",
    "10.63.": "10.61.",
    "10.62.": "10.60.",
    "Ireland's services stand": "the EU gateway stands",
}


def _as_eu(text: str) -> str:
    """Ireland's file with the names, the place and the addresses of the EU's."""
    for mine, theirs in OTHER.items():
        text = text.replace(mine, theirs)
    text = re.sub(r"(?<![a-z])ie(?![a-z])", "eu", text)
    text = re.sub(r"(eudcc)ie(prod)", r"\1eu\2", text)
    return re.sub(r"_ie\b", "_eu", text)


def test_the_base_is_the_same_but_for_names_and_places() -> None:
    files = build(declared()).files
    mine = {path.partition("/")[2] for path in files if path.startswith("ie/")}
    assert mine == {path.partition("/")[2] for path in files if path.startswith("eu/")} | {"variables.tf"}
    for name in SHARED:
        assert _as_eu(files[f"ie/{name}"]) == files[f"eu/{name}"], name


def test_every_file_but_that_of_the_items_is_shared() -> None:
    names = {path.partition("/")[2] for path in build(declared()).files if path.startswith("ie/")}
    own = {"keyvault-items.tf", "variables.tf", "terraform.tfvars", "outputs.tf", "terraform.tf"}
    assert names == {*SHARED, *own}


def test_regions_may_lie_anywhere() -> None:
    lines = ("regions:",)
    for region, location, net in (("eu", "francecentral", 20), ("ie", "uksouth", 40)):
        lines += (f"  {region}:", f"    location: {location}", f"    address_space: 10.{net}.0.0/20")
        lines += (f"    jump_box_address_space: 10.{net + 1}.0.0/26",)
    files = build(declared("prod", "\n".join(lines))).files
    assert "privatelink.francecentral.azmk8s.io" in files["eu/dns.tf"]
    assert "privatelink.uksouth.azmk8s.io" in files["ie/dns.tf"]
