"""The command line: parse, call, print. What a command does is elsewhere; here it meets a person.

Results go to stdout, everything else to stderr. Every error is one message that says what to do next.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

CRASHED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status (docs/cli.md lists them)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given in (["--version"], ["-V"]):  # answered before anything is imported
        return _version()
    debug = "--debug" in given
    try:
        return _flushed(_run(given))
    except BrokenPipeError:
        return _unheard()
    except KeyboardInterrupt:
        return _told("ringfence: interrupted", 130)
    except Exception as error:
        return _failed(error, debug=debug)


def script() -> NoReturn:
    """The command of a terminal: runs `main` and ends the process as it stands.

    An estate is made once and kept to the end: collecting while it grows, and taking it apart before the process
    goes, would cost a fifth of the time of a large one.
    """
    import gc
    import os

    gc.disable()
    status = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        status = _unheard()
    os._exit(status)


def _version() -> int:
    from ringfence import __version__

    print(f"ringfence {__version__}")
    return 0


def _run(given: list[str]) -> int:
    from ringfence.cli.arguments import parse

    options = parse(given)
    run = options.run
    return int(run(options))


def _flushed(status: int) -> int:
    sys.stdout.flush()
    return status


def _unheard() -> int:
    """Whoever read the output has gone: that is no mistake, and nothing more is said."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 141


def _failed(error: Exception, *, debug: bool) -> int:
    from ringfence.errors import RingfenceError

    if debug:
        import traceback

        traceback.print_exc()
    if isinstance(error, RingfenceError):
        return _told(f"ringfence: {error}", error.exit_code)
    if isinstance(error, OSError) and error.filename is not None:
        return _told(f"ringfence: {error.filename}: cannot be used: {error.strerror}", RingfenceError.exit_code)
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    report = "please report it, with what --debug adds"
    return _told(f"ringfence: crashed: {what} (this is our mistake: {report})", CRASHED)


def _told(message: str, status: int) -> int:
    print(message, file=sys.stderr)
    return status


if __name__ == "__main__":
    script()
