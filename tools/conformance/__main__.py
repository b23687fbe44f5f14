"""``make conformance``: the suites are fetched, run live against a twin that is started for them, and judged."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.conformance import judge, page, suites, twin


def main() -> int:
    """0 when enough passes and the table says what is so."""
    parser = argparse.ArgumentParser(prog="python -m tools.conformance", description=__doc__)
    parser.add_argument("suites", nargs="*", choices=[*suites.NAMES, []], help="default: all three")
    parser.add_argument("--keep", metavar="DIR", help="work there, and leave it as it is for a look")
    options = parser.parse_args()
    names = tuple(options.suites) or suites.NAMES
    if options.keep:
        Path(options.keep).mkdir(parents=True, exist_ok=True)
        return _judged(Path(options.keep), names)
    with TemporaryDirectory(prefix="ringfence-conformance-") as place:
        return _judged(Path(place), names)


def _judged(place: Path, names: tuple[str, ...]) -> int:
    fetched = suites.fetch(place, names)
    with twin.up(place) as standing:
        outcomes = suites.run(place, fetched, standing)
    known = judge.read(page.KNOWN)
    found = [judge.judge(name, outcomes[name], known) for name in names]
    _tell(found)
    wrong = [line for one in found for line in one.wrong]
    enough = judge.share(found) >= judge.SHARE
    for line in wrong:
        print(f"  ✗ {line}")
    if not enough:
        print(f"  ✗ less than {judge.SHARE:.0%} of the tests that ask a vault pass")
    return 0 if enough and not wrong else 1


def _tell(found: list[judge.Judgement]) -> None:
    print(f"{'':14}{'passed':>8}{'failed':>8}{'left out':>10}{'ask no vault':>14}")
    for one in found:
        print(f"{one.suite:14}{one.passed:>8}{one.failed:>8}{one.skipped:>10}{one.elsewhere:>14}")
    print(f"{judge.share(found):.1%} of the tests that ask a vault pass. Those that do not, and why:")
    reasons: dict[str, int] = {}
    for one in found:
        for why, count in one.listed.items():
            reasons[why] = reasons.get(why, 0) + count
    for why, count in sorted(reasons.items(), key=lambda item: -item[1]):
        print(f"{count:>6}  {why}")


if __name__ == "__main__":
    sys.exit(main())
