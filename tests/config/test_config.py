"""`ringfence.toml`: what it means, and how it refuses what it does not know."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from ringfence.config import Settings, load
from ringfence.errors import InputError, UsageError
from ringfence.model.world import World

if TYPE_CHECKING:
    from pathlib import Path

FULL = """\
[system]
name = "flowehr"
roots = ["./infrastructure/core/", "apps"]
benchmarks = ["cis-azure-2.0.0"]
document = "CIS-Adherence.md"
decisions = "decisions.yaml"

[worlds.prod]
overlay = "environments/prod"

[worlds.prod.env]
TF_IN_AUTOMATION = "1"

[worlds.prod.variables]
accesses_real_data = true
ratio = 0.5
sizes = [1, { a = "b" }]

[worlds.prod.roots."infrastructure/transform"]
deployer_ip = "10.0.0.1"

[worlds.ci]
"""


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    (tmp_path / "ringfence.toml").write_text(FULL)
    prod = World(
        "prod",
        {"TF_IN_AUTOMATION": "1"},
        {"accesses_real_data": True, "ratio": Decimal("0.5"), "sizes": (1, {"a": "b"})},
        {"infrastructure/transform": {"deployer_ip": "10.0.0.1"}},
        "environments/prod",
    )
    assert load(tmp_path) == Settings(
        tmp_path,
        "flowehr",
        ("infrastructure/core", "apps"),
        ("cis-azure-2.0.0",),
        "CIS-Adherence.md",
        "decisions.yaml",
        (prod, World("ci")),
    )


def test_without_the_file_there_is_one_world_with_nothing_set(tmp_path: Path) -> None:
    assert load(tmp_path) == Settings(tmp_path, tmp_path.name, worlds=(World("default"),))


def test_a_file_without_worlds_has_the_default_one(tmp_path: Path) -> None:
    (tmp_path / "ringfence.toml").write_text('[system]\nname = "x"\n')
    assert load(tmp_path).worlds == (World("default"),)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[system\nname = 1", "ringfence.toml:1: this is not TOML: "),
        ('[system]\nnme = "x"', "ringfence.toml:2: system.nme is not a setting: did you mean name?"),
        ("[system]\n\nname = 3", 'ringfence.toml:3: system.name must be a string: write name = "3"'),
        ('[system]\nroots = "core"', 'ringfence.toml:2: system.roots must be a list of strings: write roots = ["…"]'),
        ("[system]\nroots = [1]", "ringfence.toml:2: system.roots must be a list of strings"),
        ("[wrld.prod]", "ringfence.toml:1: wrld is not a setting: did you mean worlds?"),
        ("[worlds.prod.environment]\nA = 1", "ringfence.toml:1: worlds.prod.environment is not a setting: "),
        ("[worlds.a.env]\nX = 1\n[worlds.b]", 'ringfence.toml:2: worlds.a.env.X must be a string: write X = "1"'),
        ("[worlds.a.env]\nX = true", 'ringfence.toml:2: worlds.a.env.X must be a string: write X = "true"'),
        ("worlds = 3", "ringfence.toml:1: worlds must be a table: write [worlds]"),
        ("[worlds.a]\nvariables.on = 2020-01-01", "ringfence.toml:2: worlds.a.variables.on has a date, "),
        ('[worlds.a.roots."x/y"]\nd = [2020-01-01]', "ringfence.toml:2: worlds.a.roots.x/y.d has a date, "),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "ringfence.toml").write_text(content)
    with pytest.raises(InputError) as raised:
        load(tmp_path)
    assert str(raised.value).startswith(message)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ringfence.toml").write_bytes(b"name = '\xff'")
    with pytest.raises(InputError, match=r"ringfence.toml: it cannot be read"):
        load(tmp_path)


def test_an_inherited_environment_lies_beneath_the_worlds_own(tmp_path: Path) -> None:
    (tmp_path / "ringfence.toml").write_text('[worlds.a.env]\nX = "1"\n')
    assert load(tmp_path).inheriting({"X": "0", "Y": "2"}).world("a").environment == {"X": "1", "Y": "2"}


def test_a_world_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no world prod\n  Use one of default, or declare \[worlds.prod\]"):
        load(tmp_path).world("prod")
