"""What a platform declares before it is built: layers, their files, and in them Terraform's blocks.

Constructs write a blueprint; a builder prints it, and the mapping makes its estate. A value that only an apply gives
is a `Ref`, one that an operator gives an `Input`, so a blueprint has the same symbols as Terraform that was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ringfence.errors import ConstructError
from ringfence.model.register import Register
from ringfence.model.symbol import Apply, Input, Ref
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ringfence.model.symbol import Value


@record(eq=False)
class Block:
    """A nested block: its arguments in the order of writing."""

    arguments: Mapping[str, Argument]
    when: Condition | None = None
    """The variable on which its existence depends."""


if TYPE_CHECKING:
    Condition: TypeAlias = Input | Apply
    """What a variable must be for something to exist: a flag, or a function of variables that is true or false."""
    Argument: TypeAlias = Value | Block | list[Block]
    """A value, one nested block, or any number of nested blocks. None is not written."""


def block(**arguments: Any) -> Block:
    """A nested block with the arguments that are not None."""
    return Block(_given(arguments))


def conditions(when: Condition | None) -> tuple[Value, ...]:
    """All that must hold for something to exist: several where they are joined by ``alltrue``."""
    if isinstance(when, Apply) and when.fn == "alltrue" and isinstance(when.args[0], tuple):
        return when.args[0]
    return () if when is None else (when,)


def block_when(when: Condition | None, **arguments: Any) -> Block:
    """A nested block that is there while the variable is true."""
    return Block(_given(arguments), when)


def _given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value is not None}


@record(eq=False)
class Variable:
    """What an operator may decide when he deploys, with the value that the configuration gives."""

    name: str
    type: str
    description: str
    value: Value
    """Written into ``terraform.tfvars``."""
    default: Value = None
    """What stands where nobody sets it; None where somebody must."""
    condition: str = ""
    """An expression that must hold of it, such as ``var.logs``; "" when any value will do."""
    refusal: str = ""
    """What Terraform says where the condition does not hold."""
    sensitive: bool = False
    """A secret: Terraform does not show it, and no file has its value."""


@record(eq=False)
class Life:
    """How Terraform is to treat a resource in the course of its life."""

    depends_on: tuple[Declared, ...] = ()
    ignore_changes: tuple[str, ...] = ()
    prevent_destroy: bool = False


@record(eq=False)
class Declared:
    """One ``resource``, ``data`` or ``ephemeral`` block."""

    file: File
    mode: str
    """"managed", "data" or "ephemeral"."""
    type: str
    name: str
    arguments: Mapping[str, Argument]
    comment: str = ""
    when: Condition | None = None
    """The variable on which its existence depends; it then is the only instance of a ``count``."""
    life: Life = Life()

    @property
    def address(self) -> str:
        """Terraform's address in the root."""
        prefix = "" if self.mode == "managed" else f"{self.mode}."
        return f"{prefix}{self.type}.{self.name}{'' if self.when is None else '[0]'}"

    @property
    def key(self) -> str:
        """Unique in the estate."""
        return f"{self.file.layer.name}#{self.address}"

    def ref(self, path: str) -> Ref:
        """An attribute, such as ``identity.0.principal_id``."""
        return Ref(self.key, tuple(path.split(".")))

    @property
    def id(self) -> Ref:
        return self.ref("id")


class File:
    """One file of a layer: the scope that a construct is written into."""

    def __init__(self, layer: Layer, name: str, about: str = "") -> None:
        self.layer = layer
        self.name = name
        self.about = about
        self.declared: list[Declared] = []

    def resource(
        self,
        type: str,
        name: str,
        /,
        *,
        comment: str = "",
        when: Condition | None = None,
        life: Life = Life(),  # noqa: B008  # never changed
        **arguments: Any,
    ) -> Declared:
        """A resource with the arguments that are not None.

        Raises:
            ConstructError: the layer has one of that type and name.
        """
        return self._declare("managed", type, name, arguments, comment, when, life)

    def data(
        self,
        type: str,
        name: str,
        /,
        *,
        comment: str = "",
        life: Life = Life(),  # noqa: B008  # never changed
        **arguments: Any,
    ) -> Declared:
        """A data source."""
        return self._declare("data", type, name, arguments, comment, life=life)

    def ephemeral(self, type: str, name: str, /, *, comment: str = "", **arguments: Any) -> Declared:
        """A value that is made for an apply and kept in no state."""
        return self._declare("ephemeral", type, name, arguments, comment)

    def _declare(
        self,
        mode: str,
        type: str,
        name: str,
        arguments: Mapping[str, Any],
        comment: str = "",
        when: Condition | None = None,
        life: Life = Life(),  # noqa: B008  # never changed
    ) -> Declared:
        declared = Declared(self, mode, type, name, _given(arguments), comment, when, life)
        self.layer.enter(declared)
        self.declared.append(declared)
        return declared


class Layer:
    """What is deployed by one ``terraform apply``: a root of its own."""

    def __init__(self, name: str, about: str, register: Register | None = None) -> None:
        self.name = name
        """The folder of the root, and the name of its state."""
        self.about = about
        self.register = register if register is not None else Register()
        """The platform's, in which all its layers write."""
        self.files: dict[str, File] = {}
        self.variables: dict[str, Variable] = {}
        self.providers: dict[str, Block] = {}
        """The provider blocks, by provider."""
        self._declared: dict[tuple[str, str, str], Declared] = {}

    def file(self, name: str, about: str = "") -> File:
        """The file of that name, made when it is first asked for."""
        if name not in self.files:
            self.files[name] = File(self, name, about)
        return self.files[name]

    def variable(self, name: str, type: str, description: str, value: Value, **more: Any) -> Input:
        """A variable; see `Variable` for what more it may have."""
        self.variables[name] = Variable(name, type, description, value, **more)
        return Input(self.name, name)

    def provider(self, name: str, **arguments: Any) -> None:
        """Sets how a provider is configured."""
        self.providers[name] = block(**arguments)

    def enter(self, declared: Declared) -> None:
        """Takes note of a block, whose address must be its own."""
        name = (declared.mode, declared.type, declared.name)
        if name in self._declared:
            raise ConstructError(
                f"layer {self.name} declares {declared.address} twice", hint="Give one of the two another name."
            )
        self._declared[name] = declared

    def __iter__(self) -> Iterator[Declared]:
        return iter(self._declared.values())


@record(eq=False)
class State:
    """Where the states of the layers are kept, in a storage account that exists before them."""

    resource_group: str
    storage_account: str
    container: str = "tfstate"


@record(eq=False)
class Blueprint:
    """One platform in one world, its layers in the order in which they are deployed."""

    name: str
    world: str
    layers: tuple[Layer, ...]
    state: State
    register: Register
    production: bool
    """Real data: nothing may be relaxed."""

    @property
    def declared(self) -> Mapping[str, Declared]:
        """Every block by its key."""
        return {d.key: d for layer in self.layers for d in layer}
