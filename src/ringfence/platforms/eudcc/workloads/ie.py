"""Ireland's services: certificates are issued, claimed by their holders, and checked.

One service issues. What holders and verifiers reach over the internet are others, which have no key to sign with; the
portal that issuers use is reached through sign-in only, and asks the issuing service from inside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.kubernetes import Peer
from ringfence.constructs.pod import SECRETS
from ringfence.constructs.workload import OUTSIDE, Mount, Property, Signing
from ringfence.model.symbol import text
from ringfence.platforms.eudcc.workloads import portal
from ringfence.platforms.eudcc.workloads.eu import GATEWAY
from ringfence.platforms.eudcc.workloads.ground import PORT
from ringfence.platforms.eudcc.workloads.spring import OF_GATEWAY_CLIENTS, application, configured, gateway_client

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ringfence.constructs.workload import Workload
    from ringfence.model.blueprint import Declared
    from ringfence.model.symbol import Value
    from ringfence.platforms.eudcc.config import Config
    from ringfence.platforms.eudcc.region import Region
    from ringfence.platforms.eudcc.workloads.ground import Ground

ISSUANCE, FACE = "dgca-issuance-service", "dgca-issuance-service-public"
RULES, VERIFIER = "dgca-businessrule-service", "dgca-verifier-service"
_VERSIONS = {ISSUANCE: ":1.0.5", RULES: ":1.1.2", VERIFIER: ":1.0.4"}
_KEY = "dsc-key-store"
_UPLOADING = (
    Mount("upload-key-store", "Certificate", "upload.p12", "It signs what it sends to the gateway."),
    Property("dgc.gateway.connector.uploadKeyStore.alias", "It finds the Upload certificate in its bundle."),
    Property("issuance.certAlias", "It finds the document signer certificate."),
)
_SIGNING: dict[str, Mount | Signing] = {
    "vault": Signing(_KEY, "It has the vault sign the certificates of citizens; the key never leaves the vault."),
    "mounted": Mount(_KEY, "Certificate", "dsc.p12", "It signs the certificates of citizens."),
}
"""By the configuration's `signing`: how the one service that issues comes to the key, and nobody else does."""


def declare(ground: Ground, regions: Mapping[str, Region], config: Config) -> None:
    """All services of the country."""
    gateway = gateway_client(f"{GATEWAY}.{regions['eu'].domain}")
    database = _issuance(ground, gateway, config.signing)
    _face(ground, database)
    for app, about in ((RULES, "Rules by which a certificate is accepted."), (VERIFIER, "Keys to check one with.")):
        _service(ground, app, about, gateway)
    portal.declare(ground, config, {ISSUANCE: PORT, RULES: PORT})
    ground.open_door()


def _issuance(ground: Ground, gateway: dict[str, Value], signing: str) -> Declared:
    needs = (*OF_GATEWAY_CLIENTS, *_UPLOADING, _SIGNING[signing])
    workload = ground.workload(ISSUANCE, "Issues certificates. It is not published: the portal asks it.", needs)
    database = ground.databases.database(workload, "issuance-service")
    settings = {
        **gateway,
        "dgc.gateway.connector.upload-key-store.path": f"file:{SECRETS}/upload.p12",
        "dgc.gateway.connector.upload-key-store.password": "",
        **_signs(ground, signing),
        **_issuing(frontendIssuing=True, backendIssuing=True, publishCert=True, wallet=False, did=False),
    }
    _run(ground, workload, database, settings, ISSUANCE)
    ground.connect(workload, come=(_from(portal.PORTAL),), go=(ground.to_endpoints(3306),))
    return database


def _signs(ground: Ground, signing: str) -> dict[str, Value]:
    if signing == "vault":
        uri = ground.region.vault.vault.ref("vault_uri")
        return {"issuance.signing": "vault", "issuance.signingKey": text(uri, f"keys/{_KEY}")}
    return {
        "issuance.keyStoreFile": f"{SECRETS}/dsc.p12",
        "issuance.keyStorePassword": "",
        "issuance.privateKeyPassword": "",
    }


def _issuing(**endpoints: bool) -> dict[str, Value]:
    found: dict[str, Value] = {
        "issuance.countryCode": "IE",
        "issuance.dgciPrefix": "URN:UVCI:V1:IE",
        "issuance.tanExpirationHours": "48",
    }
    for name, on in {"testTools": False, **endpoints}.items():
        found[f"issuance.endpoints.{name}"] = str(on).lower()
    return found


def _face(ground: Ground, database: Declared) -> None:
    """The face to the internet reads and writes what is issued, and has neither a key nor a way to one."""
    workload = ground.workload(FACE, "Where holders claim their certificates. It has no key, and needs no item.")
    settings = {
        "dgc.gateway.connector.enabled": "false",
        **_issuing(frontendIssuing=False, backendIssuing=False, publishCert=False, wallet=True, did=True),
    }
    _run(ground, workload, database, settings, ISSUANCE)
    door = ground.publish(workload, ISSUANCE)
    workload.connects(come=(door,), go=(ground.to_endpoints(3306), OUTSIDE))


def _service(ground: Ground, app: str, about: str, gateway: dict[str, Value]) -> None:
    workload = ground.workload(app, about, OF_GATEWAY_CLIENTS)
    database = ground.databases.database(workload, app.removeprefix("dgca-"))
    _run(ground, workload, database, gateway, app)
    inside: Sequence[Peer] = (_from(portal.PORTAL),) if app == RULES else ()
    ground.connect(workload, come=(ground.publish(workload), *inside), go=(ground.to_endpoints(3306),))


def _run(ground: Ground, workload: Workload, database: Declared, settings: Mapping[str, Value], app: str) -> None:
    user = ground.databases.user(workload, database)
    every = {**ground.databases.settings(workload, database), **settings}
    workload.run(
        application(ground.image(app, _VERSIONS[app]), app, "cloud,k8s,azure"),
        config=configured(workload, ground.region.vault.vault.ref("vault_uri"), every),
        after=(user,),
    )


def _from(app: str) -> Peer:
    return Peer(ports=(PORT,), space=app, app=app)
