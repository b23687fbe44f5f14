"""Storage, SQL, logs and secrets as constructs: closed and known by identity with nothing said, and no nonsense."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.checks import sql as of_sql
from ringfence.checks import storage as of_storage
from ringfence.constructs.alerts import action_group
from ringfence.constructs.naming import checked
from ringfence.constructs.opening import Opening
from ringfence.constructs.secret import renewal, secret
from ringfence.constructs.sql import SqlServer
from ringfence.constructs.storage import Storage
from ringfence.constructs.vault import Vault
from ringfence.constructs.workspace import Workspace
from ringfence.errors import ConstructError
from ringfence.model.blueprint import block
from ringfence.model.insights import LogAnalyticsWorkspace
from ringfence.model.judge import at_least
from ringfence.model.sql import SqlServer as Server
from ringfence.model.storage import StorageAccount
from tests.platforms.ground import ground, stood

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import File

DEVELOPER = Opening("switches.deployer_addresses", ("203.0.113.7",))


def server(file: File, home: Home, **more: Any) -> SqlServer:
    storage = Storage(file, "audit", home, called="staudit")
    told = ["team@example.org"]
    owner = "00000000-0000-0000-0000-000000000001"
    return SqlServer(
        file, "data", home, called="sql-data", owner=owner, owner_called="owner", storage=storage, tell=told, **more
    )


def test_storage_is_private_signed_in_to_and_recoverable(tmp_path: Path) -> None:
    file, home = ground()
    Storage(file, "data", home, called="stdata", lake=True)
    estate = stood(file, tmp_path)
    (account,) = estate.of(StorageAccount)
    for check in (
        of_storage.secure_transfer,
        of_storage.infrastructure_encryption,
        of_storage.blob_public_access,
        of_storage.blob_soft_delete,
        of_storage.container_soft_delete,
        of_storage.minimum_tls,
        of_storage.public_network_access,
        of_storage.shared_key_access,
    ):
        assert check(account).outcome == "pass", check
    assert of_storage.data_lake_private_endpoints(account, estate).outcome == "pass"
    assert of_storage.blob_logging(account, estate).outcome == "pass"


def test_storage_that_is_opened_says_so_and_stays_closed_to_others(tmp_path: Path) -> None:
    file, home = ground()
    Storage(file, "data", home, called="stdata", open_to=DEVELOPER)
    (account,) = stood(file, tmp_path).of(StorageAccount)
    assert of_storage.shared_key_access(account).outcome == "pass"
    entered = [(r.switch, r.argument) for r in file.layer.register.relaxations]
    assert entered == [("switches.deployer_addresses", "public_network_access_enabled")]


def test_sql_has_no_passwords_and_is_audited(tmp_path: Path) -> None:
    file, home = ground()
    made = server(file, home)
    database = made.database("features", called="features")
    made.admits(database, "readers", roles=("db_datareader",), why="They read.")
    estate = stood(file, tmp_path)
    (found,) = estate.of(Server)
    assert of_sql.public_network_access(found).outcome == "pass"
    assert of_sql.private_endpoint(found, estate).outcome == "pass"
    assert "administrator_login" not in made.server.arguments
    (user,) = file.layer.register.users
    assert (user.database, user.roles) == (database.key, ("db_datareader",))


def test_a_workspace_may_depend_on_a_variable_and_hang_on_a_cluster(tmp_path: Path) -> None:
    file, home = ground()
    wanted = file.layer.variable("enable_logs", "bool", "Whether to log.", True)
    cluster = file.resource(
        "azurerm_log_analytics_cluster",
        "logs",
        name="logs",
        resource_group_name=home.group,
        location="uksouth",
        identity=block(type="SystemAssigned"),
    )
    made = Workspace(
        file,
        "logs",
        called="log-logs",
        group=home.group,
        location="uksouth",
        solutions=("ContainerInsights", "ADAssessment"),
        cluster=cluster.id,
        when=wanted,
    )
    assert str(made.id) == "azurerm_log_analytics_workspace.logs[0].id"
    names = {d.name for d in file.layer if d.type == "azurerm_log_analytics_solution"}
    assert names == {"logs_container_insights", "logs_ad_assessment"}
    assert all(d.when == wanted for d in file.layer if d.name.startswith("logs_"))
    assert not any(r.argument.startswith("internet") for r in file.layer.register.relaxations)
    (found,) = (w for w in stood(file, tmp_path).of(LogAnalyticsWorkspace) if w.key.endswith("logs[0]"))
    assert at_least(found.retention_in_days, 90).outcome == "pass"


def test_a_secret_is_in_no_state_and_somebody_renews_it(tmp_path: Path) -> None:
    file, home = ground()
    vault = Vault(file, "core", home, called="kv-core")
    clock = renewal(file, "passwords", days=90, owner="team")
    made = secret(file, "door", vault, clock, called="door", description="opens the door")
    stood(file, tmp_path)
    assert "value" not in made.arguments
    assert str(made.arguments["value_wo"]) == "ephemeral.random_password.door.result"
    assert str(made.arguments["expiration_date"]).startswith("timeadd(time_rotating.passwords.rotation_rfc3339")
    (rotation,) = file.layer.register.rotations
    assert (rotation.name, rotation.owner, rotation.days) == ("door", "team", 90)


def _user_who_owns(file: File, home: Home) -> None:
    made = server(file, home)
    made.admits(made.database("a", called="a"), "x", roles=("db_owner",), why="It is easy.")


def _short(file: File, home: Home) -> None:
    vault = Vault(file, "core", home, called="kv-core")
    secret(file, "a", vault, renewal(file, "a", days=9, owner="x"), called="a", description="a", length=8)


def _without_identity(file: File, home: Home) -> None:
    made = Workspace(file, "a", called="log-a", group=home.group, location="uksouth")
    made.keeps_in(Storage(file, "a", home, called="sta"), "Query")


def _two_of_a_name(file: File, home: Home) -> None:
    for word in ("one", "two"):
        Storage(file, word, home, called="stsame")
    checked(file.layer)


NONSENSE: dict[str, Callable[[File, Home], object]] = {
    "a storage account cannot be called St-Data": lambda f, h: Storage(f, "data", h, called="St-Data"),
    "it has 27 characters, and Azure allows 24": lambda f, h: Storage(f, "data", h, called="st" + "a" * 25),
    "sql-data cannot be opened to everybody": lambda f, h: server(f, h, open_to=Opening("switches.all")),
    "x cannot have the role db_owner in a database": _user_who_owns,
    "log-a cannot keep logs for 30 days": lambda f, h: Workspace(
        f, "a", called="log-a", group=h.group, location="uksouth", days=30
    ),
    "workspace a cannot write to sta": _without_identity,
    "a secret cannot be left for 400 days": lambda f, h: renewal(f, "a", days=400, owner="x"),
    "a password of 8 characters can be guessed": _short,
    "ag would tell nobody": lambda f, h: action_group(f, "a", called="ag", short="a", group=h.group, recipients=()),
    "are both called stsame": _two_of_a_name,
}


@pytest.mark.parametrize("message", NONSENSE)
def test_nonsense_is_refused_when_it_is_declared(message: str) -> None:
    file, home = ground()
    with pytest.raises(ConstructError) as raised:
        NONSENSE[message](file, home)
    assert message in raised.value.message
    assert raised.value.hint
