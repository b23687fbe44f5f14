"""``ringfence build``: a platform as Terraform."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.model.blueprint import Blueprint


def run(options: Any) -> int:
    """Writes the roots of the platform and says how they are deployed."""
    from ringfence.builders.terraform import build
    from ringfence.declared import blueprint

    declared = blueprint(options.platform, options.world, options.config)
    built = build(declared)
    folder = Path(options.output)
    _write(folder, built.files)
    sys.stdout.write(_told(declared, folder, built.files))
    return 0


def _write(folder: Path, files: Mapping[str, str]) -> None:
    from ringfence.documents.write import write

    for name, content in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot be made: {error.strerror}", where=path.parent.as_posix()) from None
        write(path, content)


def _told(declared: Blueprint, folder: Path, files: Mapping[str, str]) -> str:
    """What was written, layer by layer, and the three commands that deploy a layer."""
    lines = [f"{declared.name}, world {declared.world}: {len(files)} files in {folder.as_posix()}", ""]
    for layer in declared.layers:
        count = sum(d.mode == "managed" for d in layer)
        lines.append(f"  {layer.name:<14} {count:>3} resources   {layer.about}")
    order = ", then ".join(layer.name for layer in declared.layers)
    lines += [
        "",
        f"Deploy {order}; for each:",
        "",
        f"  terraform -chdir={(folder / 'LAYER').as_posix()} init",
        f"  terraform -chdir={(folder / 'LAYER').as_posix()} plan -out=LAYER.tfplan",
        f"  terraform -chdir={(folder / 'LAYER').as_posix()} apply LAYER.tfplan",
    ]
    return "\n".join(lines) + "\n"
