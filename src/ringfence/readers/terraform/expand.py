"""``count`` and ``for_each``: which instances a block has, and on what it depends that they exist.

A conditional that cannot be decided makes instances whose presence is a symbol; a collection of which
nothing is known makes one that stands for any number.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Apply, Choice, Error, Instance, Sensitive, Set, is_symbol, plain, render
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.symbol import Value

LIMIT = 100_000
"""Instances of one block; more are refused."""

PLURAL = "[*]"
"""The index of an instance that stands for any number."""


@record()
class Repetition:
    """One instance of a block."""

    index: str = ""
    """As Terraform writes it: "", ``[0]``, ``["a"]`` or `PLURAL`."""
    mode: str = ""
    """"count", "for_each" or "" when neither is written."""
    key: Value = None
    """``count.index`` or ``each.key``."""
    value: Value = None
    """``each.value``"""
    presence: Value = True
    plural: bool = False


@record()
class Repetitions:
    """All instances of a block. `tree` is the shape of the collection that they make up."""

    items: tuple[Repetition, ...] = (Repetition(),)
    tree: Any = None
    mode: str = ""
    error: Error | None = None

    def collect(self, made: dict[str, Value], unknown: Value) -> Value:
        """What the name of the block stands for, given the value of each instance by its index."""
        return made[""] if not self.mode else _collect(self.tree, self.mode, made, unknown)


def counted(value: Value) -> Repetitions:
    """The instances that ``count = value`` makes."""
    return _repetitions(value, "count", _number)


def for_each(value: Value) -> Repetitions:
    """The instances that ``for_each = value`` makes; of a sensitive value none, as in Terraform: keys are shown."""
    if isinstance(value, Sensitive) and not is_symbol(value.value):
        value = Error("for_each must not be sensitive: its keys are shown as parts of addresses")
    return _repetitions(value, "for_each", _entries)


Entries = dict[str, tuple["Value", "Value"]]
"""By index: ``each.key`` and ``each.value``."""


@record()
class Together:
    """Several collections as one; of entries with the same key the last one counts."""

    parts: tuple[Any, ...]


def _repetitions(value: Value, mode: str, leaf: Callable[[Value], Any]) -> Repetitions:
    tree = _tree(value, leaf)
    entries: dict[str, None] = {}
    unknown: list[Value] = []
    for end in _ends(tree):
        if isinstance(end, dict):
            entries.update(dict.fromkeys(end))
        else:
            unknown.append(end)
    items = tuple(_repetition(index, tree, mode) for index in entries)
    if unknown:
        items = (*items, _plural(value, mode))
    error = next((e for e in unknown if isinstance(e, Error)), None)
    return Repetitions(items, tree, mode, error)


def _plural(value: Value, mode: str) -> Repetition:
    whole = plain(value)
    presence = whole if is_symbol(whole) else Error(f"{mode} is {render(value)[:80]}")
    if mode == "count":
        return Repetition(PLURAL, mode, Apply("count.index", (whole,)), None, presence, plural=True)
    if isinstance(whole, Error):
        return Repetition(PLURAL, mode, whole, whole, presence, plural=True)
    key, each = Apply("each.key", (whole,)), Apply("each.value", (whole,))
    return Repetition(PLURAL, mode, key, each, presence, plural=True)


def _repetition(index: str, tree: Any, mode: str) -> Repetition:
    key = next(end[index][0] for end in _ends(tree) if isinstance(end, dict) and index in end)
    return Repetition(index, mode, key, _value(tree, index), _presence(tree, index))


def _tree(value: Value, leaf: Callable[[Value], Any]) -> Any:
    """The value with its undecided conditionals; an arm that is an error is no possibility, for no plan has it."""
    value = plain(value)
    if isinstance(value, Choice):
        yes, no = _tree(value.yes, leaf), _tree(value.no, leaf)
        if isinstance(yes, Error):
            return no
        return yes if isinstance(no, Error) else Choice(value.condition, yes, no)
    if isinstance(value, Apply) and value.fn == "merge":
        return Together(tuple(_tree(arg, leaf) for arg in value.args if plain(arg) is not None))
    return leaf(value)


def _ends(tree: Any) -> list[Any]:
    if isinstance(tree, Together):
        return [end for part in tree.parts for end in _ends(part)]
    return [*_ends(tree.yes), *_ends(tree.no)] if isinstance(tree, Choice) else [tree]


def _value(tree: Any, index: str) -> Value:
    """``each.value`` under the conditions that lead to it; an Error where the index is absent."""
    if isinstance(tree, Choice):
        yes, no = _value(tree.yes, index), _value(tree.no, index)
        if isinstance(yes, Error) or yes == no:
            return no
        return yes if isinstance(no, Error) else Choice(tree.condition, yes, no)
    if isinstance(tree, Together):
        found: Value = Error("absent")
        for part in tree.parts:
            later = _value(part, index)
            presence = _presence(part, index)
            if not isinstance(later, Error):
                found = later if presence is True or isinstance(found, Error) else Choice(presence, later, found)
        return found
    return tree[index][1] if isinstance(tree, dict) and index in tree else Error("absent")


def _presence(tree: Any, index: str) -> Value:
    if isinstance(tree, Choice):
        return either(tree.condition, _presence(tree.yes, index), _presence(tree.no, index))
    if isinstance(tree, Together):
        found: Value = False
        for part in tree.parts:
            found = either(_presence(part, index), True, found) if found is not True else True
        return found
    return isinstance(tree, dict) and index in tree


def either(condition: Value, yes: Value, no: Value) -> Value:
    """``condition ? yes : no`` for truth values, as short as it can be."""
    if isinstance(condition, bool):
        return yes if condition else no
    if yes == no:
        return yes
    if isinstance(yes, bool) and isinstance(no, bool):
        return condition if yes else Apply("!", (condition,))
    if no is False:
        return both(condition, yes)
    if yes is False:
        return both(Apply("!", (condition,)), no)
    return Choice(condition, yes, no)


def both(a: Value, b: Value) -> Value:
    """``a && b`` for truth values, as short as it can be."""
    if a is True or a == b:
        return b
    if b is True:
        return a
    return False if a is False or b is False else Apply("&&", (a, b))


def _number(value: Value) -> Any:
    if isinstance(value, str):
        from ringfence.readers.hcl.number import parse

        value = parse(value)
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value)
    if is_symbol(value):
        return value
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return Error("count must be a whole number that is not negative")
    if value > LIMIT:
        return Error(f"count is {value}: more than {LIMIT} instances are not read")
    return {f"[{i}]": (i, None) for i in range(value)}


def _entries(value: Value) -> Any:
    if isinstance(value, (dict, Set)) and len(value) > LIMIT:
        return Error(f"for_each has {len(value)} elements: more than {LIMIT} instances are not read")
    if isinstance(value, dict):
        return {quoted(k): (k, v) for k, v in value.items()}
    if isinstance(value, Set):
        return _elements(value)
    if isinstance(value, Apply) and value.fn == "object":
        pairs = zip(value.args[::2], value.args[1::2], strict=True)
        return {quoted(plain(k)): (k, v) for k, v in pairs}
    if isinstance(value, Apply) and value.fn in ("toset", "setunion"):
        return Together(tuple(_listed(arg) for arg in value.args))
    if is_symbol(value) or isinstance(value, Instance):
        return value
    kind = "null" if value is None else "a list: write toset(…)" if isinstance(value, tuple) else render(value)
    return Error(f"for_each must be a map or a set of strings; it is {kind}")


def _listed(value: Value) -> Any:
    """The elements of a list that is to become a set."""
    value = plain(value)
    if isinstance(value, Choice):
        return Choice(value.condition, _listed(value.yes), _listed(value.no))
    if isinstance(value, Apply) and value.fn in ("concat", "toset", "setunion", "tolist", "distinct"):
        return Together(tuple(_listed(arg) for arg in value.args))
    return _elements(value) if isinstance(value, tuple) else value


def _elements(values: tuple[Value, ...]) -> Entries | Error:
    elements = [plain(v) for v in values]
    if any(not isinstance(v, str) and not is_symbol(v) for v in elements):
        return Error("for_each must be a set of strings")
    return {quoted(v): (v, v) for v in elements}


def quoted(key: Value) -> str:
    """A key as an index: quoted as Terraform quotes; unknown parts show as ``${…}``."""
    if not isinstance(key, str):
        return f'["{key}"]'
    escaped = key.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("${", "$${")
    return f'["{escaped}"]'


def _collect(tree: Any, mode: str, made: dict[str, Value], unknown: Value) -> Value:
    if isinstance(tree, Choice):
        yes, no = (_collect(arm, mode, made, unknown) for arm in (tree.yes, tree.no))
        return Choice(tree.condition, yes, no)
    if isinstance(tree, Together):
        return Apply("merge", tuple(_collect(part, mode, made, unknown) for part in tree.parts))
    if not isinstance(tree, dict):
        return tree if isinstance(tree, Error) else unknown
    if mode == "count":
        return tuple(made[index] for index in tree)
    if all(isinstance(key, str) for key, _ in tree.values()):
        return {str(key): made[index] for index, (key, _) in tree.items()}
    return Apply("object", tuple(part for index, (key, _) in tree.items() for part in (key, made[index])))
