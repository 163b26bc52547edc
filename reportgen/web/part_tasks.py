"""Tasks of worker processes: parts are made for units, and read when they come back.

The first argument of each is ``report``, as in :mod:`reportgen.web.worker_tasks`.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from reportgen.problems import StoppedError, has_errors
from reportgen.web import serializers
from reportgen.web.state_store import write_atomic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from reportgen.problems.problem import Language
    from reportgen.sharing.workbook_merging import MergeReport
    from reportgen.web.api_types import PartsReport, ShareAnswer, SharedPartJson

    Report = Callable[[dict[str, Any]], None]

LANGUAGES: Final[tuple[Language, ...]] = ("zh-TW", "en")
MERGED_STEM: Final = "merged"
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the same parts give the same bytes


def share(report: Report, workbook: Path, due: str, suffix: str, target: Path) -> ShareAnswer:
    """Write a ZIP of a workbook for each unit to ``target``; return what is in it, and problems.

    ``due`` is shown on the parts, ``suffix`` is ``.xlsx`` or ``.ods``. With an error there is no
    part, and nothing is written.
    """
    from reportgen.sharing.edition_sharing import share_edition
    from reportgen.sharing.part_files import write_parts
    from reportgen.sharing.shared_edition import read_edition

    problems: tuple[Any, ...] = ()
    shared: list[SharedPartJson] = []
    with TemporaryDirectory(prefix="reportgen-share-") as name:
        try:
            edition, _ = read_edition(workbook)
            parts, problems = share_edition(edition, due)
            if not has_errors(problems):
                revised = edition.scorecard.revised
                files, more = write_parts(parts, Path(name), suffix, revised, replaces=True)
                problems += more
                write_atomic(target, _zipped(file.path for file in files))
                shared = [
                    {"owner": part.owner, "rows": part.row_count, "name": file.path.name}
                    for part, file in zip(parts, files, strict=True)
                ]
        except StoppedError as stop:
            problems += stop.problems
        hidden = f"{name}{os.sep}"
        return {"parts": shared, "problems": serializers.problems_json(problems, hidden)}


def _zipped(paths: Iterable[Path]) -> bytes:
    """Return a ZIP of files by their names, without the time of day."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.writestr(zipfile.ZipInfo(path.name, _ZIP_TIME), path.read_bytes())
    return buffer.getvalue()


def read_parts(
    report: Report, workbook: Path, folder: Path, names: Sequence[str], merges: Path
) -> PartsReport:
    """Return what merging the parts of a folder would do to a workbook; nothing is merged.

    The merged workbook and the tables of the report are written to a folder in ``merges``, which
    is named by the report's key. There is none if the workbook cannot be read.
    """
    from reportgen.sharing.merge_json import change_as_json, status_as_json
    from reportgen.sharing.workbook_merging import merge_workbook

    hidden = f"{folder}{os.sep}"
    paths = [folder / name for name in names]
    key = _key([workbook, *paths])
    try:
        merge = merge_workbook(workbook, paths, is_trial=True, folder=folder)
    except StoppedError as stop:
        problems = serializers.problems_json(stop.problems, hidden)
        return {"key": key, "units": [], "changes": [], "problems": problems}
    _write_merge(merge, merges / key, workbook.suffix)
    return {
        "key": key,
        "units": [status_as_json(status) for status in merge.statuses],
        "changes": [change_as_json(change) for change in merge.changes],
        "problems": serializers.problems_json(merge.problems, hidden),
    }


def _key(paths: Iterable[Path]) -> str:
    """Return what identifies files, their names and their contents."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.name}\0".encode("utf-8", "surrogatepass"))
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


def _write_merge(merge: MergeReport, folder: Path, suffix: str) -> None:
    """Write the merged workbook, and the report in each language, to a folder."""
    from reportgen.sharing.merge_tables import merge_report_workbook

    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / f"{MERGED_STEM}{suffix}", merge.content)
    for language in LANGUAGES:
        write_atomic(
            folder / f"delivery-{language}.xlsx", merge_report_workbook(merge, language, ".xlsx")
        )
