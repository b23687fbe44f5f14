"""Which folder a ``module`` block calls."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ringfence.readers.terraform.scopes import constant
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.readers.terraform.content import Content
    from ringfence.readers.terraform.root import Root


@record()
class Located:
    """The folder, or why there is none. `wrong` when the configuration is at fault, not the checkout."""

    folder: str = ""
    why: str = ""
    wrong: bool = False


def locate(root: Root, content: Content, folder: str, path: tuple[str, ...]) -> Located:
    """The folder that a call in `folder` means; `path` is the names of the calls from the root module on."""
    syntax = content.attribute("source")
    source = constant(syntax.expression) if syntax else None
    if not isinstance(source, str):
        return Located(why="its source is not written out", wrong=syntax is None)
    if not is_local(source):
        found = root.installed().get(".".join(path))
        why = f"{source} is not in .terraform/modules: run terraform init"
        return _checked(root, found, source) if found else Located(why=why)
    return _checked(root, os.path.normpath(os.path.join(folder, source)), source)


def is_local(source: str) -> bool:
    """True for a source that is a path from the calling folder."""
    return source.startswith(("./", "../", ".\\", "..\\")) or source in (".", "..")


def _checked(root: Root, folder: str, source: str) -> Located:
    if root.evaluation.files.is_folder(folder) or root.generates_in(folder):
        return Located(folder)
    if os.path.isdir(folder):
        return Located(why=f"{source} is outside the repository: name a folder that holds both", wrong=True)
    return Located(why=f"the folder {source} is not there", wrong=True)
