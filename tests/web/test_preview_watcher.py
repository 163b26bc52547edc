"""Which changes on disk renew the preview."""

from __future__ import annotations

from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from reportgen.web.preview_watcher import is_relevant

POSIX = (PurePosixPath("/data/105-12-25.xlsx"), {PurePosixPath("/data/templates/scorecard")})
WINDOWS = (PureWindowsPath(r"D:\data\105-12-25.xlsx"), {PureWindowsPath(r"D:\tpl\scorecard")})


@pytest.mark.parametrize(
    ("watched", "path", "relevant"),
    [
        (POSIX, "/data/105-12-25.xlsx", True),
        (POSIX, "/data/~$105-12-25.xlsx", False),
        (POSIX, "/data/106-03-29.xlsx", False),
        (POSIX, "/data/templates/scorecard/document.html", True),
        (POSIX, "/data/templates/scorecard/fonts/a.ttf", True),
        (POSIX, "/data/templates/scorecard/document.html~", False),
        (POSIX, "/data/templates/scorecard/.document.html.swp", False),
        (POSIX, "/data/templates/results/document.html", False),
        (WINDOWS, r"D:\data\105-12-25.xlsx", True),
        (WINDOWS, r"D:\data\~$105-12-25.xlsx", False),
        (WINDOWS, r"D:\tpl\scorecard\document.html", True),
        (WINDOWS, r"D:\tpl\scorecard\.document.html.swp", False),
    ],
)
def test_relevant_changes(
    watched: tuple[PurePath, set[PurePath]], path: str, relevant: bool
) -> None:
    workbook, folders = watched
    assert is_relevant(type(workbook)(path), workbook, folders) is relevant
