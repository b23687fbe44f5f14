"""One application in a cluster: its namespace, its identity, the items that it needs, and what it may connect to.

It is declared once. The roles, the files and the list of secrets that Spring loads all follow from its needs, so none
of them can say more than another.

Sources: learn.microsoft.com/azure/aks/workload-identity-overview, learn.microsoft.com/azure/aks/csi-secrets-store-
identity-access
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ringfence.constructs import kubernetes, pod
from ringfence.constructs.identity import Identity
from ringfence.constructs.kubernetes import Manifests, Peer
from ringfence.constructs.pod import Mounted
from ringfence.constructs.spring import PropertySource, secret_name
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ringfence.constructs.home import Home
    from ringfence.constructs.kubernetes import Object
    from ringfence.constructs.pod import Container
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value


class Items(Protocol):
    """Gives a principal what it needs of one item of a vault, and nothing of another."""

    def may_read(self, file: File, name: str, *, item: str, who: Value, called: str, why: str) -> Declared:
        """It gets the value of a secret, or a certificate with its private key."""

    def may_sign(self, file: File, name: str, *, item: str, who: Value, called: str, why: str) -> Declared:
        """The vault signs for it with a key that it never sees."""

    def may_see(self, file: File, name: str, *, item: str, who: Value, called: str, why: str) -> Declared:
        """It gets a certificate without its private key."""


@record(eq=False)
class Stage:
    """The cluster and the vault of a region, for those that run there."""

    home: Home
    issuer: Value
    """Whose tokens the service accounts have."""
    vault: Value
    """The name of the vault."""
    items: Items


@record()
class Mount:
    """Needs an item as a file, and what for."""

    item: str
    form: str
    """See `pod.Mounted`."""
    file: str
    why: str


@record()
class Property:
    """Needs the secret behind a Spring property, which the application itself loads."""

    name: str
    why: str


@record()
class Signing:
    """Needs the vault to sign with a certificate's key, and the certificate itself."""

    item: str
    why: str


OUTSIDE = Peer(
    ports=(443,),
    addresses=("0.0.0.0/0",),
    but=("10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
)
"""Names on the internet, over TLS: where tokens are had, and the EU gateway. The metadata service of the node, whose
identity is none of a pod's business, is not among them.

Source: learn.microsoft.com/azure/aks/imds-restriction
"""


class Workload:
    """An application's place in the cluster; `run` puts its pods there."""

    def __init__(
        self,
        file: File,
        stage: Stage,
        *,
        called: str,
        needs: Sequence[Mount | Property | Signing] = (),
        comment: str = "",
    ) -> None:
        self.file, self.stage, self.called = file, stage, called
        self.word = called.replace("-", "_")
        self.identity = Identity(file, self.word, stage.home, called=called, comment=comment)
        self.identity.trusts(
            self.word,
            called=called,
            issuer=stage.issuer,
            subject=subject(called, called),
            why="Pods with this service account, and nobody else, act as the identity.",
        )
        self.properties = PropertySource(need.name for need in needs if isinstance(need, Property))
        self.grants = tuple(one for need in needs for one in self._granted(need))
        self.manifests = Manifests(file)
        self.manifests.apply(kubernetes.namespace(called))
        self.manifests.apply(
            kubernetes.closed(called), comment="Nothing comes in or goes out but what is listed below."
        )
        self.manifests.apply(kubernetes.service_account(called, called, self.identity.client))
        self.mounts = tuple(need for need in needs if isinstance(need, Mount))
        self._mount()

    def _granted(self, need: Mount | Property | Signing) -> list[Declared]:
        items = self.stage.items
        if isinstance(need, Signing):
            return [
                self._given(items.may_sign, need.item, need.why, "_key"),
                self._given(items.may_see, need.item, need.why, "_certificate"),
            ]
        if isinstance(need, Property):
            return [self._given(items.may_read, secret_name(need.name), need.why)]
        public = need.form in ("Public certificate", "Key")
        return [self._given(items.may_see if public else items.may_read, need.item, need.why)]

    def _given(self, give: Any, item: str, why: str, part: str = "") -> Declared:
        name = f"{self.word}_{item.replace('-', '_')}{part}"
        made: Declared = give(self.file, name, item=item, who=self.identity.principal, called=self.called, why=why)
        return made

    def _mount(self) -> None:
        if self.mounts:
            body = pod.secret_provider_class(
                self.called,
                self.called,
                client=self.identity.client,
                vault=self.stage.vault,
                tenant=self.stage.home.tenant,
                items=[Mounted(mount.item, mount.form, mount.file) for mount in self.mounts],
            )
            self.manifests.apply(body)

    def run(
        self,
        container: Container,
        *,
        config: Mapping[str, Value] | None = None,
        replicas: int = 2,
        first: Container | None = None,
        comment: str = "",
        after: Sequence[Declared] = (),
    ) -> Declared:
        """Its pods run, after its roles are there; `config` are the files of its config map, `first` runs before it."""
        if config:
            self.manifests.apply(kubernetes.config_map(self.called, self.called, config))
        body = pod.deployment(
            self.called,
            self.called,
            container,
            replicas=replicas,
            first=first,
            account=self.called,
            secrets=self.called if self.mounts else "",
            config=self.called if config else "",
            state=self._state(config or {}),
        )
        made = self.manifests.apply(body, comment=comment, after=(*self.grants, *after))
        if replicas > 1:
            self.manifests.apply(kubernetes.disruption_budget(self.called, self.called))
        if container.port:
            self.manifests.apply(kubernetes.service(self.called, self.called, ports={80: container.port}))
        return made

    def _state(self, config: Mapping[str, Value]) -> str:
        items = tuple(f"{mount.file}: {mount.form} {mount.item}" for mount in self.mounts)
        return pod.state_of(dict(config), items) if config or items else ""

    def connects(self, *, come: Sequence[Peer] = (), go: Sequence[Peer] = ()) -> None:
        """Its pods take these connections and open these."""
        self.manifests.apply(kubernetes.allowed(self.called, self.called, app=self.called, come=come, go=go))

    def published(self, host: Value, *, served_by: str, annotations: Object | None = None) -> None:
        """Requests from the internet for a host reach it, through the ingress controller."""
        way = kubernetes.Way("/", self.called)
        self.manifests.apply(
            kubernetes.ingress(
                self.called, self.called, host=host, ways=(way,), served_by=served_by, annotations=annotations
            )
        )


def subject(space: str, account: str) -> str:
    """What a token says of the pods that have it."""
    return f"system:serviceaccount:{space}:{account}"
