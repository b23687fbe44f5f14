"""The hands of a run: each is made when it is first needed, all are gone at the end."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING, Any

from ringfence.errors import RingfenceError
from ringfence.record import field, record
from ringfence.twin.client.environment import surroundings
from ringfence.twin.orders import ask
from ringfence.twin.probes.canary import fresh

if TYPE_CHECKING:
    from ringfence.twin.folder import Folder
    from ringfence.twin.probes.who import Who

_LONGEST = 1 << 22
_PATIENCE = 40.0
"""Seconds after which a job that has said nothing counts as lost."""
_END = 3.0


@record(eq=False)
class Done:
    """What came of one job."""

    who: Who
    job: str
    words: dict[str, Any]
    value: dict[str, Any] | None
    """None when it was refused."""
    refused: dict[str, Any] = field(default_factory=dict)
    """``status``, ``code``, ``by`` and ``why``; empty when it was not."""
    ms: float = 0.0

    @property
    def by(self) -> str:
        """What refused it: "network", "service", "access", "sign-in" …; "" when nothing did."""
        return str(self.refused.get("by", ""))

    def __str__(self) -> str:
        """What happened, in a few words."""
        subject = next((str(self.words[w]) for w in ("name", "operation", "host", "user", "id") if w in self.words), "")
        did = f"{self.who}: {self.job.replace('_', ' ')} {subject}".rstrip()
        if self.value is not None:
            return f"{did}: accepted"
        code = " ".join(str(self.refused[w]) for w in ("status", "code") if self.refused.get(w))
        return f"{did}: refused by {self.by} ({code or '-'}: {self.refused.get('why', '')})"


class Hand:
    """One hand, from the outside."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = count(1)
        self._listening = asyncio.create_task(self._listen())

    async def do(self, job: str, words: dict[str, Any]) -> dict[str, Any]:
        """The answer to a job."""
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._writer.write(json.dumps({"n": number, "job": job, "words": words}).encode() + b"\n")
        try:
            return await asyncio.wait_for(answer, _PATIENCE)
        except TimeoutError:
            why = f"no answer in {_PATIENCE:.0f} s"
            return {"refused": {"status": 0, "code": "", "by": "error", "why": why}, "ms": _PATIENCE * 1000}
        finally:
            self._waiting.pop(number, None)

    async def _listen(self) -> None:
        while line := await self._reader.readline():
            answer = json.loads(line)
            waiting = self._waiting.get(answer["n"])
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)
        for waiting in self._waiting.values():
            if not waiting.done():
                why = "the hand has ended"
                waiting.set_result({"refused": {"status": 0, "code": "", "by": "error", "why": why}, "ms": 0.0})

    async def end(self) -> None:
        """Its process ends, and nothing listens."""
        self._writer.close()
        self._listening.cancel()
        with suppress(asyncio.CancelledError, ConnectionError):
            await self._listening


class Hands:
    """All hands of a run, by where they stand."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._place = TemporaryDirectory(prefix="ringfence-hands-")
        self._made: dict[tuple[str, ...], asyncio.Task[Hand]] = {}
        self._told: dict[tuple[str, ...], dict[str, Any]] = {}
        self._once: dict[tuple[Who, str, str], asyncio.Task[Done]] = {}
        self._parent: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def begin(self) -> None:
        """The parent of hands is there, and imports the clients."""
        mine, its = socket.socketpair()
        with its:
            self._parent = subprocess.Popen(
                [sys.executable, "-m", "ringfence.twin.probes.hand", str(its.fileno())],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=(its.fileno(),),
            )  # fmt: skip
        self._control = mine

    async def end(self) -> None:
        """No hand is left, and none of their files."""
        for task in self._made.values():
            if task.done() and not task.cancelled() and task.exception() is None:
                await task.result().end()
            else:
                task.cancel()
        if self._control is not None and self._parent is not None:
            self._control.close()
            try:
                await asyncio.to_thread(self._parent.wait, _END)
            except subprocess.TimeoutExpired:
                self._parent.kill()
        self._place.cleanup()

    async def order(self, do: str, **words: Any) -> Any:
        """What the supervisor answers."""
        return await asyncio.to_thread(ask, self.folder.socket, do, **words)

    async def do(self, who: Who, job: str, **words: Any) -> Done:
        """What came of a job that somebody tries where he stands."""
        try:
            answer = await (await self._hand(who)).do(job, {**words, "who": await self._signs_in(who)})
        except RingfenceError as error:  # the supervisor has no such place, or nobody of that name
            answer = {"refused": {"status": 0, "code": "", "by": "sign-in", "why": error.message}, "ms": 0.0}
        return Done(who, job, words, answer.get("value"), answer.get("refused", {}), float(answer["ms"]))

    async def once(self, who: Who, job: str, **words: Any) -> Done:
        """The same, tried once only in a run."""
        mark = who, job, json.dumps(words, sort_keys=True)
        if mark not in self._once:
            self._once[mark] = asyncio.create_task(self.do(who, job, **words))
        return await asyncio.shield(self._once[mark])

    def anew(self) -> None:
        """Another run: everything is tried again."""
        self._once.clear()

    async def _hand(self, who: Who) -> Hand:
        mark = _stand(who)
        if mark not in self._made:
            self._made[mark] = asyncio.create_task(self._made_at(who))
        return await self._made[mark]

    async def given(self, who: Who) -> dict[str, Any]:
        """The variables, the files and the notes of a workload: what its code finds where it stands."""
        await self.do(who, "versions")
        return self._told[_stand(who)]

    def forget(self, who: Who) -> None:
        """The hand there has ended: what it was given may be another's now. The next one begins anew."""
        task = self._made.pop(_stand(who), None)
        if task is not None and task.done():
            self._ending = asyncio.create_task(task.result().end())

    async def leave(self) -> None:
        """Every hand has ended: another estate may give other tokens and files to those who stand there."""
        made, self._made = self._made, {}
        for task in made.values():
            await (await task).end()

    async def _made_at(self, who: Who) -> Hand:
        told = await self.order("stand", at=who.at, workload=who.workload)
        self._told[_stand(who)] = told
        folder = Path(mkdtemp(dir=self._place.name))
        around = surroundings(told, self.folder.bundle, folder, os.environ)
        mine, its = socket.socketpair()
        with its:
            assert self._control is not None
            socket.send_fds(self._control, [b"+"], [its.fileno()])
        reader, writer = await asyncio.open_connection(sock=mine, limit=_LONGEST)
        writer.write(json.dumps({"environment": around.variables}).encode() + b"\n")
        return Hand(reader, writer)

    async def _signs_in(self, who: Who) -> dict[str, str]:
        """What a hand needs to sign in as the one who is meant."""
        if who.acts == "person":
            return {"as": "person", "name": who.name, "tenant": await self._tenant()}
        if who.acts == "identity":
            return {"as": "identity", "name": who.name, "socket": str(self.folder.socket)}
        if who.acts == "borrowed":
            return {"as": "borrowed", "client": who.name}
        if who.acts in ("application", "pipeline", "forger"):
            return await self._proof(who)
        return {}

    async def _proof(self, who: Who) -> dict[str, str]:
        if who.acts != "application":
            subject = f"repo:{fresh()}/another:ref:refs/heads/main" if who.acts == "forger" else ""
            return {"as": "pipeline", **await self.order("assertion", who=who.name, subject=subject)}
        told = await self.order("sign", who=who.name)
        return {"as": "application", "tenant": told["AZURE_TENANT_ID"], "client": told["AZURE_CLIENT_ID"],
                "secret": told["AZURE_CLIENT_SECRET"]}  # fmt: skip

    async def _tenant(self) -> str:
        return str((await self.order("status"))["tenant"])


def _stand(who: Who) -> tuple[str, ...]:
    """By what a hand is found again: one is enough for all who act at a stand, but for a workload that begins anew."""
    return who.at, who.workload, who.name if who.acts == "self" else ""
