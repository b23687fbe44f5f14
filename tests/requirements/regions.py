"""The two regions of EUDCC as its statements name them: vaults, items, who needs which, and how to grant more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import text
from ringfence.record import record
from tests.requirements.mutation import Add, found

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint
    from tests.requirements.bench import Bench
    from tests.requirements.mutation import Mutation

REGIONS = ("eu", "ie")
ADMINISTRATORS = "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01"
KEEPERS = (ADMINISTRATORS, "whoever runs Terraform")
SECRETS_USER, CRYPTO_USER = "Key Vault Secrets User", "Key Vault Crypto User"
WRAPPING = "Key Vault Crypto Service Encryption User"

GATEWAY = ("dgc-gateway",)
ISSUING = ("dgca-issuance-service",)
CLIENTS = ("dgca-businessrule-service", "dgca-issuance-service", "dgca-verifier-service")
"""What talks to the EU gateway."""


@record()
class Thing:
    """One item of a vault: a row of the document's tables."""

    id: str
    region: str
    name: str
    type: str
    scheme: str
    readers: tuple[str, ...] = ()
    """The applications that need its value; of a key, who wraps and unwraps with it."""

    @property
    def block(self) -> str:
        """The block that declares it."""
        return f"{self.region}#azurerm_key_vault_{self.type.lower()}:{self.name}"

    @property
    def vault(self) -> str:
        return f"kv-eudcc-{self.region}-prod"

    @property
    def part(self) -> str:
        """Where its value lies: that of a certificate is a secret too."""
        return f"{self.vault}/{'keys' if self.type == 'Key' else 'secrets'}/{self.name}"

    def also_for(self, role: str = SECRETS_USER) -> Mutation:
        """Somebody who does not need it gets it as well."""
        part = "keys" if self.type == "Key" else "secrets"
        return granted(self.region, f"/{part}/{self.name}", CRYPTO_USER if self.type == "Key" else role)


FREE, SPRING = "Freeform", "Spring PropertySource"
THINGS = (
    Thing("E-034", "eu", "trustanchor", "Certificate", FREE),
    Thing("E-035", "eu", "dgc-trustanchor-certificatealias", "Secret", SPRING, GATEWAY),
    Thing("E-036", "eu", "mysql-pw", "Secret", FREE),
    Thing("E-037", "eu", "mysql-encryption-key", "Key", FREE, ("id-mysql-eudcc-eu-prod",)),
    Thing("E-038", "eu", "aks-encryption-key", "Key", FREE, ("id-aks-eudcc-eu-prod",)),
    Thing("E-040", "ie", "trustanchor-content", "Secret", FREE, CLIENTS),
    Thing("E-041", "ie", "dgc-gateway-connector-trustanchor-password", "Secret", SPRING, CLIENTS),
    Thing("E-042", "ie", "dgc-gateway-connector-trustanchor-alias", "Secret", SPRING, CLIENTS),
    Thing("E-043", "ie", "msal-authentication-client-secret", "Secret", FREE, ("portal-sign-in",)),
    Thing("E-044", "ie", "tls-trust-store-content", "Secret", FREE, CLIENTS),
    Thing("E-045", "ie", "dgc-gateway-connector-tlstruststore-password", "Secret", SPRING, CLIENTS),
    Thing("E-046", "ie", "tls-key-store", "Certificate", FREE, CLIENTS),
    Thing("E-047", "ie", "dgc-gateway-connector-tlskeystore-alias", "Secret", SPRING, CLIENTS),
    Thing("E-048", "ie", "upload-key-store", "Certificate", FREE, ISSUING),
    Thing("E-049", "ie", "dgc-gateway-connector-uploadkeystore-alias", "Secret", SPRING, ISSUING),
    Thing("E-050", "ie", "dsc-key-store", "Certificate", FREE),
    Thing("E-051", "ie", "issuance-certalias", "Secret", SPRING, ISSUING),
    Thing("E-052", "ie", "mysql-pw", "Secret", FREE),
    Thing("E-053", "ie", "mysql-encryption-key", "Key", FREE, ("id-mysql-eudcc-ie-prod",)),
    Thing("E-054", "ie", "aks-encryption-key", "Key", FREE, ("id-aks-eudcc-ie-prod",)),
)


def granted(region: str, part: str, role: str, who: str = "") -> Mutation:
    """An identity has a role on a part of the region's vault; another when none is named."""
    who = who or ("mysql_administrator" if region == "eu" else "dgca_issuance_service_public")
    layer = f"{region}-workloads" if who.startswith("dgc") else region

    def arguments(blueprint: Blueprint) -> dict[str, Any]:
        vault = found(blueprint, f"{region}#azurerm_key_vault.vault")
        identity = found(blueprint, f"{layer}#azurerm_user_assigned_identity.{who}")
        return {
            "scope": text(vault.id, part) if part else vault.id,
            "role_definition_name": role,
            "principal_id": identity.ref("principal_id"),
            "principal_type": "ServicePrincipal",
        }

    return Add(f"{region}-workloads", "azurerm_role_assignment", "somebody_else", arguments)


def who_may(bench: Bench, verb: str, on: str) -> set[str]:
    """Who may do this to that, apart from those who look after the vault: whoever deploys, and the administrators."""
    rows = [r for r in bench.answers("access", can=verb, on=(on,)) if r["principal"]["name"] not in KEEPERS]
    assert all(row["outcome"] in ("yes", "no") for row in rows), [row["why"] for row in rows]
    return {row["principal"]["name"] for row in rows if row["outcome"] == "yes"}
