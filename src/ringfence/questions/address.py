"""What Terraform's address of a resource says by itself."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r'(?:module\.[^.\[]+(?:\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\])?\.)*(?:data\.)?(?!module\.)(\w+)\.')


def terraform_type(key: str) -> str:
    """The Terraform type in a resource's key; "" when there is none, as in that of a module."""
    found = _ADDRESS.match(key.partition("#")[2])
    return found[1] if found else ""
