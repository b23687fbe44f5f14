"""Principals, roles, scopes and the decision that joins them."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.model.authorization import RoleAssignment
from ringfence.model.principal import Principal, identities, key_holder, principals
from ringfence.model.resource import Implied
from ringfence.model.subscription import KEY
from ringfence.model.symbol import Apply, Choice, Input, Ref, Text
from ringfence.model.value import Many, Unknown
from ringfence.questions.access.authorities.role_assignments import grant
from ringfence.questions.access.may import may
from ringfence.questions.access.membership import memberships
from ringfence.questions.access.role import Role, built_in, matches, role_of
from ringfence.questions.access.scope import containers, scopes
from tests.support import declare, estate

KV = ".#azurerm_key_vault.kv"
GET = "Microsoft.KeyVault/vaults/secrets/getSecret/action"


def kv(**content: Any) -> Any:
    return declare(
        "azurerm_key_vault.kv", name="kv", resource_group_name="rg", rbac_authorization_enabled=True, **content
    )


def assign(scope: Any, principal: Any, role: str = "Key Vault Secrets User", **content: Any) -> Any:
    name = content.pop("label", "a")
    return declare(
        f"azurerm_role_assignment.{name}",
        scope=scope,
        principal_id=principal,
        role_definition_name=role,
        **content,
    )


APP = declare("azurerm_linux_web_app.app", name="app", identity=[{"type": "SystemAssigned"}])
APP_ID = Ref(".#azurerm_linux_web_app.app", ("identity", "0", "principal_id"))
GROUP = declare("azuread_group.apps", display_name="apps", security_enabled=True)
GROUP_ID = Ref(".#azuread_group.apps", ("object_id",))


@pytest.mark.parametrize(
    ("pattern", "operation", "expected"),
    [
        ("*", "Microsoft.A/b/read", True),
        ("Microsoft.A/*/read", "microsoft.a/b/c/read", True),
        ("Microsoft.A/*/read", "Microsoft.A/b/write", False),
        ("Microsoft.A/b/read", "Microsoft.A/b/read", True),
        ("Microsoft.A/b/*", "Microsoft.A/bc/read", False),
        ("a*b*c", "abc", True),
        ("a*bc*c", "abc", False),
    ],
)
def test_patterns(pattern: str, operation: str, expected: bool) -> None:
    assert matches(pattern, operation) is expected


def test_built_in_roles_by_name_and_id() -> None:
    role = built_in("key vault secrets user")
    assert role is not None
    assert role.id == "4633458b-17de-408a-b874-0445c86b69e6"
    assert built_in(role.id) == role
    assert role.allows(GET, data=True)
    assert not role.allows(GET)
    assert not role.allows("Microsoft.KeyVault/vaults/secrets/setSecret/action", data=True)
    assert built_in("No Such Role") is None
    assert built_in("") is None
    assert built_in("Key Vault Secrets") is None
    owner, contributor = built_in("Owner"), built_in("Contributor")
    assert owner is not None
    assert contributor is not None
    assert owner.allows("Microsoft.Authorization/roleAssignments/write")
    assert not contributor.allows("Microsoft.Authorization/roleAssignments/write")


def test_principals_of_every_form() -> None:
    found = estate(
        APP,
        GROUP,
        declare("azurerm_user_assigned_identity.u", name="u"),
        declare("azuread_application.a", display_name="a"),
        declare("azuread_service_principal.sp", client_id=Ref(".#azuread_application.a", ("client_id",))),
        declare("azuread_user.g", display_name="G", user_principal_name="g_x.org#EXT#@t.onmicrosoft.com"),
        declare("azurerm_kubernetes_cluster.k", name="k"),
        declare("data.azurerm_client_config.current"),
        declare("data.azuread_service_principal.adf", object_id=APP_ID),
        *(
            assign("/", principal, label=f"a{n}")
            for n, principal in enumerate(
                (
                    APP_ID,
                    GROUP_ID,
                    Ref(".#azurerm_user_assigned_identity.u", ("principal_id",)),
                    Ref(".#azuread_application.a", ("client_id",)),
                    Ref(".#azuread_application.a", ("object_id",)),
                    Ref(".#azuread_service_principal.sp", ("object_id",)),
                    Ref(".#azuread_user.g", ("object_id",)),
                    Ref(".#azurerm_kubernetes_cluster.k", ("kubelet_identity", "0", "object_id")),
                    Ref(".#azurerm_kubernetes_cluster.k", ("identity", "0", "principal_id")),
                    Ref(
                        ".#azurerm_kubernetes_cluster.k",
                        ("key_vault_secrets_provider", "0", "secret_identity", "0", "object_id"),
                    ),
                    Ref(".#data.azurerm_client_config.current", ("object_id",)),
                    Ref(".#data.azuread_service_principal.adf", ("object_id",)),
                    Input(".", "group", "variable"),
                    "11111111-1111-1111-1111-111111111111",
                )
            )
        ),
    )
    read: list[tuple[str, str]] = []
    for assignment in found.of(RoleAssignment):
        (only,) = principals(found, assignment, assignment.principal)
        read.append((only.kind, only.key))
    assert read == [
        ("system-assigned identity", ".#azurerm_linux_web_app.app/identity"),
        ("group", ".#azuread_group.apps"),
        ("user-assigned identity", ".#azurerm_user_assigned_identity.u"),
        ("service principal", ".#azuread_service_principal.sp"),
        ("principal", ".#azuread_application.a/object"),
        ("service principal", ".#azuread_service_principal.sp"),
        ("guest", ".#azuread_user.g"),
        ("user-assigned identity", ".#azurerm_kubernetes_cluster.k/kubelet"),
        ("system-assigned identity", ".#azurerm_kubernetes_cluster.k/identity"),
        ("user-assigned identity", ".#azurerm_kubernetes_cluster.k/secret_identity"),
        ("deployer", "deployer"),
        ("system-assigned identity", ".#azurerm_linux_web_app.app/identity"),
        ("principal", ".:var.group"),
        ("principal", "external:11111111-1111-1111-1111-111111111111"),
    ]


def test_a_given_kubelet_identity_is_the_kubelet() -> None:
    found = estate(
        declare("azurerm_user_assigned_identity.u", name="u"),
        declare(
            "azurerm_kubernetes_cluster.k",
            name="k",
            kubelet_identity=[{"user_assigned_identity_id": Ref(".#azurerm_user_assigned_identity.u", ("id",))}],
        ),
        assign("/", Ref(".#azurerm_kubernetes_cluster.k", ("kubelet_identity", "0", "object_id"))),
    )
    (assignment,) = found.of(RoleAssignment)
    (only,) = principals(found, assignment, assignment.principal)
    assert only.key == ".#azurerm_user_assigned_identity.u"


def test_identities_of_a_resource() -> None:
    both = [
        {
            "type": "SystemAssigned, UserAssigned",
            "identity_ids": (Ref(".#azurerm_user_assigned_identity.u", ("id",)),),
        }
    ]
    found = estate(
        declare("azurerm_user_assigned_identity.u", name="u"),
        declare("azurerm_linux_web_app.app", name="app", identity=both),
        declare("azurerm_linux_web_app.none", name="none"),
        declare("azurerm_linux_web_app.open", name="open", identity=[{"type": Input(".", "t")}]),
    )
    app, none, unread = (found.resources[f".#azurerm_linux_web_app.{n}"] for n in ("app", "none", "open"))
    held = identities(found, app)
    assert isinstance(held, Many)
    assert [p.kind for p in held] == ["system-assigned identity", "user-assigned identity"]
    nothing = identities(found, none)
    assert isinstance(nothing, Many)
    assert len(nothing) == 0
    assert isinstance(identities(found, unread), Unknown)
    assert str(key_holder(app)) == "key holder anyone with a key of app"


@pytest.mark.parametrize(
    ("scope", "outcome"),
    [
        (Ref(KV, ("id",)), "pass"),
        (Ref(".#azurerm_resource_group.rg", ("id",)), "pass"),
        (Ref(".#data.azurerm_subscription.s", ("id",)), "pass"),
        (Text(("/subscriptions/", Ref(".#data.azurerm_client_config.c", ("subscription_id",)))), "pass"),
        ("/subscriptions/0000/resourceGroups/other", "fail"),
        ("/subscriptions/0000/resourceGroups/RG", "pass"),
        (Text((Ref(KV, ("id",)), "/secrets/s")), "pass"),
        (Text((Ref(KV, ("id",)), "/secrets/other")), "fail"),
        (Ref(".#azurerm_linux_web_app.app", ("id",)), "fail"),
        (Choice(Input(".", "x"), Ref(KV, ("id",)), Ref(".#azurerm_linux_web_app.app", ("id",))), "unknown"),
        (Input(".", "scope"), "unknown"),
    ],
)
def test_scopes_reach_down_to_one_secret(scope: Any, outcome: str) -> None:
    found = estate(
        declare("azurerm_resource_group.rg", name="rg"),
        kv(),
        APP,
        declare("data.azurerm_subscription.s"),
        declare("data.azurerm_client_config.c"),
        assign(scope, APP_ID),
    )
    app = Principal(".#azurerm_linux_web_app.app/identity", "system-assigned identity", "app")
    secret = Implied(found.resources[KV], ("secrets", "s"))
    assert may(found, app, GET, secret, data=True).outcome == outcome


def test_a_declared_secret_is_below_its_vault() -> None:
    found = estate(
        kv(),
        APP,
        declare("azurerm_key_vault_secret.s", name="s", key_vault_id=Ref(KV, ("id",))),
        assign(Ref(KV, ("id",)), APP_ID),
    )
    secret = found.resources[".#azurerm_key_vault_secret.s"]
    around, unread = containers(found, secret)
    assert [s.key for s in around][:2] == [secret.key, KV]
    assert around[-1].key == KEY
    assert unread is None
    app = Principal(".#azurerm_linux_web_app.app/identity", "system-assigned identity", "app")
    assert may(found, app, GET, secret, data=True).outcome == "pass"
    assert may(found, app, "Microsoft.KeyVault/vaults/write", found.resources[KV]).outcome == "fail"


def test_a_group_passes_its_roles_on_to_members_of_members() -> None:
    found = estate(
        kv(),
        APP,
        GROUP,
        declare("azuread_group.inner", display_name="inner"),
        declare(
            "azuread_group_member.m",
            group_object_id=GROUP_ID,
            member_object_id=Ref(".#azuread_group.inner", ("object_id",)),
        ),
        declare(
            "azuread_group_member.n",
            group_object_id=Ref(".#azuread_group.inner", ("object_id",)),
            member_object_id=APP_ID,
        ),
        assign(Ref(KV, ("id",)), GROUP_ID),
    )
    app = Principal(".#azurerm_linux_web_app.app/identity", "system-assigned identity", "app")
    assert {p.key for p in memberships(found).acting(app).sure} == {
        app.key,
        ".#azuread_group.inner",
        ".#azuread_group.apps",
    }
    secret = Implied(found.resources[KV], ("secrets", "s"))
    judged = may(found, app, GET, secret, data=True)
    assert judged.outcome == "pass"
    assert [(e.field, e.actual) for e in judged.evidence] == [
        ("principal", "group apps"),
        ("scope", KV),
        ("role", "Key Vault Secrets User"),
        ("enable_rbac_authorization", True),
    ]
    assert [e.resource for e in judged.evidence] == [".#azurerm_role_assignment.a"] * 3 + [KV]


def test_what_may_not_exist_or_is_conditional_is_unknown() -> None:
    app = Principal(".#azurerm_linux_web_app.app/identity", "system-assigned identity", "app")
    for content in ({"presence": Input(".", "x")}, {"condition": "@Resource[…]"}):
        found = estate(kv(), APP, assign(Ref(KV, ("id",)), APP_ID, **content))
        assert may(found, app, GET, found.resources[KV], data=True).outcome == "unknown"


def test_custom_roles_by_name_and_by_id() -> None:
    role = declare(
        "azurerm_role_definition.r",
        name="reader of assets",
        scope="/subscriptions/0",
        permissions=[{"actions": ("Microsoft.A/b/read",), "data_actions": ("Microsoft.A/b/c/*",)}],
    )
    by_id = Apply("replace", (Ref(".#azurerm_role_definition.r", ("id",)), "|", ""))
    found = estate(
        role,
        assign("/", APP_ID, "reader of assets", label="name"),
        declare("azurerm_role_assignment.id", scope="/", principal_id="p", role_definition_id=by_id),
        declare(
            "azurerm_role_assignment.builtin",
            scope="/",
            principal_id="p",
            role_definition_id="/subscriptions/0/providers/Microsoft.Authorization/roleDefinitions/"
            "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        ),
        assign("/", APP_ID, "of another estate", label="none"),
        declare(
            "azurerm_role_assignment.other_id",
            scope="/",
            principal_id="p",
            role_definition_id=Ref(".#azurerm_role_definition.r", ("role_definition_resource_id",)),
        ),
    )
    roles = [role_of(found, a) for a in found.of(RoleAssignment)]
    assert [r.name if isinstance(r, Role) else r.needs[0].why for r in roles] == [
        "reader of assets",
        "reader of assets",
        "Reader",
        'role "of another estate" is neither built in nor declared here',
        "reader of assets",
    ]
    assert isinstance(roles[0], Role)
    assert roles[0].allows("Microsoft.A/b/c/delete", data=True)


def test_a_scope_that_is_an_input_is_unknown() -> None:
    found = estate(assign(Input(".", "scope"), APP_ID))
    (assignment,) = found.of(RoleAssignment)
    assert isinstance(scopes(found, assignment, assignment.scope), Unknown)
    assert grant(found, assignment).scopes == scopes(found, assignment, assignment.scope)


def test_the_key_of_a_certificate_is_beside_it_and_not_below_it() -> None:
    found = estate(
        kv(),
        APP,
        declare("azurerm_key_vault_certificate.c", name="c", key_vault_id=Ref(KV, ("id",))),
        assign(Text((Ref(KV, ("id",)), "/secrets/c")), APP_ID),
        assign(
            Text((Ref(KV, ("id",)), "/certificates/c")),
            GROUP_ID,
            label="b",
        ),
        GROUP,
    )
    on_secret, on_certificate = found.of(RoleAssignment)
    (secret,) = scopes(found, on_secret, on_secret.scope)
    assert secret.type == "Microsoft.KeyVault/vaults/secrets"
    assert isinstance(secret.resource, Implied)
    around, _ = containers(found, secret.resource)
    assert [s.key for s in around] == [secret.key, KV, "external:rg", KEY]
    app = Principal(".#azurerm_linux_web_app.app/identity", "system-assigned identity", "app")
    group = Principal(".#azuread_group.apps", "group", "apps")
    assert may(found, app, GET, secret.resource, data=True).outcome == "pass"
    assert may(found, group, GET, secret.resource, data=True).outcome == "fail"
    assert found.target(on_certificate, on_certificate.scope) is found.resources[".#azurerm_key_vault_certificate.c"]


def test_the_group_that_a_cluster_makes_is_a_group() -> None:
    found = estate(
        declare("azurerm_kubernetes_cluster.k", name="k"),
        assign(Ref(".#azurerm_kubernetes_cluster.k", ("node_resource_group_id",)), APP_ID),
    )
    (assignment,) = found.of(RoleAssignment)
    (group,) = scopes(found, assignment, assignment.scope)
    assert group.level == "resource group"
