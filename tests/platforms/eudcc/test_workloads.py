"""What runs in EUDCC's clusters: the API takes it, each application has what it needs, and no other thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.constructs.spring import secret_name
from ringfence.model.symbol import Ref, render
from ringfence.platforms.eudcc import WORLDS
from ringfence.platforms.eudcc.vault.items import ITEMS
from ringfence.platforms.eudcc.workloads import WITHOUT_IDENTITY
from ringfence.platforms.eudcc.workloads.database import CONNECTION_SECONDS, TOKEN_SECONDS
from tests.platforms.eudcc.objects import REGIONS, SIGNING, made, mounted, objects, one, pods, settings
from tests.platforms.kubernetes_schema import faults
from tests.platforms.same import differences, read_back

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ringfence.model.blueprint import Declared

CLIENTS = ("dgca-businessrule-service", "dgca-issuance-service", "dgca-verifier-service")
"""The applications that ask the EU gateway."""
SPRING = {"eu": ("dgc-gateway",), "ie": (*CLIENTS, "dgca-issuance-service-public")}
APPLICATIONS = {"eu": SPRING["eu"], "ie": (*SPRING["ie"], "dgca-issuance-web", "portal-sign-in")}
CONNECTOR = {"trustanchor-content", "tls-trust-store-content", "tls-key-store"}


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("region", REGIONS)
def test_the_api_takes_every_object(world: str, region: str) -> None:
    found = list(objects(region, world=world))
    assert [fault for body in found for fault in faults(body)] == []
    assert len(found) > 25


@pytest.mark.parametrize("signing", SIGNING)
@pytest.mark.parametrize("world", WORLDS)
def test_what_is_built_reads_back_as_what_was_declared(tmp_path: Path, world: str, signing: str) -> None:
    mine = made(world, signing)
    assert list(differences(mine.estate, read_back(mine.built, tmp_path, mine.estate.world.name))) == []


@pytest.mark.parametrize("region", REGIONS)
def test_every_application_has_a_namespace_of_its_own(region: str) -> None:
    spaces = {o["metadata"]["name"] for o in objects(region, "Namespace")}
    assert spaces == {*APPLICATIONS[region], "ingress", "database-setup"}


@pytest.mark.parametrize("region", REGIONS)
def test_every_image_comes_from_the_registry_of_the_region(region: str) -> None:
    images = [c["image"] for _, pod in pods(region) for c in pod["spec"]["containers"] + _first(pod)]
    assert all(image.startswith("${container_registry_registry_login_server}/") for image in images)
    assert len(images) >= 4


def _first(pod: dict[str, dict[str, list[dict[str, str]]]]) -> list[dict[str, str]]:
    return pod["spec"].get("initContainers", [])


@pytest.mark.parametrize("region", REGIONS)
def test_every_pod_has_an_identity_or_says_why_it_needs_none(region: str) -> None:
    accounts = {
        (o["metadata"]["namespace"], o["metadata"]["name"]): o["metadata"].get("annotations", {})
        for o in objects(region, "ServiceAccount")
    }
    without = set()
    for name, pod in pods(region):
        space = name.partition("/")[0]
        if "azure.workload.identity/client-id" not in accounts[space, pod["spec"]["serviceAccountName"]]:
            without.add(space)
            assert "azure.workload.identity/use" not in pod["metadata"]["labels"]
        else:
            assert pod["metadata"]["labels"]["azure.workload.identity/use"] == "true"
    assert without == set(WITHOUT_IDENTITY)


@pytest.mark.parametrize("region", REGIONS)
def test_an_identity_is_acted_as_by_one_service_account_of_its_own_cluster(region: str) -> None:
    accounts = {f"{o['metadata']['namespace']}:{o['metadata']['name']}" for o in objects(region, "ServiceAccount")}
    layers = made().blueprint.layers
    trusts = [
        d.arguments
        for layer in layers
        if layer.name in (region, f"{region}-workloads")
        for d in layer
        if d.type == "azurerm_federated_identity_credential"
    ]
    subjects = [str(t["subject"]).removeprefix("system:serviceaccount:") for t in trusts]
    assert set(subjects) == {a for a in accounts if a.partition(":")[0] not in WITHOUT_IDENTITY}
    assert len(subjects) == len(set(subjects)) == len({render(_value(t["user_assigned_identity_id"])) for t in trusts})
    assert {_value(t["issuer"]) for t in trusts} == {
        Ref(f"{region}#azurerm_kubernetes_cluster.cluster", ("oidc_issuer_url",))
    }


def _value(argument: object) -> Ref:
    assert isinstance(argument, Ref)
    return argument


def test_each_pod_mounts_what_it_needs_and_nothing_else() -> None:
    assert set(mounted("eu", "dgc-gateway")) == {"trustanchor"}
    expected = dict.fromkeys(CLIENTS, CONNECTOR)
    expected["dgca-issuance-service"] = CONNECTOR | {"upload-key-store"}
    expected["portal-sign-in"] = {"msal-authentication-client-secret"}
    assert {app: set(mounted("ie", app)) for app in APPLICATIONS["ie"]} == {
        a: expected.get(a, set()) for a in APPLICATIONS["ie"]
    }


def test_the_issuing_key_is_mounted_in_the_issuing_service_alone_and_only_when_asked_for() -> None:
    by_signing = {
        signing: {app for app in APPLICATIONS["ie"] if "dsc-key-store" in mounted("ie", app, signing)}
        for signing in SIGNING
    }
    assert by_signing == {"vault": set(), "mounted": {"dgca-issuance-service"}}


def test_the_gateway_sees_the_certificate_of_the_root_without_its_key() -> None:
    assert mounted("eu", "dgc-gateway")["trustanchor"]["objectType"] == "cert"
    assert not [o for o in objects("eu") if "secrets/trustanchor" in str(o)]


@pytest.mark.parametrize("region", REGIONS)
def test_what_is_mounted_exists_in_the_form_of_its_type(region: str) -> None:
    types = {entry.name: entry.type for entry in ITEMS[region]}
    for app in APPLICATIONS[region]:
        for item, how in mounted(region, app).items():
            assert (how.get("objectFormat") == "pfx") == (
                types[item] == "Certificate" and how["objectType"] == "secret"
            )
            assert how["objectType"] in (("secret", "cert") if types[item] == "Certificate" else ("secret",))


@pytest.mark.parametrize("signing", SIGNING)
@pytest.mark.parametrize("region", REGIONS)
def test_a_mount_is_read_only(region: str, signing: str) -> None:
    seen = 0
    for _, pod in pods(region, signing):
        for container in pod["spec"]["containers"] + _first(pod):
            for mount in container.get("volumeMounts", ()):
                if mount["name"] in ("secrets-store", "config"):
                    seen += 1
                    assert mount["readOnly"] is True
    assert seen > 2


@pytest.mark.parametrize("region", REGIONS)
def test_roles_on_vaults_are_on_single_items(region: str) -> None:
    granted = [str(d.arguments["scope"]) for d in _roles(region)]
    assert all("key_vault" in scope and scope.count("/") == 2 for scope in granted)
    assert len(granted) >= 2


def _roles(region: str) -> Iterator[Declared]:
    (layer,) = (one for one in made().blueprint.layers if one.name == f"{region}-workloads")
    return (d for d in layer if d.type == "azurerm_role_assignment")


@pytest.mark.parametrize("signing", SIGNING)
@pytest.mark.parametrize("region", REGIONS)
def test_roles_are_those_of_the_declared_needs(region: str, signing: str) -> None:
    """An application has a role for each file, each property, and for signing: no more, no fewer."""
    uses = made(signing=signing).blueprint.register.uses
    for app in APPLICATIONS[region]:
        granted = {use.what.partition("/")[2] for use in uses if use.name == app}
        files = {_part(item, how) for item, how in mounted(region, app, signing).items()}
        properties = {f"secrets/{secret_name(p)}" for p in _loaded(region, app)}
        signs = app == "dgca-issuance-service" and signing == "vault"
        extra = {"keys/dsc-key-store", "certificates/dsc-key-store"} if signs else set()
        assert granted == files | properties | extra, app


def _part(item: str, how: dict[str, str]) -> str:
    return f"{'certificates' if how['objectType'] == 'cert' else 'secrets'}/{item}"


def _loaded(region: str, app: str) -> list[str]:
    keys = settings(region, app).get(f"{SOURCE}.property-sources[0].secret-keys", "") if app in SPRING[region] else ""
    return keys.split(",") if keys else []


SOURCE = "spring.cloud.azure.keyvault.secret"


@pytest.mark.parametrize("region", REGIONS)
def test_the_properties_that_are_loaded_are_items_of_the_vault_and_every_such_item_is_loaded(region: str) -> None:
    items = {entry.name for entry in ITEMS[region] if entry.of}
    loaded = {secret_name(one) for app in SPRING[region] for one in _loaded(region, app)}
    assert loaded == items


def test_an_application_that_loads_no_property_asks_for_the_names_of_none() -> None:
    found = settings("ie", "dgca-issuance-service-public")
    assert found[f"{SOURCE}.property-source-enabled"] == "false"


@pytest.mark.parametrize("region", REGIONS)
def test_no_object_holds_a_password_or_a_key(region: str) -> None:
    """A Secret is made of one certificate; a property that is a password is empty, or stands in the vault."""
    secrets = [o["metadata"]["name"] for o in objects(region, "Secret")]
    assert secrets == (["client-authority"] if region == "eu" else [])
    written = {
        k: v for app in SPRING[region] for k, v in settings(region, app).items() if k.lower().endswith("password")
    }
    assert set(written.values()) <= {""}
    assert "PRIVATE KEY" not in str(list(objects(region)))


@pytest.mark.parametrize("region", REGIONS)
def test_applications_sign_in_to_mysql_with_tokens_over_tls(region: str) -> None:
    for app in SPRING[region]:
        found = settings(region, app)
        assert "sslMode=VERIFY_IDENTITY" in found["spring.datasource.url"]
        assert "AzureMysqlAuthenticationPlugin" in found["spring.datasource.url"]
        assert found["spring.datasource.azure.passwordless-enabled"] == "true"
        assert "spring.datasource.password" not in found
        assert int(found["spring.datasource.hikari.maxLifetime"]) == CONNECTION_SECONDS * 1000
    assert CONNECTION_SECONDS < TOKEN_SECONDS


@pytest.mark.parametrize("region", REGIONS)
def test_each_identity_is_made_a_user_of_the_one_database_that_it_connects_to(region: str) -> None:
    for app in SPRING[region]:
        url = settings(region, app)["spring.datasource.url"]
        database = url.partition(":3306/")[2].partition("?")[0]
        sql = one(region, "ConfigMap", app, "database-setup")["data"]["create-user.sql"]
        identity = f"user_assigned_identity_{app.replace('-', '_')}"
        assert f"CREATE AADUSER '${{{identity}_name}}' IDENTIFIED BY '${{{identity}_client_id}}'" in sql
        assert sql.count("GRANT ") == 1
        assert f" ON `{database}`.* TO '${{{identity}_name}}'@'%';" in sql


def test_the_register_has_one_database_for_each_application() -> None:
    users = made().blueprint.register.users
    assert sorted(user.name for user in users) == sorted(app for apps in SPRING.values() for app in apps)
    assert all("mysql_flexible_database" in user.database for user in users)


def test_services_have_databases_of_their_own_and_the_public_face_that_of_the_issuing_service() -> None:
    url = {app: settings("ie", app)["spring.datasource.url"] for app in SPRING["ie"]}
    assert url["dgca-issuance-service-public"] == url["dgca-issuance-service"]
    assert len(set(url.values())) == 3


def test_clients_of_the_gateway_pin_it_and_show_the_countrys_certificate() -> None:
    for app in CLIENTS:
        found = settings("ie", app)
        assert found["dgc.gateway.connector.endpoint"] == "https://dgc-gateway.eu.eudcc.example.org/"
        for store, item in (("tls-trust-store", "tls-trust-store-content"), ("tls-key-store", "tls-key-store")):
            path = found[f"dgc.gateway.connector.{store}.path"]
            assert path == f"file:/mnt/secrets-store/{mounted('ie', app)[item]['objectAlias']}"


def test_the_gateway_admits_nobody_without_a_certificate_and_learns_whose_it_is() -> None:
    config = one("eu", "ConfigMap", "ingress")["data"]
    assert config["client-ca"] == "ingress/client-authority"
    assert config["client-crt-optional"] == "false"
    told = one("eu", "Ingress", "dgc-gateway")["metadata"]["annotations"]["haproxy.org/request-set-header"]
    assert told.splitlines() == ["X-SSL-Client-SHA256 %[ssl_c_der,sha2(256),hex]", "X-SSL-Client-DN C=%[ssl_c_s_dn(c)]"]
    assert "client-ca" not in one("ie", "ConfigMap", "ingress")["data"]


def test_the_authority_of_client_certificates_is_the_root_and_no_key() -> None:
    (layer,) = (one for one in made().blueprint.layers if one.name == "eu-workloads")
    (declared,) = (d for d in layer if d.name == "ingress_secret_client_authority")
    shown = render(declared.arguments["yaml_body"])  # type: ignore[arg-type]  # it is a value
    assert "azurerm_key_vault_certificate.trustanchor.certificate_data_base64" in shown


@pytest.mark.parametrize("region", REGIONS)
def test_what_is_published_and_nothing_else_has_an_ingress(region: str) -> None:
    hosts = {o["spec"]["rules"][0]["host"]: o["spec"]["rules"][0]["http"]["paths"] for o in objects(region, "Ingress")}
    published = {
        host.partition(".")[0]: [p["backend"]["service"]["name"] for p in paths] for host, paths in hosts.items()
    }
    assert published == PUBLISHED[region]
    services = [o for o in objects(region, "Service") if o["spec"]["type"] != "ClusterIP"]
    assert [o["metadata"]["name"] for o in services] == ["ingress"]
    assert all(o["spec"]["ingressClassName"] == "haproxy" for o in objects(region, "Ingress"))


PUBLISHED = {
    "eu": {"dgc-gateway": ["dgc-gateway"]},
    "ie": {
        "dgca-businessrule-service": ["dgca-businessrule-service"],
        "dgca-issuance-service": ["dgca-issuance-service-public"],
        "dgca-issuance-web": ["portal-sign-in"],
        "dgca-verifier-service": ["dgca-verifier-service"],
    },
}


def test_every_path_of_the_portal_leads_through_its_sign_in() -> None:
    (path,) = one("ie", "Ingress", "portal-sign-in")["spec"]["rules"][0]["http"]["paths"]
    assert (path["path"], path["pathType"]) == ("/", "Prefix")
    (rule,) = one("ie", "NetworkPolicy", "dgca-issuance-web")["spec"]["ingress"]
    assert rule["from"] == [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "portal-sign-in"}},
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": "portal-sign-in"}},
        }
    ]
    args = _proxy()
    assert "--upstream=http://dgca-issuance-web.dgca-issuance-web.svc.cluster.local/" in args
    assert not [a for a in args if a.startswith("--skip-auth")]


def test_only_members_of_the_listed_groups_use_the_portal() -> None:
    groups = ["5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a02"]
    assert [a.partition("=")[2] for a in _proxy() if a.startswith("--allowed-group=")] == groups
    (layer,) = (one for one in made().blueprint.layers if one.name == "ie-workloads")
    declared = {d.type: d.arguments for d in layer if d.type.startswith("azuread_")}
    assert declared["azuread_service_principal"]["app_role_assignment_required"] is True
    assert declared["azuread_app_role_assignment"]["principal_object_id"] == groups[0]


def test_the_portal_reads_its_client_secret_as_a_file() -> None:
    (item,) = mounted("ie", "portal-sign-in").items()
    assert item == ("msal-authentication-client-secret", {"objectType": "secret", "objectAlias": "client-secret"})
    assert "--client-secret-file=/mnt/secrets-store/client-secret" in _proxy()


def _proxy() -> list[str]:
    args: list[str] = one("ie", "Deployment", "portal-sign-in")["spec"]["template"]["spec"]["containers"][0]["args"]
    return args


@pytest.mark.parametrize("region", REGIONS)
def test_every_namespace_is_closed_and_no_pod_may_ask_the_node_who_it_is(region: str) -> None:
    closed = {o["metadata"]["namespace"] for o in objects(region, "NetworkPolicy") if o["metadata"]["name"] == "closed"}
    assert closed == {o["metadata"]["name"] for o in objects(region, "Namespace")}
    for policy in objects(region, "NetworkPolicy"):
        for rule in policy["spec"].get("egress", ()):
            for end in rule["to"]:
                block = end.get("ipBlock", {})
                assert block.get("cidr") != "0.0.0.0/0" or "169.254.0.0/16" in block["except"]


@pytest.mark.parametrize("region", REGIONS)
def test_volumes_are_of_the_class_that_the_clusters_key_seals(region: str) -> None:
    (found,) = objects(region, "StorageClass")
    assert found["parameters"]["diskEncryptionSetID"] == "${disk_encryption_set_cluster_id}"
    volumes = [v for _, pod in pods(region) for v in pod["spec"]["volumes"]]
    assert {key for v in volumes for key in v if key != "name"} <= {"emptyDir", "configMap", "csi"}


def test_which_image_runs_is_for_an_operator_to_say() -> None:
    for region in REGIONS:
        (layer,) = (one for one in made().blueprint.layers if one.name == f"{region}-workloads")
        images = [v for v in layer.variables.values() if v.name.endswith("_image")]
        assert len(images) >= 3
        assert all("sha256" in v.condition and isinstance(v.value, str) for v in images)
