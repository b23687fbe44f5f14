"""For expressions and splats, over known collections, partly known ones, and symbols.

Where the collection is a symbol, its elements are called ``Apply("each.key", (collection,))`` and
``Apply("each.value", (collection,))``, and the result is ``Apply("for", (collection, key, value, condition))``:
what the loop makes of each element stays visible.
Source: hashicorp/hcl v2.23.0 hclsyntax/expression.go (ForExpr, SplatExpr).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply, Choice, Error, Instance, List, Ref, Sensitive, Set, is_symbol, plain
from ringfence.readers.hcl.access import make_object, pairs
from ringfence.readers.hcl.operators import choice, marked
from ringfence.readers.hcl.same import make_set, never_null
from ringfence.readers.hcl.syntax import Attribute, Expression, Index, Variable
from ringfence.readers.hcl.types import convert, type_of, unify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.evaluate import Scope
    from ringfence.readers.hcl.syntax import For

    Evaluator = Callable[[Expression, Scope], Value]

MOST = 250_000
"""How many times the loops of one expression may go round together."""


class Bound:
    """A scope with the variables of a loop, or with the element of a splat as ``*``."""

    __slots__ = ("_outer", "_turns", "values")

    def __init__(self, outer: Scope) -> None:
        self._outer = outer
        self._turns: list[int] = outer._turns if isinstance(outer, Bound) else [0]
        self.values: dict[str, Value] = {}

    def lookup(self, names: tuple[str, ...]) -> tuple[Value, int]:
        """The loop's own variables first."""
        name = names[0]
        if name in self.values:
            return self.values[name], 1
        return self._outer.lookup(names)

    def call(self, name: str, args: tuple[Value, ...]) -> Value:
        """The function's result."""
        return self._outer.call(name, args)

    def exhausted(self) -> bool:
        """Count one turn; True when there were too many."""
        self._turns[0] += 1
        return self._turns[0] > MOST


_EXHAUSTED = Error(f"the loops of this expression go round more than {MOST:,} times")


def loop(node: For, scope: Scope, evaluate: Evaluator) -> Value:
    """The value of a for expression."""
    return _over(evaluate(node.collection, scope), _Loop(node, scope, evaluate))


def _over(collection: Value, body: _Loop) -> Value:
    if isinstance(collection, Sensitive):
        return marked(_over(collection.value, body), collection.value)
    if isinstance(collection, Choice):
        return choice(collection.condition, _over(collection.yes, body), _over(collection.no, body))
    if isinstance(collection, dict):
        return body.run([(key, collection[key]) for key in sorted(collection)])
    if isinstance(collection, Set):
        return body.run(zip(collection, collection, strict=True))
    if isinstance(collection, tuple):
        return body.run(enumerate(collection))
    if isinstance(collection, Error):
        return collection
    if isinstance(collection, Apply):
        return _over_apply(collection, body)
    if is_symbol(collection) or isinstance(collection, Instance):
        return body.over_symbol(collection)
    what = "null" if collection is None else f"a {type_of(collection)}"
    return Error(f"a for expression goes over a list, a set, a map or an object, not over {what}")


def _over_apply(collection: Apply, body: _Loop) -> Value:
    """The loop over the parts of a container where these are known, else over the whole."""
    if collection.fn == "object":
        entries = pairs(collection.args)
        return body.run(entries, in_order=len(entries) == 1)
    if collection.fn == "concat" and body.ignores_keys:
        parts = tuple([_over(part, body) for part in collection.args])
        failed = next((part for part in parts if isinstance(part, Error)), None)
        return Apply("merge" if body.makes_object else "concat", parts) if failed is None else failed
    if collection.fn == "merge" and body.makes_object:
        parts = tuple([_over({} if part is None else part, body) for part in collection.args])
        failed = next((part for part in parts if isinstance(part, Error)), None)
        return Apply("merge", parts) if failed is None else failed
    return body.over_symbol(collection)


class _Loop:
    """One for expression while it runs."""

    def __init__(self, node: For, scope: Scope, evaluate: Evaluator) -> None:
        self._node = node
        self._scope = Bound(scope)
        self._evaluate = evaluate
        self.makes_object = node.result_key is not None and not node.grouped
        self.ignores_keys = not node.key and not node.grouped

    def run(self, items: Iterable[tuple[Value, Value]], in_order: bool = True) -> Value:
        """The result over these elements; their order may be uncertain where a key is a symbol."""
        made: list[tuple[Value, Value, Value]] = []
        sensitive = False
        for key, value in items:
            turn = self._turn(key, value)
            if isinstance(turn, Error):
                return turn
            test, result_key, result = turn
            sensitive = sensitive or isinstance(test, Sensitive) or isinstance(result_key, Sensitive)
            if plain(test) is not False:
                made.append((plain(test), plain(result_key), result))
        whole = self._list(made, in_order) if self._node.result_key is None else self._object(made)
        return marked(whole) if sensitive else whole

    def _turn(self, key: Value, value: Value) -> tuple[Value, Value, Value] | Error:
        """Whether the element counts, its key and its value."""
        node, scope = self._node, self._scope
        if scope.exhausted():
            return _EXHAUSTED
        if node.key:
            scope.values[node.key] = key
        scope.values[node.variable] = value
        test = True if node.condition is None else self._test(self._evaluate(node.condition, scope))
        if isinstance(test, Error) or plain(test) is False:
            return test if isinstance(test, Error) else (test, None, None)
        if node.result_key is None:
            return test, None, self._evaluate(node.result, scope)
        result_key = self._key(self._evaluate(node.result_key, scope))
        return result_key if isinstance(result_key, Error) else (test, result_key, self._evaluate(node.result, scope))

    def _test(self, value: Value) -> Value:
        if plain(value) is None or isinstance(plain(value), Instance):
            return Error("the condition of a for expression is neither true nor false")
        return convert(value, "bool")

    def _key(self, value: Value) -> Value:
        if plain(value) is None or isinstance(plain(value), (tuple, dict, Instance)):
            return Error("the key of a for expression is a string")
        return convert(value, "string")

    def _list(self, made: list[tuple[Value, Value, Value]], in_order: bool) -> Value:
        results = tuple([result for _, _, result in made])
        if not in_order:
            return Apply("tolist", (make_set(results),))
        if all(test is True for test, _, _ in made):
            return results
        parts: list[Value] = []
        for test, _, result in made:
            if test is not True:
                parts.append(choice(test, (result,), ()))
            elif parts and isinstance(parts[-1], tuple):
                parts[-1] = (*parts[-1], result)
            else:
                parts.append((result,))
        return Apply("concat", tuple(parts)) if len(parts) > 1 else parts[0]

    def _object(self, made: list[tuple[Value, Value, Value]]) -> Value:
        if self._node.grouped:
            return self._grouped(made)
        sure = [(key, result) for test, key, result in made if test is True]
        names = [key for key, _ in sure if isinstance(key, str)]
        if len(set(names)) < len(names):
            twice = next(name for i, name in enumerate(names) if name in names[:i])
            return Error(f'two elements have the key "{twice}"; write ... after the value to group them')
        if len(sure) == len(made):
            return make_object(sure)
        perhaps = [choice(test, make_object([(key, result)]), {}) for test, key, result in made if test is not True]
        parts = (make_object(sure), *perhaps) if sure else tuple(perhaps)
        return Apply("merge", parts) if len(parts) > 1 else parts[0]

    def _grouped(self, made: list[tuple[Value, Value, Value]]) -> Value:
        if not all(test is True and isinstance(key, str) for test, key, _ in made):
            entries = [part for test, key, result in made for part in (choice(test, key, None), result)]
            return Apply("group", tuple(entries))
        groups: dict[str, list[Value]] = {}
        for _, key, result in made:
            groups.setdefault(str(key), []).append(result)
        return {key: tuple(groups[key]) for key in sorted(groups)}

    def over_symbol(self, collection: Value) -> Value:
        """The result over a collection of which nothing is known."""
        turn = self._turn(Apply("each.key", (collection,)), Apply("each.value", (collection,)))
        if isinstance(turn, Error):
            return turn
        test, key, result = turn
        if test is False:
            return () if self._node.result_key is None else {}
        return Apply("for", (collection, key, result, test))


# -- splats


def splat(source: Value, each: Expression, scope: Scope, evaluate: Evaluator) -> Value:
    """``source[*]`` with `each` for every element."""
    if isinstance(source, Sensitive):
        return marked(splat(source.value, each, scope, evaluate), source.value)
    if isinstance(source, Choice):
        yes, no = (splat(arm, each, scope, evaluate) for arm in (source.yes, source.no))
        return choice(source.condition, yes, no)
    if source is None:
        return ()
    if isinstance(source, Error):
        return source
    inner = Bound(scope)
    if is_symbol(source):
        return _splat_symbol(source, each, inner, evaluate)
    made = [_each(item, each, inner, evaluate) for item in (source if isinstance(source, tuple) else (source,))]
    return _as_list(made) if isinstance(source, (List, Set)) else tuple(made)


def _each(item: Value, each: Expression, scope: Bound, evaluate: Evaluator) -> Value:
    if scope.exhausted():
        return _EXHAUSTED
    scope.values["*"] = item
    return evaluate(each, scope)


def _as_list(items: list[Value]) -> Value:
    """A splat of a list or set is a list."""
    return tuple(items) if unify([type_of(item) for item in items]) is None else List(items)


def _splat_symbol(source: Value, each: Expression, scope: Bound, evaluate: Evaluator) -> Value:
    if isinstance(source, Apply) and source.fn == "concat":
        return Apply("concat", tuple([splat(part, each, scope, evaluate) for part in source.args]))
    if type_of(source) in ("string", "number", "bool") or (isinstance(source, Ref) and never_null(source)):
        return (_each(source, each, scope, evaluate),)
    path = _path(each, scope, evaluate)
    if path is not None:
        return Apply("splat", (source, *path))
    element = Apply("each.value", (source,))
    return Apply("for", (source, None, _each(element, each, scope, evaluate), True))


def _path(each: Expression, scope: Bound, evaluate: Evaluator) -> list[Value] | None:
    """The keys that lead from an element to what is taken of it; None when it is no plain path."""
    steps: list[Value] = []
    while isinstance(each, (Attribute, Index)):
        steps.append(each.name if isinstance(each, Attribute) else evaluate(each.key, scope))
        each = each.source
    if not isinstance(each, Variable) or each.names[0] != "*":
        return None
    return [*each.names[1:], *reversed(steps)]
