"""The inside of a planned block: what the plan knows, and symbols where it does not.

A plan shows the values after defaults were filled in, and marks with ``after_unknown`` what only the apply will tell:
both what an author computed and what Azure will choose. The configuration tells the two apart: an argument that it
does not mention was not written, and stands for a default or for nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.declaration import Blocks, Written
from ringfence.model.origin import Origin
from ringfence.model.symbol import Apply, Choice, Map, Ref, Sensitive, text
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.symbol import Value
    from ringfence.readers.plan.references import References, Scope

_FILLED = """
    access_policy active_directory analytical_storage api_server_access_profile application_stack authentication
    automatic_instance_repair auto_scaler_profile backup bgp_settings blob_properties bootstrap_profile
    capabilities capacity certificate_policy conflict_resolution_policy contact custom_parameters enabled_log
    enabled_metric encryption exposed_port extension gallery_application gallery_applications hour_metrics
    indexing_policy ip_rule kubelet_identity load_balancer_profile log logging long_term_retention_policy
    managed_network metric minute_metrics nat_gateway_profile network_acls network_profile network_rule_set
    network_rules node_provisioning_profile peering_addresses queue_properties recurring_scans resource_health
    retention_policy route routing rule scale_in security_rule service_health share_properties
    short_term_retention_policy soa_record spot_restore ssl_policy static_website storage
    subject_alternative_names subnet terminate_notification termination_notification threat_detection_policy
    trust_policy windows_profile x509_certificate_properties
"""

FILLED_BY_AZURE = frozenset(_FILLED.split())
"""Blocks that azurerm (3.117.1, 4.81.0, 5.2.0) declares as optional and computed.

Unknown as a whole and not in the configuration, such a block was not written. Any other one comes from a ``dynamic``
block whose ``for_each`` is not known.
"""


@record()
class Context:
    """What the blocks of one resource share."""

    references: References
    scope: Scope
    file: str
    address: str
    defaults: str
    """Whose value stands where nobody wrote one."""


@record()
class PlanBody:
    """One block; `mapping.declaration.Body`."""

    context: Context
    after: dict[str, Any]
    unknown: Any
    """The part of ``after_unknown`` for this block."""
    sensitive: Any
    configuration: dict[str, Any] | None
    """The expressions of the block; None where the plan does not show them, as in a ``dynamic`` block."""
    path: str = ""
    expression: Any = None
    """Where a list of blocks is one expression: that expression."""

    @property
    def origin(self) -> Origin:
        """The plan file and the address in it."""
        return self._origin("")

    def attribute(self, name: str) -> Written | None:
        """The argument; None when it was not written and has no default either."""
        value, unknown, sensitive = self.after.get(name), _part(self.unknown, name), _part(self.sensitive, name)
        if _are_blocks(value):
            return None
        written = self.configuration is None or name in self.configuration
        origin = self._origin(name) if written else self._origin(name).defaulted(self.context.defaults)
        if unknown is True:
            return Written(self._symbol(name), origin) if written else None
        if _nothing(value) and not (self.configuration and name in self.configuration):
            return None
        return Written(self._merged(name, value, unknown, sensitive), origin)

    def blocks(self, name: str) -> Blocks:
        """The nested blocks of this type."""
        origin = self._origin(name)
        if _part(self.unknown, name) is True:
            return self._unknown_blocks(name, origin)
        value = self.after.get(name)
        if value is None or not _are_blocks(value):
            return Blocks(origin=self.origin)
        expression = self.configuration.get(name) if self.configuration else None
        parts = _aligned(value, expression)
        bodies = [self._block(name, n, expression, parts[n]) for n in range(len(value))]
        items = tuple(b for b in bodies if not b.is_placeholder())
        return Blocks(items, self._symbol(name) if len(items) < len(bodies) else None, origin)

    def names(self) -> Iterable[str]:
        """The names of all arguments and block types that are written."""
        filled = (n for n, v in self.after.items() if not _nothing(v))
        if self.configuration is None:
            return tuple(filled)
        return tuple(dict.fromkeys((*self.configuration, *(n for n in filled if _are_blocks(self.after[n])))))

    def is_placeholder(self) -> bool:
        """True for the one block that stands for any number: its ``for_each`` is not known."""
        bare = self.configuration is None and not any(_holds(v) for v in self.after.values())
        return bare and isinstance(self.unknown, dict) and sum(v is True for v in self.unknown.values()) > 1

    def _unknown_blocks(self, name: str, origin: Origin) -> Blocks:
        written = bool(self.configuration) and name in (self.configuration or {})
        if not written and name in FILLED_BY_AZURE:
            return Blocks(origin=self.origin)
        return Blocks((), self._symbol(name), origin)

    def _block(self, name: str, index: int, expression: Any, own: dict[str, Any] | None) -> PlanBody:
        return PlanBody(
            self.context,
            self.after[name][index],
            _at(_part(self.unknown, name), index),
            _at(_part(self.sensitive, name), index),
            own,
            f"{self.path}{name}[{index}].",
            self.expression if expression is None else expression,
        )

    def _origin(self, name: str) -> Origin:
        inside = f"{self.path}{name}".rstrip(".")
        return Origin(self.context.file, expression=".".join(p for p in (self.context.address, inside) if p))

    # -- unknown values

    def _symbol(self, name: str) -> Value:
        """What stands for an unknown argument: the reference it is, or an expression of several."""
        found = self._found(name)
        if not found.refs:
            return self._lost(name)
        if len(found.refs) > 1 or found.composed or self.configuration is None:
            return self._narrowed(name, Apply("expression", found.refs))
        return self._narrowed(name, found.refs[0])

    def _found(self, name: str) -> Any:
        expression = self.configuration.get(name) if self.configuration is not None else self.expression
        return self.context.references.found(expression, self.context.scope)

    def _lost(self, name: str) -> Ref:
        return self.context.references.lost(self.context.scope, f"{self._local()}.{self.path}{name}")

    def _local(self) -> str:
        """The address within the module."""
        from ringfence.readers.plan.references import prefix

        module = prefix(self.context.scope.module)
        return self.context.address.removeprefix(f"{module}.") if module else self.context.address

    def _narrowed(self, name: str, value: Value) -> Value:
        """The target of a diagnostic setting that takes logs which only a part of the resource has."""
        if name != "target_resource_id" or not (_are_blocks(self.after.get("enabled_log"), self.after.get("log"))):
            return value
        ref = value.args[0] if isinstance(value, Apply) and len(value.args) == 1 else value
        if not isinstance(ref, Ref):
            return value
        parts = _LOGGED_PARTS.get(_type_of(ref.key), ())
        named = [p for p in parts if f'["{p[1:].partition("Services")[0]}"]' == self.context.scope.key]
        return self._one_of([text(ref, p) for p in named or parts]) if parts else value

    def _one_of(self, values: list[Value]) -> Value:
        first, *others = values
        return Choice(self._lost("target_resource_id"), first, self._one_of(others)) if others else first

    def _merged(self, name: str, value: Any, unknown: Any, sensitive: Any) -> Value:
        """The value, with symbols for the elements that are unknown."""
        holes = _count(unknown)
        if not holes:
            return _frozen(value, sensitive)
        refs = self._found(name)
        ordered = holes == 1 or not isinstance(value, dict)  # of an object the plan does not tell which is which
        if len(refs.refs) == holes and ordered and not refs.composed:
            symbols: list[Value] = list(refs.refs)
        else:
            symbols = [Apply("expression", refs.refs) if refs.refs else self._lost(name)] * holes
        return _filled(value, unknown, sensitive, iter(symbols))


_LOGGED_PARTS = {
    "azurerm_storage_account": (
        "/blobServices/default",
        "/queueServices/default",
        "/tableServices/default",
        "/fileServices/default",
    ),
    "azurerm_mssql_server": ("/databases/master",),
}
"""What of a resource has log categories where the resource itself has none.

Source: learn.microsoft.com/azure/azure-monitor/reference/supported-logs
"""


def _type_of(key: str) -> str:
    from ringfence.readers.plan.references import split

    parts = [p for p in split(key.partition("#")[2]) if not p.startswith("[")]
    return parts[-2] if len(parts) > 1 else ""


def _part(tree: Any, name: str) -> Any:
    """The part of a tree of marks; a mark on the whole is a mark on each part."""
    return tree.get(name, False) if isinstance(tree, dict) else tree is True


def _at(tree: Any, index: int) -> Any:
    if isinstance(tree, list):
        return tree[index] if index < len(tree) else False
    return tree is True


def _are_blocks(*values: Any) -> bool:
    return any(isinstance(v, list) and v and all(isinstance(i, dict) for i in v) for v in values)


def _nothing(value: Any) -> bool:
    return value is None or value in ([], {})


def _holds(value: Any) -> bool:
    """True when there is something known in a value."""
    if isinstance(value, dict):
        return any(map(_holds, value.values()))
    return any(map(_holds, value)) if isinstance(value, list) else value is not None


def _count(unknown: Any) -> int:
    """How many unknown values a tree of marks has."""
    if isinstance(unknown, dict):
        return sum(map(_count, unknown.values()))
    return sum(map(_count, unknown)) if isinstance(unknown, list) else int(unknown is True)


def _filled(value: Any, unknown: Any, sensitive: Any, symbols: Any) -> Value:
    if unknown is True:
        symbol: Value = next(symbols)  # the mark of a value that is not there hides nothing
        return symbol
    if isinstance(value, list):
        return tuple(_filled(v, _at(unknown, n), _at(sensitive, n), symbols) for n, v in enumerate(value))
    if isinstance(value, dict) or isinstance(unknown, dict):
        known = value if isinstance(value, dict) else {}
        names = dict.fromkeys((*known, *(unknown if isinstance(unknown, dict) else ())))
        return Map({n: _filled(known.get(n), _part(unknown, n), _part(sensitive, n), symbols) for n in names})
    return _frozen(value, sensitive)


def _frozen(value: Any, sensitive: Any) -> Value:
    if sensitive is True and value is not None:
        return Sensitive(_frozen(value, False))
    if isinstance(value, list):
        return tuple(_frozen(v, _at(sensitive, n)) for n, v in enumerate(value))
    if isinstance(value, dict):
        return Map({n: _frozen(v, _part(sensitive, n)) for n, v in value.items()})
    frozen: Value = value
    return frozen


def _aligned(values: list[dict[str, Any]], expression: Any) -> list[dict[str, Any] | None]:
    """For each block its expressions in the configuration, None where it cannot be told.

    The plan lists the blocks of a set in its own order, and those of ``dynamic`` blocks not at all.
    """
    written = [e for e in expression if isinstance(e, dict)] if isinstance(expression, list) else []
    if len(written) == len(values) and all(map(_agrees, values, written)):
        return list(written)
    result: list[dict[str, Any] | None] = []
    for value in values:
        fitting = [e for e in written if _agrees(value, e)]
        rivals = [v for v in values if len(fitting) == 1 and _agrees(v, fitting[0])]
        result.append(fitting[0] if len(rivals) == 1 else None)
    return result


def _agrees(value: dict[str, Any], expressions: dict[str, Any]) -> bool:
    """True when every constant in the expressions is what the block has."""
    for name, expression in expressions.items():
        if isinstance(expression, dict) and "constant_value" in expression:
            constant, actual = expression["constant_value"], value.get(name)
            if not isinstance(constant, (list, dict)) and str(actual).casefold() != str(constant).casefold():
                return False
    return True
