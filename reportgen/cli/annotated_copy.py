"""``check --annotate``: annotated copies and their file names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.atomic_files import WrittenFile
    from reportgen.problems import Problem
    from reportgen.problems.problem import Language

COPY_SUFFIX = "_檢查"
_COPY_NAME = re.compile(rf"(.+){COPY_SUFFIX}(\d*)")


@dataclass(slots=True)
class AnnotatedCopies:
    """The annotated copies of one run, each under a name of its own."""

    folder: Path | None  # None: beside each workbook
    language: Language
    _used_paths: set[Path] = field(default_factory=set)

    def write(
        self, workbook: Path, problems: tuple[Problem, ...]
    ) -> tuple[WrittenFile | None, tuple[Problem, ...]]:
        """Write a copy of a workbook with the problems marked, and return the written file.

        None if that fails; the problems are those of writing, not those that are marked.
        """
        from reportgen.pipeline import annotate

        copy = self.copy_path(workbook)
        return annotate(workbook, problems, self.language, copy)

    def copy_path(self, workbook: Path) -> Path:
        """Return and reserve the path of a workbook's copy: ``105-12-25_檢查.xlsx``.

        For a workbook that is such a copy it is ``105-12-25_檢查2.xlsx``. The path is neither the
        workbook itself nor another copy of this run; an older copy there will be replaced.
        """
        match = _COPY_NAME.fullmatch(workbook.stem)
        stem, number = (match[1], int(match[2] or 1) + 1) if match else (workbook.stem, 1)
        folder = workbook.parent if self.folder is None else self.folder
        while True:
            count = "" if number == 1 else str(number)
            path = folder / f"{stem}{COPY_SUFFIX}{count}{workbook.suffix}"
            if path.resolve() not in self._used_paths | {workbook.resolve()}:
                self._used_paths.add(path.resolve())
                return path
            number += 1
