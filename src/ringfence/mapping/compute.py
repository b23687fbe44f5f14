"""Azure virtual machines and disks: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/compute and, for the
machine of 1.x, services/legacy.
"""

from __future__ import annotations

from ringfence.mapping.identity import IDENTITY
from ringfence.mapping.table import COMMON, AnyRow, Fold, Nested, Reference, Row, Table, flag, row
from ringfence.model.compute import (
    Disk,
    DiskEncryptionSet,
    StorageDataDisk,
    VirtualMachine,
    VirtualMachineExtension,
    VirtualMachineScaleSet,
)

_DISK = Disk.arm_type
_SET = DiskEncryptionSet.arm_type
_MACHINE = VirtualMachine.arm_type
_OS_DISK = "properties.storageProfile.osDisk."
_ONE = "properties."
_EACH = "properties.virtualMachineProfile."

PUBLIC = flag("Enabled", "Disabled")


def _set_of(field: str, arm: str, tf: str) -> Reference:
    return Reference(field, arm, tf, to=_SET)


def _data_disk(managed: str, vhd: str) -> tuple[Row | Reference | Nested, ...]:
    return (
        row("name", "name", "name"),
        row("vhd_uri", "vhd.uri", vhd or {}),
        Reference("managed_disk", "managedDisk.id", managed or {}, to=_DISK),
        _set_of("disk_encryption_set", "managedDisk.diskEncryptionSet.id", "disk_encryption_set_id"),
    )


def _any(at: str) -> tuple[AnyRow, ...]:
    """The rows of a machine, or of what a scale set makes each of its machines from."""
    disk = f"{at}storageProfile.osDisk."
    return (
        *COMMON,
        *IDENTITY,
        row("os_type", disk + "osType", {}),
        row("admin_username", at + "osProfile.adminUsername", "admin_username"),
        row("admin_password", at + "osProfile.adminPassword", "admin_password"),
        row("encryption_at_host", at + "securityProfile.encryptionAtHost", "encryption_at_host_enabled", azure=False),
        row("os_disk_placement", disk + "diffDiskSettings.option", "os_disk.diff_disk_settings.option"),
        _set_of("os_disk_encryption_set", disk + "managedDisk.diskEncryptionSet.id", "os_disk.disk_encryption_set_id"),
        _set_of(
            "os_disk_secure_vm_encryption_set",
            disk + "managedDisk.securityProfile.diskEncryptionSet.id",
            "os_disk.secure_vm_disk_encryption_set_id",
        ),
        row(
            "secure_boot_enabled",
            at + "securityProfile.uefiSettings.secureBootEnabled",
            {">=2.88": "secure_boot_enabled"},
            azure=False,
        ),
        row("vtpm_enabled", at + "securityProfile.uefiSettings.vTpmEnabled", {">=2.88": "vtpm_enabled"}, azure=False),
        row(
            "provision_vm_agent",
            f"{at}osProfile.linuxConfiguration.provisionVMAgent|{at}osProfile.windowsConfiguration.provisionVMAgent",
            "provision_vm_agent",
            default=True,
            azure=True,
        ),
        row("custom_data", at + "osProfile.customData", "custom_data"),
    )


_PASSWORDS = row(
    "disable_password_authentication",
    "properties.osProfile.linuxConfiguration.disablePasswordAuthentication"
    "|properties.virtualMachineProfile.osProfile.linuxConfiguration.disablePasswordAuthentication",
    "disable_password_authentication",
    default=True,
    azure=False,
)
"""Later versions of 4.x call it computed and still write true unless told otherwise."""
_ALWAYS_PASSWORDS = row("disable_password_authentication", "", {}, azure=False)

_SINGLE: tuple[AnyRow, ...] = (
    row("vm_size", "properties.hardwareProfile.vmSize", "size"),
    row(
        "allow_extension_operations",
        "properties.osProfile.allowExtensionOperations",
        "allow_extension_operations",
        default=True,
        azure=True,
    ),
    Reference(
        "network_interfaces",
        "properties.networkProfile.networkInterfaces[].id",
        "network_interface_ids",
        to="Microsoft.Network/networkInterfaces",
        many=True,
    ),
    row("os_disk_vhd_uri", _OS_DISK + "vhd.uri", {}),
    Reference("os_managed_disk", _OS_DISK + "managedDisk.id", {">=4.0": "os_managed_disk_id"}, to=_DISK),
    Reference("data_disks", "properties.storageProfile.dataDisks[].managedDisk.id", {}, to=_DISK, many=True),
    Nested("storage_data_disks", "properties.storageProfile.dataDisks", {}, StorageDataDisk, _data_disk("", "")),
)

_SCALE_SET: tuple[AnyRow, ...] = (
    row("vm_size", "sku.name", "sku"),
    Nested(
        "storage_data_disks",
        "properties.virtualMachineProfile.storageProfile.dataDisks",
        "data_disk",
        StorageDataDisk,
        _data_disk("", ""),
    ),
)

_LEGACY: tuple[AnyRow, ...] = (
    *COMMON,
    *IDENTITY,
    row("os_type", _OS_DISK + "osType", "storage_os_disk.os_type"),
    row("admin_username", "properties.osProfile.adminUsername", "os_profile.admin_username"),
    row("admin_password", "properties.osProfile.adminPassword", "os_profile.admin_password"),
    row(
        "disable_password_authentication",
        "properties.osProfile.linuxConfiguration.disablePasswordAuthentication",
        "os_profile_linux_config.disable_password_authentication",
        azure=False,
    ),
    row("encryption_at_host", "properties.securityProfile.encryptionAtHost", {}, azure=False),
    row("os_disk_placement", _OS_DISK + "diffDiskSettings.option", {}),
    Reference("os_disk_encryption_set", _OS_DISK + "managedDisk.diskEncryptionSet.id", {}, to=_SET),
    Reference(
        "os_disk_secure_vm_encryption_set",
        _OS_DISK + "managedDisk.securityProfile.diskEncryptionSet.id",
        {},
        to=_SET,
    ),
    row("secure_boot_enabled", "properties.securityProfile.uefiSettings.secureBootEnabled", {}, azure=False),
    row("vtpm_enabled", "properties.securityProfile.uefiSettings.vTpmEnabled", {}, azure=False),
    row(
        "provision_vm_agent",
        "properties.osProfile.windowsConfiguration.provisionVMAgent",
        "os_profile_windows_config.provision_vm_agent",
        default=False,
    ),
    row("custom_data", "properties.osProfile.customData", "os_profile.custom_data"),
    row("vm_size", "properties.hardwareProfile.vmSize", "vm_size"),
    row("allow_extension_operations", "properties.osProfile.allowExtensionOperations", {}, azure=True),
    Reference(
        "network_interfaces",
        "properties.networkProfile.networkInterfaces[].id",
        "network_interface_ids",
        to="Microsoft.Network/networkInterfaces",
        many=True,
    ),
    row("os_disk_vhd_uri", _OS_DISK + "vhd.uri", "storage_os_disk.vhd_uri"),
    Reference("os_managed_disk", _OS_DISK + "managedDisk.id", "storage_os_disk.managed_disk_id", to=_DISK),
    Reference("data_disks", "properties.storageProfile.dataDisks[].managedDisk.id", {}, to=_DISK, many=True),
    Nested(
        "storage_data_disks",
        "properties.storageProfile.dataDisks",
        "storage_data_disk",
        StorageDataDisk,
        _data_disk("managed_disk_id", "vhd_uri"),
    ),
)

_LINUX = {"os_type": "Linux"}
_WINDOWS = {"os_type": "Windows"}
_OF = Reference("virtual_machine", "", "virtual_machine_id", to=_MACHINE)

TABLES = (
    Table(
        VirtualMachine,
        ("azurerm_linux_virtual_machine",),
        fixed={"azurerm_linux_virtual_machine": _LINUX},
        rows=(*_any(_ONE), *_SINGLE, _PASSWORDS),
    ),
    Table(
        VirtualMachine,
        ("azurerm_windows_virtual_machine",),
        fixed={"azurerm_windows_virtual_machine": _WINDOWS},
        rows=(*_any(_ONE), *_SINGLE, _ALWAYS_PASSWORDS),
    ),
    Table(VirtualMachine, ("azurerm_virtual_machine",), rows=_LEGACY),
    Table(
        VirtualMachineScaleSet,
        ("azurerm_linux_virtual_machine_scale_set",),
        fixed={"azurerm_linux_virtual_machine_scale_set": _LINUX},
        rows=(*_any(_EACH), *_SCALE_SET, _PASSWORDS),
    ),
    Table(
        VirtualMachineScaleSet,
        ("azurerm_windows_virtual_machine_scale_set",),
        fixed={"azurerm_windows_virtual_machine_scale_set": _WINDOWS},
        rows=(*_any(_EACH), *_SCALE_SET, _ALWAYS_PASSWORDS),
    ),
    Table(
        Disk,
        ("azurerm_managed_disk",),
        rows=(
            *COMMON,
            _set_of("disk_encryption_set", "properties.encryption.diskEncryptionSetId", "disk_encryption_set_id"),
            Reference(
                "secure_vm_disk_encryption_set",
                "properties.securityProfile.secureVMDiskEncryptionSetId",
                {">=3.8": "secure_vm_disk_encryption_set_id"},
                to=_SET,
            ),
            row("create_option", "properties.creationData.createOption", "create_option"),
            row(
                "network_access_policy",
                "properties.networkAccessPolicy",
                "network_access_policy",
                default={">=4.0": "AllowAll"},
                azure="AllowAll",
            ),
            row(
                "public_network_access",
                "properties.publicNetworkAccess",
                {">=2.87": "public_network_access_enabled"},
                default=True,
                azure="Enabled",
                codec=PUBLIC,
            ),
        ),
    ),
    Table(
        DiskEncryptionSet,
        ("azurerm_disk_encryption_set",),
        rows=(
            *COMMON,
            *IDENTITY,
            Reference(
                "active_key",
                "properties.activeKey.keyUrl",
                {"": "key_vault_key_id", ">=4.0": "managed_hsm_key_id"},
                to="Microsoft.KeyVault/vaults/keys",
            ),
            row(
                "encryption_type",
                "properties.encryptionType",
                {">=2.86": "encryption_type"},
                default="EncryptionAtRestWithCustomerKey",
                azure="EncryptionAtRestWithCustomerKey",
            ),
            row(
                "rotation_to_latest_key_version_enabled",
                "properties.rotationToLatestKeyVersionEnabled",
                {">=2.82": "auto_key_rotation_enabled"},
                default=False,
                azure=False,
            ),
        ),
    ),
    Table(
        VirtualMachineExtension,
        ("azurerm_virtual_machine_extension",),
        parent=_OF,
        unique="parent",
        rows=(
            *COMMON,
            _OF,
            row("publisher", "properties.publisher", "publisher"),
            row("extension_type", "properties.type", "type"),
            row(
                "auto_upgrade_minor_version",
                "properties.autoUpgradeMinorVersion",
                "auto_upgrade_minor_version",
                azure=False,
            ),
            row("settings", "properties.settings", "settings"),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = (
    Fold(
        "azurerm_virtual_machine_data_disk_attachment",
        VirtualMachine,
        _OF,
        (Reference("data_disks", "properties.storageProfile.dataDisks[].managedDisk.id", "managed_disk_id", to=_DISK),),
    ),
)
