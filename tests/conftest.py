"""What holds for every test."""

from __future__ import annotations

from datetime import date

import hypothesis
import pytest

hypothesis.settings.register_profile("busy", deadline=None)  # how long one example takes says how busy the machine is
hypothesis.settings.load_profile("busy")

DAY = date(2026, 11, 22)
"""Decisions lapse: the day on which tests judge is always the same, so that they mean the same on any."""


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence.prove.today", lambda: DAY)
