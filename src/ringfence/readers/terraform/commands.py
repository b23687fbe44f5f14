"""Which Azure resources the commands of provisioners make, by the words of ``az``.

The command is looked at as it is written: what it makes is not read, only said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.origin import Origin
    from ringfence.readers.terraform.configuration import Configuration
    from ringfence.readers.terraform.content import Content

RUNNERS = ("null_resource", "terraform_data")
"""The resources that exist to run something."""

_MAKES = re.compile(r"(?<![\w./-])az((?: +[a-z][a-z0-9-]*)+? +(?:create|deploy|import|provision|up))(?![\w-])")


def commands(configuration: Configuration) -> Iterator[tuple[str, Origin]]:
    """Each command that makes something, as ``az ml registry create``, with its place."""
    for (_, type_, _), resource in configuration.resources.items():
        if type_ in RUNNERS:
            for provisioner in resource.blocks("provisioner", 1):
                yield from _made(provisioner)


def _made(provisioner: Content) -> Iterator[tuple[str, Origin]]:
    when, command = provisioner.attribute("when"), provisioner.attribute("command")
    if command is None or (when is not None and "destroy" in when.origin().expression):
        return
    origin = command.origin()
    for found in _MAKES.finditer(origin.expression):
        yield f"az {' '.join(found.group(1).split())}", origin
