"""Who acts, and where he stands."""

from __future__ import annotations

from ringfence.record import record


@record()
class Who:
    """One who tries something. Two are the same when all of it is."""

    at: str = ""
    """The place in words; "" for where the workload stands."""
    workload: str = ""
    """Key of the workload that is stood in for, "" when it is none."""
    acts: str = "self"
    """How he signs in: "self" as the workload, "person" by device code, "application" by its secret, "pipeline" by
    another issuer's word, "forger" by its word for somebody else, "borrowed" by the workload's own proof but in another
    one's name, "identity" as the service of Azure that holds it."""
    name: str = ""
    """The person's name; of the others the principal's key. Of a workload that begins anew, a word of its own."""

    def there(self, at: str) -> Who:
        """The same one, with the same credentials, somewhere else."""
        return Who(at, self.workload, self.acts, self.name)

    def __str__(self) -> str:
        who = self.name or self.workload.rpartition(".")[2] or "nobody in particular"
        return f"{who} at {self.at or 'home'}"
