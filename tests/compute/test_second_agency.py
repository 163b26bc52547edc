"""The invented agency's whole table of results, worked out by hand from its sample's figures.

Exact figures are written as the arithmetic that gives them; the texts beside them are what a
pocket calculator shows, rounded half up.
"""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO

import pytest
from openpyxl import load_workbook

from reportgen.compute import compute, plausibility_problems
from reportgen.compute.result_types import RateLevel, Results
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import Known, Missing
from tests.factories.samples import scorecard, second_agency, workbook

# 實績值 of 108, 110 and 111; the exact figure of 111; target; exact rate; rate; change since 110.
# At least: actual ÷ target. At most: (2 × target − actual) ÷ target.
Row = tuple[str, str, str, Fraction, str, Fraction, str, str]


def of(text: str) -> Fraction:
    return Fraction(text)


F = Fraction
EXPECTED: dict[str, Row] = {
    # 812/1005, 845/998 and 986/1072 against 90 %: 80.796…, 84.669…, 91.977…
    "VS1.1": (
        *("80.8%", "84.7%", "92.0%", F(986, 1072)),
        *("≥90%", F(986, 1072) / F(9, 10), "102.20%", "+7.3 百分點"),
    ),
    "VS1.2": ("182", "147", "121", F(121), "≤130", F(139, 130), "106.92%", "-26 件"),
    "WS1.1": ("64", "81", "97", F(97), "90", F(97, 90), "107.78%", "+16 戶"),
    "VWS2.1": (
        *("12.40", "18.25", "21.60", of("21.6")),
        *("≥20", of("1.08"), "108.00%", "+3.35 公噸"),
    ),
    "VWS2.2": ("…", "1,520", "3,874", F(3874), "3,500", F(3874, 3500), "110.69%", "+2,354 件"),
    # 46,120.75 公斤 for 279,853 人 = 27.9853 萬人: 1,648.035…
    "VWS2.3": (
        *("…", "1,360.9", "1,648.0", of("46120.75") / of("27.9853")),
        *("≥1,500", of("46120.75") / of("27.9853") / 1500, "109.87%", "+287.2 公斤/萬人"),
    ),
    "YS1.1": ("15,320", "…", "22,418", F(22418), "20,000", F(22418, 20000), "112.09%", "… 人次"),
    # 1204/1730 = 69.595…, 1498/1946 = 76.978…
    "YS1.2": (
        *("…", "69.60%", "76.98%", F(1498, 1946)),
        *("≥75%", F(1498, 1946) / F(3, 4), "102.64%", "+7.38 百分點"),
    ),
    "XS1.1": ("23", "19", "14", F(14), "≤15", F(16, 15), "106.67%", "-5 件"),
    "XS1.2": ("3", "1", "0", F(0), "≤0", F(1), "100.00%", "-1 人"),  # no ratio to zero
    "VO1.1": ("88", "63", "104", F(104), "100", F(104, 100), "104.00%", "+41 場次"),
    "VO1.2": (
        *("46.50", "51.20", "58.75", of("58.75")),
        *("≥55", of("58.75") / 55, "106.82%", "+7.55 公里"),
    ),
    "WO1.1": ("9", "12", "15", F(15), "14", F(15, 14), "107.14%", "+3 件"),
    # 214/22 = 9.727…, 187/24 = 7.791…, 165/26 = 6.346…; (14 − 6.346…)/7
    "WO1.2": (
        *("9.7", "7.8", "6.3", F(165, 26)),
        *("≤7", (14 - F(165, 26)) / 7, "109.34%", "-1.4 日"),
    ),
    "XO1.1": (
        *("14.50", "11.20", "8.60", of("8.6")),
        *("≤9", of("9.4") / 9, "104.44%", "-2.60 日"),
    ),
    # 31/942 = 3.290…, 18/887 = 2.029…, 9/1013 = 0.888…; (4 − 0.888…)/2
    "XO1.2": (
        *("3.29%", "2.03%", "0.89%", F(9, 1013)),
        *("≤2%", (F(4, 100) - F(9, 1013)) / F(2, 100), "155.58%", "-1.14 百分點"),
    ),
    "VXZO2.1": ("4", "7", "11", F(11), "10", F(11, 10), "110.00%", "+4 座"),
    "VXZO2.2": ("2", "1", "4", F(4), "4", F(1), "100.00%", "+3 次"),
    "YO1.1": ("21", "26", "33", F(33), "30", F(11, 10), "110.00%", "+7 校"),
    "YO1.2": ("640", "412", "918", F(918), "≥900", F(918, 900), "102.00%", "+506 小時"),
    "ZO1.1": ("6", "14", "22", F(22), "20", F(11, 10), "110.00%", "+8 項"),
    # 655/4310 = 15.197…, 1720/4255 = 40.423…, 3104/4689 = 66.197…
    "ZO1.2": (
        *("15.20%", "40.42%", "66.20%", F(3104, 4689)),
        *("≥60%", F(3104, 4689) / F(6, 10), "110.33%", "+25.77 百分點"),
    ),
    "YZO3.1": ("--", "35", "62", F(62), "60", F(62, 60), "103.33%", "+27 項"),
    # 2105.5/58 = 36.301…, 1893/60 = 31.55, 2764.5/63 = 43.880…
    "T1.1": (
        *("36.3", "31.6", "43.9", of("2764.5") / 63),
        *("≥40", of("2764.5") / 63 / 40, "109.70%", "+12.3 小時/人"),
    ),
    "T1.2": ("17", "22", "31", F(31), "28", F(31, 28), "110.71%", "+9 張"),
    "ZT2.1": ("…", "12", "25", F(25), "24", F(25, 24), "104.17%", "+13 人"),
    "WYT3.1": ("18", "27", "40", F(40), "36", F(40, 36), "111.11%", "+13 人"),
    "WYT3.2": ("210", "188", "356", F(356), "320", F(356, 320), "111.25%", "+168 小時"),
    # (145,514 + 2,415)/153,950, (155,995 + 1,980)/162,500, (163,201 + 2,383)/170,580
    "M1.1": (
        *("96.09%", "97.22%", "97.07%", F(165584, 170580)),
        *("≥95%", F(165584, 170580) / F(95, 100), "102.18%", "-0.14 百分點"),
    ),
    # What is left of it: 6,021/153,950, 4,525/162,500, 4,996/170,580; (10 − 2.928…)/5
    "M1.2": (
        *("3.91%", "2.78%", "2.93%", F(4996, 170580)),
        *("≤5%", (F(10, 100) - F(4996, 170580)) / F(5, 100), "141.42%", "+0.14 百分點"),
    ),
    # A ≥ KPI: the formula's right side is its target.
    "M1.3": (
        *("未達成", "達成", "達成", F(28965)),
        *("≥28,500", F(28965, 28500), "101.63%", "+3,835 "),
    ),
    "M2.1": ("3,120", "1,985", "4,460", F(4460), "≥4,200", F(4460, 4200), "106.19%", "+2,475 千元"),
    # 18250/160310 = 11.384…, 14902/166254 = 8.963…, 22717/178040 = 12.759…
    "M2.2": (
        *("11.38%", "8.96%", "12.76%", F(22717, 178040)),
        *("12.5%", F(22717, 178040) * 8, "102.08%", "+3.80 百分點"),
    ),
    # 2415600/103250 = 23.395…, 1380200/61470 = 22.453…, 3502400/128815 = 27.189…
    "M2.3": (
        *("23.4", "22.5", "27.2", F(3502400, 128815)),
        *("≥25", F(3502400, 128815) / 25, "108.76%", "+4.7 元/人次"),
    ),
    "XM3.1": ("132", "140", "151", F(151), "145", F(151, 145), "104.14%", "+11 件"),
    # 5,310, 5,125 and 4,684.5 千元 for 5 艘; half up; (1,900 − 936.9)/950
    "XM3.2": (
        *("1,062", "1,025", "937", of("936.9")),
        *("≤950", of("963.1") / 950, "101.38%", "-88 千元/艘"),
    ),
    "XM3.3": (
        *("80.0%", "87.3%", "100.0%", F(1)),
        *("100%", F(1), "100.00%", "+12.7 百分點"),
    ),
}
UNMEASURED = {"WS1.2": ("--", "40.00", "39.51"), "YZO3.2": ("-",) * 3, "ZT2.2": ("-",) * 3}


@pytest.fixture(scope="module")
def results() -> Results:
    return compute(scorecard(second_agency))[0]


def test_the_table_holds_every_kpi(results: Results) -> None:
    assert len(EXPECTED) + len(UNMEASURED) == 40
    assert {each.kpi.code for each in results.kpis} == EXPECTED.keys() | UNMEASURED.keys()
    assert results.years == (108, 110, 111)


@pytest.mark.parametrize("code", EXPECTED)
def test_a_row_of_the_table(results: Results, code: str) -> None:
    *printed, exact, target, rate, rate_text, change = EXPECTED[code]
    result = results.of(code)
    assert result is not None
    assert [each.printed for each in result.years] == printed
    year = result.of(111)
    assert year is not None
    assert year.target is not None
    assert year.rate is not None
    assert year.change is not None
    assert year.light is not None
    assert year.actual.value == Known(value=exact)
    assert (year.target.shown, year.rate.text) == (target, rate_text)
    assert year.rate.value == Known(value=rate)
    assert f"{year.change.difference.text} {year.change.unit}" == change
    assert (year.verdict, year.light.name.text) == ("達成", "綠燈")


@pytest.mark.parametrize("code", UNMEASURED)
def test_kpis_without_a_target_are_not_judged(results: Results, code: str) -> None:
    result = results.of(code)
    assert result is not None
    assert tuple(each.printed for each in result.years) == UNMEASURED[code]
    assert {(each.target, each.rate, each.verdict, each.light) for each in result.years} == {
        (None, None, "", None)
    }


@pytest.mark.parametrize(
    ("code", "year", "expected"),
    [
        ("VS1.1", 108, ("89.77%", "未達成", "黃燈")),  # 0.80796…/0.9
        ("VS1.1", 110, ("94.08%", "未達成", "黃燈")),
        ("M1.3", 108, ("97.27%", "未達成", "黃燈")),  # 21,400 against 22,000
        ("M1.3", 110, ("100.52%", "達成", "綠燈")),  # 25,130 against 25,000
    ],
)
def test_a_formula_that_compares_is_judged_in_every_year(
    results: Results, code: str, year: int, expected: tuple[str, str, str]
) -> None:
    result = results.of(code)
    assert result is not None
    found = result.of(year)
    assert found is not None
    assert found.rate is not None
    assert found.light is not None
    assert (found.rate.text, found.verdict, found.light.name.text) == expected


@pytest.mark.parametrize(
    ("code", "year", "reason", "gaps"),
    [
        ("VWS2.2", 108, MissingReason.NOT_YET, ["D8"]),  # blank, and not the data year
        ("VWS2.3", 108, MissingReason.NOT_YET, ["D32"]),
        ("YS1.2", 108, MissingReason.NOT_YET, ["D34", "D35"]),
        ("YS1.1", 110, MissingReason.NOT_YET, ["E9"]),
        ("YZO3.1", 108, MissingReason.MEANINGLESS, ["D21"]),
        ("YZO3.2", 111, MissingReason.NO_FIGURE, ["F42"]),
    ],
)
def test_a_missing_figure_says_why_and_where(
    results: Results, code: str, year: int, reason: MissingReason, gaps: list[str]
) -> None:
    result = results.of(code)
    assert result is not None
    found = result.of(year)
    assert found is not None
    assert found.actual.value == Missing(reason=reason)
    assert [gap.at.cell for gap in found.gaps] == gaps


def test_a_zero_denominator_is_named(results: Results) -> None:
    result = results.of("WS1.2")
    assert result is not None
    found = result.years[0]
    assert found.actual.value == Missing(reason=MissingReason.MEANINGLESS)
    assert found.outcome.zero_divisor == "受救助漁民人數"


def test_a_year_that_was_never_surveyed_parts_the_series(results: Results) -> None:
    """110 is not held against 108, nor against a 109 that nobody measured."""
    assert {each.years[1].change for each in results.kpis} == {None}


# Weight × rate over the weighted KPIs: VS1.1 5, VWS2.3 4, YS1.2 3, XO1.2 3, ZO1.2 4, T1.1 3,
# M1.1 5, M2.2 3, XM3.3 2; 32 in all.
WEIGHTS = {
    "S": {"VS1.1": 5, "VWS2.3": 4, "YS1.2": 3},
    "O": {"XO1.2": 3, "ZO1.2": 4},
    "T": {"T1.1": 3},
    "M": {"M1.1": 5, "M2.2": 3, "XM3.3": 2},
}


def test_weighted_rates_of_the_data_year(results: Results) -> None:
    assert {each.year for each in results.roll_ups} == {111}  # no other year has targets
    found = {(each.level, each.code): each for each in results.roll_ups}
    sums = {
        code: (sum(weights.values()), sum(EXPECTED[kpi][5] * w for kpi, w in weights.items()))
        for code, weights in WEIGHTS.items()
    }
    for code, (weight, total) in sums.items():
        roll_up = found[RateLevel.PERSPECTIVE, code]
        assert roll_up.rate.value == Known(value=Fraction(total) / weight)
        assert roll_up.counted == weight
        assert roll_up.without == ()
    whole = found[RateLevel.WHOLE, ""]
    assert whole.weight == 32
    assert whole.rate.value == Known(value=F(sum(total for _, total in sums.values())) / 32)
    shown = {code: found[RateLevel.PERSPECTIVE, code].rate.text for code in WEIGHTS}
    assert shown == {"S": "104.86%", "O": "129.72%", "T": "109.70%", "M": "101.71%"}
    assert whole.rate.text == "109.77%"
    assert found[RateLevel.OBJECTIVE, "VS1"].rate.text == "102.20%"
    assert (RateLevel.OBJECTIVE, "WS1") not in found  # without weights, no roll-up
    assert (RateLevel.PERSPECTIVE, "R") not in found  # without goals


def test_every_cell_of_the_evidence_holds_the_figure(results: Results) -> None:
    book = load_workbook(BytesIO(workbook(second_agency)), data_only=True)
    symbols = {MissingReason.NOT_YET: (None, "…"), MissingReason.MEANINGLESS: ("--",)}
    symbols |= {MissingReason.NO_FIGURE: ("-",)}
    for result in results.kpis:
        for year in result.years:
            for each in year.evidence:
                for part in each.parts:
                    cell = book[part.at.sheet][part.at.cell].value
                    if isinstance(part.value, Known):
                        assert Fraction(str(cell)) == part.value.value
                    else:
                        assert cell in symbols[part.value.reason]


def test_what_is_found_in_it() -> None:
    results, problems = compute(scorecard(second_agency))
    assert problems == ()  # 日/件 in 日 is an average
    found = [
        (each.code, each.where.cell, dict(each.fields)["found"])
        for each in plausibility_problems(results)
    ]
    assert found == [("N221", "D21", "*"), ("N221", "D13", "÷"), ("N221", "D19", "／")]
    assert all(each.holds for check in results.checks for each in check.years)
