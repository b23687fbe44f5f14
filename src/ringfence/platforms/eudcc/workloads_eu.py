"""The EU gateway: countries exchange their signing certificates, rules and value sets through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.ingress import PASSED_ON
from ringfence.constructs.pod import SECRETS
from ringfence.constructs.workload import Mount, Property
from ringfence.model.symbol import text
from ringfence.platforms.eudcc.workloads_spring import application, configured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.platforms.eudcc.config import Config
    from ringfence.platforms.eudcc.region import Region
    from ringfence.platforms.eudcc.workloads_ground import Ground

GATEWAY = "dgc-gateway"
_NEEDS = (
    Mount("trustanchor", "Certificate", "ta.p12", "It checks the countries' certificates against the root authority."),
    Property("dgc.trustAnchor.certificateAlias", "It finds the certificate in the trust anchor's bundle."),
)


def declare(ground: Ground, regions: Mapping[str, Region], config: Config) -> None:  # noqa: ARG001  # as the others
    """The gateway, which admits a client only with a certificate that the root authority has signed."""
    workload = ground.workload(GATEWAY, "The gateway that countries connect to.", _NEEDS)
    database = ground.databases.database(workload, "dgc")
    user = ground.databases.user(workload, database)
    settings = {
        **ground.databases.settings(workload, database),
        "dgc.trustAnchor.keyStorePath": f"{SECRETS}/ta.p12",
        "dgc.trustAnchor.keyStorePass": "",
    }
    vault = ground.region.vault.vault
    workload.run(
        application(ground.image(GATEWAY, ":1.1.9"), GATEWAY, "mysql,docker,azure,k8s"),
        config=configured(workload, vault.ref("vault_uri"), settings),
        after=(user,),
    )
    door = ground.publish(workload, annotations=PASSED_ON)
    ground.connect(workload, come=(door,), go=(ground.to_endpoints(3306),))
    authority = ground.region.items["trustanchor"].ref("certificate_data_base64")
    ground.open_door(text("-----BEGIN CERTIFICATE-----\n", authority, "\n-----END CERTIFICATE-----\n"))
