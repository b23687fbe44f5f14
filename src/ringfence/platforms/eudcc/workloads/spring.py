"""How the Spring applications are configured: a file of properties, in which no secret stands.

Source: learn.microsoft.com/azure/developer/java/spring-framework/secret-management (property sources and the keys that
they load)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.pod import SECRETS, Container
from ringfence.constructs.workload import Mount, Property
from ringfence.model.symbol import text
from ringfence.platforms.eudcc.workloads.ground import PORT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.constructs.pod import Image
    from ringfence.constructs.workload import Workload
    from ringfence.model.symbol import Value

FILE = "application-k8s.properties"
_FOLDER = "/dgc"
_VAULT = "spring.cloud.azure.keyvault.secret"
_CONNECTOR = "dgc.gateway.connector"

OF_GATEWAY_CLIENTS = (
    Mount(
        "trustanchor-content",
        "Bundle",
        "trustanchor.p12",
        "It checks the gateway's answers against the root authority.",
    ),
    Mount("tls-trust-store-content", "Bundle", "tls_trust_store.p12", "It pins its connections to the gateway."),
    Mount("tls-key-store", "Certificate", "tls_key_store.p12", "It proves to the gateway which country it belongs to."),
    Property(f"{_CONNECTOR}.trustAnchor.password", "It opens the trust anchor's bundle."),
    Property(f"{_CONNECTOR}.trustAnchor.alias", "It finds the certificate in the trust anchor's bundle."),
    Property(f"{_CONNECTOR}.tlsTrustStore.password", "It opens the trust store."),
    Property(f"{_CONNECTOR}.tlsKeyStore.alias", "It finds the Auth certificate in its bundle."),
)
"""What every application needs that asks the EU gateway."""


def gateway_client(gateway: str) -> dict[str, Value]:
    """It connects to the gateway, pinned to its trust store, with the country's certificate."""
    return {
        f"{_CONNECTOR}.enabled": "true",
        f"{_CONNECTOR}.endpoint": f"https://{gateway}/",
        f"{_CONNECTOR}.tls-trust-store.path": f"file:{SECRETS}/tls_trust_store.p12",
        f"{_CONNECTOR}.tls-key-store.path": f"file:{SECRETS}/tls_key_store.p12",
        f"{_CONNECTOR}.trust-anchor.path": f"file:{SECRETS}/trustanchor.p12",
        # A bundle that the vault gives out has no password; the identity is what opens it.
        f"{_CONNECTOR}.tls-key-store.password": "",
    }


def configured(workload: Workload, vault_uri: Value, settings: Mapping[str, Value]) -> dict[str, Value]:
    """The application's config map: the server, the vault's properties that it loads, and settings of its own."""
    every = {**_SERVER, **_sources(workload, vault_uri), **settings}
    return {FILE: text(*(text(name, "=", value, "\n") for name, value in every.items()))}


_SERVER: dict[str, Value] = {
    "server.port": str(PORT),
    "management.server.port": str(PORT),
    "management.endpoints.enabled-by-default": "false",
    "management.endpoints.web.base-path": "/management",
    "management.endpoints.web.exposure.include": "info,health",
    "management.endpoint.health.enabled": "true",
    "management.endpoint.health.probes.enabled": "true",
}


def _sources(workload: Workload, vault_uri: Value) -> dict[str, Value]:
    """The keys that it loads; without any the source would ask for the names of all secrets, so it is turned off."""
    keys = ",".join(workload.properties)
    if not keys:
        return {f"{_VAULT}.property-source-enabled": "false"}
    return {
        f"{_VAULT}.property-source-enabled": "true",
        f"{_VAULT}.property-sources[0].endpoint": vault_uri,
        f"{_VAULT}.property-sources[0].secret-keys": keys,
    }


def application(image: Image, name: str, profiles: str, *, scratch: tuple[str, ...] = ()) -> Container:
    """A Spring application in a container."""
    health = "/management/health"
    return Container(
        name,
        image,
        port=PORT,
        alive=f"{health}/liveness",
        ready=f"{health}/readiness",
        env={
            "SPRING_PROFILES_ACTIVE": profiles,
            "JAVA_OPTS": f"-Dspring.config.additional-location=file:{_FOLDER}/ -Xms256M -Xmx1G",
        },
        files={f"{_FOLDER}/{FILE}": FILE},
        scratch=("/tmp", *scratch),
        memory="1536Mi",
    )
