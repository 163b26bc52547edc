"""The time to read a workbook, beside a former commit's, in one run.

``python -m benchmarks.reading [REV]`` unpacks the program of REV (default: HEAD) into a temporary
folder and times both, turn by turn, in processes of their own: inputs/112-06-30.xlsx, and that
workbook with 5,000 more rows of figures as our program writes them, as Excel does (shared
strings) and with a formula in each row. It prints milliseconds of the processor and the ratio to
REV; nothing is asserted.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT: Final = Path(__file__).parents[1]
SAMPLE: Final = ROOT / "inputs/112-06-30.xlsx"
TURNS: Final = 5  # of each program
REPEATS: Final = 3  # readings of a workbook in a turn; the fastest counts
ROWS: Final = 5_000
_OFFICE: Final = "http://schemas.openxmlformats.org/"
_STRINGS_TYPE: Final = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.spreadsheetml.sharedStrings+xml"/>'
)
_STRINGS_RELATION: Final = (
    f'<Relationship Id="strings" Target="/xl/sharedStrings.xml" Type="{_OFFICE}officeDocument/'
    '2006/relationships/sharedStrings"/>'
).encode()
# What a process does: it reads the files that it is given, and prints its times.
_TIMER: Final = """
import json, sys, time
from pathlib import Path
from reportgen.workbook import read_bytes
contents = [Path(path).read_bytes() for path in sys.argv[2:]]
times = []
for content in contents:
    read_bytes(content)
    found = []
    for _ in range(int(sys.argv[1])):
        start = time.process_time()
        read_bytes(content)
        found.append((time.process_time() - start) * 1000)
    times.append(min(found))
print(json.dumps(times))
"""


def main() -> int:
    """Print the table; the exit code is 0 unless REV does not exist."""
    revision = sys.argv[1] if len(sys.argv) > 1 else "HEAD"
    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        _unpack(revision, folder)
        workbooks = {
            "112-06-30": SAMPLE.read_bytes(),
            f"{ROWS:,} more rows, as we write them": _longer(_inline),
            f"{ROWS:,} more rows, as Excel does": _longer(_shared),
            f"{ROWS:,} more rows, each with a formula": _longer(_computed),
        }
        files = []
        for number, content in enumerate(workbooks.values()):
            files.append(folder / f"{number}.xlsx")
            files[-1].write_bytes(content)
        former, present = _times(folder, files), _times(ROOT, files)
        for _ in range(TURNS - 1):
            former = [min(pair) for pair in zip(former, _times(folder, files), strict=True)]
            present = [min(pair) for pair in zip(present, _times(ROOT, files), strict=True)]
    print(f"{'':40}{'ms':>9}{revision[:10]:>12}{'ratio':>8}")
    for title, now, before in zip(workbooks, present, former, strict=True):
        print(f"{title:40}{now:>9.1f}{before:>12.1f}{now / before:>8.2f}")
    return 0


def _inline(row: int) -> str:
    text = f'<c r="A{row}" t="inlineStr"><is><t>新增的資料項目 {row}</t></is></c>'
    return text + "".join(f'<c r="{letter}{row}"><v>{row}</v></c>' for letter in "DEF")


def _shared(row: int) -> str:
    numbers = "".join(f'<c r="{letter}{row}"><v>{row}</v></c>' for letter in "DEF")
    return f'<c r="A{row}" t="s"><v>{row}</v></c>{numbers}'


def _computed(row: int) -> str:
    return f'{_inline(row)}<c r="J{row}"><f>D{row}+E{row}</f><v>{2 * row}</v></c>'


def _longer(cells: Callable[[int], str]) -> bytes:
    """Return the sample with more rows in 年度資料."""
    target = BytesIO()
    with ZipFile(SAMPLE) as source, ZipFile(target, "w", ZIP_DEFLATED) as zipped:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet7.xml":  # 年度資料
                rows = "".join(f'<row r="{n}">{cells(n)}</row>' for n in range(101, 101 + ROWS))
                content = content.replace(b"</sheetData>", f"{rows}</sheetData>".encode())
            elif name == "[Content_Types].xml":
                content = content.replace(b"</Types>", _STRINGS_TYPE + b"</Types>")
            elif name == "xl/_rels/workbook.xml.rels":
                content = content.replace(b"</Rel", _STRINGS_RELATION + b"</Rel")
            zipped.writestr(name, content)
        texts = "".join(f"<si><t>新增的資料項目 {n}</t></si>" for n in range(101 + ROWS))
        zipped.writestr(
            "xl/sharedStrings.xml", f'<sst xmlns="{_OFFICE}spreadsheetml/2006/main">{texts}</sst>'
        )
    return target.getvalue()


def _unpack(revision: str, folder: Path) -> None:
    command = ["git", "-C", str(ROOT), "archive", revision, "reportgen"]
    packed = subprocess.run(command, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")


def _times(folder: Path, files: Sequence[Path]) -> list[float]:
    """Return the milliseconds for each file, by the program in ``folder``."""
    process = subprocess.run(
        [sys.executable, "-c", _TIMER, str(REPEATS), *map(str, files)],
        capture_output=True,
        check=True,
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        text=True,
    )
    times: list[float] = json.loads(process.stdout)
    return times


if __name__ == "__main__":
    sys.exit(main())
