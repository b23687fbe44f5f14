"""The form of what is known of the logs of one resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.origin import Origin
    from ringfence.model.resource import Resource
    from ringfence.model.verdict import Outcome, Verdict
    from ringfence.questions.logs.categories import Part
    from ringfence.questions.logs.kept import Kept

State: TypeAlias = Literal["sent", "not sent", "empty", "unknown"]
""""empty": it is sent, but nothing is ever written to it."""

Whole: TypeAlias = Literal["nowhere", "empty", "unknown", "partly", "everything", "not applicable"]
"""Of a resource: "nowhere" when none of its logs is sent; "empty" when nothing is written to those that are."""


@record()
class Category:
    """One log category, and where its records go."""

    name: str
    state: State
    verdict: Verdict
    """Passes when the category is sent and written; its evidence names each field on the way."""
    origin: Origin
    """The setting that sends it; the resource where none does."""
    to: tuple[Kept, ...] = ()
    by: str = "diagnostic setting"
    """"flow log", "audit policy", "classic logging", "telemetry", "agent", "activity log" or "directory"."""

    @property
    def why(self) -> str:
        """One clause for the report."""
        return self.verdict.why


@record()
class Logs:
    """The logs of a resource, or of a part of it such as the blob service of a storage account."""

    resource: Resource | None
    """None for the directory, which nothing declares."""
    part: Part
    categories: tuple[Category, ...] = ()
    why: str = ""
    """Why there are no categories."""
    metrics: tuple[Category, ...] = ()
    """The metric categories that are sent; Azure Monitor keeps all for 93 days whether they are sent or not."""

    @property
    def state(self) -> Whole:
        """What holds of the resource as a whole."""
        states = {c.state for c in self.categories}
        if not states:
            return "not applicable"
        if "sent" in states:
            return "everything" if states == {"sent"} else "partly"
        return "unknown" if "unknown" in states else "empty" if "empty" in states else "nowhere"

    @property
    def key(self) -> str:
        """The key of the resource."""
        return self.resource.key if self.resource is not None else "directory"


STATES: dict[Outcome, State] = {"pass": "sent", "fail": "not sent"}


def state_of(verdict: Verdict) -> State:
    """The state of a category that is sent when the verdict passes."""
    return STATES.get(verdict.outcome, "unknown")
