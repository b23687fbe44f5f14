"""What an operator of EUDCC should know of his configuration before he deploys it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.register import Note
from ringfence.platforms.eudcc.monitoring import SOLUTIONS

if TYPE_CHECKING:
    from ringfence.platforms.eudcc.config import Config

_DOCUMENT = "EUDCC deep dives"


def of(config: Config) -> list[Note]:
    """The notes that its settings call for."""
    wanted = (
        (True, _FEATURE),
        (True, _INSIDE),
        (True, _BETWEEN),
        (True, _LOCKS),
        (config.signing == "vault", _SIGNS),
        (config.certificates == "vault", _ALIASES),
        (config.production and config.signing == "mounted", _MOUNTED),
        (config.key_store == "standard", _SOFTWARE),
        (config.identity == "pod-identity", _PODS),
        (bool(config.cluster_id), _CLUSTER),
        (config.logs, _retired()),
    )
    return [note for asked, note in wanted if asked]


_FEATURE = Note(
    "before dev",
    "Register the feature EncryptionAtHost of Microsoft.Compute in the subscription, once: without it Azure makes "
    "neither a jump box nor a node.",
    "learn.microsoft.com/azure/virtual-machines/linux/disks-enable-host-based-encryption-cli",
)
_INSIDE = Note(
    "before eu and ie",
    "From here on deploy each region from a machine that reaches it, such as its jump box: vaults and API servers "
    "answer inside only. It needs terraform, az and kubelogin, and has to sign in as who is to write the secrets.",
    "learn.microsoft.com/azure/aks/private-clusters",
)
_BETWEEN = Note(
    "before eu-workloads and ie-workloads",
    "Push the images into the registries from there (az acr import does not reach them), delegate the regions' names, "
    "have the certificates signed, merge them, and set what the vault waits for. An apply gives pods ten minutes.",
    "learn.microsoft.com/azure/container-registry/container-registry-import-images",
)
_LOCKS = Note(
    "later changes",
    "A lock keeps what is below it as well: an apply that takes away a role on a locked vault, or makes a pool of "
    "nodes anew, is refused until that lock is removed; the next apply puts it back. Who deploys but did not deploy "
    "first takes the roles on the vaults before.",
    "github.com/hashicorp/terraform-provider-azurerm/issues/11770",
)
_SIGNS = Note(
    "signing: vault",
    "The issuing service that has been released signs with a key in a file. Give it an image that has the vault sign, "
    "by the properties issuance.signing and issuance.signingKey.",
    f"{_DOCUMENT}, 2 Key Vault",
)
_ALIASES = Note(
    "certificates: vault",
    "A bundle has the alias that it was imported with. Where the vault made it, look which one Java finds "
    "(keytool -list), and set the items of the aliases to it.",
    f"{_DOCUMENT}, 2 Key Vault",
)
_MOUNTED = Note(
    "signing: mounted",
    "The issuing service holds the key that signs citizens' certificates, and whoever takes it over can carry the key "
    "away. In production have the vault sign: signing: vault.",
    f"{_DOCUMENT}, 2 Key Vault",
)
_SOFTWARE = Note(
    "key_store: standard",
    "Keys for encryption are software: cheaper, and easier to back up, but a backup can be opened without hardware.",
    f"{_DOCUMENT}, 3 Customer Managed Keys",
)
_PODS = Note(
    "identity: pod-identity",
    "Microsoft has retired pod identity: the project is archived since 2023, and its add-on for clusters has had no "
    "support since September 2025. Pods have their identities by workload identity, which took its place.",
    "learn.microsoft.com/azure/aks/use-azure-ad-pod-identity",
)
_CLUSTER = Note(
    "log_analytics_cluster_id",
    "A dedicated cluster commits you to a volume a day, and bills it whether it is used or not: 500 GB when the "
    "document was written. Only with it are logs under a key of your own.",
    f"{_DOCUMENT}, 5 Azure Log Analytics",
)


def _retired() -> Note:
    """The document's solutions stay in its list; what Microsoft has retired of them shows nothing any more."""
    names = ", ".join(name for name, instead in SOLUTIONS.items() if instead)
    return Note(
        "enable_log_analytics_workspace: true",
        f"Of the document's eight solutions Microsoft has retired {names}, or their agent; beside each stands what "
        "takes its place.",
        f"{_DOCUMENT}, 5 Azure Log Analytics",
    )
