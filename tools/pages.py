"""Writes the pages that are made from data: requirements, checks, README's example, the documents of the platforms.

`make pages` writes them; `--check` writes nothing and ends with status 1 when one is stale.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
DOCS = HERE / "docs"
TERRAFORM = "terraform"
"""The folder beside a platform's documents with the Terraform that they point at."""
DAY = date(2026, 11, 22)
"""The day on which the documents that are checked in were judged, so that they mean the same on any day."""
OPEN = 3
ANSWERED = (0, 4)
"""The exit statuses of a question that is answered; 4 where an answer is unknown."""
FAILING = 3
CUT = "  […]"
SECONDS = re.compile(r"\d+\.\d s$", re.MULTILINE)
MADE = "<!-- Written by `make pages`; change the source, not this page. -->\n\n"


def main(arguments: list[str]) -> int:
    """0 when the pages are as their sources say."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    stale += gone() if "--check" in arguments else []
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(HERE)} is stale: run make pages", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages()[path], encoding="utf-8", newline="\n")
        print(f"wrote {path.relative_to(HERE)}")
    _tick()
    for path in gone():
        path.unlink()
        print(f"removed {path.relative_to(HERE)}")
    return 0


def _tick() -> None:
    """Runs the tests that show requirements, now that the pages they look at are written; what fails has no tick."""
    from tests.requirements.binding import bindings
    from tests.requirements.page import page
    from tests.requirements.running import over

    for binding in bindings():
        if not binding.passes:
            print(f"{binding} is not shown: {binding.name} fails: {binding.why_not}", file=sys.stderr)
    over()
    (DOCS / "requirements.md").write_text(page(MADE, run=True), encoding="utf-8", newline="\n")


@cache
def pages() -> dict[Path, str]:
    """Every page by its path."""
    made = {
        DOCS / "requirements.md": requirements_page(),
        DOCS / "gaps.md": gaps_page(),
        DOCS / "ask.md": asked(),
        DOCS / "conformance.md": conformance_page(),
        HERE / "README.md": readme(),
    }
    return {**made, **check_pages(), **platform_pages()}


def gone() -> list[Path]:
    """Files of platforms that no page or build has any more."""
    from ringfence.described import TRIED

    there = (p for p in (DOCS / "platforms").rglob("*") if p.is_file() and p.name != TRIED)
    return sorted(p for p in there if p not in pages())


@cache
def platform_pages() -> dict[Path, str]:
    """The documents of every platform, and the Terraform that they point at."""
    from ringfence.described import TRIED, described
    from ringfence.platforms import NAMES

    made: dict[Path, str] = {}
    for name in NAMES:
        found = described(name, (), TERRAFORM, DAY, DOCS / "platforms" / name / TRIED)
        made |= {DOCS / "platforms" / name / page: text for page, text in found.pages.items()}
        made |= {DOCS / "platforms" / name / TERRAFORM / file: text for file, text in found.built.items()}
    return made


@cache
def conformance_page() -> str:
    """What Microsoft's own suites find of the twin's vaults."""
    from tools.conformance.page import page

    return page(MADE)


@cache
def readme() -> str:
    """README.md with what its commands print now; only the seconds they took are left as they were."""
    return _with_outputs(HERE / "README.md", (0, OPEN))


@cache
def asked() -> str:
    """docs/ask.md with what each of its commands prints now."""
    return _with_outputs(DOCS / "ask.md", ANSWERED)


def _with_outputs(page: Path, expected: tuple[int, ...]) -> str:
    """The page, in which each block that begins with a command of ringfence goes on with what it prints."""
    parts = page.read_text(encoding="utf-8").split("```console\n$ ringfence ")
    made = [parts[0]]
    for part in parts[1:]:
        command, _, rest = part.partition("\n")
        shown, _, after = rest.partition("```")
        took = SECONDS.search(shown)
        printed = printed_by(shlex.split(command), expected)
        printed = SECONDS.sub(took[0] if took else "0.5 s", excerpt(printed), count=1)
        made.append(f"{command}\n{printed.strip(chr(10))}\n```{after}")
    return "```console\n$ ringfence ".join(made)


def excerpt(printed: str) -> str:
    """The first findings that fail, the first that is unknown, and the end; the rest is cut and says so."""
    paragraphs = printed.strip("\n").split("\n\n")
    failing = [p for p in paragraphs if p.startswith("  ✗")][:FAILING]
    unknown = [p for p in paragraphs if p.startswith("  ?")][:1]
    kept: list[str] = []
    for paragraph in paragraphs:
        if paragraph in (*failing, *unknown) or not paragraph.startswith(("  ✗", "  ?")):
            kept.append(paragraph)
        elif kept[-1] != CUT:
            kept.append(CUT)
    return "\n\n".join(kept)


def printed_by(arguments: list[str], expected: tuple[int, ...]) -> str:
    """What a command prints on a terminal of 80 columns without colour; what it writes is thrown away."""
    if "-o" not in arguments:
        return _run(arguments, expected)
    at = arguments.index("-o") + 1
    with tempfile.TemporaryDirectory() as folder:
        elsewhere = f"{folder}/{arguments[at]}"
        return _run([*arguments[:at], elsewhere, *arguments[at + 1 :]], expected).replace(elsewhere, arguments[at])


def _run(arguments: list[str], expected: tuple[int, ...]) -> str:
    command = [str(Path(sys.executable).with_name("ringfence")), *arguments]
    environment = {"PATH": os.environ.get("PATH", ""), "COLUMNS": "80", "NO_COLOR": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, encoding="utf-8", check=False)
    if done.returncode not in expected:
        raise SystemExit(f"{' '.join(arguments)} ended with status {done.returncode}:\n{done.stderr}")
    return done.stdout


@cache
def requirements_page() -> str:
    """Every statement of the two documents with the tests that show it; `_tick` holds them against the platforms."""
    from tests.requirements.page import page

    return page(MADE, run=False)


@cache
def gaps_page() -> str:
    """What proving the two reference systems finds."""
    from tests.gaps.page import page

    return page(MADE)


def requirements() -> list[dict[str, Any]]:
    """The requirements, in the order of the file."""
    found = tomllib.loads((HERE / "tests" / "requirements.toml").read_text(encoding="utf-8"))
    return list(found["requirement"])


def check_pages() -> dict[Path, str]:
    """One page for each module of checks, and an index of them."""
    from ringfence.benchmarks.benchmark import load
    from ringfence.checks.check import MODULES, checks

    items = _items_of(load("cis-azure-2.0.0"))
    made: dict[Path, str] = {}
    index = ""
    for module in MODULES:
        mine = [c for c in checks().values() if c.judge.__module__ == f"ringfence.checks.{module}"]
        if mine:
            title = (sys.modules[f"ringfence.checks.{module}"].__doc__ or module).strip().partition("\n")[0].rstrip(".")
            made[DOCS / "checks" / f"{module}.md"] = f"# {title}\n\n{MADE}" + "\n".join(_entry(c, items) for c in mine)
            index += f"\n## [{title}]({module}.md)\n\n" + "".join(
                f"- [`{c.id}`]({module}.md#{c.id}): {c.title}\n" for c in mine
            )
    made[DOCS / "checks" / "index.md"] = f"# Checks\n\n{MADE}{len(checks())} checks.\n{index}"
    return made


def _items_of(benchmark: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in benchmark.items.values():
        for check in item.checks:
            found.setdefault(check, []).append(item.id)
    return found


def _entry(check: Any, items: dict[str, list[str]]) -> str:
    reason = f"\n{check.reason}\n" if check.reason else ""
    of_benchmark = ", ".join(items.get(check.id, ())) or "none"
    return (
        f"## {check.id}\n\n**{check.title}.** On `{check.kind.__name__}`; severity {check.severity}; "
        f"CIS Azure 2.0.0: {of_benchmark}.\n{reason}\n**Fix.** {check.fix}\n"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
