"""Kinds of Microsoft Entra ID (Microsoft Graph): applications, principals, groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Block, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class RequiredResourceAccess(Block):
    """The permissions that an application asks for on one API."""

    resource_app_id: Attr[str]
    resource_access: Many[ResourceAccess]


class ResourceAccess(Block):
    """One permission: a ``Role`` that the application holds itself, or a ``Scope`` on behalf of a user."""

    id: Attr[str]
    type: Attr[str]


class Application(Resource):
    """The registration of an application. Its service principal is what roles are given to."""

    arm_type = "Microsoft.Graph/applications"

    sign_in_audience: Attr[str]
    """Who may sign in: ``AzureADMyOrg``, the default, or accounts of other tenants too."""
    owners: Many[Link]
    identifier_uris: Attr[tuple[str, ...]]
    redirect_uris: Attr[tuple[str, ...]]
    implicit_access_token_enabled: Attr[bool]
    implicit_id_token_enabled: Attr[bool]
    required_resource_access: Many[RequiredResourceAccess]


class ServicePrincipal(Resource):
    """An application's identity in this tenant."""

    arm_type = "Microsoft.Graph/servicePrincipals"

    application: Link
    """The application, where it is declared; an application id otherwise."""
    owners: Many[Link]
    account_enabled: Attr[bool]
    app_role_assignment_required: Attr[bool]


class ApplicationPassword(Resource):
    """A client secret of an application: whoever has it is the application."""

    arm_type = "Microsoft.Graph/applications/passwordCredentials"

    application: Link
    end_date: Attr[str]
    end_date_relative: Attr[str]


class ApplicationCertificate(Resource):
    """A certificate of an application: whoever has its private key is the application."""

    arm_type = "Microsoft.Graph/applications/keyCredentials"

    application: Link
    value: Attr[str]
    """The public certificate."""
    encoding: Attr[str]
    """How it is written: ``pem``, the default, ``base64`` or ``hex``, of its DER form."""
    end_date: Attr[str]


class ServicePrincipalPassword(Resource):
    """A secret of a service principal itself: whoever has it is the service principal."""

    arm_type = "Microsoft.Graph/servicePrincipals/passwordCredentials"

    service_principal: Link
    end_date: Attr[str]


class DirectoryRole(Resource):
    """A role over the directory, made usable in this tenant."""

    arm_type = "Microsoft.Graph/directoryRoles"

    template_id: Attr[str]


class ApplicationFederatedCredential(Resource):
    """Lets a token of another issuer, such as GitHub, act as an application."""

    arm_type = "Microsoft.Graph/applications/federatedIdentityCredentials"

    application: Link
    issuer: Attr[str]
    subject: Attr[str]
    audiences: Attr[tuple[str, ...]]


class Group(Resource):
    """A group of principals; a role given to it is given to all of them."""

    arm_type = "Microsoft.Graph/groups"

    security_enabled: Attr[bool]
    assignable_to_role: Attr[bool]
    members: Many[Link]
    """Those declared here. Others may have been added by hand."""
    owners: Many[Link]


class User(Resource):
    """A person's account."""

    arm_type = "Microsoft.Graph/users"

    user_principal_name: Attr[str]
    """An invited guest's contains ``#EXT#``."""
    account_enabled: Attr[bool]
    user_type: Attr[str]
    """"Member", or "Guest" of somebody whose account is another tenant's."""


class AppRoleAssignment(Resource):
    """Gives a principal a role of an application, such as a permission of Microsoft Graph."""

    arm_type = "Microsoft.Graph/servicePrincipals/appRoleAssignedTo"

    principal: Link
    target: Link
    """The service principal of the application whose role it is."""
    app_role_id: Attr[str]


class DirectoryRoleAssignment(Resource):
    """Gives a principal a role over the directory itself."""

    arm_type = "Microsoft.Graph/roleAssignments"

    principal: Link
    role_id: Attr[str]
