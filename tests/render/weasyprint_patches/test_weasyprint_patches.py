"""WeasyPrint with functions of ours in place of its own draws the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.render import weasyprint_patches
from reportgen.render.weasyprint_patches.startup import load_weasyprint

CHECKOUT = Path(__file__).parents[3]
MANY = Path(__file__).with_name("patched.html").read_text("utf-8") + "很長的一段文字，" * 120
PRINT = f"""
import hashlib
from weasyprint import HTML
pdf = HTML(string={MANY!r}).write_pdf(
    pdf_variant="pdf/ua-1", pdf_identifier=b"1", uncompressed_pdf=True
)
print(len(pdf), hashlib.sha256(pdf).hexdigest())
"""


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(CHECKOUT), "SOURCE_DATE_EPOCH": "0"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def usual() -> str:
    return run(PRINT)


@pytest.mark.slow
def test_bytes_are_equal(usual: str) -> None:
    module = "reportgen.render.weasyprint_patches.startup"
    ours = f"from {module} import load_weasyprint; load_weasyprint()\n"
    assert run(ours + PRINT) == usual
    assert int(usual.split(maxsplit=1)[0]) > 20_000


def test_all_of_it_is_in_place() -> None:
    load_weasyprint()
    assert weasyprint_patches.versions_match()
    replaced = {name: getattr(owner, where) for name, (owner, where, _) in given().items()}
    functions = [each.fset if isinstance(each, property) else each for each in replaced.values()]
    assert all(each.__module__.startswith("reportgen.render.") for each in functions)
    import weasyprint.layout.block
    import weasyprint.layout.inline

    assert weasyprint.layout.block.resolve_percentages is replaced["percentages"]
    assert weasyprint.layout.inline.strut is replaced["strut"]


def given() -> dict[str, tuple[object, str, object]]:
    return dict(weasyprint_patches.patches())


def test_another_version_is_left_alone(usual: str) -> None:
    code = f"""
from reportgen.render import weasyprint_patches as faster
faster.PATCHED_VERSIONS["weasyprint"] = "70.1"
from reportgen.render.weasyprint_patches.startup import load_weasyprint; load_weasyprint()
import weasyprint.layout.percent
assert weasyprint.layout.percent.resolve_percentages.__module__ == "weasyprint.layout.percent"
{PRINT}"""
    assert run(code) == usual
