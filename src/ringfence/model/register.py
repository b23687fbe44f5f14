"""What a platform says of itself beside its resources: what it needs, relaxes, excepts, and has to renew.

Constructs write it while they declare; documents print it, the front judges by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.record import field, record

if TYPE_CHECKING:
    from datetime import date

    from ringfence.model.symbol import Value


@record()
class Relaxation:
    """A secure default that a switch of the configuration has turned off; none is allowed in production."""

    switch: str
    """The configuration's key, such as ``switches.deployer_address``."""
    key: str
    """Of the resource."""
    argument: str
    """What of it is relaxed, as Terraform calls it."""
    items: tuple[str, ...]
    """The benchmark's items that then fail, such as "3.8"."""
    why: str


@record()
class Exemption:
    """A resource that may be what no other may be, and why: a way in from the internet, for one."""

    name: str
    """A short name for the document: "jump box", "ingress"."""
    key: str
    why: str
    issue: str = ""
    """Where the work on it is tracked."""


@record()
class Use:
    """A declared need: who has to do what to which thing. Role assignments are made of these, and of nothing else."""

    who: Value
    """The principal's object id."""
    name: str
    """The principal, as a document calls it."""
    role: str
    """The built-in role that is the least of those that will do."""
    scope: Value
    what: str
    """The thing, as a document calls it."""
    why: str
    key: str = ""
    """Of the assignment that grants it."""


@record()
class Item:
    """One thing in a vault."""

    vault: str
    """The vault's key."""
    key: str
    name: str
    type: str
    """"Secret", "Certificate" or "Key"."""
    scheme: str
    """"Freeform" or "Spring PropertySource"."""
    description: str
    property: str = ""
    """The property that a Spring application reads it as."""
    origin: str = ""
    """Of a key that wraps others: "vault" when its store made it, "imported" when it was brought along."""


@record()
class Rotation:
    """A secret that somebody, or something, has to renew."""

    key: str
    name: str
    owner: str
    days: int
    """At most this many days from one renewal to the next."""
    how: str
    done: date | None = None
    """When it was last renewed; None while it never was."""


@record()
class DatabaseUser:
    """A principal of the directory that a database admits; it is made in SQL, which no Terraform declares."""

    database: str
    """The database's key."""
    name: str
    """The principal, as the directory calls it."""
    roles: tuple[str, ...]
    """The database's own roles, such as ``db_datareader``."""
    why: str


@record()
class Guest:
    """A group of people who keep their accounts at home and are guests here."""

    group: str
    """The key of the group that they are members of."""
    home: str
    """Their home tenant, such as ``nhs.net``."""
    environment: str
    purpose: str


@record()
class Account:
    """An account that exists in the platform's own tenant, by exception."""

    name: str
    reason: str
    owner: str
    expires: date


@record()
class Note:
    """What somebody should know before he deploys: what a setting costs, or what is better."""

    setting: str
    """The configuration's key with its value, such as ``signing: mounted``."""
    text: str
    source: str
    """The document and its section, or a page of Microsoft's."""


@record(frozen=False)
class Register:
    """All of it, in the order in which it was declared."""

    relaxations: list[Relaxation] = field(default_factory=list)
    exemptions: list[Exemption] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    rotations: list[Rotation] = field(default_factory=list)
    users: list[DatabaseUser] = field(default_factory=list)
    guests: list[Guest] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
