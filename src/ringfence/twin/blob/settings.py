"""What the newest estate says of an account. What cannot be told is taken for the closed side, and said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.storage import BlobContainer, StorageAccount
from ringfence.model.value import Known, Unknown
from ringfence.questions.custody.custody import custody
from ringfence.record import record
from ringfence.twin.blob.errors import StorageError

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.value import Attr
    from ringfence.model.verdict import Verdict


class Settings:
    """The settings of one account, read when they are asked for."""

    def __init__(self, account: StorageAccount) -> None:
        self.account = account

    @property
    def https_only(self) -> bool:
        """Plain HTTP is refused; so it is where that cannot be told."""
        return _truth(self.account.supports_https_traffic_only, default=True, closed=True)

    def demand_shared_keys(self) -> None:
        """Keys may sign.

        Raises:
            StorageError: they may not, or it cannot be told whether they may.

        Source: learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent (no value means yes)
        """
        _demand(self.account.allow_shared_key_access, "KeyBasedAuthenticationNotPermitted", default=True)

    @property
    def anonymous(self) -> bool:
        """A container may be opened to anybody. Accounts without a value are closed, as new ones are since 2023.

        Source: learn.microsoft.com/azure/storage/blobs/anonymous-read-access-configure
        """
        return _truth(self.account.allow_blob_public_access, default=False, closed=False)

    @property
    def lake(self) -> bool:
        """Its blobs have real folders."""
        return _truth(self.account.is_hns_enabled, default=False, closed=False)

    @property
    def versions(self) -> bool:
        """What is overwritten stays as a version."""
        return not self.lake and _truth(self.account.is_versioning_enabled, default=False, closed=False)

    @property
    def two_layers(self) -> bool:
        """Infrastructure encryption: what is stored is encrypted twice; also where it cannot be told."""
        return _truth(self.account.require_infrastructure_encryption, default=False, closed=True)

    def blob_days(self) -> int:
        """How many days a deleted blob is kept; 0 when it is gone at once.

        Raises:
            StorageError: it cannot be told.
        """
        return _days(self.account.blob_delete_retention_days)

    def container_days(self) -> int:
        """How many days a deleted container is kept; 0 when it is gone at once.

        Raises:
            StorageError: it cannot be told.
        """
        return _days(self.account.container_delete_retention_days)

    @property
    def name(self) -> str:
        """The account's name, "" when it is not known."""
        return str(self.account.name.value).casefold() if isinstance(self.account.name, Known) else ""

    @property
    def kind(self) -> str:
        """The kind, such as "StorageV2"."""
        return str(_value(self.account.kind, default="StorageV2", closed="StorageV2"))

    @property
    def sku(self) -> str:
        """Tier and replication as one word, such as "Standard_LRS"."""
        tier = _value(self.account.sku_tier, default="Standard", closed="Standard")
        return f"{tier}_{_value(self.account.replication, default='LRS', closed='LRS')}"


def _value(attr: Attr[Any], *, default: Any, closed: Any) -> Any:
    """The value; Azure's default where none is set, the closed side where it is not known."""
    if isinstance(attr, Known):
        return attr.value
    return closed if isinstance(attr, Unknown) else default if attr.default is None else attr.default


def _truth(attr: Attr[bool], *, default: bool, closed: bool) -> bool:
    return _value(attr, default=default, closed=closed) is True


def _demand(attr: Attr[bool], code: str, *, default: bool) -> None:
    if isinstance(attr, Unknown):
        raise StorageError(code, f"Whether it is allowed cannot be told, because {attr.why}.")
    if not _truth(attr, default=default, closed=False):
        where = attr.origin
        raise StorageError(code, f"{attr.field} is false ({where.file}:{where.line})." if where.file else "")


def _days(attr: Attr[int]) -> int:
    if isinstance(attr, Unknown):
        why = f"How long what is deleted is kept cannot be told, because {attr.why}."
        raise StorageError("OperationNotAllowed", f"{why} Nothing is deleted or written over.")
    return int(_value(attr, default=0, closed=0) or 0)


def demand_own_key(estate: Estate, account: StorageAccount) -> None:
    """The account's data are under a key of Microsoft's, for which the twin's own stands.

    Raises:
        StorageError: they are under a customer's, or that cannot be told: the twin would keep them under another key
            than is declared.
    """
    kept = estate.once(_custody)
    if account.key not in kept:
        kept[account.key] = custody(account, estate).customer_managed
    found = kept[account.key]
    if found.outcome == "pass":
        raise StorageError("NotImplemented", "Data under a customer-managed key are not served here.")
    if found.outcome == "unknown":
        why = f"It cannot be told by which key the data are encrypted, because {found.why}."
        raise StorageError("NotImplemented", why)


def _custody(_: Estate) -> dict[str, Verdict]:
    """By account: whether its key is the customer's, once that is asked for."""
    return {}


@record()
class Declared:
    """A container that the estate declares."""

    resource: BlobContainer
    public: str
    """"none", "blob" or "container": who reads without signing in; "none" where it is not known."""


def declared(estate: Estate, account: StorageAccount) -> dict[str, Declared]:
    """The account's declared containers by name; one whose name or presence is not known is none."""
    return estate.once(_declared).get(account.key, {})


def _declared(estate: Estate) -> dict[str, dict[str, Declared]]:
    found: dict[str, dict[str, Declared]] = {}
    for container in estate.of(BlobContainer):
        account = estate.target(container, container.account)
        there = isinstance(container.presence, Known) and container.presence.value and not container.plural
        if isinstance(account, StorageAccount) and isinstance(container.name, Known) and there:
            public = str(_value(container.public_access, default="None", closed="None")).casefold()
            public = public if public in ("blob", "container") else "none"
            found.setdefault(account.key, {})[str(container.name.value)] = Declared(container, public)
    return found
