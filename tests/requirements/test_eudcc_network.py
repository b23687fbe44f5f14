"""EUDCC's network: private endpoints with their zones, and the two ways in that are excepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.register import Exemption
from tests.requirements.binding import EUDCC, Case, shows
from tests.requirements.controls import has, holds, refused
from tests.requirements.mutation import Add, Change, Configured, Rewritten, Says, Set, both, found, remove
from tests.requirements.regions import REGIONS

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint
    from tests.requirements.bench import Bench

CHAPTER = "1-private-link.md"
SERVICES = {
    "registry": ("azurerm_container_registry", "registry", "privatelink.azurecr.io"),
    "vault": ("azurerm_key_vault", "vault", "privatelink.vaultcore.azure.net"),
    "mysql": ("azurerm_mysql_flexible_server", "mysqlServer", "privatelink.mysql.database.azure.com"),
    "flows_blob": ("azurerm_storage_account", "blob", "privatelink.blob.core.windows.net"),
}
"""By the block of the endpoint: the type that it leads to, the part, the zone."""
STORED = ("kind data-store", "kind vault", "kind registry", "kind cluster", "kind workspace", "kind log-store")
VAULT, REGISTRY = "eu#azurerm_key_vault.vault", "eu#azurerm_container_registry.registry"
CLUSTER = "eu#azurerm_kubernetes_cluster.cluster"


def endpoint(name: str, region: str = "eu") -> str:
    return f"{region}#azurerm_private_endpoint.{name}"


@shows(EUDCC, Case("E-001", "build", remove(endpoint("registry", "ie"))))
def test_every_service_has_an_endpoint_in_its_region(bench: Bench) -> None:
    for region in REGIONS:
        for name, (type_, part, _) in SERVICES.items():
            (target,) = [d for d in bench.blocks(type_) if d.file.layer.name == region]
            has(
                bench,
                endpoint(name, region),
                f"private_service_connection.private_connection_resource_id = {target.address}.id",
                f'private_service_connection.subresource_names = ["{part}"]',
                "subnet_id = azurerm_subnet.endpoints.id",
            )


@shows(
    EUDCC,
    Case("E-001", "prove", Set(endpoint("mysql"), "private_service_connection.is_manual_connection", True)),
    Case("E-001", "prove", remove(endpoint("registry"))),
)
def test_nodes_meet_every_service_by_an_approved_endpoint(bench: Bench) -> None:
    from ringfence.checks.check import checks

    estate, approval = bench.estate(), checks()["private-endpoint-approval"]
    assert {approval.verdict(r, estate).outcome for r in approval.resources(estate)} == {"pass"}
    for region in REGIONS:
        for name, (type_, part, _) in SERVICES.items():
            if name == "flows_blob":
                continue  # nobody but the platform's logs has anything to do there
            (target,) = [d for d in bench.blocks(type_) if d.file.layer.name == region]
            rows = bench.answers("reach", source=(f"snet-nodes-{region}",), to=(target.key,))
            mine = [row for row in rows if row["door"] == part]
            assert [row["outcome"] for row in mine] == ["allowed"], target.key
            assert mine[0]["front"] == "private"


@shows(EUDCC, Case("E-002", "prove", Set(endpoint("vault"), "private_dns_zone_group")))
def test_traffic_to_a_service_does_not_leave_the_network(bench: Bench) -> None:
    for region in REGIONS:
        for row in bench.answers("reach", source=(f"snet-nodes-{region}",), to=(f"kv-eudcc-{region}-prod",)):
            assert row["outcome"] == "allowed"
            assert row["why"].startswith(f"by pe-kv-eudcc-{region}-prod")
            assert not any("internet" in hop["text"].casefold() for hop in row["hops"])


def offered(bench: Bench, *subscriptions: str) -> Any:
    """A service of one's own, offered to customers from a region's network."""
    from ringfence.constructs.home import Home
    from ringfence.constructs.private_link_service import private_link_service

    layer = next(one for one in bench.blueprint().layers if one.name == "eu")
    subnet = bench.block("eu#azurerm_subnet.nodes")
    home = Home("rg", "westeurope", "t", subnet.id, None, None)  # type: ignore[arg-type]  # neither is asked for
    file = layer.file("offered.tf")
    return private_link_service(
        file,
        f"offered_{len(file.declared)}",
        home,
        called="pls",
        frontend="lb",
        subnet=subnet.id,
        visible_to=subscriptions,
    )


@shows(EUDCC, Case("E-003", "build", remove("eu#azurerm_subnet.nodes")))
def test_a_service_of_ones_own_can_be_offered(bench: Bench) -> None:
    made = offered(bench.grown(Change("nothing", lambda _: None)), "5a1c3f0e-0000-0000-0000-000000000001")
    assert made.type == "azurerm_private_link_service"
    assert made.arguments["visibility_subscription_ids"] == ("5a1c3f0e-0000-0000-0000-000000000001",)


@shows(EUDCC, Case("E-003", "prove", remove("eu#azurerm_subnet.nodes")))
def test_nothing_is_offered_to_everybody(bench: Bench) -> None:
    fresh = bench.grown(Change("nothing", lambda _: None))
    assert "offered to everybody" in refused(lambda: offered(fresh, "*"))
    assert "offered to nobody" in refused(lambda: offered(fresh))
    made = offered(fresh, "5a1c3f0e-0000-0000-0000-000000000001")
    assert made.key in {r.key for r in fresh.estate().resources.values()}


# -- the two ways in


def another(blueprint: Blueprint) -> None:
    blueprint.register.exemptions.append(Exemption("a third", "eu#azurerm_public_ip.way_out", "because"))


@shows(EUDCC, Case("E-004", "build", Change("a third exemption is entered", another)))
def test_two_ways_in_are_excepted_and_no_third(bench: Bench) -> None:
    assert {e.name for e in bench.register().exemptions} == {"jump box", "ingress"}
    assert all(e.why and bench.has(e.key) for e in bench.register().exemptions)


def opened(blueprint: Blueprint) -> dict[str, Any]:
    group = found(blueprint, "eu#azurerm_resource_group.region")
    return {"name": "pip-other", "resource_group_name": group.ref("name"), "location": "westeurope",
            "allocation_method": "Static", "sku": "Standard"}  # fmt: skip


def ways_in(bench: Bench) -> set[str]:
    """The public addresses by which somebody may come in: those of a way out are not among them."""
    out = {d.arguments["public_ip_address_id"].key  # type: ignore[union-attr]  # a reference
           for d in bench.blocks("azurerm_nat_gateway_public_ip_association")}  # fmt: skip
    return {d.key for d in bench.blocks("azurerm_public_ip")} - out


@shows(EUDCC, Case("E-004", "prove", Add("eu", "azurerm_public_ip", "other", opened)))
def test_public_addresses_are_those_of_the_exceptions(bench: Bench) -> None:
    assert ways_in(bench) == {e.key for e in bench.register().exemptions}
    assert len(ways_in(bench)) == 2 * len(REGIONS)
    assert bench.holds("unreachable", from_="internet", to=STORED).outcome == "pass"


MACHINE, RULES = "dev#azurerm_linux_virtual_machine.eu", "dev#azurerm_network_security_group.jump_box_eu"


@shows(
    EUDCC,
    Case("E-005", "build", Set(MACHINE, "disable_password_authentication", False)),
    Case("E-005", "build", remove("dev#azurerm_virtual_machine_extension.eu")),
)
def test_a_jump_box_lets_the_directory_in_from_listed_ranges(bench: Bench) -> None:
    for region in REGIONS:
        has(bench, f"dev#azurerm_linux_virtual_machine.{region}", "disable_password_authentication = true")
        has(bench, f"dev#azurerm_virtual_machine_extension.{region}", 'type = "AADSSHLoginForLinux"')
        rules = f"dev#azurerm_network_security_group.jump_box_{region}"
        has(bench, rules, 'security_rule.source_address_prefixes = ["203.0.113.0/28"]')
        has(bench, rules, 'security_rule.destination_port_range = "22"')
        interface = bench.block(f"dev#azurerm_network_interface.{region}")
        assert f"ip_configuration.public_ip_address_id = azurerm_public_ip.{region}.id" in bench.written(interface.key)


@shows(
    EUDCC,
    Case("E-005", "prove", Set(RULES, "security_rule.0.source_address_prefixes", ("0.0.0.0/0",))),
    Case("E-005", "prove", Set("dev#azurerm_role_assignment.eu_administrators", "principal_id", "somebody else")),
)
def test_few_reach_a_jump_box_and_administrators_sign_in(bench: Bench) -> None:
    held = bench.holds("unreachable", from_="internet", to="kind machine", except_="203.0.113.0/28")
    assert held.outcome == "pass", [c.text for c in held.contrary]
    logins = {u.role: u.who for u in bench.register().uses if "Login" in u.role}
    assert set(logins) == {"Virtual Machine Administrator Login"}
    for region in REGIONS:
        granted = bench.block(f"dev#azurerm_role_assignment.{region}_administrators").arguments
        assert granted["principal_id"] == logins["Virtual Machine Administrator Login"]
        assert granted["principal_type"] == "Group"


NODES, DOOR = "eu#azurerm_network_security_group.nodes", "eu-workloads#kubectl_manifest.ingress_service"


@shows(
    EUDCC,
    Case("E-006", "build", Set(NODES, "security_rule.0.destination_address_prefixes", ("*",))),
    Case("E-006", "build", Says(DOOR, "LoadBalancer", "NodePort")),
)
def test_the_ingress_has_one_address_with_two_ports(bench: Bench) -> None:
    for region in REGIONS:
        rules = bench.block(f"{region}#azurerm_network_security_group.nodes").arguments["security_rule"]
        open_ = [r.arguments for r in rules if r.arguments.get("source_address_prefix") == "Internet"]  # type: ignore[union-attr]
        address = bench.block(f"{region}#azurerm_public_ip.ingress").ref("ip_address")
        assert {r["destination_port_range"] for r in open_} == {"443", "80"}
        assert all(r["destination_address_prefixes"] == (address,) for r in open_)
        service = bench.manifest(f"{region}-workloads#kubectl_manifest.ingress_service")["spec"]
        assert service["type"] == "LoadBalancer"
        assert service["loadBalancerIP"] == "azurerm_public_ip.ingress.ip_address"


PUBLISHED = {
    "dgc-gateway", "dgca-issuance-service-public", "dgca-businessrule-service", "dgca-verifier-service",
    "portal-sign-in",
}  # fmt: skip
FACE = "ie-workloads#kubectl_manifest.dgca_issuance_service_public_ingress"


@shows(
    EUDCC,
    Case("E-006", "prove", Says(FACE, "dgca-issuance-service-public", "dgca-issuance-service")),
    Case(
        "E-006", "prove", Says("ie-workloads#kubectl_manifest.dgca_issuance_web_service", "ClusterIP", "LoadBalancer")
    ),
)
def test_what_is_published_is_what_was_meant(bench: Bench) -> None:
    rows = bench.table("network.md", "Resource")
    assert {name for name, *_ in rows} == {*PUBLISHED, "ingress"}
    for one in bench.manifests("Ingress").values():
        backends = {p["backend"]["service"]["name"] for r in one["spec"]["rules"] for p in r["http"]["paths"]}
        assert backends <= PUBLISHED
    doors = [one["metadata"]["name"] for one in bench.manifests("Service").values()
             if one["spec"]["type"] != "ClusterIP"]  # fmt: skip
    assert doors == ["ingress"] * len(REGIONS)


@shows(
    EUDCC,
    Case(
        "E-007",
        "prove",
        both(Set(REGISTRY, "public_network_access_enabled", True), Set(REGISTRY, "network_rule_bypass_option")),
    ),
)
def test_what_is_open_and_not_excepted_is_found_with_its_path(bench: Bench) -> None:
    held = bench.holds("unreachable", from_="internet", to=STORED)
    assert held.outcome == "pass", [c.text for c in held.contrary]
    opened_ = bench.grown(Set("ie#azurerm_key_vault.vault", "public_network_access_enabled", True)).grown(
        Set("ie#azurerm_key_vault.vault", "network_acls")
    )
    broken = opened_.holds("unreachable", from_="internet", to=STORED)
    assert broken.outcome == "fail"
    assert "kv-eudcc-ie-prod/vault is allowed" in broken.contrary[0].text


# -- both regions alike, and the table


def shape(bench: Bench, region: str) -> set[tuple[str, str]]:
    return {(d.name, str(d.arguments["private_service_connection"].arguments["subresource_names"]))  # type: ignore[union-attr]
            for d in bench.blocks("azurerm_private_endpoint") if d.file.layer.name == region}  # fmt: skip


@shows(EUDCC, Case("E-008", "build", remove(endpoint("vault", "ie"))))
def test_both_regions_have_the_same_endpoints(bench: Bench) -> None:
    assert shape(bench, "eu") == shape(bench, "ie")
    assert len(shape(bench, "eu")) == 5


def listed(bench: Bench, region: str) -> set[tuple[str, str, str]]:
    """(service, part, zone) of a region's table."""
    section = bench.page(CHAPTER).partition(f"## Private link resources of {region}\n")[2].partition("\n## ")[0]
    from tests.requirements.bench import table

    return {(service, part, zone) for service, _, part, zone in table(section, "Service")}


@shows(EUDCC, Case("E-008", "prove", remove(endpoint("vault", "ie"))))
def test_the_tables_of_both_regions_are_equal(bench: Bench) -> None:
    place = {"eu": "westeurope", "ie": "northeurope"}
    alike = [{(s, p, z.replace(place[r], "<region>")) for s, p, z in listed(bench, r)} for r in REGIONS]
    assert alike[0] == alike[1]
    assert alike[0]


@shows(EUDCC, Case("E-009", "build", remove(endpoint("registry"))))
def test_the_table_has_each_resource_with_its_zone(bench: Bench) -> None:
    assert listed(bench, "eu") >= {
        ("Container registry", "registry", "privatelink.azurecr.io"),
        ("Managed cluster", "management", "privatelink.westeurope.azmk8s.io"),
        ("Key vault", "vault", "privatelink.vaultcore.azure.net"),
        ("MySQL flexible server", "mysqlServer", "privatelink.mysql.database.azure.com"),
    }


@shows(EUDCC, Case("E-009", "prove", Rewritten(CHAPTER, "`privatelink.azurecr.io`", "`privatelink.other.io`")))
def test_the_table_is_what_is_built(bench: Bench) -> None:
    for region in REGIONS:
        names = {d.key: str(d.arguments["name"]) for d in bench.blocks("azurerm_private_dns_zone")}
        built = set()
        for declared in bench.blocks("azurerm_private_endpoint"):
            if declared.file.layer.name == region:
                ids = declared.arguments["private_dns_zone_group"].arguments["private_dns_zone_ids"]  # type: ignore[union-attr]
                (part,) = declared.arguments["private_service_connection"].arguments["subresource_names"]  # type: ignore[union-attr]
                built.add((part, ", ".join(names[one.key] for one in ids)))
        assert {(p, z) for _, p, z in listed(bench, region) if p != "management"} == built


ZONES = {"E-010": ("registry", "registry"), "E-012": ("vault", "vault"), "E-013": ("mysql", "mysql")}
"""By statement: the word of the zone's block, and that of the endpoint's."""


@shows(
    EUDCC,
    *(Case(one, "build", Set(endpoint(pe), "private_dns_zone_group"), zone, pe) for one, (zone, pe) in ZONES.items()),
)
def test_the_endpoint_is_in_its_zone(bench: Bench, zone: str, name: str) -> None:
    for region in REGIONS:
        has(bench, f"{region}#azurerm_private_dns_zone.{zone}", f'name = "{SERVICES[name][2]}"')
        group = f"private_dns_zone_group.private_dns_zone_ids = [azurerm_private_dns_zone.{zone}.id]"
        has(bench, endpoint(name, region), group)


def link(zone: str, network: str) -> str:
    return f"eu#azurerm_private_dns_zone_virtual_network_link.{zone}_{network}"


@shows(EUDCC, *(Case(one, "prove", remove(link(zone, "dev")), zone, pe) for one, (zone, pe) in ZONES.items()))
def test_both_networks_find_it_by_name(bench: Bench, zone: str, name: str) -> None:
    type_, part, _ = SERVICES[name]
    for region in REGIONS:
        assert bench.verdict("private-endpoint-name", endpoint(name, region)).outcome == "pass"
        assert bench.verdict("private-dns-zone-link", f"{region}#azurerm_private_dns_zone.{zone}").outcome == "pass"
        (target,) = [d for d in bench.blocks(type_) if d.file.layer.name == region]
        for place in (f"snet-nodes-{region}", f"snet-jump-{region}"):
            rows = bench.answers("reach", source=(place,), to=(target.key,))
            assert [r["outcome"] for r in rows if r["door"] == part] == ["allowed"], f"{place} to {target.key}"


@shows(EUDCC, Case("E-011", "build", Set(CLUSTER, "private_dns_zone_id", "System")))
def test_the_api_server_is_in_its_zone(bench: Bench) -> None:
    for region, place in (("eu", "westeurope"), ("ie", "northeurope")):
        has(bench, f"{region}#azurerm_private_dns_zone.cluster", f'name = "privatelink.{place}.azmk8s.io"')
        cluster = f"{region}#azurerm_kubernetes_cluster.cluster"
        has(bench, cluster, "private_dns_zone_id = azurerm_private_dns_zone.cluster.id")


@shows(EUDCC, Case("E-011", "prove", remove(link("cluster", "dev"))))
def test_administrators_find_the_api_server_by_name(bench: Bench) -> None:
    for region in REGIONS:
        zone = f"{region}#azurerm_private_dns_zone.cluster"
        linked = {line for d in bench.blocks("azurerm_private_dns_zone_virtual_network_link")
                  if d.file.layer.name == region and d.name.startswith("cluster_")
                  for line in bench.written(d.key) if line.startswith("virtual_network_id")}  # fmt: skip
        assert linked == {f"virtual_network_id = azurerm_virtual_network.{n}.id" for n in (region, f"dev_{region}")}
        assert bench.verdict("private-dns-zone-link", zone).outcome == "pass"
        rows = bench.answers("reach", source=(f"snet-jump-{region}",), to=(f"aks-eudcc-{region}-prod",))
        assert [r["outcome"] for r in rows] == ["allowed"]


MOVED = """
regions:
  eu: {location: swedencentral, address_space: 10.61.0.0/20, jump_box_address_space: 10.60.0.0/26}
  ie: {location: northeurope, address_space: 10.63.0.0/20, jump_box_address_space: 10.62.0.0/26}
"""


@shows(EUDCC, Case("E-014", "build", Set("eu#azurerm_private_dns_zone.cluster", "name", "privatelink.azmk8s.io")))
def test_the_clusters_zone_has_the_regions_place(bench: Bench) -> None:
    has(bench, "eu#azurerm_private_dns_zone.cluster", 'name = "privatelink.westeurope.azmk8s.io"')
    moved = bench.configured(MOVED)
    has(moved, "eu#azurerm_private_dns_zone.cluster", 'name = "privatelink.swedencentral.azmk8s.io"')


@shows(EUDCC, Case("E-014", "prove", Configured(MOVED.replace("swedencentral", "northeurope"))))
def test_two_places_have_two_zones(bench: Bench) -> None:
    zones = [d.arguments["name"] for d in bench.blocks("azurerm_private_dns_zone") if d.name == "cluster"]
    assert len(set(zones)) == len(REGIONS)
    assert {zone for region in REGIONS for _, part, zone in listed(bench, region) if part == "management"} == set(zones)


# -- the cluster


def images(bench: Bench) -> dict[str, list[str]]:
    """By manifest: what its containers run."""
    told = {}
    for kind in ("Deployment", "Job"):
        for key, one in bench.manifests(kind).items():
            pod = one["spec"]["template"]["spec"]
            told[key] = [c["image"] for part in ("containers", "initContainers") for c in pod.get(part, [])]
    return told


def public_image(blueprint: Blueprint) -> None:
    body = found(blueprint, "ie-workloads#kubectl_manifest.dgca_verifier_service_deployment").arguments["yaml_body"]
    body.args[0]["spec"]["template"]["spec"]["containers"][0]["image"] = "docker.io/library/nginx:1"  # type: ignore[union-attr]


PUBLIC = Change("the verifier's image comes from a public registry", public_image)


@shows(EUDCC, Case("E-015", "build", PUBLIC))
def test_images_are_named_in_the_regions_registry(bench: Bench) -> None:
    for region in REGIONS:
        has(bench, f"{region}#azurerm_role_assignment.cluster_pulls", 'role_definition_name = "AcrPull"')
    assert len(images(bench)) > 10
    for key, mine in images(bench).items():
        layer, _, name = key.partition("#kubectl_manifest.")
        file = bench.built().files[f"{layer}/manifests/{name.replace('_', '-')}.yaml"]
        assert file.count("image: ") == len(mine)
        assert all("${container_registry_registry_login_server}" in line
                   for line in file.splitlines() if " image: " in line), key  # fmt: skip


@shows(EUDCC, Case("E-015", "prove", PUBLIC))
def test_every_image_is_of_the_registry(bench: Bench) -> None:
    for key, mine in images(bench).items():
        assert all(one.startswith("${azurerm_container_registry.registry.login_server}/") for one in mine), key


@shows(EUDCC, Case("E-016", "build", Set(CLUSTER, "private_cluster_public_fqdn_enabled", True)))
def test_the_api_server_is_built_private(bench: Bench) -> None:
    for region in REGIONS:
        cluster = f"{region}#azurerm_kubernetes_cluster.cluster"
        has(bench, cluster, "private_cluster_enabled = true", "private_cluster_public_fqdn_enabled = false")
        has(bench, cluster, "private_dns_zone_id = azurerm_private_dns_zone.cluster.id")


@shows(EUDCC, Case("E-016", "prove", Set(CLUSTER, "private_cluster_enabled", False)))
def test_the_internet_does_not_reach_an_api_server(bench: Bench) -> None:
    for region in REGIONS:
        assert bench.verdict("aks-private-cluster", f"{region}#azurerm_kubernetes_cluster.cluster").outcome == "pass"
    assert {r["outcome"] for r in bench.answers("reach", source=("internet",), to=("kind cluster",), any=True)} == {
        "denied"
    }
    assert holds(bench, "8.7", VAULT).status == "Y"
