"""Agencies of a city by the hundred, invented but for their names: for tests and benchmarks.

``for agency in generate(400, seed=7, faulty=0.05): agency.write(folder)``. Everything depends on
the seed; agency number n is the same whatever the count, and comes after its parent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories.agencies.agency import Agency, agency
from tests.factories.agencies.directory import order

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Agency", "agency", "generate", "most"]


def generate(
    count: int, seed: int, *, faulty: float = 0.0, upwards: bool = False
) -> Iterator[Agency]:
    """The first ``count`` agencies of a seed; raises ValueError where there are not so many.

    For ``faulty`` and ``upwards`` see :func:`agency`.
    """
    if not 0 <= count <= most():
        raise ValueError(f"{count} agencies: 0 to {most()} can be generated")
    numbers = range(1, count + 1)
    return (agency(number, seed, faulty=faulty, upwards=upwards) for number in numbers)


def most() -> int:
    """How many agencies there are to choose from."""
    return len(order(0))
