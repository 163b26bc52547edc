"""A slip is read back as it was written, and nothing else is a slip."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.approval.slip import (
    Action,
    InvalidSlipError,
    Slip,
    parse_slip,
    slip_content,
    unusable_texts,
)

SLIP = Slip(
    archive="ab" * 16,
    agency="臺北市教師研習中心",
    edition="105-12-25",
    reprint=0,
    entry=1,
    entry_sha256="ab" * 32,
    number=1,
    previous="0" * 64,
    action=Action.APPROVE,
    role="自評",
    rounds=("自評", "初核"),
    names=("王小明",),
    date="2017-01-05",
    remark="",
    withdraws=0,
    documents={"documents/a.pdf": "ab" * 32},
    made_from={"source/a.xlsx": "ab" * 32},
    figures="ab" * 32,
    key="",
)
NAMES = st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=12)


@pytest.mark.slow
@given(NAMES, st.text(max_size=600))
def test_it_is_read_back(names: list[str], remark: str) -> None:
    slip = replace(SLIP, names=tuple(names), remark=remark)
    if unusable_texts(slip.names, remark):
        with pytest.raises((InvalidSlipError, UnicodeEncodeError)):
            parse_slip(slip_content(slip))
    else:
        assert parse_slip(slip_content(slip)) == slip


@pytest.mark.parametrize(
    "changes",
    [
        {"date": "1911-12-31"},
        {"date": "2017-02-30"},
        {"date": "20170105"},
        {"role": ""},
        {"number": -1},
        {"number": 1.0},
        {"withdraws": None},
        {"rounds": [1]},
        {"documents": {"a": 1}},
        {"documents": []},
        {"remark": None},
        {"action": "reject"},
        {"more": ""},
    ],
)
def test_what_is_no_slip(changes: dict[str, Any]) -> None:
    fields = json.loads(slip_content(SLIP)) | changes
    content = (json.dumps(fields, ensure_ascii=False, indent=1) + "\n").encode()
    with pytest.raises(InvalidSlipError):
        parse_slip(content)
