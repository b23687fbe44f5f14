"""FlowEHR's adherence document: what it is about, its form, and that it follows the platform."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.adherence.finding import STATUSES
from tests.requirements.bench import DEFINITION, Bench, benchmark
from tests.requirements.binding import FLOWEHR, Case, shows
from tests.requirements.controls import holds, refused
from tests.requirements.mutation import Change, Configured, Rewritten, Set, remove
from tests.requirements.test_flowehr_core import VAULT
from tests.requirements.test_flowehr_storage import ADLS, DECISIONS, STRG, undecided

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint

PAGE = "CIS-adherence.md"
RESOURCE = "Azure Resource"
HEADER = "| Azure Resource | CIS Reference | Adherence | Notes |"
ITEM = re.compile(r"CIS (\d+(?:\.\d+)+)")


def rows(bench: Bench) -> list[tuple[str, str, str, str]]:
    """(resource, reference, adherence, notes) of every row that is no heading."""
    found, resource = [], ""
    for first, reference, adherence, notes in bench.table(PAGE, RESOURCE):
        resource = first.partition("<br/>")[2] or resource
        if not first:
            found.append((resource, reference, adherence, notes))
    return found


def headings(bench: Bench) -> list[list[str]]:
    return [cells for cells in bench.table(PAGE, RESOURCE) if cells[0]]


# -- what it is about


def pairs(bench: Bench) -> list[tuple[str, str]]:
    """Every (item, resource) that was judged."""
    return sorted((r.item, r.resource.title) for r in bench.assessment().rows if r.item)


@shows(FLOWEHR, Case("F-001", "prove", Rewritten(PAGE, "`CIS 3.1`:", "`CIS 3.2`:")))
def test_every_pair_is_in_the_document_once(bench: Bench) -> None:
    listed = [(item[1], resource) for resource, reference, *_ in rows(bench) if (item := ITEM.match(reference))]
    assert sorted(listed) == pairs(bench)


@shows(FLOWEHR, Case("F-002", "prove", Rewritten(PAGE, "cis-azure-2.0.0", "cis-azure-2.1.0")))
def test_the_benchmark_is_named_with_its_version_and_source(bench: Bench) -> None:
    head = bench.page(PAGE).partition("## Scope")[0]
    assert benchmark().id == bench.assessment().benchmark.id == "cis-azure-2.0.0"
    assert f"`{benchmark().id}`" in head
    assert "Benchmark v2.0" in head
    assert re.search(r"\[from\s+CIS\]\(https://www\.cisecurity\.org/benchmark/azure\)", head)


@shows(FLOWEHR, Case("F-003", "build", Configured("accesses_real_data: false")))
def test_production_is_the_subject(bench: Bench) -> None:
    assert bench.worlds[0] == "prod"
    assert bench.blueprint().world == "prod"
    assert bench.blueprint().production
    assert not any(bench.blueprint(world).production for world in bench.worlds[1:])


@shows(FLOWEHR, Case("F-003", "prove", Rewritten(PAGE, "not the subject of this document", "as good")))
def test_the_verdicts_are_those_of_production(bench: Bench) -> None:
    page = bench.every_world(PAGE)
    assert "The subject is world **prod**" in page
    assert re.search(r"Worlds \*\*ci\*\* and \*\*dev\*\* are\s+not\s+the\s+subject\s+of\s+this\s+document", page)
    verdicts = {(r.item, r.resource.title): r.status for r in bench.assessment().rows if r.item}
    for resource, reference, adherence, _ in rows(bench):
        if item := ITEM.match(reference):
            assert verdicts[item[1], resource] == adherence


# -- it follows the platform


@shows(FLOWEHR, Case("F-009", "prove", Rewritten(PAGE, "`CIS 8.6`", "`CIS 8.1`")))
def test_a_vault_that_is_added_has_its_rows(bench: Bench) -> None:
    """One more of every type: each has rows of its own, or is listed as not judged."""

    def doubled(blueprint: Blueprint) -> None:
        for declared in list(blueprint.declared.values()):
            if declared.mode == "managed":
                declared.file.resource(declared.type, f"{declared.name}_twin", **declared.arguments)

    grown = bench.grown(Change("one more of each", doubled))
    page = grown.page(PAGE)
    missing = [d.address for d in grown.blocks() if d.name.endswith("_twin") and not _is_told(grown, d.key, page)]
    assert missing == []
    assert sum("CIS 8.6" in reference for _, reference, *_ in rows(grown)) == 2 * len(bench.blocks("azurerm_key_vault"))


def _is_told(bench: Bench, key: str, page: str) -> bool:
    """Its address stands in the document, or it only configures something that is there."""
    resource = bench.estate().resources.get(key)
    return resource is None or f"`{resource.address}`" in page


@shows(FLOWEHR, Case("F-011", "prove", STRG.without("min_tls_version", "TLS1_0")))
def test_what_changes_contradicts_what_was_said(bench: Bench) -> None:
    wrong = [c for c in bench.assessment().claims if c.agrees is False and not c.better]
    told = [f"{c.item} of {c.claim.subject.label}: claimed {c.claim.status}, measured {c.measured}" for c in wrong]
    assert told == []


@shows(FLOWEHR, Case("F-012", "prove", remove("azurerm_key_vault:kv-oakvale-prod-serve")))
def test_no_row_names_what_is_gone(bench: Bench) -> None:
    from ringfence.adherence.comparison import undeclared

    absent, _ = undeclared(bench.assessment().claims)
    assert [f"{c.claim.source}:{c.claim.line} {c.item}" for c in absent] == []


FILES = ("network.tf", "main.tf", "feature-data-store.tf", "secrets.tf", "keyvault.tf", "adls.tf", "app_service.tf",
         "platform.tf", "cosmos.tf", "aml.tf")  # fmt: skip


def renamed(blueprint: Blueprint) -> None:
    transform = next(one for one in blueprint.layers if one.name == "transform")
    transform.files["feature-data-store.tf"].name = "store.tf"
    transform.files["store.tf"] = transform.files.pop("feature-data-store.tf")


@shows(FLOWEHR, Case("F-013", "build", Change("`feature-data-store.tf` is called `store.tf`", renamed)))
def test_the_document_points_at_the_definition(bench: Bench) -> None:
    page, built = bench.page(PAGE), bench.built().files
    for name in FILES:
        targets = re.findall(rf"\({DEFINITION}/([a-z-]+/{re.escape(name)})#L(\d+)\)", page)
        assert targets, f"nothing points at {name}"
        assert all(int(line) <= built[path].count("\n") for path, line in targets)


@shows(
    FLOWEHR, Case("F-013", "prove", Rewritten(PAGE, f"({DEFINITION}/core/main.tf#L", f"({DEFINITION}/core/gone.tf#L"))
)
def test_no_link_is_dead(bench: Bench) -> None:
    from ringfence.documents.platform.links import dead

    pages = {name: bench.page(name) for name in bench.pages()}
    assert list(dead(pages, DEFINITION, bench.built().files)) == []


# -- its form


@shows(FLOWEHR, Case("F-034", "prove", Rewritten(PAGE, HEADER, "| Azure Resource | CIS Reference | Adherence |")))
def test_every_row_has_four_columns(bench: Bench) -> None:
    tables = [part for part in bench.page(PAGE).split("\n## ") if "`CIS 3" in part or "`CIS 4" in part]
    assert tables
    assert all(HEADER in part for part in tables)
    assert {len(cells) for cells in bench.table(PAGE, RESOURCE)} == {4}
    layers = re.findall(r"\n## (\w+)\n\n\| Azure Resource", bench.page(PAGE))
    assert set(layers) >= {"core", "transform", "serve"}


@shows(FLOWEHR, Case("F-035", "prove", Rewritten(PAGE, "`CIS 3` ", "")))
def test_every_group_begins_with_its_section_and_file(bench: Bench) -> None:
    of = {f"{r.resource.title}": set[str]() for r in bench.assessment().rows}
    for row in bench.assessment().rows:
        if row.item:
            of[row.resource.title].add(row.item.partition(".")[0])
    for first, sections, file, _ in headings(bench):
        resource = first.partition("<br/>")[2]
        assert set(re.findall(r"CIS (\d+)", sections)) == of[resource], resource
        assert file.endswith(".tf") or resource == "subscription"


@shows(FLOWEHR, Case("F-036", "prove", undecided("3.12")))
def test_adherence_is_one_of_five_words(bench: Bench) -> None:
    words = {"Y", "N", "TODO", "n/a", "Partial"}
    assert {adherence for _, _, adherence, _ in rows(bench)} <= words
    assert words < set(STATUSES)
    for row in bench.assessment().rows:
        worst = {"Y": "pass", "N": "fail", "TODO": "fail", "Partial": "fail", "n/a": "not applicable"}
        assert row.outcome in (worst[row.status], "fail" if row.status == "n/a" else row.outcome)


@shows(FLOWEHR, Case("F-037", "build", Rewritten(DECISIONS, "    reason: ", "    # ")))
def test_what_is_accepted_has_a_reason(bench: Bench) -> None:
    accepted = [d for d in bench.decisions if d.word == "accept"]
    assert accepted
    assert all(len(d.reason.split()) > 3 for d in accepted)


@shows(FLOWEHR, Case("F-037", "prove", Rewritten(PAGE, "Storage keys are not used for authentication", "")))
def test_every_n_has_its_reason_in_the_notes(bench: Bench) -> None:
    accepted = [row for row in rows(bench) if row[2] == "N"]
    assert accepted
    reasons = {" ".join(d.reason.split()) for d in bench.decisions}
    for resource, reference, _, notes in accepted:
        assert any(reason.rstrip(".") in notes for reason in reasons), f"{reference} of {resource}: {notes}"


@shows(FLOWEHR, Case("F-038", "prove", Rewritten(DECISIONS, "decision: accept", "decision: todo")))
def test_every_todo_has_an_issue(bench: Bench) -> None:
    from ringfence.documents.platform.owed import owed

    assert [what for what in owed(bench.subject()) if "issue" in what] == []


@shows(FLOWEHR, Case("F-039", "prove", Rewritten(DECISIONS, "    level: ", "    # ")))
def test_what_is_set_elsewhere_says_where_and_by_whom(bench: Bench) -> None:
    elsewhere = [d for d in bench.decisions if d.word == "not-applicable"]
    assert elsewhere
    assert all(d.level and d.owner for d in elsewhere)
    listed = bench.table(PAGE, "What")
    assert all(level and owner for _, _, level, owner in listed)


@shows(
    FLOWEHR,
    Case(
        "F-041",
        "prove",
        Set("transform#azurerm_mssql_server_vulnerability_assessment.features", "recurring_scans.enabled", False),
    ),
)
def test_a_range_is_as_good_as_its_worst_member(bench: Bench) -> None:
    (claim,) = [c for c in bench.claims if "4.2.2" in c.items]
    assert claim.items == ("4.2.2", "4.2.3", "4.2.4", "4.2.5")
    found = {c.item: c.measured for c in bench.assessment().claims if c.claim is claim}
    assert found == dict.fromkeys(claim.items, "pass")


@shows(FLOWEHR, Case("F-042", "build", Rewritten(PAGE, "`ringfence databricks-", "`CIS databricks-")))
def test_what_the_benchmark_lacks_has_a_catalogue_of_its_own(bench: Bench) -> None:
    listed = [cells[0] for cells in bench.table(PAGE, "Control")]
    assert {"ringfence databricks-no-public-ip", "ringfence databricks-own-network"} <= set(listed)
    assert all(not benchmark().of(name.removeprefix("ringfence ")) for name in listed)


@shows(FLOWEHR, Case("F-042", "prove", Rewritten(PAGE, "`ringfence databricks-no-public-ip`:", "`CIS 9.99`:")))
def test_databricks_has_rows_and_no_item(bench: Bench) -> None:
    mine = {
        reference.partition(":")[0]: adherence
        for name, reference, adherence, _ in rows(bench)
        if name == "dbks-oakvale-prod"
    }
    assert mine["ringfence databricks-no-public-ip"] == "Y"
    assert not [r for r in mine if r.startswith("CIS") and ITEM.match(r)[1] not in benchmark().items]  # type: ignore[index]


NAMES = {
    "azurerm_virtual_network": "vnet-{}",
    "azurerm_storage_account": "strg{}",
    "azurerm_key_vault": "kv-{}",
    "azurerm_log_analytics_workspace": "log-{}",
    "azurerm_mssql_server": "sql-server-features-{}",
    "azurerm_service_plan": "asp-serve-{}",
    "azurerm_cosmosdb_account": "cosmos-serve-{}",
    "azurerm_application_insights": "ai-{}",
}


@shows(FLOWEHR, Case("F-043", "build", Set(VAULT, "name", "vault-oakvale-prod")))
def test_names_follow_from_the_suffix(bench: Bench) -> None:
    for suffix, overlay in (("oakvale-prod", ""), ("trust-x9", "suffix_override: trust-x9")):
        other = bench.configured(overlay) if overlay else bench
        for type_, pattern in NAMES.items():
            squeezed = suffix.replace("-", "") if type_ == "azurerm_storage_account" else suffix
            names = {d.arguments["name"] for d in other.blocks(type_)}
            assert pattern.format(squeezed) in names, type_
    long = refused(lambda: bench.configured("suffix_override: a-suffix-that-is-much-too-long").blueprint())
    assert "suffix_override" in long


@shows(FLOWEHR, Case("F-043", "prove", Rewritten(PAGE, "`kv-oakvale-prod`", "`kv-other`")))
def test_names_in_the_document_are_those_that_are_built(bench: Bench) -> None:
    page = bench.page(PAGE)
    for type_, pattern in NAMES.items():
        suffix = "oakvaleprod" if type_ == "azurerm_storage_account" else "oakvale-prod"
        assert f"<br/>`{pattern.format(suffix)}`" in page, type_


@shows(FLOWEHR, Case("F-045", "prove", STRG.without("network_rules.default_action", "Allow")))
def test_a_verdict_is_of_one_resource(bench: Bench) -> None:
    for account in (STRG, ADLS):
        holds(bench, "3.8", account.address)
    opened = bench.grown(ADLS.without("network_rules.default_action", "Allow"))
    assert opened.row("3.8", ADLS.address).outcome == "fail"
    assert opened.row("3.8", STRG.address).outcome == "pass"


# -- what a program must do with it


@shows(FLOWEHR, Case("F-155", "prove", STRG.without("https_traffic_only_enabled", False)))
def test_each_claim_agrees_is_contradicted_or_cannot_be_decided(bench: Bench) -> None:
    found = bench.assessment().claims
    assert {c.item for c in found} >= {"3.1", "4.1.1", "8.5", "9.1", "4.5.1"}
    claimed = [c for c in found if c.claim.status == "Y" and c.item]
    assert [f"{c.item}: {c.why}" for c in claimed if c.agrees is False] == []
    assert all(c.why for c in found if c.measured == "not in code")


@shows(FLOWEHR, Case("F-156", "prove", Rewritten("claims.md", "CIS 3.1 ", "CIS 3.5 ")))
def test_rows_that_the_document_leaves_out_are_reported(bench: Bench) -> None:
    left_out = {(o.row.item, o.row.resource.title): o.row.status for o in bench.assessment().omissions}
    for item, resource in (("3.5", "strgoakvaleprod"), ("3.14", "adlsoakvaleprod")):
        assert left_out[item, resource] == "Y"
    assert {item for item, _ in left_out} >= {"3.5", "3.14", "9.9"}
    assert ("3.1", "strgoakvaleprod") not in left_out


@shows(FLOWEHR, Case("F-157", "build", Rewritten(DECISIONS, 'item: "3.12"', 'item: "3.99"')))
def test_a_decision_is_recorded_once_for_many_rows(bench: Bench) -> None:
    decisions = [d for d in bench.decisions if "3.12" in d.items]
    assert len(decisions) == 1
    assert all(decisions[0].covers(bench.resource(a.address)) for a in (STRG, ADLS))


@shows(FLOWEHR, Case("F-157", "prove", undecided("3.12")))
def test_a_reason_that_changes_changes_in_every_row(bench: Bench) -> None:
    (decision,) = [d for d in bench.decisions if "3.12" in d.items]
    other = bench.grown(Rewritten(DECISIONS, decision.reason, "another reason altogether"))
    for account in (STRG, ADLS):
        (part,) = other.row("3.12", account.address).parts
        assert part.decision is not None
        assert part.decision.reason == "another reason altogether"


@shows(FLOWEHR, Case("F-158", "prove", Rewritten(DECISIONS, "review_by: 20", "review_by: 19")))
def test_a_deviation_is_looked_at_again(bench: Bench) -> None:
    assert [r.why for r in bench.assessment().remarks if r.kind == "lapsed"] == []
    for decision in bench.decisions:
        if decision.word == "accept":
            assert decision.owner
            assert decision.review_by


@shows(FLOWEHR, Case("F-159", "prove", Rewritten(PAGE, "| Y |", "| yes, it is |")))
def test_the_page_reads_back_as_rows(bench: Bench) -> None:
    from ringfence.adherence.claims import claims

    read = {(c.subject.label, item): c.status for c in claims(bench.page(PAGE), PAGE) for item in c.items}
    for row in bench.assessment().rows:
        if row.item:
            assert read[row.resource.title, row.item] == row.status


@shows(FLOWEHR, Case("F-159", "build", undecided("3.12")))
def test_there_is_markdown_and_html(bench: Bench) -> None:
    from ringfence.documents.html import html

    page, site = bench.page(PAGE), html(bench.assessment())
    assert "| N |" in page
    assert "<table" in site
    reason = next(d.reason for d in bench.decisions if "3.12" in d.items)
    assert " ".join(reason.split()) in page
