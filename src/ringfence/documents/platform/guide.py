"""The operator's guide: from nothing to a deployed platform, how it is kept, and how it is taken down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.portal import portal
from ringfence.documents.platform.steps import after, before
from ringfence.documents.platform.subject import head, listed, prose, section, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.documents.platform.subject import Subject

TITLE = "Operator's guide"


def lines(subject: Subject) -> Iterator[str]:
    """The page."""
    yield from head(
        subject,
        f"{TITLE} to {escaped(subject.title)}",
        "From an empty subscription to a deployed platform. Every command that follows is complete; words in capitals "
        "are yours to fill in.",
    )
    yield from _needed(subject)
    yield from _decide(subject)
    yield from _state(subject)
    yield from _deploy(subject)
    yield from portal(subject)
    yield from _keep(subject)
    yield from _copy(subject)
    yield from _down(subject)


def _needed(subject: Subject) -> Iterator[str]:
    providers = sorted({d.type.partition("_")[0] for layer in subject.blueprint.layers for d in layer})
    yield from section("What you need")
    yield from listed(
        "a subscription of its own for this world, in which the deploying identity is Owner, since it gives roles;",
        "in the directory, for that identity: Application Administrator and Groups Administrator where the layers "
        "declare applications and groups;",
        f"Terraform, and a way to its providers: {', '.join(map(code, providers))};",
        "the Azure command line, and ringfence;",
        "a machine in a network that the platform admits: in production nothing is opened for whoever deploys.",
    )


def _decide(subject: Subject) -> Iterator[str]:
    yield from section(
        "What you decide first",
        f"Copy the configuration that ships and change what is yours in it: names, place, address spaces, recipients "
        f"of alerts, groups. `ringfence build {subject.name} --config FILE -o DIR` refuses what makes no sense, with "
        "file and line. The variables below are decided when you deploy; those without a value are asked for, or are "
        "given in the environment as `TF_VAR_name`, which is where a secret belongs.",
    )
    yield from table(("Layer", "Variable", "What it is", "Value"), _variables(subject), "There are none.")
    notes = subject.blueprint.register.notes
    if notes:
        yield from ("", "What these settings mean:")
        yield from listed(*(f"{code(n.setting)}: {escaped(n.text)} ({escaped(n.source)})" for n in notes))


def _variables(subject: Subject) -> Iterator[tuple[str, ...]]:
    for layer in subject.blueprint.layers:
        for one in layer.variables.values():
            given = one.value is not None or one.default is not None
            value = "given by the configuration" if given else "**asked for**"
            yield code(layer.name), code(one.name), escaped(one.description), value


def _state(subject: Subject) -> Iterator[str]:
    state = subject.blueprint.state
    yield from section(
        "Where the state is kept",
        "The states are in a storage account that exists before everything else. It is not a part of the platform, so "
        "that the platform can be taken down without losing what is known of it. Only the deploying identity may read "
        "it, by its role and never by a key.",
    )
    yield from (
        "",
        "```console",
        f"$ az group create --name {state.resource_group} --location LOCATION",
        f"$ az storage account create --name {state.storage_account} --resource-group {state.resource_group} \\",
        "    --sku Standard_ZRS --min-tls-version TLS1_2 --allow-blob-public-access false \\",
        "    --allow-shared-key-access false --require-infrastructure-encryption true",
        f"$ az storage account blob-service-properties update --account-name {state.storage_account} \\",
        f"    --resource-group {state.resource_group} --enable-versioning true --enable-delete-retention true \\",
        "    --delete-retention-days 30",
        f"$ az storage container create --name {state.container} --account-name {state.storage_account} \\",
        "    --auth-mode login",
        "$ az role assignment create --role 'Storage Blob Data Contributor' --assignee DEPLOYER --scope \\",
        f"    $(az storage account show --name {state.storage_account} --query id --output tsv)",
        "```",
    )


def _deploy(subject: Subject) -> Iterator[str]:
    yield from section(
        "Deploying",
        "Prove it, build it, then deploy layer by layer: a layer reads the states of those before it.",
    )
    yield from ("", "```console", f"$ ringfence prove --platform {subject.name} --config FILE",
                f"$ ringfence build {subject.name} --config FILE -o DIR", "```")  # fmt: skip
    for number, layer in enumerate(subject.blueprint.layers, 1):
        yield from ("", f"### {number}. {layer.name}", "", escaped(layer.about))
        yield from _points("Before:", before(subject, layer))
        yield from ("", "```console")
        yield f"$ terraform -chdir=DIR/{layer.name} init"
        yield f"$ terraform -chdir=DIR/{layer.name} plan -out=plan"
        yield f"$ terraform -chdir=DIR/{layer.name} apply plan"
        yield "```"
        yield from _points("After:", after(subject, layer))
    yield from prose(
        "Before you apply, the plan itself can be judged: `terraform -chdir=DIR/LAYER show -json plan > plan.json`, "
        "then `ringfence prove --plan plan.json`."
    )


def _points(title: str, steps: Iterable[str]) -> Iterator[str]:
    found = tuple(steps)
    if found:
        yield from ("", title)
        yield from listed(*found)


def _keep(subject: Subject) -> Iterator[str]:
    yield from section(
        "Rotating secrets",
        "The [register](secrets.md) has every secret with its owner and its days. A secret that the platform makes "
        "gets a new value when its version is raised (`value_wo_version`, in the configuration or the block) and the "
        "layer is applied; what reads it takes the new one within a day, or when it is started anew. A secret that "
        "somebody else gives is set as a variable for one apply. Keys turn by themselves where their policy says so; "
        "what is encrypted under an old version stays readable.",
    )
    yield from section(
        "When something changes",
        f"Change the configuration or the platform, then `ringfence prove` and `ringfence document --platform "
        f"{subject.name}`. The documents are checked with the code: one that is not what would be written now fails.",
    )


def _copy(subject: Subject) -> Iterator[str]:
    yield from section(
        "A copy for developers",
        f"`ringfence build {subject.name} --world WORLD -o DIR` builds another world: {_worlds(subject)}. Give it a "
        "subscription, a state and a directory group of its own. What may be opened there, and what that costs, is in "
        "[switches](switches.md); real data never goes into a copy.",
    )


def _worlds(subject: Subject) -> str:
    return ", ".join(code(w) for w in subject.assessment.worlds[1:]) or "there is none that ships"


def _down(subject: Subject) -> Iterator[str]:
    names = [layer.name for layer in reversed(subject.blueprint.layers)]
    yield from section(
        "Taking it down",
        "The last layer goes first. Locks hold the critical resources: remove them on purpose, one layer at a time.",
    )
    yield from ("", "```console")
    for name in names:
        yield f"$ terraform -chdir=DIR/{name} plan -destroy -out=plan && terraform -chdir=DIR/{name} apply plan"
    yield "```"
    yield from prose(
        "Deleted vaults and their keys stay recoverable for 90 days and cannot be purged before; their names are taken "
        "until then. What was encrypted under a key can be read again only with it: keep the vaults until the last "
        "backup has ended. Delete the state last."
    )
