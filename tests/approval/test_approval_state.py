"""What a later version does to approvals: a changed figure is named, and nothing comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reportgen.approval import SlipState, all_approvals, edition_approval
from reportgen.archive import open_archive
from tests.factories.approvals import (
    approve,
    archive_figures,
    refusals,
    request,
    results,
    state,
)
from tests.factories.archives import AGENCY, add, sound

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An edition that is approved in two rounds."""
    folder = tmp_path / "a"
    archive_figures(folder)
    approve(folder, "自評")
    approve(folder, "初核")
    return folder


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (results("1/5", "20%"), ["F1.1 105年 實績值 10%（1/10） → 20%（1/5）"]),
        (results("1001/10000"), ["F1.1 105年 實績值 10%（1/10） → 10%（1001/10000）"]),
        (results(pupils="18"), ["105年 學員數 17 → 18"]),
        (results().replace(b'"weight": "1"', b'"weight": null'), ["F1.1 權重 1 → —"]),
        (
            results().replace("未達成".encode(), "達成".encode()),
            ["F1.1 105年 達成情形 未達成 → 達成"],
        ),
        (
            results().replace(b'"shown": "20%"', b'"shown": "2%"'),
            ["F1.1 105年 目標值 20%（1/5–1/5） → 2%（1/5–1/5）"],
        ),
    ],
)
def test_a_changed_figure_voids_and_is_named(
    place: Path, changed: bytes, expected: list[str]
) -> None:
    archive_figures(place, changed, reprint=True)
    found = state(place, "W660")
    assert [checked.state for checked in found.slips] == [SlipState.VOID] * 2
    assert [str(change) for change in found.slips[0].changes.figures] == expected
    assert found.slips[0].voided_by == "105-12-25#1"
    assert (found.approved, found.next_round) == ((), "自評")
    assert refusals(place, request("複核")) == ["E651"]


def test_the_problem_names_slips_version_and_figures(place: Path) -> None:
    archive_figures(place, results("1/5", "20%"), reprint=True)
    _, (problem,) = all_approvals(sound(place))
    assert problem.where.file == f"{AGENCY} 105-12-25"
    assert problem.message() == (
        "105-12-25#1 的內容與核可時不同，第 1、2 號核可失效："
        "F1.1 105年 實績值 10%（1/10） → 20%（1/5）。"
    )


def test_a_change_that_is_taken_back_does_not_bring_an_approval_back(place: Path) -> None:
    archive_figures(place, results("1/5"), reprint=True)
    archive_figures(place, reprint=True)
    found = state(place, "W660")
    assert [checked.state for checked in found.slips] == [SlipState.VOID] * 2
    assert approve(place, "自評").slip.number == 3
    assert state(place).approved == ("自評",)


def test_another_workbook_or_template_voids_without_a_figure(place: Path) -> None:
    archive_figures(place, workbook=b"another", reprint=True)
    found = state(place, "W660").slips[0]
    assert (found.changes.figures, found.changes.files) == ((), ("source/105-12-25.xlsx",))


def test_a_print_with_other_bytes_of_the_same_content_keeps_approvals(place: Path) -> None:
    archive_figures(place, pdf=b"%PDF-1.7 with names in its box", reprint=True)
    found = state(place)
    assert found.approved == ("自評", "初核")
    assert approve(place, "複核").slip.reprint == 1  # bound to the print that was looked at
    assert state(place).next_round == ""


def test_other_editions_and_agencies_do_not_touch_it(place: Path) -> None:
    add(place, "105-12-26")
    add(place, agency="乙機關")
    archive = sound(place)
    approvals, problems = all_approvals(archive)
    assert problems == ()
    assert [(each.entry.agency, each.approved) for each in approvals] == [
        (AGENCY, ("自評", "初核"))
    ]


def test_rounds_are_those_of_the_slips_until_all_are_void(place: Path) -> None:
    others = ("承辦人", "機關首長")
    assert refusals(place, request("承辦人", rounds=others)) == ["E650"]
    archive_figures(place, results("1/5"), reprint=True)
    assert refusals(place, request("自評", rounds=others)) == ["E650"]
    approve(place, "承辦人", rounds=others)
    assert state(place).rounds == others


def test_damage_of_the_version_is_told_with_its_file(place: Path) -> None:
    (path,) = (path for path in place.rglob("*.json") if path.read_bytes() == results())
    path.chmod(0o644)
    path.write_bytes(b"{}")
    archive, _ = open_archive(place)
    assert archive is not None
    approval, problems = edition_approval(archive, archive.editions[0])
    assert [problem.code for problem in problems] == ["E661", "E661", "E618"]
    assert approval.valid == ()


def test_another_spelling_of_the_agency_is_the_same(place: Path) -> None:
    archive_figures(place, agency=f"{AGENCY} ", reprint=True, pdf=b"another")
    approve(place, "複核", agency=AGENCY)
    (approval,), problems = all_approvals(sound(place))
    assert problems == ()
    assert approval.next_round == ""
