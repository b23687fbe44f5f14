"""Who may change the platform in a trial: whoever applied it.

An apply that makes role assignments needs the role Owner, or one like it, and no platform declares its own. So a trial
gives it to whoever runs Terraform, by an assignment like any other: it is listed, shown and can be taken away.
"""

from __future__ import annotations

from ringfence.model.symbol import Ref
from ringfence.model.world import Added, Change
from ringfence.twin.arm.references import SUBSCRIPTION

KEY = ".#azurerm_role_assignment.applied"
OWNER = Change(
    added=(
        Added(
            KEY,
            (
                ("scope", SUBSCRIPTION),
                ("role_definition_name", "Owner"),
                ("principal_id", Ref("@client_config", ("object_id",))),
            ),
        ),
    )
)
"""Whoever runs Terraform owns the subscription: nothing of a data plane is in that role."""
