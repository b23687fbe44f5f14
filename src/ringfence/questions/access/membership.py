"""Groups: who is in which, directly or through other groups, and of which groups that is not known.

A group that is declared has the members that are declared; others may have been added by hand. Of a group that is
known by its name or id only, nobody knows the members: any principal may be one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.entra import Group
from ringfence.model.principal import Principal, principals
from ringfence.model.value import Need, Unknown
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate


@record()
class Acting:
    """A principal with every group through which it acts."""

    sure: tuple[Principal, ...]
    """Itself first."""
    perhaps: dict[str, Unknown]
    """Declared groups of which it may be a member, by key."""
    via: dict[str, str]
    """By the key of a group: the key of its member through which it acts."""

    def path(self, key: str) -> tuple[str, ...]:
        """The keys from the principal to the group of that key, both included."""
        found = [key]
        while found[-1] in self.via:
            found.append(self.via[found[-1]])
        return tuple(reversed(found))


class Memberships:
    """The declared groups of an estate, indexed both ways."""

    def __init__(self, estate: Estate) -> None:
        self.groups: dict[str, Principal] = {}
        self.members: dict[str, list[Principal]] = {}
        """The members of a group that are sure, by its key."""
        self.open: dict[str, Unknown] = {}
        """Why a group may have more members, by its key."""
        self._groups_of: dict[str, list[str]] = {}
        for group in estate.of(Group):
            self._enter(estate, group)

    def _enter(self, estate: Estate, group: Group) -> None:
        self.groups[group.key] = Principal(group.key, "group", group.title, group)
        if group.members.open is not None:
            self.open[group.key] = group.members.open
        for link in group.members:
            found = principals(estate, group, link)
            if isinstance(found, Unknown):
                self.open.setdefault(group.key, found)
            elif len(found) > 1:
                why = f"which of {', '.join(map(str, found))} is in {group.title} depends on a condition"
                need = Need("reference", group.address, why)
                self.open.setdefault(group.key, Unknown("members", (need,), link.origin))
            else:
                for member in found:
                    self.members.setdefault(group.key, []).append(member)
                    self._groups_of.setdefault(member.key, []).append(group.key)
                    if member.anyone is not None:
                        self.open.setdefault(group.key, Unknown("members", (member.anyone,), link.origin))

    def acting(self, principal: Principal) -> Acting:
        """The principal and the groups that it is in, or may be in."""
        sure, via = self._above({principal.key: principal})
        perhaps: dict[str, Unknown] = {}
        for key, why in self.open.items():
            if key not in sure:
                perhaps.setdefault(key, why)
                for above in self._above({key: self.groups[key]})[0]:
                    if above not in sure:
                        perhaps.setdefault(above, why)
        return Acting(tuple(sure.values()), perhaps, via)

    def below(self, group: Principal) -> tuple[tuple[Principal, tuple[Principal, ...]], ...]:
        """The members of a group at any depth, each with the groups between, the outermost first."""
        found: dict[str, tuple[Principal, tuple[Principal, ...]]] = {}
        waiting: list[tuple[Principal, tuple[Principal, ...]]] = [(group, (group,))]
        seen = {group.key}
        while waiting:
            outer, through = waiting.pop(0)
            for member in self.members.get(outer.key, ()):
                if member.key not in seen:
                    seen.add(member.key)
                    found[member.key] = (member, through)
                    waiting.append((member, (*through, member)))
        return tuple(found.values())

    def unread(self, group: Principal) -> Unknown | None:
        """Why a group may have members that are not listed; None when all are declared."""
        if group.kind != "group":
            return None
        if group.key in self.groups:
            inside = [group.key, *(m.key for m, _ in self.below(group))]
            return next((self.open[key] for key in inside if key in self.open), None)
        return undeclared(group)

    def _above(self, found: dict[str, Principal]) -> tuple[dict[str, Principal], dict[str, str]]:
        via: dict[str, str] = {}
        waiting = list(found)
        while waiting:
            member = waiting.pop(0)
            for key in self._groups_of.get(member, ()):
                if key not in found:
                    found[key] = self.groups[key]
                    via[key] = member
                    waiting.append(key)
        return found, via


def memberships(estate: Estate) -> Memberships:
    """The groups of the estate; the index is made when it is first asked for."""
    return estate.once(Memberships)


def undeclared(group: Principal) -> Unknown:
    """The members of a group that nothing declares."""
    from ringfence.model.origin import NOWHERE

    why = f"the members of group {group.name} are not declared here"
    return Unknown("members", (Need("reference", group.name, why),), NOWHERE)
