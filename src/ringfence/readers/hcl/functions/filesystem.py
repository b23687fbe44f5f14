"""Files and paths. Only what lies in the repository is read; the callbacks of the context see the overlay.

Sources: github.com/hashicorp/terraform v1.11.4 internal/lang/funcs/filesystem.go; github.com/bmatcuk/doublestar v1.1.5.
"""

from __future__ import annotations

import os.path
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply, Set, is_symbol
from ringfence.readers.hcl.functions.encoding import encoded
from ringfence.readers.hcl.functions.hash import digest
from ringfence.readers.hcl.functions.signature import Body, Function, Param, Refused, Topic, nfc, string, within

if TYPE_CHECKING:
    from ringfence.model.symbol import Error, Value
    from ringfence.readers.hcl.functions import Context

FUNCTIONS = Topic()
_PATH = string("path")


_NO_FILE = "there is no file"
_OUTSIDE = "outside the repository"


def is_missing(error: Error) -> bool:
    """True when the error is that a file is not in the repository."""
    return _NO_FILE in error.reason or _OUTSIDE in error.reason


def _located(context: Context, path: str) -> str:
    """The absolute path."""
    return os.path.normpath(os.path.join(context.root, path))


def _inside(context: Context, path: str) -> bool:
    """True when the path, links followed, stays in the repository."""
    repository = os.path.normpath(context.repository)
    if not _below(path, repository):
        return False
    return _below(os.path.realpath(path), os.path.realpath(repository))


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _bytes(context: Context, path: str) -> bytes:
    if path.startswith("~"):
        raise Refused(f'"{path}" is in a home directory, {_OUTSIDE}')
    found = _located(context, path)
    if not _inside(context, found):
        raise Refused(f'"{path}" is {_OUTSIDE} and is not read')
    data = context.read(Path(found))
    if data is None:
        raise Refused(f'{_NO_FILE} "{path}"')
    return data


def _text(context: Context, path: str) -> str:
    try:
        return _bytes(context, path).decode()
    except UnicodeDecodeError:
        raise Refused(f'the file "{path}" is not UTF-8; filebase64 reads it') from None


@FUNCTIONS.plain(_PATH, sees=True)
def file(context: Context, path: str) -> Value:
    """The content of the file."""
    return _text(context, path)


@FUNCTIONS.plain(_PATH, sees=True)
def filebase64(context: Context, path: str) -> Value:
    """The bytes of the file in base64."""
    return encoded(_bytes(context, path))


def _digest(algorithm: str, hexadecimal: bool) -> Body:
    def body(context: Context, path: str) -> Value:
        found = digest(algorithm, _bytes(context, path))
        return found.hex() if hexadecimal else encoded(found)

    return body


for _name, _algorithm, _hexadecimal in (
    ("filemd5", "md5", True),
    ("filesha1", "sha1", True),
    ("filesha256", "sha256", True),
    ("filesha512", "sha512", True),
    ("filebase64sha256", "sha256", False),
    ("filebase64sha512", "sha512", False),
):
    FUNCTIONS[_name] = Function(_name, (_PATH,), None, _digest(_algorithm, _hexadecimal), structural=False, sees=True)


@FUNCTIONS.plain(_PATH, sees=True)
def fileexists(context: Context, path: str) -> Value:
    """Whether there is such a file; kept as a call for a path outside the repository, which is not looked at."""
    found = _located(context, path)
    if path.startswith("~") or not _inside(context, found):
        return Apply("fileexists", (path,))
    if context.exists(Path(found)):
        return True
    if os.path.isdir(found):
        raise Refused(f'"{path}" is a directory')
    return False


@FUNCTIONS.plain(_PATH, string("pattern"), sees=True)
def fileset(context: Context, path: str, pattern: str) -> Value:
    """The files that match the pattern, by their paths from `path`."""
    base = _located(context, path)
    wanted = os.path.normpath(os.path.join(base, pattern))
    start = _static(wanted)
    if not _inside(context, start):
        return Apply("fileset", (path, pattern))
    matches = _matcher(wanted)
    found = [str(f) for f in context.list(Path(start)) if matches.match(str(f)) and _inside(context, str(f))]
    within(len(found), "files")
    return Set(sorted(nfc(os.path.relpath(f, base)) for f in found))


def _static(pattern: str) -> str:
    """The directory above the first part of the pattern that may match several."""
    parts = pattern.split("/")
    first = next((i for i, part in enumerate(parts) if re.search(r"[*?\[{\\]", part)), len(parts) - 1)
    return "/".join(parts[:first]) or "/"


def _matcher(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression: ``**`` stands for any directories, or at the end for anything below."""
    parts = pattern.strip("/").split("/")
    found = []
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        if part == "**":
            found.append("/.*" if last else "(?:/[^/]+)*")
        else:
            found.append("/" + _component(part))
    try:
        return re.compile("".join(found) + r"\Z", re.DOTALL)
    except re.error:
        raise Refused(f'the pattern "{pattern}" is wrong') from None


def _component(part: str) -> str:
    found, at, depth = "", 0, 0
    while at < len(part):
        char = part[at]
        at += 1
        if char == "*":
            at += len(part[at:]) - len(part[at:].lstrip("*"))
            found += "[^/]*"
        elif char == "?":
            found += "[^/]"
        elif char == "[":
            piece, at = _class(part, at)
            found += piece
        elif char in "{}," and (depth or char == "{"):
            depth += {"{": 1, "}": -1}.get(char, 0)
            found += {"{": "(?:", "}": ")"}.get(char, "|")
        else:
            if char == "\\":
                char, at = part[at : at + 1], at + 1
            found += re.escape(char)
    if depth:
        raise Refused("a { in the pattern is not closed")
    return found


def _class(part: str, at: int) -> tuple[str, int]:
    """The class of characters that begins after a bracket, and where it ends."""
    end = part.find("]", at + 1)
    if end < 0:
        raise Refused("a [ in the pattern is not closed")
    content = part[at:end]
    negative = content[:1] == "^"
    escaped = re.sub(r"([\[\]^&~|])", r"\\\1", content[1:] if negative else content)
    return f"[{'^/' if negative else ''}{escaped}]", end + 1


@FUNCTIONS.structural(_PATH, Param("vars"), sees=True)
def templatefile(context: Context, path: Value, variables: Value) -> Value:
    """The file evaluated as a template with the variables."""
    if is_symbol(path) or is_symbol(variables):
        return Apply("templatefile", (path, variables))
    if not isinstance(variables, dict):
        raise Refused("argument vars must be a map or an object")
    return context.template(_text(context, str(path)), variables, str(path))


@FUNCTIONS.plain(_PATH, sees=True)
def abspath(context: Context, path: str) -> Value:
    """The absolute path, as seen from the root module's directory."""
    return _located(context, path)


@FUNCTIONS.plain(_PATH)
def basename(path: str) -> Value:
    """The last part of the path."""
    return os.path.basename(path.rstrip("/")) or ("/" if path else ".")


@FUNCTIONS.plain(_PATH)
def dirname(path: str) -> Value:
    """All but the last part of the path."""
    directory = path[: path.rfind("/") + 1]
    return re.sub(r"^//", "/", os.path.normpath(directory)) if directory else "."


@FUNCTIONS.plain(_PATH)
def pathexpand(path: str) -> Value:
    """The path; kept as a call when it begins with a home directory, which differs from machine to machine."""
    return Apply("pathexpand", (path,)) if path.startswith("~") else path
