"""Every estate has one subscription."""

from ringfence.model.subscription import KEY, Subscription
from ringfence.model.world import Ledger
from tests.support import declare, estate


def test_every_estate_has_one_subscription() -> None:
    for declarations in ((), (declare("azurerm_key_vault.kv", name="kv"),)):
        ledger = Ledger()
        found = estate(*declarations, ledger=ledger)
        (only,) = found.of(Subscription)
        assert (only.key, only.title, only.type) == (KEY, "subscription", "Microsoft.Resources/subscriptions")
        assert found.resources[KEY] is only
        assert ledger.read == len(declarations)
        assert only.remainder() == ()
