"""A person completes a sign-in by device code on the test page, as he would in a browser."""

from __future__ import annotations

import requests

_SECONDS = 10


def signs_in(page: str, code: str, name: str) -> None:
    """The page has been told the code and who signs in; what it does not accept, the client hears by itself.

    A page that refuses ends the wait for a sign-in that will not come.
    """
    answer = requests.post(page, data={"user_code": code, "account": name}, timeout=_SECONDS)
    if answer.status_code != 200:
        requests.post(page, data={"user_code": code, "decline": "1"}, timeout=_SECONDS)
