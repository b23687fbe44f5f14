"""What YAML leaves out or calls null is null, whichever of PyYAML's two parsers reads it."""

from __future__ import annotations

import pytest

from ringfence.yaml_lines import parse


@pytest.mark.parametrize(
    ("written", "form"), [("", "null"), ("~", "null"), ("null", "null"), ('""', "text"), ("'null'", "text")]
)
def test_only_a_plain_null_is_null(written: str, form: str) -> None:
    top = parse(f"a: {written}\nb: 1\n", "a.yaml")
    assert top is not None
    assert top.entries["a"][1].form == form
    assert (top.get("a") is None) is (form == "null")
