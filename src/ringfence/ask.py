"""Questions to the estate: words become places, resources and principals, answers become rows.

Here questions and readers meet, as in `prove`; the command line and the pytest plugin ask through it. A row is plain
data, one answer: the shape of ``ringfence ask --format json``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ringfence.documents.ask.row import Reply
from ringfence.errors import AbsentError, UsageError
from ringfence.record import record, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ringfence.config import Settings
    from ringfence.documents.ask.row import Row
    from ringfence.model.estate import Estate
    from ringfence.model.value import Need
    from ringfence.model.world import Change, Problem
    from ringfence.prove import Request
    from ringfence.questions.select import Thing


@record()
class Question:
    """What is asked; each question takes the words that concern it and refuses the others."""

    name: str
    """"reach", "access", "custody", "logs" or "exposure"."""
    source: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    any: bool = False
    can: str = ""
    on: tuple[str, ...] = ()
    principal: str = ""
    escalated: bool = False
    need: tuple[str, ...] = ()
    workload: str = ""
    seal: str = ""

    def answer(self, estate: Estate) -> list[Row]:
        """The rows of one estate.

        Raises:
            UsageError: words that mean nothing in the estate, or that the question has no use for.
        """
        if self.name not in _QUESTIONS:
            raise UsageError(f"there is no question {self.name}", hint=f"The questions are {', '.join(_QUESTIONS)}.")
        answer, words = _QUESTIONS[self.name]
        for word in (f for f in _WORDS if getattr(self, f) and f not in words):
            hint = f"It takes {', '.join(_WORDS[w] for w in words)}."
            raise UsageError(f"ask {self.name} has no use for {_WORDS[word]}", hint=hint)
        try:
            return answer(estate, self)
        except _NoneOfItError:
            return []

    def concerns_nothing(self, estate: Estate) -> bool:
        """The things that it is about are of a kind or type of which the estate has none."""
        texts = self.to or self.on
        return bool(texts) and not _selected(estate, texts)

    def more(self, estate: Estate) -> tuple[Need, ...]:
        """What would tell whether the words mean more than was found, since some of the estate was not read."""
        from ringfence.questions import select
        from ringfence.questions.reach import places

        things = (*self.to, *self.on, *(need.partition(":")[2] for need in self.need), *filter(None, (self.seal,)))
        if not things and self.name not in ("access", "exposure"):  # those say so in a row
            things = ("*",)
        found = [need for text in things for need in select.more(estate, text)]
        found += [need for text in self.source for need in places.more(estate, text)]
        if any(c in self.principal + self.workload for c in "*?"):
            found += estate.unread
        return tuple(dict.fromkeys(found))


@record()
class Supposition:
    """A what-if in words: the names of what is left out, and files as ``[ROOT=]FILE.tf``."""

    without: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def change(self, estate: Estate) -> Change:
        """The change that it means to an estate."""
        from ringfence.model.world import Change

        keys = tuple(key for text in self.without for key in _left_out(estate, text))
        return Change(keys, tuple(_laid(estate, text) for text in self.files))


def ask(question: Question, request: Request, supposed: Supposition | None = None) -> list[Reply]:
    """The answers in each world asked for; with a supposition, also what they would be.

    Raises:
        AbsentError: a name means nothing in any of the worlds.
        RingfenceError: something that was given cannot be used.
    """
    from ringfence.prove import estates, settings_of

    settings = settings_of(request)
    replies, absent = [], []
    for estate in estates(request, settings):
        rows, more, error = _answered(question, estate)
        problems = tuple(estate.ledger.problems)
        reply = Reply(estate.world.name, estate, rows, None, problems, error.message if error else "", more)
        if supposed:
            reply = _supposing(supposed, reply, question, request, settings)
        replies.append(reply)
        absent += [error] if error and reply.absent else []
    if absent and len(absent) == len(replies):
        raise absent[0]
    return _excused(replies, supposed.without) if supposed else replies


def _excused(replies: list[Reply], without: tuple[str, ...]) -> list[Reply]:
    """The replies; what one world has is no error where another has it not, and so cannot leave it out."""
    nowhere = {t: [_is_nowhere(t, r) for r in replies] for t in without}
    known = [t for t, found in nowhere.items() if not all(found)]
    return [
        replace(r, problems=tuple(replace(p, severity="warning") if _says(known, p) else p for p in r.problems))
        for r in replies
    ]


def _is_nowhere(text: str, reply: Reply) -> bool:
    return any(_says([text], problem) for problem in reply.problems)


def _says(texts: list[str], problem: Problem) -> bool:
    return any(problem.message.startswith(f"{text} is declared nowhere in world ") for text in texts)


def _answered(question: Question, estate: Estate) -> tuple[list[Row], tuple[Need, ...], AbsentError | None]:
    """The rows and why there may be more, or none and which name means nothing in this world."""
    try:
        return question.answer(estate), question.more(estate), None
    except AbsentError as error:
        return [], (), error


def _supposing(supposed: Supposition, reply: Reply, question: Question, request: Request, settings: Settings) -> Reply:
    from ringfence.prove import estates

    change = supposed.change(reply.estate)
    worlds = tuple(replace(w, change=change) for w in settings.worlds if w.name == reply.world)
    estate = next(iter(estates(replace(request, worlds=()), replace(settings, worlds=worlds))))
    problems = tuple(dict.fromkeys((*reply.problems, *estate.ledger.problems)))
    rows, more, error = _answered(question, estate)
    return replace(reply, supposed=rows, problems=problems, absent=reply.absent if error else "", more=more)


def _left_out(estate: Estate, text: str) -> tuple[str, ...]:
    """The keys of what a name means; an address as it stands, since not all that is declared is a resource."""
    from ringfence.questions.select import named

    found = named(estate, text)
    return tuple(r.key for r in found) or (text,)


def _laid(estate: Estate, text: str) -> tuple[str, str]:
    """(root, file): the root may be left out when there is only one."""
    root, given, file = text.rpartition("=")
    roots = sorted({r.root for r in estate.resources.values() if r.origin.file})
    if not given and len(roots) != 1:
        hint = f"Write --with ROOT={text}; the roots are {', '.join(roots)}."
        raise UsageError(f"{text} may belong to any of {len(roots)} roots", hint=hint)
    root = root.strip("/").removeprefix("./") or "." if given else roots[0]
    if root not in roots:
        raise UsageError(f"there is no root {root}", hint=f"The roots are {', '.join(roots)}.")
    if not Path(file).is_file():
        raise UsageError(f"there is no file {file}", hint="Write --with [ROOT=]FILE.tf.")
    return root, file


# -- the questions


def _reach(estate: Estate, asked: Question) -> list[Row]:
    from ringfence.documents.ask.reach import rows
    from ringfence.questions.reach.places import places
    from ringfence.questions.reach.reach import answers

    begin = [p for text in asked.source or ("internet",) for p in places(estate, text)]
    ends = _things(estate, asked.to)
    found = answers(estate, begin, ends, by="any" if asked.any else "name")
    if ends and not found:
        raise UsageError(f"nothing connects to {' or '.join(asked.to)}", hint=_CONNECTED)
    return rows(found, estate)


_CONNECTED = """It has no data plane and no port. Name the service, cluster, machine or private endpoint instead;
  ringfence ask exposure --from internet tells which workloads stand behind an ingress."""


def _access(estate: Estate, asked: Question) -> list[Row]:
    from ringfence.documents.ask.access import rows
    from ringfence.questions.access.answers import answers

    needs = [need for text in asked.need for need in _needs(estate, text)]
    on = _things(estate, asked.on)
    return rows(answers(estate, asked.can, on, asked.principal, escalated=asked.escalated, needs=needs))


def _needs(estate: Estate, text: str) -> list[tuple[str, Thing]]:
    verb, mark, thing = text.partition(":")
    if not mark or not verb.strip() or not thing.strip():
        raise UsageError(f"{text} is no need", hint="Write VERB:WHAT, such as read:kv1/secrets/dsc.")
    return [(verb.strip(), found) for found in _selected(estate, (thing,))]


def _custody(estate: Estate, asked: Question) -> list[Row]:
    from ringfence.documents.ask.custody import rows
    from ringfence.questions.custody.custody import answers
    from ringfence.questions.custody.seal import sealed_without

    found = answers(estate, _things(estate, asked.on)) if asked.on or not asked.seal else []
    if not asked.seal:
        return rows(found)
    return rows(seal for thing in _selected(estate, (asked.seal,)) for seal in sealed_without(estate, thing, found))


def _logs(estate: Estate, asked: Question) -> list[Row]:
    from ringfence.documents.ask.logs import rows
    from ringfence.questions.logs.logs import answers

    return rows(answers(estate, _things(estate, asked.on)))


def _exposure(estate: Estate, asked: Question) -> list[Row]:
    from ringfence.documents.ask.exposure import rows
    from ringfence.questions.access.people import people
    from ringfence.questions.exposure.exposure import exposure, named
    from ringfence.questions.reach.places import places

    begin = [p for text in asked.source for p in places(estate, text)]
    who = people(estate, asked.principal) if asked.principal else ()
    taken = named(estate, asked.workload) if asked.workload else ()
    return rows(exposure(estate, begin, who, taken, _things(estate, asked.to)))


class _NoneOfItError(Exception):
    """The words are a kind or type of which the estate has none: there is no answer, rather than one for everything."""


def _things(estate: Estate, texts: tuple[str, ...]) -> list[Thing]:
    """What the words mean, each once; no words mean all that concern the question."""
    found = _selected(estate, texts)
    if texts and not found:
        raise _NoneOfItError
    return found


def _selected(estate: Estate, texts: Iterable[str]) -> list[Thing]:
    from ringfence.questions.select import select

    return list({t.key: t for text in texts for t in select(estate, text)}.values())


_WORDS = {
    "source": "--from",
    "to": "--to",
    "any": "--any",
    "can": "--can",
    "on": "--on",
    "principal": "--as",
    "escalated": "--escalated",
    "need": "--need",
    "workload": "--in",
    "seal": "--sealed-without",
}
"""The words of all questions, as they are written on the command line."""

_QUESTIONS: dict[str, tuple[Callable[[Estate, Question], list[Row]], tuple[str, ...]]] = {
    "reach": (_reach, ("source", "to", "any")),
    "access": (_access, ("can", "on", "principal", "escalated", "need")),
    "custody": (_custody, ("on", "seal")),
    "logs": (_logs, ("on",)),
    "exposure": (_exposure, ("source", "to", "principal", "workload")),
}
"""By name: what answers it, and the words it takes."""
