"""What a check is, and the registry of all checks."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from ringfence.model.resource import Resource
from ringfence.model.verdict import Verdict, if_present
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ringfence.model.estate import Estate

R = TypeVar("R", bound=Resource)

Severity: TypeAlias = Literal["high", "medium", "low"]


@record()
class Check:
    """A desired condition on the resources of one kind; `id` is ours and never changes its meaning."""

    id: str
    kind: type[Resource]
    severity: Severity
    fix: str
    """One or two sentences: what to write, in Terraform's words."""
    judge: Callable[..., Verdict]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """What a benchmark may set, such as a table of versions, with our own values."""
    only: Callable[..., bool] | None = None
    """Which resources of the kind it concerns, by (resource) or (resource, estate); all when None."""

    @property
    def title(self) -> str:
        """The condition in one sentence: the first line of the function's docstring."""
        return (self.judge.__doc__ or self.id).strip().partition("\n")[0].rstrip(".")

    @property
    def reason(self) -> str:
        """The rest of the docstring: why it matters and the source."""
        from inspect import cleandoc

        return cleandoc(self.judge.__doc__ or "").partition("\n")[2].strip()

    def resources(self, estate: Estate) -> tuple[Resource, ...]:
        """The resources that it judges."""
        found, only = estate.of(self.kind), self.only
        if only is None:
            return found
        wanted = only.__code__.co_argcount
        return tuple(r for r in found if only(*(r, estate)[:wanted]))

    def verdict(self, resource: Resource, estate: Estate, parameters: Mapping[str, Any] | None = None) -> Verdict:
        """The verdict on one resource. What would fail on a resource that may not exist is unknown.

        `parameters` are those of the benchmark; the check's own stand where it sets none.
        """
        arguments: tuple[Any, ...] = (resource, estate, {**self.parameters, **(parameters or {})})
        found = self.judge(*arguments[: self.judge.__code__.co_argcount])
        return if_present(found, resource.presence)


_CHECKS: dict[str, Check] = {}

MODULES = (
    "keyvault",
    "storage",
    "sql",
    "mysql",
    "postgresql",
    "cosmos",
    "network",
    "monitor",
    "subscription",
    "web",
    "compute",
    "containers",
    "databricks",
    "data_factory",
    "authorization",
    "defender",
    "entra",
    "bastion",
)
"""The modules that hold checks, one per Azure service."""


def check(
    id: str,
    kind: type[R],
    *,
    severity: Severity,
    fix: str,
    parameters: Mapping[str, Any] | None = None,
    only: Callable[..., bool] | None = None,
) -> Callable[[Callable[..., Verdict]], Callable[..., Verdict]]:
    """Registers a function of (resource) or (resource, estate) as the check `id` on `kind`.

    With `parameters`, a third argument is the mapping of them; with `only`, it concerns some resources of the kind.
    """

    def register(judge: Callable[..., Verdict]) -> Callable[..., Verdict]:
        if id in _CHECKS:
            raise ValueError(f"two checks are called {id}")
        _CHECKS[id] = Check(id, kind, severity, fix, judge, parameters or {}, only)
        return judge

    return register


def checks() -> Mapping[str, Check]:
    """All checks by id."""
    for module in MODULES:
        import_module(f"ringfence.checks.{module}")
    return _CHECKS
