"""What most tests of the panel begin with."""

from collections.abc import Iterator

import pytest

from tests.factories import review as made
from tests.factories.base import World, world
from xianfeng.kernel import clock


@pytest.fixture
def place() -> Iterator[World]:
    """The small world on the day its panels are opened."""
    found = world()
    with clock.frozen(made.now_of(found)):
        yield found
