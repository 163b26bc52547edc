"""The form of ``build.json``, the manifest that each PDF carries."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from reportgen.json_schema import Field, NonEmpty, Sha256, rule


class ManifestRecord(TypedDict):
    """What a document was made of; its seal is made from this."""

    schema: Annotated[Literal["reportgen.build/1"], Field("格式", "The name of this form.")]
    document: Annotated[NonEmpty, Field("文件", "The folder of its template.")]
    workbooks: Annotated[
        dict[NonEmpty, Sha256],
        rule(minProperties=1),
        Field("活頁簿", "File name → SHA-256; of a comparison the newer workbook first."),
    ]
    template: Annotated[dict[NonEmpty, Sha256], Field("範本", "Path in its folder → SHA-256.")]
    versions: Annotated[dict[NonEmpty, str], Field("版本", "Program or library → version.")]
    fonts: Annotated[dict[NonEmpty, str], Field("字型", "Family → file name and size in bytes.")]
    approvals: NotRequired[
        Annotated[
            dict[NonEmpty, Sha256],
            Field("核章", "Approval slips that it prints, file → SHA-256; absent without any."),
        ]
    ]


class ManifestForm(ManifestRecord):
    """``build.json``: the same, with the seal."""

    seal: Annotated[
        str,
        rule(pattern="^[0-9A-HJKMNP-TV-Z]{32}$"),
        Field("查驗碼", "160 bits in Crockford's base 32; a page prints the beginning."),
    ]
