"""Which versions of a provider may be in use, and which row of a table is valid for them.

A version is a tuple of integers. An interval is written ``">=3.0,<4.0"``; "" means every version.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

Version = tuple[int, ...]

KNOWN: dict[str, tuple[Version, ...]] = {
    "azurerm": ((2, 71, 0), (3, 47, 0), (3, 117, 1), (4, 81, 0)),
    "azuread": ((2, 35, 0), (3, 8, 0)),
}
"""The versions whose schemas the tables were made from; a version in between has the rows of its neighbours."""


@record()
class Versions:
    """The versions of one provider that a root may run with.

    One version when it is pinned or locked; several when a constraint leaves it open. A default
    that differs among them is not known.
    """

    provider: str
    candidates: tuple[Version, ...]
    pinned: bool = True
    constraint: str = ""

    def __str__(self) -> str:
        return f"{self.provider} " + " or ".join(".".join(map(str, v)) for v in self.candidates)


def candidates(provider: str, constraint: str, locked: str = "") -> Versions:
    """The versions that `constraint` (Terraform syntax) permits; `locked` decides when it is given.

    An exact constraint is that version, whether or not it is one of `KNOWN`. Of a range, the known versions in
    it remain, and its first and its last, since a default may change between two known versions.
    """
    exact = locked or _exact(constraint)
    if exact:
        return Versions(provider, (parse(exact),), constraint=constraint)
    known = KNOWN.get(provider, ())
    ends = (end for part in constraint.split(",") for end in _ends(provider, part.strip()))
    permitted = tuple(v for v in sorted({*known, *ends}) if satisfies(v, constraint))
    return Versions(provider, permitted or known[-1:], pinned=len(permitted) == 1, constraint=constraint)


_LAST: dict[str, dict[int, Version]] = {
    "azurerm": {1: (1, 44, 0), 2: (2, 99, 0), 3: (3, 117, 1)},
    "azuread": {1: (1, 6, 0), 2: (2, 53, 1)},
}
"""The last version of each major one that is closed."""


def _ends(provider: str, part: str) -> Iterator[Version]:
    """The first and the last version that one part of a constraint may permit."""
    digits = part.lstrip("<>=!~ ")
    operator, bound = part[: len(part) - len(digits)].strip(), parse(digits)
    if not bound:
        return
    full = _padded(bound, 3)
    if operator == ">":
        yield (*full[:2], full[2] + 1)
    elif operator != "<":
        yield full
    if operator == "<":
        yield _before(provider, full)
    elif operator == "~>":
        *kept, last = bound[: max(len(bound) - 1, 1)]
        yield _before(provider, _padded((*kept, last + 1), 3))


def _before(provider: str, version: Version) -> Version:
    """The last version before this one; of a series whose last patch is not recorded, its first."""
    major, minor, patch = version[:3]
    if patch:
        return (major, minor, patch - 1)
    if minor:
        return (major, minor - 1, 0)
    return _LAST.get(provider, {}).get(major - 1, version)


def narrowed(versions: Versions, interval: str) -> Versions:
    """The candidates inside `interval`; all of them when none is."""
    inside = tuple(v for v in versions.candidates if satisfies(v, interval))
    if not inside or len(inside) == len(versions.candidates):
        return versions
    return Versions(versions.provider, inside, versions.pinned, versions.constraint)


def _exact(constraint: str) -> str:
    parts = [p.strip() for p in constraint.split(",")]
    for part in parts:
        bare = part.lstrip("= ")
        if bare[:1].isdigit():
            return bare
    return ""


@cache
def parse(version: str) -> Version:
    """``"3.47.0"`` as ``(3, 47, 0)``; a pre-release or build suffix is dropped."""
    core = version.strip().lstrip("v").partition("-")[0].partition("+")[0]
    return tuple(int(p) for p in core.split(".") if p.isdigit())


@cache
def satisfies(version: Version, constraint: str) -> bool:
    """True when the version meets every part of a Terraform constraint; "" is met by all."""
    return all(_meets(version, part.strip()) for part in constraint.split(",") if part.strip())


def _meets(version: Version, part: str) -> bool:
    digits = part.lstrip("<>=!~ ")
    operator, bound = part[: len(part) - len(digits)].strip(), parse(digits)
    width = max(len(version), len(bound))
    left, right = _padded(version, width), _padded(bound, width)
    if operator == "~>":
        return left >= right and left[: max(len(bound) - 1, 1)] == right[: max(len(bound) - 1, 1)]
    results = {">": left > right, ">=": left >= right, "<": left < right, "<=": left <= right, "!=": left != right}
    return results.get(operator, left == right)


def _padded(version: Version, width: int) -> Version:
    return version + (0,) * (width - len(version))
