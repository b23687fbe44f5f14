"""The arguments of the commands of the twin."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from ringfence.twin import NOTHING_MORE

if TYPE_CHECKING:
    from collections.abc import Callable

    Add = Callable[..., argparse.ArgumentParser]

RUN = """One command, as from a place: through its proxy, with its identity and its mounted secrets.

  ringfence run --at internet -- curl https://kv1.vault.azure.net/
  ringfence run --as issuance-service -- python read_a_secret.py"""

PROBE = """Every claim is tried: refused where it is to be refused, accepted where it is to be accepted.

  ringfence probe
  ringfence probe --only outside --only E-072
  ringfence probe --evidence probes.json"""


def add_all(commands: Any, add: Add) -> None:
    """All of them."""
    for one in (_up, _down, _shell, _run, _forward, _probe):
        one(commands, add)


def _up(commands: Any, add: Add) -> None:
    parser = add(commands, "up", "a platform stands up on this machine, to be tried", NOTHING_MORE, "")
    about = "flowehr, eudcc, or a folder of Terraform"
    parser.add_argument("subject", metavar="PLATFORM|PATH", help=about)
    parser.add_argument("--world", default="", metavar="NAME", help="default: production, or the first")
    config = "a configuration of your own; repeatable"
    parser.add_argument("--config", action="append", default=[], metavar="FILE", help=config)
    parser.add_argument("--settings", default="", metavar="FILE", help="instead of the ringfence.toml in the folder")
    parser.add_argument("--name", default="", metavar="NAME", help="what it is called; default: what stands up")
    parser.add_argument("--state", default="", metavar="DIR", help="where its state is kept")
    parser.add_argument("--foreground", action="store_true", help="stay until interrupted")


def _down(commands: Any, add: Add) -> None:
    _which(add(commands, "down", "end a twin; nothing of it is left", exits=""))


def _shell(commands: Any, add: Add) -> None:
    _where(add(commands, "shell", "a shell at a place of a twin", exits=""))


def _run(commands: Any, add: Add) -> None:
    parser = add(commands, "run", "one command at a place of a twin", RUN, "its exit status is the command's")
    _where(parser)
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND", help="with its arguments")


def _forward(commands: Any, add: Add) -> None:
    parser = add(commands, "forward", "a local port that leads to a host, as from a place of a twin", exits="")
    parser.add_argument("end", metavar="HOST:PORT", help="such as mysql1.mysql.database.azure.com:3306")
    _where(parser)
    parser.add_argument("--port", type=int, default=0, metavar="PORT", help="the local port; default: a free one")


def _probe(commands: Any, add: Add) -> None:
    parser = add(commands, "probe", "try every claim on a twin, by real clients", PROBE, "0 all green, 3 some red")
    only = "a trial, a family of trials, or a statement such as E-031; repeatable"
    parser.add_argument("--only", action="append", default=[], metavar="ID", help=only)
    parser.add_argument("--format", choices=["text", "json"], default="text", help="default: text")
    parser.add_argument("--all", action="store_true", help="each trial on a line of its own")
    parser.add_argument("--evidence", default="", metavar="FILE", help="write what was seen there, as JSON")
    _which(parser)


def _where(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", default="", metavar="PLACE", help="internet, a subnet, an address, a resource")
    parser.add_argument("--as", dest="workload", default="", metavar="WORKLOAD", help="what runs there")
    _which(parser)


def _which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--twin", default="", metavar="NAME", help="which one; default: the only one that is up")
    parser.add_argument("--state", default="", metavar="DIR", help="where its state is kept")
