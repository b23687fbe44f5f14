"""Whether each client that is installed goes through the proxy: one that ignores the variables would go round it.

A canary asks for a name that is public in earnest. Through the proxy it is the twin that answers, and says so by a
header; anything else means that the client went, or tried to go, somewhere else.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

URL = "https://login.microsoftonline.com/common/discovery/instance?api-version=1.1&authorization_endpoint=https://login.microsoftonline.com/common/oauth2/v2.0/authorize"
_MARK = "x-ringfence-front"
_SECONDS = 8.0

_REQUESTS = "import requests,sys;print(requests.get(sys.argv[1],timeout=5).headers)"
_AIOHTTP = """
import asyncio, sys, aiohttp
async def ask():
    async with aiohttp.ClientSession(trust_env=True) as session, session.get(sys.argv[1]) as answer:
        print(answer.headers)
asyncio.run(ask())
"""
_URLLIB = """
import sys, urllib.error, urllib.request
try:
    print(urllib.request.urlopen(sys.argv[1], timeout=5).headers)
except urllib.error.HTTPError as error:
    print(error.headers)
"""
_NODE = "fetch(process.argv[1]).then(r=>console.log([...r.headers.keys()].join(' ')))"

_CLIENTS: dict[str, tuple[str, ...]] = {
    "Python requests": (sys.executable, "-c", _REQUESTS),
    "Python aiohttp": (sys.executable, "-c", _AIOHTTP),
    "Python urllib": (sys.executable, "-c", _URLLIB),
    "curl": ("curl", "-sS", "-m", "5", "-D", "-", "-o", "/dev/null"),
    "Node.js": ("node", "-e", _NODE),
    "Java": ("java", str(Path(__file__).with_name("Canary.java"))),
}
"""How each is made to ask; the URL comes last."""


@record()
class Seen:
    """What became of one client."""

    client: str
    through: bool
    why: str = ""


def canaries(variables: Mapping[str, str]) -> tuple[Seen, ...]:
    """For each client that is installed: whether it goes through the proxy with these variables."""
    there = {name: command for name, command in _CLIENTS.items() if _is_installed(command)}
    with ThreadPoolExecutor(len(there)) as pool:
        asked = [pool.submit(_asked, client, command, variables) for client, command in there.items()]
    return tuple(one.result() for one in asked)


def _is_installed(command: tuple[str, ...]) -> bool:
    if command[0] != sys.executable:
        return shutil.which(command[0]) is not None
    from importlib.util import find_spec

    return all(
        find_spec(name) for name in ("requests", "aiohttp") if f"import {name}" in command[2] or name in command[2]
    )


def _asked(client: str, command: tuple[str, ...], variables: Mapping[str, str]) -> Seen:
    try:
        done = subprocess.run(
            [*command, URL], env=dict(variables), capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return Seen(client, False, "it gave no answer in time")
    if _MARK in done.stdout.casefold():
        return Seen(client, True)
    return Seen(client, False, _why(done.stderr))


def _why(said: str) -> str:
    """The line of what a client said that tells most."""
    lines = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith("Picked up JAVA")]
    telling = [line for line in lines if "rror" in line or "xception" in line]
    return (telling[-1:] or lines[-1:] or ["it was not let in, or met something else than the twin"])[0][:200]
