"""Azure App Service: web applications, function applications and their slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.checks.check import check
from ringfence.model.judge import equals, holds, is_off, is_on, one_of
from ringfence.model.symbol import Choice, Error, Input, leaves, plain
from ringfence.model.value import Absent, Known, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, every, not_applicable
from ringfence.model.web import FunctionApp, Site, WebApp
from ringfence.questions.secrecy import secrecy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ringfence.checks.check import Severity
    from ringfence.model.origin import Origin
    from ringfence.model.symbol import Value
    from ringfence.model.value import Attr


def _on_sites(name: str, *, severity: Severity, fix: str) -> Callable[[Callable[..., Verdict]], Callable[..., Verdict]]:
    """Registers one condition as ``web-…`` on web applications and as ``function-…`` on function applications."""

    def register(judge: Callable[..., Verdict]) -> Callable[..., Verdict]:
        check(f"web-{name}", WebApp, severity=severity, fix=fix)(judge)
        check(f"function-{name}", FunctionApp, severity=severity, fix=fix)(judge)
        return judge

    return register


@_on_sites(
    "authentication",
    severity="medium",
    fix="Add auth_settings_v2 with auth_enabled = true (or auth_settings with enabled = true).",
)
def authentication(site: Site) -> Verdict:
    """App Service signs users in before a request reaches the application.

    Either version of the settings will do. Whether anonymous requests are still let through is the application's
    decision and not judged here.

    Source: learn.microsoft.com/azure/app-service/overview-authentication-authorization
    """
    return any_of(is_on(site.auth_settings_enabled), is_on(site.auth_settings_v2_enabled))


@_on_sites("https-only", severity="high", fix="Set https_only = true.")
def https_only(site: Site) -> Verdict:
    """A request over HTTP is redirected to HTTPS.

    Source: learn.microsoft.com/azure/app-service/configure-ssl-bindings, "Enforce HTTPS"
    """
    return is_on(site.https_only)


@_on_sites("minimum-tls", severity="high", fix='Set site_config.minimum_tls_version = "1.2" or newer.')
def minimum_tls(site: Site) -> Verdict:
    """Clients must speak TLS 1.2 or newer.

    Azure and the provider's resources of 3.0 and later have 1.2 by default.

    Source: learn.microsoft.com/azure/app-service/overview-tls
    """
    return one_of(site.min_tls_version, "1.2", "1.3")


@_on_sites(
    "client-certificates",
    severity="low",
    fix='Set client_certificate_enabled = true and client_certificate_mode = "Required".',
)
def client_certificates(site: Site) -> Verdict:
    """A client must show a certificate.

    An optional certificate keeps nobody out, so the mode must be Required.

    Source: learn.microsoft.com/azure/app-service/app-service-web-configure-tls-mutual-auth
    """
    return all_of(is_on(site.client_cert_enabled), equals(site.client_cert_mode, "Required"))


@_on_sites("managed-identity", severity="medium", fix='Add an identity block with type = "SystemAssigned".')
def managed_identity(site: Site) -> Verdict:
    """The application has a managed identity, so that it needs no password for Azure's services.

    Source: learn.microsoft.com/azure/app-service/overview-managed-identity
    """
    return holds(site.identity_type, lambda v: bool(v) and str(v).casefold() != "none", "a managed identity")


@_on_sites("http2", severity="low", fix="Set site_config.http2_enabled = true.")
def http2(site: Site) -> Verdict:
    """The application speaks HTTP/2.

    Source: learn.microsoft.com/azure/app-service/configure-common, "General settings"
    """
    return is_on(site.http20_enabled)


@_on_sites("ftp", severity="medium", fix='Set site_config.ftps_state = "Disabled" or "FtpsOnly".')
def ftp(site: Site) -> Verdict:
    """Nobody deploys over FTP without encryption.

    Azure's own default is AllAllowed; the provider's resources of 3.0 and later write Disabled.

    Source: learn.microsoft.com/azure/app-service/deploy-ftp, "Enforce FTPS"
    """
    return one_of(site.ftps_state, "FtpsOnly", "Disabled")


@_on_sites("remote-debugging", severity="medium", fix="Set site_config.remote_debugging_enabled = false.")
def remote_debugging(site: Site) -> Verdict:
    """No debugger can attach from outside.

    Source: learn.microsoft.com/azure/app-service/configure-common, "Debugging"
    """
    return is_off(site.remote_debugging_enabled)


@_on_sites("cors", severity="medium", fix="List the origins in site_config.cors.allowed_origins; do not write *.")
def cors(site: Site) -> Verdict:
    """No page of just any origin may call the application from a browser.

    Source: learn.microsoft.com/azure/app-service/app-service-web-tutorial-rest-api, "Enable CORS"
    """
    return holds(site.cors_allowed_origins, lambda v: "*" not in (v or ()), "no origin is *")


@_on_sites("public-network-access", severity="high", fix="Set public_network_access_enabled = false.")
def public_network_access(site: Site) -> Verdict:
    """The application is reached through private endpoints only.

    Source: learn.microsoft.com/azure/app-service/overview-access-restrictions
    """
    return equals(site.public_network_access, "Disabled")


# -- versions


def _version_check(language: str, title: str, minimum: str) -> None:
    @check(
        f"web-{language}-version",
        WebApp,
        severity="medium",
        fix=f"Set site_config.application_stack.{language}_version to a current version.",
        parameters={f"{language}_minimum": minimum},
    )
    def judge(site: WebApp, _: Any, parameters: Mapping[str, Any]) -> Verdict:
        return _recent(getattr(site, f"{language}_version"), title, str(parameters[f"{language}_minimum"]))

    judge.__doc__ = (
        f"An application in {title} runs on the newest version that App Service offers.\n\n"
        f"The benchmark's parameter ``{language}_minimum`` says which; a newer one passes too.\n\n"
        "Source: the values that hashicorp/azurerm 4.81.0 accepts"
    )


def _recent(attr: Attr[str], title: str, minimum: str) -> Verdict:
    value = attr.value if isinstance(attr, Known) else None
    if isinstance(attr, Absent) or str(value).casefold() == "off":
        return not_applicable(f"no {title} version is chosen")
    if isinstance(attr, Unknown) and attr.bounds is not None and None in attr.bounds:
        present = tuple(b for b in attr.bounds if b is not None)
        attr = Unknown(attr.field, attr.needs, attr.origin, present)
    wanted = _version(minimum)
    return holds(attr, lambda v: _version(str(v)) >= wanted, f"at least {minimum}")


def _version(text: str) -> tuple[int, ...]:
    """``3.12`` as (3, 12); Java's old ``1.8.0_25`` as (8, 0); what follows the digits is left out."""
    numbers: list[int] = []
    for piece in text.rpartition("|")[2].split("."):
        digits = piece[: len(piece) - len(piece.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
    if numbers[:1] == [1] and len(numbers) > 1:
        numbers = numbers[1:]
    if not numbers:
        raise ValueError(text)
    return tuple(numbers)


_version_check("php", "PHP", "8.4")
_version_check("python", "Python", "3.14")
_version_check("java", "Java", "25")


# -- secrets

_SECRET_FIELDS = (
    "auth_settings_client_secret",
    "auth_settings_facebook_app_secret",
    "auth_settings_git_hub_client_secret",
    "auth_settings_google_client_secret",
    "auth_settings_microsoft_account_client_secret",
    "auth_settings_twitter_consumer_secret",
    "docker_registry_password",
)
"""Fields that hold a secret whenever they are set: a Key Vault reference is written as the name of a setting."""


@_on_sites(
    "secrets-in-key-vault",
    severity="high",
    fix="Keep the secret in a key vault and write @Microsoft.KeyVault(SecretUri=…) as the setting's value; for "
    "authentication name that setting in client_secret_setting_name.",
)
def secrets_in_key_vault(site: Site) -> Verdict:
    """The application takes its secrets from a key vault: none is written in its settings.

    Whoever may read the application's configuration, the plan or the state reads a secret that is written there.
    What counts as a secret is said in `ringfence.questions.secrecy`.

    Source: learn.microsoft.com/azure/app-service/app-service-key-vault-references
    """
    return all_of(
        _settings(site.app_settings),
        every(site.connection_strings, [_connection(c.name, c.value) for c in site.connection_strings]),
        every(site.storage_mounts, [_unset(m.access_key) for m in site.storage_mounts]),
        *(_unset(getattr(site, field)) for field in _SECRET_FIELDS),
    )


def _settings(attr: Attr[dict[str, object]]) -> Verdict:
    if isinstance(attr, Unknown):
        return _whole(attr)
    settings = plain(attr.value) if isinstance(attr, Known) else {}  # type: ignore[arg-type]  # a map of values
    if not isinstance(settings, dict) or not settings:
        return Verdict("pass", (Evidence(attr.field, "no secret", None, attr.origin, "pass"),))
    parts = [_setting(f"app_settings.{name}", name, value, attr.origin) for name, value in settings.items()]
    verdict = all_of(*parts)
    if verdict.outcome != "pass":
        return verdict
    return Verdict(
        "pass", (Evidence(attr.field, "no secret", ", ".join(sorted(settings)), attr.origin.veiled(), "pass"),)
    )


def _whole(attr: Unknown) -> Verdict:
    """All settings together are unknown; a secret among what is known of them still decides."""
    found = secrecy(attr.value)
    if found.answer == "secret":
        return Verdict(
            "fail", (Evidence(attr.field, "no secret", found.form, attr.origin.veiled(), "fail"),), "one is a secret"
        )
    why = "; ".join(n.why for n in attr.needs)
    return Verdict(
        "unknown", (Evidence(attr.field, "no secret", why, attr.origin.veiled(), "unknown"),), why, attr.needs
    )


def _setting(field: str, name: str, value: Value, origin: Origin) -> Verdict:
    found, origin = secrecy(value, name), origin.veiled()
    expected = "a Key Vault reference, or no secret"
    if found.answer == "harmless":
        return Verdict("pass", (Evidence(field, expected, found.form, origin, "pass"),))
    if found.answer == "secret":
        return Verdict("fail", (Evidence(field, expected, found.form, origin, "fail"),), f"{name} is a secret")
    why = f"{name} holds {found.form}, which is not known"
    return Verdict("unknown", (Evidence(field, expected, why, origin, "unknown"),), why, tuple(_inputs(value, why)))


def _inputs(value: Value, why: str) -> Iterator[Need]:
    found = [leaf for leaf in leaves(value) if isinstance(leaf, Input)]
    for leaf in found:
        yield Need(leaf.kind, leaf.name, f"{leaf.kind} {leaf.name} has no value")
    if not found:
        yield Need("apply", why, why)


def _connection(name: Attr[str], value: Attr[str]) -> Verdict:
    label = str(name.value) if isinstance(name, Known) else "connection_string"
    if isinstance(value, Absent):
        return not_applicable("no connection string")
    return _setting(f"connection_strings.{label}", "", value.value, value.origin)


def _unset(attr: Attr[str]) -> Verdict:
    """The field is not set. What refers to another resource is set although its value is not known."""
    value = attr.value if isinstance(attr, (Known, Unknown)) else None
    if isinstance(attr, Known) and value in (None, ""):
        value = None
    if value is not None and not (isinstance(attr, Unknown) and _may_be_null(value)):
        evidence = Evidence(attr.field, "not set", secrecy(value, "secret").form, attr.origin.veiled(), "fail")
        return Verdict("fail", (evidence,), f"{attr.field} is set")
    return holds(attr, lambda v: v in (None, ""), "not set")


def _may_be_null(value: Value) -> bool:
    """True of an input: nobody has said yet what it is. A reference to another resource is meant to be something."""
    value = plain(value)
    if isinstance(value, Choice):
        return value.yes is None or value.no is None or _may_be_null(value.yes) or _may_be_null(value.no)
    return isinstance(value, (Input, Error))
