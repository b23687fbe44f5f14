"""The base of all kinds: one resource of an estate, its fields read when somebody asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ringfence.model.origin import Origin
    from ringfence.model.value import Attr, Known, Link, Unknown


class FieldReader(Protocol):
    """Computes the fields of one resource or block; the mapping provides it."""

    def read(self, field: str) -> Any:
        """The field's `Attr`, `Many` or `Link`.

        Raises:
            AttributeError: the kind's mapping table has no such field.
        """

    def remainder(self) -> Iterable[str]:
        """The names that are written but that no field of the kind reads."""


class Fields:
    """Something with fields. A kind declares them as annotations; reading one is lazy and happens once."""

    def __init__(self, reader: FieldReader, origin: Origin) -> None:
        self._reader = reader
        self.origin = origin

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            value = self.__dict__[name] = self._reader.read(name)
            return value

    def remainder(self) -> tuple[str, ...]:
        """The names that are written but that no field of the kind reads: kept, not dropped."""
        return tuple(self._reader.remainder())

    def read_through(self, over: Callable[[FieldReader], FieldReader]) -> None:
        """Another reader is laid over its own. A field that was read before stays as it was."""
        self._reader = over(self._reader)


class Block(Fields):
    """A part of a resource that may occur several times, such as one rule of a security group."""


class Resource(Fields):
    """One Azure (or Microsoft Entra) resource in one world.

    `key` is unique in the estate: root path, "#", Terraform address with modules and instance keys.
    """

    arm_type: ClassVar[str] = ""
    """The ARM type, such as ``Microsoft.KeyVault/vaults``."""

    maker: str = ""
    """Where the cloud made it and nobody declares it: the key of the resource behind which it stands."""
    name: Attr[str]
    resource_group: Attr[str]
    location: Attr[str]
    group: Link
    """The resource group; kinds that are not in one have no such field."""

    def __init__(
        self,
        reader: FieldReader,
        origin: Origin,
        *,
        key: str,
        terraform_type: str = "",
        presence: Known[bool] | Unknown,
        layer: str = "",
        plural: bool = False,
        arm_type: str = "",
    ) -> None:
        super().__init__(reader, origin)
        self.key = key
        self.terraform_type = terraform_type
        self.presence = presence
        self.layer = layer
        self.plural = plural
        """True when this stands for any number of instances: its ``for_each`` is not known."""
        self.type = arm_type or type(self).arm_type

    @property
    def root(self) -> str:
        """The path of the Terraform root, "." for the estate's own folder."""
        return self.key.partition("#")[0]

    @property
    def address(self) -> str:
        """Terraform's address within the root."""
        return self.key.partition("#")[2]

    @property
    def title(self) -> str:
        """The name for a report: the Azure name, with unknown parts shown as ``${…}``."""
        found: str | None = self.__dict__.get("_title")
        if found is None:
            found = self.__dict__["_title"] = self._titled()
        return found

    def _titled(self) -> str:
        from ringfence.model.symbol import render
        from ringfence.model.value import Known, Unknown

        name = self.name
        value = name.value if isinstance(name, (Known, Unknown)) else None
        return self.address if value is None else render(value).removeprefix('"').removesuffix('"')

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.key}>"


class Untyped(Resource):
    """A resource of a type that has no kind yet; it is kept and counted."""


class External:
    """A resource known by name or id only: nothing that was read declares it."""

    def __init__(self, name: str, arm_type: str = "") -> None:
        self.name = name
        self.type = arm_type

    def __repr__(self) -> str:
        return f"<External {self.type} {self.name}>"


class Implied:
    """A resource that exists because another does, such as the secret behind a certificate."""

    def __init__(self, parent: Resource, path: tuple[str, ...]) -> None:
        self.parent = parent
        self.path = path

    @property
    def key(self) -> str:
        """Its parent's key and the path: unique in the estate."""
        return "/".join((self.parent.key, *self.path))

    def __repr__(self) -> str:
        return f"<Implied {self.key}>"
