"""Measurements as Markdown tables."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.contenders import own, weasyprint_stock
from benchmarks.contenders.processes import Took

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.contenders.contender import Contender
    from benchmarks.contenders.made import Made
    from benchmarks.contenders.measure import Figures

_OWN: dict[tuple[str, ...], str] = {("pdf",): own.PDF, ("docx",): own.WORD}
_KINDS = {"pdf": "PDF", "docx": "Word"}
_BEGINNINGS = {
    "workbook": "workbook",
    "html": "ready HTML",
    "view": "ready strings",
    "docx": "our Word file",
}


def machine() -> str:
    """Return a description of the machine: processor, cores, memory, system."""
    model = platform.processor() or platform.machine()
    about = Path("/proc/cpuinfo")
    if about.is_file():
        lines = (line.partition(":") for line in about.read_text("utf-8").splitlines())
        model = next((value.strip() for key, _, value in lines if "model name" in key), model)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()},"
        f" Python {platform.python_version()}"
    )


def cold_table(contenders: Sequence[Contender], figures: Figures) -> str:
    """Return the table of a process per document."""
    heads = ("begins from", "makes", "clock s", "CPU s", *_RATIOS, "MiB at most")

    def cells(contender: Contender) -> list[str]:
        return [
            _BEGINNINGS[contender.begins],
            " + ".join(_KINDS[kind] for kind in contender.makes),
            *_took(contender, figures, lambda took: (f"{took.clock:.2f}", f"{took.cpu:.2f}")),
        ]

    return _table(_by_themselves(contenders), heads, cells)


def warm_table(contenders: Sequence[Contender], figures: Figures) -> str:
    """Return the table of warm processes."""
    heads = ("kept warm as", "clock ms", "CPU ms", *_RATIOS, "MiB held")

    def cells(contender: Contender) -> list[str]:
        return [
            contender.warm_note,
            *_took(
                contender,
                figures,
                lambda took: (f"{1000 * took.clock:.0f}", f"{1000 * took.cpu:.0f}"),
            ),
        ]

    return _table(contenders, heads, cells)


def batch_table(contenders: Sequence[Contender], figures: Figures, count: int) -> str:
    """Return the table of many documents on all cores."""
    heads = ("by", "documents/s", "CPU ms each", *_RATIOS, "MiB at most")

    def cells(contender: Contender) -> list[str]:
        return [
            _way(contender),
            *_took(
                contender,
                figures,
                lambda took: (f"{count / took.clock:.1f}", f"{1000 * took.cpu / count:.0f}"),
            ),
        ]

    return _table(_by_themselves(contenders), heads, cells)


def growth_table(
    contenders: Sequence[Contender],
    kpis: Sequence[int],
    pages: Sequence[int],
    figures_by_size: list[Figures],
) -> str:
    """Return processor time and memory by the size of the document."""
    heads = [
        f"{kpi_count} KPIs, {page_count} pages"
        for kpi_count, page_count in zip(kpis, pages, strict=True)
    ]

    def cells(contender: Contender) -> list[str]:
        costs = [figures[contender.name] for figures in figures_by_size]
        texts = [f"{cost.cpu:.2f}" if isinstance(cost, Took) else cost for cost in costs]
        runs = [cost for cost in costs if isinstance(cost, Took)]
        if len(runs) < len(costs) or len(runs) < 3:
            return [*texts, "–", "–"]
        first = _slope(runs[0], runs[-2], pages[-2] - pages[0])
        last = _slope(runs[-2], runs[-1], pages[-1] - pages[-2])
        memory = f"{runs[0].memory:.0f} → {runs[-1].memory:.0f}"
        return [*texts, f"{first:.0f} → {last:.0f}", memory]

    return _table(_by_themselves(contenders), (*heads, "ms per further page", "MiB at most"), cells)


def made_table(contenders: Sequence[Contender], outputs: Mapping[str, tuple[Made, bool]]) -> str:
    """Return the outputs' verdicts of validators, and their missing letters."""
    heads = ("version", "pages", "KB", "letters lost", "tags", "PDF/A-3a", "PDF/UA-1", "same bytes")

    def cells(contender: Contender) -> list[str]:
        if contender.name not in outputs:
            return [contender.version(), *["–"] * 7] if not contender.absent() else ["–"] * 8
        output, is_same = outputs[contender.name]
        size = [contender.version(), str(output.pages or "–"), f"{output.size / 1000:.0f}"]
        of_pdf = (
            [output.tagged, "3a" in output.passes, "ua1" in output.passes] if output.pages else []
        )
        verdicts = [_yes(verdict) for verdict in of_pdf] or ["–"] * 3
        return [*size, str(output.lost), *verdicts, _yes(is_same)]

    return _table(_by_themselves(contenders), heads, cells)


def lacks_table(contenders: Sequence[Contender]) -> str:
    """Return what the others lack, and why one is missing."""

    def cells(contender: Contender) -> list[str]:
        why = contender.absent()
        return [f"not measured: {why}" if why else contender.lacks]

    return _table(
        [contender for contender in contenders if contender.lacks], ("does not do",), cells
    )


def _by_themselves(contenders: Sequence[Contender]) -> list[Contender]:
    """Return the contenders that are not part of another one."""
    return [contender for contender in contenders if contender.once is not None]


_RATIOS = ("÷ WeasyPrint", "reportgen ÷ it")


def _way(contender: Contender) -> str:
    if contender.all_of is not None:
        return "`reportgen collect`"
    if contender.stays is not None:
        return "a warm process per core"
    return "a process per core" if contender.together is not None else "a process per document"


def _took(
    contender: Contender, figures: Figures, format_costs: Callable[[Took], tuple[str, str]]
) -> list[str]:
    """Return two figures, the ratios of processor time, memory; or why there are none."""
    took = figures.get(contender.name, "not measured")
    if isinstance(took, str):
        return [took, *["–"] * 4]
    ours = _OWN.get(contender.makes, "")
    base = _ratio(took, figures.get(weasyprint_stock.NAME))
    own_ratio = "–" if "reportgen" in contender.name else _ratio(figures.get(ours), took)
    memory = f"{took.memory:.0f}" if took.memory else "–"
    return [*format_costs(took), base, own_ratio, memory]


def _ratio(cost: Took | str | None, reference: Took | str | None) -> str:
    if not isinstance(cost, Took) or not isinstance(reference, Took) or not reference.cpu:
        return "–"
    return f"{cost.cpu / reference.cpu:.2f}"


def _slope(smaller: Took, larger: Took, pages: int) -> float:
    return 1000 * (larger.cpu - smaller.cpu) / max(1, pages)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _table(
    contenders: Sequence[Contender],
    heads: Sequence[str],
    cells: Callable[[Contender], list[str]],
) -> str:
    lines = [f"| | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    lines += [f"| {contender.name} | {' | '.join(cells(contender))} |" for contender in contenders]
    return "\n".join(lines)
