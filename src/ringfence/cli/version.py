"""``ringfence --version``, when it is given with other arguments."""

from __future__ import annotations

from typing import Any

from ringfence import __version__


def run(_: Any) -> int:
    """Prints the version."""
    print(f"ringfence {__version__}")
    return 0
