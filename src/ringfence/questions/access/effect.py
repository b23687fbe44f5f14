"""Where a permission has an effect: what a target says about who decides on its contents.

A vault is governed by role assignments or by access policies, never by both; a cluster's own objects by Azure roles
only if it was told so; a store of Cosmos DB and a managed HSM never, they have roles of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.keyvault import KeyVault, ManagedHsm, ManagedHsmKey
from ringfence.model.resource import Implied, Resource
from ringfence.model.value import Unknown
from ringfence.model.verdict import Evidence, Verdict, undecided
from ringfence.questions.answer import of

if TYPE_CHECKING:
    from ringfence.model.estate import Estate

_VAULT = "microsoft.keyvault/vaults/"
_CLUSTER = "microsoft.containerservice/managedclusters/"
_COSMOS = "microsoft.documentdb/databaseaccounts/"


def by_roles(estate: Estate, operation: str, on: Resource | Implied, *, data: bool) -> Verdict | None:
    """Whether a role assignment counts for the operation on this target; None where nothing says otherwise.

    Source: learn.microsoft.com/azure/key-vault/general/rbac-access-policy,
    learn.microsoft.com/azure/aks/manage-azure-rbac, learn.microsoft.com/azure/cosmos-db/nosql/security/how-to-grant-
    data-plane-role-based-access
    """
    name = operation.casefold()
    if not data:
        return None
    if isinstance(on.parent if isinstance(on, Implied) else on, (ManagedHsm, ManagedHsmKey)):
        return Verdict("fail", why="a managed HSM decides on its keys by roles of its own")
    if name.startswith(_VAULT):
        return _vault(estate, on)
    if name.startswith(_CLUSTER):
        return _cluster(on)
    if name.startswith(_COSMOS):
        return Verdict("fail", why="Cosmos DB decides on its data by roles of its own")
    return None


def vault_of(estate: Estate, on: Resource | Implied) -> KeyVault | Unknown | None:
    """The vault that something is in, or that it is; None when it is in none that is declared."""
    current: Resource | None = on.parent if isinstance(on, Implied) else on
    while current is not None and not isinstance(current, KeyVault):
        above = estate.parent(current)
        if isinstance(above, Unknown):
            return above
        parent = above[0].resource if len(above) == 1 else None
        current = parent if isinstance(parent, Resource) else None
    return current


def _vault(estate: Estate, on: Resource | Implied) -> Verdict | None:
    from ringfence.model.judge import is_on

    vault = vault_of(estate, on)
    if isinstance(vault, Unknown):
        why = vault.why
        return Verdict("unknown", (Evidence("vault", "known", why, vault.origin, "unknown"),), why, vault.needs)
    if vault is None:
        return None
    verdict = of(vault, is_on(vault.enable_rbac_authorization))
    return verdict.because("the vault uses access policies") if verdict.outcome == "fail" else verdict


def _cluster(on: Resource | Implied) -> Verdict | None:
    from ringfence.model.containers import ManagedCluster
    from ringfence.model.judge import is_on
    from ringfence.model.verdict import any_of

    cluster = on.parent if isinstance(on, Implied) else on
    if not isinstance(cluster, ManagedCluster):
        return None
    profiles = cluster.aad_profiles
    verdict = any_of(*(is_on(p.enable_azure_rbac) for p in profiles)) if len(profiles) else Verdict("fail")
    if verdict.outcome == "fail" and profiles.open is not None:
        return undecided(profiles.open)
    verdict = of(cluster, verdict)
    return verdict.because("the cluster does not use Azure roles") if verdict.outcome == "fail" else verdict
