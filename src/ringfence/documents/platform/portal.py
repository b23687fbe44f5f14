"""The sign-in of web applications, as the operator's guide tells it: application, groups, redirect addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.principals import referred
from ringfence.documents.platform.subject import listed, section, table
from ringfence.model.blueprint import Block
from ringfence.model.symbol import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.platform.subject import Subject
    from ringfence.model.blueprint import Argument, Declared

TITLES = {"eudcc": "Sign-in of the portal", "flowehr": "Sign-in of the apps"}


def portal(subject: Subject) -> Iterator[str]:
    """The section; nothing where no application is declared."""
    applications = [a for a in subject.of("azuread_application") if _addresses(a)]
    if not applications:
        return
    yield from section(
        TITLES.get(subject.name, "Sign-in"),
        "The layers declare the applications in the directory; what follows is what an administrator of the directory "
        "checks before the first person signs in. Whoever is not assigned is not let in, also when his account is "
        "good.",
    )
    yield from table(("Application", "Redirect URIs", "Let in"), (_row(subject, a) for a in applications))
    yield from listed(
        "1. Make the DNS name of each redirect URI lead to the ingress or the app, and give it a certificate; a "
        "sign-in fails at once where the two differ in a letter.",
        "2. Consent once, as an administrator, to the permissions that the application asks for.",
        "3. Put people into the groups; guests are invited first and sign in at home.",
        "4. Try it twice: with somebody of a group, who gets in, and with somebody of none, who does not.",
        "5. Where the application has a secret, it is in the vault and in the [register](secrets.md); raise its "
        "version to renew it, and start the sign-in proxy anew.",
    )


def _row(subject: Subject, application: Declared) -> tuple[str, ...]:
    name = str(application.arguments.get("display_name", application.address))
    addresses = "<br/>".join(map(code, _addresses(application)))
    return subject.place(application, name), addresses, "<br/>".join(_groups(subject, application)) or "nobody yet"


def _addresses(application: Declared) -> list[str]:
    """The redirect addresses of all of its platforms."""
    found: list[str] = []
    for platform in ("web", "single_page_application", "public_client"):
        inner = application.arguments.get(platform)
        if isinstance(inner, Block):
            found += _texts(inner.arguments.get("redirect_uris"))
    return found


def _texts(argument: Argument) -> list[str]:
    if isinstance(argument, tuple):
        return [one if isinstance(one, str) else render(one) for one in argument]
    return []


def _groups(subject: Subject, application: Declared) -> Iterator[str]:
    """Who is assigned to the application's service principal."""
    for assignment in subject.of("azuread_app_role_assignment"):
        keys = referred(assignment)
        principals = [d for k in keys if (d := subject.declared(k)) and d.type == "azuread_service_principal"]
        if any(application.key in referred(p) for p in principals):
            yield subject.place(assignment, _who(subject, assignment))


def _who(subject: Subject, assignment: Declared) -> str:
    for key in sorted(referred(assignment)):
        declared = subject.declared(key)
        if declared is not None and declared.type == "azuread_group":
            return f"group {escaped(str(declared.arguments.get('display_name')))}"
    who = assignment.arguments.get("principal_object_id")
    return f"group {who}" if isinstance(who, str) else "a group that the operator names"
