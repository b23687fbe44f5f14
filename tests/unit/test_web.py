"""App Service: defaults by version, and what counts as a secret."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.model.symbol import Apply, Choice, Error, Input, Ref, Sensitive, Text
from ringfence.questions.secrecy import secrecy
from tests.support import Open, declare, estate, verdict

APP = "azurerm_linux_web_app.app"
SLOT = "azurerm_linux_web_app_slot.slot"
OLD = "azurerm_app_service.app"


def judged(check: str, address: str, version: str = "3.47.0", **content: Any) -> Any:
    content.setdefault("site_config", [{}])
    return verdict(check, estate(declare(address, version=version, name="app", **content)), address)


def shown(judged: Any) -> list[tuple[str, Any, str]]:
    return [(e.field, e.actual, e.origin.default) for e in judged.evidence]


@pytest.mark.parametrize(
    ("address", "version", "outcome", "actual", "default"),
    [
        (APP, "3.47.0", "pass", "Disabled", "azurerm 3.47.0"),
        (APP, "4.81.0", "pass", "Disabled", "azurerm 4.81.0"),
        (SLOT, "3.47.0", "pass", "Disabled", "azurerm 3.47.0"),
        (OLD, "2.71.0", "fail", "AllAllowed", "Azure"),
        (OLD, "3.117.1", "fail", "AllAllowed", "Azure"),
        ("azurerm_function_app.app", "2.71.0", "fail", "AllAllowed", "Azure"),
        ("azurerm_windows_function_app.app", "4.81.0", "pass", "Disabled", "azurerm 4.81.0"),
    ],
)
def test_ftp_by_default(address: str, version: str, outcome: str, actual: str, default: str) -> None:
    check = "function-ftp" if "function" in address else "web-ftp"
    found = judged(check, address, version)
    assert (found.outcome, shown(found)) == (outcome, [("ftps_state", actual, default)])


def test_tls_by_default() -> None:
    assert shown(judged("web-minimum-tls", APP)) == [("min_tls_version", "1.2", "azurerm 3.47.0")]
    assert shown(judged("web-minimum-tls", OLD, "2.71.0")) == [("min_tls_version", "1.2", "Azure")]
    assert judged("web-minimum-tls", OLD, "2.71.0", site_config=[{"min_tls_version": "1.0"}]).outcome == "fail"


def test_https_by_default() -> None:
    assert shown(judged("web-https-only", APP)) == [("https_only", False, "azurerm 3.47.0")]
    computed = judged("function-https-only", "azurerm_windows_function_app.app", "4.81.0")
    assert (computed.outcome, shown(computed)) == ("fail", [("https_only", False, "Azure")])


def test_public_access_exists_since_3_65() -> None:
    assert shown(judged("web-public-network-access", APP, "3.47.0")) == [("public_network_access", "Enabled", "Azure")]
    closed = judged("web-public-network-access", APP, "3.117.1", public_network_access_enabled=False)
    assert closed.outcome == "pass"
    early = judged("web-public-network-access", APP, "3.47.0", public_network_access_enabled=False)
    assert (early.outcome, early.needs[0].kind) == ("unknown", "version")


def test_either_version_of_authentication_will_do() -> None:
    v2 = [{"auth_enabled": True, "login": [{}]}]
    assert judged("web-authentication", APP, auth_settings_v2=v2).outcome == "pass"
    assert judged("web-authentication", APP, auth_settings=[{"enabled": True}]).outcome == "pass"
    assert judged("web-authentication", APP, auth_settings_v2=[{"login": [{}]}]).outcome == "fail"
    undecided = judged("web-authentication", APP, auth_settings=Open(Input(".", "auth")))
    assert (undecided.outcome, undecided.needs[0].subject) == ("unknown", "auth")


def test_a_legacy_function_app_turns_certificates_on_by_their_mode() -> None:
    address = "azurerm_function_app.app"
    assert judged("function-client-certificates", address, "2.71.0", client_cert_mode="Required").outcome == "pass"
    assert judged("function-client-certificates", address, "2.71.0", client_cert_mode="Optional").outcome == "fail"
    assert judged("function-client-certificates", address, "2.71.0").outcome == "fail"


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("SystemAssigned", "pass"), ("UserAssigned", "pass"), ("SystemAssigned, UserAssigned", "pass")],
)
def test_any_identity_will_do(kind: str, outcome: str) -> None:
    assert judged("web-managed-identity", APP, identity=[{"type": kind}]).outcome == outcome


@pytest.mark.parametrize(
    ("check", "content", "outcome"),
    [
        ("web-java-version", {"site_config": [{"application_stack": [{"java_version": "25"}]}]}, "pass"),
        ("web-java-version", {"site_config": [{"application_stack": [{"java_version": "1.8"}]}]}, "fail"),
        ("web-python-version", {"site_config": [{"application_stack": [{"python_version": "3.9"}]}]}, "fail"),
        ("web-python-version", {"site_config": [{"application_stack": [{"python_version": "3.15"}]}]}, "pass"),
        ("web-php-version", {"site_config": [{"application_stack": [{"docker_image_name": "x"}]}]}, "not applicable"),
    ],
)
def test_versions(check: str, content: dict[str, Any], outcome: str) -> None:
    assert judged(check, APP, "4.81.0", **content).outcome == outcome


@pytest.mark.parametrize(
    ("config", "outcome"),
    [
        ({"linux_fx_version": "PYTHON|3.8"}, "fail"),
        ({"linux_fx_version": "PYTHON|3.14"}, "pass"),
        ({"linux_fx_version": "DOCKER|x"}, "not applicable"),
        ({"python_version": "2.7"}, "fail"),
        ({}, "not applicable"),
        ({"linux_fx_version": Input(".", "fx")}, "unknown"),
    ],
)
def test_the_version_of_a_legacy_application_stands_behind_its_language(config: dict[str, Any], outcome: str) -> None:
    assert judged("web-python-version", OLD, "2.71.0", site_config=[config]).outcome == outcome


def test_a_slot_is_a_web_application() -> None:
    found = estate(
        declare(APP, version="3.47.0", name="app", site_config=[{}], https_only=True),
        declare(SLOT, version="3.47.0", name="test", app_service_id=Ref(f".#{APP}", ("id",)), site_config=[{}]),
    )
    from ringfence.checks.check import checks

    check = checks()["web-https-only"]
    assert [(r.address, check.verdict(r, found).outcome) for r in check.resources(found)] == [
        (APP, "pass"),
        (SLOT, "fail"),
    ]
    parent = found.parent(found.resources[f".#{SLOT}"])
    assert isinstance(parent, tuple)
    assert parent[0].resource is found.resources[f".#{APP}"]


# -- secrets


def ref(type_: str, *path: str) -> Ref:
    return Ref(f'apps#module.x["a.b"].{type_}.y[0]', path)


@pytest.mark.parametrize(
    ("name", "value", "answer"),
    [
        ("DB_PASSWORD", "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/s)", "harmless"),
        (
            "DB_PASSWORD",
            Text(("@Microsoft.KeyVault(SecretUri=", ref("azurerm_key_vault_secret", "id"), ")")),
            "harmless",
        ),
        ("DB_PASSWORD", Sensitive("@Microsoft.KeyVault(SecretUri=x)"), "harmless"),
        ("DB_PASSWORD", "opensesame", "secret"),
        ("dbPassword", "opensesame", "secret"),
        ("Db:ClientSecret", "opensesame", "secret"),
        ("DB_PASSWORD", "", "harmless"),
        ("PASSWORD_RESET_URL", "https://x.org", "harmless"),
        ("TOKEN", "https://user:pw@x.org", "secret"),
        ("STORE", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc==", "secret"),
        ("STORE", "Server=s;Authentication=ActiveDirectoryMsi;Encrypt=yes", "harmless"),
        ("STORE", Text(("Server=s;Pwd=", Input("", "x"))), "secret"),
        ("STORE", Text(("Server=", ref("azurerm_mssql_server", "fully_qualified_domain_name"))), "harmless"),
        ("X", ref("azurerm_storage_account", "primary_access_key"), "secret"),
        ("X", ref("azurerm_storage_account", "primary_connection_string"), "secret"),
        ("X", ref("azurerm_storage_account", "primary_blob_endpoint"), "harmless"),
        ("X", ref("azuread_application_password", "value"), "secret"),
        ("X", ref("random_password", "result"), "secret"),
        ("X", ref("random_string", "result"), "harmless"),
        ("DB_PASSWORD", ref("random_string", "result"), "secret"),
        ("X", ref("azurerm_key_vault_secret", "value"), "secret"),
        ("X", ref("azurerm_key_vault_secret", "versionless_id"), "harmless"),
        ("X", ref("azurerm_linux_web_app", "site_credential", "0", "password"), "secret"),
        ("APPINSIGHTS_INSTRUMENTATIONKEY", ref("azurerm_application_insights", "instrumentation_key"), "harmless"),
        ("APPLICATIONINSIGHTS_CONNECTION_STRING", ref("azurerm_application_insights", "connection_string"), "harmless"),
        ("APPINSIGHTS_INSTRUMENTATIONKEY", "11111111-1111-1111-1111-111111111111", "harmless"),
        ("X", Sensitive("anything"), "secret"),
        ("X", Input(".", "db_password"), "secret"),
        ("X", Input(".", "level"), "unknown"),
        ("X", Text(("a-", Input(".", "suffix"))), "unknown"),
        ("X", Choice(Input(".", "x"), ref("random_password", "result"), ""), "secret"),
        ("X", Choice(Input(".", "x"), "a", "b"), "harmless"),
        ("X", Apply("base64encode", (ref("random_password", "result"),)), "secret"),
        ("X", Error("no such file"), "unknown"),
        ("X", True, "harmless"),
        ("X", 8000, "harmless"),
        ("X", Ref("apps#module.unread", ("output",)), "unknown"),
    ],
)
def test_what_is_a_secret(name: str, value: Any, answer: str) -> None:
    found = secrecy(value, name)
    assert found.answer == answer
    assert "opensesame" not in found.form


def test_one_secret_among_settings_fails_and_is_named_and_not_shown() -> None:
    settings = {"LEVEL": "info", "DB_PASSWORD": "opensesame", "OTHER": Input(".", "level")}
    found = judged("web-secrets-in-key-vault", APP, app_settings=settings)
    assert found.outcome == "fail"
    assert [(e.field, e.actual) for e in found.evidence] == [("app_settings.DB_PASSWORD", "written here")]


def test_an_unknown_setting_is_unknown_and_names_its_variable() -> None:
    found = judged("web-secrets-in-key-vault", APP, app_settings={"OTHER": Input(".", "level")})
    assert (found.outcome, [n.subject for n in found.needs]) == ("unknown", ["level"])


def test_a_password_given_to_authentication_is_a_secret_that_is_written() -> None:
    password = Ref(".#azuread_application_password.p", ("value",))
    auth = [{"enabled": True, "active_directory": [{"client_id": "x", "client_secret": password}]}]
    found = judged("web-secrets-in-key-vault", APP, auth_settings=auth)
    assert found.outcome == "fail"
    assert [(e.field, e.actual) for e in found.evidence] == [
        ("auth_settings_client_secret", "a reference to azuread_application_password.p.value")
    ]


def test_settings_that_are_not_known_at_all() -> None:
    whole = Apply("merge", (Input(".", "env"), {"P": Ref(".#random_password.p", ("result",))}))
    assert judged("web-secrets-in-key-vault", APP, app_settings=whole).outcome == "fail"
    whole = Apply("merge", (Input(".", "env"), {"P": "x"}))
    found = judged("web-secrets-in-key-vault", APP, app_settings=whole)
    assert (found.outcome, found.needs[0].subject) == ("unknown", "env")


def test_no_settings_hold_no_secrets() -> None:
    found = judged("web-secrets-in-key-vault", APP)
    assert found.outcome == "pass"
    assert ("app_settings", None) in [(e.field, e.actual) for e in found.evidence]
