"""``ringfence pki``: certificates and keys of test authorities, for the vaults of a world without real citizens."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.errors import UsageError

if TYPE_CHECKING:
    from ringfence.platforms.eudcc.config import Config

_WORLD = "test"


def run(options: Any) -> int:
    """Writes a folder for each region, and says what is in it."""
    from datetime import UTC, datetime

    config = _config(options)
    _with_library()
    from ringfence.pki.folder import write
    from ringfence.pki.made import made

    domains = {name: f"{name}.{config.domain}" for name in config.places}
    files = made(options.country, domains, datetime.now(UTC))
    folder = Path(options.output)
    write(folder, files)
    sys.stdout.write(_told(folder, sorted(files), config))
    return 0


def _config(options: Any) -> Config:
    """The configuration of the world that they are for.

    Raises:
        UsageError: it is one of production, or no folder is named.
    """
    from ringfence.declared import texts
    from ringfence.platforms.eudcc.config import read

    if not options.output:
        raise UsageError("there is no folder to write into", hint="Name one with -o DIR.")
    world = options.world or ("" if options.config else _WORLD)
    config = read(texts("eudcc", world, tuple(options.config)))
    if config.production:
        hint = "In production the vault makes the keys, and the real authorities sign their certificates."
        raise UsageError(f"world {config.environment} is production, and gets no test certificates", hint=hint)
    return config


def _with_library() -> None:
    from importlib.util import find_spec

    if find_spec("cryptography") is None:
        hint = "Install it with: pip install 'ringfence[pki]'"
        raise UsageError("the library that makes keys is not installed", hint=hint)


def _told(folder: Path, files: list[str], config: Config) -> str:
    lines = [f"{len(files)} files in {folder.as_posix()}, for their owner only", ""]
    lines += [f"  {name}" for name in files]
    lines += [
        "",
        f"Layer LAYER of world {config.environment} takes its folder:",
        "",
        f"  terraform -chdir=LAYER plan -out=plan -var certificates={folder.resolve().as_posix()}/LAYER",
        "",
        "These certificates prove nothing: keep them out of production.",
    ]
    return "\n".join(lines) + "\n"
