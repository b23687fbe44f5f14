"""Workloads: what an intruder in one would have."""

from ringfence.model.symbol import Ref
from ringfence.model.value import Many
from ringfence.questions.workloads.every import workloads
from tests.support import declare, estate


def test_sites_and_machines_with_their_identities_and_mounts() -> None:
    mount = {
        "name": "m",
        "type": "AzureFiles",
        "account_name": Ref(".#azurerm_storage_account.s", ("name",)),
        "share_name": "x",
        "access_key": Ref(".#azurerm_storage_account.s", ("primary_access_key",)),
        "mount_path": "/data",
    }
    found = estate(
        declare("azurerm_storage_account.s", name="s"),
        declare(
            "azurerm_linux_web_app.a",
            name="a",
            identity=[{"type": "SystemAssigned"}],
            storage_account=[mount],
        ),
        declare("azurerm_linux_virtual_machine.v", name="v"),
    )
    site, machine = workloads(found)
    assert isinstance(site.identities, Many)
    assert [p.key for p in site.identities] == [".#azurerm_linux_web_app.a/identity"]
    ((store, path),) = ((m.store, m.path) for m in site.mounts)
    assert found.target(site.resource, store) is found.resources[".#azurerm_storage_account.s"]
    assert (path, site.entrance.kind) == ("/data", "https")
    assert isinstance(machine.identities, Many)
    assert len(machine.identities) == 0
    assert machine.mounts == ()
