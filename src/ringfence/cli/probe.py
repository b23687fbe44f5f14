"""``ringfence probe``: every claim is tried on a platform that is up."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.cli.place import refuse_without_libraries
from ringfence.cli.terminal import Progress, put
from ringfence.errors import OutputError

if TYPE_CHECKING:
    from ringfence.twin.folder import Folder
    from ringfence.twin.probes.run import Run

RED = 3


def run(options: Any) -> int:
    """Each trial's verdict; 3 when one is red."""
    refuse_without_libraries()
    from ringfence.twin.client.place import chosen
    from ringfence.twin.probes.told import as_json, as_text

    done = asyncio.run(_run(chosen(options.twin, options.state), options.only))
    evidence = as_json(done)
    if options.evidence:
        _write(Path(options.evidence), evidence)
    put(json.dumps(evidence, indent=2) + "\n" if options.format == "json" else as_text(done, all=options.all))
    return RED if any(result.verdict == "red" for result in done.results) else 0


async def _run(folder: Folder, only: list[str]) -> Run:
    from ringfence.model.world import Change
    from ringfence.twin.probes.run import Runner
    from ringfence.twins import asked_in, source

    made = source(asked_in(folder.read(folder.asked)))
    runner, progress = Runner(folder), Progress()
    try:
        await runner.begin(made.name, made.estate(Change()), made.register)
        return await runner.run(runner.chosen(only), progress)
    finally:
        progress.end()
        await runner.end()


def _write(path: Path, evidence: dict[str, Any]) -> None:
    try:
        path.write_text(json.dumps(evidence, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}", hint="Give --evidence another file.") from None
