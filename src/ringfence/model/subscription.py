"""The subscription that an estate is deployed into: what holds for all of its resources at once."""

from __future__ import annotations

from ringfence.model.resource import Resource


class Subscription(Resource):
    """The Azure subscription. Nothing declares it, so every estate has exactly one, under `KEY`.

    What is judged once for an estate (a Defender plan, an activity log alert, a Bastion host) is judged on it.
    """

    arm_type = "Microsoft.Resources/subscriptions"


KEY = ".#subscription"
"""Its key in every estate."""
