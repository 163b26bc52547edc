"""Units that are none: 達成與否 says that a comparison's verdict is the KPI's result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.formula.read import FormulaKind
from reportgen.names import name_key

if TYPE_CHECKING:
    from reportgen.formula.read import Formula

_VERDICT_UNITS: Final = frozenset(
    {"達成與否", "是否達成", "達成否", "是否", "是/否", "達成/未達成"}
)


def tells_verdict(formula: Formula) -> bool:
    """Whether the verdict is the result; such a formula is evaluated without its unit."""
    unit = formula.unit.text if formula.unit else ""
    return formula.kind is FormulaKind.COMPARISON and name_key(unit) in _VERDICT_UNITS
