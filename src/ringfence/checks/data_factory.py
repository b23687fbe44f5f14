"""Azure Data Factory and Azure Machine Learning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.checks.check import check
from ringfence.model.data_factory import DataFactory, IntegrationRuntime, LinkedService
from ringfence.model.judge import equals, is_on
from ringfence.model.machine_learning import MachineLearningWorkspace
from ringfence.model.value import Absent, Known, Need, Unknown
from ringfence.model.verdict import Evidence, Outcome, Verdict, all_of, not_applicable
from ringfence.questions.secrecy import secrecy

if TYPE_CHECKING:
    from ringfence.model.value import Attr


@check(
    "data-factory-public-access",
    DataFactory,
    severity="high",
    fix="Set public_network_enabled = false.",
)
def public_access(factory: DataFactory) -> Verdict:
    """The factory is reached through private endpoints only.

    Source: learn.microsoft.com/azure/data-factory/data-factory-private-link
    """
    return equals(factory.public_network_access, "Disabled")


@check(
    "data-factory-managed-network",
    IntegrationRuntime,
    severity="medium",
    fix="Set virtual_network_enabled = true, and managed_virtual_network_enabled = true on the factory.",
)
def managed_network(runtime: IntegrationRuntime) -> Verdict:
    """An Azure integration runtime runs in the managed network.

    A self-hosted one runs wherever it was installed and is not judged.

    Source: learn.microsoft.com/azure/data-factory/managed-virtual-network-private-endpoint
    """
    if isinstance(runtime.runtime_type, Known) and runtime.runtime_type.value == "SelfHosted":
        return not_applicable("self-hosted")
    return is_on(runtime.virtual_network_enabled)


@check(
    "data-factory-no-written-secrets",
    LinkedService,
    severity="high",
    fix="Set use_managed_identity = true, or name a secret of a Key Vault linked service.",
)
def no_written_secrets(service: LinkedService) -> Verdict:
    """A linked service has no key, password or token written in it.

    Source: learn.microsoft.com/azure/data-factory/store-credentials-in-key-vault
    """
    return all_of(_harmless(service.connection_string, ""), _harmless(service.secret, "secret"))


def _harmless(attr: Attr[str], name: str) -> Verdict:
    value = None if isinstance(attr, Absent) else attr.value
    if value is None and not isinstance(attr, Unknown):
        return Verdict("pass", (Evidence(attr.field, "no secret", None, attr.origin, "pass"),))
    found = secrecy(value, name)
    if isinstance(attr, Unknown) and (value is None or found.answer == "unknown"):
        why = "; ".join(n.why for n in attr.needs)
        return Verdict(
            "unknown", (Evidence(attr.field, "no secret", why, attr.origin.veiled(), "unknown"),), why, attr.needs
        )
    if found.answer == "unknown":
        why = f"{attr.field} holds {found.form}, which is not known"
        needs = (Need("apply", attr.field, why),)
        return Verdict(
            "unknown", (Evidence(attr.field, "no secret", why, attr.origin.veiled(), "unknown"),), why, needs
        )
    outcome: Outcome = "fail" if found.answer == "secret" else "pass"
    return Verdict(outcome, (Evidence(attr.field, "no secret", found.form, attr.origin.veiled(), outcome),))


@check(
    "machine-learning-public-access",
    MachineLearningWorkspace,
    severity="high",
    fix="Set public_network_access_enabled = false.",
)
def machine_learning_public_access(workspace: MachineLearningWorkspace) -> Verdict:
    """The workspace is reached through private endpoints only.

    Source: learn.microsoft.com/azure/machine-learning/how-to-configure-private-link
    """
    return equals(workspace.public_network_access, "Disabled")
