"""The errors that a person sees; each says what happened, where, and what to do next.

    RingfenceError
    ├── UsageError      the command was called wrongly                                   exit 2
    │   └── AbsentError     a name that means nothing in one world; it may in another    exit 2
    ├── InputError      a file that was given cannot be read or is not right             exit 2
    ├── ConstructError  what a construct was asked to declare makes no sense             exit 2
    ├── OutputError     a file cannot be written; nothing of it was changed              exit 2
    └── CheckError      a check broke: the run has no result, and it is our mistake      exit 1

Data that cannot be read inside a Terraform root is no error but a `model.world.Problem`: the rest is still judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from ringfence.model.origin import Origin


class RingfenceError(Exception):
    """The base: `message` says what happened, `where` is ``file:line`` or "", `hint` what to do next."""

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, where: str | Origin = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = str(where)
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"\n  {self.hint}" if self.hint else ""
        return f"{place}{self.message}{advice}"


class UsageError(RingfenceError):
    """The command was called wrongly."""


class AbsentError(UsageError):
    """A name that means nothing in an estate; the same estate in another world may have it."""


class InputError(RingfenceError):
    """A file that was given cannot be read, or its content is not right."""


class ConstructError(RingfenceError):
    """What a construct was asked to declare makes no sense on Azure, or is not allowed in this world."""


class OutputError(RingfenceError):
    """A file cannot be written; what was there before is still there."""


class CheckError(RingfenceError):
    """A check broke on a resource, so the run has no result."""

    exit_code: ClassVar[int] = 1
