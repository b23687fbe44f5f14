"""Azure virtual machines and disks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.checks.check import check
from ringfence.model.compute import Disk, Machine, VirtualMachine, VirtualMachineExtension
from ringfence.model.judge import holds, is_on, one_of
from ringfence.model.value import Known, Need
from ringfence.model.verdict import Verdict, all_of, any_of, every, not_applicable, some
from ringfence.questions.answer import of
from ringfence.questions.reference import is_given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.model.estate import Estate
    from ringfence.model.value import Attr

_OWN_KEY = "a disk encryption set"


@check(
    "vm-managed-disks",
    VirtualMachine,
    severity="medium",
    fix="Use azurerm_linux_virtual_machine or azurerm_windows_virtual_machine, or leave out vhd_uri.",
)
def managed_disks(machine: VirtualMachine) -> Verdict:
    """The machine's disks are managed disks and not blobs in a storage account.

    A blob's disk is encrypted and guarded by the storage account and its keys.

    Source: learn.microsoft.com/azure/virtual-machines/managed-disks-overview
    """
    disks = machine.storage_data_disks
    return all_of(
        _no_blob(machine.os_disk_vhd_uri),
        every(disks, [_no_blob(disk.vhd_uri) for disk in disks]),
    )


def _no_blob(vhd_uri: Attr[str]) -> Verdict:
    return holds(vhd_uri, lambda v: v in (None, ""), "no blob")


@check(
    "vm-disks-customer-key",
    VirtualMachine,
    severity="medium",
    fix="Set os_disk.disk_encryption_set_id, and disk_encryption_set_id of each data disk.",
)
def disks_customer_key(machine: VirtualMachine, estate: Estate) -> Verdict:
    """The system disk and all data disks are encrypted under the customer's key.

    A disk encryption set ties a disk to a key in a vault. A data disk that is attached from outside the estate is
    not known.

    Source: learn.microsoft.com/azure/virtual-machines/disk-encryption
    """
    inside = machine.storage_data_disks
    attached = machine.data_disks
    return all_of(
        _system_disk(machine, estate),
        every(inside, [_inline(machine, disk, estate) for disk in inside]),
        every(attached, [_attached(machine, link, estate) for link in attached]),
    )


def _system_disk(machine: VirtualMachine, estate: Estate) -> Verdict:
    own = any_of(
        is_given(machine, machine.os_disk_encryption_set, estate, _OWN_KEY),
        is_given(machine, machine.os_disk_secure_vm_encryption_set, estate, _OWN_KEY),
    )
    disk = estate.target(machine, machine.os_managed_disk)
    return any_of(own, _disk_key(disk, estate)) if isinstance(disk, Disk) else own


def _inline(machine: VirtualMachine, disk: Any, estate: Estate) -> Verdict:
    managed = estate.target(machine, disk.managed_disk)
    own = is_given(machine, disk.disk_encryption_set, estate, _OWN_KEY)
    return any_of(own, _disk_key(managed, estate)) if isinstance(managed, Disk) else own


def _attached(machine: VirtualMachine, link: Any, estate: Estate) -> Verdict:
    disk = estate.target(machine, link)
    if isinstance(disk, Disk):
        return _disk_key(disk, estate)
    why = f"the disk {link.value} is not declared here"
    return Verdict("unknown", why=why, needs=(Need("reference", str(link.value), why),))


def _disk_key(disk: Disk, estate: Estate) -> Verdict:
    return of(
        disk,
        any_of(
            is_given(disk, disk.disk_encryption_set, estate, _OWN_KEY),
            is_given(disk, disk.secure_vm_disk_encryption_set, estate, _OWN_KEY),
        ),
    )


@check(
    "disk-customer-key",
    Disk,
    severity="medium",
    fix="Set disk_encryption_set_id to an azurerm_disk_encryption_set.",
)
def disk_customer_key(disk: Disk, estate: Estate) -> Verdict:
    """A disk that no machine has is encrypted under the customer's key.

    An attached disk is judged with its machine.

    Source: learn.microsoft.com/azure/virtual-machines/disk-encryption
    """
    verdict = _disk_key(disk, estate)
    users = estate.referrers(disk, VirtualMachine, "data_disks")
    inline = disk.key in estate.once(_inline_disks)
    if len(users) or inline:
        return not_applicable("attached to a machine")
    return some(users, [verdict])  # while one may be attached, it may not be this check's concern


def _inline_disks(estate: Estate) -> set[str]:
    """The keys of the disks that machines name in blocks of their own."""
    links = ((m, d.managed_disk) for m in estate.of(VirtualMachine) for d in m.storage_data_disks)
    system = ((m, m.os_managed_disk) for m in estate.of(VirtualMachine))
    ends = (estate.target(m, link) for m, link in (*links, *system))
    return {end.key for end in ends if isinstance(end, Disk)}


@check(
    "disk-export",
    Disk,
    severity="medium",
    fix='Set network_access_policy = "DenyAll", or "AllowPrivate" with a disk access.',
)
def disk_export(disk: Disk) -> Verdict:
    """Nobody can export the disk over the public network.

    Source: learn.microsoft.com/azure/virtual-machines/disks-enable-private-links-for-import-export-portal
    """
    return one_of(disk.network_access_policy, "DenyAll", "AllowPrivate")


@check(
    "vm-password-authentication",
    Machine,
    severity="high",
    fix="Set disable_password_authentication = true and give an admin_ssh_key.",
)
def password_authentication(machine: Machine) -> Verdict:
    """Nobody logs in to a Linux machine with a password.

    Windows machines always have one; they are not judged.

    Source: learn.microsoft.com/azure/virtual-machines/linux/create-ssh-keys-detailed
    """
    if isinstance(machine.os_type, Known) and str(machine.os_type.value).casefold() == "windows":
        return not_applicable("Windows has no other way")
    return is_on(machine.disable_password_authentication)


@check(
    "vm-encryption-at-host",
    Machine,
    severity="medium",
    fix="Set encryption_at_host_enabled = true.",
)
def encryption_at_host(machine: Machine) -> Verdict:
    """Temporary disks and caches are encrypted too, on the host that holds them.

    Source: learn.microsoft.com/azure/virtual-machines/disk-encryption, "Encryption at host"
    """
    return is_on(machine.encryption_at_host)


@check(
    "vm-approved-extensions",
    VirtualMachineExtension,
    severity="medium",
    fix="Remove the extension, or add it to approved_extensions in the benchmark's parameters.",
    parameters={"approved_extensions": ()},
)
def approved_extensions(extension: VirtualMachineExtension, _: Estate, parameters: Mapping[str, Any]) -> Verdict:
    """Only approved software is installed as an extension.

    An extension runs with the machine's highest rights. The parameter ``approved_extensions`` lists types as ARM
    has them, such as ``AADSSHLoginForLinux``.

    Source: learn.microsoft.com/azure/virtual-machines/extensions/overview
    """
    return one_of(extension.extension_type, *parameters["approved_extensions"])
