"""The table of bad workbooks as .ods: the same problems at the same cells, the same figures.

Cases that have no form in OpenDocument, and why:

* characters that XML cannot hold: Excel writes them as ``_x0001_``, which is plain text here;
* ``####`` as an error: it is how a program shows a narrow column, and no error of any formula;
* a day beyond the last one: a date is stored as a date, and has no number that could overflow;
* a result other than 0 that a program left: nothing in OpenDocument asks for a calculation.

What is wrong with a package (``tests.factories.bad.files``) is in
:mod:`tests.workbook.reading.opendocument.test_package`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reportgen.workbook.reading.zip_package import UnreadableError
from tests.end_to_end.test_bad_workbooks import HEAVY, by_name
from tests.factories.bad import contents, layout
from tests.factories.bad.outcome import outcome, sample
from tests.factories.open_documents import raw_of, sample_ods, written
from tests.factories.workbooks import sample_bytes
from tests.workbook.reading import test_shown_contents

if TYPE_CHECKING:
    from tests.factories.bad import Case

WITHOUT_FORM = {
    "a control character",
    "no character",
    "half of a character",
    "a column too narrow",
    "a figure in a date's format",
    "a result that a program left",
}
CASES = [
    each
    for each in (*layout.CASES, *contents.CASES, *test_shown_contents.CASES)
    if each.name not in HEAVY | WITHOUT_FORM and ("E132", "", "") not in each.found
]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_a_bad_workbook_is_met_as_its_excel_form(case: Case) -> None:
    content = case.make()
    try:
        raw = raw_of(content)
    except UnreadableError:
        pytest.fail("belongs to tests.factories.bad.files")
    card = outcome(content).scorecard
    found = outcome(written(raw, card.pictures if card else ()), file="105-12-25.ods")
    assert sorted(found.places()) == sorted(case.found)
    if found.figures is not None:
        assert (found.figures != sample().figures) is case.alters


def test_the_sample_is_the_same() -> None:
    found = outcome(sample_ods(), file="105-12-25.ods")
    assert found.scorecard == outcome(sample_bytes()).scorecard
    assert found.places() == []


def test_there_are_enough() -> None:
    assert len(CASES) > 280
