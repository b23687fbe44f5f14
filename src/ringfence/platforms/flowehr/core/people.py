"""The people and the automation of FlowEHR: groups, guests of one environment, and the identity that deploys."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ringfence.constructs.entra import Application, Group
from ringfence.model.blueprint import block
from ringfence.platforms.flowehr.settings.admitted import GROUPS, admitted, groups
from ringfence.platforms.flowehr.settings.apps import serving
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.model.blueprint import Block, File
    from ringfence.platforms.flowehr.core.layer import Core
    from ringfence.platforms.flowehr.settings import Config
    from ringfence.platforms.flowehr.settings.admitted import Admitted
    from ringfence.platforms.flowehr.settings.apps import Serving

ABOUT = "Who may use the platform. People keep their accounts at home, and are guests of one environment each."
ISSUER = "https://token.actions.githubusercontent.com"
"""Whose tokens the pipelines of GitHub have.

Source: docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments
"""
REPOSITORY = "flowehr"
_GRAPH = "00000003-0000-0000-c000-000000000000"
_PERMISSIONS = {
    "Application.ReadWrite.OwnedBy": "18a4783c-866b-4cc7-a460-3d5e5662c884",
    "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
    "Directory.Read.All": "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
    "Group.ReadWrite.All": "62a82d76-70ea-41e2-9197-370581804d09",
    "User.Invite.All": "09850681-111b-4a89-9bed-3f2cae46d706",
}
"""What the deployment asks of the directory; an administrator of the directory consents, and nothing here does.

Source: learn.microsoft.com/graph/permissions-reference
"""


@record(eq=False)
class People:
    """What the layers use of it."""

    groups: Mapping[str, Group]
    """The groups of people by word; one for each app, of its users, has the app's id."""
    apps: Group
    """The identities of all apps."""
    serving: Serving


def people(core: Core, config: Config, today: date | None = None) -> People:
    """Declares the groups, whom the environment admits to them, and the identity that deploys.

    Raises:
        InputError: the configuration admits somebody whom it must not.
        ConstructError: an account of the platform's own has ended.
    """
    file = core.layer.file("people.tf", ABOUT)
    known = groups(config)
    served = serving(config, known)
    made = {word: Group(file, word, called=_called(config, word), what=GROUPS[word]) for word in known}
    for app in served.apps:
        what = f"People who use the app {app.name}."
        made[app.id] = Group(file, app.id, called=_called(config, f"{app.dashed}-users"), what=what)
    _admit(made, admitted(config, tuple(made)), config, today or date.today())
    apps = Group(file, "apps", called=_called(config, "apps"), what="The identities that the apps run as.")
    if config.axes.tf_in_automation and served.github_owner:
        _deploys(core.layer.file("automation.tf", "Who deploys."), config, served.github_owner)
    return People(made, apps, served)


def _called(config: Config, word: str) -> str:
    """Such as ``flowehr-oakvale-prod-data-scientists``: a group of one environment is none of another's."""
    return config.names.called(f"flowehr-{{suffix}}-{word.replace('_', '-')}")


def _admit(made: Mapping[str, Group], whom: Admitted, config: Config, today: date) -> None:
    environment = config.table.text("environment")
    for one in whom.guests:
        made[one.group].admit(home=one.home, people=one.people, environment=environment, purpose=one.purpose)
    for account in whom.accounts:
        made[account.group].admit_own(
            account.address, reason=account.reason, owner=account.owner, expires=account.expires, today=today
        )


def _deploys(file: File, config: Config, owner: str) -> Application:
    """The identity of the pipeline; it has no secret, and what it may do in the subscription its owner grants by hand.

    It cannot grant itself what it needs before it has it. Source: docs of the operator, "The pipeline".
    """
    found = Application(
        file,
        "deployment",
        called=config.names.called("sp-flowehr-ci-{suffix}"),
        what="The pipeline that deploys these layers. It is known by the token of one environment of one repository.",
        asks=_asked(),
    )
    environment = config.table.text("environment")
    found.trusts("deployment", called="github", issuer=ISSUER, subject=subject(owner, REPOSITORY, environment))
    return found


def subject(owner: str, repository: str, environment: str) -> str:
    """Who a pipeline of GitHub is that runs in an environment, whose rules say who lets it."""
    return f"repo:{owner}/{repository}:environment:{environment}"


def _asked() -> list[Block]:
    access = [block(id=one, type="Role") for one in _PERMISSIONS.values()]
    return [block(resource_app_id=_GRAPH, resource_access=access)]
