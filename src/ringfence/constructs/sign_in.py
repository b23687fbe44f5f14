"""Sign-in to a web application with the platform's directory: before a request reaches it, and without a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.entra import Application
from ringfence.errors import ConstructError
from ringfence.model.blueprint import Block, block
from ringfence.model.symbol import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.constructs.identity import Identity
    from ringfence.model.blueprint import File
    from ringfence.model.symbol import Value

BY_IDENTITY = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
"""The setting by which App Service proves itself with a managed identity where others have a client secret.

Source: learn.microsoft.com/azure/app-service/configure-authentication-provider-aad, "Use a managed identity instead
of a secret"
"""
_LOGIN = "https://login.microsoftonline.com/"
_GRAPH, _USER_READ = "00000003-0000-0000-c000-000000000000", "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
"""Microsoft Graph, and its permission to read the profile of who has signed in; the same in every tenant."""


class SignIn:
    """An application of the directory that only the members of some groups may use."""

    def __init__(
        self,
        file: File,
        name: str,
        *,
        called: str,
        hosts: tuple[str, ...],
        identity: Identity,
        tenant: Value,
        groups: Mapping[str, Value],
        owner: Value = None,
    ) -> None:
        """`hosts` are the names that the web application answers to, `groups` object ids by a word for their blocks.

        `owner` is the object id of who deploys.

        Raises:
            ConstructError: no group may sign in.
        """
        if not groups:
            hint = (
                "Name the group of its users; a sign-in that lets in all of the tenant, guests too, keeps nobody out."
            )
            raise ConstructError(f"nobody is named who may sign in to {called}", hint=hint)
        self._tenant, self._identity = tenant, identity
        self.application = Application(
            file,
            name,
            called=called,
            what=f"Who signs in to {called}. Only whom a group below lets in gets a token.",
            asks=[block(resource_app_id=_GRAPH, resource_access=[block(id=_USER_READ, type="Scope")])],
            web=_web(hosts),
            assigned_only=True,
            owner=owner,
        )
        self.application.trusts(
            name,
            called="web-app",
            issuer=text(_LOGIN, tenant, "/v2.0"),
            subject=identity.principal,
            why="App Service shows the token of the app's identity, so that there is no client secret.",
        )
        for word, group in groups.items():
            self.application.let_in(f"{name}_{word}", group)

    @property
    def settings(self) -> dict[str, Value]:
        """The settings that the web application needs for it."""
        return {BY_IDENTITY: self._identity.client}

    @property
    def block(self) -> Block:
        """The ``auth_settings_v2`` block: who has not signed in is sent to do so."""
        return block(
            auth_enabled=True,
            require_authentication=True,
            require_https=True,
            unauthenticated_action="RedirectToLoginPage",
            default_provider="azureactivedirectory",
            active_directory_v2=block(
                client_id=self.application.client,
                tenant_auth_endpoint=text(_LOGIN, self._tenant, "/v2.0"),
                client_secret_setting_name=BY_IDENTITY,
                allowed_audiences=(text("api://", self.application.client),),
            ),
            login=block(token_store_enabled=False),
        )


def _web(hosts: tuple[str, ...]) -> Block:
    return block(
        homepage_url=f"https://{hosts[0]}/",
        redirect_uris=tuple(f"https://{host}/.auth/login/aad/callback" for host in hosts),
        implicit_grant=block(access_token_issuance_enabled=False, id_token_issuance_enabled=True),
    )
