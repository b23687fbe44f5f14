"""Kinds of Azure virtual machines and disks (Microsoft.Compute)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder
from ringfence.model.resource import Block, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class StorageDataDisk(Block):
    """A data disk written inside the machine."""

    name: Attr[str]
    vhd_uri: Attr[str]
    """Address of the blob that holds the disk; absent when the disk is managed."""
    managed_disk: Link
    disk_encryption_set: Link


class Machine(IdentityHolder):
    """What a virtual machine and a scale set have in common."""

    os_type: Attr[str]
    admin_username: Attr[str]
    admin_password: Attr[str]
    disable_password_authentication: Attr[bool]
    """Linux only. SSH takes keys and no password; Azure's default is false, the provider's true."""
    encryption_at_host: Attr[bool]
    os_disk_encryption_set: Link
    os_disk_placement: Attr[str]
    """``Local`` when the system disk is ephemeral: on the machine that runs it; absent when it is a managed disk."""
    os_disk_secure_vm_encryption_set: Link
    """Of a confidential machine: encrypts disk and guest state."""
    secure_boot_enabled: Attr[bool]
    vtpm_enabled: Attr[bool]
    provision_vm_agent: Attr[bool]
    custom_data: Attr[str]
    storage_data_disks: Many[StorageDataDisk]


class VirtualMachine(Machine):
    """A virtual machine."""

    arm_type = "Microsoft.Compute/virtualMachines"

    vm_size: Attr[str]
    allow_extension_operations: Attr[bool]
    network_interfaces: Many[Link]
    os_disk_vhd_uri: Attr[str]
    """Address of the blob that holds the system disk; absent when the disk is managed."""
    os_managed_disk: Link
    data_disks: Many[Link]
    """The managed disks attached to it by separate resources."""


class VirtualMachineScaleSet(Machine):
    """Any number of equal machines."""

    arm_type = "Microsoft.Compute/virtualMachineScaleSets"

    vm_size: Attr[str]


class Disk(Resource):
    """A managed disk."""

    arm_type = "Microsoft.Compute/disks"

    disk_encryption_set: Link
    secure_vm_disk_encryption_set: Link
    create_option: Attr[str]
    network_access_policy: Attr[str]
    """Who may export it: ``AllowAll``, Azure's default, ``AllowPrivate`` or ``DenyAll``."""
    public_network_access: Attr[str]


class DiskEncryptionSet(IdentityHolder):
    """Ties disks to a key in a vault, and holds the identity that wraps with it."""

    arm_type = "Microsoft.Compute/diskEncryptionSets"

    active_key: Link
    encryption_type: Attr[str]
    rotation_to_latest_key_version_enabled: Attr[bool]


class VirtualMachineExtension(Resource):
    """Software that Azure installs in a machine."""

    arm_type = "Microsoft.Compute/virtualMachines/extensions"

    virtual_machine: Link
    publisher: Attr[str]
    extension_type: Attr[str]
    """ARM's ``properties.type``, such as ``AADSSHLoginForLinux``."""
    auto_upgrade_minor_version: Attr[bool]
    settings: Attr[str]
