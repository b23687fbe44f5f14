"""Keys that wrap other keys: by need in software, in hardware, or in a module of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.ask import Question
from ringfence.constructs.dns import PrivateZones
from ringfence.constructs.encryption import LEVELS, ModuleKeys, VaultKeys, checked
from ringfence.constructs.secret import renewal
from ringfence.constructs.vault import Vault
from ringfence.errors import ConstructError
from ringfence.record import replace
from tests.platforms.ground import ground, stood

if TYPE_CHECKING:
    from pathlib import Path

WHO = {"who": "11111111-1111-1111-1111-111111111111", "called": "the database", "why": "It opens its data."}


@pytest.mark.parametrize(("hardware", "kind"), [(True, "RSA-HSM"), (False, "RSA")])
def test_a_key_wraps_and_unwraps_and_does_nothing_else(tmp_path: Path, hardware: bool, kind: str) -> None:
    file, home = ground()
    vault = Vault(file, "keys", home, called="kv-keys", sku="premium" if hardware else "standard")
    store = VaultKeys(vault, renewal(file, "keys", days=180, owner="platform owner"), hardware=hardware)
    made = store.key(file, "data", called="data-key", comment="Wraps the data's key.")
    made.may_wrap(file, "opens", **WHO)
    key = stood(file, tmp_path).resources[made.key.key]
    assert (key.kty.value, set(key.key_ops.value)) == (kind, {"wrapKey", "unwrapKey"})
    for verb, allowed in (("unwrap", True), ("wrap", True), ("sign", False), ("decrypt", False)):
        rows = Question("access", can=verb, on=("kv-keys/keys/data-key",)).answer(stood(file, tmp_path / verb))
        assert any(row["principal"]["name"] == WHO["who"] for row in rows) is allowed


def test_an_imported_key_is_not_made_by_terraform() -> None:
    file, home = ground()
    store = VaultKeys(Vault(file, "keys", home, called="kv-keys", sku="premium"), _renewed(file))
    made = store.key(file, "data", called="data-key", comment="", origin="imported")
    assert (made.origin, made.key.mode) == ("imported", "data")


def test_nothing_is_imported_into_software() -> None:
    file, home = ground()
    store = VaultKeys(Vault(file, "keys", home, called="kv-keys"), _renewed(file), hardware=False)
    with pytest.raises(ConstructError, match="cannot be imported into software"):
        store.key(file, "data", called="data-key", comment="", origin="imported")


def test_a_module_gives_roles_of_its_own_on_one_key(tmp_path: Path) -> None:
    file, home = ground()
    network = file.layer.file("main.tf").declared[2]
    zones = PrivateZones(file, {"module": "privatelink.managedhsm.azure.net"}, {"more": network}, group=home.group)
    store = ModuleKeys(
        file, "module", replace(home, zones=zones), called="hsm-keys", administrators=WHO["who"], certificates=("a",)
    )
    made = store.key(file, "data", called="data-key", comment="")
    role = made.may_wrap(file, "opens", **WHO)
    assert role.arguments["scope"] == "/keys/data-key"
    assert made.may_wrap(file, "again", **WHO).arguments["name"] == role.arguments["name"]
    assert file.layer.register.uses[-1].role == "Managed HSM Crypto Service Encryption User"
    assert stood(file, tmp_path).resources[store.module.key]


def test_a_level_that_the_store_does_not_meet_is_refused() -> None:
    for store, level in LEVELS.items():
        checked(store, fips_level=level, production=store != "standard")
        with pytest.raises(ConstructError, match=f"meets FIPS 140 level {level}, not {level + 1}"):
            checked(store, fips_level=level + 1, production=False)


def test_production_has_no_software_keys() -> None:
    with pytest.raises(ConstructError, match="its keys are software"):
        checked("standard", fips_level=0, production=True)


def test_a_store_that_is_none_is_refused() -> None:
    with pytest.raises(ConstructError, match="there is no key store paper"):
        checked("paper", fips_level=0, production=False)


def _renewed(file: object) -> object:
    return renewal(file, "keys", days=180, owner="platform owner")  # type: ignore[arg-type]
