"""`ringfence.toml`: the system's name and roots, and its worlds.

Owns the file's words and their meaning; what a root is without it, `readers.terraform.discover` decides.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ringfence.errors import InputError, UsageError
from ringfence.model.world import World
from ringfence.record import record, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ringfence.model.symbol import Value

FILE = "ringfence.toml"


@record()
class Settings:
    """What a system's `ringfence.toml` says; the defaults where there is none.

    Paths are relative to `folder`, the estate's folder, with forward slashes.
    """

    folder: Path
    name: str
    roots: tuple[str, ...] = ()
    """The Terraform roots, as paths or patterns such as ``infrastructure/*``; empty: they are discovered."""
    benchmarks: tuple[str, ...] = ()
    document: str = ""
    decisions: str = ""
    worlds: tuple[World, ...] = (World("default"),)
    documented: tuple[str, ...] = ()
    """The worlds that the document is about; empty: all of them."""

    def inheriting(self, environment: Mapping[str, str]) -> Settings:
        """The same, where `environment` lies beneath that of every world."""
        worlds = tuple(replace(w, environment={**environment, **w.environment}) for w in self.worlds)
        return replace(self, worlds=worlds)

    def world(self, name: str) -> World:
        """The world of that name.

        Raises:
            UsageError: there is none.
        """
        for world in self.worlds:
            if world.name == name:
                return world
        known = ", ".join(w.name for w in self.worlds)
        raise UsageError(f"there is no world {name}", hint=f"Use one of {known}, or declare [worlds.{name}] in {FILE}.")


def load(folder: Path, elsewhere: Path | None = None) -> Settings:
    """The settings of the estate in `folder`; without a `ringfence.toml`, one world with nothing set.

    `elsewhere` is a settings file that is kept outside a checkout. The decisions and overlays that it names lie
    beside it, the roots and the document in the estate.

    Raises:
        InputError: the file cannot be read, is not TOML, or has a key or type that it should not.
    """
    path = elsewhere or folder / FILE
    if not elsewhere and not path.exists():
        return Settings(folder, folder.resolve().name)
    if path.exists() and not path.is_file():
        raise InputError("it is no file", where=str(elsewhere or FILE))
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"it cannot be read: {why}", where=str(elsewhere or FILE)) from error
    settings = _settings(folder, content)
    return _beside(settings, elsewhere.resolve().parent) if elsewhere else settings


def _beside(settings: Settings, place: Path) -> Settings:
    """The settings with the files that lie beside them named in full."""
    worlds = tuple(replace(w, overlay=str(place / w.overlay) if w.overlay else "") for w in settings.worlds)
    decisions = str(place / settings.decisions) if settings.decisions else ""
    return replace(settings, worlds=worlds, decisions=decisions)


def _settings(folder: Path, content: str) -> Settings:
    import tomllib

    try:
        document = tomllib.loads(content, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(str(error)) from error
    except RecursionError:
        raise InputError("it is nested too deeply", where=FILE) from None
    table = _Table(document, (), content)
    table.only("system", "worlds")
    system = table.table("system")
    system.only("name", "roots", "benchmarks", "document", "decisions")
    return Settings(
        folder,
        system.text("name") or folder.resolve().name,
        tuple(map(_path, system.texts("roots"))),
        system.texts("benchmarks"),
        system.text("document"),
        system.text("decisions"),
        _worlds(table.table("worlds")) or (World("default"),),
    )


def _not_toml(message: str) -> InputError:
    """tomllib's message, with the line that it ends in moved to the front."""
    what, _, place = message.partition(" (at ")
    line = place.partition("line ")[2].partition(",")[0]
    return InputError(f"this is not TOML: {what}", where=f"{FILE}:{line}" if line else FILE)


def _worlds(worlds: _Table) -> tuple[World, ...]:
    return tuple(_world(name, worlds.table(name)) for name in worlds.content)


def _world(name: str, table: _Table) -> World:
    table.only("env", "variables", "overlay", "roots")
    environment, roots = table.table("env"), table.table("roots")
    return World(
        name,
        {key: environment.text(key) for key in environment.content},
        table.table("variables").values(),
        {_path(root): roots.table(root).values() for root in roots.content},
        table.text("overlay"),
    )


def _path(path: str) -> str:
    """A path in the form that a root has: forward slashes, "." for the folder itself."""
    parts = [p for p in path.replace("\\", "/").split("/") if p not in ("", ".")]
    return "/".join(parts) or "."


class _Table:
    """One table of the file, read with errors that name the line."""

    def __init__(self, content: dict[str, Any], path: tuple[str, ...], source: str) -> None:
        self.content = content
        self._path = path
        self._source = source

    def only(self, *names: str) -> None:
        """Refuses any other key."""
        for key in self.content:
            if key not in names:
                raise self._error(key, f"{self._name(key)} is not a setting: {self._instead(key, names)}")

    def table(self, key: str) -> _Table:
        value = self._get(key, dict, f"a table: write [{self._name(key)}]", dict)
        return _Table(value, (*self._path, key), self._source)

    def text(self, key: str) -> str:
        value = self.content.get(key, "")
        hint = f'a string: write {key} = "{_lower(value)}"' if isinstance(value, (bool, int, Decimal)) else "a string"
        return str(self._get(key, str, hint, str))

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._get(key, list, f'a list of strings: write {key} = ["…"]', list)
        if not all(isinstance(v, str) for v in value):
            raise self._error(key, f"{self._name(key)} must be a list of strings")
        return tuple(value)

    def values(self) -> dict[str, Value]:
        """The table as Terraform values."""
        return {key: self._value(key, value) for key, value in self.content.items()}

    def _value(self, key: str, value: Any) -> Value:
        if isinstance(value, list):
            return tuple(self._value(key, v) for v in value)
        if isinstance(value, dict):
            return {k: self._value(key, v) for k, v in value.items()}
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else value
        if isinstance(value, (str, bool, int)):
            return value
        raise self._error(key, f"{self._name(key)} has a date, which Terraform does not know: write it as a string")

    def _get(self, key: str, kind: type, expected: str, default: Callable[[], Any]) -> Any:
        value = self.content.get(key)
        if value is None:
            return default()
        if not isinstance(value, kind):
            raise self._error(key, f"{self._name(key)} must be {expected}")
        return value

    def _name(self, key: str) -> str:
        return ".".join((*self._path, key))

    def _instead(self, key: str, names: tuple[str, ...]) -> str:
        from difflib import get_close_matches

        close = get_close_matches(key, names, 1)
        return f"did you mean {close[0]}?" if close else f"use {', '.join(names)}"

    def _error(self, key: str, message: str) -> InputError:
        line = _line(self._source, self._path, key)
        return InputError(message, where=f"{FILE}:{line}" if line else FILE)


def _lower(value: object) -> str:
    return str(value).lower()


def _line(source: str, path: tuple[str, ...], key: str) -> int:
    """The line that sets `key` of the table at `path`; 0 when it cannot be found."""
    table: list[str] = []
    for number, line in enumerate(source.splitlines(), 1):
        bare = line.strip()
        if bare.startswith("["):
            table = _keys(bare.strip("[] \t"))
            if table[: len(path) + 1] == [*path, key]:
                return number
        elif "=" in bare:
            full = [*table, *_keys(bare.partition("=")[0])]
            if full[: len(path) + 1] == [*path, key] or (full == list(path) and key in bare):
                return number
    return 0


def _keys(dotted: str) -> list[str]:
    """The parts of a dotted key; quoted parts may hold dots."""
    import re

    return [a or b or c for a, b, c in re.findall(r'"([^"]*)"|\'([^\']*)\'|([\w-]+)', dotted)]
