"""Secrets in a vault: their values are in no file and in no state, each expires, and somebody renews each."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ringfence.errors import ConstructError
from ringfence.model.register import Rotation
from ringfence.model.symbol import Apply
from ringfence.record import record

if TYPE_CHECKING:
    from datetime import date

    from ringfence.constructs.vault import Vault
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

GRACE = 30
"""Days for which what is due to be renewed still works."""
LONGEST = 365


@record(eq=False)
class Renewal:
    """How often secrets are renewed, and by whom; several may share one."""

    clock: Declared
    days: int
    owner: str
    how: str
    done: date | None = None
    """The day on which a person last gave what no apply makes; None where the clock says when."""

    @property
    def version(self) -> Value:
        """Another number after each renewal, by which a written value is known to be a new one."""
        return int(f"{self.done:%Y%m%d}") if self.done else self.clock.ref("unix")

    @property
    def expires(self) -> Value:
        """When what was written last no longer works."""
        if self.done:
            return f"{self.done + timedelta(days=self.days + GRACE)}T00:00:00Z"
        return Apply("timeadd", (self.clock.ref("rotation_rfc3339"), f"{GRACE * 24}h"))


def renewal(
    file: File,
    name: str,
    *,
    days: int,
    owner: str,
    how: str = "An apply after the date makes a new value and writes it.",
) -> Renewal:
    """A clock that asks for new values after so many days.

    Raises:
        ConstructError: they would be left for more than a year.
    """
    if not 1 <= days <= LONGEST - GRACE:
        hint = f"Renew it at least every {LONGEST - GRACE} days."
        raise ConstructError(f"a secret cannot be left for {days} days", hint=hint)
    return Renewal(file.resource("time_rotating", name, rotation_days=days), days, owner, how)


def secret(
    file: File,
    name: str,
    vault: Vault,
    renewed: Renewal,
    *,
    called: str,
    description: str,
    value: Value = None,
    length: int = 32,
    comment: str = "",
    scheme: str = "Freeform",
    of: str = "",
) -> Declared:
    """A secret in the vault, and in the registers of items and of renewals; with no value, a password is made.

    Source: registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/key_vault_secret (value_wo)
    """
    given = value if value is not None else _password(file, name, length)
    made = file.resource(
        "azurerm_key_vault_secret",
        name,
        comment=comment,
        life=vault.life(file),
        name=called,
        key_vault_id=vault.id,
        value_wo=given,
        value_wo_version=renewed.version,
        content_type=description,
        expiration_date=renewed.expires,
    )
    vault.listed(made, "Secret", description, scheme=scheme, of=of)
    rotations = file.layer.register.rotations
    rotations.append(Rotation(made.key, called, renewed.owner, renewed.days, renewed.how, renewed.done))
    return made


def _password(file: File, name: str, length: int) -> Value:
    if length < 16:
        raise ConstructError(f"a password of {length} characters can be guessed", hint="Make it 16 or longer.")
    return file.ephemeral("random_password", name, length=length, min_lower=2, min_upper=2, min_numeric=2).ref("result")
