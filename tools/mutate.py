"""`make mutate`: breaks every field that a pass rests on, and counts the passes that survive it.

usage: python tools/mutate.py [FOLDER …]      the example estate when none is given

Ends with status 1 when there is a survivor, 2 when a folder cannot be read.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import perf_counter

from ringfence.errors import RingfenceError
from tools.mutation.attack import Attack, Tally

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "lantern"


def main(folders: list[str]) -> int:
    """The exit status."""
    survivors = 0
    for folder in map(Path, folders or [str(EXAMPLE)]):
        try:
            survivors += attacked(folder)
        except RingfenceError as error:
            print(f"{folder}: {error}", file=sys.stderr)
            return 2
    return 1 if survivors else 0


def attacked(folder: Path) -> int:
    """How many passes of a checkout survived; the counts are printed."""
    from ringfence.prove import Request, settings_of

    start = perf_counter()
    worlds = [world.name for world in settings_of(Request(folder)).worlds]
    total = Tally()
    with ProcessPoolExecutor(max_workers=min(len(worlds), 2)) as pool:
        for world, tally in zip(worlds, pool.map(of_world, [str(folder)] * len(worlds), worlds), strict=True):
            print(f"{folder}  {world}: {said(tally)}", flush=True)
            total.add(tally)
    for survivor in total.survivors:
        print(f"  SURVIVES  {survivor}")
    for reason, count in total.untried.most_common():
        print(f"  not tried: {count} fields: {reason}")
    print(f"{folder}: {said(total)} ({perf_counter() - start:.0f} s)")
    return len(total.survivors)


def of_world(folder: str, name: str) -> Tally:
    """The attacks on one world; runs in a process of its own."""
    from ringfence.prove import Request, benchmark_of, settings_of
    from ringfence.readers.terraform.source import Source

    request = Request(Path(folder))
    settings = settings_of(request)
    source = Source(settings.folder, settings.roots)
    return Attack(settings, source, settings.world(name), benchmark_of(request, settings)).run()


def said(tally: Tally) -> str:
    """The counts in one line."""
    tried = ", ".join(f"{tally.tried[k]} {k}" for k in ("failing", "removed", "unknown", "settled"))
    return (
        f"{tally.passes} passes on {tally.fields} fields; {tried}; {tally.elsewhere} still held by another resource; "
        f"{len(tally.survivors)} survivors"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
