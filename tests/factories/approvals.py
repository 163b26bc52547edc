"""Archives with approved editions, small enough to be altered thousands of times."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from reportgen.approval import SlipRequest, edition_approval, write_slip
from reportgen.archive import archive_submission, find_edition
from tests.factories.archives import AGENCY, sound, submission

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.approval import EditionApproval, SlipReceipt
    from reportgen.approval.slip_signature import SigningKey
    from reportgen.archive import ArchiveReceipt

EDITION = "105-12-25"
TODAY = date(2017, 1, 5)
FIGURES = f"documents/{AGENCY}_執行成果_{EDITION}.json"


def results(actual: str = "1/10", shown: str = "10%", pupils: str = "17") -> bytes:
    """A results.json of one KPI with a target, an input, a weighted rate and a check."""

    def figure(exact: str, printed: str) -> dict[str, Any]:
        return {"exact": exact, "decimal": None, "shown": printed, "missing": None}

    cell = {"component": "", **figure(pupils, pupils), "unit": "人", "factor": "1"}
    item = {"name": "學員數", "total": figure(pupils, pupils), "cells": [cell | AT]}
    year: dict[str, Any] = {
        "year": 105,
        "printed": True,
        "actual": figure(actual, shown),
        "threshold": None,
        "target": {"low": "1/5", "high": "1/5", "shown": "20%", **AT},
        "rate": figure("1/2", "50%"),
        "verdict": "未達成",
        "light": None,
        "inputs": [item],
    }
    kpi = {"code": "F1.1", "name": "滿意度", "weight": "1", "years": [year]}
    roll_up = {"code": "F", "year": 105, "rate": figure("1/2", "50%"), "so_far": None}
    side = {"left": figure("3", "3"), "right": figure("3", "3"), "holds": True}
    check = {"rule": {"text": "甲＝乙", **AT}, "note": "", "years": [{"year": 105, **side}]}
    fields = {"schema": "reportgen.results/1", "kpis": [kpi], "roll_ups": [roll_up]}
    return json.dumps(fields | {"checks": [check]}, ensure_ascii=False).encode()


AT = {"sheet": "年度資料", "cell": "E5"}


def archive_figures(
    folder: Path, figures: bytes | None = None, *, workbook: bytes = b"", **given: Any
) -> ArchiveReceipt:
    """Archive an edition, or a reprint, with figures: those of :func:`results` by default."""
    package = submission(EDITION, **given)
    files = {**package.files, FIGURES: results() if figures is None else figures}
    if workbook:
        files[f"source/{EDITION}.xlsx"] = workbook
    receipt, problems = archive_submission(folder, submission(EDITION, **given, files=files))
    assert problems == ()
    assert receipt is not None
    return receipt


def request(role: str = "自評", *names: str, **given: Any) -> SlipRequest:
    """A slip that is asked for, of today, by 王小明 unless names are given."""
    fields: dict[str, Any] = {"edition": EDITION, "day": TODAY, "today": TODAY} | given
    return SlipRequest(role=role, names=names or ("王小明",), **fields)


def approve(
    folder: Path, role: str, *names: str, key: SigningKey | None = None, **given: Any
) -> SlipReceipt:
    """Approve a round that nothing speaks against."""
    receipt, problems = write_slip(folder, request(role, *names, key=key, **given))
    assert problems == ()
    assert receipt is not None
    return receipt


def refusals(folder: Path, wanted: SlipRequest) -> list[str]:
    """The codes for which a slip is not written."""
    receipt, problems = write_slip(folder, wanted)
    assert receipt is None
    return [problem.code for problem in problems]


def state(folder: Path, *codes: str) -> EditionApproval:
    """The approval of the edition, with just these problems; every byte of the archive is right."""
    archive = sound(folder)
    entry, _ = find_edition(archive, EDITION)
    assert entry is not None
    approval, problems = edition_approval(archive, entry)
    assert [problem.code for problem in problems] == list(codes)
    return approval
