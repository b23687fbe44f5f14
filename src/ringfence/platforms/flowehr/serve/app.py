"""One app: its identity, its own database and secrets, who signs in to it, and who tries its next version.

Everything of it is in one file, and nothing in it reaches into another app's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.entra import Application
from ringfence.constructs.grant import grant
from ringfence.constructs.identity import Identity
from ringfence.constructs.secret import renewal, secret
from ringfence.constructs.sign_in import SignIn
from ringfence.constructs.web_app import Runs, WebApp
from ringfence.model.blueprint import Life
from ringfence.model.symbol import text
from ringfence.platforms.flowehr.core.people import ISSUER, subject
from ringfence.platforms.flowehr.settings.admitted import DEVELOPERS
from ringfence.record import replace

if TYPE_CHECKING:
    from ringfence.constructs.secret import Renewal
    from ringfence.model.blueprint import Declared, File, Layer
    from ringfence.model.symbol import Value
    from ringfence.platforms.flowehr.serve.layer import Serve
    from ringfence.platforms.flowehr.settings import Config
    from ringfence.platforms.flowehr.settings.apps import App
    from ringfence.platforms.flowehr.settings.secret import Secret

SLOT = "testing"
DAYS = 180
"""After which an app's secrets are made, or given, anew."""


def declare(serve: Serve, app: App, config: Config) -> WebApp:
    """Declares the app."""
    file = serve.layer.file(f"app_{app.id}.tf", f"The app {app.name}: {app.description}" if app.description else "")
    called = config.names.called(f"webapp-{app.dashed}-{{suffix}}")
    identity = Identity(file, app.id, serve.core.home, called=config.names.called(f"id-{app.dashed}-{{suffix}}"))
    serve.people.apps.add(app.id, identity.principal, file=file)
    pulls = _granted(serve, file, app, identity)
    secrets, reads = _secrets(serve, file, app, identity, config)
    made = WebApp(
        file,
        app.id,
        serve.core.home,
        called=called,
        plan=serve.plan,
        identity=identity,
        sign_in=_sign_in(serve, file, app, called, identity),
        subnet=serve.core.network.subnets["serve_webapps"].id,
        runs=Runs(
            app.image,
            serve.registry.login_server,
            _settings(serve, app, identity, config),
            secrets,
        ),
        slot=SLOT if app.testing_slot else "",
        public=config.switches.named("public_apps"),
        after=(_ready(file, app, pulls, *reads),),
    )
    if app.testing_slot:
        _swapped(serve, file, app, made, config)
    return made


def _granted(serve: Serve, file: File, app: App, identity: Identity) -> Declared:
    """What the app may do; the role by which its image is pulled."""
    who, called = identity.principal, identity.called
    pulls = serve.registry.may_pull(
        file, f"{app.id}_pulls_images", who=who, called=called, why=f"{app.name} pulls its image as itself."
    )
    serve.insights.may_send(f"{app.id}_sends_telemetry", who=who, called=called, file=file)
    database = serve.cosmos.database(app.id, called=f"{app.dashed}-state", container=app.dashed, file=file)
    why = f"{app.name} keeps its state in its own database."
    serve.cosmos.may_use(app.id, database, who=who, called=called, why=why)
    return pulls


def _ready(file: File, app: App, *roles: Declared) -> Declared:
    """App Service asks for secrets when an app starts, and then once a day.

    Source: learn.microsoft.com/azure/app-service/app-service-key-vault-references (rotation),
    learn.microsoft.com/azure/role-based-access-control/troubleshooting (changes take minutes)
    """
    return file.resource(
        "time_sleep",
        f"{app.id}_ready",
        comment="The app starts once Azure has applied the roles by which it gets its image and its secrets.",
        create_duration="5m",
        life=Life(depends_on=roles),
    )


def _sign_in(serve: Serve, file: File, app: App, called: str, identity: Identity) -> SignIn:
    """Its users, and where there is no real data the developers: elsewhere there is no such group."""
    groups = {"users": serve.people.groups[app.id].id}
    named = dict.fromkeys((*app.users, *(word for word in (DEVELOPERS,) if word in serve.people.groups)))
    hosts = [f"{called}.azurewebsites.net"]
    if app.testing_slot:
        hosts.append(f"{called}-{SLOT}.azurewebsites.net")
    return SignIn(
        file,
        app.id,
        called=f"flowehr-{called}",
        hosts=tuple(hosts),
        identity=identity,
        tenant=serve.core.home.tenant,
        groups=groups | {word: serve.people.groups[word].id for word in named},
        owner=serve.core.deployer,
    )


def _settings(serve: Serve, app: App, identity: Identity, config: Config) -> dict[str, Value]:
    """Addresses and names; whoever reads them can open nothing."""
    return {
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": text("Authorization=AAD;ClientId=", identity.client),
        "APPLICATIONINSIGHTS_CONNECTION_STRING": serve.insights.connection,
        "COSMOS_STATE_STORE_DATABASE": f"{app.dashed}-state",
        "COSMOS_STATE_STORE_ENDPOINT": serve.cosmos.endpoint,
        "ENVIRONMENT": config.table.text("environment"),
        "FEATURE_STORE_CONNECTION_STRING": _features(serve, identity),
        **app.env,
    }


def _features(serve: Serve, identity: Identity) -> Value:
    """Source: learn.microsoft.com/sql/connect/odbc/using-azure-active-directory (ActiveDirectoryMsi)."""
    return text(
        "Driver={ODBC Driver 18 for SQL Server};Server=tcp:",
        serve.transform.sql.server.ref("fully_qualified_domain_name"),
        ",1433;Database=",
        serve.transform.database.ref("name"),
        ";Authentication=ActiveDirectoryMsi;UID=",
        identity.client,
        ";Encrypt=yes;TrustServerCertificate=no;Connection Timeout=30;",
    )


def _secrets(
    serve: Serve, file: File, app: App, identity: Identity, config: Config
) -> tuple[dict[str, Declared], list[Declared]]:
    """The app's secrets by setting, and the roles by which the app's identity reads them, and no other app's."""
    found: dict[str, Declared] = {}
    reads: list[Declared] = []
    if not app.secrets:
        return found, reads
    renewed = renewal(file, app.id, days=DAYS, owner=app.owner)
    for setting, given in app.secrets.items():
        word = f"{app.id}_{setting.lower()}"
        found[setting] = secret(
            file,
            word,
            serve.vault,
            _given(renewed, given, config) if given else renewed,
            called=word.replace("_", "-"),
            description=f"{setting} of {app.name}",
            value=_asked(serve.layer, given, f"{setting} of the app {app.name}") if given else None,
        )
        why = f"{app.name} reads its own {setting}."
        read = serve.vault.may_read(
            found[setting], who=identity.principal, called=identity.called, why=why, name=f"{word}_read", file=file
        )
        reads.append(read)
    return found, reads


def _given(renewed: Renewal, given: Secret, config: Config) -> Renewal:
    """A secret that only a person knows is renewed when the configuration says that it was."""
    how = f"Its owner changes it at the source, gives it anew as TF_VAR_{given.variable} and writes the day."
    return replace(renewed, how=how, done=config.renewed.get(given.variable))


def _asked(layer: Layer, given: Secret, what: str) -> Value:
    """A secret that only a person knows: Terraform asks for it, and keeps it in no state."""
    return layer.variable(
        given.variable, "string", f"{what}; give it as TF_VAR_{given.variable}.", None, sensitive=True
    )


def _swapped(serve: Serve, file: File, app: App, made: WebApp, config: Config) -> None:
    """The pipeline of the app's repository swaps its slots, and may do nothing else."""
    assert serve.swaps is not None  # the role is there where any app has slots
    called = config.names.called(f"sp-flowehr-app-{app.dashed}-{{suffix}}")
    pipeline = Application(
        file,
        f"{app.id}_pipeline",
        called=called,
        what=f"The pipeline of {app.name}: it swaps the app's slots.",
        owner=serve.core.deployer,
    )
    environment = f"{config.table.text('environment')}-{SLOT}"
    owner = serve.people.serving.github_owner
    pipeline.trusts(f"{app.id}_pipeline", called="github", issuer=ISSUER, subject=subject(owner, app.id, environment))
    grant(
        file,
        f"{app.id}_pipeline_swaps_slots",
        who=pipeline.id,
        called=called,
        may=serve.swaps,
        on=made.id,
        what=made.called,
        why=f"A version of {app.name} that was tried goes live.",
    )
