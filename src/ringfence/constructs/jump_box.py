"""A machine by which administrators come into the network, one of the two ways in from the internet."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from ringfence.constructs.grant import GROUP, grant
from ringfence.constructs.network import Rule
from ringfence.errors import ConstructError
from ringfence.model.blueprint import block
from ringfence.model.register import Exemption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

EXEMPTION = "jump box"
_IMAGE = block(publisher="Canonical", offer="ubuntu-24_04-lts", sku="server", version="latest")
_WIDEST = 8
"""Anything wider than this prefix is no list of offices."""


def admitted(prefixes: Sequence[str]) -> tuple[Rule, ...]:
    """The rules of a jump box's subnet: SSH from the listed ranges, and nothing else from anywhere.

    Raises:
        ConstructError: nobody is listed, or everybody.
    """
    if not prefixes:
        raise ConstructError("nobody is listed who may reach the jump box", hint="List the ranges of your offices.")
    for prefix in prefixes:
        if not _range(prefix):
            hint = "List ranges such as 203.0.113.0/28, no service tag and no star."
            raise ConstructError(f"the jump box cannot be open to {prefix}", hint=hint)
    return (
        Rule("ssh", 100, "Inbound", "Allow", "Tcp", tuple(prefixes), "*", "22", "Administrators, from listed ranges."),
        Rule("nothing-else", 4096, "Inbound", "Deny", why="Not even from the networks that are peered."),
    )


def _range(text: str) -> bool:
    try:
        return ip_network(text).prefixlen >= _WIDEST
    except ValueError:
        return False


class JumpBox:
    """A Linux machine that is signed in to by the directory, and the register's exemption for its address."""

    def __init__(
        self, file: File, name: str, home: Home, *, called: str, subnet: Value, administrators: Value, key: Value
    ) -> None:
        """`administrators` is the object id of the group that signs in, `key` a public SSH key."""
        self.file, self.name, self.home, self.called = file, name, home, called
        self.address = file.resource(
            "azurerm_public_ip",
            name,
            name=f"pip-{called}",
            **home.placed,
            allocation_method="Static",
            sku="Standard",
        )
        self.interface = file.resource(
            "azurerm_network_interface",
            name,
            name=f"nic-{called}",
            **home.placed,
            ip_configuration=block(
                name="internal",
                subnet_id=subnet,
                private_ip_address_allocation="Dynamic",
                public_ip_address_id=self.address.id,
            ),
        )
        self.machine = self._machine(key)
        self._signed_in_to(administrators)
        why = "Administrators reach the private addresses from here; only listed ranges reach it."
        file.layer.register.exemptions.append(Exemption(EXEMPTION, self.address.key, why))

    def _machine(self, key: Value) -> Declared:
        return self.file.resource(
            "azurerm_linux_virtual_machine",
            self.name,
            comment="Azure wants an SSH key where there is no password. Nobody needs its private half: throw it away.",
            name=self.called,
            **self.home.placed,
            size="Standard_D2s_v5",
            admin_username="unused",
            disable_password_authentication=True,
            network_interface_ids=(self.interface.id,),
            encryption_at_host_enabled=True,
            secure_boot_enabled=True,
            vtpm_enabled=True,
            patch_mode="AutomaticByPlatform",
            patch_assessment_mode="AutomaticByPlatform",
            reboot_setting="IfRequired",
            identity=block(type="SystemAssigned"),
            admin_ssh_key=[block(username="unused", public_key=key)],
            os_disk=block(caching="ReadWrite", storage_account_type="Premium_LRS"),
            source_image_reference=_IMAGE,
            boot_diagnostics=block(),
        )

    def _signed_in_to(self, administrators: Value) -> None:
        self.file.resource(
            "azurerm_virtual_machine_extension",
            self.name,
            comment="SSH by the directory: who signs in is a person, and conditional access applies.",
            name="AADSSHLoginForLinux",
            virtual_machine_id=self.machine.id,
            publisher="Microsoft.Azure.ActiveDirectory",
            type="AADSSHLoginForLinux",
            type_handler_version="1.0",
            auto_upgrade_minor_version=True,
        )
        grant(
            self.file,
            f"{self.name}_administrators",
            who=administrators,
            called="administrators",
            may="Virtual Machine Administrator Login",
            on=self.machine.id,
            what=self.called,
            why="Those who run the platform sign in here, and nobody else.",
            kind=GROUP,
        )
