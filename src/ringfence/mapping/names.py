"""Names and ids as Azure compares them: without case, and symbolically where parts are unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply, Choice, Input, Ref, Sensitive, Text, plain, text

if TYPE_CHECKING:
    from ringfence.model.symbol import Value


def canonical(value: Value) -> str:
    """Equal for two values exactly when they are structurally equal but for case; "" for no value.

    ``lower`` and ``upper`` vanish, since Azure's names have no case.
    """
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, Apply) and value.fn in ("lower", "upper", "trimspace"):
        return canonical(value.args[0])
    if isinstance(value, Text):
        return "".join(map(canonical, value.parts))
    if isinstance(value, Ref):
        return f"${{{value.key}.{'.'.join(value.path)}}}".casefold()
    if isinstance(value, Input):
        return f"${{{value.root}:{value.kind}:{value.name}}}"
    if isinstance(value, Choice):
        return f"${{{canonical(value.condition)}?{canonical(value.yes)}:{canonical(value.no)}}}"
    if isinstance(value, Apply):
        return f"${{{value.fn}({','.join(map(canonical, value.args))})}}"
    if isinstance(value, (Sensitive, tuple, dict)):
        return repr(value).casefold()
    return str(value).casefold()


def segments(value: Value) -> tuple[Value, ...]:
    """A path cut at "/": each segment a string or a symbol; empty segments are dropped."""
    parts = value.parts if isinstance(value, Text) else (value,)
    result: list[list[Value]] = [[]]
    for part in parts:
        if isinstance(part, str):
            first, *rest = part.split("/")
            result[-1].append(first)
            result.extend([piece] for piece in rest)
        else:
            result[-1].append(part)
    joined = (text(*pieces) for pieces in result)
    return tuple(segment for segment in joined if segment != "")


def provider_path(path: tuple[Value, ...]) -> tuple[str, tuple[Value, ...]]:
    """The ARM type and the names in a full id's segments: the last ``providers`` decides.

    ``…/providers/Microsoft.KeyVault/vaults/kv/keys/k`` gives
    ``("microsoft.keyvault/vaults/keys", ("kv", "k"))``; ``("", ())`` when it is no such id.
    """
    folded = [s.casefold() if isinstance(s, str) else None for s in path]
    if "providers" not in folded:
        return "", ()
    start = len(folded) - 1 - folded[::-1].index("providers")
    namespace, *rest = path[start + 1 :] or ("",)
    types = [canonical(t) for t in rest[::2]]
    return "/".join([canonical(namespace), *types]), tuple(rest[1::2])
