"""Records: what a slotted dataclass is, made in a fraction of its time.

A run that takes half a second defines some ninety of them. For each the standard library writes and
compiles up to six methods, and it imports `inspect` to do so: a tenth of the run. Here a class gets one
compiled method and shares the others. That a record does not change is held by the type checker.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_MISSING: Any = object()


class _Field:
    """What `field` says of one field."""

    __slots__ = ("compare", "default", "make")

    def __init__(self, default: Any, make: Callable[[], Any] | None, compare: bool) -> None:
        self.default = default
        self.make = make
        self.compare = compare


def field(*, default: Any = _MISSING, default_factory: Callable[[], Any] | None = None, compare: bool = True) -> Any:
    """A default that is made anew for each record, or a field that equality leaves out."""
    return _Field(default, default_factory, compare)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(*, frozen: bool = True, eq: bool = True) -> Callable[[type[T]], type[T]]:
    """Makes a class with annotated fields a record: slots, ``__init__``, equality and hash by value.

    `frozen` is for the type checker; a record that is not frozen has no hash. Without `eq`, a record equals
    itself only.
    """

    def make(cls: type[T]) -> type[T]:
        names = tuple(cls.__dict__.get("__annotations__", ()))
        fields = {n: _as_field(cls.__dict__.get(n, _MISSING)) for n in names}
        content = {k: v for k, v in cls.__dict__.items() if k not in (*names, "__dict__", "__weakref__")}
        content |= {"__slots__": names, "__match_args__": names, "__init__": _init(fields)}
        content.setdefault("__repr__", _repr)
        content["_all"] = staticmethod(_reader(names))
        if eq:
            compared = [n for n in names if fields[n].compare]
            content |= {"_values": attrgetter(*compared), "__eq__": _eq, "__hash__": _hash if frozen else None}
        made: Any = type(cls.__name__, cls.__bases__, content)
        return made  # type: ignore[no-any-return]  # it has the annotations and the bases of `cls`

    return make


def replace(one: T, /, **changes: Any) -> T:
    """A record like this one, with these fields changed."""
    made: Any = type(one)
    return made(**{**dict(zip(made.__match_args__, made._all(one), strict=True)), **changes})  # type: ignore[no-any-return]  # it is of that class


def _as_field(default: Any) -> _Field:
    return default if isinstance(default, _Field) else _Field(default, None, True)


def _init(fields: dict[str, _Field]) -> Callable[..., None]:
    """``__init__`` with one parameter for each field: the only method that is compiled for a class."""
    scope: dict[str, Any] = {"_missing": _MISSING}
    parameters, body = ["self"], []
    for name, one in fields.items():
        value = name
        if one.make is not None:
            scope[f"_{name}"] = one.make
            parameters.append(f"{name}=_missing")
            value = f"_{name}() if {name} is _missing else {name}"
        elif one.default is not _MISSING:
            scope[f"_{name}"] = one.default
            parameters.append(f"{name}=_{name}")
        else:
            parameters.append(name)
        body.append(f"    self.{name} = {value}\n")
    exec(f"def __init__({', '.join(parameters)}):\n{''.join(body)}", scope)
    init: Callable[..., None] = scope["__init__"]
    return init


def _reader(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Reads all fields of a record at once."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda one: tuple(getattr(one, name) for name in names)


def _repr(self: Any) -> str:
    shown = ", ".join(f"{n}={getattr(self, n)!r}" for n in self.__match_args__)
    return f"{type(self).__name__}({shown})"


def _eq(self: Any, other: Any) -> Any:
    return self._values(self) == self._values(other) if type(self) is type(other) else NotImplemented


def _hash(self: Any) -> int:
    return hash((type(self), self._values(self)))
