"""Terraform's functions: `call` gives Terraform's own result, or keeps the call where it cannot be known.

Functions live in one module per topic and are imported when one of them is first called. A wrong call is an
Error; a call with a symbol in it is an `Apply`, or something that shows more of its structure. The functions are
those of Terraform 1.11, and the few that only OpenTofu has.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply, Choice, Error, Sensitive
from ringfence.readers.hcl.functions.topics import TOPICS
from ringfence.readers.hcl.same import identity
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.functions.signature import Function

__all__ = ["NAMES", "Context", "call"]

NAMES = frozenset(TOPICS)
"""Every function that exists, without the ``core::`` prefix that each may carry."""

_DISTRIBUTED = 16
"""A function is applied to the arms of a conditional while there are no more arms than this."""
_WHOLE = frozenset({"try", "can", "sensitive", "nonsensitive", "issensitive", "ephemeralasnull"})
"""Functions that look at their argument as it is."""


@record()
class Context:
    """What a function may see of the world outside its arguments.

    Relative paths start from `root`, the root module's directory; nothing outside `repository` is read. The
    callbacks take absolute paths and see the overlay: `read` gives None for what is no readable file, `exists`
    is true for a regular file, `list` gives every regular file below a directory. `template` evaluates a template
    with the given variables; `file` names it in errors.
    """

    root: Path
    repository: Path
    read: Callable[[Path], bytes | None]
    exists: Callable[[Path], bool]
    list: Callable[[Path], Iterable[Path]]
    template: Callable[[str, dict[str, Value], str], Value]


def call(name: str, args: tuple[Value, ...], context: Context) -> Value:
    """The result of ``name(args...)``; an Error when Terraform would refuse the call."""
    name = name.removeprefix("core::")
    if name.startswith("provider::"):
        return Apply(name, args)
    topic = TOPICS.get(name)
    if topic is None:
        return Error(f'there is no function named "{name}"{_hint(name)}')
    function: Function = import_module(f"ringfence.readers.hcl.functions.{topic}").FUNCTIONS[name]
    return _distributed(function, args, context)


def _distributed(function: Function, args: tuple[Value, ...], context: Context) -> Value:
    """The call on each arm where an argument is an undecided conditional."""
    at = next((i for i, a in enumerate(args) if isinstance(a, Choice)), None)
    if at is None or function.name in _WHOLE or sum(map(_arms, args)) > _DISTRIBUTED:
        return function(args, context)
    choice = args[at]
    assert isinstance(choice, Choice)
    yes, no = (_distributed(function, (*args[:at], arm, *args[at + 1 :]), context) for arm in (choice.yes, choice.no))
    if identity(yes) == identity(no):
        return yes if not isinstance(choice.condition, Sensitive) or isinstance(yes, Sensitive) else Sensitive(yes)
    return Choice(choice.condition, yes, no)


def _arms(value: Value) -> int:
    return _arms(value.yes) + _arms(value.no) if isinstance(value, Choice) else 1


def _hint(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, NAMES, 1)
    return f'; did you mean "{close[0]}"?' if close else ""
