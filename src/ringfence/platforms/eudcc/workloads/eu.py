"""The EU gateway: countries exchange their signing certificates, rules and value sets through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.ingress import PASSED_ON
from ringfence.constructs.pod import SECRETS, Container
from ringfence.constructs.workload import Mount, Property
from ringfence.model.symbol import Apply
from ringfence.platforms.eudcc.workloads.spring import application, configured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.constructs.pod import Image
    from ringfence.model.symbol import Value
    from ringfence.platforms.eudcc.config import Config
    from ringfence.platforms.eudcc.region import Region
    from ringfence.platforms.eudcc.workloads.ground import Ground

GATEWAY = "dgc-gateway"
_CERTIFICATE = Mount(
    "trustanchor", "Public certificate", "trustanchor.pem", "It checks the countries' certificates against the root."
)
_ALIAS = Property("dgc.trustAnchor.certificateAlias", "It finds the certificate in the trust anchor's bundle.")
_ANCHOR = "/run/anchor"
_PASSWORD = "dgc.trustAnchor.keyStorePass"
_BUNDLE = f"""\
set -eu
umask 077
head -c 24 /dev/urandom | base64 > {_ANCHOR}/{_PASSWORD}
keytool -importcert -noprompt -alias dgcg_trust_anchor -file {SECRETS}/{_CERTIFICATE.file} \\
  -storetype PKCS12 -keystore {_ANCHOR}/ta.p12 -storepass:file {_ANCHOR}/{_PASSWORD}
"""
"""Makes the bundle that the gateway reads, of the certificate alone and with a password that dies with the pod."""


def declare(ground: Ground, regions: Mapping[str, Region], config: Config) -> None:  # noqa: ARG001  # as the others
    """The gateway, which admits a client only with a certificate that the root authority has signed."""
    workload = ground.workload(GATEWAY, "The gateway that countries connect to.", (_CERTIFICATE, _ALIAS))
    database = ground.databases.database(workload, "dgc")
    user = ground.databases.user(workload, database)
    settings = {
        **ground.databases.settings(workload, database),
        "dgc.trustAnchor.keyStorePath": f"{_ANCHOR}/ta.p12",
        "spring.config.import": f"configtree:{_ANCHOR}/",
    }
    image = ground.image(GATEWAY, ":1.1.9")
    workload.run(
        application(image, GATEWAY, "mysql,docker,azure,k8s", scratch=(_ANCHOR,)),
        config=configured(workload, ground.region.vault.vault.ref("vault_uri"), settings),
        first=_bundle(image),
        after=(user,),
    )
    door = ground.publish(workload, annotations=PASSED_ON)
    ground.connect(workload, come=(door,), go=(ground.to_endpoints(3306),))
    ground.open_door(_as_pem(ground.region.items["trustanchor"].ref("certificate_data_base64")))


def _bundle(image: Image) -> Container:
    """The gateway checks certificates and signs none: what faces the internet gets no private key of the root."""
    return Container(
        "trust-anchor",
        image,
        command=("/bin/sh", "-c", _BUNDLE),
        scratch=("/tmp", _ANCHOR),
        memory="256Mi",
    )


def _as_pem(certificate: Value) -> Value:
    """The certificate as the data of a secret: in lines, as OpenSSL wants it."""
    head, foot = ("-----BEGIN CERTIFICATE-----",), ("-----END CERTIFICATE-----", "")
    lines = Apply("concat", (head, Apply("regexall", (".{1,64}", certificate)), foot))
    return Apply("base64encode", (Apply("join", ("\n", lines)),))
