"""Microsoft Entra ID: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azuread at v1.6.0, v2.35.0 and v3.8.0. What was an ``application_id`` until 2.x
is a ``client_id`` since 2.44, and an ``application_object_id`` an ``application_id``.
"""

from __future__ import annotations

from ringfence.mapping.table import AnyRow, Fold, Nested, Reference, Row, Table, row
from ringfence.model.entra import (
    Application,
    ApplicationCertificate,
    ApplicationFederatedCredential,
    ApplicationPassword,
    AppRoleAssignment,
    DirectoryRole,
    DirectoryRoleAssignment,
    Group,
    RequiredResourceAccess,
    ResourceAccess,
    ServicePrincipal,
    ServicePrincipalPassword,
    User,
)

_NAME = Row("name", "displayName", {"": "display_name", "<2.0": "name"})
_OWNERS = Reference("owners", "owners", "owners", by="principal", many=True)

_APPLICATION = Reference(
    "application",
    "",
    {"": "application_id", "<3.0": "application_object_id"},
    to=Application.arm_type,
)

_ACCESS: tuple[Row | Reference | Nested, ...] = (
    row("resource_app_id", "resourceAppId", "resource_app_id"),
    Nested(
        "resource_access",
        "resourceAccess",
        "resource_access",
        ResourceAccess,
        (row("id", "id", "id"), row("type", "type", "type")),
    ),
)

_APPLICATION_ROWS: tuple[AnyRow, ...] = (
    _NAME,
    _OWNERS,
    row(
        "sign_in_audience",
        "signInAudience",
        {">=1.5": "sign_in_audience"},
        default="AzureADMyOrg",
        azure="AzureADMyOrg",
    ),
    row("identifier_uris", "identifierUris", "identifier_uris", azure=()),
    row("redirect_uris", "web.redirectUris", {">=1.5": "web.redirect_uris", "<2.0": "reply_urls"}, azure=()),
    row(
        "implicit_access_token_enabled",
        "web.implicitGrantSettings.enableAccessTokenIssuance",
        "web.implicit_grant.access_token_issuance_enabled",
        azure=False,
    ),
    row(
        "implicit_id_token_enabled",
        "web.implicitGrantSettings.enableIdTokenIssuance",
        {">=2.0": "web.implicit_grant.id_token_issuance_enabled"},
        azure=False,
    ),
    Nested(
        "required_resource_access",
        "requiredResourceAccess",
        "required_resource_access",
        RequiredResourceAccess,
        _ACCESS,
    ),
)

TABLES = (
    Table(Application, ("azuread_application", "azuread_application_registration"), rows=_APPLICATION_ROWS),
    Table(
        ServicePrincipal,
        ("azuread_service_principal",),
        rows=(
            row("name", "displayName", {}),
            _OWNERS,
            Reference(
                "application",
                "appId",
                {"<3.0": "application_id", ">=2.44": "client_id"},
                to=Application.arm_type,
            ),
            row("account_enabled", "accountEnabled", "account_enabled", default=True, azure=True),
            row(
                "app_role_assignment_required",
                "appRoleAssignmentRequired",
                "app_role_assignment_required",
                azure=False,
            ),
        ),
    ),
    Table(
        ApplicationPassword,
        ("azuread_application_password",),
        parent=_APPLICATION,
        rows=(
            row("name", "displayName", {"": "display_name", "<2.0": "description"}),
            _APPLICATION,
            row("end_date", "endDateTime", "end_date"),
            row("end_date_relative", "", {"<4.0": "end_date_relative"}),
        ),
    ),
    Table(
        ApplicationCertificate,
        ("azuread_application_certificate",),
        parent=_APPLICATION,
        rows=(
            row("name", "keyId", "key_id"),
            _APPLICATION,
            row("value", "key", "value"),
            row("encoding", "", {">=1.3": "encoding"}, default="pem"),
            row("end_date", "endDateTime", "end_date"),
        ),
    ),
    Table(
        ServicePrincipalPassword,
        ("azuread_service_principal_password",),
        rows=(
            row("name", "displayName", {"": "display_name", "<2.0": "description"}),
            Reference("service_principal", "", "service_principal_id", to=ServicePrincipal.arm_type),
            row("end_date", "endDateTime", "end_date"),
        ),
    ),
    Table(
        DirectoryRole,
        ("azuread_directory_role",),
        rows=(_NAME, row("template_id", "roleTemplateId", "template_id")),
    ),
    Table(
        ApplicationFederatedCredential,
        ("azuread_application_federated_identity_credential",),
        parent=_APPLICATION,
        rows=(
            _NAME,
            _APPLICATION,
            row("issuer", "issuer", "issuer"),
            row("subject", "subject", "subject"),
            row("audiences", "audiences", "audiences"),
        ),
    ),
    Table(
        Group,
        ("azuread_group", "azuread_group_without_members"),
        rows=(
            _NAME,
            _OWNERS,
            row("security_enabled", "securityEnabled", {">=2.0": "security_enabled"}, default=False, azure=True),
            row("assignable_to_role", "isAssignableToRole", "assignable_to_role", azure=False),
            Reference("members", "members", "members", by="principal", many=True),
        ),
    ),
    Table(
        User,
        ("azuread_user",),
        rows=(
            _NAME,
            row("user_principal_name", "userPrincipalName", "user_principal_name"),
            row("account_enabled", "accountEnabled", "account_enabled", default=True, azure=True),
            row("user_type", "userType", {}, azure="Member"),
        ),
    ),
    Table(
        User,
        ("azuread_invitation",),
        rows=(
            row("name", "displayName", "user_email_address"),
            row("user_principal_name", "userPrincipalName", {}),
            row("account_enabled", "accountEnabled", {}, azure=True),
            row("user_type", "userType", "user_type", default="Guest"),
        ),
    ),
    Table(
        AppRoleAssignment,
        ("azuread_app_role_assignment",),
        rows=(
            row("name", "", {}),
            Reference("principal", "principalId", "principal_object_id", by="principal"),
            Reference("target", "resourceId", "resource_object_id", by="principal"),
            row("app_role_id", "appRoleId", "app_role_id"),
        ),
    ),
    Table(
        DirectoryRoleAssignment,
        ("azuread_directory_role_assignment",),
        rows=(
            row("name", "", {}),
            Reference("principal", "principalId", "principal_object_id", by="principal"),
            row("role_id", "roleDefinitionId", "role_id"),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = (
    Fold(
        "azuread_group_member",
        Group,
        Reference("target", "", "group_object_id", by="principal", to=Group.arm_type),
        (Reference("members", "members", "member_object_id", by="principal"),),
    ),
    Fold(
        "azuread_privileged_access_group_assignment_schedule",  # until a day; an owner is taken for a member as well
        Group,
        Reference("target", "", "group_id", by="principal", to=Group.arm_type),
        (Reference("members", "members", "principal_id", by="principal"),),
    ),
)
