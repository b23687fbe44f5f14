"""The JSON document of ``terraform show -json``: a plan or a state, format 1.x.

Owns opening it and saying what is wrong with it; everything after this may trust its outline.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from ringfence.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

Json: TypeAlias = dict[str, Any]

LARGEST = 512 * 1024 * 1024
"""Bytes. The plan of 10,000 resources has about 100 MB."""

_MAKE = "Write it with: terraform show -json PLANFILE > plan.json"


def load(path: Path) -> Json:
    """The document, known to be a plan or a state of a format that we read.

    Raises:
        InputError: it is something else; the message says what to do.
    """
    where = path.as_posix()
    try:
        document = json.loads(_text(path, where), parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise InputError(f"this is not JSON: {error.msg}", where=f"{where}:{error.lineno}", hint=_MAKE) from None
    except RecursionError:
        raise InputError("the JSON is nested too deeply to be a plan", where=where, hint=_MAKE) from None
    if not isinstance(document, dict) or not isinstance(document.get("format_version"), str):
        raise InputError(_mistaken(document), where=where, hint=_MAKE)
    _refuse_version(document["format_version"], where)
    _check_outline(document, where)
    return document


def _text(path: Path, where: str) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(
                f"the file is larger than {LARGEST >> 20} MB", where=where, hint="Plan one root at a time."
            )
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=where) from None
    if content[:2] == b"PK":
        raise InputError("this is Terraform's binary plan", where=where, hint=_MAKE)
    try:
        # PowerShell's ">" writes UTF-16
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 (byte {error.start})", where=where, hint=_MAKE) from None


def _mistaken(document: object) -> str:
    """What the document is instead of a plan, where it can be recognised."""
    if isinstance(document, dict) and "terraform_version" in document and "serial" in document:
        return "this is a raw state file"
    if isinstance(document, dict) and "@level" in document:
        return "this is the log of terraform plan -json"
    return "this is no plan or state: it has no format_version"


def _refuse_version(version: str, where: str) -> None:
    if version.partition(".")[0] != "1":
        hint = "Format 1.x is read, which Terraform 1.0 and later write."
        raise InputError(f"format_version {version} is not known", where=where, hint=hint)


_OUTLINE = {
    "resource_changes": list,
    "configuration": dict,
    "prior_state": dict,
    "planned_values": dict,
    "values": dict,
    "checks": list,
}


def _check_outline(document: Json, where: str) -> None:
    for name, kind in _OUTLINE.items():
        if document.get(name) is not None and not isinstance(document[name], kind):
            raise InputError(f"{name} is not a JSON {_WORDS[kind]}", where=where, hint=_MAKE)


_WORDS = {list: "array", dict: "object"}


def is_plan(document: Json) -> bool:
    """False for a state."""
    return "resource_changes" in document or "planned_values" in document
