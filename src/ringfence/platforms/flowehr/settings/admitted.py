"""The ``people`` and ``accounts`` parts of the configuration: who is admitted to one environment, and from where.

People keep their accounts at home, where their passwords, second factors and risky sign-ins are looked after; here
they are guests. An account of the platform's own is an exception that says why, whose and until when.
Source: FlowEHR, CIS-Adherence.md, "Identity Management"
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from ringfence.platforms.recipient import MAIL
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.platforms.configuration import Table
    from ringfence.platforms.flowehr.settings import Config

DEVELOPERS = "developers"
GROUPS = {
    DEVELOPERS: "People who develop the platform and its apps, with synthetic data only.",
    "data_scientists": "People who look at features and train models.",
    "algorithm_stewards": "People who decide which models are published.",
}
"""The groups of people, by word; developers are in none where there is real data."""
_HOME = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")


@record(eq=False)
class Admission:
    """People of one home who are guests in a group."""

    group: str
    home: str
    purpose: str
    people: tuple[str, ...]


@record(eq=False)
class OwnAccount:
    """An account of the platform's own tenant."""

    group: str
    address: str
    reason: str
    owner: str
    expires: date


@record(eq=False)
class Admitted:
    """Everybody who is admitted to the environment."""

    domain: str
    """Of the platform's own tenant; "" where it is not said."""
    guests: tuple[Admission, ...]
    accounts: tuple[OwnAccount, ...]


def groups(config: Config) -> tuple[str, ...]:
    """The groups of people that there are in this deployment."""
    return tuple(word for word in GROUPS if word != DEVELOPERS or not config.axes.accesses_real_data)


def admitted(config: Config, known: tuple[str, ...]) -> Admitted:
    """Who the configuration admits, to the groups that are `known`.

    Raises:
        InputError: with file and line.
    """
    people = config.table.table("people")
    people.only("own_domain", "guests")
    domain = people.text("own_domain", "")
    guests = tuple(_guests(one, known, domain) for one in people.tables("guests"))
    _refuse_twice(people, guests)
    return Admitted(domain, guests, tuple(_account(one, known, domain) for one in config.table.tables("accounts")))


def _refuse_twice(people: Table, guests: tuple[Admission, ...]) -> None:
    """Nobody is admitted to one group for two reasons."""
    seen: set[tuple[str, str]] = set()
    for one, written in zip(guests, people.tables("guests"), strict=True):
        for address in one.people:
            at = one.group, address.casefold()
            if at in seen:
                raise written.wrong("people", f"{address} is admitted to {one.group} twice", "Keep one of them.")
            seen.add(at)


def _guests(one: Table, known: tuple[str, ...], domain: str) -> Admission:
    one.only("group", "home", "purpose", "people")
    home, people = one.text("home"), one.texts("people")
    if not _HOME.fullmatch(home):
        raise one.wrong("home", f"{home} is no domain", "Name the domain of the tenant that they are guests from.")
    if not people:
        raise one.wrong("people", "nobody is admitted", "Name them under people:, or take the entry out.")
    for address in people:
        if not MAIL.fullmatch(address):
            raise one.wrong("people", f"{address} is no address of mail")
        if domain and address.casefold().endswith(f"@{domain.casefold()}"):
            hint = "Declare it under accounts:, with reason, owner and expires, or invite its account at home."
            raise one.wrong("people", f"{address} is an account of the platform's own tenant", hint)
        if not address.casefold().endswith((f"@{home.casefold()}", f".{home.casefold()}")):
            raise one.wrong("people", f"{address} has no account at {home}", "Name the home that it is of.")
    return Admission(_group(one, known), home, one.text("purpose"), people)


def _account(one: Table, known: tuple[str, ...], domain: str) -> OwnAccount:
    one.only("address", "group", "reason", "owner", "expires")
    address = one.text("address")
    if not MAIL.fullmatch(address):
        raise one.wrong("address", f"{address} is no address of mail")
    if domain and not address.casefold().endswith(f"@{domain.casefold()}"):
        hint = "Admit it under people.guests."
        raise one.wrong("address", f"{address} is no account of {domain}", hint)
    return OwnAccount(_group(one, known), address, one.text("reason"), one.text("owner"), _day(one, "expires"))


def _group(one: Table, known: tuple[str, ...]) -> str:
    word = one.text("group")
    if word == DEVELOPERS and word not in known:
        hint = "Admit them to an environment with synthetic data."
        raise one.wrong("group", "developers are not admitted where accesses_real_data is true", hint)
    return one.one_of("group", known)


def _day(one: Table, key: str) -> date:
    try:
        return date.fromisoformat(one.text(key))
    except ValueError:
        raise one.wrong(key, f"{key} must be a day such as 2027-01-31, not {one.text(key)}") from None
