"""What holds for every test."""

from __future__ import annotations

from datetime import date

import pytest

DAY = date(2026, 11, 22)
"""Decisions lapse: the day on which tests judge is always the same, so that they mean the same on any."""


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence.prove.today", lambda: DAY)
