"""``ringfence build``: a platform as Terraform."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from ringfence.errors import ConstructError, UsageError

if TYPE_CHECKING:
    from ringfence.builders.terraform import Built
    from ringfence.model.blueprint import Blueprint


def run(options: Any) -> int:
    """Writes the roots of the platform and says how they are deployed; or shows what its switches do."""
    if options.explain_switches:
        return _explained(options)
    if not options.output:
        raise UsageError("there is no folder to write into", hint="Name one with -o DIR.")
    from ringfence.builders.folder import write
    from ringfence.builders.terraform import build
    from ringfence.declared import blueprint, texts
    from ringfence.provable import provable
    from ringfence.switches import refuse_relaxed

    declared = blueprint(options.platform, options.world, tuple(options.config))
    refuse_relaxed(declared, tuple(options.config))
    built = build(declared)
    _refuse_invalid(declared, built)
    folder = Path(options.output)
    files = built.files | provable(declared, texts(options.platform, options.world, tuple(options.config)))
    write(folder, files, platform=declared.name, world=declared.world, force=options.force)
    sys.stdout.write(_told(declared, folder, built))
    return 0


def _refuse_invalid(declared: Blueprint, built: Built) -> None:
    """Nothing is written that the providers would refuse."""
    from ringfence.builders.terraform.schema import problems

    found = problems(declared, built)
    if found:
        told = "\n".join(f"  {one.origin}: {one.message}" for one in found)
        hint = "This is our mistake, unless the configuration has an odd value there: please report it."
        raise ConstructError(f"the providers would refuse what is declared:\n{told}", hint=hint)


_WIDTH = 100


def _told(declared: Blueprint, folder: Path, built: Built) -> str:
    """What was written, layer by layer, and the three commands that deploy a layer."""
    lines = [f"{declared.name}, world {declared.world}: {len(built.files)} files in {folder.as_posix()}", ""]
    for layer in declared.layers:
        count = sum(d.mode == "managed" for d in layer)
        lines.append(f"  {layer.name:<14} {count:>3} resources   {layer.about}")
    root = (folder / "LAYER").as_posix()
    lines += [
        "",
        f"Deploy {', then '.join(layer.name for layer in declared.layers)}; for each LAYER:",
        "",
        f"  terraform -chdir={root} init",
        f"  terraform -chdir={root} plan -out=plan",
        f"  terraform -chdir={root} apply plan",
        "",
        f"ringfence prove {folder.as_posix()} proves what is written there, also after you have changed it.",
    ]
    for note in declared.register.notes:
        lines += ["", *wrap(f"Note, {note.setting}: {note.text} ({note.source})", _WIDTH)]
    return "\n".join(lines) + "\n"


def _explained(options: Any) -> int:
    from ringfence.cli.terminal import put
    from ringfence.documents.switches import text
    from ringfence.platforms import platform
    from ringfence.switches import effects

    if not platform(options.platform).SWITCHES:
        put(f"{options.platform} has no switches: nothing of it can be relaxed\n")
        return 0
    put(text(effects(options.platform)))
    return 0
