"""A service of one's own that others meet in their network, as one meets Azure's: a private link service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.errors import ConstructError
from ringfence.model.blueprint import block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value


def private_link_service(
    file: File,
    name: str,
    home: Home,
    *,
    called: str,
    frontend: Value,
    subnet: Value,
    visible_to: Sequence[str],
    approved: Sequence[str] = (),
) -> Declared:
    """The frontend of a load balancer is offered to listed subscriptions; those `approved` need no word from us.

    The subnet's network policies for private link services must be off.
    Source: learn.microsoft.com/azure/private-link/private-link-service-overview

    Raises:
        ConstructError: it would be offered to nobody or to everybody, or approved for one who does not see it.
    """
    if not visible_to or "*" in visible_to:
        hint = "List the subscriptions of your customers."
        raise ConstructError(f"{called} would be offered to {'everybody' if visible_to else 'nobody'}", hint=hint)
    for one in approved:
        if one not in visible_to:
            raise ConstructError(f"{called} is approved for {one}, which does not see it", hint="Add it to visible_to.")
    return file.resource(
        "azurerm_private_link_service",
        name,
        name=called,
        **home.placed,
        load_balancer_frontend_ip_configuration_ids=(frontend,),
        visibility_subscription_ids=tuple(visible_to),
        auto_approval_subscription_ids=tuple(approved) or None,
        nat_ip_configuration=[block(name="primary", subnet_id=subnet, primary=True)],
    )
