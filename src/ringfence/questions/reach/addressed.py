"""The A records that a person wrote with the address of a private endpoint, surely or perhaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.dns import PrivateDnsRecord
from ringfence.model.judge import missing
from ringfence.model.resource import Implied, Resource
from ringfence.model.symbol import Ref, is_known, plain
from ringfence.model.value import Known, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict
from ringfence.questions.network import cidr
from ringfence.questions.network.segment import Segment, prefixes, segment_of
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.private_endpoint import PrivateEndpoint
    from ringfence.model.value import Link

_ANY = ("*", "")
"""The names of records that may be anybody's: every name, and one that is not known."""


@record()
class _Index:
    by_address: dict[str, list[PrivateDnsRecord]] = field(default_factory=dict)
    """By the key of what a record takes its address from, and by the address that is written."""
    unsure: dict[str, list[PrivateDnsRecord]] = field(default_factory=dict)
    """Those whose address may be anybody's, by the first label of their names."""


def addressed(endpoint: PrivateEndpoint, name: str, estate: Estate) -> tuple[tuple[PrivateDnsRecord, Verdict], ...]:
    """The records that hold the endpoint's address, and those that may hold it and have this name; "" for any name.

    The verdict passes when a record holds it for sure.
    """
    index = estate.once(_index)
    sure = dict.fromkeys(r for key in _keys(endpoint) for r in index.by_address.get(key, ()))
    labels = (name, *_ANY) if name else tuple(index.unsure)
    others = (r for label in labels for r in index.unsure.get(label, ()) if r not in sure)
    doubted = ((r, _may_hold(r, endpoint, estate)) for r in others)
    return (*((r, Verdict("pass")) for r in sure), *((r, v) for r, v in doubted if v.outcome != "fail"))


def _keys(endpoint: PrivateEndpoint) -> list[str]:
    """What a record may name it by: a reference to it, or the address that was fixed for it."""
    fixed = (c.private_ip_address for c in endpoint.ip_configurations)
    return [endpoint.key, *(str(a.value) for a in fixed if isinstance(a, Known))]


def _may_hold(record: PrivateDnsRecord, endpoint: PrivateEndpoint, estate: Estate) -> Verdict:
    """Fails when every address of the record is another than the endpoint's."""
    attr = record.records
    texts = plain(attr.value) if isinstance(attr, Known) else None
    if isinstance(texts, tuple) and is_known(texts) and not _is_among(texts, endpoint, estate):
        return Verdict("fail")
    why = f"whether {record.title} has the address of {endpoint.title} is not known"
    needs = missing(getattr(attr, "value", None)) or (Need("reference", record.address, why),)
    evidence = Evidence(attr.field, f"the address of {endpoint.title}", why, attr.origin, "unknown")
    return Verdict("unknown", (evidence,), why, needs)


def _is_among(texts: tuple[object, ...], endpoint: PrivateEndpoint, estate: Estate) -> bool:
    """The endpoint may have one of these addresses: Azure chooses it in the endpoint's subnet."""
    fixed = endpoint.ip_configurations
    if fixed.items and fixed.open is None and all(isinstance(c.private_ip_address, Known) for c in fixed):
        return False
    segment = segment_of(estate, endpoint, endpoint.subnet)
    space = prefixes(segment) if isinstance(segment, Segment) else None
    found = [cidr.parse(str(text)) for text in texts]
    return space is None or any(one is None or one & space for one in found)


# -- the index


def _index(estate: Estate) -> _Index:
    index = _Index()
    for found in estate.of(PrivateDnsRecord):
        for key in {*_taken_from(found, estate), *(v for v in _entries(found) if isinstance(v, str))}:
            index.by_address.setdefault(key, []).append(found)
        if not all(map(_is_resources, _entries(found))):
            index.unsure.setdefault(_label(found), []).append(found)
    return index


def _entries(found: PrivateDnsRecord) -> tuple[Any, ...]:
    """Its addresses as they are written, symbols among them."""
    value = plain(getattr(found.records, "value", None))
    return tuple(map(plain, value)) if isinstance(value, tuple) else (value,)


def _is_resources(entry: Any) -> bool:
    """The entry is the address of one resource, and so of no other."""
    return isinstance(entry, Ref) and "#azurerm_" in entry.key


def _label(found: PrivateDnsRecord) -> str:
    name = plain(found.name.value) if isinstance(found.name, Known) else ""
    return name.casefold().partition(".")[0] if isinstance(name, str) else ""


def _taken_from(found: PrivateDnsRecord, estate: Estate) -> Iterator[str]:
    """The keys of the resources whose address the record takes."""
    for link in found.addressed:
        yield from _ends(found, link, estate)
    for entry in _entries(found):
        if isinstance(entry, Ref) and entry.key in estate.resources:
            yield entry.key  # also where all are one list: an endpoint's `custom_dns_configs[0].ip_addresses`


def _ends(found: PrivateDnsRecord, link: Link, estate: Estate) -> list[str]:
    if isinstance(link.value, str):
        return []  # an address, not a reference
    targets = estate.resolve(found, link)
    if isinstance(targets, Unknown):
        return []
    ends = (t.resource.parent if isinstance(t.resource, Implied) else t.resource for t in targets)
    return [end.key for end in ends if isinstance(end, Resource)]
