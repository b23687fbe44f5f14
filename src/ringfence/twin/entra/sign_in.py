"""How the owner of a twin signs in as one of its applications: as whoever made it, or runs it, could.

For the control side only. People sign in by device code, and workloads where they run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.errors import UsageError
from ringfence.questions.access.people import people
from ringfence.twin.entra.credentials import secret_of
from ringfence.twin.entra.federation import trial_token, trusts

if TYPE_CHECKING:
    from ringfence.model.principal import Principal
    from ringfence.twin.entra.federation import Trust
    from ringfence.twin.ground import Ground

_FILE = "azure-identity-token"


def sign_in_of(ground: Ground, who: str) -> dict[str, str]:
    """The variables by which an application signs in: its secret, or else the token that a credential of it takes.

    Raises:
        UsageError: it has neither.
    """
    for principal in people(ground.present.estate, who):
        own = {"AZURE_TENANT_ID": ground.directory.tenant, "AZURE_CLIENT_ID": ground.directory.app_id(principal)}
        secret = secret_of(ground, principal.key)
        if secret is not None:
            return {**own, "AZURE_CLIENT_SECRET": secret}
        if _trust(ground, principal) is not None:
            return {**own, "AZURE_FEDERATED_TOKEN_FILE": f"{{files}}/{_FILE}"}
    hint = "People sign in by device code; managed identities where their workloads run."
    raise UsageError(f"{who} has no declared secret, and no issuer that the twin stands for", hint=hint)


def files_of(ground: Ground, who: str) -> dict[str, str]:
    """The files that these variables name, by their names: a token such as a pipeline on GitHub would have."""
    for principal in people(ground.present.estate, who):
        trust = _trust(ground, principal)
        if trust is not None and secret_of(ground, principal.key) is None:
            return {_FILE: trial_token(ground, str(trust.subject), str(trust.issuer))}
    return {}


def _trust(ground: Ground, principal: Principal) -> Trust | None:
    """Whom another company's issuer would have to name; pods and sites get their tokens where they run."""
    if principal.kind != "service principal":
        return None
    own = (t for t in trusts(ground) if t.owner == principal and t.issuer not in (None, ground.tokens.issuer2))
    return next((trust for trust in own if trust.subject), None)
