"""What a query is about: workspaces that are named, or a resource whatever workspaces have its logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ringfence.model.insights import LogAnalyticsWorkspace
from ringfence.model.resource import Resource
from ringfence.questions.logs.logs import answers
from ringfence.record import replace
from ringfence.twin.arm.ids import Ids
from ringfence.twin.logs import failure
from ringfence.twin.logs.reader import check_network, check_resource, check_workspace
from ringfence.twin.logs.tables import all_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.questions.place import Place
    from ringfence.twin.ground import Ground
    from ringfence.twin.logs.asked import Span
    from ringfence.twin.logs.book import Book
    from ringfence.twin.logs.kql import Batch, Columns


class Scope:
    """Workspaces, and the resource that the records have to be of when one was asked for."""

    def __init__(
        self, ground: Ground, workspaces: Iterable[LogAnalyticsWorkspace], resource: Resource | None = None
    ) -> None:
        self._ground = ground
        self._book = cast("Book", ground.journal)
        self.workspaces = tuple({w.key: w for w in workspaces}.values())
        self.resource = resource

    def check_network(self, place: Place) -> None:
        """Each workspace takes queries from the place.

        Raises:
            FailedError: one does not.
        """
        for workspace in self.workspaces:
            check_network(self._ground.present, workspace, place)

    def check_access(self, principal: Principal, tables: Iterable[str] = ()) -> None:
        """The principal may query the workspaces, and read the tables.

        Raises:
            FailedError: he may not read one of them.
        """
        if self.resource is not None:
            return check_resource(self._ground.present, principal, self.resource, tables)
        for workspace in self.workspaces:
            check_workspace(self._ground.present, principal, workspace, tables)
        return None

    def tables(self) -> dict[str, Columns]:
        """The tables that there are."""
        found = {name: dict(columns) for name, columns in all_columns().items()}
        for workspace in self.workspaces:
            for name, columns in self._book.tables(workspace).items():
                found[name] = {**found.get(name, {}), **columns}
        return found

    def batches(self, tables: Iterable[str], span: Span) -> Iterator[Batch]:
        """The rows of the tables within a span of time, as they are kept."""
        over = self._over()
        for table in tables:
            for workspace in self.workspaces:
                for batch in self._book.batches(workspace, table, span.since):
                    yield replace(batch, until=span.until, over=over)

    def _over(self) -> str:
        """How the id of each record's resource begins, with a slash behind it."""
        ground = self._ground
        found = self.resource
        return "" if found is None else Ids(ground.present, ground.directory).of(found).casefold() + "/"


def of_workspaces(ground: Ground, names: Iterable[str]) -> Scope:
    """The workspaces of these ids, names or Resource Manager's ids.

    Raises:
        FailedError: there is no such workspace.
    """
    return Scope(ground, [_workspace(ground, name) for name in names])


def _workspace(ground: Ground, name: str) -> LogAnalyticsWorkspace:
    wanted = name.casefold()
    for workspace in ground.present.estate.of(LogAnalyticsWorkspace):
        own = ground.directory.id_of(f"workspace/{workspace.key}")
        whole = Ids(ground.present, ground.directory).of(workspace)
        if wanted in (own, workspace.title.casefold(), whole.casefold()):
            return workspace
    raise failure.nowhere(f"there is no workspace {name}")


def of_resource(ground: Ground, path: str, more: Iterable[str]) -> Scope:
    """A resource, and every workspace that has logs of it or is named.

    Raises:
        FailedError: there is no such resource or workspace.
    """
    resource = Ids(ground.present, ground.directory).find(path)
    if not isinstance(resource, Resource):
        raise failure.nowhere(f"there is no resource {path}")
    named = [_workspace(ground, name) for name in more]
    return Scope(ground, (*_holding(ground.present.estate, resource), *named), resource)


def _holding(estate: Estate, resource: Resource) -> list[LogAnalyticsWorkspace]:
    keys = {k.key for log in answers(estate, [resource]) for c in log.categories for k in c.to if k.kind == "workspace"}
    ends = [estate.resources.get(key) for key in sorted(keys)]
    return [end for end in ends if isinstance(end, LogAnalyticsWorkspace)]
