"""The pytest plugin, as a platform's team has it: a small estate, tests that pass and tests that say why not."""

from __future__ import annotations

import pytest

from tests.claims.lab import MAIN

pytest_plugins = ["pytester"]

SETTINGS = """
[worlds.prod]
variables = { switch = false }

[worlds.dev]
variables = { switch = true }
"""
TESTS = """
def test_closed(estate):
    assert estate.holds("unreachable", from_="internet", to="kv1")
    estate.assert_holds("unreachable", from_="internet", to="kv1")

def test_readers(estate):
    rows = estate.ask("access", can="read", on="kv1/secrets/dsc")
    assert {row["principal"]["name"] for row in rows} == {"id-issuer"}
    assert estate.world in ("prod", "dev")
    assert "resources" in repr(estate)
"""


@pytest.fixture
def team(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makefile(".tf", main=MAIN)
    pytester.makefile(".toml", ringfence=SETTINGS)
    return pytester


def _ran(team: pytest.Pytester, tests: str) -> pytest.RunResult:
    team.makepyfile(tests)
    return team.runpytest_subprocess("-p", "no:cacheprovider", "-v")


def test_each_test_runs_in_every_world(team: pytest.Pytester) -> None:
    result = _ran(team, TESTS)
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["*test_closed?prod?*", "*test_closed?dev?*"])


def test_the_worlds_of_the_settings(team: pytest.Pytester) -> None:
    team.makeini("[pytest]\nringfence_worlds = prod\n")
    _ran(team, TESTS).assert_outcomes(passed=2)


def test_an_estate_elsewhere(team: pytest.Pytester) -> None:
    folder = team.mkdir("infrastructure")
    (team.path / "main.tf").rename(folder / "main.tf")
    (team.path / "ringfence.toml").rename(team.path / "other.toml")
    team.makeini("[pytest]\nringfence_path = infrastructure\nringfence_settings = other.toml\n")
    _ran(team, TESTS).assert_outcomes(passed=4)


def test_a_claim_that_does_not_hold_says_why(team: pytest.Pytester) -> None:
    team.makeini("[pytest]\nringfence_worlds = prod\n")
    result = _ran(team, 'def test_it(estate):\n    estate.assert_holds("only", can="read", on="kv1/secrets/dsc")\n')
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*only can read on kv1/secrets/dsc: does not hold in world prod*",
            "*id-issuer may read dsc: role assignment: Key Vault Secrets User on dsc (main.tf:*",
        ]
    )


def test_what_is_unknown_does_not_hold(team: pytest.Pytester) -> None:
    (team.path / "ringfence.toml").write_text("")
    result = _ran(team, 'def test_it(estate):\n    assert estate.holds("unreachable", from_="internet", to="kv2")\n')
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*unknown in world*", "*variable switch has no value*"])


def test_words_that_mean_nothing(team: pytest.Pytester) -> None:
    result = _ran(
        team,
        """
        import pytest
        from ringfence.errors import UsageError

        def test_it(estate):
            with pytest.raises(UsageError, match="nothing that is called kv9"):
                estate.ask("access", can="read", on="kv9")
            with pytest.raises(UsageError, match="there is no claim unreached"):
                estate.holds("unreached")
            with pytest.raises(UsageError, match="there is no question reached"):
                estate.ask("reached")
        """,
    )
    result.assert_outcomes(passed=2)


def test_an_estate_that_cannot_be_read_fails_the_tests(team: pytest.Pytester) -> None:
    team.makefile(".tf", broken='resource "azurerm_key_vault" {\n')
    result = _ran(team, TESTS)
    result.assert_outcomes(errors=4)
    result.stdout.fnmatch_lines(["*the estate could not be read:*", "*broken.tf:1*"])


def test_other_tests_are_left_alone(pytester: pytest.Pytester) -> None:
    _ran(pytester, "def test_it():\n    assert True\n").assert_outcomes(passed=1)
