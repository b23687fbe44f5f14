"""What every part of Resource Manager needs: the ground, the ids, who asks, and how a change is made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ringfence.errors import RingfenceError
from ringfence.model.resource import Implied, Resource
from ringfence.questions.locks import LEVELS, locked
from ringfence.record import record
from ringfence.twin.arm import changes
from ringfence.twin.arm.content import Contents
from ringfence.twin.arm.errors import RefusedError, wrong
from ringfence.twin.arm.forms import shallow
from ringfence.twin.arm.ids import Ids

if TYPE_CHECKING:
    from ringfence.model.verdict import Verdict
    from ringfence.model.world import Change
    from ringfence.twin.arm.address import Asked
    from ringfence.twin.arm.ids import Thing
    from ringfence.twin.entra.directory import Caller
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request

READ_ONLY = LEVELS[1]


@record(eq=False, frozen=False)
class Call:
    """One request whose sender is known."""

    request: Request
    caller: Caller
    asked: Asked
    action: str = ""
    """The action that was decided on last, and where; for the activity log."""
    on: str = ""

    @property
    def content(self) -> dict[str, Any]:
        """The JSON object in the body.

        Raises:
            RefusedError: there is none.
        """
        try:
            found = json.loads(self.request.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or not shallow(found):
            raise wrong("InvalidRequestContent", "The body is no JSON object, or too deep a one.")
        return found


class Desk:
    """Decides and changes."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.ids = Ids(ground.present, ground.directory)
        self.contents = Contents(ground, self.ids)

    def may(self, call: Call, action: str, on: Thing) -> bool:
        """Whether the caller may perform an action of the control plane."""
        return self.ground.present.may(call.caller.principal, action, on, data=False).outcome == "pass"

    def need(self, call: Call, action: str, on: Thing, id_: str = "") -> None:
        """The caller may perform the action.

        Raises:
            RefusedError: he may not, or it cannot be told; it says what decided.
        """
        call.action, call.on = action, id_ or call.asked.id
        verdict = self.ground.present.may(call.caller.principal, action, on, data=False)
        if verdict.outcome != "pass":
            who = f"{call.caller.principal} (object id {call.caller.object_id})"
            raise RefusedError(
                403, "AuthorizationFailed", f"{who} may not perform {action} on {call.on}: {_why(verdict)}."
            )

    def linked(self, call: Call, action: str, id_: str) -> Thing:
        """What a request names beside its own resource; the caller may perform the action there.

        Raises:
            RefusedError: there is no such thing, or he may not.
        """
        found = self.ids.find(id_)
        if found is None:
            raise wrong("ResourceNotFound", f"There is no {id_[:300]}.")
        verdict = self.ground.present.may(call.caller.principal, action, found, data=False)
        if verdict.outcome != "pass":
            why = f"{call.caller.principal} may not perform {action} on {id_}: {_why(verdict)}."
            raise RefusedError(403, "LinkedAuthorizationFailed", why)
        return found

    def unlocked(self, thing: Thing, id_: str, *levels: str) -> None:
        """No lock holds the thing back.

        Raises:
            RefusedError: one does, or may.
        """
        resource = thing.parent if isinstance(thing, Implied) else thing
        verdict = locked(resource, self.ground.present.estate, *levels)
        if verdict.outcome != "fail":
            hint = "Delete the lock first." if verdict.outcome == "pass" else ""
            raise RefusedError(409, "ScopeLocked", f"{id_} is locked: {_why(verdict)}. {hint}".rstrip())

    def change(self, more: Change, instead_of: Change | None = None) -> None:
        """The estate has the change as well, and so it does after the next start.

        `instead_of` is a change that stands where the newest did.

        Raises:
            RefusedError: there would be no such estate.
        """
        present = self.ground.present
        whole = (present.change if instead_of is None else instead_of).then(more)
        before = present.change
        changes.keep(self.ground.store, whole)  # first: nobody is answered by what a kill would undo
        try:
            present.become(whole)
        except RingfenceError as error:
            changes.keep(self.ground.store, before)
            raise RefusedError(409, "Conflict", f"The estate cannot become so: {error.message}.") from error

    def resource(self, key: str) -> Resource:
        """The resource as the newest estate has it."""
        return self.ground.present.estate.resources[key]


def _why(verdict: Verdict) -> str:
    """What decided, with the resources whose lines did."""
    sources = dict.fromkeys(e.resource for e in verdict.evidence if e.resource)
    start = "it cannot be told, because " if verdict.outcome == "unknown" else ""
    why = start + (verdict.why or ("a lock covers it" if verdict.outcome == "pass" else "nothing gives it"))
    return f"{why} ({', '.join(sources)})" if sources else why
