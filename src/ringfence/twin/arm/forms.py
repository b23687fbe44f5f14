"""The form of a value that a client sends: what does not fit the field is refused before anything is decided on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ringfence.mapping.arm.read import shaped
from ringfence.twin.arm.errors import wrong

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.symbol import Value

DEEPEST = 24
"""How many objects and lists a request may have inside each other; Azure's own have not half as many."""
_NAME = re.compile(r"\w[\w.()-]{0,127}")


def _is_texts(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(one, str) for one in value)


_FITS: dict[str, Callable[[Any], bool]] = {
    "Attr[bool]": lambda v: isinstance(v, bool),
    "Attr[int]": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "Attr[str]": lambda v: isinstance(v, str),
    "Attr[tuple[str, ...]]": _is_texts,
    "Many[Link]": _is_texts,
    "Link": lambda v: isinstance(v, str),
}
"""By the annotation of the field."""


def formed(value: Any, field: str, annotation: str) -> Value:
    """The value as the field has it.

    Raises:
        RefusedError: it is of another form.
    """
    odd = annotation == "Attr[str]" and isinstance(value, (dict, list, tuple))
    made = shaped(value, annotation) if value is not None else None
    if odd or (made is not None and not _FITS[annotation](made)):
        raise wrong("InvalidParameterValue", f"The value of {field} has not the form that it should have.")
    return made


def named(name: str) -> str:
    """The name of something that is to be made.

    Raises:
        RefusedError: nothing can be called so.
    """
    if not _NAME.fullmatch(name):
        raise wrong("InvalidResourceName", "A name has letters, digits, and the characters _ . - ( ).")
    return name


def shallow(content: Any, left: int = DEEPEST) -> bool:
    """Not more than so many objects and lists are inside each other."""
    inner = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return left > 0 and all(shallow(one, left - 1) for one in inner)
