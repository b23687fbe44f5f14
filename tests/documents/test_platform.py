"""The documents of a platform: each table has what the platform declares, and each link leads somewhere."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from ringfence.adherence.decisions import Decision
from ringfence.builders.terraform import build
from ringfence.documents.platform import links
from ringfence.documents.platform.owed import owed
from ringfence.documents.platform.principals import automation, principals
from ringfence.model.blueprint import block
from ringfence.model.register import Relaxation
from ringfence.record import replace
from tests.documents.platform import DEFINITION, blueprint, made, subject

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def documents() -> Mapping[str, str]:
    return made(subject())


def cells(page: str) -> list[list[str]]:
    """The rows of every table of a page, headers left out."""
    lines = [line.strip("| ").split(" | ") for line in documents()[page].splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line] for line in lines]


def row(page: str, *words: str) -> list[str]:
    """The one row in which all words are."""
    found = [r for r in cells(page) if all(any(w in cell for cell in r) for w in words)]
    assert len(found) == 1, found
    return found[0]


def test_no_link_is_dead() -> None:
    declared = blueprint()
    built = build(declared)
    assert list(links.dead(made(subject(declared, built=built)), DEFINITION, built.files)) == []


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("[a](b.md)", ["a.md: b.md"]),
        ("[a](a.md#part-one)", []),
        ("[a](#part-two)", ["a.md: #part-two"]),
        ("[a](../built/core/main.tf#L2)", []),
        ("[a](../built/core/main.tf#L3)", ["a.md: ../built/core/main.tf#L3"]),
        ("[a](../built)", []),
        ("[a](https://example.org)", []),
    ],
)
def test_a_dead_link_is_found(text: str, dead: list[str]) -> None:
    pages = {"a.md": f"# Part one\n\n{text}\n"}
    assert list(links.dead(pages, "../built", {"core/main.tf": "one\ntwo\n"})) == dead


def test_every_automation_principal_has_its_privileges() -> None:
    assert row("identities.md", "id-app", "Key Vault Secrets User")[4] == "It finds its certificate."
    assert row("identities.md", "id-mysql", "Key Vault Crypto")[1] == "managed identity, user-assigned"
    assert row("identities.md", "portal")[1:3] == ["service principal", "none in Azure"]


def test_privileges_are_the_role_assignments() -> None:
    found = subject()
    granted = {use.key for p in principals(found) for use in p.uses}
    assert granted == {d.key for d in found.of("azurerm_role_assignment")}
    assert {p.name for p in automation(found)} == {"id-app", "id-mysql", "portal"}


def test_guests_and_accounts_are_listed() -> None:
    assert row("identities.md", "nhs.example", "They read.")[2] == "prod"
    assert row("identities.md", "probe")[1:] == ["tries what a guest may do", "platform owner", "2026-12-31"]


def test_connections_say_how_each_side_is_known() -> None:
    assert row("connections.md", "id-app", "Secrets User")[2] == "MSI, user-assigned"
    assert row("connections.md", "platform owner")[3] == "90 days"


def test_users_of_databases_are_listed_and_the_guide_makes_them() -> None:
    assert row("identities.md", "It reads features.")[1:3] == ["id-app", "`db_datareader`"]
    assert row("connections.md", "It reads features.")[2:4] == ["MSI, user-assigned", "db_datareader"]
    statement = "`CREATE USER [id-app] FROM EXTERNAL PROVIDER; ALTER ROLE db_datareader ADD MEMBER [id-app];`"
    assert statement in documents()["operators-guide.md"]


def test_an_exemption_has_its_reason() -> None:
    assert row("exemptions.md", "ingress", "[pip](")[2] == "Published applications are met here."


def test_a_relaxation_is_listed() -> None:
    declared = blueprint()
    key = next(d.key for layer in declared.layers for d in layer if d.type == "azurerm_key_vault")
    declared.register.relaxations.append(
        Relaxation("switches.open", key, "public_network_access_enabled", ("8.7",), "x")
    )
    assert "| `switches.open` |" in made(subject(declared))["exemptions.md"]


def test_items_have_their_naming_scheme() -> None:
    found = row("2-key-vault.md", "Names the certificate.")
    assert found[1:3] == ["Secret", "Spring PropertySource: `dgc.trustAnchor.certificateAlias`"]
    assert row("2-key-vault.md", "`dgc.trustAnchor.certificateAlias`", "`dgc-trustanchor-certificatealias`")
    assert row("2-key-vault.md", "id-app", "Secrets User")[0] == "`kv-core/secrets/dgc-trustanchor-certificatealias`"


def test_keys_of_ones_own_have_a_row_each() -> None:
    found = row("3-customer-managed-keys.md", "mysql-encryption-key")
    assert found[2:6] == ["user-assigned identity id-mysql", "RSA-HSM", "2048", "unwrapKey, wrapKey"]
    assert found[6].startswith("`kv-core`: FIPS 140")
    assert row("3-customer-managed-keys.md", "[role assignment](")[0].startswith("Storage account [stkept](")
    assert row("3-customer-managed-keys.md", "log-core")[2] == "it is linked to no dedicated cluster"


def test_private_link_has_the_zone_of_each_service() -> None:
    assert row("1-private-link.md", "kv-core")[2:] == ["`vault`", "`privatelink.vaultcore.azure.net`"]


def test_pods_are_listed_with_their_service_account() -> None:
    assert row("4-directory-sign-in.md", "system:serviceaccount")[2] == "`system:serviceaccount:app:app`"


def test_the_cost_of_a_cluster_is_said_and_a_retired_solution_flagged() -> None:
    assert "500 GB a day" in documents()["5-log-analytics.md"]
    assert row("5-log-analytics.md", "ServiceMap")[4] == "**flagged**: Retired on 30 September 2025."
    assert row("5-log-analytics.md", "kv-core")[2:4] == ["group allLogs", "AllMetrics"]


def test_chapters_are_a_chain() -> None:
    numbered = sorted(name for name in documents() if name[0].isdigit())
    assert len(numbered) == 6
    for name, following in pairwise(numbered):
        assert f"]({following})" in documents()[name].partition("## Read on")[2]
        assert "](https://learn.microsoft.com/" in documents()[name]


def test_the_guide_has_three_commands_for_each_layer_and_the_redirect_address() -> None:
    guide = documents()["operators-guide.md"]
    for command in ("init", "plan -out=plan", "apply plan"):
        assert f"$ terraform -chdir=DIR/core {command}" in guide
    assert "`https://portal.example.org/oauth2/callback`" in guide
    assert "## Sign-in of the portal" in guide
    assert row("operators-guide.md", "alert_recipient")[3] == "**asked for**"
    assert "- `signing: mounted`: The service holds the key. (the document)" in guide


def test_the_guide_says_what_is_done_by_hand() -> None:
    declared = blueprint()
    layer = declared.layers[0]
    file = layer.files["main.tf"]
    vault = next(d for d in layer if d.type == "azurerm_key_vault")
    policy = block(issuer_parameters=block(name="Unknown"))
    file.resource(
        "azurerm_key_vault_certificate", "auth", name="auth", key_vault_id=vault.id, certificate_policy=policy
    )
    layer.variable("portal_image", "string", "Which image runs.", ":1")
    guide = made(subject(declared))["operators-guide.md"]
    assert "`az keyvault certificate pending merge --vault-name kv-core --name auth --file SIGNED`" in one_line(guide)
    assert "Bring the images of `portal_image` into" in one_line(guide)


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_a_switch_that_changes_no_row_is_named() -> None:
    assert "`open`: no row" not in documents()["switches.md"]
    quiet = replace(subject(), effects=((), ()))
    assert "`open`: no row that is judged changes." in made(quiet)["switches.md"]


def test_the_adherence_tables_have_four_columns_and_begin_with_the_resource() -> None:
    page = documents()["CIS-adherence.md"]
    lines = page.splitlines()
    at = lines.index("## core") + 2
    assert lines[at] == "| Azure Resource | CIS Reference | Adherence | Notes |"
    head = next(line for line in lines if "`kv-core`" in line)
    assert "`CIS 8`" in head
    assert "(../built/core/main.tf#L" in head
    assert "`cis-azure-2.0.0`; [from CIS](https://www.cisecurity.org/" in page


def test_a_copy_is_not_called_production() -> None:
    assert "the production subscription" in one_line(documents()["CIS-adherence.md"])
    copied = replace(blueprint(), production=False)
    assert "a copy in which no real data is kept" in one_line(made(subject(copied))["CIS-adherence.md"])


def test_what_is_inherited_is_out_of_scope_with_its_owner() -> None:
    decision = Decision("not-applicable", (), ("1",), ("*",), "Set at home.", "host", level="organisation")
    page = made(subject(decisions=[decision]))["CIS-adherence.md"]
    assert "| `CIS 1` | Set at home. | organisation | host |" in page


def test_a_decision_owes_issue_level_and_owner() -> None:
    todo = Decision("todo", (), ("10.1",), ("*",), "Later.", file="d.yaml", line=1)
    inherited = Decision("not-applicable", (), ("1",), ("*",), "At home.", file="d.yaml", line=2)
    told = [one for one in owed(subject(decisions=[todo, inherited])) if one.startswith("d.yaml")]
    assert told == [
        "d.yaml:1 is to do and names no issue",
        "d.yaml:2 does not apply here and does not say at which level it is set instead, and by whom",
    ]


def test_the_picture_shows_the_network() -> None:
    assert "vnet-core" in documents()["network.svg"]


def test_documents_are_the_same_every_time() -> None:
    assert made(subject()) == documents()
