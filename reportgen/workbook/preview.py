"""試算: every KPI's figure as a live formula beside its inputs, line by line.

The formulas are those of the program, translated (:mod:`reportgen.formula.excel`). Names are
bound to rows when the workbook is written; every line compares what it was made from with
what the sheets say now, and shows ✗ instead of a figure where the two differ. Nothing of
this is read back.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.formula import Found, Vocabulary, evaluate, name_key, parse, parse_unit
from reportgen.formula.entered import in_unit_of_row
from reportgen.formula.excel import LONGEST, Cells, TooLongError, to_excel
from reportgen.formula.tree import Comparison
from reportgen.missing_symbols import BY_RANK, MissingReason
from reportgen.model import CellRef, Missing
from reportgen.problems import Severity, has_errors
from reportgen.workbook.grid import FIRST_ROW, HEADING_ROW, Field, fields_of
from reportgen.workbook.lists import DATA_YEAR, SYMBOL_NAMES, typed_symbol
from reportgen.workbook.places import cell_place, column_letters
from reportgen.workbook.preview_stages import (
    candidates,
    places_of,
    share_of_number,
    share_of_stage,
    stage_number,
    text_key,
    with_stage,
)
from reportgen.workbook.rates import in_unit
from reportgen.workbook.schema import DATA, ENTERED, KPIS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from reportgen.formula import Evidence, Formula, Outcome, Part, Unit
    from reportgen.formula.milestones import Stage
    from reportgen.formula.tree import Expression
    from reportgen.problems import Problem
    from reportgen.workbook.rows import Row, Rows

_LONGEST_TEXT: Final = 250  # of a text within a formula, where Excel takes 255
BLANK: Final = MissingReason.BLANK.printed
_NOT_YET: Final = MissingReason.NOT_YET.symbol
_MEANINGLESS: Final = MissingReason.MEANINGLESS.symbol
FAULT: Final = "✗"
CHANGED: Final = "✗ 公式已修改，請以 reportgen 計算"
HEADINGS: Final = ("KPI代碼", "列別", "項目", "組成", "單位")
_CODE, _KIND, _ITEM, _COMPONENT, _UNIT = "ABCDE"
FIRST_YEAR: Final = len(HEADINGS) + 1
TOO_LARGE: Final = "數值過大"
_BEYOND_DOUBT: Final = "10^-6"  # of the last digit


class Live(str):
    """A formula, beginning with ``=``; any other text stands for itself."""

    __slots__ = ()


class Line(NamedTuple):
    """A row of the sheet: its kind, and its cells from left to right."""

    kind: str  # KPI, 資料項, 合計, 算式, 門檻, 判定; hidden: 位數, 誤差, 放大, and of stages
    cells: tuple[str, ...]
    percent: bool = False  # its figures are shown as percentages
    told: str = ""  # the longest text that its last cell may show
    words: str = ""  # the longest text that a year's cell may show, where it is no number

    @property
    def hidden(self) -> bool:
        """Whether it only serves the others."""
        return self.kind in {"位數", "誤差", "放大", "文字", "候選", "階段"}


class Preview(NamedTuple):
    """The whole sheet: its headings, a line that says what is not in it, and its rows."""

    headings: tuple[str, ...]
    state: str
    lines: tuple[Line, ...]


def preview(rows: Rows, years: Sequence[int], without: Collection[str] = ()) -> Preview:
    """The lines for the KPIs of these rows, as the writer places them on their sheets.

    ``without`` are the columns of 關鍵績效指標 that are not written.
    """
    sheet = _Sheet(rows, years, without)
    lines: list[Line] = []
    for number, row in enumerate(rows.get(KPIS.name, ()) if years else (), start=FIRST_ROW):
        lines += _Block(sheet, row, number, FIRST_ROW + len(lines)).lines()
    return Preview(sheet.headings(), sheet.state(), tuple(lines))


class _Sheet:
    """What all blocks share: the year columns here and on 年度資料, and its rows."""

    def __init__(self, rows: Rows, years: Sequence[int], without: Collection[str]) -> None:
        fields = fields_of(DATA, years)
        self.data = {str(each.heading): each.letter for each in fields if not each.is_year}
        self.years = [each for each in fields if each.is_year]
        self.letters = [column_letters(FIRST_YEAR + place) for place in range(len(self.years))]
        self.note = column_letters(FIRST_YEAR + len(self.years))
        self.kpi = {str(each.heading): each.letter for each in fields_of(KPIS, (), without)}
        self.kpis = len(rows.get(KPIS.name, ()))
        self.names: dict[str, None] = {}  # as written
        self.written: dict[int, tuple[str, str]] = {}  # by row: 資料項 and 組成
        self.units: dict[int, str] = {}  # by row, as written
        self._found: dict[tuple[str, str], Found] = {}
        for number, row in enumerate(rows.get(DATA.name, ()), start=FIRST_ROW):
            self._declare(row, number)
        self.vocabulary = Vocabulary.of(self.written.values())

    def _declare(self, row: Row, number: int) -> None:
        item = str(row.get("資料項") or "")
        component = str(row.get("組成") or "")
        key = (name_key(item), name_key(component))
        self.written[number] = item, component
        self.units[number] = str(row.get("單位") or "")
        found = Found(
            value=Missing(reason=MissingReason.NOT_YET),
            unit=self.units[number],
            at=CellRef(sheet=DATA.name, cell=f"A{number}"),
        )
        self._found.setdefault(key, found)
        self.names[item] = None

    def __call__(self, key: str, component: str | None, offset: int = 0) -> Found | None:
        return self._found.get((key, component or ""))

    def column_before(self, field: Field) -> tuple[str, str] | None:
        """The letters of the year before, here and on 年度資料; None without such a column."""
        for letter, other in zip(self.letters, self.years, strict=True):
            if isinstance(field.heading, int) and other.heading == field.heading - 1:
                return letter, other.letter
        return None

    def headings(self) -> tuple[str, ...]:
        """Those of the years follow 年度資料."""
        there = [f"{DATA.name}!{each.letter}${HEADING_ROW}" for each in self.years]
        bare = [f'SUBSTITUTE(SUBSTITUTE({each},"年",""),"度","")' for each in there]
        heads = [
            Live(f"=IFERROR(VALUE({number}),IFERROR({heading},{_text(FAULT)}))")
            for number, heading in zip(bare, there, strict=True)
        ]
        return (*HEADINGS, *heads, "提示")

    def state(self) -> str:
        """Whether KPIs or years have come or gone since the sheet was made."""
        if not self.kpis or not self.years:
            return (
                "○ 還沒有 KPI 或年度欄：填妥「關鍵績效指標」與「年度資料」後，"
                "請以 reportgen new 〈檔名〉 --refresh 產生試算。"
            )
        codes = f"{KPIS.name}!$A${HEADING_ROW}:$A$2000"
        kpis = f'SUMPRODUCT(--(TRIM({codes})<>""))-1'
        bare = f"{DATA.name}!$A${HEADING_ROW}:$AZ${HEADING_ROW}"
        for word in ("年", "度"):
            bare = f'SUBSTITUTE({bare},"{word}","")'
        years = f"SUMPRODUCT(--ISNUMBER(--{bare}))"
        changed = "「關鍵績效指標」或「年度資料」的年度已有增減，本表未隨之增減"
        fine = f"✓ 本表含全部 {self.kpis} 個 KPI、{len(self.years)} 個年度。"
        ask = "；產製不受影響，要更新本表請以 reportgen new 〈檔名〉 --refresh 重做。"
        same = f"AND({kpis}={self.kpis},{years}={len(self.years)})"
        state = f"IF(IFERROR({same},FALSE),{_text(fine)},{_text(f'▲ {changed}')}&{_text(ask)})"
        return Live(f"={state}&{self._blanks()}")

    def _blanks(self) -> str:
        """How many figures of the data year are still to be filled in."""
        first, last = self.years[0].letter, self.years[-1].letter
        items = f"TRIM({DATA.name}!$A${FIRST_ROW}:$A$2000)"
        heads = f"${self.letters[0]}${HEADING_ROW}:${self.letters[-1]}${HEADING_ROW}"
        cells = f"TRIM({DATA.name}!${first}${FIRST_ROW}:${last}$2000)"
        blank = f'SUMPRODUCT(({items}<>"")*({heads}&""={DATA_YEAR}&"")*({cells}=""))'
        told = f'"　▨ "&{DATA_YEAR}&"年尚有 "&{blank}&" 格待填"'
        return f'IFERROR(IF({blank}>0,{told},""),"")'


class _Block:
    """The lines of one KPI, from row ``top`` on."""

    def __init__(self, sheet: _Sheet, row: Row, number: int, top: int) -> None:
        self.sheet = sheet
        self.text = str(row.get("計算公式及計量單位") or "")
        self.row = row
        self.number = number
        self.top = top
        self.made: list[Line] = []
        self.problems: tuple[Problem, ...] = ()
        self.outcome: Outcome | None = None
        self.formula: Formula | None = None
        self.verdict_is_result = False
        self.is_direct = row.get("填報方式") == ENTERED
        self.stages: tuple[Stage, ...] = ()
        self._read()

    def _read(self) -> None:
        title, code = str(self.row.get("名稱") or ""), str(self.row.get("代碼") or "")
        vocabulary = self.sheet.vocabulary.for_kpi(title, code)
        formula, problems = parse(self.text, vocabulary=vocabulary, is_direct=self.is_direct)
        if formula is not None:
            formula = in_unit_of_row(formula, self.sheet)
            self.formula = formula
            self.stages = formula.stages
            self.verdict_is_result = formula.tells_verdict
            run = replace(formula, unit=None) if self.verdict_is_result else formula
            self.outcome = evaluate(run, self._lookup, names=self.sheet.names)
            if [part.component for each in self.outcome.evidence for part in each.parts] != [""]:
                self.stages = ()
            problems += self.outcome.problems
        self.problems = problems

    def _lookup(self, key: str, component: str | None, offset: int = 0) -> Found | None:
        """Return a row's figure; of a milestone it is a share in %, whatever its unit says."""
        found = self.sheet(key, component, offset)
        is_share = found is not None and self.stages and not component
        return replace(found, unit="%") if found is not None and is_share else found

    def lines(self) -> list[Line]:
        """The KPI, then what its figure comes from."""
        if self.outcome is None or has_errors(self.problems):
            return [self._untranslated(self._told(Severity.ERROR))]
        self.made = [Line("KPI", ())]  # filled in below, when the rows under it are known
        try:
            self._inputs(self.outcome)
            self._figures(self.outcome)
        except TooLongError:
            return [self._untranslated("公式太長，Excel 放不下。")]
        return self.made

    def _told(self, severity: Severity) -> str:
        told = dict.fromkeys(each.message() for each in self.problems if each.severity is severity)
        return "".join(told)

    # --- inputs ---------------------------------------------------------------------

    def _inputs(self, outcome: Outcome) -> None:
        self.names: dict[str, list[Cells]] = {}
        self.first_input = self._next
        for evidence in outcome.evidence:
            rows = [self._input(evidence, part) for part in evidence.parts]
            self.names[evidence.key] = self._total(evidence, rows)
        self.last_input = self._next - 1
        if self.stages:
            self._stage_rows(outcome.evidence[0].parts[0])

    def _stage_rows(self, part: Part) -> None:
        """Add the hidden rows that tell which stage the text of the input names."""
        there, texts, found = cell_place(part.at.cell)[0], self._next, self._next + 1
        self._add(
            "文字",
            ("", "", ""),
            lambda _, field: f"={text_key(f'{DATA.name}!{field.letter}{there}')}",
        )
        self._add(
            "候選",
            ("", "", ""),
            lambda letter, _: f"={candidates(f'{letter}{texts}', self.stages)}",
        )
        self._add(
            "階段",
            ("", "", ""),
            lambda letter, _: (
                f"={stage_number(f'{letter}{texts}', f'{letter}{found}', self.stages)}"
            ),
        )

    def _input(self, evidence: Evidence, part: Part) -> int:
        here, there = self._next, cell_place(part.at.cell)[0]
        data = {name: f"{DATA.name}!${letter}{there}" for name, letter in self.sheet.data.items()}
        pairs = (("資料項", _ITEM), ("組成", _COMPONENT), ("單位", _UNIT))
        same = ",".join(f'EXACT({data[name]}&"",${column}{here}&"")' for name, column in pairs)
        note = (
            f"=IF(ISERROR({data['資料項']}),{_text(f'{FAULT} 這一列已刪除')},"
            f'IF(AND({same}),"",{_text(f"{FAULT} 資料項、組成或單位已修改")}))'
        )
        written = self.sheet.units[there]
        unit = parse_unit(written)
        times = in_unit(Fraction(1), is_ratio=True, unit=unit)

        def figure(letter: str, field: Field) -> str:
            if self.stages:
                cell = f"{DATA.name}!{field.letter}{there}"
                number = share_of_number(cell, unit, self.stages, FAULT)
                return self._figure_of(here, letter, cell, number, f"{letter}{here + 3}")
            if not evidence.offset:
                return self._value(here, letter, f"{DATA.name}!{field.letter}{there}", times)
            before = self.sheet.column_before(field)
            if before is None:
                return f'=IF(${self.sheet.note}{here}<>"",{_text(FAULT)},{_text(_NOT_YET)})'
            return self._value(here, before[0], f"{DATA.name}!{before[1]}{there}", times)

        kind = "上年度" if evidence.offset else "資料項"
        self._add(kind, (*self.sheet.written[there], written), figure, Live(note))
        return here

    def _value(self, row: int, letter: str, cell: str, times: Fraction) -> str:
        """The figure of a cell, the symbol of a missing one, or ✗ for what is neither.

        ``times`` is what a ratio comes to in the row's unit: a cell in a format such as 0%
        holds one, and the code of such a format begins with P.
        """
        number = cell
        if times != 1:
            number = f'IF(LEFT(CELL("format",{cell}),1)="P",{_times(cell, times)},{cell})'
        return self._figure_of(row, letter, cell, number)

    def _figure_of(self, row: int, letter: str, cell: str, number: str, stage: str = "") -> str:
        """The figure of a cell that holds ``number``; a text may name a ``stage`` by its number."""
        blank = f'IF({letter}${HEADING_ROW}&""={DATA_YEAR}&"",{_text(BLANK)},{_text(_NOT_YET)})'
        symbol = f"IFERROR(VLOOKUP({typed_symbol(cell)},{SYMBOL_NAMES},2,FALSE),{_text(FAULT)})"
        if stage:
            symbol = f"IF({stage}>0,{share_of_stage(stage, self.stages)},{symbol})"
        return (
            f'=IF(${self.sheet.note}{row}<>"",{_text(FAULT)},IF(ISNUMBER({cell}),{number},'
            f"IF(ISERROR({cell}),{_text(FAULT)},"
            f'IF(TRIM({cell})="",{blank},{symbol}))))'
        )

    def _total(self, evidence: Evidence, rows: list[int]) -> list[Cells]:
        """A name's cell in each year column: its only input, or the sum of several."""
        terms = [_times("", part.factor) for part in evidence.parts]
        letters = self.sheet.letters
        if len(rows) == 1 and not terms[0]:
            return [Cells(f"{letter}{rows[0]}", f"ABS({letter}{rows[0]})") for letter in letters]
        here = self._next

        def total(letter: str, _: Field) -> str:
            cells = [f"{letter}{row}" for row in rows]
            added = "+".join(f"{cell}{factor}" for cell, factor in zip(cells, terms, strict=True))
            return f"=IF({_all_known(cells)},{added},{_reason(cells)})"

        unit = evidence.parts[0].unit if not any(terms) else "（換算後）"
        self._add("合計", (evidence.name, f"{len(rows)} 項合計", unit), total)
        return [
            Cells(
                f"{letter}{here}",
                "("
                + "+".join(
                    f"ABS({letter}{row}){factor}" for row, factor in zip(rows, terms, strict=True)
                )
                + ")",
                len(rows),
            )
            for letter in letters
        ]

    # --- figures --------------------------------------------------------------------

    def _figures(self, outcome: Outcome) -> None:
        tree, unit = outcome.tree, outcome.unit
        if not isinstance(tree, Comparison):
            raw = self._side("算式", self.text, tree, unit)
            self.formula_row = raw
            self._head(lambda letter: self._shown(letter, raw, unit))
            return
        left = self._side("算式", self.text, tree.left, unit)
        self.formula_row = left
        right = self._side("門檻", f"門檻（{tree.relation}）", tree.right, unit)
        verdict = self._next
        self._add(
            "判定", ("", "", ""), lambda letter, _: _verdict(letter, left, right, tree.relation)
        )

        def result(letter: str) -> str:
            figure = _printed(letter, left, unit)
            if not self.verdict_is_result:
                return figure
            return f'IF({letter}{verdict}<>"",{letter}{verdict},{figure})'

        self._head(result)

    def _shown(self, letter: str, raw: int, unit: Unit | None) -> str:
        figure = _printed(letter, raw, unit)
        return with_stage(figure, f"{letter}{raw}", self.stages) if self.stages else figure

    def _side(self, kind: str, item: str, tree: Expression, unit: Unit | None) -> int:
        """The unrounded figure, with the hidden rows that its rounding needs."""
        here, per = self._next, unit.per if unit else 1
        inputs = self.first_input, self.last_input
        translated = {
            letter: to_excel(tree, {key: cells[place] for key, cells in self.names.items()})
            for place, letter in enumerate(self.sheet.letters)
        }
        guard = f"{KPIS.name}!${self.sheet.kpi['計算公式及計量單位']}${self.number}"
        same = f"EXACT({guard},$C{here})"
        if "填報方式" in self.sheet.kpi:
            way = f'TRIM({KPIS.name}!${self.sheet.kpi["填報方式"]}${self.number}&"")'
            same = f"AND({same},{way}{'=' if self.is_direct else '<>'}{_text(ENTERED)})"
        changed = Live(
            f'=IF(IFERROR({same},FALSE),"",{_text(CHANGED)})'
            if kind == "算式"
            else f'=${self.sheet.note}{self.formula_row}&""'
        )

        def raw(letter: str, _: Field) -> str:
            value = f"IFERROR({translated[letter].value},{_text(_MEANINGLESS)})"
            if inputs[1] >= inputs[0]:
                cells = [f"{letter}{row}" for row in range(inputs[0], inputs[1] + 1)]
                value = f"IF({_all_known(cells)},{value},{_reason(cells)})"
            return f'=IF(${self.sheet.note}{here}<>"",{_text(FAULT)},{value})'

        shown = unit.text if unit else ""
        self._add(kind, (item, self._way(), shown), raw, changed, per=per)
        times = f"*{per}" if per != 1 else ""
        places, error = self._next, self._next + 1
        self._add("位數", ("", "", ""), lambda letter, _: self._places(letter, here, error, unit))
        self._add(
            "誤差",
            ("", "", ""),
            lambda letter, _: (
                f"=IF(ISNUMBER({letter}{here}),({translated[letter].bound}){times},0)"
            ),
        )
        self._add(
            "放大",
            ("", "", ""),
            lambda letter, _: (
                f"=IF(ISNUMBER({letter}{here}),ABS({letter}{here}){times}*10^{letter}{places},0)"
            ),
        )
        return here

    def _way(self) -> str:
        """What the line of the unrounded figure says beside the formula."""
        if self.formula is not None and self.formula.is_direct:
            return ENTERED
        return "完成階段" if self.stages else "四捨五入前"

    def _places(self, letter: str, raw: int, error: int, unit: Unit | None) -> str:
        """The KPI's decimal places; without them those of its unit."""
        stated = f"{KPIS.name}!${self.sheet.kpi['小數位數']}${self.number}"
        default = "2"
        if self.formula is not None and self.formula.places is not None:
            default = f"{self.formula.places}"
        elif self.stages:
            default = places_of(f"{letter}{raw}")
        elif unit is None or not unit.is_rate:
            cell = f"{letter}{raw}"
            default = f"IF(ISNUMBER({cell}),IF(ABS({cell}-ROUND({cell},0))<={letter}{error},0,2),0)"
        return f'=IF(TRIM({stated}&"")="",{default},IFERROR(VALUE({stated}&""),{default}))'

    def _head(self, figure: Callable[[str], str]) -> None:
        """The KPI's own line: what the documents print."""
        kpi, note = self.sheet.kpi, self.sheet.note
        code, name = (f"{KPIS.name}!${kpi[each]}${self.number}" for each in ("代碼", "名稱"))
        first, last = self.sheet.letters[0], self.sheet.letters[-1]
        faults = f"SUMPRODUCT(--({first}{self.top}:{last}{self.top}={_text(FAULT)}))>0"
        fault = f"{FAULT} 標 {FAULT} 的儲存格不是數字，或資料項已修改"
        told = _shortened(
            self._reading() + self._told(Severity.WARNING) + self._told(Severity.NOTICE)
        )
        formula_note = f"${note}${self.formula_row}"
        state = f'=IF({formula_note}<>"",{formula_note},IF({faults},{_text(fault)},{_text(told)}))'
        shown_in = self.outcome.unit if self.outcome else None
        if self.formula and self.formula.unit:
            shown_in = self.formula.unit
        unit = shown_in.text if shown_in else ""
        self.made[0] = Line(
            "KPI",
            (
                Live(f'=IFERROR({code}&"",{_text(FAULT)})'),
                "KPI",
                Live(f'=IFERROR({name}&"",{_text(FAULT)})'),
                "",
                unit,
                *(Live(f"={figure(letter)}") for letter in self.sheet.letters),
                Live(state),
            ),
            told=told,
            words=max(
                (f"{each.name}（{each.percentage}）" for each in self.stages), key=len, default=""
            ),
        )
        for line in self.made:
            if any(isinstance(each, Live) and len(each) > LONGEST for each in line.cells):
                raise TooLongError

    def _reading(self) -> str:
        """How the formula is read, where its text shows it otherwise."""
        reading = self.formula.reading if self.formula else ""
        return f"讀作 {reading}。" if reading else ""

    def _untranslated(self, why: str) -> Line:
        code, name = str(self.row.get("代碼") or ""), str(self.row.get("名稱") or "")
        told = f"{FAULT} 無法試算：{why}修正後請以 reportgen new 〈檔名〉 --refresh 重做本表。"
        figures = [FAULT] * len(self.sheet.years)
        return Line("KPI", (code, "KPI", name, "", "", *figures, told), told=told)

    # --- lines ----------------------------------------------------------------------

    @property
    def _next(self) -> int:
        return self.top + len(self.made)

    def _add(
        self,
        kind: str,
        texts: tuple[str, str, str],
        figure: Callable[[str, Field], str],
        note: str = "",
        *,
        per: int = 1,
    ) -> None:
        pairs = zip(self.sheet.letters, self.sheet.years, strict=True)
        figures = [Live(figure(letter, field)) for letter, field in pairs]
        code = Live(f"=${_CODE}${self.top}")
        self.made.append(Line(kind, (code, kind, *texts, *figures, note), per == 100))


def _times(cell: str, factor: Fraction) -> str:
    """``F5*1000``, ``F5/1000``, ``F5``."""
    over = f"*{factor.numerator}" if factor.numerator != 1 else ""
    under = f"/{factor.denominator}" if factor.denominator != 1 else ""
    return f"{cell}{over}{under}"


def _all_known(cells: Sequence[str]) -> str:
    return f"COUNT({_range(cells)})={len(cells)}"


def _range(cells: Sequence[str]) -> str:
    """Neighbouring cells of a column."""
    return cells[0] if len(cells) == 1 else f"{cells[0]}:{cells[-1]}"


def _reason(cells: Sequence[str]) -> str:
    """Of several symbols the one that the program gives: what can still be mended first."""
    if len(cells) == 1:
        return cells[0]
    area = _range(cells)
    last, *others = (reason.printed for reason in reversed(BY_RANK))
    told = _text(last)
    for symbol in (*others, FAULT):
        told = f"IF(SUMPRODUCT(--({area}={_text(symbol)}))>0,{_text(symbol)},{told})"
    return told


def _printed(letter: str, raw: int, unit: Unit | None) -> str:
    """The figure as it is printed: rounded half up, away from zero, with commas and %.

    What lies within its error of a tie is rounded up; ≈ says so where the error is no
    longer beyond all doubt. From 10^15 on a double has no digits left to round.
    """
    value, places, error, scaled = (f"{letter}{raw + row}" for row in range(4))
    margin = f"{error}*10^{places}"
    near = f"ABS({scaled}-INT({scaled})-0.5)<={margin}"
    doubt = f'IF({margin}>{_BEYOND_DOUBT},IF({near},"≈",""),"")'
    whole = f"INT({scaled}+0.5+{margin})"
    sign = f'&"{unit.sign}"' if unit is not None and unit.sign else ""
    text = f"{doubt}&FIXED(0+SIGN({value})*{whole}/10^{places},{places},FALSE){sign}"
    large = f"IF(OR({scaled}>=10^15,{margin}>=0.4),{_text(TOO_LARGE)},{text})"
    return f"IF(ISNUMBER({value}),{large},{value})"


def _verdict(letter: str, left: int, right: int, relation: str) -> str:
    """Compared unrounded; within their errors two figures are equal."""
    a, b = f"{letter}{left}", f"{letter}{right}"
    margin = f"({letter}{left + 2}+{letter}{right + 2})"
    holds = {
        "≥": f"{a}-{b}>=-{margin}",
        ">": f"{a}-{b}>{margin}",
        "≤": f"{a}-{b}<={margin}",
        "<": f"{a}-{b}<-{margin}",
        "=": f"ABS({a}-{b})<={margin}",
    }[relation]
    return f'=IF(AND(ISNUMBER({a}),ISNUMBER({b})),IF({holds},"達成","未達成"),"")'


def _text(text: str) -> str:
    """A text within a formula."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
