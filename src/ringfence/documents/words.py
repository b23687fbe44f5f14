"""What documents call kinds of resources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.model.resource import Resource

_UPPER = {
    "sql": "SQL",
    "dns": "DNS",
    "ip": "IP",
    "nsg": "NSG",
    "mysql": "MySQL",
    "postgresql": "PostgreSQL",
    "db": "DB",
}


def kind(resource: Resource) -> str:
    """What to call a resource's kind; the Terraform type where there is no kind."""
    name = type(resource).__name__
    return resource.terraform_type if name == "Untyped" else of_kind(type(resource))


def of_kind(kind: type[Resource]) -> str:
    """``KeyVaultSecret`` is "Key vault secret"."""
    name = re.sub(r"MySql|MySQL", "Mysql", re.sub(r"PostgreSql|PostgreSQL", "Postgresql", kind.__name__))
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+", name)
    told = [_UPPER.get(w.casefold(), w if w.isupper() else w.casefold()) for w in words]
    return " ".join((told[0][0].upper() + told[0][1:], *told[1:]))
