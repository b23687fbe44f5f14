"""The arguments of every command. Each command's module is imported only when it runs."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

from ringfence.cli.twin_arguments import add_all
from ringfence.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

EXITS = """exit status, the first that applies:
  1  it crashed           2  wrong usage, or some input could not be read
  3  open rows            4  unknown rows            0  adherent"""
ASK_EXITS = """exit status, the first that applies:
  1  it crashed           2  wrong usage, or some input could not be read
  4  unknown answers      0  answered, whatever the answers"""


QUESTIONS = ("reach", "access", "custody", "logs", "exposure")

ASK = """Ask the estate. Each answer shows the path or the rule that decides, or what is missing to tell.

  reach     can a connection be opened, before anybody signs in
              --from internet --to 'kind data-store'       --from snet-app --to kv1
  access    who may do what
              --can read --on kv1/secrets/dsc              --as id-portal
  custody   whose key protects a store, and what closes it
              --on mysql1                                  --sealed-without azurerm_role_assignment.cmk
  logs      which logs go where, and for how long          --on kv1
  exposure  reach joined with access: what can be read     --from internet     --as id-portal     --in portal

PLACE is internet, an address, azure, trusted, subnets, a subnet, a network, or what connects from where it stands.
WHAT is a name, an address, NAME/secrets/NAME, an ARM type, or kind WORD. What-if: --without and --with, repeatable."""


class _Parser(argparse.ArgumentParser):
    """Wrong usage is one error message with what to do next, not a page of usage."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, hint=f"{self.prog} --help shows how it is used.")


def parse(arguments: Sequence[str]) -> Any:
    """The options; `run` is the command to call with them.

    Raises:
        UsageError: they make no sense.
    """
    parser = _Parser(
        prog="ringfence",
        description="Reads Azure Terraform without an account and proves what holds, per resource and world.",
        epilog=EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("-V", "--version", action="store_true", help="print the version")
    parser.add_argument("--debug", action="store_true", help="show a traceback when something breaks")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for add in (_prove, _build, _pki, _ask, _explain, _adopt, _document, _console):
        add(commands)
    add_all(commands, _add)
    options, strange = parser.parse_known_args(list(arguments))
    if strange:
        raise _unknown(strange[0], arguments)
    if options.version:
        options.run = _command("version")
    if options.run is None:
        raise UsageError("no command is given", hint="ringfence prove [PATH] is the main one; --help lists them all.")
    return options


def _unknown(strange: str, arguments: Sequence[str]) -> UsageError:
    """What to say of an argument that no command has."""
    from difflib import get_close_matches

    names = ("--from", "--to", "--any", "--can", "--on", "--as", "--in", "--need", "--without", "--with",
             "--sealed-without", "--escalated", "--world", "--benchmark", "--item", "--format",
             "--decisions", "--document", "--plan",
             "--settings", "--platform", "--config", "--inherit-env", "--no-color", "--output", "--all", "--force",
             "--check", "--country", "--explain-switches", "--claims", "--root", "--terraform", "--debug",
             "--at", "--twin", "--state", "--name", "--foreground", "--port")  # fmt: skip
    near = get_close_matches(strange.partition("=")[0], names, 1)
    command = f"ringfence {arguments[0]}" if arguments and not arguments[0].startswith("-") else "ringfence"
    hint = f"Did you mean {near[0]}? " if near else ""
    return UsageError(f"there is no argument {strange}", hint=f"{hint}{command} --help shows what there is.")


def _command(name: str) -> Callable[[Any], int]:
    """The command of that name, imported when it is called."""

    def run(options: Any) -> int:
        found: Callable[[Any], int] = import_module(f"ringfence.cli.{name}").run
        return found(options)

    return run


def _add(commands: Any, name: str, help: str, description: str = "", exits: str = EXITS) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=help,
        description=description or help,
        epilog=exits,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    parser.add_argument("--no-color", "--no-colour", action="store_true", help="no colour; NO_COLOR does the same")
    parser.set_defaults(run=_command(name))
    return parser


def _prove(commands: Any) -> None:
    parser = _add(commands, "prove", "read, judge, compare with decisions and document: the main job")
    _estate(parser)
    _platform(parser)
    parser.add_argument(
        "--item", action="append", default=[], metavar="ID", help="only this item or section; repeatable"
    )
    parser.add_argument("--format", choices=("text", "json", "markdown", "html"), default="text", help="default: text")
    parser.add_argument("--output", "-o", metavar="FILE", default="", help="write there instead of to stdout")
    parser.add_argument("--all", action="store_true", help="text: show decided rows too, and every resource")


def _build(commands: Any) -> None:
    about = "write a platform as Terraform, one root for each layer"
    parser = _add(commands, "build", about, exits="")
    parser.add_argument("platform", metavar="PLATFORM", help="flowehr or eudcc")
    parser.add_argument("--output", "-o", metavar="DIR", default="", help="where; it is made when it is not there")
    parser.add_argument("--world", default="", metavar="NAME", help="one that ships; default: production")
    _config(parser)
    parser.add_argument("--force", action="store_true", help="replace files that were changed since they were written")
    parser.add_argument("--explain-switches", action="store_true", help="what each switch relaxes, in which world")


def _pki(commands: Any) -> None:
    parser = _add(commands, "pki", "issue the test certificates and keys of EUDCC", exits="")
    parser.add_argument("--output", "-o", metavar="DIR", default="", help="where; it must not be there yet")
    parser.add_argument("--world", default="", metavar="NAME", help="one that ships; default: test")
    _config(parser)
    parser.add_argument("--country", default="IE", metavar="CODE", help="whose certificates; default: IE")


def _ask(commands: Any) -> None:
    parser = _add(commands, "ask", "ask the estate: who reaches, may, keeps and logs what", ASK, ASK_EXITS)
    parser.add_argument("question", choices=QUESTIONS, metavar="QUESTION", help=" or ".join(QUESTIONS))
    parser.add_argument(
        "path", nargs="?", default=".", metavar="PATH", help="the estate's folder or file; default: here"
    )
    several: Any = {"action": "append", "default": []}
    parser.add_argument("--world", metavar="NAME", help="only this world; repeatable", **several)
    parser.add_argument("--from", dest="source", metavar="PLACE", help="reach, exposure; repeatable", **several)
    parser.add_argument("--to", metavar="WHAT", help="reach, exposure; repeatable", **several)
    parser.add_argument("--any", action="store_true", help="reach: by whatever address, not only by name")
    parser.add_argument("--can", default="", metavar="VERB", help="access: read, write, unwrap, …, or an operation")
    parser.add_argument("--on", metavar="WHAT", help="access, custody, logs; repeatable", **several)
    parser.add_argument("--as", "--principal", dest="principal", default="", metavar="WHO", help="access, exposure")
    parser.add_argument("--escalated", action="store_true", help="access: also what they can grant themselves")
    parser.add_argument("--need", metavar="VERB:WHAT", help="access: what is granted beyond it; repeatable", **several)
    parser.add_argument("--in", dest="workload", default="", metavar="WORKLOAD", help="exposure: it is taken over")
    parser.add_argument("--sealed-without", dest="seal", default="", metavar="THING", help="custody: what that closes")
    parser.add_argument("--without", metavar="KEY", help="what-if: this is gone; repeatable", **several)
    parser.add_argument("--with", dest="laid", metavar="[ROOT=]FILE.tf", help="what-if: this is added", **several)
    parser.add_argument("--plan", default="", metavar="FILE", help="read a plan (terraform show -json) instead")
    _settings(parser)
    _platform(parser)
    parser.add_argument("--format", choices=("text", "json", "svg"), default="text", help="default: text")
    parser.add_argument("--output", "-o", metavar="FILE", default="", help="write there instead of to stdout")
    parser.add_argument("--all", action="store_true", help="text: every answer, not the worst alone")


def _explain(commands: Any) -> None:
    parser = _add(commands, "explain", "what a check or an item means, how it is judged, how to fix it")
    parser.add_argument("subject", nargs="?", default="", metavar="CHECK|ITEM", help="without it, all are listed")
    parser.add_argument("--benchmark", default="", metavar="ID", help="whose items")


def _adopt(commands: Any) -> None:
    parser = _add(commands, "adopt", "take over a hand-written adherence document")
    parser.add_argument("adopted", metavar="DOCUMENT.md", help="the document")
    _estate(parser)
    parser.add_argument("--force", action="store_true", help="replace a decisions file that is there")


def _document(commands: Any) -> None:
    parser = _add(commands, "document", "write the adherence document, or compare it with the code")
    _estate(parser)
    _platform(parser)
    parser.add_argument(
        "--output", "-o", metavar="FILE", default="", help="the document to write; the folder for those of a platform"
    )
    parser.add_argument(
        "--terraform", metavar="DIR", default="", help="where the Terraform lies that a platform's documents point at"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 3 when it is stale")
    parser.add_argument("--claims", action="store_true", help="list the rows that say otherwise than the code")
    parser.add_argument("--all", action="store_true", help="with --claims: list all rows")
    parser.add_argument("--force", action="store_true", help="replace a document that was written by hand")


def _console(commands: Any) -> None:
    parser = _add(commands, "console", "evaluate expressions in a root, one per line of standard input")
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="the estate's folder; default: here")
    parser.add_argument("--root", default="", metavar="ROOT", help="the root in it; needed when there are several")
    parser.add_argument("--world", default="", metavar="NAME", help="the world; default: the first")
    _settings(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="json: one value a line")


def _estate(parser: argparse.ArgumentParser) -> None:
    """What every command that reads an estate takes."""
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="the estate's folder; default: here")
    parser.add_argument("--world", action="append", default=[], metavar="NAME", help="only this world; repeatable")
    parser.add_argument("--benchmark", default="", metavar="ID", help="such as cis-azure-2.0.0")
    parser.add_argument("--decisions", default="", metavar="FILE", help="the decisions, instead of the settings'")
    parser.add_argument("--document", default="", metavar="FILE", help="the document, instead of the settings'")
    parser.add_argument("--plan", default="", metavar="FILE", help="read a plan (terraform show -json) instead")
    _settings(parser)


def _platform(parser: argparse.ArgumentParser) -> None:
    """What commands take that can look at a platform before it exists."""
    about = "flowehr or eudcc, instead of a folder"
    parser.add_argument("--platform", type=_given, metavar="NAME", help=about)
    _config(parser)


def _config(parser: argparse.ArgumentParser) -> None:
    about = "a configuration of your own; repeatable, a later file lies over an earlier one"
    parser.add_argument("--config", action="append", type=_given, default=[], metavar="FILE", help=about)


def _given(value: str) -> str:
    """A value that is there: what an unset variable of a shell leaves would silently ask for something else."""
    if not value:
        raise argparse.ArgumentTypeError("it is empty")
    return value


def _settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--settings", default="", metavar="FILE", help="instead of the ringfence.toml in the folder")
    parser.add_argument("--inherit-env", action="store_true", help="the shell's environment belongs to every world")
