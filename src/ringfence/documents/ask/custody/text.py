"""The answers of custody as text: a short tree for each store, those that cannot open their data first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.ask import part
from ringfence.documents.ask.why import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.ask.row import Row
    from ringfence.documents.text import Page

_ORDER = {"unknown": 1, "customer": 2, "platform": 3}
_SIGNS = {"yes": ("-", "green"), "no": ("✗", "red"), "unknown": ("?", "yellow")}


def text(found: list[Row], page: Page) -> str:
    """A short tree for each store, those that cannot open their data first; those under Microsoft's key in one list."""
    if not found:
        return "  no store of data that it concerns"
    seals = [r for r in found if "without" in r]
    chains = sorted((r for r in found if "chain" in r), key=_worst)
    own = [r for r in chains if r["key_by"] != "platform"]
    rest = [r for r in chains if r["key_by"] == "platform"]
    parts = ["\n".join(_tree(row, page)) for row in own]
    if rest:
        parts.append("\n".join(_platform(rest, page)))
    if seals:
        parts.append("\n".join(line for row in seals for line in _sealed(row, page)))
    return "\n\n".join(parts)


def _worst(row: Row) -> tuple[int, str, str]:
    rank = 0 if row["reaches_key"] == "no" else _ORDER[row["key_by"]]
    return rank, str((row["store"] or {}).get("key", "")), row["part"]


def _title(row: Row) -> str:
    store = row["store"] or {}
    of_it = f", {row['part']}" if row["part"] else ""
    root = str(store.get("key", "")).partition("#")[0]
    return f"{store.get('name', '')}{of_it}   {store.get('type', '')}   {root}"


def _tree(row: Row, page: Page) -> Iterator[str]:
    yield f"{page.paint(page.plain(_title(row)), 'bold')}   key by {row['key_by']}"
    for depth, step in enumerate(row["chain"][1:]):
        yield _line("  " * (depth + 1), step["outcome"], short(step["text"], page), step["origin"], page)
    if row["key"] is None:
        return
    yield from (page.plain(f"  {line}") for line in _facts(row))
    for beside in row["beside"]:
        mark = "not under it" if beside["outcome"] == "yes" else "perhaps not under it"
        yield page.plain(f"  {mark}: {beside['what']} ({beside['under']})")
    for seal in row["seals"]:
        told = "sealed" if seal["outcome"] == "sealed" else "perhaps sealed"
        within = "" if seal["within"] == "not documented" else f", within {seal['within']}"
        yield page.plain(f"  {told} without {seal['what']} {' and '.join(seal['without'])}{within}")


def _line(indent: str, outcome: str, told: str, origin: Row, page: Page) -> str:
    sign, colour = _SIGNS[outcome]
    where = f"   {part.place(origin)}" if origin["file"] else ""
    return f"{indent}{page.paint(page.plain(sign), colour)} {page.plain(told + where)}"


def _facts(row: Row) -> Iterator[str]:
    rotation = row["rotates"]
    made = {"yes": f"a new version {rotation['when']}".rstrip(), "no": "no new versions by itself"}
    leaves = {"yes": "it can be exported", "no": "it does not leave the vault"}
    ends = {"yes": "purged at once if somebody may", "no": f"kept {row['vault']['recoverable']} once deleted"}
    twice = {"yes": "; encrypted twice, the second time under Microsoft's key"}
    yield "; ".join(
        (
            leaves.get(row["exportable"], "whether it leaves is unknown"),
            "no expiry" if row["expires"] == "never" else f"expires {row['expires']}",
            made.get(rotation["key"], "rotation unknown"),
            ends.get(row["purgeable"], "whether it can be purged is unknown"),
        )
    ) + twice.get(row["double_encryption"], "")
    for label, field in (("may unwrap", "may_unwrap"), ("may export", "may_export"), ("may destroy", "may_destroy")):
        named = [_named(c, brief=field == "may_unwrap") for c in row["identities"][field]]
        if named:
            yield f"{label}: {'; '.join(named)}"


def _named(custodian: Row, *, brief: bool) -> str:
    verbs = ", ".join(custodian["does"] + [f"perhaps {v}" for v in custodian["perhaps"]])
    unsure = "" if custodian["does"] else " (unknown)"
    return f"{custodian['name']}{unsure}" if brief else f"{custodian['name']} ({verbs})"


def _platform(found: list[Row], page: Page) -> Iterator[str]:
    yield page.paint("under Microsoft's key", "bold")
    for row in found:
        store, origin = row["store"] or {}, row["origin"]
        of_it = f", {row['part']}" if row["part"] else ""
        where = part.place(origin) if origin["file"] else ""
        yield from page.spread(f"  {store.get('name', '')}{of_it}", where, 4)
        why = f": {short(row['why'], page)}" if row["why"] else ""
        yield from page.wrapped(f"{store.get('type', '')}{why}", "    ")
        yield from (page.plain(f"    {b['what']}: {b['under']}") for b in row["beside"] if b["outcome"] == "yes")


_SEALED = {"sealed": ("-", "green", "sealed"), "not": ("✗", "red", "not sealed"), "unknown": ("?", "yellow", "unknown")}


def _sealed(row: Row, page: Page) -> Iterator[str]:
    sign, colour, told = _SEALED[row["outcome"]]
    line = f"{_title(row)}   {told} without {row['without']}: {short(row['why'], page)}"
    yield f"{page.paint(page.plain(sign), colour)} {page.plain(line)}"
    if row["effect"]:
        within = "" if row["within"] == "not documented" else f", within {row['within']}"
        yield f"    {row['effect']}{within}   {row['source']}"
