"""The trials that are made of a platform: which there are, what they show, and what the table of mutations says."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from ringfence.twin.probes.fingerprint import fingerprint
from ringfence.twin.probes.mutations import Mutation, mutations
from ringfence.twin.probes.statements import statements, untried
from ringfence.twins import Asked, source
from tests.twin.probes.subjects import PLATFORMS, made, subject

LIST = Path(__file__).parent.parent.parent / "requirements.toml"
MOST = 5

FAMILIES = {
    "eudcc": {
        "logged", "outside", "trusted-services", "zone-link", "tls", "token", "one-item", "item", "wrapping-key",
        "export", "recovery", "own-token", "database-user", "revoked-key", "shared-key", "anonymous", "https-only",
        "soft-delete", "at-rest", "lock", "inside",
    },
    "flowehr": {
        "logged", "outside", "trusted-services", "zone-link", "tls", "token", "one-item", "item", "recovery",
        "own-token", "pipeline", "guest", "shared-key", "anonymous", "https-only", "soft-delete", "at-rest", "lock",
        "sent-to-https", "inside",
    },
}  # fmt: skip


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_trial_has_a_name_of_its_own(platform: str) -> None:
    ids = [trial.id for trial in made(platform)]
    assert len(ids) == len(set(ids))
    assert {one.partition("/")[0] for one in ids} >= FAMILIES[platform]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_data_plane_is_tried_from_outside_but_the_exemptions(platform: str) -> None:
    tried = {t.id.partition("/")[2] for t in made(platform) if t.id.startswith("outside/")}
    exempt = {e.key for e in subject(platform).register.exemptions}
    planes = {d.resource.key: d.resource.title for d in subject(platform).doors if d.resource.key not in exempt}
    assert set(planes.values()) == tried


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_need_is_taken_from_what_runs_and_from_the_register(platform: str) -> None:
    told = {t.id.partition("/")[2]: t.says for t in made(platform) if t.id.startswith("one-item/")}
    for use in subject(platform).register.uses:
        if "/secrets/" in use.what:
            assert use.what.replace("/secrets/", "/") in told[use.name]
    if platform == "eudcc":
        assert "gets nothing of the vaults" in told["dgca-issuance-service-public"]
        assert "mysql-pw" not in "".join(told.values())


def test_what_is_not_tried_says_why() -> None:
    skipped = [t for platform in PLATFORMS for t in made(platform) if t.act is None]
    assert {t.id for t in skipped} >= {"inside/cosmos-serve-oakvale-prod", "inside/aks-eudcc-eu-prod"}
    assert all(t.why and not t.shows for t in skipped)


def test_trials_show_statements_that_there_are_and_few_at_once() -> None:
    for platform in PLATFORMS:
        for trial in made(platform):
            assert len(trial.shows) <= MOST, trial.id
            assert set(trial.shows) <= set(statements()), trial.id


def test_the_statements_are_those_of_the_list_that_can_be_shown_by_running() -> None:
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))["requirement"]
    assert statements() == {one["id"]: one["text"] for one in listed if "run" in one["ways"]}


def test_each_statement_is_tried_or_it_is_said_why_not() -> None:
    shown = {one for platform in PLATFORMS for trial in made(platform) for one in trial.shows}
    assert shown | set(untried()) == set(statements())
    assert shown & set(untried()) == set()


# -- the table of mutations


@pytest.mark.parametrize("mutation", mutations(), ids=lambda m: f"{m.platform}, {m.name}")
def test_a_mutation_changes_its_platform_and_names_trials_that_there_are(mutation: Mutation) -> None:
    ids = [trial.id for trial in made(mutation.platform)]
    assert mutation.idle(ids) == ()
    assert mutation.expected(ids)
    assert all(reason for _, reason in mutation.red)
    broken = source(Asked(platform=mutation.platform)).estate(mutation.change)
    assert fingerprint(broken) != fingerprint(subject(mutation.platform).estate)


def test_the_table_has_what_was_promised() -> None:
    names = " ".join(m.name for m in mutations())
    for words in ("private endpoint", "open to the internet", "every secret", "diagnostic setting", "public face",
                  "purged", "exported", "shared keys", "TLS 1.0"):  # fmt: skip
        assert words in names


def test_a_fingerprint_is_that_of_the_declarations() -> None:
    again = source(Asked(platform="flowehr")).estate(subject("flowehr").estate.world.change)
    assert fingerprint(again) == fingerprint(subject("flowehr").estate)
    assert fingerprint(again) != fingerprint(subject("eudcc").estate)
