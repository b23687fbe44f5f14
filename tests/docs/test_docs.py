"""The documentation cannot drift: links lead somewhere, pages are current, every part has its page."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tools import pages

HERE = Path(__file__).resolve().parent.parent.parent
PAGES = sorted([*HERE.glob("*.md"), *(HERE / "docs").rglob("*.md"), *(HERE / "examples").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(HERE)))
def test_links_lead_to_files(page: Path) -> None:
    targets = [t.partition("#")[0] for t in LINK.findall(page.read_text(encoding="utf-8"))]
    local = [t for t in targets if t and "://" not in t]
    assert [t for t in local if not (page.parent / t).exists()] == []


@pytest.mark.parametrize("path", sorted(pages.pages()), ids=lambda p: str(p.relative_to(HERE)))
def test_pages_made_from_data_are_current(path: Path) -> None:
    assert path.exists(), "run make pages"
    assert path.read_text(encoding="utf-8") == pages.pages()[path], "run make pages"


def test_no_file_of_a_platform_that_is_gone() -> None:
    assert pages.gone() == []


@pytest.mark.parametrize("name", ["flowehr", "eudcc"])
def test_what_was_tried_is_what_is_declared(name: str) -> None:
    """After a change of a platform, `make tried` tries it anew."""
    page = (HERE / "docs" / "platforms" / name / "tried.md").read_text(encoding="utf-8")
    assert "has changed since" not in page
    assert "## Does not hold" not in page


def test_no_page_of_a_check_module_that_is_gone() -> None:
    assert set((HERE / "docs" / "checks").glob("*.md")) <= set(pages.pages())


def test_every_requirement_is_listed_once() -> None:
    found = [r["id"] for r in pages.requirements()]
    assert found == [f"F-{n:03}" for n in range(1, 160)] + [f"E-{n:03}" for n in range(1, 128)]


def test_tests_that_show_a_requirement_exist() -> None:
    named = {test for r in pages.requirements() for test in r["tests"]}
    assert {t for t in named if not _exists(t)} == set()


def test_no_test_shows_more_than_five_requirements() -> None:
    named = [test for r in pages.requirements() for test in r["tests"]]
    assert {t for t in named if named.count(t) > 5} == set()


def _exists(test: str) -> bool:
    path, _, name = test.partition("::")
    if not (HERE / path).is_file():
        return False
    tree = ast.parse((HERE / path).read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == name.partition("[")[0] for node in ast.walk(tree))


def test_layers_in_the_documentation_are_those_that_are_enforced() -> None:
    page = (HERE / "docs" / "architecture.md").read_text(encoding="utf-8")
    enforced = (HERE / "pyproject.toml").read_text(encoding="utf-8")
    names = re.findall(r'name = "(?:judging|translating): ([^"]+)"', enforced)
    assert names
    assert [n for n in names if f"`{n}`" not in page] == []


def test_every_command_is_documented() -> None:
    from ringfence.cli import arguments

    page = (HERE / "docs" / "cli.md").read_text(encoding="utf-8")
    tree = ast.parse(Path(arguments.__file__).read_text(encoding="utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "_add"]
    commands = [n.args[1].value for n in calls if isinstance(n.args[1], ast.Constant)]
    assert commands
    assert [c for c in commands if f"ringfence {c}" not in page] == []


def test_every_record_of_a_decision_is_numbered() -> None:
    records = sorted((HERE / "docs" / "adr").glob("*.md"))
    for number, record in enumerate(records, 1):
        assert record.name.startswith(f"{number:04}-")
        assert record.read_text(encoding="utf-8").startswith(f"# {number}. ")
        assert "**Price.**" in record.read_text(encoding="utf-8")


def test_every_module_says_what_it_owns() -> None:
    modules = (HERE / "src" / "ringfence").rglob("*.py")
    bare = [p for p in modules if p.stat().st_size and not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))]
    assert [str(p.relative_to(HERE)) for p in bare] == []
