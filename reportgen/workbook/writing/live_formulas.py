"""試算: the figure of every KPI as a live formula beside its inputs, line by line.

The formulas are those of the program, translated (:mod:`reportgen.formula.excel_translation`).
Names are bound to rows when the workbook is written; every line compares what it was written from
with the present contents of the sheets, and shows ✗ instead of a figure if the two differ. Nothing
of this is read back.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from reportgen.formula import FigureCell, Vocabulary, evaluate, name_key, parse_formula, parse_unit
from reportgen.formula.direct_entry import in_unit_of_row
from reportgen.formula.excel_translation import (
    MAX_FORMULA_CHARS,
    CellOperand,
    FormulaTooLongError,
    to_excel,
)
from reportgen.formula.syntax_tree import Comparison
from reportgen.model.missing_symbols import BY_RANK, MissingReason
from reportgen.model.scorecard import CellRef, Missing
from reportgen.problems import Severity, has_errors
from reportgen.workbook.schema.cell_refs import column_letters, parse_cell_name
from reportgen.workbook.schema.percent_units import to_row_unit
from reportgen.workbook.schema.sheet_grid import FIRST_ROW, HEADING_ROW, GridColumn, grid_columns
from reportgen.workbook.schema.sheets import DATA, ENTERED, KPIS
from reportgen.workbook.writing.dropdown_lists import DATA_YEAR_NAME, SYMBOL_NAMES, typed_symbol
from reportgen.workbook.writing.milestone_formulas import (
    candidate_stages_formula,
    decimal_places_formula,
    figure_with_stage_formula,
    number_share_formula,
    stage_number_formula,
    stage_share_formula,
    text_key_formula,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from reportgen.formula import Evidence, EvidenceCell, Formula, Outcome, Unit
    from reportgen.formula.milestones import Stage
    from reportgen.formula.syntax_tree import Expression
    from reportgen.problems import Problem
    from reportgen.workbook.writing.scorecard_rows import Row, Rows

_MAX_TEXT_CHARS: Final = 250  # within a formula, where Excel allows 255
BLANK_TEXT: Final = MissingReason.BLANK.printed
_NOT_YET: Final = MissingReason.NOT_YET.symbol
_MEANINGLESS: Final = MissingReason.MEANINGLESS.symbol
FAULT_MARK: Final = "✗"
FORMULA_CHANGED_TEXT: Final = "✗ 公式已修改，請以 reportgen 計算"
HEADINGS: Final = ("KPI代碼", "列別", "項目", "組成", "單位")
_CODE, _KIND, _ITEM, _COMPONENT, _UNIT = "ABCDE"
FIRST_YEAR_COLUMN: Final = len(HEADINGS) + 1
TOO_LARGE_TEXT: Final = "數值過大"
_NEGLIGIBLE_ERROR: Final = "10^-6"  # in units of the last digit


class LiveFormula(str):
    """A cell that is a formula, beginning with ``=``; any other text is a constant."""

    __slots__ = ()


class Line(NamedTuple):
    """A row of the sheet: its kind, and its cells from left to right."""

    kind: str  # KPI, 資料項, 合計, 算式, 門檻, 判定; hidden: 位數, 誤差, 放大, and of stages
    cells: tuple[str, ...]
    is_percentage: bool = False  # its figures are shown as percentages
    longest_note: str = ""  # the longest text that its last cell may show
    longest_year_text: str = ""  # the longest text that a year's cell may show instead of a number

    @property
    def is_hidden(self) -> bool:
        """True for an intermediate result."""
        return self.kind in {"位數", "誤差", "放大", "文字", "候選", "階段"}


class CalculationSheet(NamedTuple):
    """The contents of the sheet: headings, a line on what it lacks, and its rows."""

    headings: tuple[str, ...]
    state: str
    lines: tuple[Line, ...]


def calculation_sheet(
    rows: Rows, years: Sequence[int], without: Collection[str] = ()
) -> CalculationSheet:
    """Return the contents of 試算 for these rows; its formulas refer to the cells of the writer.

    ``years`` are the year columns of 年度資料 from left to right; without any there are no lines.
    ``without`` are the columns of 關鍵績效指標 that are not written.
    """
    sheet = _Sheet(rows, years, without)
    lines: list[Line] = []
    for number, row in enumerate(rows.get(KPIS.name, ()) if years else (), start=FIRST_ROW):
        lines += _Block(sheet, row, number, FIRST_ROW + len(lines)).lines()
    return CalculationSheet(sheet.headings(), sheet.state(), tuple(lines))


class _Sheet:
    """The columns and rows that all blocks refer to, here and on 年度資料."""

    def __init__(self, rows: Rows, years: Sequence[int], without: Collection[str]) -> None:
        fields = grid_columns(DATA, years)
        self.data = {str(field.heading): field.letter for field in fields if not field.is_year}
        self.years = [field for field in fields if field.is_year]
        self.letters = [
            column_letters(FIRST_YEAR_COLUMN + position) for position in range(len(self.years))
        ]
        self.note = column_letters(FIRST_YEAR_COLUMN + len(self.years))
        self.kpi = {str(field.heading): field.letter for field in grid_columns(KPIS, (), without)}
        self.kpis = len(rows.get(KPIS.name, ()))
        self.names: dict[str, None] = {}  # as written
        self.written: dict[int, tuple[str, str]] = {}  # by row: 資料項 and 組成
        self.units: dict[int, str] = {}  # by row, as written
        self._found: dict[tuple[str, str], FigureCell] = {}
        for number, row in enumerate(rows.get(DATA.name, ()), start=FIRST_ROW):
            self._register_row(row, number)
        self.vocabulary = Vocabulary.of(self.written.values())

    def _register_row(self, row: Row, number: int) -> None:
        """Register item, component and unit of the row ``number`` of 年度資料."""
        item = str(row.get("資料項") or "")
        component = str(row.get("組成") or "")
        key = (name_key(item), name_key(component))
        self.written[number] = item, component
        self.units[number] = str(row.get("單位") or "")
        row_value = FigureCell(
            value=Missing(reason=MissingReason.NOT_YET),
            unit=self.units[number],
            at=CellRef(sheet=DATA.name, cell=f"A{number}"),
        )
        self._found.setdefault(key, row_value)
        self.names[item] = None

    def __call__(self, key: str, component: str | None, offset: int = 0) -> FigureCell | None:
        """Return the row of an item and component, whatever the offset of its year, or None.

        It is a lookup without figures: the value is NOT_YET.
        """
        return self._found.get((key, component or ""))

    def column_before(self, field: GridColumn) -> tuple[str, str] | None:
        """Return the letters of the year before, here and on 年度資料, or None without it."""
        for letter, other in zip(self.letters, self.years, strict=True):
            if isinstance(field.heading, int) and other.heading == field.heading - 1:
                return letter, other.letter
        return None

    def headings(self) -> tuple[str, ...]:
        """Return the headings; those of the years are formulas that refer to 年度資料."""
        year_cells = [f"{DATA.name}!{field.letter}${HEADING_ROW}" for field in self.years]
        bare = [f'SUBSTITUTE(SUBSTITUTE({year_cell},"年",""),"度","")' for year_cell in year_cells]
        year_headings = [
            LiveFormula(f"=IFERROR(VALUE({number}),IFERROR({heading},{_quote(FAULT_MARK)}))")
            for number, heading in zip(bare, year_cells, strict=True)
        ]
        return (*HEADINGS, *year_headings, "提示")

    def state(self) -> str:
        """Return the line above the table on how complete it is: a formula, or a plain text.

        The formula shows ✓ with the numbers of KPIs and years as written, ▲ and what to do if the
        sheets hold more or fewer by now, and how many figures of the data year are blank. The text
        says that there are no KPIs, or no years, yet.
        """
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
        complete = f"✓ 本表含全部 {self.kpis} 個 KPI、{len(self.years)} 個年度。"
        refresh = "；產製不受影響，要更新本表請以 reportgen new 〈檔名〉 --refresh 重做。"
        unchanged = f"AND({kpis}={self.kpis},{years}={len(self.years)})"
        state = (
            f"IF(IFERROR({unchanged},FALSE),{_quote(complete)},"
            f"{_quote(f'▲ {changed}')}&{_quote(refresh)})"
        )
        return LiveFormula(f"={state}&{self._blanks_formula()}")

    def _blanks_formula(self) -> str:
        """Return the formula of a text with the number of blank figures of the data year.

        It is empty if there are none.
        """
        first, last = self.years[0].letter, self.years[-1].letter
        items = f"TRIM({DATA.name}!$A${FIRST_ROW}:$A$2000)"
        year_headings = f"${self.letters[0]}${HEADING_ROW}:${self.letters[-1]}${HEADING_ROW}"
        cells = f"TRIM({DATA.name}!${first}${FIRST_ROW}:${last}$2000)"
        blank_count = (
            f'SUMPRODUCT(({items}<>"")*({year_headings}&""={DATA_YEAR_NAME}&"")*({cells}=""))'
        )
        text = f'"　▨ "&{DATA_YEAR_NAME}&"年尚有 "&{blank_count}&" 格待填"'
        return f'IFERROR(IF({blank_count}>0,{text},""),"")'


class _Block:
    """The lines of one KPI, from row ``top`` on.

    ``row`` is the KPI's row, at the row ``number`` of its sheet.
    """

    def __init__(self, sheet: _Sheet, row: Row, number: int, top: int) -> None:
        self.sheet = sheet
        self.text = str(row.get("計算公式及計量單位") or "")
        self.row = row
        self.number = number
        self.top = top
        self.written_lines: list[Line] = []
        self.problems: tuple[Problem, ...] = ()
        self.outcome: Outcome | None = None
        self.formula: Formula | None = None
        self.verdict_is_result = False
        self.is_direct = row.get("填報方式") == ENTERED
        self.stages: tuple[Stage, ...] = ()
        self._read()

    def _read(self) -> None:
        """Parse the KPI's formula and evaluate it without figures.

        ``formula``, ``outcome``, ``stages`` and ``problems`` are set.
        """
        name, code = str(self.row.get("名稱") or ""), str(self.row.get("代碼") or "")
        vocabulary = self.sheet.vocabulary.for_kpi(name, code)
        formula, problems = parse_formula(
            self.text, vocabulary=vocabulary, is_direct=self.is_direct
        )
        if formula is not None:
            formula = in_unit_of_row(formula, self.sheet)
            self.formula = formula
            self.stages = formula.stages
            self.verdict_is_result = formula.tells_verdict
            evaluated = replace(formula, unit=None) if self.verdict_is_result else formula
            self.outcome = evaluate(evaluated, self._lookup, names=self.sheet.names)
            if [
                part.component for evidence in self.outcome.evidence for part in evidence.parts
            ] != [""]:
                self.stages = ()
            problems += self.outcome.problems
        self.problems = problems

    def _lookup(self, key: str, component: str | None, offset: int = 0) -> FigureCell | None:
        """Return the figure of a row, or None if there is none.

        That of a milestone is a share in %, whatever its unit says.
        """
        row_value = self.sheet(key, component, offset)
        is_share = row_value is not None and self.stages and not component
        return replace(row_value, unit="%") if row_value is not None and is_share else row_value

    def lines(self) -> list[Line]:
        """Return the line of the KPI, then the lines that its figure is computed from.

        A formula with an error, or too long for Excel, gives one line that says so.
        """
        if self.outcome is None or has_errors(self.problems):
            return [self._untranslated_line(self._messages(Severity.ERROR))]
        self.written_lines = [Line("KPI", ())]  # filled in below, when the rows under it are known
        try:
            self._add_inputs(self.outcome)
            self._add_figures(self.outcome)
        except FormulaTooLongError:
            return [self._untranslated_line("公式太長，Excel 放不下。")]
        return self.written_lines

    def _messages(self, severity: Severity) -> str:
        """Return the messages of the KPI's problems of one severity, each once, as one text."""
        messages = dict.fromkeys(
            problem.message() for problem in self.problems if problem.severity is severity
        )
        return "".join(messages)

    # --- inputs ---------------------------------------------------------------------

    def _add_inputs(self, outcome: Outcome) -> None:
        """Add the lines of all inputs and their totals; store the operands of each name.

        ``names`` then has an operand for each year by the name's key, ``first_input`` and
        ``last_input`` are the rows of these lines.
        """
        self.names: dict[str, list[CellOperand]] = {}
        self.first_input = self._next_row
        for evidence in outcome.evidence:
            rows = [self._add_input(evidence, part) for part in evidence.parts]
            self.names[evidence.key] = self._total_operands(evidence, rows)
        self.last_input = self._next_row - 1
        if self.stages:
            self._add_stage_lines(outcome.evidence[0].parts[0])

    def _add_stage_lines(self, part: EvidenceCell) -> None:
        """Add three hidden lines that find the number of the stage that an input's text names.

        They are the text as compared (文字), the stages it may name (候選), and the number (階段).
        """
        data_row = parse_cell_name(part.at.cell)[0]
        text_line, candidate_line = self._next_row, self._next_row + 1
        self._add_line(
            "文字",
            ("", "", ""),
            lambda _, field: f"={text_key_formula(f'{DATA.name}!{field.letter}{data_row}')}",
        )
        self._add_line(
            "候選",
            ("", "", ""),
            lambda letter, _: f"={candidate_stages_formula(f'{letter}{text_line}', self.stages)}",
        )
        self._add_line(
            "階段",
            ("", "", ""),
            lambda letter, _: (
                "="
                + stage_number_formula(
                    f"{letter}{text_line}", f"{letter}{candidate_line}", self.stages
                )
            ),
        )

    def _add_input(self, evidence: Evidence, part: EvidenceCell) -> int:
        """Add the line of an input, with a formula for each year; return its row number."""
        row, data_row = self._next_row, parse_cell_name(part.at.cell)[0]
        data = {
            name: f"{DATA.name}!${letter}{data_row}" for name, letter in self.sheet.data.items()
        }
        pairs = (("資料項", _ITEM), ("組成", _COMPONENT), ("單位", _UNIT))
        unchanged = ",".join(f'EXACT({data[name]}&"",${column}{row}&"")' for name, column in pairs)
        note = (
            f"=IF(ISERROR({data['資料項']}),{_quote(f'{FAULT_MARK} 這一列已刪除')},"
            f'IF(AND({unchanged}),"",{_quote(f"{FAULT_MARK} 資料項、組成或單位已修改")}))'
        )
        unit_text = self.sheet.units[data_row]
        unit = parse_unit(unit_text)
        ratio_factor = to_row_unit(Fraction(1), is_ratio=True, unit=unit)

        def figure(letter: str, field: GridColumn) -> str:
            """Return the formula of an input in a year's column.

            It is its cell, the share of a stage, or the figure of an earlier year.
            """
            if self.stages:
                cell = f"{DATA.name}!{field.letter}{data_row}"
                number = number_share_formula(cell, unit, self.stages, FAULT_MARK)
                return self._figure_of(row, letter, cell, number, f"{letter}{row + 3}")
            if not evidence.offset:
                return self._value(
                    row, letter, f"{DATA.name}!{field.letter}{data_row}", ratio_factor
                )
            before = self.sheet.column_before(field)
            if before is None:
                return f'=IF(${self.sheet.note}{row}<>"",{_quote(FAULT_MARK)},{_quote(_NOT_YET)})'
            return self._value(row, before[0], f"{DATA.name}!{before[1]}{data_row}", ratio_factor)

        kind = "上年度" if evidence.offset else "資料項"
        self._add_line(kind, (*self.sheet.written[data_row], unit_text), figure, LiveFormula(note))
        return row

    def _value(self, row: int, letter: str, cell: str, ratio_factor: Fraction) -> str:
        """Return the formula for the figure of a cell: a number, a symbol for a missing one, or ✗.

        ``ratio_factor`` is the figure of the ratio 1 in the row's unit: a cell in a format such
        as 0% holds a ratio, and the code of such a format begins with P.
        """
        number = cell
        if ratio_factor != 1:
            number = f'IF(LEFT(CELL("format",{cell}),1)="P",{_scaled(cell, ratio_factor)},{cell})'
        return self._figure_of(row, letter, cell, number)

    def _figure_of(self, row: int, letter: str, cell: str, number: str, stage: str = "") -> str:
        """Return the formula for the figure of a cell that holds ``number``.

        It is ✗ if the row's note is not empty, the symbol of a missing figure, and for a blank cell
        BLANK_TEXT in the data year, else 「…」. A text may name a milestone's stage, whose number
        is in the cell ``stage``.
        """
        blank = (
            f'IF({letter}${HEADING_ROW}&""={DATA_YEAR_NAME}&"",'
            f"{_quote(BLANK_TEXT)},{_quote(_NOT_YET)})"
        )
        symbol = (
            f"IFERROR(VLOOKUP({typed_symbol(cell)},{SYMBOL_NAMES},2,FALSE),{_quote(FAULT_MARK)})"
        )
        if stage:
            symbol = f"IF({stage}>0,{stage_share_formula(stage, self.stages)},{symbol})"
        return (
            f'=IF(${self.sheet.note}{row}<>"",{_quote(FAULT_MARK)},IF(ISNUMBER({cell}),{number},'
            f"IF(ISERROR({cell}),{_quote(FAULT_MARK)},"
            f'IF(TRIM({cell})="",{blank},{symbol}))))'
        )

    def _total_operands(self, evidence: Evidence, rows: list[int]) -> list[CellOperand]:
        """Return a name's operand in each year: its only input, or the line of their sum.

        That line is added if there are several inputs.
        """
        factors = [_scaled("", part.factor) for part in evidence.parts]
        letters = self.sheet.letters
        if len(rows) == 1 and not factors[0]:
            return [
                CellOperand(f"{letter}{rows[0]}", f"ABS({letter}{rows[0]})") for letter in letters
            ]
        total_row = self._next_row

        def total(letter: str, _: GridColumn) -> str:
            """Return the formula of a name's total in a year, or of a missing input's symbol."""
            cells = [f"{letter}{row}" for row in rows]
            added = "+".join(f"{cell}{factor}" for cell, factor in zip(cells, factors, strict=True))
            return f"=IF({_all_numbers_condition(cells)},{added},{_missing_symbol(cells)})"

        unit = evidence.parts[0].unit if not any(factors) else "（換算後）"
        self._add_line("合計", (evidence.name, f"{len(rows)} 項合計", unit), total)
        return [
            CellOperand(
                f"{letter}{total_row}",
                "("
                + "+".join(
                    f"ABS({letter}{row}){factor}" for row, factor in zip(rows, factors, strict=True)
                )
                + ")",
                len(rows),
            )
            for letter in letters
        ]

    # --- figures --------------------------------------------------------------------

    def _add_figures(self, outcome: Outcome) -> None:
        """Add the lines of the formula's sides and verdict, and fill in the KPI's own line."""
        tree, unit = outcome.tree, outcome.unit
        if not isinstance(tree, Comparison):
            formula_row = self._add_side("算式", self.text, tree, unit)
            self.formula_row = formula_row
            self._fill_in_kpi_line(lambda letter: self._printed_figure(letter, formula_row, unit))
            return
        left = self._add_side("算式", self.text, tree.left, unit)
        self.formula_row = left
        right = self._add_side("門檻", f"門檻（{tree.relation}）", tree.right, unit)
        verdict = self._next_row
        self._add_line(
            "判定",
            ("", "", ""),
            lambda letter, _: _verdict_formula(letter, left, right, tree.relation),
        )

        def result(letter: str) -> str:
            """Return the formula of the printed result: a verdict if there is one, else figure."""
            figure = _printed_formula(letter, left, unit)
            if not self.verdict_is_result:
                return figure
            return f'IF({letter}{verdict}<>"",{letter}{verdict},{figure})'

        self._fill_in_kpi_line(result)

    def _printed_figure(self, letter: str, raw: int, unit: Unit | None) -> str:
        """Return the formula of the figure as printed, from the row ``raw``.

        The stage that is reached follows it, if there are stages.
        """
        figure = _printed_formula(letter, raw, unit)
        return (
            figure_with_stage_formula(figure, f"{letter}{raw}", self.stages)
            if self.stages
            else figure
        )

    def _add_side(self, kind: str, item: str, tree: Expression, unit: Unit | None) -> int:
        """Add an unrounded figure, with the hidden lines that its rounding needs; return its row.

        The three lines below it are its decimal places, its error, and its absolute value in units
        of the last place. Raises FormulaTooLongError.
        """
        value_row, per = self._next_row, unit.per if unit else 1
        input_rows = self.first_input, self.last_input
        translated = {
            letter: to_excel(tree, {key: cells[position] for key, cells in self.names.items()})
            for position, letter in enumerate(self.sheet.letters)
        }
        formula_cell = f"{KPIS.name}!${self.sheet.kpi['計算公式及計量單位']}${self.number}"
        unchanged = f"EXACT({formula_cell},$C{value_row})"
        if "填報方式" in self.sheet.kpi:
            entry = f'TRIM({KPIS.name}!${self.sheet.kpi["填報方式"]}${self.number}&"")'
            unchanged = (
                f"AND({unchanged},{entry}{'=' if self.is_direct else '<>'}{_quote(ENTERED)})"
            )
        changed = LiveFormula(
            f'=IF(IFERROR({unchanged},FALSE),"",{_quote(FORMULA_CHANGED_TEXT)})'
            if kind == "算式"
            else f'=${self.sheet.note}{self.formula_row}&""'
        )

        def raw(letter: str, _: GridColumn) -> str:
            """Return the formula of a side's unrounded value.

            A missing input's symbol takes its place.
            """
            value = f"IFERROR({translated[letter].value},{_quote(_MEANINGLESS)})"
            if input_rows[1] >= input_rows[0]:
                cells = [f"{letter}{row}" for row in range(input_rows[0], input_rows[1] + 1)]
                value = f"IF({_all_numbers_condition(cells)},{value},{_missing_symbol(cells)})"
            return f'=IF(${self.sheet.note}{value_row}<>"",{_quote(FAULT_MARK)},{value})'

        unit_text = unit.text if unit else ""
        self._add_line(kind, (item, self._line_remark(), unit_text), raw, changed, per=per)
        scale = f"*{per}" if per != 1 else ""
        places_row, error_row = self._next_row, self._next_row + 1
        self._add_line(
            "位數",
            ("", "", ""),
            lambda letter, _: self._places_formula(letter, value_row, error_row, unit),
        )
        self._add_line(
            "誤差",
            ("", "", ""),
            lambda letter, _: (
                f"=IF(ISNUMBER({letter}{value_row}),({translated[letter].error_bound}){scale},0)"
            ),
        )
        self._add_line(
            "放大",
            ("", "", ""),
            lambda letter, _: (
                f"=IF(ISNUMBER({letter}{value_row}),"
                f"ABS({letter}{value_row}){scale}*10^{letter}{places_row},0)"
            ),
        )
        return value_row

    def _line_remark(self) -> str:
        """Return the label of the line of the unrounded figure: entered, stage, or unrounded."""
        if self.formula is not None and self.formula.is_direct:
            return ENTERED
        return "完成階段" if self.stages else "四捨五入前"

    def _places_formula(self, letter: str, raw: int, error: int, unit: Unit | None) -> str:
        """Return the formula for the KPI's decimal places as its row states them.

        If blank: those that its formula demands, else of a milestone's share, else of the unit.
        ``raw`` and ``error`` are the rows of the figure and its error.
        """
        stated = f"{KPIS.name}!${self.sheet.kpi['小數位數']}${self.number}"
        default = "2"
        if self.formula is not None and self.formula.places is not None:
            default = f"{self.formula.places}"
        elif self.stages:
            default = decimal_places_formula(f"{letter}{raw}")
        elif unit is None or not unit.is_rate:
            cell = f"{letter}{raw}"
            default = f"IF(ISNUMBER({cell}),IF(ABS({cell}-ROUND({cell},0))<={letter}{error},0,2),0)"
        return f'=IF(TRIM({stated}&"")="",{default},IFERROR(VALUE({stated}&""),{default}))'

    def _fill_in_kpi_line(self, figure: Callable[[str], str]) -> None:
        """Replace the KPI's own line: printed figures, unit, and problems in the last column.

        ``figure`` returns the formula of a year's column by its letter, without ``=``. Raises
        FormulaTooLongError if a formula of the block is too long for Excel.
        """
        kpi, note = self.sheet.kpi, self.sheet.note
        code, name = (f"{KPIS.name}!${kpi[column]}${self.number}" for column in ("代碼", "名稱"))
        first, last = self.sheet.letters[0], self.sheet.letters[-1]
        has_faults = f"SUMPRODUCT(--({first}{self.top}:{last}{self.top}={_quote(FAULT_MARK)}))>0"
        fault = f"{FAULT_MARK} 標 {FAULT_MARK} 的儲存格不是數字，或資料項已修改"
        messages = _truncate(
            self._reading_note()
            + self._messages(Severity.WARNING)
            + self._messages(Severity.NOTICE)
        )
        formula_note = f"${note}${self.formula_row}"
        state = (
            f'=IF({formula_note}<>"",{formula_note},'
            f"IF({has_faults},{_quote(fault)},{_quote(messages)}))"
        )
        printed_unit = self.outcome.unit if self.outcome else None
        if self.formula and self.formula.unit:
            printed_unit = self.formula.unit
        unit = printed_unit.text if printed_unit else ""
        self.written_lines[0] = Line(
            "KPI",
            (
                LiveFormula(f'=IFERROR({code}&"",{_quote(FAULT_MARK)})'),
                "KPI",
                LiveFormula(f'=IFERROR({name}&"",{_quote(FAULT_MARK)})'),
                "",
                unit,
                *(LiveFormula(f"={figure(letter)}") for letter in self.sheet.letters),
                LiveFormula(state),
            ),
            longest_note=messages,
            longest_year_text=max(
                (f"{stage.name}（{stage.percentage}）" for stage in self.stages),
                key=len,
                default="",
            ),
        )
        for line in self.written_lines:
            if any(
                isinstance(cell, LiveFormula) and len(cell) > MAX_FORMULA_CHARS
                for cell in line.cells
            ):
                raise FormulaTooLongError

    def _reading_note(self) -> str:
        """Return a note on how the formula is parsed; empty if its text leaves no doubt."""
        reading = self.formula.canonical_text if self.formula else ""
        return f"讀作 {reading}。" if reading else ""

    def _untranslated_line(self, reason: str) -> Line:
        """Return the line of a KPI without live formulas, whose note states the ``reason``."""
        code, name = str(self.row.get("代碼") or ""), str(self.row.get("名稱") or "")
        message = (
            f"{FAULT_MARK} 無法試算：{reason}修正後請以 reportgen new 〈檔名〉 --refresh 重做本表。"
        )
        figures = [FAULT_MARK] * len(self.sheet.years)
        return Line("KPI", (code, "KPI", name, "", "", *figures, message), longest_note=message)

    # --- lines ----------------------------------------------------------------------

    @property
    def _next_row(self) -> int:
        """Return the row number of the next line."""
        return self.top + len(self.written_lines)

    def _add_line(
        self,
        kind: str,
        texts: tuple[str, str, str],
        figure: Callable[[str, GridColumn], str],
        note: str = "",
        *,
        per: int = 1,
    ) -> None:
        """Append a line of a kind with three texts: item, component and unit.

        ``figure`` returns the formula of each year's column, by its letter here and its column of
        年度資料. ``per`` is 100 for a percentage.
        """
        columns = zip(self.sheet.letters, self.sheet.years, strict=True)
        figures = [LiveFormula(figure(letter, field)) for letter, field in columns]
        code = LiveFormula(f"=${_CODE}${self.top}")
        self.written_lines.append(Line(kind, (code, kind, *texts, *figures, note), per == 100))


def _scaled(cell: str, factor: Fraction) -> str:
    """Return a cell times a factor: ``F5*1000``, ``F5/1000`` or ``F5``.

    ``cell`` may be empty, for the factor alone.
    """
    multiplication = f"*{factor.numerator}" if factor.numerator != 1 else ""
    division = f"/{factor.denominator}" if factor.denominator != 1 else ""
    return f"{cell}{multiplication}{division}"


def _all_numbers_condition(cells: Sequence[str]) -> str:
    """Return the Excel condition that all of these neighbouring cells are numbers."""
    return f"COUNT({_range_reference(cells)})={len(cells)}"


def _range_reference(cells: Sequence[str]) -> str:
    """Return the reference to neighbouring cells of a column."""
    return cells[0] if len(cells) == 1 else f"{cells[0]}:{cells[-1]}"


def _missing_symbol(cells: Sequence[str]) -> str:
    """Return the formula of a missing input's symbol: of several, the one that ranks first."""
    if len(cells) == 1:
        return cells[0]
    cell_range = _range_reference(cells)
    last, *others = (reason.printed for reason in reversed(BY_RANK))
    formula = _quote(last)
    for symbol in (*others, FAULT_MARK):
        formula = f"IF(SUMPRODUCT(--({cell_range}={_quote(symbol)}))>0,{_quote(symbol)},{formula})"
    return formula


def _printed_formula(letter: str, raw: int, unit: Unit | None) -> str:
    """Return the formula for a figure as printed: rounded half away from zero, with commas and %.

    ``raw`` is its row; the next three are its places, error and scaled value. What lies within
    its error of a tie is rounded up; ≈ marks it if the error is no longer negligible. From 10^15
    on a double has no digits left to round: TOO_LARGE_TEXT. A figure that is text stays as it is.
    """
    value, places, error, scaled = (f"{letter}{raw + row}" for row in range(4))
    margin = f"{error}*10^{places}"
    is_near_tie = f"ABS({scaled}-INT({scaled})-0.5)<={margin}"
    doubt_mark = f'IF({margin}>{_NEGLIGIBLE_ERROR},IF({is_near_tie},"≈",""),"")'
    rounded = f"INT({scaled}+0.5+{margin})"
    sign = f'&"{unit.sign}"' if unit is not None and unit.sign else ""
    text = f"{doubt_mark}&FIXED(0+SIGN({value})*{rounded}/10^{places},{places},FALSE){sign}"
    figure_or_too_large = f"IF(OR({scaled}>=10^15,{margin}>=0.4),{_quote(TOO_LARGE_TEXT)},{text})"
    return f"IF(ISNUMBER({value}),{figure_or_too_large},{value})"


def _verdict_formula(letter: str, left: int, right: int, relation: str) -> str:
    """Return the formula of the verdict of two unrounded figures, 達成 or 未達成.

    It is empty if one is missing. Figures within their rounding errors are equal; the errors are
    two rows below ``left`` and ``right``.
    """
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


def _quote(text: str) -> str:
    """Return a text constant within a formula."""
    escaped = text.replace('"', '""')
    return f'"{escaped}"'


def _truncate(text: str) -> str:
    """Return a text cut off where Excel would refuse it in a formula."""
    return text if len(text) <= _MAX_TEXT_CHARS else f"{text[: _MAX_TEXT_CHARS - 1]}…"
