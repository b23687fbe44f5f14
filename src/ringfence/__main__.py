"""``python -m ringfence``."""

from ringfence.cli import script

script()
