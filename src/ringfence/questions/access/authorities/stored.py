"""What a value opens: the key of an account, the password of a server or of an application, wherever it is written.

A value is followed by the references in it. Two that refer to the same made-up password (``random_password``) are the
same password: who reads the secret that holds it may sign in to the server that has it.

Sources: attributes of the azurerm and azuread providers (docs/r of each type) that hand out credentials.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.compute import Machine
from ringfence.model.containers import ContainerRegistry, ManagedCluster, RegistryToken
from ringfence.model.cosmos import CosmosAccount
from ringfence.model.entra import Application, ApplicationPassword, ServicePrincipal, ServicePrincipalPassword
from ringfence.model.insights import LogAnalyticsWorkspace
from ringfence.model.judge import missing
from ringfence.model.keyvault import Secret
from ringfence.model.messaging import MessagingNamespace
from ringfence.model.principal import Principal, key_holder, principals
from ringfence.model.resource import Resource
from ringfence.model.storage import StorageAccount
from ringfence.model.symbol import Apply, Choice, Ref, Sensitive, Text, leaves, plain
from ringfence.model.value import Known, Link, Need, Unknown, reasons
from ringfence.model.verdict import Verdict
from ringfence.questions.access.authorities.databases import SERVERS
from ringfence.questions.access.authorities.given import password_holder
from ringfence.questions.access.authorities.keys import read_only_key_holder
from ringfence.record import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.origin import Origin
    from ringfence.model.symbol import Value
    from ringfence.model.value import Attr
    from ringfence.questions.workloads.workload import Workload


@record()
class Opening:
    """Whoever has a value becomes this principal."""

    becomes: Principal
    told: str
    """What the value is, in a few words; the value itself is never shown."""
    origin: Origin
    verdict: Verdict = Verdict("pass")
    """Unknown where it depends on a condition whether the value is this one."""


_KEYED: tuple[tuple[type[Resource], tuple[str, ...]], ...] = (
    (StorageAccount, ("access_key", "connection_string")),
    (CosmosAccount, ("key", "connection_string", "connection_strings")),
    (ContainerRegistry, ("admin_password",)),
    (LogAnalyticsWorkspace, ("shared_key",)),
    (MessagingNamespace, ("key", "connection_string")),
)
"""Ends of attributes that hold a key."""
_SOURCES = ("random_password", "random_string", "tls_private_key", "random_bytes")
"""Types that make up what is used as a password or key; two references to one of them are the same."""


def keys_in(estate: Estate) -> dict[str, tuple[Opening, ...]]:
    """By the key of each secret: what its value opens. Secrets whose value says nothing are left out."""
    return estate.once(_keys_in)


def opens(estate: Estate, value: Value, origin: Origin) -> tuple[Opening, ...]:
    """What a value opens."""
    found: dict[str, Opening] = {}
    for ref, verdict in _references(value, Verdict("pass")):
        for opening in (*_attribute(estate, ref, origin), *_shared(estate, ref, origin)):
            known = found.get(opening.becomes.key)
            if known is None or known.verdict.outcome != "pass":
                found[opening.becomes.key] = replace(opening, verdict=verdict)
    return tuple(found.values())


def _references(value: Value, verdict: Verdict) -> Iterator[tuple[Ref, Verdict]]:
    """The references whose values are in the value, each with whether it is sure to be."""
    value = plain(value)
    if isinstance(value, Ref):
        yield value, verdict
    elif isinstance(value, Choice):
        doubt = _depends(value.condition)
        yield from (found for part in (value.yes, value.no) for found in _references(part, doubt))
    elif isinstance(value, Apply):
        doubt = _depends(value) if value.fn in _ONE_OF else verdict
        yield from (found for part in value.args for found in _references(part, doubt))
    elif isinstance(value, (Text, tuple, dict)):
        parts = value.parts if isinstance(value, Text) else value.values() if isinstance(value, dict) else value
        yield from (found for part in parts for found in _references(part, verdict))


_ONE_OF = ("coalesce", "coalescelist", "element", "index", "lookup", "one", "try")
"""Functions that leave out some of what they are given."""


def _depends(value: Value) -> Verdict:
    needs = missing(value) or (Need("apply", "value", "what it depends on is known only after apply"),)
    return Verdict("unknown", (), reasons(needs), needs)


def held_by(estate: Estate, workload: Workload) -> tuple[Opening, ...]:
    """What the settings, variables and files of a workload open: whoever controls its code becomes these.

    A file from a vault counts as its secret, which the workload's identity has to be able to read.
    """
    found: dict[str, Opening] = {}
    for held in workload.secrets:
        item = held.item.key if isinstance(held.item, Resource) else ""
        openings = keys_in(estate).get(item, ()) if item else opens(estate, held.value, held.origin)
        for opening in openings:
            found.setdefault(opening.becomes.key, opening)
    return tuple(found.values())


def _keys_in(estate: Estate) -> dict[str, tuple[Opening, ...]]:
    found: dict[str, tuple[Opening, ...]] = {}
    for secret in estate.of(Secret):
        value = _symbol(secret.value)
        opened = opens(estate, value, secret.value.origin)
        if opened:
            found[secret.key] = opened
    return found


def _symbol(attr: Attr[str]) -> Value:
    value = attr.value if isinstance(attr, (Known, Unknown)) else None
    return plain(value) if isinstance(value, Sensitive) else value


def _attribute(estate: Estate, ref: Ref, origin: Origin) -> tuple[Opening, ...]:
    """What an attribute of a resource hands out."""
    source = estate.resources.get(ref.key)
    last = next((p for p in reversed(ref.path) if not p.isdigit()), "")
    if source is None:
        return _through(estate, ref, last, origin)
    return _of(estate, source, ref, last, origin)


def _through(estate: Estate, ref: Ref, last: str, origin: Origin) -> tuple[Opening, ...]:
    """A data source that stands for a declared resource."""
    some = next(iter(estate.resources.values()), None)
    found = estate.resolve(some, Link("value", ref, origin)) if some is not None else ()
    ends = () if isinstance(found, Unknown) else found
    owners = [getattr(e.resource, "parent", e.resource) for e in ends]
    return tuple(o for r in owners if isinstance(r, Resource) for o in _of(estate, r, ref, last, origin))


def _of(estate: Estate, source: Resource, ref: Ref, last: str, origin: Origin) -> tuple[Opening, ...]:
    if isinstance(source, ManagedCluster) and ref.path[:1] and ref.path[0].startswith("kube_admin_config"):
        return (Opening(key_holder(source), f"the local admin account of {source.title}", origin),)
    if isinstance(source, ManagedCluster) and ref.path[:1] and ref.path[0].startswith("kube_config"):
        return () if source.aad_profiles.items else (Opening(key_holder(source), "a cluster credential", origin),)
    if isinstance(source, (ApplicationPassword, ServicePrincipalPassword)) and last == "value":
        return _credential(estate, source, origin)
    if isinstance(source, RegistryToken):
        return (Opening(key_holder(source), f"the password of {source.title}", origin),)
    if isinstance(source, CosmosAccount) and "readonly" in last:
        return (Opening(read_only_key_holder(source), f"a read-only key of {source.title}", origin),)
    if isinstance(source, StorageAccount) and last == "sas":
        return (Opening(key_holder(source), f"a shared access signature of {source.title}", origin),)
    for kind, ends in _KEYED:
        if isinstance(source, kind) and last.endswith(ends):
            return (Opening(key_holder(source), f"a key of {source.title}", origin),)
    return ()


def _credential(
    estate: Estate, source: ApplicationPassword | ServicePrincipalPassword, origin: Origin
) -> tuple[Opening, ...]:
    """The password of an application: whoever has it is its service principal."""
    if isinstance(source, ServicePrincipalPassword):
        target: object = estate.target(source, source.service_principal)
    else:
        target = estate.target(source, source.application)
    if isinstance(target, Application):
        acting = principals(estate, source, Link("application", Ref(target.key, ("client_id",)), origin))
    elif isinstance(target, ServicePrincipal):
        acting = principals(estate, source, Link("application", Ref(target.key, ("object_id",)), origin))
    else:
        return ()
    return () if isinstance(acting, Unknown) else tuple(Opening(p, f"a password of {p.name}", origin) for p in acting)


def _shared(estate: Estate, ref: Ref, origin: Origin) -> tuple[Opening, ...]:
    """What has the same made-up password."""
    type_ = ref.key.rpartition("#")[2].rpartition(".")[0].rpartition(".")[2]
    if type_ not in _SOURCES:
        return ()
    return tuple(
        Opening(p, f"the password of {p.resource.title}" if p.resource else "a password", origin)
        for p in estate.once(_with_password).get(ref.key, ())
    )


def _with_password(estate: Estate) -> dict[str, tuple[Principal, ...]]:
    """By the key of what makes up a password: those who have it."""
    found: dict[str, tuple[Principal, ...]] = {}
    for kind in SERVERS:
        for server in estate.of(kind):
            _enter(found, server.administrator_password, password_holder(server))
    for machine in estate.of(Machine):
        _enter(found, machine.admin_password, password_holder(machine))
    return found


def _enter(found: dict[str, tuple[Principal, ...]], attr: Attr[str], holder: Principal) -> None:
    for leaf in leaves(_symbol(attr)):
        if isinstance(leaf, Ref):
            found[leaf.key] = (*found.get(leaf.key, ()), holder)
