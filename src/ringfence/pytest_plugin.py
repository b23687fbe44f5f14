"""A pytest plugin: the fixture `estate`, the estate in each of its worlds, for tests that a platform's team writes.

    def test_no_data_is_on_the_internet(estate):
        estate.assert_holds("unreachable", from_="internet", to="kind data-store")

    def test_who_reads_the_signing_key(estate):
        readers = estate.ask("access", can="read", on="kv1/secrets/dsc")
        assert {row["principal"]["name"] for row in readers} == {"id-issuer"}

Ini options: ``ringfence_path`` is the estate's folder (default: pytest's root), ``ringfence_worlds`` the worlds
(default: all), ``ringfence_settings`` a ``ringfence.toml`` that is kept elsewhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ringfence.adherence.sentence import Held
    from ringfence.documents.ask.row import Row
    from ringfence.model.estate import Estate

_STASH: pytest.StashKey[dict[str, Asked]] = pytest.StashKey()


class Asked:
    """An estate in one world, to be asked as ``ringfence ask`` does."""

    def __init__(self, estate: Estate) -> None:
        self.model = estate
        """The estate itself: its resources and their fields."""
        self.world = estate.world.name

    def __repr__(self) -> str:
        return f"<estate in world {self.world}, {len(self.model.resources)} resources>"

    def ask(self, question: str, **words: Any) -> list[Row]:
        """The answers to "reach", "access", "custody", "logs" or "exposure"; the words are `ringfence.ask.Question`'s.

        Raises:
            UsageError: a word means nothing in this estate.
        """
        from ringfence.ask import Question

        several = ("source", "to", "on", "need")
        given: Any = {name: _texts(v) if name in several else v for name, v in words.items()}
        return Question(question, **given).answer(self.model)

    def holds(self, form: str, **words: Any) -> Holds:
        """Whether a claim of this form holds: true, or falsy with what contradicts it. Unknown is not true.

        A word that Python has for itself is written with a stroke after it: ``from_``, ``as_``, ``in_``.
        """
        from ringfence.adherence.sentence import sentence
        from ringfence.claims import held

        return Holds(held(sentence(form, {n.rstrip("_"): _texts(v) for n, v in words.items()}), self.model))

    def assert_holds(self, form: str, **words: Any) -> None:
        """Fails the test when a claim does not hold, with every answer that says so."""
        __tracebackhide__ = True
        found = self.holds(form, **words)
        if not found:
            pytest.fail(found.told(), pytrace=False)


class Holds:
    """What was found of a claim: true when it holds. What pytest shows of it says why it does not."""

    def __init__(self, found: Held) -> None:
        self.found = found

    def __bool__(self) -> bool:
        return self.found.outcome == "pass"

    def __repr__(self) -> str:
        return f"<{self.told(1)}>"

    def told(self, most: int = 20) -> str:
        """The claim, and the first answers that contradict it or leave it open."""
        from ringfence.documents.sentences import WORDS, reasons

        found = self.found
        head = f"{found.sentence.text}: {WORDS[found.outcome]} in world {found.world}"
        return "\n  ".join((head, *reasons(found, most)))


def _texts(value: Any) -> tuple[str, ...]:
    return (
        (value,) if isinstance(value, str) else tuple(map(str, value if isinstance(value, (list, tuple)) else [value]))
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    """The ini options."""
    parser.addini("ringfence_path", "the folder of the estate; default: the root folder")
    parser.addini("ringfence_worlds", "the worlds in which tests with `estate` run; default: all", type="args")
    parser.addini("ringfence_settings", "a ringfence.toml that is kept elsewhere")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that uses the fixture runs once in each world."""
    if "ringfence_world" in metafunc.fixturenames:
        worlds = metafunc.config.getini("ringfence_worlds") or _worlds(metafunc.config)
        metafunc.parametrize("ringfence_world", worlds, scope="session")


@pytest.fixture(scope="session")
def estate(ringfence_world: str, pytestconfig: pytest.Config) -> Asked:
    """The estate in a world, read once. The test fails when some of it could not be read."""
    known = pytestconfig.stash.setdefault(_STASH, {})
    if ringfence_world not in known:
        known[ringfence_world] = _read(pytestconfig, ringfence_world)
    found = known[ringfence_world]
    wrong = [f"{p.origin}: {p.message}" for p in found.model.ledger.problems if p.severity == "error"]
    if wrong:
        pytest.fail("the estate could not be read:\n" + "\n".join(wrong), pytrace=False)
    return found


def _worlds(config: pytest.Config) -> list[str]:
    from ringfence.prove import settings_of

    return [world.name for world in settings_of(_request(config)).worlds]


def _read(config: pytest.Config, world: str) -> Asked:
    from ringfence.prove import estates, settings_of

    request = _request(config, world)
    return Asked(next(iter(estates(request, settings_of(request)))))


def _request(config: pytest.Config, *worlds: str) -> Any:
    from ringfence.prove import Request

    folder = config.rootpath / (config.getini("ringfence_path") or ".")
    settings = config.getini("ringfence_settings")
    return Request(Path(folder), worlds, settings=str(config.rootpath / settings) if settings else "")
