"""Whether a claim of one's own holds: its question is asked, and each answer must be as the claim says.

Here claims and questions meet; `adherence.sentence` has their forms, `ask` the answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.adherence.decisions import matches
from ringfence.adherence.sentence import Contrary, Held
from ringfence.ask import Question
from ringfence.errors import UsageError
from ringfence.model.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.adherence.sentence import Sentence
    from ringfence.ask import Row
    from ringfence.model.estate import Estate
    from ringfence.model.verdict import Outcome


def held(sentence: Sentence, estate: Estate) -> Held:
    """What the estate says to a claim. Words that mean nothing in it leave the claim unknown."""
    question, judge = _FORMS[sentence.form]
    world = estate.world.name
    try:
        rows = question(sentence).answer(estate)
    except UsageError as error:
        return Held(sentence, world, "unknown", why=str(error))
    contrary = [c for row in rows if (c := judge(sentence, row)).outcome != "pass"]
    contrary.sort(key=lambda c: c.outcome != "fail")
    if contrary:
        return Held(sentence, world, contrary[0].outcome, len(rows), "", tuple(contrary))
    if not rows and sentence.form != "only":
        return Held(sentence, world, "not applicable", why="there is nothing that it concerns")
    return Held(sentence, world, "pass", len(rows))


# -- the questions


def _reach(sentence: Sentence) -> Question:
    by_name = sentence.word("by") == "name" or (sentence.form == "reachable" and not sentence.word("by"))
    return Question("reach", source=sentence.words["from"], to=sentence.words["to"], any=not by_name)


def _access(sentence: Sentence) -> Question:
    escalated = sentence.word("escalated").casefold() in ("true", "yes")
    return Question("access", can=sentence.word("can"), on=sentence.words["on"], escalated=escalated)


def _custody(sentence: Sentence) -> Question:
    return Question("custody", on=sentence.words["on"], seal=sentence.word("without"))


def _logs(sentence: Sentence) -> Question:
    return Question("logs", on=sentence.words["on"])


def _exposure(sentence: Sentence) -> Question:
    words = sentence.words
    source = words.get("from", ()) or (() if "as" in words or "in" in words else ("internet",))
    return Question(
        "exposure", source=source, to=words["to"], principal=sentence.word("as"), workload=sentence.word("in")
    )


# -- the answers


def _is(row: Row, wanted: str, *, field: str = "outcome") -> Contrary:
    """The row's outcome is the wanted one; "unknown" leaves it open."""
    found = row[field]
    outcome: Outcome = "pass" if found == wanted else "unknown" if found == "unknown" else "fail"
    return Contrary(outcome, _text(row), _origin(row))


def _unreachable(_: Sentence, row: Row) -> Contrary:
    return _is(row, "denied")


def _reachable(_: Sentence, row: Row) -> Contrary:
    return _is(row, "allowed")


def _only(sentence: Sentence, row: Row) -> Contrary:
    """Whoever may, or might, is one of those named."""
    names = (row["principal"]["name"], row["principal"]["key"], row["principal"]["key"].partition("#")[2])
    named = any(matches(pattern, name) for pattern in sentence.words.get("principals", ()) for name in names)
    outcome: Outcome = (
        "pass" if named or row["outcome"] == "no" else "unknown" if row["outcome"] == "unknown" else "fail"
    )
    return Contrary(outcome, _text(row), _origin(row))


def _text(row: Row) -> str:
    return str(row.get("summary") or row.get("why") or "")


def _origin(row: Row) -> Origin | None:
    found: Any = row.get("origin")
    return Origin(found["file"], found["line"]) if found else None


_FORMS: dict[str, tuple[Callable[[Sentence], Question], Callable[[Sentence, Row], Contrary]]] = {
    "unreachable": (_reach, _unreachable),
    "reachable": (_reach, _reachable),
    "only": (_access, _only),
}
"""By form: the question, and what each of its answers must be."""
