"""What each certificate is for: its key, its uses and how long it holds.

Sources: Commission Implementing Decision (EU) 2021/1073, annex IV (public key certificate governance: what the
certificates of the gateway, of national backends and of signers may be used for), annex I 3.2.2 (ES256 is the first
choice of a signer); the item of the vault that holds each is that of EUDCC deep dives, 2 Key Vault
"""

from __future__ import annotations

from ringfence.record import record

CLIENT, SERVER = "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"
DOCUMENTS = tuple(f"1.3.6.1.4.1.1847.2021.1.{n}" for n in (1, 2, 3))
"""What a signer may sign: test results, vaccinations, recoveries."""
EC, RSA_3072, RSA_4096 = "EC P-256", "RSA 3072", "RSA 4096"
SIGNS, CERTIFIES = ("digital_signature",), ("crl_sign", "key_cert_sign")


@record()
class Profile:
    """One sort of certificate."""

    name: str
    subject: str
    """Its common name, after the country's code."""
    key: str
    uses: tuple[str, ...]
    months: int
    issuer: str = ""
    """The profile of the authority that signs it; "" when it signs itself."""
    extended: tuple[str, ...] = ()
    alias: str = ""
    """What an application finds it by in its bundle."""

    @property
    def certifies(self) -> bool:
        """Whether it is an authority's."""
        return "key_cert_sign" in self.uses


PROFILES: dict[str, Profile] = {
    one.name: one
    for one in (
        Profile("trust-anchor", "DCC trust anchor", RSA_4096, (*SIGNS, *CERTIFIES), 48, alias="dgcg_trust_anchor"),
        Profile("csca", "signing authority", EC, CERTIFIES, 48, "trust-anchor", alias="csca"),
        Profile("auth", "national backend authentication", RSA_3072, SIGNS, 12, "trust-anchor", (CLIENT,), "auth"),
        Profile("upload", "national backend upload", RSA_3072, SIGNS, 12, "trust-anchor", alias="upload"),
        Profile("dsc", "document signer", EC, SIGNS, 24, "csca", DOCUMENTS, "dsc"),
        Profile("server", "published names", EC, SIGNS, 12, "trust-anchor", (SERVER,)),
    )
}
"""By name, each after its issuer."""
