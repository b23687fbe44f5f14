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
from ringfence.model.value import reasons

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.adherence.sentence import Sentence
    from ringfence.documents.ask.row import Row
    from ringfence.model.estate import Estate
    from ringfence.model.verdict import Outcome


def held(sentence: Sentence, estate: Estate) -> Held:
    """What the estate says to a claim. Words that mean nothing in it leave the claim unknown."""
    question, judge = _FORMS[sentence.form]
    world = estate.world.name
    try:
        asked = question(sentence)
        rows, nothing = asked.answer(estate), asked.concerns_nothing(estate)
    except UsageError as error:
        return Held(sentence, world, "unknown", why=str(error))
    judged = [judge(sentence, row) for row in rows]
    contrary = sorted((c for c in judged if c.outcome in ("fail", "unknown")), key=lambda c: c.outcome != "fail")
    if contrary:
        return Held(sentence, world, contrary[0].outcome, len(rows), "", tuple(contrary))
    more = asked.more(estate)
    if more:
        why = f"there may be more that it concerns: {reasons(more)}"
        return Held(sentence, world, "unknown", len(rows), why)
    overlooked = _overlooked(sentence, rows)
    if overlooked:
        return Held(sentence, world, "unknown", len(rows), f"no log of these has the category {', '.join(overlooked)}")
    holds = any(c.outcome == "pass" for c in judged) if sentence.form not in _NOTHING else not nothing
    if not holds:
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


def _is(row: Row, wanted: str, told: str) -> Contrary:
    """The row's outcome is the wanted one; "unknown" leaves it open."""
    found = row["outcome"]
    outcome: Outcome = "pass" if found == wanted else "unknown" if found == "unknown" else "fail"
    why = row["why"] or ""
    return Contrary(outcome, f"{told}: {why}" if why else told, _origin(row))


def _unreachable(sentence: Sentence, row: Row) -> Contrary:
    """Denied, to single addresses too unless the claim excepts them."""
    told = f"{row['from']['name']} → {row['to']['name']}/{row['door']} is {row['outcome']}"
    left = [a for a in row["except"] if not any(matches(p, a) for p in sentence.words.get("except", ()))]
    if row["outcome"] == "denied" and left:
        return Contrary("fail", f"{told} except from {', '.join(left)}: {row['why']}", _origin(row))
    return _is(row, "denied", told)


def _reachable(_: Sentence, row: Row) -> Contrary:
    return _is(row, "allowed", f"{row['from']['name']} → {row['to']['name']}/{row['door']} is {row['outcome']}")


def _only(sentence: Sentence, row: Row) -> Contrary:
    """Whoever may, or might, is one of those named, as far as is known who it is.

    A group that is named stands for members of whom nothing is declared; where it is not known which of those
    declared are in it, they may be others than are named.
    """
    principal = row["principal"]
    verb = {"yes": "may", "unknown": "might"}.get(row["outcome"], "may not")
    told = f"{principal['kind']} {principal['name']} {verb} {row['can']} {row['on']['name']}"
    if _is_named(sentence, principal):
        open_ = row["members"] and not principal["key"].startswith("external:")
        return Contrary("unknown", f"{told}: {row['members']}", _origin(row)) if open_ else Contrary("pass", told)
    found = _is(row, "no", told)
    if principal["anyone"] and principal["key"] and found.outcome == "fail" and sentence.words.get("principals"):
        return Contrary("unknown", f"{told}, and may be one of those named", _origin(row))
    return found


def _is_named(sentence: Sentence, principal: Row) -> bool:
    """A word of the claim is its name; somebody of whom nothing is known has none."""
    key = principal["key"]
    names = (principal["name"], key, key.partition("#")[2]) if key else ()
    return any(matches(p, name) for p in sentence.words.get("principals", ()) for name in names if name)


def _sealed(_: Sentence, row: Row) -> Contrary:
    return _is(
        row, "sealed", f"{_store(row)} is {row['outcome'].replace('not', 'not sealed')} without {row['without']}"
    )


def _kept(sentence: Sentence, row: Row) -> Contrary:
    """The store is under the kind of key that is claimed, held where it is claimed."""
    by = sentence.word("by") or "customer"
    whose = "a key of which it is not known whose it is" if row["key_by"] == "unknown" else f"a {row['key_by']} key"
    found = Contrary(_same(row["key_by"], by), f"{_store(row)} is under {whose}", _origin(row))
    wanted = sentence.word("protection")
    if found.outcome != "pass" or not wanted:
        return found
    held = row["protection"]["in"] if row["protection"] else "unknown"
    return Contrary(_same(held, wanted), f"the key of {_store(row)} is held in {held}", _origin(row))


def _same(found: str, wanted: str) -> Outcome:
    if found == "unknown":
        return "unknown"
    return "pass" if found.casefold() == wanted.casefold() else "fail"


def _store(row: Row) -> str:
    name = row["store"]["name"] if row["store"] else "a store"
    return f"{name}, {row['part']}," if row["part"] else str(name)


def _logged(sentence: Sentence, row: Row) -> Contrary:
    """Each category, or each that is claimed, is sent, to where and for as long as is claimed."""
    wanted = [c.casefold() for c in sentence.words.get("categories", ())]
    if row["outcome"] == "not applicable" or (wanted and str(row["category"]).casefold() not in wanted):
        return Contrary("not applicable", "")
    told = f"{row['category']} of {row['resource']['name']} is {row['outcome']}"
    found = _is(row, "sent", told)
    return _where(sentence, row) if found.outcome == "pass" else found


def _overlooked(sentence: Sentence, rows: list[Row]) -> list[str]:
    """The categories that are claimed and that nothing has: perhaps they are spelled otherwise."""
    if sentence.form != "logged" or not rows:
        return []
    known = {str(row["category"]).casefold() for row in rows}
    return [c for c in sentence.words.get("categories", ()) if c.casefold() not in known]


def _where(sentence: Sentence, row: Row) -> Contrary:
    """One of the destinations is the claimed one, and keeps it for the claimed number of days."""
    to, days = sentence.word("to"), sentence.word("days")
    places = [p for p in row["to"] if not to or any(matches(to, p[f]) for f in ("name", "key", "kind"))]
    told = f"{row['category']} of {row['resource']['name']}"
    if not places:
        return Contrary("fail", f"{told} is not sent to {to}", _origin(row))
    if not days:
        return Contrary(
            "pass" if any(p["sure"] for p in places) else "unknown", f"{told} is perhaps sent", _origin(row)
        )
    kept = [_long_enough(place, int(days)) for place in places]
    outcome: Outcome = "pass" if "pass" in kept else "unknown" if "unknown" in kept else "fail"
    shown = ", ".join(f"{p['name']}: {p['days']} days" for p in places)
    return Contrary(outcome, f"{told} is to be kept for {days} days; {shown}", _origin(row))


def _long_enough(place: Row, days: int) -> Outcome:
    kept = place["days"]
    if not isinstance(kept, int):
        words: dict[str, Outcome] = {"for ever": "pass", "unknown": "unknown"}
        return words.get(kept, "fail")
    return ("pass" if place["sure"] else "unknown") if kept >= days else "fail"


def _unexposed(_: Sentence, row: Row) -> Contrary:
    told = f"{row['can']} {row['thing']['name']}"
    outcome: Outcome = "fail" if row["outcome"] == "exposed" else "unknown"
    return Contrary(outcome, f"{told}: {row['why']}", _origin(row))


def _origin(row: Row) -> Origin | None:
    found: Any = row["origin"]
    return Origin(found["file"], found["line"]) if found else None


_FORMS: dict[str, tuple[Callable[[Sentence], Question], Callable[[Sentence, Row], Contrary]]] = {
    "unreachable": (_reach, _unreachable),
    "reachable": (_reach, _reachable),
    "only": (_access, _only),
    "sealed-without": (_custody, _sealed),
    "kept": (_custody, _kept),
    "logged": (_logs, _logged),
    "unexposed": (_exposure, _unexposed),
}
"""By form: the question, and what each of its answers must be."""

_NOTHING = ("only", "unexposed")
"""The forms that hold when there is no answer at all."""
