"""Milestones: stages with the share of the whole that is done with each, and words for them.

A text lists stages in a bracket or on lines of their own: ``規劃30%、設計60%、完工100%``,
``1.完成工程招標50%⏎2.工程完工100%``. Each is further than the one before and the last is 100 %,
so that weights such as 占70%、占30% are no stages.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.formula.rounding import exact_text
from reportgen.formula.tokens import pair_brackets
from reportgen.formula.trailing_notes import read_notes
from reportgen.text.name_matching import name_key, strip_invisible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PERCENTAGE: Final = r"[0-9]{1,3}(?:\.[0-9]{1,6})?%"
_SHARE_BEHIND: Final = re.compile(
    rf"(?:(?<![0-9.,])(?P<plain>{_PERCENTAGE})|\( ?(?P<within>{_PERCENTAGE}) ?\))\Z"
)
_NUMBERING: Final = re.compile(  # 1. 一、 (1) ①
    r"\(?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[.、)](?![0-9])|[①-⒛]"
)
_LETTER: Final = re.compile(r"[^\W\d_]")
# A comma within a name, as in 攤商搬遷、市場啟用100%, does not end it: a share does.
_PIECE_END: Final = re.compile(r"(?:(?<=%)|(?<=%\))|(?<=% \)))\s*(?:[、,;。.]?\s*\n|[、,;])|\n")
_CALCULATES: Final = re.compile(r"[=×÷*+≥≤≧≦<>]")
_UNIT: Final = re.compile(r"\s*(?:計量)?單位|\s*(?:數值)?直接填")
_SHARE_PREPOSITIONS: Final = ("為", "達", "至")  # 規劃達30%
MIN_STAGES: Final = 2
_COLON: Final = re.compile("[:：∶﹕]")
_SURROUNDING_CHARS: Final = " \n\u3000:：、,，"
_SHARE: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]+)?[%％﹪]")
# What may stand beside a stage's name and leaves it reached: 已完成細部設計, 設計階段完成.
# Anything else has a meaning of its own: 委託設計, 設計審查, 重新規劃.
NEUTRAL_STAGE_WORDS: Final = (
    *("業已", "已經", "階段", "作業", "程序", "完成", "達成", "達到", "完竣", "完畢"),
    *("細部", "基本", "初步", "全部", "整體", "主體", "工程", "已", "達"),
)
MIN_STAGE_CHARS: Final = 2  # characters of a part that stands for a whole name
_EXPECTATION_PREFIX: Final = re.compile(r"^(?:預計|預定|預期|應|須|達到|達)+")


@dataclass(frozen=True, slots=True)
class Stage:
    """A milestone: its name, and the share of the whole that is done with it (1 is all)."""

    name: str
    share: Fraction

    @property
    def percentage(self) -> str:
        """The share as it is written: ``60%``."""
        return f"{exact_text(self.share * 100)}%"


class StageList(NamedTuple):
    """The stages that a text lists as a whole, and the text before them."""

    head: str
    stages: tuple[Stage, ...]


def read_stages(text: str) -> tuple[Stage, ...]:
    """Return the stages of ``規劃30%、設計60%、完工100%``; empty for any other text.

    A text with an item or a caption before its stages is another: see :func:`read_stage_list`.
    """
    stage_list = read_stage_list(text)
    return stage_list.stages if stage_list and not stage_list.head else ()


def read_stage_list(text: str) -> StageList | None:
    """Return the stages that a text lists, with the item or the caption before them.

    None for fewer than MIN_STAGES, for shares that do not rise to just 100 %, if text other than
    stages follows the first one, and if a name is empty or has a sign of calculation.
    """
    folded = _fold_chars(text)
    if folded.count("%") < MIN_STAGES:
        return None
    pieces = list(_text_pieces(text.strip(" \n。.;；")))
    parsed = [_parse_stage(piece) for piece in pieces]
    count = next((position for position, stage in enumerate(parsed) if stage), len(parsed))
    stages = [stage for stage in parsed[count:] if stage]
    if len(stages) < MIN_STAGES or count + len(stages) < len(pieces):
        return None
    head = "".join(pieces[:count])
    if not head and sum(bool(_COLON.search(stage.name)) for stage in stages) == 1:
        head, _, name = _COLON.sub(":", stages[0].name).rpartition(":")
        stages[0] = Stage(name.strip(_SURROUNDING_CHARS), stages[0].share)
    shares = [stage.share for stage in stages]
    rises = all(earlier < later for earlier, later in itertools.pairwise(shares))
    texts = (head, *(stage.name for stage in stages))
    is_plain = all(texts[1:]) and not any(_CALCULATES.search(_fold_chars(part)) for part in texts)
    if not rises or shares[-1] != 1 or not is_plain:
        return None
    return StageList(head.strip(_SURROUNDING_CHARS), tuple(stages))


def _parse_stage(text: str) -> Stage | None:
    """Return the stage of a piece of text: its name, without numbering, and its share (0–1).

    None for a piece that does not end in a percentage or has no name. Whether the shares of
    several stages rise to just 100 % is checked by :func:`read_stage_list`.
    """
    text = text.strip()
    folded = _fold_chars(text)
    share = _SHARE_BEHIND.search(folded)
    if share is None:
        return None
    number = _NUMBERING.match(folded)
    start = number.end() if number else 0
    name = text[start : share.start()].strip()
    name = (name[:-1] if name.endswith(_SHARE_PREPOSITIONS) else name).strip(_SURROUNDING_CHARS)
    if not _LETTER.search(name):
        return None
    return Stage(name, Fraction((share["plain"] or share["within"])[:-1]) / 100)


def _text_pieces(text: str) -> Iterator[str]:
    """Yield the pieces of a text between shares and line breaks, blank ones left out."""
    start = 0
    for end in (*_PIECE_END.finditer(_fold_chars(text)), None):
        piece = text[start : end.start() if end else len(text)]
        start = end.end() if end else len(text)
        if strip_invisible(piece):
            yield piece


def _fold_chars(text: str) -> str:
    """Return a text of the same length with NFKC characters; circled numbers are kept."""
    normalized = (unicodedata.normalize("NFKC", char) for char in text)
    pairs = zip(text, normalized, strict=True)
    return "".join(
        folded_char if len(folded_char) == 1 and not "①" <= char <= "⒛" else char
        for char, folded_char in pairs
    )


def stages_in(text: str) -> tuple[Stage, ...]:
    """Return the stages that a formula lists, in its text or in a note; empty without any.

    The formula need not be readable otherwise.
    """
    brackets = pair_brackets(text)
    notes = read_notes(text, 0, brackets)
    end = next((note.span[0] for note in notes if _UNIT.match(note.text)), len(text))
    listed = read_stage_list(text[:end])
    if listed is not None:
        return listed.stages
    return next((note_stages for note in notes if (note_stages := read_stages(note.text))), ())


def is_share(text: str) -> bool:
    """Return whether a text is a share alone: the ``(25%)`` behind a stage's name."""
    return bool(_SHARE.fullmatch(strip_invisible(text)))


def common_stages(lists: Iterable[tuple[Stage, ...]]) -> tuple[Stage, ...]:
    """Return the stages that all of the lists contain, in the order of the first list.

    A stage must have the same name and share. Raises ValueError without any list.
    """
    first_list, *other_lists = lists
    return tuple(
        stage for stage in first_list if all(stage in other_list for other_list in other_lists)
    )


def stages_text(stages: Iterable[Stage]) -> str:
    """Return the stages in words, ``規劃（30%）、設計（60%）``."""
    return "、".join(f"{stage.name}（{stage.percentage}）" for stage in stages)


def stage_of(share: Fraction, stages: Iterable[Stage]) -> Stage | None:
    """Return the first stage with exactly this share (0–1); None if there is none."""
    return next((stage for stage in stages if stage.share == share), None)


def find_stage(text: str, stages: tuple[Stage, ...]) -> Stage | None:
    """Return the stage that a text names, as a whole or in part; None if none or several.

    ``完成細部設計`` is the stage 設計, of two such names the longer one; ``招標`` is 工程招標
    where no other name ends so. ``尚未完成設計``, ``設計審查`` and ``設計（30%）`` of 60 % are
    none: only the words of ``NEUTRAL_STAGE_WORDS`` and the stage's own share may stand beside it.
    """
    key = name_key(text)
    names = [name_key(stage.name) for stage in stages]
    if key in names:
        return stages[names.index(key)]
    contained = [name for name in names if name in key]
    longest = [
        name for name in contained if not any(name in longer != name for longer in contained)
    ]
    matching = [
        stage
        for stage, name in zip(stages, names, strict=True)
        if (name in longest and not _unexplained_text(key.replace(name, ""), stage))
        or (MIN_STAGE_CHARS <= len(key) < len(name) and name.endswith(key))
    ]
    return matching[0] if len(matching) == 1 else None


def _unexplained_text(remaining: str, stage: Stage) -> str:
    """Return the text beside a stage's name, without its share and words that change nothing."""
    for word in (f"({stage.percentage})", stage.percentage, *NEUTRAL_STAGE_WORDS):
        remaining = remaining.replace(word, "")
    return remaining


def find_target_stage(text: str, stages: tuple[Stage, ...]) -> Stage | None:
    """Return the stage that a target names, as :func:`find_stage`: ``預計完成設計`` names 設計."""
    return find_stage(_EXPECTATION_PREFIX.sub("", name_key(text)), stages)
