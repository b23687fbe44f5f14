"""What services say, in the types of the columns."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from ringfence.twin.logs import shape
from ringfence.twin.logs.duck import Duck
from ringfence.twin.logs.kql import Batch
from ringfence.twin.logs.tables import SHARED, columns_of
from ringfence.twin.logs.typed import typed

MOMENT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (200, "string", "200"), (True, "string", "true"), ({"a": [1]}, "string", '{"a":[1]}'), (None, "string", None),
        (MOMENT, "string", "2026-11-01T12:00:00Z"), ("x", "string", "x"),
        ("7", "long", 7), (1.5, "long", 1), ("x", "long", None), (1 << 70, "long", None), (1 << 40, "int", None),
        ("1.5", "real", 1.5), (float("nan"), "real", None), ("true", "bool", True), ("maybe", "bool", None),
        ("Sun, 01 Nov 2026 12:00:00 GMT", "datetime", "2026-11-01T12:00:00Z"),
        ("2026-11-01T12:00:00.5+00:00", "datetime", "2026-11-01T12:00:00.5Z"), ("soon", "datetime", None),
        (MOMENT.astimezone(timezone(timedelta(hours=2))), "datetime", "2026-11-01T12:00:00Z"), (5, "datetime", None),
        ('{"a":1}', "dynamic", {"a": 1}), ("{broken", "dynamic", "{broken"), (["x"], "dynamic", ["x"]),
    ],
)  # fmt: skip
def test_values(value: Any, kind: str, expected: Any) -> None:
    assert typed(value, kind) == expected


def test_properties_are_flat_in_the_shared_table() -> None:
    said = {
        "operationName": "x", "Flag": True, "Count": 3, "When": "2026-11-01T12:00:00Z", "Many": ["a"],
        "Who": {"claim": {"oid": "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01", "xms:mirid": "/s"}}, "Kept_s": "y",
        "Nothing": None,
    }  # fmt: skip
    assert shape.row(SHARED, said) == {
        "OperationName": "x", "flag_b": True, "count_d": 3.0, "when_t": "2026-11-01T12:00:00Z", "many_s": '["a"]',
        "who_claim_oid_g": "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01", "who_claim_xms_mirid_s": "/s", "Kept_s": "y",
    }  # fmt: skip


def test_a_record_that_makes_no_sense_spoils_no_query() -> None:
    senseless = dict.fromkeys(columns_of("StorageBlobLogs"), "\x00not a value")
    row = shape.row("StorageBlobLogs", senseless | {"TimeGenerated": MOMENT})
    duck = Duck()
    duck.plan("StorageBlobLogs | count", {"StorageBlobLogs": columns_of("StorageBlobLogs")}, MOMENT)
    duck.open({"StorageBlobLogs": columns_of("StorageBlobLogs")})
    duck.add(Batch("StorageBlobLogs", json.dumps([row])))
    assert duck.answer(10).rows == [(1,)]
