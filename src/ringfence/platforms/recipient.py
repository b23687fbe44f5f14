"""Who is told of alerts, in the configuration of any platform."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.constructs.alerts import Recipient

if TYPE_CHECKING:
    from ringfence.platforms.configuration import Table

MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
"""An address of mail."""


def recipient(one: Table) -> Recipient:
    """The recipient that an entry of ``alert_recipients`` names.

    Raises:
        InputError: the address is none; with file and line.
    """
    one.only("name", "email")
    if not MAIL.fullmatch(one.text("email")):
        raise one.wrong("email", f"{one.text('email')} is no address of mail")
    return Recipient(one.text("name"), one.text("email"))
