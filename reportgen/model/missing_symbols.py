"""Symbols for missing figures, by Taiwan's statistical convention.

To add a symbol, add a member to :class:`MissingReason`. Reading, printing, results JSON, Excel
formulas, comparison, guidance texts and documentation derive from it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """The symbol for a missing figure, and the words that explain it."""

    text: str  # as printed, and as written into workbooks and results JSON
    spellings: tuple[str, ...]  # as it may be typed; reading ignores width (NFKC) besides
    rank: int  # of several missing figures the lowest is given: the easiest to mend
    meaning: str  # to whoever fills in the workbook
    meaning_en: str
    finding: str  # to whoever reads the results
    example: str = ""


class MissingReason(Enum):
    """The reasons for a missing figure."""

    BLANK = Symbol(
        text="尚未填寫",  # in JSON; a blank cell has no symbol
        spellings=(),
        rank=0,
        meaning="尚未填寫",
        meaning_en="blank",
        finding="尚未填寫",
    )
    NO_FIGURE = Symbol(
        text="-",
        spellings=("-", "－", "﹣"),
        rank=2,
        meaning="確無數值",
        meaning_en="no figure",
        finding="無此數字",
    )
    NOT_YET = Symbol(
        text="…",
        spellings=("…", "……", "...", "......", "⋯"),
        rank=1,
        meaning="尚未產生",
        meaning_en="not yet",
        finding="尚無資料",
    )
    MEANINGLESS = Symbol(
        text="--",
        spellings=("--", "－－"),
        rank=3,
        meaning="無意義",
        meaning_en="meaningless",
        finding="無意義",
        example="例如分母為零",
    )

    @property
    def symbol(self) -> str:
        """The symbol; of a blank cell its name in JSON, 尚未填寫."""
        return self.value.text

    @property
    def printed(self) -> str:
        """The text that documents print; of a blank cell （待填）."""
        return "（待填）" if self is MissingReason.BLANK else self.symbol

    @property
    def description(self) -> str:
        """The meaning with its example, such as ``無意義，例如分母為零``."""
        return "，".join(filter(None, (self.value.meaning, self.value.example)))

    @property
    def instruction(self) -> str:
        """The instruction for authors, such as ``確無數值請填「-」``."""
        return f"{self.value.meaning}請填「{self.symbol}」"

    @property
    def typed(self) -> str:
        """The text in a cell of the workbook; of a blank cell empty."""
        return "" if self is MissingReason.BLANK else self.symbol


SYMBOLS: Final = tuple(reason for reason in MissingReason if reason is not MissingReason.BLANK)
BY_RANK: Final = tuple(sorted(MissingReason, key=lambda reason: reason.value.rank))


def _normalize(text: str) -> str:
    """Return a text in NFKC without white space around it."""
    return unicodedata.normalize("NFKC", text).strip()


_BY_SPELLING: Final = {
    _normalize(spelling): reason for reason in SYMBOLS for spelling in reason.value.spellings
}


def find_reason(text: str) -> MissingReason | None:
    """Return the reason that a cell's text states, or None if it is no symbol.

    The symbol must be the whole text; width and white space around it do not matter. A blank
    text is None too, not BLANK.
    """
    return _BY_SPELLING.get(_normalize(text))


def first_reason(reasons: Iterable[MissingReason]) -> MissingReason:
    """Return the reason of lowest rank: one that can still be corrected comes first.

    Raises ValueError without any reason.
    """
    return min(reasons, key=BY_RANK.index)


def list_symbols(separator: str = "、") -> str:
    """Return the symbols that may be typed, joined by ``separator``: ``-、…、--``."""
    return separator.join(reason.symbol for reason in SYMBOLS)


def filling_instructions(before: str = "「", after: str = "」") -> str:
    """Return ``確無數值填「-」，尚未產生填「…」，無意義填「--」``, for authors.

    ``before`` and ``after`` enclose each symbol.
    """
    return "，".join(
        f"{reason.value.meaning}填{before}{reason.symbol}{after}" for reason in SYMBOLS
    )


def filling_instructions_en() -> str:
    """Return ``“-” for no figure, “…” for not yet, “--” for meaningless``, for authors."""
    return ", ".join(f"“{reason.symbol}” for {reason.value.meaning_en}" for reason in SYMBOLS)
