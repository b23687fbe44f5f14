"""Names that Spring's Key Vault property source looks for: which secret holds which property of an application.

A vault knows letters, digits and hyphens only, and no case; Spring writes one property in several ways. The source
therefore asks for one name whichever way it is written, and two properties can come to ask for the same secret.

Source: Azure/azure-sdk-for-java, sdk/spring/azure-spring-boot, KeyVaultOperation (and, in Spring Cloud Azure,
KeyVaultPropertySourceUtils), where the application does not set ``case-sensitive-keys``
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.errors import ConstructError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SCHEME = "Spring PropertySource"
"""What the document calls the way in which these items are named."""

_PLAIN = re.compile(r"[A-Za-z0-9-]+")
_ENVIRONMENT = re.compile(r"[A-Z0-9_]+")
_SECRET = re.compile(r"[a-z0-9-]{1,127}")


def secret_name(property: str) -> str:
    """The secret that holds a property: ``acme-firstname`` for ``acme.first-name`` and for ``acme.firstName``.

    A name without dots keeps its hyphens, and one written like an environment variable has its underscores as hyphens.

    Raises:
        ConstructError: no secret can have the name that the property comes to.
    """
    if _PLAIN.fullmatch(property):
        found = property.lower()
    elif _ENVIRONMENT.fullmatch(property):
        found = property.lower().replace("_", "-")
    else:
        found = property.lower().replace("-", "").replace("_", "").replace(".", "-")
    if not _SECRET.fullmatch(found):
        hint = "Use letters, digits, hyphens and dots, and no more than 127 characters."
        raise ConstructError(f"no secret of a vault can hold the property {property!r}", hint=hint)
    return found


class PropertySource:
    """The properties that applications read from one vault, each with the secret that holds it.

    Raises:
        ConstructError: two different properties come to one secret, so that one would get the other's value.
    """

    def __init__(self, properties: Iterable[str]) -> None:
        self._by_secret: dict[str, str] = {}
        for one in properties:
            self._enter(one)

    def _enter(self, property: str) -> None:
        name = secret_name(property)
        other = self._by_secret.setdefault(name, property)
        if other != property:
            raise ConstructError(
                f"the properties {other} and {property} are both read from the secret {name}",
                hint="They are one property to Spring: write it in one way, or rename one of the two.",
            )

    def property_of(self, secret: str) -> str | None:
        """The property that a secret holds; None when it holds none. Case does not matter to a vault."""
        return self._by_secret.get(secret.lower())

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_secret.values())

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the secrets, in the order of the properties."""
        return tuple(self._by_secret)
