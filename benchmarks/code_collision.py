"""The cost of two documents that print the same code, for an author who can vary their workbooks.

``python -m benchmarks.code_collision`` takes the sample and a copy with another figure. Each gets a
comment at the end of its file, which no reader looks at, and the comment is varied until a code of
4, 5, 6, 7 and 8 characters is the same for both (a birthday search; the documents' other inputs
stay as they are). It prints the tries that each length took, and what the printed length takes at
the same rate. Then it builds the two documents that agree in 8 characters, archives the first, and
asks the archive for the codes of the second: it must not find them.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import openpyxl

from reportgen.provenance.manifest import MANIFEST_NAME, attachments, read_seal
from reportgen.provenance.seal import (
    ALPHABET,
    DIGEST_CHARS,
    OLD_CODE_CHARS,
    compute_seal,
    print_code,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT: Final = Path(__file__).parents[1]
SAMPLE: Final = ROOT / "inputs/105-12-25.xlsx"
NONCE_BYTES: Final = 8
TRIES_PER_TURN: Final = 4096
GPU_TRIES_PER_SECOND: Final = 10**9  # a guess in the attacker's favour: two SHA-256 for each
SECONDS_PER_YEAR: Final = 365.25 * 24 * 3600


def main() -> int:
    """Print the table and the archive's answers; return 1 if it finds the twin."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bases = _two_workbooks(folder)
        searchers = [
            _seal_numbers(base, _record(folder / f"base {number}", base))
            for number, base in enumerate(bases)
        ]
        print("characters   bits        tries   of 2^(bits/2)   seconds")
        rate = 0.0
        for chars in range(4, OLD_CODE_CHARS + 1):
            start = time.process_time()
            nonces, tries = _find_collision(searchers, 5 * chars)
            seconds = time.process_time() - start
            rate = tries / seconds
            ratio = tries / 2 ** (5 * chars / 2)
            print(f"{chars:10} {5 * chars:6} {tries:12,} {ratio:15.2f} {seconds:9.2f}")
        bits = 5 * DIGEST_CHARS
        years = 2 ** (bits / 2) / SECONDS_PER_YEAR
        print(
            f"{DIGEST_CHARS:10} {bits:6}  2^{bits // 2}: {years / rate:,.0f} years at this rate,"
            f" {years / GPU_TRIES_PER_SECOND:,.0f} years at 10^9 tries a second"
        )
        return _ask_archive(folder, [b + n for b, n in zip(bases, nonces, strict=True)])


def _two_workbooks(folder: Path) -> list[bytes]:
    """Return the sample and a copy with another figure, both ready for a comment.

    A zip's last two bytes are the length of its comment.
    """
    workbook = openpyxl.load_workbook(SAMPLE)
    sheet = workbook["年度資料"]
    cell, figure = next(
        (cell, cell.value)
        for row in sheet.iter_rows(min_row=5)  # below the years
        for cell in row[2:]
        if isinstance(cell.value, int | float)
    )
    sheet[cell.coordinate] = figure + 1
    workbook.save(folder / "changed.xlsx")
    return [
        path.read_bytes()[:-2] + NONCE_BYTES.to_bytes(2, "little")
        for path in (SAMPLE, folder / "changed.xlsx")
    ]


def _record(folder: Path, base: bytes) -> dict[str, Any]:
    """Return the ``build.json`` of a workbook's scorecard, as a build writes it."""
    content = _build(folder, base + bytes(NONCE_BYTES))
    record: dict[str, Any] = json.loads(attachments(content)[MANIFEST_NAME])
    assert compute_seal("", {k: v for k, v in record.items() if k != "seal"}).long == record["seal"]
    return record


def _seal_numbers(base: bytes, record: dict[str, Any]) -> Callable[[int], Iterator[int]]:
    """Return a function from a first nonce to the seals of the nonces from there, as numbers.

    It hashes what differs only; that it agrees with ``compute_seal`` is checked here.
    """
    workbook_state = hashlib.sha256(base)
    unsealed = {key: value for key, value in record.items() if key != "seal"}
    canonical = json.dumps(unsealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = unsealed["workbooks"][SAMPLE.name]
    before, _, after = canonical.partition(digest)
    record_state, ending = hashlib.sha256(before.encode()), after.encode()

    def numbers(first: int) -> Iterator[int]:
        for nonce in range(first, first + TRIES_PER_TURN):
            workbook = workbook_state.copy()
            workbook.update(nonce.to_bytes(NONCE_BYTES, "big"))
            state = record_state.copy()
            state.update(workbook.hexdigest().encode() + ending)
            yield int.from_bytes(state.digest()[:20], "big")

    number = _number(str(record["seal"]))
    assert next(numbers(0)) == number, "the search does not hash what a build hashes"
    return numbers


def _number(code: str) -> int:
    """Return the number that a long code writes in base 32."""
    value = 0
    for character in code:
        value = value << 5 | ALPHABET.index(character)
    return value


def _find_collision(
    searchers: list[Callable[[int], Iterator[int]]], bits: int
) -> tuple[list[bytes], int]:
    """Return the two comments whose seals agree in their first bits, and the tries it took."""
    known: tuple[dict[int, int], dict[int, int]] = ({}, {})
    # Another start for each length, so that no length profits from the tries of another.
    first = bits << 40
    tries = 0
    while True:
        for which, numbers in enumerate(searchers):
            for nonce, number in enumerate(numbers(first), first):
                tries += 1
                code = number >> (160 - bits)
                known[which][code] = nonce
                if code in known[1 - which]:
                    pair = (known[0][code], known[1][code])
                    return [nonce.to_bytes(NONCE_BYTES, "big") for nonce in pair], tries
        first += TRIES_PER_TURN


def _ask_archive(folder: Path, contents: list[bytes]) -> int:
    """Archive the first of two workbooks, and print what its codes and the other's find.

    Return 0 if the archive finds the first by its own code and nothing by any other, else 1.
    """
    seals = [
        read_seal(_build(folder / str(number), content)) for number, content in enumerate(contents)
    ]
    workbook = folder / "0" / SAMPLE.name
    archive = folder / "archive"
    _reportgen("archive", "add", str(workbook), "--archive", str(archive))
    short = seals[0][:OLD_CODE_CHARS]
    assert short == seals[1][:OLD_CODE_CHARS]
    questions = (
        ("archived", print_code(seals[0]), True),
        ("its twin", print_code(seals[1]), False),
        ("the 8 characters of both", f"{short[:4]}-{short[4:]}", False),
    )
    failed = False
    for label, code, expected in questions:
        found = _reportgen("archive", "show", code, "--archive", str(archive)) == 0
        failed |= found != expected
        print(f"archive show {code}  ({label}): {'found' if found else 'finds nothing'}")
    return int(failed)


def _build(folder: Path, content: bytes) -> bytes:
    """Return the PDF of a workbook's scorecard, built in a folder of its own."""
    folder.mkdir(exist_ok=True)
    (folder / SAMPLE.name).write_bytes(content)
    status = _reportgen("build", str(folder / SAMPLE.name), "-o", str(folder / "output"))
    assert status == 0, "the workbook cannot be built"
    (path,) = (folder / "output").rglob("*.pdf")
    return path.read_bytes()


def _reportgen(*arguments: str) -> int:
    """Return the exit status of a command of the program."""
    command = [sys.executable, "-m", "reportgen", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
