"""A switch: the only way to relax a platform, and never in production."""

from __future__ import annotations

from ringfence.record import record


@record()
class Switch:
    """One key under ``switches:`` of a configuration."""

    name: str
    axis: str
    """What closes it: "tf_in_automation" or "accesses_real_data"; "production" where only the two together do."""
    about: str
    """What it relaxes, in one sentence."""
    sample: str
    """How it is written, as the line of YAML under ``switches:``; the table of effects is made with it."""
