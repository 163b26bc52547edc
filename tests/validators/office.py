"""Word and Excel files: openxml-audit (pure Python) and the Open XML SDK's own validator."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

from openxml_audit import FileFormat, OpenXmlValidator

from tests.validators import OPEN_XML_SDK

if TYPE_CHECKING:
    from pathlib import Path

OFFICE_VERSION = "Office2019"
TOLERATED = {
    "/xl/styles.xml/x:styleSheet[1]/x:fonts[1]/x:font[": (
        "openpyxl writes a font's parts in an order of its own, in every workbook; Excel reads it"
    ),
}


def audit_findings(file: Path) -> list[str]:
    """What openxml-audit finds."""
    result = OpenXmlValidator(file_format=FileFormat.OFFICE_2019).validate(file)
    return [f"{file.name}: {error}" for error in result.errors]


def sdk_findings(file: Path) -> list[str]:
    """What the Open XML SDK finds."""
    done = subprocess.run(
        [OPEN_XML_SDK, file, "--officeVersion", OFFICE_VERSION], capture_output=True, check=False
    )
    if done.returncode not in (0, 1):
        return [f"{file.name}: not judged: {done.stderr!r}"]
    errors = json.loads(done.stdout)["errors"]
    found = [f"{error['path']}{error['xPath']}: {error['description']}" for error in errors]
    return [f"{file.name}: {line}" for line in found if not line.startswith(tuple(TOLERATED))]
