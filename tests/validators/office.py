"""Word and Excel files: openxml-audit (pure Python) and the Open XML SDK's own validator."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from typing import TYPE_CHECKING

from openxml_audit import FileFormat, OpenXmlValidator

from tests.validators import OPEN_XML_SDK

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

OFFICE_VERSION = "Office2019"
TOLERATED = {
    r"/xl/styles\.xml.*fonts\[1\]/.*font\[": (
        "openpyxl writes a font's parts in an order of its own, in every workbook; Excel reads it"
    ),
    r"/word/document\.xml: A required relationship type '[^']*/theme' is missing": (
        "a theme may be absent: every style names its fonts and colours itself"
    ),
    r"inline-string cell\(s\)": (
        "the standard allows texts inside their cells; Excel moves them when it saves"
    ),
}


def _reported(file: Path, found: Iterable[str]) -> list[str]:
    tolerated = re.compile("|".join(TOLERATED))
    return [f"{file.name}: {line}" for line in found if not tolerated.search(line)]


def audit_findings(file: Path) -> list[str]:
    """What openxml-audit finds."""
    return _reported(file, map(str, _auditor().validate(file).errors))


@cache
def _auditor() -> OpenXmlValidator:
    return OpenXmlValidator(file_format=FileFormat.OFFICE_2019)


def sdk_findings(file: Path) -> list[str]:
    """What the Open XML SDK finds."""
    done = subprocess.run(
        [OPEN_XML_SDK, file, "--officeVersion", OFFICE_VERSION], capture_output=True, check=False
    )
    if done.returncode not in (0, 1):
        return [f"{file.name}: not judged: {done.stderr!r}"]
    errors = json.loads(done.stdout)["errors"]
    return _reported(
        file, (f"{error['path']}{error['xPath']}: {error['description']}" for error in errors)
    )
