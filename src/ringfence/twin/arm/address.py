"""What a request names: a resource, an extension of one, or a list of either.

Source: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules (the form of an id),
RFC 3986, section 2.1 (a percent sign with two digits is one character)
"""

from __future__ import annotations

from urllib.parse import unquote

from ringfence.record import record
from ringfence.twin.arm.errors import wrong

_LONGEST = 2048


@record()
class Asked:
    """The address of a request."""

    id: str
    """The whole path, without a slash at its end."""
    scope: str
    """What an extension, or the first resource of an id, stands in: the id before the last ``providers``."""
    type: str
    """The ARM type as it was sent, "" where the path has no ``providers``."""
    names: tuple[str, ...]

    @property
    def is_list(self) -> bool:
        """It names all of a type."""
        return bool(self.type) and len(self.names) < self.type.count("/")

    @property
    def over(self) -> str:
        """The id of what a child is in; of an extension or a first resource, the scope."""
        if len(self.names) < 2 and not (self.is_list and self.names):
            return self.scope
        return self.id.rsplit("/", 1 if self.is_list else 2)[0]


def asked(path: str) -> Asked:
    """The address in a path. Clients leave a step empty where a resource has no parent; it counts as none.

    Raises:
        RefusedError: no id has that form.
    """
    text = unquote(path, errors="replace") if len(path) <= _LONGEST else ""
    steps = [step for step in text.split("/") if step]
    if not steps or any(map(_is_strange, steps)):
        raise wrong("InvalidRequestUri", "The path is no id of Resource Manager.")
    folded = [step.casefold() for step in steps]
    whole = "/" + "/".join(steps)
    if "providers" not in folded:
        return Asked(whole, whole, "", ())
    at = len(folded) - 1 - folded[::-1].index("providers")
    namespace, *rest = steps[at + 1 :] or [""]
    return Asked(whole, "/" + "/".join(steps[:at]), "/".join([namespace, *rest[::2]]), tuple(rest[1::2]))


def _is_strange(step: str) -> bool:
    return step in (".", "..") or any(c in step for c in "\\\ufffd") or not step.isprintable()
