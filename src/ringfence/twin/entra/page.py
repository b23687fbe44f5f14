"""The test page where a person chooses as whom to sign in. It asks for no password, and says that it is a test page.

It stands for the sign-in at a person's own organisation, which is nothing that a platform declares. Code cannot use it:
a request that comes from a workload is refused, since a workload has no person's credentials in Azure either.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ringfence.twin.entra import device
from ringfence.twin.entra.form import form, pairs
from ringfence.twin.message import Response

if TYPE_CHECKING:
    from ringfence.model.principal import Principal
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
)  # fmt: skip
_STYLE = (
    "body{font:1rem/1.5 system-ui;max-width:40rem;margin:2rem auto;padding:0 1rem}.n{border:2px solid;padding:1rem}"
)
_NOTE = (
    "This is a test page of ringfence's twin on your own machine. It is not Microsoft's, it asks for no password, "
    "and what you choose here signs in to nothing but the twin."
)
_KINDS = {"guest": "guest", "user": "account of this tenant", "deployer": "with whatever account"}


def answer(ground: Ground, request: Request) -> Response:
    """The page, or what comes of what was chosen on it."""
    if request.visit.workload:
        return _page(403, "<p>Code does not sign in as a person: this request comes from a workload.</p>")
    if request.method == "GET":
        typed = pairs(request.query_string).get("otc", "") if request.query_string else ""
        return _page(200, _form(ground, typed))
    return _chosen(ground, request)


def _chosen(ground: Ground, request: Request) -> Response:
    told = form(request)
    typed = told.get("user_code", told.get("otc", ""))
    who = ground.directory.by_object(told.get("account", "")) or ground.directory.by_name(told.get("account", ""))
    if device.waiting(ground, typed) is None:
        return _page(400, f"<p>No such code waits. It may have expired.</p>{_form(ground, '')}")
    if "decline" in told:
        device.complete(ground, typed, None)
        return _page(200, "<p>Declined. The program that asked is told so.</p>")
    if who is None or who not in ground.directory.people():
        return _page(400, f"<p>Choose who signs in.</p>{_form(ground, typed)}")
    device.complete(ground, typed, who)
    return _page(200, f"<p>Signed in as {escape(ground.directory.name(who))}. You may close this page.</p>")


def _form(ground: Ground, typed: str) -> str:
    rows = "".join(_choice(ground, who) for who in ground.directory.people())
    if not rows:
        return "<p>The platform declares no person and no guest, so nobody can sign in here.</p>"
    return (
        '<form method="post" action="/common/oauth2/deviceauth"><p><label>Code '
        f'<input name="user_code" value="{escape(typed)}" autocomplete="off" required></label></p>'
        f"<fieldset><legend>Sign in as</legend>{rows}</fieldset>"
        '<p><button>Sign in</button> <button name="decline" value="1" formnovalidate>Decline</button></p></form>'
    )


def _choice(ground: Ground, who: Principal) -> str:
    home, name = ground.directory.home(who), ground.directory.name(who)
    kind = _KINDS.get(who.kind, "account of this tenant" if "@" in name else "known by its id only")
    text = f"{name} ({kind}{f', at home at {home}' if home else ''})"
    value = escape(ground.directory.object_id(who))
    return f'<p><label><input type="radio" name="account" value="{value}" required> {escape(text)}</label></p>'


def _page(status: int, content: str) -> Response:
    text = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>ringfence test sign-in</title>'
        f'<style>{_STYLE}</style><h1>Test sign-in</h1><p class="n"><strong>{_NOTE}</strong></p>{content}</html>'
    )
    return Response(status, text.encode(), _HEADERS)
