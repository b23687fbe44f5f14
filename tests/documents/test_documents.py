"""Text, Markdown, HTML and the adherence document: what they say, and that nothing in them breaks out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from ringfence.adherence.claims import claims as read_claims
from ringfence.adherence.decisions import Decision
from ringfence.adherence.reasons import reason_of
from ringfence.documents.claims import claims
from ringfence.documents.escape import code, escaped, link
from ringfence.documents.html import html
from ringfence.documents.markdown import markdown
from ringfence.documents.table import MARK, table
from ringfence.documents.text import Page, text
from ringfence.model.symbol import Input, Ref
from ringfence.model.verdict import Verdict
from tests.adherence.lab import assessed, judged, vaults
from tests.documents.test_data import everything
from tests.support import declare, estate

NASTY = '<img src=x onerror=alert(1)>|`"\n\x1b[31m'


def nasty() -> object:
    vault = {"name": NASTY, "purge_protection_enabled": False}
    decision = Decision("accept", ("lab-purge",), (), ("*",), NASTY, NASTY, NASTY, file=NASTY)
    return assessed(vaults(kv=vault), decisions=(decision,))


def test_text_is_worst_first_and_says_each_thing_once() -> None:
    printed = text(everything(), Page())
    heads = re.findall(r"^  ([✗?!])", printed, re.MULTILINE)
    assert heads == sorted(heads, key="✗?!".index)
    assert printed.count("variable purge has no value") == 1
    assert "prod dev" in printed
    assert max(map(len, printed.splitlines())) <= 80


def test_a_long_name_is_cut() -> None:
    printed = text(assessed(vaults(kv={"name": "kv-" + "x" * 200})), Page())
    assert max(map(len, printed.splitlines())) == 80
    assert "x…\n" in printed


def test_the_same_reason_on_many_resources_is_one_group() -> None:
    found = assessed(vaults(**{f"v{n}": {} for n in range(12)}))
    printed = text(found, Page())
    assert printed.count("enable_purge_protection is") == 1
    assert "and 4 more: --all shows them" in printed
    assert "v11-prod" in text(found, Page(all=True))


def test_the_summary_counts_rows() -> None:
    lines = text(assessed(vaults(kv={}), vaults("dev", kv={})), Page()).splitlines()
    assert lines[-3:] == [
        "prod   1 Y   1 open   0 unknown",
        "dev    1 Y   1 open   0 unknown",
        "4 items: 2 judged, 1 need the subscription, 1 need a signature",
    ]


def test_colour_only_where_it_is_asked_for() -> None:
    assert "\x1b" not in text(everything(), Page())
    coloured = text(everything(), Page(colour=True))
    assert "\x1b[31m✗\x1b[0m" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == text(everything(), Page())


def test_control_characters_never_reach_a_terminal() -> None:
    printed = text(nasty(), Page(all=True))  # type: ignore[arg-type]  # an assessment
    assert "\x1b" not in printed


def test_ascii() -> None:
    assert text(everything(), Page(ascii=True)).isascii()


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.images: list[str] = []
        """The beginnings of what is named as a source."""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.images += [str(value).partition(",")[0] for name, value in attrs if name == "src"]


def test_html_is_one_page_that_loads_nothing() -> None:
    tags = _Tags(html(everything()))
    assert not {"link", "iframe", "a", "base"} & set(tags.tags)
    assert {name for name, _ in tags.attributes} & {"href", "onload", "onerror"} == set()
    assert tags.images == ["data:image/svg+xml;base64"] * 2
    assert tags.tags.count("img") == 2
    assert tags.tags.count("details") > 4


def test_html_escapes_everything() -> None:
    tags = _Tags(html(nasty()))  # type: ignore[arg-type]  # an assessment
    assert tags.images == ["data:image/svg+xml;base64"] * 2
    assert tags.tags.count("img") == 2


def test_markdown_escapes_everything() -> None:
    for printed in (markdown(nasty()), table(nasty(), "A.md")):  # type: ignore[arg-type]  # an assessment
        rows = [line for line in printed.splitlines() if line.startswith("|")]
        bare = [re.sub(r"(`+).*?\1", "", row) for row in rows]
        assert [b for b in bare if re.search(r"(?<!\\)<img", b)] == []
        widths = {re.sub(r"\\\|", "", b).count("|") for b in bare}
        assert widths <= {4, 5, 7, 9}


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        ("a|b", r"a\|b"),
        ("snake_case_name", "snake_case_name"),
        ("_x_ *y* [z] `c` <d>", r"\_x\_ \*y\* \[z\] \`c\` \<d\>"),
        ("see https://e.org/a_b_c now", "see https://e.org/a_b_c now"),
        ("two\nlines", "two lines"),
    ],
)
def test_escaped(plain: str, expected: str) -> None:
    assert escaped(plain) == expected


def test_code_with_backticks_and_pipes() -> None:
    assert code("a`b|c") == "``a`b\\|c``"
    assert code("`") == "`` ` ``"


def test_links_are_relative_to_the_document() -> None:
    assert link("main.tf", "core/main.tf", 3, "docs/A.md") == "[main.tf](../core/main.tf#L3)"
    assert link("a b.tf", "a b.tf", 0, "A.md") == "[a b.tf](./a%20b.tf)"


def test_the_document_can_be_read_back_as_claims() -> None:
    found = assessed(vaults(kv={"purge_protection_enabled": True}, other={}))
    printed = table(found, "A.md")
    assert printed.startswith(MARK)
    assert [(c.subject.pattern, c.items, c.status) for c in read_claims(printed, "A.md") if c.items and c.status] == [
        ("kv-prod", ("8.5",), "Y"),
        ("kv-prod", ("8.9",), "Y"),
        ("other-prod", ("8.5",), "open"),
        ("other-prod", ("8.9",), "Y"),
    ]


def test_the_document_has_the_same_bytes_in_any_order() -> None:
    one, two = vaults(a={}, b={}), vaults(b={}, a={})
    assert table(assessed(one), "A.md") == table(assessed(two), "A.md")


def test_identities_and_privileges() -> None:
    found = estate(
        declare("azurerm_key_vault.kv", name="kv"),
        declare("azurerm_user_assigned_identity.app", name="id-app"),
        declare(
            "azurerm_role_assignment.r",
            scope=Ref(".#azurerm_key_vault.kv", ("id",)),
            role_definition_name="Key Vault Reader",
            principal_id=Ref(".#azurerm_user_assigned_identity.app", ("principal_id",)),
        ),
    )
    assert judged(found).verdicts
    printed = table(assessed(found), "A.md")
    expected = "| User assigned identity `id-app` | Key Vault Reader | Key vault `kv` | [main.tf:1](./main.tf#L1) |"
    assert expected in printed.splitlines()


def test_claims_say_what_disagrees_in_which_world() -> None:
    printed = claims(everything(), Page())
    assert printed.splitlines()[:4] == [
        "1 row where DOC.md says otherwise than the code",
        "  DOC.md:6  8.5  kv-<suffix>                               says Y, measured fail",
        "      dev: kv-dev: enable_purge_protection is false, expected true",
        "",
    ]
    assert "prod: 3 claims, 1 agree, 0 disagree, 2 cannot be compared" in printed


def test_reasons_of_one_heading_are_below_it_and_call_the_resource_it() -> None:
    settings = {"a": {}, "b": {"purge_protection_enabled": Input(".", "x", "variable")}}
    found = assessed(vaults(**settings, c={"soft_delete_retention_days": 7}), vaults("dev", a={}))
    printed = text(found, Page(all=True))
    assert printed.count("lab-purge") == 0
    assert printed.count("Deleted keys stay recoverable") == 2  # one heading for what fails, one for what is unknown
    verdict = Verdict("fail", why="a-prod has no flow log; b has none; a-prod is alone; a-production is not")
    resource = next(iter(found.estates["prod"].resources.values()))
    assert reason_of(resource, verdict) == "it has no flow log; b has none; it is alone; a-production is not"


def test_sister_checks_with_two_reasons_share_a_heading() -> None:
    found = assessed(
        vaults(
            a={"soft_delete_retention_days": 7},
            b={"soft_delete_retention_days": 8},
            c={"purge_protection_enabled": True},
        )
    )
    printed = text(found, Page()).splitlines()
    heads = [line for line in printed if "Deleted keys are kept" in line]
    assert len(heads) == 1
    at = printed.index(heads[0])
    assert printed[at + 1 : at + 6] == [
        "           soft_delete_retention_in_days is 7, expected at least 30",
        "             a-prod   main.tf:1",
        "           soft_delete_retention_in_days is 8, expected at least 30",
        "             b-prod   main.tf:1",
        "           ringfence explain 8.5",
    ]


def test_a_row_that_holds_in_part_says_which_part_does_and_which_does_not() -> None:
    decision = Decision("accept", ("lab-retention",), (), ("*",), "Seven days will do", "team")
    found = assessed(
        vaults(kv={"purge_protection_enabled": True, "soft_delete_retention_days": 7}), decisions=[decision]
    )
    row = next(line for line in table(found, "A.md").splitlines() if "`CIS 8.5`" in line)
    assert row.split(" | ")[2:] == [
        "Partial",
        "Holds: Deleted keys stay recoverable<br/>Does not: Seven days will do. Owner: team |",
    ]


def test_a_heading_has_the_sections_of_its_rows_and_the_issues_of_what_is_to_do() -> None:
    decision = Decision(
        "todo", ("lab-purge", "lab-retention"), (), ("*",), "Later", issue="https://example.org/issues/1"
    )
    found = assessed(vaults(kv={}), decisions=[decision])
    heading = next(line for line in table(found, "A.md").splitlines() if "`kv-prod`" in line)
    assert " | `CIS 8` | " in heading
    assert heading.endswith("`azurerm_key_vault.kv`. https://example.org/issues/1 |")


def test_what_is_taken_care_of_elsewhere_says_at_which_level() -> None:
    decision = Decision("not-applicable", (), ("2.1.1",), ("*",), "Set for all", "owners", level="organisation")
    printed = table(assessed(vaults(kv={}), decisions=[decision]), "A.md")
    line = next(line for line in printed.splitlines() if "`CIS 2.1.1`" in line)
    assert line.endswith("| n/a | Set for all. Set for the organisation. Owner: owners |")


def test_what_the_cloud_makes_is_labelled_in_every_row() -> None:
    from tests.documents.platform import made_behind

    printed = table(made_behind(), "A.md").splitlines()
    mine = [line for line in printed if "Set by platform" in line]
    assert mine[0].endswith("Set by platform: Azure makes it behind `azapi_resource.r` |")
    at = printed.index(mine[0])
    assert all("Set by platform" in line for line in printed[at + 1 : at + len(mine)])
    assert len(mine) > 10
