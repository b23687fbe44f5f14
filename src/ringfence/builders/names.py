"""What a value of one place is called in another: as the output of a layer, as the placeholder of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.model.symbol import Ref


def output_name(ref: Ref) -> str:
    """``key_vault_core_id`` for ``azurerm_key_vault.core.id``."""
    address = ref.key.partition("#")[2].removeprefix("data.").partition("[")[0]
    type_, _, name = address.partition(".")
    steps = [step for step in ref.path if not step.isdigit()]
    return "_".join((type_.partition("_")[2], name, *steps)).replace("-", "_")
