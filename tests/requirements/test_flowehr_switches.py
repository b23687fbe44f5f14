"""FlowEHR's worlds and switches: two axes, what each switch relaxes, and that production relaxes nothing."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.requirements.bench import Bench, benchmark
from tests.requirements.binding import FLOWEHR, Case, shows
from tests.requirements.controls import has, refused
from tests.requirements.mutation import Change, Configured, Rewritten, Set
from tests.requirements.test_flowehr_storage import STRG

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint
    from ringfence.model.register import Relaxation

AXES = ("tf_in_automation", "accesses_real_data")


def silent(blueprint: Blueprint) -> None:
    blueprint.register.relaxations.clear()


SILENT = Change("no relaxation is entered", silent)
SYNTHETIC = "environment: prod\naccesses_real_data: false\ntf_in_automation: false\nswitches:\n"


def switches() -> dict[str, str]:
    """Each switch of the platform, as a line of its configuration."""
    from ringfence.platforms.flowehr import SWITCHES

    return {one.name: one.sample for one in SWITCHES}


def says(bench: Bench) -> dict[str, str]:
    """Every block as it is built."""
    return {d.key: bench.text(d.key) for d in bench.blocks()}


def differing(one: dict[str, str], other: dict[str, str]) -> set[str]:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def touched(bench: Bench, relaxation: Relaxation) -> set[str]:
    """The blocks that a relaxation is about: the resource, or the blocks of a type that it then has no more."""
    if not relaxation.argument.startswith("azurerm_"):
        return {relaxation.key}
    wanted = f"{bench.block(relaxation.key).address}.id"
    return {d.key for d in bench.blocks(relaxation.argument) if any(wanted in line for line in bench.written(d.key))}


# -- what a switch does


@shows(FLOWEHR, Case("F-004", "build", SILENT))
def test_each_switch_changes_what_it_names_and_nothing_else(bench: Bench) -> None:
    off = bench.configured(SYNTHETIC)
    for name, sample in switches().items():
        on = bench.configured(f"{SYNTHETIC}  {sample}")
        changed = differing(says(off), says(on))
        named = {key for r in on.register().relaxations for key in touched(off, r)}
        others = {r.switch for r in on.register().relaxations} - {f"switches.{name}"}
        assert named, f"{name} relaxes nothing"
        assert others == set()
        assert named <= changed
        assert not (changed - named) & says(off).keys(), f"{name} changes more than it enters"
    assert off.register().relaxations == []


def judged(bench: Bench, item: str, key: str) -> str:
    """The outcome of an item, or of a check that none names, on a resource."""
    return bench.row(item, key).outcome if item in benchmark().items else bench.verdict(item, key).outcome


@shows(FLOWEHR, Case("F-004", "prove", SILENT))
def test_what_a_switch_makes_false_is_listed(bench: Bench) -> None:
    off = bench.configured(SYNTHETIC)
    for name, sample in switches().items():
        on = bench.configured(f"{SYNTHETIC}  {sample}")
        relaxed = [r for r in on.register().relaxations if r.switch == f"switches.{name}"]
        assert relaxed, name
        for one in relaxed:
            assert one.why
            for key in touched(off, one):
                assert not on.has(key) or off.text(key) != on.text(key), f"{key} {one.argument}"
            found = {item: (judged(off, item, one.key), judged(on, item, one.key)) for item in one.items}
            assert {before for before, _ in found.values()} <= {"pass"}, f"{one.key}: {found}"
            assert not found or "fail" in {after for _, after in found.values()}, f"{one.key}: {found}"


# -- automation


@shows(
    FLOWEHR,
    Case("F-005", "build", STRG.without("public_network_access_enabled", True)),
    Case("F-005", "build", STRG.without("network_rules.ip_rules", ("203.0.113.7",))),
)
def test_automation_opens_nothing_whatever_is_configured(bench: Bench) -> None:
    lines = "\n".join(f"  {sample}" for name, sample in switches().items() if name != "destructible")
    for world in bench.worlds:
        files = f"tf_in_automation: true\naccesses_real_data: false\nswitches:\n{lines}"
        one = bench.configured(files)
        open_ = [d.key for d in one.blocks(world=world) for line in one.written(d.key, world)
                 if line in ("public_network_access_enabled = true", "public_network_access = \"Enabled\"")
                 or ".ip_rules = " in line]  # fmt: skip
        assert open_ == []
        assert [r for r in one.register(world).relaxations if r.switch != "switches.destructible"] == []


@shows(
    FLOWEHR,
    Case("F-005", "prove", Rewritten("config.prod.yaml", "tf_in_automation: true", "tf_in_automation: false")),
    Case("F-005", "prove", STRG.without("public_network_access_enabled", True)),
)
def test_what_automation_deploys_is_closed(bench: Bench) -> None:
    """The pipeline's two worlds say that they are automation's, and nothing in them answers on the internet."""
    for world in ("prod", "ci"):
        assert "tf_in_automation: true" in bench.read(f"config.{world}.yaml")
        for check in (
            "storage-public-network-access",
            "keyvault-public-network-access",
            "sql-server-public-network-access",
        ):
            rows = [r for r in bench.assessment(world).rows for p in r.parts if p.check.id == check]
            mine = [r for r in rows if "models/storage" not in r.resource.key]
            assert mine
            assert {r.outcome for r in mine} == {"pass"}, check


# -- production


def relaxed_production(bench: Bench, lines: str) -> str:
    """What a production build with these switches is refused with."""
    from ringfence.platforms import shipped
    from ringfence.switches import refuse_relaxed

    one = bench.configured(f"switches:\n{lines}")
    with TemporaryDirectory() as there:
        files = {**shipped(bench.name, "prod"), "switched.yaml": f"switches:\n{lines}"}
        paths = [Path(there) / name for name in files]
        for path, content in zip(paths, files.values(), strict=True):
            path.write_text(content, encoding="utf-8")
        return refused(lambda: refuse_relaxed(one.blueprint(), tuple(map(str, paths))))


@shows(FLOWEHR, Case("F-006", "build", SILENT))
def test_a_relaxed_production_is_refused_with_its_switch(bench: Bench) -> None:
    from ringfence.switches import refuse_relaxed

    message = relaxed_production(bench, '  deployer_addresses: ["203.0.113.7"]')
    assert "switches.deployer_addresses" in message
    assert "production relaxes nothing" in message
    refuse_relaxed(bench.blueprint())


@shows(FLOWEHR, Case("F-006", "prove", SILENT))
def test_each_switch_is_refused_with_resource_and_item(bench: Bench) -> None:
    for name, sample in switches().items():
        message = relaxed_production(bench, f"  {sample}")
        assert f"switches.{name}: " in message
        relaxed = bench.configured(f"switches:\n  {sample}").register().relaxations
        assert relaxed
        for one in relaxed:
            assert one.argument in message
            assert all(f"    {item} would " in message for item in one.items)


# -- the matrix

CELLS = {
    "prod": (True, True),
    "ci": (True, False),
    "dev": (False, False),
    "local-real": (False, True),
}


def cell(bench: Bench, world: str) -> Bench:
    automation, real = (str(flag).lower() for flag in CELLS[world])
    return bench.configured(f"tf_in_automation: {automation}\naccesses_real_data: {real}\nswitches:\n")


@shows(FLOWEHR, Case("F-007", "build", Configured("tf_in_automation: true\naccesses_real_data: false")))
def test_worlds_are_the_cells_of_two_axes(bench: Bench) -> None:
    from ringfence.platforms.flowehr import SWITCHES

    assert {one.axis for one in SWITCHES} == set(AXES)
    assert {world: cell(bench, world).blueprint().world for world in CELLS} == {world: world for world in CELLS}
    assert bench.blueprint().world == "prod"
    assert all(bench.blueprint(world).world == world for world in bench.worlds)


@shows(FLOWEHR, Case("F-007", "prove", Set("core#azurerm_key_vault.core", "purge_protection_enabled", False)))
def test_only_what_lets_a_copy_be_destroyed_differs_between_real_and_synthetic_data(bench: Bench) -> None:
    def outcomes(world: str) -> dict[tuple[str, str], str]:
        rows = bench.assessment(world).rows
        return {(r.item or r.parts[0].check.id, r.resource.key): r.outcome for r in rows}

    real, synthetic = outcomes("prod"), outcomes("ci")
    flipped = {at for at in real.keys() & synthetic.keys() if real[at] != synthetic[at]}
    assert {item for item, _ in flipped} == {"8.5", "10.1"}
    entered = {(item, r.key) for r in bench.register("ci").relaxations for item in r.items}
    assert flipped <= entered
    assert {key for item, key in flipped if item == "8.5"} == {
        "core#azurerm_key_vault.core",
        "serve#azurerm_key_vault.app_secrets",
    }
    for world in CELLS:
        assert cell(bench, world).assessment().rows
    has(bench, "core#azurerm_key_vault.core", "purge_protection_enabled = true")
