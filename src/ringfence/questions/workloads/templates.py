"""What the templates of a chart say of identities, vaults and ingresses, without running them.

Go's template language is not evaluated: the lines that matter name a value (``clientID: {{ .Values.a.b }}``), and it
is their names that are kept. A value that a helper makes is not seen.

Source: helm.sh/docs/chart_template_guide
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.model.keyvault import Certificate, Key, Secret
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.resource import Resource

KINDS: dict[str, tuple[type[Resource], ...]] = {
    "secret": (Secret, Certificate),
    "cert": (Certificate,),
    "key": (Key, Certificate),
}
"""By ``objectType``: a certificate is also readable as the secret and the key of its name."""


@record()
class Piece:
    """What stands behind a key: a value's path, or text."""

    path: tuple[str, ...] = ()
    text: str = ""


@record()
class Store:
    """One SecretProviderClass: the vault, and the name and type of each item that it mounts."""

    vault: Piece
    items: tuple[tuple[Piece, str], ...]


@record()
class Template:
    """What was found in all templates of a chart."""

    identities: frozenset[str]
    """Paths of values by which a pod gets an identity."""
    used: frozenset[str]
    """Paths of all values that a line names."""
    stores: tuple[Store, ...]
    ingress: bool
    """There is an Ingress in it."""
    classes: tuple[Piece, ...] = ()
    """The storage classes that claims to volumes name."""


_LINE = re.compile(r'^[ \t-]*"?([\w./-]+)"?[ \t]*:[ \t]*(.*?)[ \t]*$', re.MULTILINE)
_VALUE = re.compile(r"\{\{-?\s*(?:\.|\$\.)Values\.([\w.-]+?)\s*(?:\|[^}]*)?-?\}\}")
_KIND = re.compile(r"^kind:\s*(\w+)", re.MULTILINE)
_ACTING = {
    "AzureIdentity": ("resourceID", "clientID"),
    "SecretProviderClass": ("userAssignedIdentityID", "clientID"),
    "ServiceAccount": ("azure.workload.identity/client-id",),
}
"""The lines by which each kind of object gives an identity."""


_CLAIMING = ("PersistentVolumeClaim", "StatefulSet")


def read(texts: dict[str, object]) -> Template:
    """What the templates say."""
    identities: set[str] = set()
    used: set[str] = set()
    stores: list[Store] = []
    classes: list[Piece] = []
    ingress = False
    for text in texts.values():
        used.update(_VALUE.findall(str(text)))
        for document in re.split(r"^---\s*$", str(text), flags=re.MULTILINE):
            for kind in _KIND.findall(document):
                lines = [(key, _piece(rest)) for key, rest in _LINE.findall(document)]
                identities.update(".".join(p.path) for k, p in lines if k in _ACTING.get(kind, ()) and p.path)
                ingress = ingress or kind == "Ingress"
                if kind in _CLAIMING:
                    classes += [piece for key, piece in lines if key == "storageClassName"]
                if kind == "SecretProviderClass":
                    stores.append(_store(lines))
    return Template(frozenset(identities), frozenset(used), tuple(stores), ingress, tuple(classes))


def _piece(rest: str) -> Piece:
    value = _VALUE.search(rest)
    if value:
        return Piece(tuple(value[1].split(".")))
    return Piece((), rest.strip("\"'")) if "{{" not in rest else Piece()


def _store(lines: list[tuple[str, Piece]]) -> Store:
    vault = next((piece for key, piece in lines if key.casefold() == "keyvaultname"), Piece())
    items: list[tuple[Piece, str]] = []
    for key, piece in lines:
        if key == "objectType" and items:
            items[-1] = (items[-1][0], piece.text or "secret")
        elif key == "objectName":
            items.append((piece, ""))
    return Store(vault, tuple((p, kind) for p, kind in items if kind))
