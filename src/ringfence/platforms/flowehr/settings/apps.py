"""The ``serve`` and ``apps`` parts of the configuration: which apps are served, to whom, and what they are told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.constructs.web_app import IMAGE, SECRETIVE
from ringfence.platforms.flowehr.settings.admitted import GROUPS
from ringfence.platforms.flowehr.settings.notes import ELSEWHERE
from ringfence.platforms.flowehr.settings.secret import Secret, secret
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.platforms.configuration import Table
    from ringfence.platforms.flowehr.settings import Config

GENERATED = "generated"
"""Written instead of a reference: the secret is a password that is made, and that nobody has to know."""
_ID = re.compile(r"[a-z][a-z0-9_]{1,18}[a-z0-9]")
_SETTING = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


@record(eq=False)
class App:
    """One app as it is configured."""

    id: str
    """A word for its blocks, such as ``dash_seedling``."""
    name: str
    description: str
    owner: str
    """Whom to write to about it: a team's address."""
    image: str
    """In the platform's registry, with a tag."""
    users: tuple[str, ...]
    """Groups that may sign in, beside the app's own."""
    testing_slot: bool
    env: Mapping[str, str]
    secrets: Mapping[str, Secret | None]
    """By the setting that the app reads; None for one that is made."""

    @property
    def dashed(self) -> str:
        """The id where underscores are not allowed."""
        return self.id.replace("_", "-")


@record(eq=False)
class Serving:
    """What is served."""

    github_owner: str
    """The organisation whose repositories deploy apps; "" where none does."""
    apps: tuple[App, ...]


def serving(config: Config, groups: tuple[str, ...]) -> Serving:
    """The apps of a configuration; `groups` are those that may be named as users.

    Raises:
        InputError: with file and line.
    """
    table = config.table.table("serve")
    table.only("github_owner", *ELSEWHERE["serve"])
    owner = table.text("github_owner", "")
    if owner and not _OWNER.fullmatch(owner):
        raise table.wrong("github_owner", f"{owner} is no organisation of GitHub")
    apps = config.table.table("apps")
    found = Serving(owner, tuple(_app(apps, key, groups) for key in apps))
    if not owner and any(app.testing_slot for app in found.apps):
        hint = "Add github_owner: to serve:, or remove the slot."
        raise config.table.wrong("apps", "an app has a testing slot, and nobody is named whose pipeline swaps it", hint)
    return found


def _app(apps: Table, key: str, groups: tuple[str, ...]) -> App:
    if not _ID.fullmatch(key):
        hint = "3 to 20 lower-case letters, digits and underscores, a letter first."
        raise apps.wrong(key, f"an app cannot be called {key}", hint)
    if key in (*GROUPS, "apps"):
        raise apps.wrong(key, f"an app cannot be called {key}", "There is a group of that name: choose another one.")
    one = apps.table(key)
    one.only("name", "description", "owner", "image", "users", "add_testing_slot", "env", "secrets", *ELSEWHERE["apps"])
    users = one.texts("users")
    for user in users:
        if user not in groups:
            raise one.wrong("users", f"there is no group {user}", f"The groups are {', '.join(groups)}.")
    return App(
        key,
        one.text("name"),
        one.text("description", ""),
        one.text("owner"),
        _image(one),
        users,
        one.flag("add_testing_slot", False),
        _env(one.table("env")),
        _secrets(one.table("secrets"), one.table("env")),
    )


def _image(table: Table) -> str:
    found = table.text("image")
    if not IMAGE.fullmatch(found):
        hint = "Write repository and tag, such as dashboard:1.4.0; the registry is the platform's."
        raise table.wrong("image", f"{found} is no image", hint)
    return found


def _env(table: Table) -> dict[str, str]:
    """What the app is told, none of which is a secret."""
    for key in table:
        if SECRETIVE.search(key):
            hint = f"Give it under the app's secrets:, as {GENERATED} or ${{NAME}}; who reads this must not learn it."
            raise table.wrong(key, f"{key} holds a secret in plain text", hint)
    return {_setting(table, key): table.text(key, "") for key in table}


def _secrets(table: Table, env: Table) -> dict[str, Secret | None]:
    """The secrets of an app; a vault and App Service do not tell names by capitals."""
    seen = {key.casefold() for key in env}
    for key in table:
        if key.casefold() in seen:
            raise table.wrong(key, f"{key} is set twice", "Keep one of them; capitals make no difference.")
        seen.add(key.casefold())
    return {_setting(table, key): None if table.text(key) == GENERATED else secret(table, key) for key in table}


def _setting(table: Table, key: str) -> str:
    if not _SETTING.fullmatch(key):
        raise table.wrong(key, f"a setting cannot be called {key}", "Use letters, digits and underscores.")
    return key
