"""Benchmarks: the data is whole, and points only at checks that exist."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import ringfence.benchmarks
from ringfence.benchmarks import plain
from ringfence.benchmarks.benchmark import BenchmarkError, load, names, read
from ringfence.checks.check import checks

FILES = Path(ringfence.benchmarks.__file__).parent

ITEM = """
id = "x-1.0"
title = "X"
[sections]
1 = "One"
[items."1.1"]
title = "t"
level = 1
assessment = "manual"
checks = {checks}
needs = "{needs}"
"""


def test_all_items_of_cis_2_0_0() -> None:
    benchmark = load("cis-azure-2.0.0")
    assert len(benchmark.items) == 151
    per_section = {s: sum(i.split(".")[0] == str(s) for i in benchmark.items) for s in range(1, 11)}
    assert per_section == {1: 33, 2: 23, 3: 15, 4: 26, 5: 20, 6: 7, 7: 7, 8: 8, 9: 11, 10: 1}
    item = benchmark.items["5.1.6"]
    assert (item.level, item.assessment, item.section) == (2, "manual", "Logging and monitoring")
    assert [i.id for i in benchmark.items.values()] == list(benchmark.items)
    assert len({i.title for i in benchmark.items.values()}) == 151


@pytest.mark.parametrize("name", names())
def test_items_name_checks_that_exist(name: str) -> None:
    load(name).refuse_unknown(checks())


@pytest.mark.parametrize("path", sorted(FILES.glob("*.toml")), ids=lambda p: p.stem)
def test_the_quick_reader_reads_what_tomllib_reads(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert plain.read(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        'a = "x \\" y"',
        "a = 1.5",
        "a = true",
        "a = [1, 2]",
        "a = { b = 1 }",
        "a = 'x'",
        'a.b = "x"',
        'a = "x" # y',
        'a = ["x, y"]',
        'a = """\\\nx\n"""',
        'a = "x"\na = "y"',
    ],
)
def test_the_quick_reader_leaves_other_forms_alone(text: str) -> None:
    found = plain.read(text)
    try:
        assert found is None or found == tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert found is None


def test_an_unknown_check_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(ITEM.format(checks='["no-such-check"]', needs=""))
    with pytest.raises(BenchmarkError, match=r"x-1\.0 item 1\.1 names the check no-such-check"):
        read(path).refuse_unknown(checks())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"checks": "[]", "needs": ""}, "no check and needs nothing"),
        ({"checks": '["a"]', "needs": "check"}, "does not need one"),
        ({"checks": "[]", "needs": "luck"}, "is none of"),
    ],
)
def test_wrong_data_is_refused(tmp_path: Path, content: dict[str, str], message: str) -> None:
    path = tmp_path / f"{content['needs']}.toml"
    path.write_text(ITEM.format(**content))
    with pytest.raises(BenchmarkError, match=message):
        read(path)


def test_names() -> None:
    assert "cis-azure-2.0.0" in names()
    assert all(load(name).id == name for name in names())


def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(BenchmarkError, match="choose one of"):
        load("cis-azure-0")


def test_items_by_check_and_their_parameters(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(ITEM.format(checks='["a", "b"]', needs="") + '[items."1.1".parameters]\nlist = ["p"]\n')
    benchmark = read(path)
    assert [i.id for i in benchmark.of("b")] == ["1.1"]
    assert benchmark.parameters("b") == {"list": ["p"]}
    assert benchmark.checks() == ("a", "b")
    assert benchmark.of("c") == ()
