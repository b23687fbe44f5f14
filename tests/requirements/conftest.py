"""What holds for every test here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.requirements import running

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True, scope="session")
def _over() -> Iterator[None]:
    """No twin outlives its tests."""
    yield
    running.over()
