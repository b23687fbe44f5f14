"""A twin that is up, and real clients at it: green as declared, red where it is broken, nothing told that is secret."""

from __future__ import annotations

import asyncio
import json
import time
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.cli import main
from ringfence.errors import UsageError
from ringfence.model.world import Change
from ringfence.twin.client.up import start, stop
from ringfence.twin.folder import Folder
from ringfence.twin.orders import ask
from ringfence.twin.probes.mutations import mutations
from ringfence.twin.probes.run import Run, Runner
from ringfence.twin.probes.who import Who
from ringfence.twins import Asked, kept, source

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

TRIED = ("outside/kv-oakvale-prod-serve", "token/kv-oakvale-prod-serve", "shared-key", "https-only", "recovery",
         "one-item/id-audit-explorer-oakvale-prod", "item/kv-oakvale-prod-serve/bed-forecast-session-key",
         "tls/adlsoakvaleprod", "own-token", "inside/cosmos-serve-oakvale-prod")  # fmt: skip


class Up:
    """FlowEHR is up, with hands at it."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        start(folder, kept(Asked(platform="flowehr", started=time.monotonic())), "ringfence.twins")
        self.loop = asyncio.new_event_loop()
        Thread(target=self.loop.run_forever, daemon=True).start()
        self.runner = Runner(folder)
        made = source(Asked(platform="flowehr"))
        self.does(self.runner.begin(made.name, made.estate(Change()), made.register))

    def does(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(120)

    def run(self, change: Change = Change()) -> Run:  # noqa: B008  # a change never changes
        self.does(self.runner.become(change))
        run: Run = self.does(self.runner.run(self.runner.chosen(TRIED)))
        return run

    def end(self) -> None:
        self.does(self.runner.end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        stop(self.folder)


@pytest.fixture(scope="module")
def up(tmp_path_factory: Any) -> Iterator[Up]:
    made = Up(Folder(tmp_path_factory.mktemp("probes") / "twin"))
    yield made
    made.end()


def red(run: Run) -> dict[str, str]:
    return {r.trial.id: f"expected {r.expected}; {r.happened}" for r in run.results if r.verdict == "red"}


def test_everything_holds_as_declared(up: Up) -> None:
    run = up.run()
    assert red(run) == {}
    verdicts = {r.trial.id: r.verdict for r in run.results}
    assert verdicts.pop("inside/cosmos-serve-oakvale-prod") == "not tried"
    assert set(verdicts.values()) == {"green"}
    assert run.versions["azure-identity"]


@pytest.mark.parametrize("name", ["open to the internet", "every secret", "shared keys", "TLS 1.0"])
def test_what_is_broken_turns_red_and_nothing_else(up: Up, name: str) -> None:
    (mutation,) = [m for m in mutations() if m.platform == "flowehr" and name in m.name and "features" not in m.name]
    run = up.run(mutation.change)
    assert set(red(run)) == mutation.expected(r.trial.id for r in run.results), red(run)
    assert red(run)


def test_the_estate_is_afterwards_as_it_was_found(up: Up) -> None:
    found: dict[str, Any] = {"without": [], "files": [], "added": [], "set": []}
    other = Runner(up.folder)

    async def one() -> Any:
        made = source(Asked(platform="flowehr"))
        try:
            await other.begin(made.name, made.estate(Change()), made.register)
            return await other.hands.order("changed")
        finally:
            await other.end()

    up.does(up.runner.hands.order("change", change=found))
    assert "applied" in up.does(one())["added"][0][0]
    assert ask(up.folder.socket, "changed") == found


def test_a_hand_tells_what_was_refused_and_goes_on(up: Up) -> None:
    done = up.does(up.runner.hands.do(Who("nowhere at all"), "knock", host="a"))
    assert (done.value, done.by) == (None, "sign-in")
    done = up.does(up.runner.hands.do(Who("internet"), "knock", host="example.org"))
    assert done.value is None
    assert up.does(up.runner.hands.do(Who("internet"), "versions")).value


def test_what_is_asked_for_has_to_be_there(up: Up) -> None:
    with pytest.raises(UsageError, match="no trial of flowehr is E-999"):
        up.runner.chosen(["E-999"])


def test_the_command_says_it_and_writes_evidence_without_any_value(up: Up, tmp_path: Any, capfd: Any) -> None:
    up.does(up.runner.become(Change()))
    evidence = tmp_path / "evidence.json"
    words = ["probe", "--state", str(up.folder.path), "--only", "token/kv-oakvale-prod-serve"]
    assert main([*words, "--evidence", str(evidence)]) == 0
    out = capfd.readouterr().out
    assert out.startswith("flowehr prod: 1 trials, 1 green")
    assert out.rstrip().endswith("it does not show that Azure behaves so.")
    text = evidence.read_text(encoding="utf-8")
    assert json.loads(text)["trials"][0]["verdict"] == "green"
    assert "eyJ" not in text
    assert "@127.0.0.1" not in text


def test_without_a_twin_nothing_is_tried(tmp_path: Any, capsys: Any) -> None:
    assert main(["probe", "--state", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.strip()
