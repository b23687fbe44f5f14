"""Who is a user of the features database: the pipelines write it, apps and the people of an environment read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.platforms.flowehr.core.people import People
    from ringfence.platforms.flowehr.transform.layer import Transform

READ, WRITE = ("db_datareader",), ("db_datareader", "db_datawriter", "db_ddladmin")
PEOPLE = ("developers", "data_scientists")
"""The groups of people who read features, where the environment has them."""


def declare(transform: Transform, people: People) -> None:
    """Says whom the database shall admit; nobody else is to be made a user of it."""
    sql, database = transform.sql, transform.database
    writer = transform.credentials.applications["databricks_sql"].called
    sql.admits(database, writer, roles=WRITE, why="Pipelines make the tables of features and fill them.")
    sql.admits(database, people.apps.called, roles=READ, why="Apps read features as their own identities.")
    for word in PEOPLE:
        if word in people.groups:
            sql.admits(
                database, people.groups[word].called, roles=READ, why="They look at the features that there are."
            )
