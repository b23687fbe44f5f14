"""Claims of one's own: sentences about the whole platform, kept beside the decisions and tried at every run.

    claims:
      - claim: No data is accessible over the public internet
        unreachable: {from: internet, to: kind data-store}
        worlds: prod

Each is a question to the estate and what its answers must be; `ringfence.claims` asks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.adherence.decisions import matches
from ringfence.adherence.read_yaml import load_file, refuse_keys, text_of, texts_of
from ringfence.errors import InputError, UsageError
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ringfence.model.origin import Origin
    from ringfence.model.verdict import Outcome
    from ringfence.yaml_lines import Node

Form: TypeAlias = Literal["unreachable", "reachable", "only", "sealed-without", "logged", "kept", "unexposed"]

FORMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "unreachable": (("from", "to"), ("by", "except")),
    "reachable": (("from", "to"), ("by",)),
    "only": (("can", "on"), ("principals", "escalated")),
    "sealed-without": (("on", "without"), ()),
    "logged": (("on",), ("categories", "to", "days")),
    "kept": (("on",), ("by", "protection")),
    "unexposed": (("to",), ("from", "as", "in")),
}
"""By form: the words that it needs, and those that it may have."""

SEVERAL = ("from", "to", "on", "principals", "categories", "except")
"""The words that may have several texts; what is logged goes to one place."""

_VALUES: dict[tuple[str, str], tuple[str, ...]] = {
    ("unreachable", "by"): ("any", "name"),
    ("reachable", "by"): ("name", "any"),
    ("kept", "by"): ("customer", "platform"),
    ("kept", "protection"): ("hsm", "software"),
    ("only", "escalated"): ("true", "false", "yes", "no"),
}
"""By form and word: what it may be."""

_SHAPE = "Write: claims: [{claim: No data is on the internet, unreachable: {from: internet, to: kind data-store}}]"


@record()
class Sentence:
    """One claim: a form, and its words, each with one text or several."""

    text: str
    form: Form
    words: Mapping[str, tuple[str, ...]]
    worlds: tuple[str, ...] = ()
    """Empty for all."""
    file: str = ""
    line: int = 0

    def in_world(self, world: str) -> bool:
        return not self.worlds or any(matches(p, world) for p in self.worlds)

    def word(self, name: str) -> str:
        """The one text of a word, "" when it is not there."""
        return next(iter(self.words.get(name, ())), "")


@record()
class Contrary:
    """One answer that contradicts a claim, or leaves it open."""

    outcome: Outcome
    text: str
    origin: Origin | None = None


@record()
class Held:
    """What was found of a claim in one world: "pass" when it holds; "not applicable" when it concerns nothing there."""

    sentence: Sentence
    world: str
    outcome: Outcome
    answers: int = 0
    """How many answers it rests on."""
    why: str = ""
    contrary: tuple[Contrary, ...] = field(default=())
    """The answers by which it fails or stays open, worst first."""


def read_sentences(path: Path, shown: str = "") -> tuple[Sentence, ...]:
    """The claims in a decisions file, in its order; () when it has none.

    Raises:
        InputError: something in it is not right; the message has file and line.
    """
    name = shown or str(path)
    return _all(load_file(path, name), name)


def parse_sentences(content: str, name: str) -> tuple[Sentence, ...]:
    """The claims in the text of a decisions file; () when it has none.

    Raises:
        InputError: something in it is not right; the message has `name` and line.
    """
    from ringfence.yaml_lines import parse

    return _all(parse(content, name), name)


def _all(top: Node | None, name: str) -> tuple[Sentence, ...]:
    nodes = top.get("claims") if top is not None and top.is_mapping else None
    if nodes is None:
        return ()
    if not nodes.is_list:
        raise InputError("a list of claims is expected here", where=f"{name}:{nodes.line}", hint=_SHAPE)
    return tuple(_sentence(node, name) for node in nodes.items)


def sentence(form: str, words: Mapping[str, tuple[str, ...]]) -> Sentence:
    """A claim that is written in code.

    Raises:
        UsageError: there is no such form, or it has other words.
    """
    if form not in FORMS:
        raise UsageError(f"there is no claim {form}", hint=f"The claims are {', '.join(FORMS)}.")
    needed, allowed = FORMS[form]
    wrong = [w for w in words if w not in (*needed, *allowed)] or [w for w in needed if not words.get(w)]
    if wrong:
        hint = f"It needs {', '.join(needed)}; it may have {', '.join(allowed) or 'nothing else'}."
        raise UsageError(f"the words of {form} are not right: {', '.join(wrong)}", hint=hint)
    for name, texts in words.items():
        if mistake := _mistake(form, name, texts):
            raise UsageError(mistake)
    return Sentence(_said(form, words), form, words)  # type: ignore[arg-type]  # a key of FORMS


def _sentence(node: Node, file: str) -> Sentence:
    where = f"{file}:{node.line}"
    if not node.is_mapping:
        raise InputError("a claim is a mapping", where=where, hint=_SHAPE)
    refuse_keys(node, ("claim", "worlds", "world", *FORMS), file)
    forms = [form for form in FORMS if form in node.keys]
    if len(forms) != 1:
        hint = f"Add one of {', '.join(FORMS)}."
        raise InputError(f"a claim has one form, this one has {len(forms) or 'none'}", where=where, hint=hint)
    words = _words(node.get(forms[0]), forms[0], node.line_of(forms[0]), file)
    worlds = texts_of(node, "worlds", file) or texts_of(node, "world", file)
    text = text_of(node, "claim", file) or _said(forms[0], words)
    return Sentence(text, forms[0], words, worlds, file, node.line)  # type: ignore[arg-type]  # a key of FORMS


def _words(node: Node | None, form: str, line: int, file: str) -> dict[str, tuple[str, ...]]:
    needed, allowed = FORMS[form]
    hint = f"Write {form}: {{{', '.join(f'{w}: …' for w in needed)}}}."
    if node is None or not node.is_mapping:
        raise InputError(f"{form} is a mapping", where=f"{file}:{line}", hint=hint)
    refuse_keys(node, (*needed, *allowed), file)
    words = {key: texts_of(node, key, file) for key in node.keys}
    for word in needed:
        if not words.get(word):
            raise InputError(f"{form} has no {word}", where=f"{file}:{line}", hint=hint)
    for name, texts in words.items():
        if mistake := _mistake(form, name, texts):
            raise InputError(mistake, where=f"{file}:{node.line_of(name)}")
    return words


def _mistake(form: str, name: str, texts: tuple[str, ...]) -> str:
    """What is wrong with the texts of a word; "" when they are right."""
    if len(texts) > 1 and (name not in SEVERAL or (form, name) == ("logged", "to")):
        return f"{name} of {form} is one text, not {len(texts)}"
    if name == "days" and not all(text.isascii() and text.isdigit() for text in texts):
        return f"{name} of {form} is a number of days, not {texts[0]}"
    known = _VALUES.get((form, name), ())
    wrong = [text for text in texts if known and text.casefold() not in known]
    return f"{name} of {form} is {' or '.join(known)}, not {wrong[0]}" if wrong else ""


def _said(form: str, words: Mapping[str, tuple[str, ...]]) -> str:
    """A claim that nobody worded, in its own words: ``unreachable from internet to kind data-store``."""
    return " ".join((form, *(f"{name} {', '.join(texts)}" for name, texts in words.items() if texts)))
