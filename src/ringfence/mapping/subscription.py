"""The subscription: implied by every estate, declared by none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.origin import NOWHERE
from ringfence.model.subscription import KEY, Subscription
from ringfence.model.value import Absent, Known

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Implied:
    """The fields of a subscription that only its use implies."""

    def read(self, field: str) -> Any:
        if field == "name":
            return Known(field, "subscription", NOWHERE)
        if field in ("resource_group", "location"):
            return Absent(field, NOWHERE)
        raise AttributeError(f"Subscription has no field {field}")

    def remainder(self) -> Iterable[str]:
        return ()


def subscription() -> Subscription:
    """The subscription of one estate."""
    return Subscription(_Implied(), NOWHERE, key=KEY, presence=Known("presence", True, NOWHERE))
