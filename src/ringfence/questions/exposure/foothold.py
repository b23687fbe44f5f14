"""What somebody has: a place to connect from, a principal to act as, a workload that runs what he likes.

Or a grant that he has given himself. Each is a foothold with the steps that led to it. Footholds give further ones: a
workload its identities, settings and subnets; a principal those that it can take over; a secret whom its value opens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.model.principal import Principal
from ringfence.model.verdict import Verdict
from ringfence.questions.place import Place
from ringfence.record import field, record

if TYPE_CHECKING:
    from ringfence.model.origin import Origin
    from ringfence.questions.access.grant import Grant
    from ringfence.questions.workloads.workload import Workload

    Has: TypeAlias = Place | Principal | Workload | "Gain"

Kind: TypeAlias = Literal["place", "principal", "workload", "gain"]


@record(eq=False)
class Step:
    """One step of a path. `text` is a clause; the verdict is "unknown" where it only may be possible."""

    text: str
    verdict: Verdict = Verdict("pass")
    resource: str = ""
    """Key of the resource that it goes through; "" for none."""
    origin: Origin | None = None
    by_chance: bool = False
    """It supposes that an id that is not known is just this principal's."""

    @property
    def mark(self) -> str:
        """What two paths have in common when they share the step."""
        return f"{self.resource} {self.text}"


@record(eq=False)
class Gain:
    """A grant that somebody has given himself."""

    grant: Grant
    first: Principal
    """Who he is."""

    @property
    def key(self) -> str:
        """The grant's."""
        return self.grant.key


@record(eq=False)
class Foothold:
    """Something that somebody has, by the steps that lead to it."""

    has: Has
    steps: tuple[Step, ...] = field(default=())

    @property
    def kind(self) -> Kind:
        """Which of the four it is."""
        if isinstance(self.has, Place):
            return "place"
        if isinstance(self.has, Principal):
            return "principal"
        return "gain" if isinstance(self.has, Gain) else "workload"

    @property
    def key(self) -> str:
        """Unique among footholds."""
        return f"{self.kind} {self.has.key}"

    @property
    def cost(self) -> tuple[bool, int]:
        """The sure before the possible, then the short before the long."""
        return any(s.verdict.outcome != "pass" for s in self.steps), len(self.steps)

    def then(self, has: Has, step: Step) -> Foothold:
        """The foothold that one step gives."""
        return Foothold(has, (*self.steps, step))
