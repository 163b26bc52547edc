"""The form of an approval, as ``approve`` and ``archive verify`` print it with ``--json``."""

from __future__ import annotations

from typing import Annotated, TypedDict

from reportgen.approval import Action, SlipState
from reportgen.archive.stored_schema import Time
from reportgen.json_schema import Count, Day, Edition, Field, NonEmpty, Sha256, one_of, rule


class ChangedFigure(TypedDict):
    """A figure that differs from the approved one."""

    figure: Annotated[NonEmpty, Field("數值", "Which one: its KPI, year and kind.")]
    was: Annotated[str | None, Field("原值", "As approved; null if there was none.")]
    now: Annotated[str | None, Field("現值", "As it is now; null if there is none.")]


class CheckedSlipForm(TypedDict):
    """A slip and its state; what the slip says is null if it cannot be read."""

    number: Annotated[Count | None, Field("核章次序", "From 1.")]
    folder: Annotated[NonEmpty, Field("資料夾", "Its folder in the archive's object.")]
    sha256: Annotated[Sha256, Field("SHA-256", "Of its file.")]
    time: Annotated[Time, Field("封存時間", "ISO 8601, UTC.")]
    state: Annotated[str, one_of(SlipState), Field("狀態", "Only a valid slip counts.")]
    action: Annotated[
        str | None, rule(enum=(*map(str, Action), None)), Field("動作", "Approval or withdrawal.")
    ]
    role: Annotated[NonEmpty | None, Field("關卡", "The round that is approved.")]
    names: Annotated[list[NonEmpty] | None, Field("姓名", "Those who approve.")]
    date: Annotated[Day | None, Field("日期", "The day of approval, ISO 8601.")]
    remark: Annotated[str | None, Field("意見", "May be empty.")]
    withdraws: Annotated[Count | None, Field("撤回", "The slip withdrawn; null for an approval.")]
    entry: Annotated[Count | None, Field("次序", "The version's line in the log.")]
    key: Annotated[Sha256 | None, Field("金鑰", "Of the public key; null without a signature.")]
    signature_checked: Annotated[bool, Field("簽章已驗", "Whether a signature was verified.")]
    voided_by: Annotated[NonEmpty | None, Field("失效版次", "The version that made it void.")]
    changed_figures: Annotated[list[ChangedFigure], Field("變動的數值", "Why it is void.")]
    changed_files: Annotated[list[NonEmpty], Field("變動的檔案", "Why it is void.")]


class ApprovalForm(TypedDict):
    """The approval of an edition."""

    agency: Annotated[NonEmpty, Field("機關名稱", "The agency.")]
    edition: Annotated[Edition, Field("版次", "The ROC date of revision, 105-12-25.")]
    reprint: Annotated[Count, Field("重印次序", "Of the newest version; 0 for the first print.")]
    entry: Annotated[Count, Field("次序", "The line of the newest version in the log.")]
    rounds: Annotated[list[NonEmpty], Field("各關卡", "All rounds in their order.")]
    approved: Annotated[list[NonEmpty], Field("已核章", "The rounds that are approved.")]
    next: Annotated[NonEmpty | None, Field("下一關", "Null if all are approved.")]
    slips: Annotated[list[CheckedSlipForm], Field("核章單", "In their order.")]
