"""The front of a platform's documents: from a name and a configuration to pages, and to the Terraform they point at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ringfence.errors import ConstructError, InputError
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ringfence.adherence.assessment import Assessment
    from ringfence.documents.platform.evidence import Tried
    from ringfence.documents.platform.subject import Subject, Switch
    from ringfence.model.blueprint import Blueprint
    from ringfence.model.estate import Estate


@record(eq=False)
class Described:
    """A platform with its documents."""

    blueprint: Blueprint
    pages: Mapping[str, str]
    """The documents by file name."""
    built: Mapping[str, str]
    """The definition by path, as a build writes it."""


TRIED = "tried.json"
"""The file beside the documents in which `ringfence probe --evidence` wrote what it tried."""


def described(
    name: str, config: tuple[str, ...], definition: str, today: date | None = None, tried: Path | None = None
) -> Described:
    """The documents of the platform's production world, or of a configuration of one's own.

    `definition` is the path that leads from the folder of the documents to that of the Terraform; `today` the day on
    which decisions are judged, this one when it is left out; `tried` the evidence of what was tried, if there is any.

    Raises:
        RingfenceError: the configuration cannot be used, or the documents would say what they must not.
    """
    from ringfence.builders.terraform import build
    from ringfence.declared import blueprint, texts
    from ringfence.documents.platform.pages import pages
    from ringfence.documents.platform.subject import Subject
    from ringfence.documents.switches import table
    from ringfence.provable import provable
    from ringfence.switches import effects, refuse_relaxed

    declared = blueprint(name, "", config)
    refuse_relaxed(declared, config)
    built = build(declared)
    assessment = _assessment(name, config, today)
    seen = evidence(tried, assessment.estates[assessment.worlds[0]]) if tried is not None else None
    subject = Subject(declared, assessment, built.where, definition, switches(name), table(effects(name)), seen)
    files = built.files | provable(declared, texts(name, "", config))
    return _linked(subject, pages(subject), files)


def evidence(path: Path, estate: Estate) -> Tried | None:
    """The evidence in a file, and whether it is about this estate; None where there is no file.

    Raises:
        InputError: it is none.
    """
    import json

    if not path.is_file():
        return None
    from ringfence.documents.platform.evidence import Trial, Tried
    from ringfence.twin.probes.fingerprint import fingerprint

    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        trials = tuple(
            Trial(t["id"], t["says"], t["verdict"], tuple(t["shows"]), t.get("why") or t.get("happened", ""))
            for t in found["trials"]
        )
        current = found["estate"] == fingerprint(estate)
        return Tried(found["time"], tuple(sorted(found["clients"].items())), current, found["note"], trials)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "ringfence probe --evidence FILE writes one."
        raise InputError(f"{path.as_posix()} is no evidence of trials", hint=hint) from error


def _assessment(name: str, config: tuple[str, ...], today: date | None) -> Assessment:
    from ringfence.documents.platform.subject import TITLES
    from ringfence.platforms import folder
    from ringfence.prove import Request, prove

    found = prove(Request(Path(folder(name)), platform=name, config=config, today=today))
    found.system = TITLES.get(name, name)
    return found


def _linked(subject: Subject, found: Mapping[str, str], built: Mapping[str, str]) -> Described:
    """The documents, which have no link that leads nowhere and no row without what it owes."""
    from ringfence.documents.platform.links import dead
    from ringfence.documents.platform.owed import owed

    wrong = [*owed(subject), *(f"a link leads nowhere: {link}" for link in dead(found, subject.definition, built))]
    if wrong:
        hint = "Complete the decisions of the platform; nothing was written."
        raise ConstructError(f"the documents of {subject.name} are incomplete: {'; '.join(wrong)}", hint=hint)
    return Described(subject.blueprint, found, built)


def switches(name: str) -> tuple[Switch, ...]:
    """What a configuration of the platform may relax, in the words of the documents."""
    from ringfence.documents.platform.subject import Switch
    from ringfence.platforms import platform

    return tuple(Switch(s.name, s.axis, s.about) for s in platform(name).SWITCHES)
