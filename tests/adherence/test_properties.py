"""Tables that say what a platform has: read in both forms, and held against the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.adherence.measure import measure
from ringfence.adherence.properties import statements
from ringfence.model.symbol import Input, Ref, Text
from tests.support import declare, estate

if TYPE_CHECKING:
    from ringfence.model.estate import Estate

PIPED = """
## EU Key Vault
| Name | Type | Naming Scheme |
| -- | -- | -- |
| root-ca | Certificate | Freeform |
| db-key | Key | Freeform |

## Keys
| Service | Key Name | Key role assignment scope | Key Type | Key Size | Key Options |
|--|--|--|--|--|--|
| MySQL Server | db-key | MySQL Server System Assigned Identity | RSA-HSM | 2048 | unwrapKey, wrapKey |

## Links
| Name | DNS Zone |
|--|--|
| Key Vault | privatelink.vaultcore.azure.net |

## Logs
| Resource | Log | Metric |
|--|--|--|
| KeyVault | AuditEvent | AllMetrics |

## Solutions
| Log Analytics Solution | Publisher | Product | Description |
|--|--|--|--|
| Updates | Microsoft | OMSGallery/Updates | Keeps machines new |
"""

PASTED = """EU Key Vault

Name Type Naming Scheme Description
root-ca Certificate Freeform The root
db-key Key Freeform For the database

Keys

Service Key Name Key role assignment scope Key Type Key Size Key Options
MySQL Server db-key MySQL Server System Assigned Identity RSA-HSM 2048 unwrapKey, wrapKey

Links

Name DNS Zone
Key Vault privatelink.vaultcore.azure.net

Logs

Resource Log Metric
KeyVault AuditEvent AllMetrics

Solutions

Log Analytics Solution Publisher Product Description
Updates Microsoft OMSGallery/Updates Keeps machines new

The name of a thing and its type are described in prose.
Name Type are words here.
"""

EXPECTED = [
    ("content", "root-ca", "EU Key Vault", "type Certificate"),
    ("content", "db-key", "EU Key Vault", "type Key"),
    (
        "key",
        "MySQL Server",
        "Keys",
        "key db-key, holder MySQL Server System Assigned Identity, type RSA-HSM, size 2048, options unwrapKey, wrapKey",
    ),
    ("zone", "Key Vault", "Links", "zone privatelink.vaultcore.azure.net"),
    ("log", "KeyVault", "Logs", "logs AuditEvent, metric AllMetrics"),
    ("solution", "Updates", "Solutions", "publisher Microsoft, product OMSGallery/Updates"),
]


@pytest.mark.parametrize("text", [PIPED, PASTED])
def test_both_forms_say_the_same(text: str) -> None:
    assert [(s.shape, s.subject, s.section, s.text) for s in statements(text, "A.md")] == EXPECTED


def platform(**changes: object) -> Estate:
    """A vault with a key that a database uses, as the tables say, but for the changes."""
    vault, server = Ref(".#azurerm_key_vault.kv", ("id",)), Ref(".#azurerm_mysql_server.db", ("id",))
    key = Ref(".#azurerm_key_vault_key.db", ("id",))
    holder = changes.get("holder", Ref(".#azurerm_mysql_server.db", ("identity", "0", "principal_id")))
    return estate(
        declare("azurerm_key_vault.kv", name="kv"),
        declare("azurerm_key_vault_certificate.ca", name="root-ca", key_vault_id=vault),
        declare(
            "azurerm_key_vault_key.db",
            name="db-key",
            key_vault_id=vault,
            key_type="RSA-HSM",
            key_size=changes.get("size", 2048),
            key_opts=("wrapKey", "unwrapKey"),
        ),
        declare("azurerm_mysql_server.db", name="db", identity=[{"type": "SystemAssigned"}], version="3.117.1"),
        declare("azurerm_mysql_server_key.k", server_id=server, key_vault_key_id=key, version="3.117.1"),
        declare("azurerm_user_assigned_identity.u", name="u"),
        declare("azurerm_role_assignment.r", scope=Text((vault, "/keys/db-key")), principal_id=holder),
        declare("azurerm_private_dns_zone.z", name=changes.get("zone", "privatelink.vaultcore.azure.net")),
        declare(
            "azurerm_private_endpoint.e",
            name="pe",
            private_service_connection=[{"private_connection_resource_id": vault, "subresource_names": ("vault",)}],
            private_dns_zone_group=[{"private_dns_zone_ids": (Ref(".#azurerm_private_dns_zone.z", ("id",)),)}],
        ),
    )


def measured(found: Estate) -> dict[str, str]:
    return {c.claim.subject.title: c.measured for c in measure(statements(PIPED, "A.md"), {"prod": found})}


def test_what_the_code_has() -> None:
    assert measured(platform()) == {
        "root-ca": "pass",
        "db-key": "pass",
        "MySQL Server": "pass",
        "Key Vault": "pass",
        "KeyVault": "fail",
        "Updates": "not in code",
    }


@pytest.mark.parametrize(
    ("subject", "changes"),
    [
        ("MySQL Server", {"size": 3072}),
        ("MySQL Server", {"holder": Ref(".#azurerm_user_assigned_identity.u", ("principal_id",))}),
        ("Key Vault", {"zone": "privatelink.example.net"}),
    ],
)
def test_what_the_code_has_otherwise(subject: str, changes: dict[str, object]) -> None:
    assert measured(platform(**changes))[subject] == "fail"


def test_what_is_not_known() -> None:
    assert measured(platform(size=Input(".", "size", "variable")))["MySQL Server"] == "unknown"


def test_a_secret_is_no_certificate() -> None:
    found = estate(declare("azurerm_key_vault_secret.s", name="root-ca"))
    one = measure(statements(PIPED, "A.md"), {"prod": found})[0]
    assert (one.measured, one.agrees, one.why) == ("fail", False, "root-ca: is a secret, not a certificate")
