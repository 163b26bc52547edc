"""Slips in rounds: what may be approved when, and what is refused with a remedy that works."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.approval import SlipState, write_slip
from reportgen.approval.slip import NO_PREVIOUS_SLIP
from reportgen.archive.digests import sha256
from tests.factories.approvals import (
    FIGURES,
    TODAY,
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
    archive_figures(tmp_path / "a")
    return tmp_path / "a"


def test_a_slip_is_bound_to_the_very_bytes(place: Path) -> None:
    first, second = approve(place, "自評").slip, approve(place, "初核", "李大同", "陳美").slip
    (entry,) = sound(place).editions
    digests = {file.path: file.sha256 for file in entry.files}
    assert first.documents == {
        path: digest for path, digest in digests.items() if path.startswith("documents/")
    }
    assert first.documents[FIGURES] == first.figures == sha256(results())
    assert set(first.made_from) == {
        "source/105-12-25.xlsx",
        "templates/scorecard/document.html",
    }
    assert (first.agency, first.edition, first.reprint) == (AGENCY, "105-12-25", 0)
    assert (first.entry, first.entry_sha256) == (entry.number, entry.hash)
    assert first.previous == NO_PREVIOUS_SLIP
    assert second.previous == state(place).slips[0].digest
    assert second.names == ("李大同", "陳美")


def test_rounds_come_in_order(place: Path) -> None:
    assert state(place).next_round == "自評"
    assert refusals(place, request("初核")) == ["E651"]
    assert refusals(place, request("複核")) == ["E651"]
    assert refusals(place, request("決行")) == ["E650"]
    for role in ("自評", "初核", "複核"):
        assert state(place).next_round == role
        approve(place, role)
    assert state(place).approved == ("自評", "初核", "複核")
    assert state(place).next_round == ""


def test_a_skipped_round_is_told_with_a_remedy_that_works(place: Path) -> None:
    _, (problem,) = write_slip(place, request("複核"))
    assert "自評、初核" in problem.message()
    assert "reportgen approve 105-12-25 --role 自評 --name" in problem.fix()
    approve(place, "自評")
    _, (problem,) = write_slip(place, request("複核"))
    assert "--role 初核 " in problem.fix()
    approve(place, "初核")
    approve(place, "複核")


def test_the_same_round_again_adds_a_slip(place: Path) -> None:
    approve(place, "自評", "王小明")
    approve(place, "自評", "李大同")
    approve(place, "初核")
    found = state(place)
    assert [slip.names for slip in found.valid] == [("王小明",), ("李大同",), ("王小明",)]
    assert refusals(place, request("自評")) == ["E652"]  # 初核 was given for what it had seen


def test_a_withdrawal_opens_the_round_again(place: Path) -> None:
    approve(place, "自評")
    approve(place, "初核")
    reason: dict[str, Any] = {"remark": "數字待查"}
    assert refusals(place, request(withdraws=1, **reason)) == ["E652"]
    assert refusals(place, request(withdraws=2)) == ["E658"]  # without a reason
    assert refusals(place, request(withdraws=7, **reason)) == ["E657"]
    slip = approve(place, "", "陳美", withdraws=2, **reason).slip
    assert (slip.role, slip.withdraws, slip.names) == ("初核", 2, ("陳美",))
    found = state(place)
    assert [checked.state for checked in found.slips] == [
        SlipState.VALID,
        SlipState.WITHDRAWN,
        SlipState.WITHDRAWAL,
    ]
    assert found.next_round == "初核"
    assert refusals(place, request(withdraws=2, **reason)) == ["E657"]  # it is withdrawn already
    approve(place, "初核")
    assert state(place).next_round == "複核"


def test_one_of_two_slips_of_a_round_may_be_withdrawn(place: Path) -> None:
    approve(place, "自評", "王小明")
    approve(place, "自評", "李大同")
    approve(place, "初核")
    approve(place, "", withdraws=1, remark="離職")
    assert state(place).approved == ("自評", "初核")
    assert refusals(place, request(withdraws=2, remark="離職")) == ["E652"]


def test_dates_go_forward(place: Path) -> None:
    day = timedelta(days=1)
    assert refusals(place, request("自評", day=TODAY + day)) == ["E654"]
    approve(place, "自評", day=TODAY - day)
    assert refusals(place, request("初核", day=TODAY - 2 * day)) == ["E654"]
    approve(place, "初核", day=TODAY - day)


@pytest.mark.parametrize(
    "names", [("",), (" 王",), ("王\n小明",), ("王" * 41,), ("王", "王"), ("王\u202e",)]
)
def test_names_that_no_slip_can_have(place: Path, names: tuple[str, ...]) -> None:
    assert "E658" in refusals(place, request("自評", *names))


def test_remarks_that_no_slip_can_have(place: Path) -> None:
    for remark in ("長" * 501, "a\nb", " "):
        assert refusals(place, request("自評", remark=remark)) == ["E658"], remark
    approve(place, "自評", remark="同意，附表二請補註　𡍼")


def test_what_cannot_be_approved(tmp_path: Path) -> None:
    assert refusals(tmp_path / "none", request()) == ["E604"]
    add(tmp_path / "a")
    assert refusals(tmp_path / "a", request()) == ["E653"]  # it has no figures
    assert refusals(tmp_path / "a", request(edition="106-01-01")) == ["E613"]
    assert refusals(tmp_path / "a", request(edition="x")) == ["E612"]


def test_an_older_version_cannot_be_approved(place: Path) -> None:
    archive_figures(place, results("1/5"), reprint=True)
    assert refusals(place, request(edition="105-12-25#0")) == ["E659"]
    assert refusals(place, request(entry=1)) == ["E659"]  # its rounds were read before
    approve(place, "自評", edition="105-12-25#1")


def test_an_edition_that_is_damaged_cannot_be_approved(place: Path) -> None:
    (path,) = (path for path in place.rglob("*.json") if path.read_bytes() == results())
    path.chmod(0o644)
    path.write_bytes(b"{}")
    assert refusals(place, request()) == ["E618"]


@pytest.mark.slow
def test_approvals_at_once_do_not_lose_one_another(place: Path) -> None:
    fork = multiprocessing.get_context("fork")
    names = [f"第{number}位" for number in range(8)]
    running = [fork.Process(target=approve, args=(place, "自評", name)) for name in names]
    for process in running:
        process.start()
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0] * len(names)
    found = state(place)
    assert sorted(slip.names[0] for slip in found.valid) == names
    assert [slip.number for slip in found.valid] == list(range(1, 9))
