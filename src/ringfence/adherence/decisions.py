"""Decisions: what a team has said about rows that fail, kept in a YAML file beside the Terraform.

A decision changes the status of a row, never its verdict. The file is read event by event, so that every mistake has
a line, ``item: 3.10`` stays "3.10", and anchors cannot blow it up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.adherence.read_yaml import load_file, refuse_keys, text_of, texts_of
from ringfence.errors import InputError
from ringfence.record import record

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ringfence.model.resource import Resource
    from ringfence.yaml_lines import Node

Word: TypeAlias = Literal["accept", "todo", "not-applicable"]

WORDS: dict[str, Word] = {
    "accept": "accept",
    "todo": "todo",
    "not-applicable": "not-applicable",
    "not applicable": "not-applicable",
    "n/a": "not-applicable",
}

KEYS = ("check", "item", "resource", "decision", "reason", "owner", "issue", "level", "review_by", "worlds")


@record()
class Decision:
    """What was decided on the rows of some items (or checks) and resources; patterns know ``*`` and ``?``."""

    word: Word
    checks: tuple[str, ...]
    items: tuple[str, ...]
    resources: tuple[str, ...]
    """Patterns of an address, a key, a name or a kind."""
    reason: str
    owner: str = ""
    issue: str = ""
    review_by: date | None = None
    """The last day on which the decision stands."""
    worlds: tuple[str, ...] = ()
    """Empty for all."""
    file: str = ""
    line: int = 0
    level: str = ""
    """Where it is taken care of instead: "organisation", "management group", "subscription"."""

    def lapsed(self, today: date) -> bool:
        """True when its review is overdue: it then decides nothing."""
        return self.review_by is not None and today > self.review_by

    def names(self, item: str, check: str) -> bool:
        """It concerns the item, or the check."""
        return any(concerns(p, item) for p in self.items) or any(matches(p, check) for p in self.checks)

    def distance(self, item: str, check: str = "") -> int:
        """How closely it names the item or the check: 0 by its own name, 1 by a pattern, 2 by the item's section."""
        if item in self.items or check in self.checks:
            return 0
        by_pattern = any(matches(p, item) for p in self.items) or any(matches(p, check) for p in self.checks)
        return 1 if by_pattern else 2

    def covers(self, resource: Resource) -> bool:
        """One of its patterns is the resource's address, key, name or kind."""
        return any(matches(p, n) for p in self.resources for n in names_of(resource))

    def in_world(self, world: str) -> bool:
        return not self.worlds or any(matches(p, world) for p in self.worlds)

    @property
    def subject(self) -> str:
        """Its items or checks, and its resources, for a report."""
        return f"{', '.join((*self.items, *self.checks))} on {', '.join(self.resources)}"


def names_of(resource: Resource) -> tuple[str, ...]:
    """What a pattern may call a resource: key, address, Azure name, kind, ARM type, Terraform type."""
    kind = type(resource).__name__
    return resource.key, resource.address, resource.title, kind, resource.type, resource.terraform_type


def concerns(pattern: str, item: str) -> bool:
    """The pattern is the item's number, that of a section it is in, or fits it."""
    return matches(pattern, item) or item.startswith(f"{pattern}.")


def matches(pattern: str, text: str) -> bool:
    """``*`` stands for any text and ``?`` for one character, without case; brackets mean themselves."""
    pattern, text = pattern.casefold(), text.casefold()
    if "*" not in pattern and "?" not in pattern:
        return pattern == text
    return _glob(pattern, text)


def _glob(pattern: str, text: str) -> bool:
    """In time that grows with the product of the lengths: a hostile pattern cannot stall a run."""
    at = star = 0
    here, resume = 0, -1
    while here < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, resume = at, here
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[here]):
            at += 1
            here += 1
        elif resume >= 0:
            resume += 1
            at, here = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("*")


def read_decisions(path: Path, shown: str = "") -> tuple[Decision, ...]:
    """The decisions in a file, in its order. `shown` is the path for messages.

    Raises:
        InputError: the file cannot be read, or something in it is not right; the message has file and line.
    """
    name = shown or str(path)
    top = load_file(path, name)
    if top is None:
        return ()
    nodes = top.get("decisions") if top.is_mapping else top
    if nodes is None and top.get("claims") is not None:
        return ()
    if nodes is None or not nodes.is_list:
        raise InputError("a list of decisions is expected here", where=f"{name}:{top.line}", hint=_SHAPE)
    return tuple(_decision(node, name) for node in nodes.items)


_SHAPE = 'Write: decisions: [{item: "3.3", resource: "strg*", decision: accept, reason: …}]'


def _decision(node: Node, file: str) -> Decision:
    where = f"{file}:{node.line}"
    if not node.is_mapping:
        raise InputError("a decision is a mapping", where=where, hint=_SHAPE)
    refuse_keys(node, (*KEYS, "review-by", "world"), file)
    checks, items = texts_of(node, "check", file), texts_of(node, "item", file)
    if not checks and not items:
        raise InputError("a decision names a check or an item", where=where, hint="Add item: or check:.")
    resources = texts_of(node, "resource", file)
    if not resources:
        hint = 'Add resource: with an address, a key, a name or a kind; "*" for all.'
        raise InputError("a decision names a resource", where=where, hint=hint)
    return Decision(
        _word(node, file),
        checks,
        items,
        resources,
        _required(node, "reason", file, "Say why, in a sentence that an auditor can follow."),
        text_of(node, "owner", file),
        text_of(node, "issue", file),
        _date(node, file),
        texts_of(node, "worlds", file) or texts_of(node, "world", file),
        file,
        node.line,
        text_of(node, "level", file),
    )


def _word(node: Node, file: str) -> Word:
    written = _required(node, "decision", file, "It is accept, todo or not-applicable.")
    word = WORDS.get(written.casefold())
    if word is None:
        line = node.line_of("decision")
        raise InputError(
            f'decision "{written}" is none of accept, todo, not-applicable',
            where=f"{file}:{line}",
            hint="accept: it stays so. todo: it will change. not-applicable: it does not concern the resource.",
        )
    return word


def _date(node: Node, file: str) -> date | None:
    from datetime import date

    key = "review_by" if node.get("review_by") is not None else "review-by"
    written = text_of(node, key, file)
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        where = f"{file}:{node.line_of(key)}"
        raise InputError(f'"{written}" is no date', where=where, hint="Write it as 2026-12-31.") from None


def _required(node: Node, key: str, file: str, hint: str) -> str:
    found = text_of(node, key, file)
    if not found:
        raise InputError(f"the decision has no {key}", where=f"{file}:{node.line}", hint=hint)
    return found
