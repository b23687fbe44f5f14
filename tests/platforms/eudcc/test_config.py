"""EUDCC's configuration: each mistake is one message that says where, what, and what to do."""

from __future__ import annotations

import pytest

from ringfence.errors import ConstructError, InputError
from tests.platforms.eudcc.configured import CLUSTER, OVER, configured, declared

REGIONS = """\
regions:
  eu:
    location: {location}
    address_space: {eu}
    jump_box_address_space: {jump}
  ie:
    location: northeurope
    address_space: {ie}
    jump_box_address_space: 10.62.0.0/26
"""


def regions(
    location: str = "westeurope", eu: str = "10.61.0.0/20", ie: str = "10.63.0.0/20", jump: str = "10.60.0.0/26"
) -> str:
    return REGIONS.format(location=location, eu=eu, ie=ie, jump=jump)


WRONG = {
    "unknown key": ("prefx: eudcc", "prefx is not a setting", "Did you mean prefix?", 1),
    "switch": ("switches:\n  public: true", "switches.public is not a setting", "has no switches", 2),
    "unknown inner key": ("state:\n  group: rg", "state.group is not a setting", "It has resource_group", 2),
    "prefix": ("prefix: My Prefix", "prefix cannot be My Prefix", "2 to 8 small letters", 1),
    "location": (regions(location="westeurop"), "location cannot be westeurop", "Did you mean westeurope?", 3),
    "no space": (regions(eu="ten"), "address_space is no address space", "Write one such as", 4),
    "public space": (regions(eu="8.8.0.0/20"), "is not a private range", "Use a range", 4),
    "small space": (regions(eu="10.61.0.0/28"), "too small for nodes and endpoints", "Use a /23", 4),
    "small jump box": (regions(jump="10.60.0.0/30"), "too small for a jump box", "Use a /28", 5),
    "regions overlap": (regions(ie="10.61.8.0/21"), "overlaps 10.61.0.0/20, that of address_space of eu", "own", 8),
    "peers overlap": (regions(jump="10.61.0.0/26"), "overlaps 10.61.0.0/20, that of address_space of eu", "own", 5),
    "pods overlap": (regions(eu="10.244.0.0/20"), "that of the cluster's pods", "own", 4),
    "everybody": ("jump_box_prefixes: [0.0.0.0/0]", "0.0.0.0/0 is too wide", "Use a /16", 1),
    "service tag": ("jump_box_prefixes: [Internet]", "Internet is no range", "a service tag", 1),
    "nobody": ("jump_box_prefixes: []", "nobody could reach a jump box", "Add the addresses", 1),
    "administrators": ("administrators: everybody", "everybody is not the object id of a group", "GUID", 1),
    "portal group": ("portal_groups: [issuers]", "issuers is not the object id of a group", "GUID", 1),
    "mail": ("alert_recipients:\n  - {name: a, email: nobody}", "nobody is no address of mail", "", 2),
    "signing": ("signing: vualt", "signing cannot be vualt", "Did you mean vault?", 1),
    "key store": ("key_store: premum", "key_store cannot be premum", "Did you mean premium?", 1),
    "level": ("fips_level: high", "fips_level must be a whole number, not high", "", 1),
    "no cluster": ("log_analytics_cluster_id: central", "is not the id of a Log Analytics cluster", "looks like", 1),
    "no logs in production": ("enable_log_analytics_workspace: false", "nobody can say who read what", "true", 1),
    "nobody is told": ("alert_recipients: []", "somebody has to hear of an alert", "Add alert_recipients", 1),
    "nobody issues": ("portal_groups: []", "nobody may issue a certificate", "Add the object id", 1),
    "software keys": ("key_store: standard", "software keys only", "Use premium", 1),
    "a retired way": ("identity: pod-identity", "Microsoft has retired it", "identity: workload-identity", 1),
    "test certificates": ("certificates: files", "prove nothing", "certificates: vault", 1),
}


@pytest.mark.parametrize(("over", "message", "hint", "line"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_one_message_with_its_place(over: str, message: str, hint: str, line: int) -> None:
    with pytest.raises(InputError) as caught:
        configured("prod", over)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.where == f"{OVER}:{line}"


def test_a_cluster_without_a_workspace_is_refused() -> None:
    over = f"log_analytics_cluster_id: {CLUSTER}\nenable_log_analytics_workspace: false"
    with pytest.raises(InputError, match="there is no workspace to link"):
        configured("test", over)


@pytest.mark.parametrize(
    ("store", "level", "remedy"), [("premium", 3, "Use managed_hsm"), ("managed_hsm", 4, "No key store on Azure")]
)
def test_a_store_that_does_not_meet_the_level_is_refused(store: str, level: int, remedy: str) -> None:
    with pytest.raises(ConstructError, match=f"not {level}") as caught:
        declared("prod", f"key_store: {store}\nfips_level: {level}")
    assert remedy in caught.value.hint


def test_a_key_is_not_imported_into_software() -> None:
    with pytest.raises(ConstructError, match="cannot be imported into software"):
        declared("test", "key_store: standard\nkey_origin: imported")


def test_software_keys_are_a_relaxation_where_they_are_allowed() -> None:
    relaxed = declared("test", "key_store: standard").register.relaxations
    assert {r.switch for r in relaxed} == {"key_store"}
    assert declared("test").register.relaxations == []
