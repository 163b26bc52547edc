"""The form of ``slip.json``, an approval slip in the archive."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from reportgen.approval.slip import Action
from reportgen.json_schema import Count, Day, Edition, Field, NonEmpty, Sha256, one_of, rule

Digest = Annotated[str, rule(pattern=r"^([0-9a-f]{64})?$")]  # SHA-256, or empty


class SlipForm(TypedDict):
    """An approval of an archived version of an edition, or its withdrawal."""

    schema: Annotated[Literal["reportgen.approval-slip/1"], Field("格式", "Name of this form.")]
    archive: Annotated[NonEmpty, Field("封存", "The identifier of the archive.")]
    agency: Annotated[NonEmpty, Field("機關名稱", "The agency.")]
    edition: Annotated[Edition, Field("版次", "The ROC date of revision, 105-12-25.")]
    reprint: Annotated[Count, Field("重印次序", "0 for the first print.")]
    entry: Annotated[Count, Field("次序", "The number of the version's line in the log.")]
    entry_sha256: Annotated[Sha256, Field("該行雜湊值", "The hash of this line.")]
    number: Annotated[Count, Field("核章次序", "Of the slip among those of the edition, from 1.")]
    previous: Annotated[Sha256, Field("前一張", "Of the slip before; zeros for the first.")]
    action: Annotated[str, one_of(Action), Field("動作", "An approval, or a withdrawal.")]
    role: Annotated[NonEmpty, Field("關卡", "The round that is approved.")]
    rounds: Annotated[list[NonEmpty], Field("各關卡", "All rounds in their order.")]
    names: Annotated[list[NonEmpty], Field("姓名", "Those who approve.")]
    date: Annotated[Day, Field("日期", "The day of approval, ISO 8601.")]
    remark: Annotated[str, Field("意見", "May be empty.")]
    withdraws: Annotated[
        Count, Field("撤回", "The number of the slip that is withdrawn; 0 for an approval.")
    ]
    documents: Annotated[dict[NonEmpty, Sha256], Field("文件", "Path → SHA-256.")]
    made_from: Annotated[
        dict[NonEmpty, Sha256], Field("來源", "Workbook and templates: path → SHA-256.")
    ]
    figures: Annotated[Digest, Field("數值", "Of results.json; empty without one.")]
    key: Annotated[
        Digest, Field("金鑰", "Of the public key of the signature; empty without a signature.")
    ]
