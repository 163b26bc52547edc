"""Every alteration of a slip, and of what it approves, is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories.archives import failing
from tests.factories.slip_alterations import ALTERATIONS, Scene, alter, findings, make_scene

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    with failing(0, "error"):  # no waiting for disks
        return make_scene(tmp_path_factory.mktemp("scene"))


def test_what_is_not_altered_is_sound(scene: Scene) -> None:
    assert [findings(place) for place in scene.places] == [[]] * 6


@pytest.mark.parametrize("kind", ALTERATIONS)
def test_alterations_are_found(scene: Scene, kind: str, tmp_path: Path) -> None:
    """Some of each kind; benchmarks/approval_safety.py makes ten thousand."""
    with failing(0, "error"):
        found = [alter(scene, kind, tmp_path / str(number)) for number in range(4)]
    assert [] not in found
