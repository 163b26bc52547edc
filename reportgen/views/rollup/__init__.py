"""View of a roll-up: the strings and chart sizes that the 彙整 document prints.

Decision-makers read the document, so it stays some tens of pages however many agencies there are:
long lists are cut to what matters, and state how much more is in 彙整.xlsx.
"""

from reportgen.views.rollup.rollup_document_view import RollUpView, rollup_view
from reportgen.views.rollup.wording import ROLLUP_SHEET_NAME

__all__ = ["ROLLUP_SHEET_NAME", "RollUpView", "rollup_view"]
