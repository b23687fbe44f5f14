"""Chapter 6: how all of it is built."""

from __future__ import annotations

from ringfence.documents.platform.chapters.chapter import Chapter
from ringfence.documents.platform.definition import body

CHAPTER = Chapter(
    "6-terraform.md",
    "Terraform",
    body,
    (
        ("State in a storage account", "https://developer.hashicorp.com/terraform/language/backend/azurerm"),
        ("The azurerm provider", "https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs"),
        ("Ephemeral values", "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/ephemeral"),
    ),
)
