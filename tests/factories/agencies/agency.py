"""An agency, what it hands in, and what is known of it that its workbook does not say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING

from reportgen.workbook import write
from reportgen.workbook.writing.workbook_writer import write_rows
from tests.factories.agencies.cards import scorecard
from tests.factories.agencies.content import contents
from tests.factories.agencies.directory import order
from tests.factories.agencies.faults import drawn
from tests.factories.agencies.outline import outline
from tests.factories.agencies.picture import picture

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.model.scorecard import Picture, Scorecard
    from tests.factories.agencies.content import Contents
    from tests.factories.agencies.directory import Entry
    from tests.factories.agencies.faults import Fault


@dataclass(frozen=True, kw_only=True)
class Agency:
    """Agency number ``number`` (from 1) of a seed, the same whatever the count.

    Its workbook tells of ``parent`` and ``parent_objectives`` (own code → the parent's) only
    where it looks ``upwards``.
    """

    number: int
    seed: int
    entry: Entry
    fault: Fault | None = None
    upwards: bool = False

    @property
    def name(self) -> str:
        """機關名稱."""
        return self.entry.name

    @property
    def parent(self) -> str | None:
        """The name of the agency that it belongs to; that one's number is smaller."""
        return self.entry.parent or None

    @property
    def parent_objectives(self) -> Mapping[str, str]:
        """Which of the parent's objectives its own ones serve, by their codes."""
        return outline(self.seed, self.entry).parents

    @property
    def codes(self) -> tuple[str, ...]:
        """The errors that a check of its workbook must tell."""
        return () if self.fault is None else self.fault.codes

    @cached_property
    def contents(self) -> Contents:
        """What it says, before any fault."""
        return contents(self.seed, self.entry, upwards=self.upwards)

    @cached_property
    def scorecard(self) -> Scorecard:
        """What a reader finds in its workbook, if there is no fault."""
        return scorecard(self.contents.rows, self.contents.years, self._pictures)

    @property
    def _pictures(self) -> tuple[Picture, ...]:
        if not self.contents.has_picture:
            return ()
        chance = Random(f"{self.seed}/{self.name}/picture")
        return (picture(len(self.contents.rows["經營核心價值"]), chance),)

    @property
    def file_name(self) -> str:
        """``臺北市松山區公所_113-02-14.xlsx``."""
        return f"{self.name}_{self.contents.revised.edition}.xlsx"

    def workbook(self) -> bytes:
        """What it hands in."""
        if self.fault is not None and self.fault.instead is not None:
            return self.fault.instead
        target = BytesIO()
        if self.fault is None or self.fault.in_rows is None:
            write(self.scorecard, target)
            content = target.getvalue()
            return content if self.fault is None else self.fault.file(content)
        chance = Random(f"{self.seed}/{self.name}/fault")
        year = self.contents.years[-1]
        write_rows(
            self.fault.rows(self.contents.rows, year, chance),
            target,
            modified=self.contents.revised,
            years=self.contents.years,
            pictures=self._pictures,
        )
        return target.getvalue()

    def write(self, folder: Path) -> Path:
        """Put it into a folder, with whatever lies beside it."""
        place = folder / self.file_name
        place.write_bytes(self.workbook())
        for beginning, content in (self.fault.beside if self.fault else {}).items():
            (folder / f"{beginning}{place.name}").write_bytes(content)
        return place


def agency(number: int, seed: int, *, faulty: float = 0.0, upwards: bool = False) -> Agency:
    """Agency ``number`` from 1; raises IndexError beyond the last of :func:`order`.

    ``faulty`` is the share of agencies with a fault; with a larger share, the same ones keep
    theirs. ``upwards``: its workbook names its parent agency and that one's objectives.
    """
    if number < 1:
        raise IndexError(number)
    entry = order(seed)[number - 1]
    chance = Random(f"{seed}/{entry.name}/is faulty")
    is_faulty = chance.random() < faulty
    return Agency(
        number=number,
        seed=seed,
        entry=entry,
        fault=drawn(chance) if is_faulty else None,
        upwards=upwards,
    )
