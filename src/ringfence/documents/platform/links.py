"""The links of the pages: each leads to a page, a heading of it, or a line of the definition."""

from __future__ import annotations

import re
from posixpath import normpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LINK = re.compile(r"(?<!\\)\[[^\]]*(?<!\\)\]\(([^)\s]+)\)")
"""A bracket that is escaped begins or ends no link."""
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LINE = re.compile(r"L(\d+)")


def dead(pages: Mapping[str, str], definition: str, built: Mapping[str, str]) -> Iterator[str]:
    """Each link that leads nowhere, with its page. `built` are the files of the folder `definition`."""
    files = {**pages, **{normpath(f"{definition}/{name}"): text for name, text in built.items()}}
    folders = {normpath(definition), *(f.rpartition("/")[0] for f in files)}
    for page, text in pages.items():
        for target in dict.fromkeys(_LINK.findall(text)) if page.endswith(".md") else ():
            if "://" not in target and not _leads(target, page, files, folders):
                yield f"{page}: {target}"


def _leads(target: str, page: str, files: Mapping[str, str], folders: set[str]) -> bool:
    path, _, anchor = target.partition("#")
    full = normpath(path) if path else page
    if full not in files:
        return full in folders and not anchor
    if not anchor:
        return True
    line = _LINE.fullmatch(anchor)
    if line:
        return 0 < int(line[1]) <= files[full].count("\n")
    return anchor in anchors(files[full])


def anchors(text: str) -> set[str]:
    """The anchors of the headings, as GitHub makes them."""
    return {re.sub(r"[^\w\- ]", "", h.strip().casefold()).replace(" ", "-") for h in _HEADING.findall(text)}
