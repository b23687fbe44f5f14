"""The portal by which certificates are issued: whoever opens it has signed in at the directory, and is let in by group.

Every request to the portal's name goes to the proxy that signs people in, and only what it lets through reaches the
portal: its pods take connections from the proxy alone, so there is no path beside it.

Source: EUDCC deep dives, 4 AAD authentication (web authentication); oauth2-proxy.github.io/oauth2-proxy/configuration/
providers/ms_entra_id
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.entra import Application
from ringfence.constructs.kubernetes import Peer
from ringfence.constructs.pod import SECRETS, Container
from ringfence.constructs.workload import Mount
from ringfence.model.blueprint import block
from ringfence.model.symbol import text
from ringfence.platforms.eudcc.workloads.ground import PORT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.constructs.workload import Workload
    from ringfence.model.symbol import Value
    from ringfence.platforms.eudcc.config import Config
    from ringfence.platforms.eudcc.workloads.ground import Ground

PORTAL, SIGN_IN = "dgca-issuance-web", "portal-sign-in"
_SECRET = Mount(
    "msal-authentication-client-secret", "Secret", "client-secret", "It proves to the directory that it is the portal."
)
_GRAPH, _USER_READ = "00000003-0000-0000-c000-000000000000", "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
"""Microsoft Graph, and its permission to read the profile of who has signed in."""
_COOKIES = "/run/cookies"
_MAKE_COOKIE_KEY = f"umask 077; head -c 32 /dev/urandom > {_COOKIES}/key"
_PAGE = "/usr/share/nginx/html"


def declare(ground: Ground, config: Config, asks: Mapping[str, int]) -> None:
    """The portal and its sign-in; `asks` are the services that the portal asks, with their ports."""
    _portal(ground, asks)
    workload = ground.workload(SIGN_IN, "Who may use the portal: members of the groups below.", (_SECRET,))
    application = _registered(workload, ground.host(PORTAL), config)
    workload.run(_proxy(ground, application.client, config), first=_cookie_key(ground), replicas=1)
    door = ground.publish(workload, PORTAL)
    ground.connect(workload, come=(door,), go=(Peer(ports=(PORT,), space=PORTAL, app=PORTAL),))


def _registered(workload: Workload, host: str, config: Config) -> Application:
    """An application that lets in nobody whose group is not listed."""
    application = Application(
        workload.file,
        workload.word,
        called=host,
        what="Who signs in to the portal. An operator makes its client secret and puts it into the vault.",
        asks=[block(resource_app_id=_GRAPH, resource_access=[block(id=_USER_READ, type="Scope")])],
        web=block(homepage_url=f"https://{host}/", redirect_uris=(f"https://{host}/oauth2/callback",)),
        assigned_only=True,
        groups=True,
    )
    for group in config.portal_groups:
        application.let_in(f"{workload.word}_{_word(group, config.portal_groups)}", group)
    return application


def _word(group: str, groups: tuple[str, ...]) -> str:
    """The first part of the group's id; all of it where another group has the same."""
    first = group.partition("-")[0].lower()
    alike = sum(1 for one in groups if one.lower().startswith(first))
    return first if alike == 1 else group.lower().replace("-", "_")


def _proxy(ground: Ground, client: Value, config: Config) -> Container:
    host = ground.host(PORTAL)
    return Container(
        SIGN_IN,
        ground.image(SIGN_IN, ":v7.14.0", "oauth2-proxy/oauth2-proxy"),
        port=PORT,
        alive="/ping",
        ready="/ready",
        args=(
            f"--http-address=0.0.0.0:{PORT}",
            "--provider=entra-id",
            text("--oidc-issuer-url=https://login.microsoftonline.com/", ground.region.home.tenant, "/v2.0"),
            text("--client-id=", client),
            f"--client-secret-file={SECRETS}/{_SECRET.file}",
            f"--redirect-url=https://{host}/oauth2/callback",
            *(f"--allowed-group={group}" for group in config.portal_groups),
            "--email-domain=*",
            "--scope=openid email profile",
            f"--cookie-secret-file={_COOKIES}/key",
            "--cookie-secure=true",
            "--cookie-samesite=lax",
            "--cookie-expire=8h",
            "--reverse-proxy=true",
            "--skip-provider-button=true",
            f"--upstream=http://{PORTAL}.{PORTAL}.svc.cluster.local/",
        ),
        scratch=("/tmp", _COOKIES),
        memory="256Mi",
    )


def _cookie_key(ground: Ground) -> Container:
    """The key that session cookies are sealed with is made when the pod starts, and dies with it."""
    return Container(
        "cookie-key",
        ground.databases.image,
        command=("/bin/sh", "-c", _MAKE_COOKIE_KEY),
        scratch=("/tmp", _COOKIES),
        reads=False,
        memory="64Mi",
    )


def _portal(ground: Ground, asks: Mapping[str, int]) -> None:
    """Pages and two paths that are passed on; it has an identity like all others, and no role."""
    workload = ground.workload(PORTAL, "The pages by which certificates are issued.")
    workload.run(
        Container(
            PORTAL,
            ground.image(PORTAL, ":1.1.2"),
            port=PORT,
            alive="/",
            files={"/etc/nginx/conf.d/default.conf": "default.conf"},
            scratch=("/tmp", "/var/cache/nginx", "/run"),
            memory="256Mi",
        ),
        config={"default.conf": _pages(asks)},
    )
    workload.connects(
        come=(Peer(ports=(PORT,), space=SIGN_IN, app=SIGN_IN),),
        go=tuple(Peer(ports=(port,), space=app, app=app) for app, port in asks.items()),
    )


def _pages(asks: Mapping[str, int]) -> str:
    passed = "".join(
        f"  location /{app}/ {{\n    proxy_pass http://{app}.{app}.svc.cluster.local/;\n  }}\n" for app in asks
    )
    return (
        f"server {{\n  listen {PORT};\n  server_tokens off;\n  root {_PAGE};\n"
        "  location / {\n    try_files $uri /index.html;\n  }\n"
        f"{passed}}}\n"
    )
