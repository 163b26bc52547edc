"""Differences between the computed figures of two versions of an edition.

Both are given as ``results.json`` (``reportgen.results/1``), as they were archived.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIGURES: Final = {  # key of a year's result → its name
    "actual": "實績值",
    "threshold": "門檻",
    "target": "目標值",
    "rate": "達成率",
    "verdict": "達成情形",
    "light": "燈號",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChange:
    """A figure that is not what it was; "" stands for a side that lacks it."""

    figure: str  # F1.1 105年 實績值
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.figure} {self.was or '—'} → {self.now or '—'}"


def figure_changes(old: bytes, new: bytes) -> tuple[FigureChange, ...]:
    """Return the figures that differ, KPIs first, then weighted rates, checks and inputs.

    Empty if no figure differs, though names or formulas may. Exact values are compared, so that a
    change behind the printed digits counts. Content that is no results.json has no figures.
    """
    before, after = _figures(old), _figures(new)
    return tuple(
        FigureChange(figure=name, was=_shown(before.get(name)), now=_shown(after.get(name)))
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    )


_Figure = tuple[str, str]  # as shown, exact


def _shown(figure: _Figure | None) -> str:
    """Return a figure as it is shown, with the exact value if that alone tells it apart."""
    if figure is None:
        return ""
    shown, exact = figure
    return shown if exact in ("", shown) else f"{shown}（{exact}）"


def _figures(content: bytes) -> dict[str, _Figure]:
    """Return every figure of a results.json by its name; {} for other content."""
    try:
        results = json.loads(content)
        return {
            **dict(_kpi_figures(results["kpis"])),
            **dict(_weighted_rates(results["roll_ups"])),
            **dict(_check_figures(results["checks"])),
            **_inputs(results["kpis"]),
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _kpi_figures(kpis: list[dict[str, Any]]) -> Iterator[tuple[str, _Figure]]:
    """Yield the weight of each KPI, and all that is computed of it for each year."""
    for kpi in kpis:
        if kpi["weight"] is not None:
            yield f"{kpi['code']} 權重", (kpi["weight"], "")
        for year in kpi["years"]:
            for key, name in _FIGURES.items():
                if year[key] is not None:
                    yield f"{kpi['code']} {year['year']}年 {name}", _figure(year[key])


def _figure(value: Any) -> _Figure:
    """Return a figure of results.json: a text, or an object with ``shown`` and exact values."""
    if isinstance(value, str):
        return value, ""
    exact = value["exact"] if "exact" in value else f"{value['low']}–{value['high']}"
    return value["shown"], exact or value.get("missing") or ""


def _weighted_rates(roll_ups: list[dict[str, Any]]) -> Iterator[tuple[str, _Figure]]:
    """Yield the weighted achievement rates."""
    for roll_up in roll_ups:
        name = f"{roll_up['code']} {roll_up['year']}年 加權達成率".strip()
        for key in ("rate", "so_far"):
            if roll_up[key] is not None:
                yield f"{name}（至今）" if key == "so_far" else name, _figure(roll_up[key])


def _check_figures(checks: list[dict[str, Any]]) -> Iterator[tuple[str, _Figure]]:
    """Yield both sides of each cross-check."""
    for check in checks:
        for year in check["years"]:
            for key, side in (("left", "左"), ("right", "右")):
                if year[key] is not None:
                    name = f"勾稽「{check['rule']['text']}」{year['year']}年 {side}"
                    yield name, _figure(year[key])


def _inputs(kpis: list[dict[str, Any]]) -> dict[str, _Figure]:
    """Return the figures of 年度資料 that formulas use, by year of the KPI, name and component.

    Where one name stands for several figures, they are one text, in their order.
    """
    figures: dict[str, dict[_Figure, None]] = {}
    for kpi in kpis:
        for year in kpi["years"]:
            for item in year["inputs"]:
                for cell in item["cells"]:
                    component = f"（{cell['component']}）" if cell["component"] else ""
                    name = f"{year['year']}年 {item['name']}{component}"
                    figures.setdefault(name, {})[_figure(cell)] = None
    return {
        name: ("、".join(shown for shown, _ in found), "、".join(exact for _, exact in found))
        for name, found in figures.items()
    }
