"""What Terraform would refuse of the order of blocks: things that wait for one another, or for another root."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.builders.terraform.outputs import references_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.blueprint import Blueprint, Declared


def circles(blueprint: Blueprint) -> Iterator[tuple[Declared, str]]:
    """A block of each circle of references, and the circle in words."""
    others = blueprint.declared
    before = {key: _before(declared) for key, declared in others.items()}
    done: set[str] = set()
    for key in others:
        path = _circle(key, before, done)
        if path:
            names = " → ".join(others[one].address for one in path)
            yield others[path[0]], f"waits for itself: {names}"


def elsewhere(declared: Declared) -> Iterator[str]:
    """What is said of each block that it is to wait for and that another root has."""
    for other in declared.life.depends_on:
        if other.file.layer is not declared.file.layer:
            yield f"depends_on names {other.address} of layer {other.file.layer.name}: a root waits only for its own"


def _before(declared: Declared) -> list[str]:
    """The blocks of its root that come before it."""
    home = f"{declared.file.layer.name}#"
    found = [ref.key for ref in references_of(declared.arguments)]
    return [key for key in (*found, *(one.key for one in declared.life.depends_on)) if key.startswith(home)]


def _circle(start: str, before: dict[str, list[str]], done: set[str]) -> list[str]:
    """The first circle that is met from there, its beginning also last; [] when there is none."""
    path: list[str] = [start]
    waiting = [iter(before.get(start, ()))]
    while path:
        following = next(waiting[-1], None)
        if following is None:
            done.add(path.pop())
            waiting.pop()
        elif following in path:
            done.update(path)
            return [*path[path.index(following) :], following]
        elif following not in done:
            path.append(following)
            waiting.append(iter(before.get(following, ())))
    return []
