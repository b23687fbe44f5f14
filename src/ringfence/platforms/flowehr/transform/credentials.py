"""The service principals of the transform layer: who owns the databases, and as whom the pipelines read and write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.entra import Application
from ringfence.constructs.secret import renewal, secret
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.constructs.secret import Renewal
    from ringfence.constructs.sql import SqlServer
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value
    from ringfence.platforms.flowehr.core.layer import Core
    from ringfence.platforms.flowehr.settings import Config

ABOUT = "Service principals. A clock renews their passwords; the vault has them, and pipelines' secrets those they use."

DAYS = 90
"""From one renewal of a password to the next."""
OWNER = "platform team"

APPLICATIONS = {
    "sql_owner": ("flowehr-sql-owner-{suffix}", "Administers the features database.", "sql-owner"),
    "databricks_sql": (
        "flowehr-databricks-datawriter-{suffix}",
        "Pipelines write features as it.",
        "flowehr-dbks-sql-app",
    ),
    "databricks_adls": (
        "flowehr-databricks-adls-{suffix}",
        "Pipelines read and write the data lake as it.",
        "flowehr-dbks-adls-app",
    ),
    "external": (
        "flowehr-external-{suffix}",
        "Pipelines sign in to services outside the platform as it.",
        "flowehr-external-conn-app",
    ),
}
"""By the word for the blocks: the name, what it is for, and how its items in the vault begin."""

GRAPH = "00000003-0000-0000-c000-000000000000"
"""Microsoft Graph in every tenant."""
LOOKS_UP = {
    "people": "df021288-bdef-4463-88db-98f22de89214",
    "groups": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
    "applications": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
}
"""User.Read.All, GroupMember.Read.All and Application.Read.All: what a server needs to look up whom it is to admit.

Source: learn.microsoft.com/azure/azure-sql/database/authentication-azure-ad-directory-readers-role
"""


@record(eq=False)
class Credentials:
    """The service principals, and the vault's items with their passwords."""

    applications: Mapping[str, Application]
    passwords: Mapping[str, Declared]
    clock: Renewal

    @property
    def sql_owner(self) -> Application:
        return self.applications["sql_owner"]

    def password(self, word: str) -> Value:
        """The password itself, for what keeps secrets of its own."""
        return self.passwords[word].arguments["value_wo"]  # type: ignore[return-value]  # it is no block


def declare(file: File, kept: File, config: Config, core: Core) -> Credentials:
    """Each application with its principal; its id and its password are in the vault, as the second file says."""
    clock = renewal(file, "credentials", days=DAYS, owner=OWNER)
    applications: dict[str, Application] = {}
    passwords: dict[str, Declared] = {}
    for word, (pattern, what, begins) in APPLICATIONS.items():
        made = Application(file, word, called=config.names.called(pattern), what=what, owner=core.deployer)
        applications[word] = made
        passwords[word] = made.password_in(core.vault, clock, called=f"{begins}-secret", among=kept)
        _id(kept, word, core, clock, made, begins)
    return Credentials(applications, passwords, clock)


def _id(file: File, word: str, core: Core, clock: Renewal, made: Application, begins: str) -> None:
    secret(
        file,
        f"{word}_id",
        core.vault,
        clock,
        called=f"{begins}-id",
        value=made.client,
        description=f"client id of {made.called}",
    )


def looks_up_names(file: File, server: SqlServer) -> None:
    """The server finds the people and groups that it is told to admit in the directory."""
    graph = file.data("azuread_service_principal", "graph", client_id=GRAPH)
    for what, role in LOOKS_UP.items():
        file.resource(
            "azuread_app_role_assignment",
            f"{server.name}_looks_up_{what}",
            app_role_id=role,
            principal_object_id=server.principal,
            resource_object_id=graph.ref("object_id"),
        )
