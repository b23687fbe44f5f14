"""One running twin for each kind of engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.twin.database.mariadb.server import installed

from .support import Keeper, Stand, ground, place

if TYPE_CHECKING:
    from collections.abc import Iterator

ENGINES = ("embedded", "mariadb")


@pytest.fixture(scope="session", params=ENGINES)
def stand(request: pytest.FixtureRequest) -> Iterator[Stand]:
    """One that all tests use which do not take its key away."""
    if request.param == "mariadb" and installed() is None:
        pytest.skip("mariadbd is not installed")
    with place() as folder:
        made = Stand(ground(folder), Keeper(), embedded=request.param == "embedded")
        yield made
        made.close()
