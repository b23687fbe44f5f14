"""Key custody as a tree: each vault, its keys, the stores that they protect; last the stores under Microsoft's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.picture.box import Box
from ringfence.documents.picture.tree import Node

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.documents.ask.row import Row

MOST = 60
"""Stores under Microsoft's keys that are drawn."""


def tree(rows: Iterable[Row]) -> list[Node]:
    """The roots of the trees, vaults first; `rows` are those of ``ask custody``."""
    vaults: dict[str, Node] = {}
    keys: dict[tuple[str, str], Node] = {}
    platform: list[Node] = []
    unknown: list[Node] = []
    for row in rows:
        if row["key_by"] == "customer" and row["key"] is not None:
            _key(row, vaults, keys).branches.append(Node(_store(row)))
        else:
            (platform if row["key_by"] == "platform" else unknown).append(Node(_store(row)))
    found = list(vaults.values())
    found += _others("Microsoft's keys", "made, kept and rotated by each service", platform)
    return found + _others("Keys that cannot be told", "", unknown)


def _key(row: Row, vaults: dict[str, Node], keys: dict[tuple[str, str], Node]) -> Node:
    """The node of the row's key, hung on that of its vault."""
    vault, key = row["vault"] or {}, row["key"]
    at = vault.get("key", "")
    if at not in vaults:
        hard = row["protection"] and row["protection"].get("by") == "hsm"
        vaults[at] = Node(
            Box(at, vault.get("name") or "a vault that is not known", "hsm" if hard else "vault", _held(row))
        )
    mark = at, key.get("key", "")
    if mark not in keys:
        version = {"pinned": "held at one version"}.get(key["version"], key["version"])
        lines = tuple(filter(None, (_kind(key), ", ".join(key["operations"] or ()), version)))
        keys[mark] = Node(Box(key.get("key", ""), key.get("name", ""), "key", lines))
        vaults[at].branches.append(keys[mark])
    return keys[mark]


def _held(row: Row) -> tuple[str, ...]:
    sku = f"{row['vault']['sku']} vault" if row["vault"] else ""
    where = {"hsm": "in a hardware security module", "software": "in software"}
    held = row["protection"]["in"] if row["protection"] else ""
    return tuple(filter(None, (sku, where.get(held, "protection not known"))))


def _kind(key: Row) -> str:
    return " ".join(str(key[field]) for field in ("kty", "size") if key[field])


def _store(row: Row) -> Box:
    """The store, with the identity that opens it and what is not under the key though it looks so."""
    store, identities = row["store"] or {}, row["identities"] or {}
    lines = [row["part"], *(f"opened by {one['name']}" for one in identities.get("uses") or ())]
    lines += [f"not under it: {b['what']}" for b in row["beside"] if b["outcome"] == "yes"]
    style = {"customer": "denied", "platform": "platform"}.get(row["key_by"], "unknown")
    return Box(store.get("key", ""), store.get("name", ""), style, tuple(filter(None, lines)))


def _others(title: str, line: str, nodes: list[Node]) -> list[Node]:
    if not nodes:
        return []
    more = [Node(Box("", f"and {len(nodes) - MOST} more", "platform"))] if len(nodes) > MOST else []
    return [Node(Box("", title, "platform", (line,) if line else ()), [*nodes[:MOST], *more])]
