"""Template files: `templatefile` and `templatestring` evaluate them with variables of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.symbol import Error
from ringfence.readers.hcl.evaluate import evaluate
from ringfence.readers.hcl.parse import parse_template
from ringfence.readers.hcl.syntax import HclError
from ringfence.readers.terraform.scopes import FunctionScope, NamesScope

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.symbol import Value

_INSIDE = ("templatefile", "templatestring")


def render_template(
    text: str, variables: dict[str, Value], file: str, call: Callable[[str, tuple[Value, ...]], Value]
) -> Value:
    """The template with the variables; a template cannot call for another one."""

    def inside(name: str, args: tuple[Value, ...]) -> Value:
        return Error(f"a template cannot call {name}") if name in _INSIDE else call(name, args)

    try:
        expression = parse_template(text.encode(), file)
    except HclError as error:
        return Error(str(error))
    return evaluate(expression, NamesScope(variables, FunctionScope(inside, f"in the template {file}")))
