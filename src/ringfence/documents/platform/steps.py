"""What an operator does by hand between layers: what Terraform declares and cannot finish by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code
from ringfence.documents.platform.principals import referred
from ringfence.model.blueprint import Block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ringfence.documents.platform.subject import Subject
    from ringfence.model.blueprint import Declared, Layer

CERTIFICATE = "azurerm_key_vault_certificate"
OUTSIDE = "Unknown"
"""The issuer of certificates that somebody outside of the vault signs."""


def before(subject: Subject, layer: Layer) -> Iterator[str]:
    """What has to be there before a layer is deployed."""
    if any(d.type == "kubectl_manifest" for d in layer):
        yield (
            "Run it from a machine that reaches the cluster's private address, signed in with `az login`, with "
            "`kubelogin` beside Terraform."
        )
    images = [name for name in layer.variables if name.endswith("_image")]
    if images:
        registries = " or ".join(code(n) for n in _registries(subject, layer))
        yield (
            f"Bring the images of {', '.join(map(code, images))} into {registries}: `az acr import --name REGISTRY "
            "--source SOURCE:TAG`. Nodes pull from there and from nowhere else."
        )


def after(subject: Subject, layer: Layer) -> Iterator[str]:
    """What is done once a layer is there."""
    for declared in layer:
        if declared.mode == "managed" and (step := _AFTER.get(declared.type)):
            yield from step(subject, declared)


def _signed_outside(subject: Subject, declared: Declared) -> Iterator[str]:
    policy = declared.arguments.get("certificate_policy")
    issuer = policy.arguments.get("issuer_parameters") if isinstance(policy, Block) else None
    if isinstance(issuer, Block) and issuer.arguments.get("name") == OUTSIDE:
        vault, name = _vault(subject, declared), declared.arguments.get("name")
        where = f"--vault-name {vault} --name {name}"
        yield (
            f"Have {subject.place(declared, str(name))} signed: "
            f"`az keyvault certificate pending show {where} --query csr --output tsv`, take the request to the "
            f"authority, then `az keyvault certificate pending merge {where} --file SIGNED`."
        )


def _approved_by_others(subject: Subject, declared: Declared) -> Iterator[str]:
    name = str(declared.arguments.get("name", declared.name))
    yield (
        f"Ask the owner of what {subject.place(declared, name)} leads to for its approval: it carries nothing before "
        "that. `az network private-endpoint-connection list --id TARGET` shows it, `… approve` approves it."
    )


def _delegated(subject: Subject, declared: Declared) -> Iterator[str]:
    name = str(declared.arguments.get("name", declared.name))
    yield f"Delegate {subject.place(declared, name)} from its parent domain: enter its name servers there."


def _users_made(subject: Subject, declared: Declared) -> Iterator[str]:
    """Users of a database are made in SQL, by whoever administers its server."""
    users = [user for user in subject.blueprint.register.users if user.database == declared.key]
    if not users:
        return
    name = str(declared.arguments.get("name", declared.name))
    yield f"Sign in to {subject.place(declared, name)} as the administrator of its server, and make its users:"
    for user in users:
        roles = " ".join(f"ALTER ROLE {role} ADD MEMBER [{user.name}];" for role in user.roles)
        yield f"{code(f'CREATE USER [{user.name}] FROM EXTERNAL PROVIDER; {roles}')} {user.why}"


_AFTER: dict[str, Callable[[Subject, Declared], Iterator[str]]] = {
    CERTIFICATE: _signed_outside,
    "azurerm_data_factory_managed_private_endpoint": _approved_by_others,
    "azurerm_dns_zone": _delegated,
    "azurerm_mssql_database": _users_made,
}


def _vault(subject: Subject, declared: Declared) -> str:
    vaults = (subject.declared(key) for key in sorted(referred(declared)))
    return next((str(v.arguments.get("name")) for v in vaults if v is not None and v.type == "azurerm_key_vault"), "")


def _registries(subject: Subject, layer: Layer) -> list[str]:
    """Those of the layers whose states this one reads."""
    read = {key.partition("#")[0] for declared in layer for key in referred(declared)}
    found = subject.of("azurerm_container_registry")
    return [str(r.arguments.get("name")) for r in found if r.file.layer.name in read] or ["the registry"]
