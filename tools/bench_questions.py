"""Time and memory of one large estate: reading it, and asking it; run by `tools.bench` in a process of its own.

usage: python -m tools.bench_questions FILE [exposure]

Prints one JSON object: seconds, CPU seconds and MB of reading, and for each question the first, median and 95th
percentile in milliseconds over a random sample that is the same at every run. With the word "exposure", only what the
internet could come to is asked, once: seconds with all the indexes that it makes, and how many uses are exposed.
"""

from __future__ import annotations

import gc
import json
import random
import resource
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ringfence.model.estate import Estate

SAMPLE = 40
SEED = 7


def main(arguments: list[str]) -> int:
    """Measures one file."""
    start = perf_counter()
    from ringfence.prove import Request, estates, settings_of

    gc.disable()
    request = Request(Path(arguments[0]))
    estate = next(iter(estates(request, settings_of(request))))
    found: dict[str, Any] = {
        "resources": len(estate.resources),
        "read": (perf_counter() - start, process_time(), _memory()),
    }
    if arguments[1:] == ["exposure"]:
        found["exposure"] = _exposure(estate)
    else:
        found |= {name: _times(ask) for name, ask in _questions(estate, random.Random(SEED))}
    found["after"] = _memory()
    print(json.dumps(found))
    return 0


def _exposure(estate: Estate) -> tuple[float, int]:
    """(seconds, uses that are exposed) of everything that the internet could come to."""
    from ringfence.questions.exposure.exposure import exposure

    start = perf_counter()
    found = exposure(estate)
    return perf_counter() - start, len(found.items)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _times(asks: Iterator[Callable[[], object]]) -> tuple[float, float, float, float]:
    """(first, median, 95th percentile, slowest but the first) in milliseconds."""
    taken = []
    for ask in asks:
        start = perf_counter()
        ask()
        taken.append((perf_counter() - start) * 1000)
    first, rest = taken[0], sorted(taken[1:])
    return first, rest[len(rest) // 2], rest[int(len(rest) * 0.95)], rest[-1]


def _questions(estate: Estate, rng: random.Random) -> Iterator[tuple[str, Iterator[Callable[[], object]]]]:
    """Each question with calls of it for random things."""
    from ringfence.model.keyvault import KeyVault
    from ringfence.model.network import Subnet
    from ringfence.model.storage import StorageAccount
    from ringfence.model.web import Site

    def some(kind: Any) -> list[Any]:
        return [rng.choice(estate.of(kind)) for _ in range(SAMPLE)]

    vaults, stores, subnets, sites = some(KeyVault), some(StorageAccount), some(Subnet), some(Site)
    yield "reach, internet to a vault", (_reach(estate, "internet", v) for v in vaults)
    yield "reach, a subnet to a vault", (_reach(estate, s, v) for s, v in zip(subnets, vaults, strict=True))
    yield "reach, a subnet to a store", (_reach(estate, s, v) for s, v in zip(subnets, stores, strict=True))
    yield "access, may one read a secret", (_may(estate, s, v) for s, v in zip(sites, vaults, strict=True))
    yield "access, who can read a vault's secrets", (_who(estate, v) for v in vaults)
    yield "the same, with takeovers", (_who(estate, v, escalated=True) for v in vaults)
    yield "access, what one identity can do", (_what(estate, s) for s in sites)
    yield "custody of a store", (_custody(estate, s) for s in stores)
    yield "logs of a store", (_logs(estate, s) for s in stores)


def _reach(estate: Estate, begin: Any, end: Any) -> Callable[[], object]:
    def ask() -> object:
        from ringfence.questions.reach.places import places
        from ringfence.questions.reach.reach import answers
        from ringfence.questions.reach.standing import places_of

        found = places(estate, begin) if isinstance(begin, str) else places_of(estate, begin)
        return [str(a) for a in answers(estate, found, [end])]

    return ask


def _may(estate: Estate, who: Any, on: Any) -> Callable[[], object]:
    def ask() -> object:
        from ringfence.model.principal import identities
        from ringfence.questions.access.may import may

        operation = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
        return [may(estate, p, operation, on, data=True) for p in identities(estate, who)]  # type: ignore[union-attr]

    return ask


def _who(estate: Estate, on: Any, *, escalated: bool = False) -> Callable[[], object]:
    def ask() -> object:
        from ringfence.questions.access.answers import answers

        return answers(estate, "read", [on], "", escalated=escalated)

    return ask


def _what(estate: Estate, who: Any) -> Callable[[], object]:
    def ask() -> object:
        from ringfence.model.principal import identities
        from ringfence.questions.access.what import what

        return [what(estate, p) for p in identities(estate, who)]  # type: ignore[union-attr]

    return ask


def _custody(estate: Estate, store: Any) -> Callable[[], object]:
    def ask() -> object:
        from ringfence.questions.custody.custody import answers

        return answers(estate, [store])

    return ask


def _logs(estate: Estate, store: Any) -> Callable[[], object]:
    def ask() -> object:
        from ringfence.questions.logs.logs import answers

        return answers(estate, [store])

    return ask


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
