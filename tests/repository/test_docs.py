"""What docs/ says is so."""

from __future__ import annotations

import pytest

from tests.generated_docs import contents

GENERATED = contents()


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_generated_parts_are_up_to_date(path) -> None:  # type: ignore[no-untyped-def]
    assert path.read_text("utf-8") == GENERATED[path], "run: python -m tests.generated_docs"
