"""What other programs say of the files that we make: a list of findings, empty if clean.

``page`` and ``openxml-audit`` are Python packages and always there. veraPDF and the Open XML
SDK need Java and Node; ``make setup`` fetches them. ``needs`` skips a test where they are
missing, unless VALIDATORS=required says that they must be there.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CACHE = Path(__file__).parents[2] / ".cache"
VERAPDF = CACHE / "verapdf/cli.jar"
OPEN_XML_SDK = CACHE / "ooxml/node_modules/.bin/ooxml-validator"


def needs(validator: Path) -> None:
    """Skip, or fail where validators are required, when this one is not installed."""
    if validator.exists():
        return
    reason = f"{validator.name} is not installed: make setup"
    if os.environ.get("VALIDATORS") == "required":
        pytest.fail(reason)
    pytest.skip(reason)
