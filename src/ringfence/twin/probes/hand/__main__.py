"""The parent of all hands: it has imported the clients, and becomes one hand for each connection that it is handed.

A hand is a fork that takes the environment of its stand for its own before any client is made, as if it had been
started there. So the clients are imported once, and what hands have in common is in memory once.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from ringfence.twin.probes.hand.clients import Clients
from ringfence.twin.probes.hand.failure import failed
from ringfence.twin.probes.hand.jobs import JOBS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from io import BufferedReader

_THREADS = 8
"""Jobs that one hand does at once."""


def main(control: int) -> int:
    """Makes hands until nobody asks for more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    logging.getLogger().addHandler(logging.NullHandler())  # what a client warns of is what a trial is told as well
    with socket.socket(fileno=control) as line:
        while True:
            message, handles, _, _ = socket.recv_fds(line, 1, 1)
            if not message:
                return 0
            with socket.socket(fileno=handles[0]) as mine:
                if os.fork() == 0:
                    line.close()
                    _hand(mine)


def _hand(line: socket.socket) -> None:
    """This process is a hand from now on, until its owner goes."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # its owner decides when it ends
        with line.makefile("rb") as orders:
            stand = json.loads(orders.readline())
            os.environ.clear()
            os.environ.update(stand["environment"])
            _work(line, orders, Clients())
        status = 0
    finally:
        os._exit(status)


def _work(line: socket.socket, orders: BufferedReader, clients: Clients) -> None:
    guard = threading.Lock()

    def do(order: dict[str, Any]) -> None:
        answer = json.dumps({"n": order["n"], **_done(clients, order)}).encode() + b"\n"
        with guard:
            line.sendall(answer)

    with ThreadPoolExecutor(_THREADS) as pool:
        for order in _read(orders):
            pool.submit(do, order)


def _read(orders: Iterable[bytes]) -> Iterable[dict[str, Any]]:
    return (json.loads(one) for one in orders)


def _done(clients: Clients, order: dict[str, Any]) -> dict[str, Any]:
    """What came of a job: its value, or how it was refused; with the time that it took."""
    began = time.perf_counter()
    try:
        found = {"value": JOBS[order["job"]](clients, order["words"])}
    except Exception as error:  # whatever a client raises is what its user would see
        found = {"refused": failed(error)}
    return {**found, "ms": round((time.perf_counter() - began) * 1000, 1)}


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1])))
