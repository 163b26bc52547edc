// How a figure came about: formula → substitution → figure → every input with sheet and cell.

import { api } from "./api.js";
import { add, el, icon, swap } from "./dom.js";
import { complain, openSheet } from "./notice.js";
import { keep, place as address, push } from "./place.js";
import { list } from "./problems.js";
import { addWords, t } from "./words.js";

addWords({
  figuresHint: [
    "選一個數值，看它由哪些儲存格、依什麼公式算出。預覽頁面上的數字也可以點選。",
    "Choose a figure to see by which formula and from which cells it came about. Figures on the pages can be pressed, too.",
  ],
  archivedYear: ["{year}年（{edition} 封存）", "ROC {year} ({edition}, archived)"],
  differs: ["不同", "differs"],
  figureOf: ["{kpi} {year}年 實績值的算法", "How {kpi} of ROC {year} came about"],
  formulaOf: ["{kpi} 的公式", "The formula of {kpi}"],
  yearsOf: ["年度", "Years"],
  throughYears: ["歷年實績值", "Through the years"],
  formula: ["公式", "Formula"],
  reading: ["讀作", "Read as"],
  substitution: ["代入數值", "With figures"],
  actual: ["實績值", "Actual"],
  target: ["目標值", "Target"],
  rate: ["達成率", "Achieved"],
  verdict: ["判定", "Verdict"],
  since: ["較{year}年", "Since ROC {year}"],
  inputs: ["數值來源", "Where the figures come from"],
  commentary: ["執行說明", "Words on it"],
  value: ["數值", "Value"],
  cell: ["儲存格", "Cell"],
  sum: ["合計", "Sum"],
});

let cached = { key: "", results: null };
let panel = null;
const BESIDE = 1024; // CSS pixels of a window that has room for the panel beside the page

/** What the button over a figure, or over a KPI's name, is called. */
export function sayPlace(place) {
  return place.year === null
    ? t("formulaOf", { kpi: place.kpi })
    : t("figureOf", { kpi: place.kpi, year: place.year });
}

/** The results of an item as they are now, with the words on its KPIs. */
async function results(item) {
  const key = `${item.id} ${item.version}`;
  if (cached.key !== key) {
    const both = Promise.all([api.results(item.id), api.words(item.id)]);
    cached = { key, results: both.then(([figures, { words }]) => ({ ...figures, words })) };
  }
  try {
    return await cached.results;
  } catch (problem) {
    cached.key = "";
    throw problem;
  }
}

const cell = (at) => (at?.cell ? el("span", { class: "cell" }, `${at.sheet} ${at.cell}`) : null);

const pair = (name, ...value) => [el("dt", {}, () => t(name)), el("dd", {}, value)];

/** A calculation that is broken into lines behind its signs, not within a figure. */
const breakable = (text) => text.split(/(?<=[+−×÷=])/).flatMap((part) => [part, el("wbr")]);

function sources(year) {
  if (!year.inputs.length) return null;
  const rows = year.inputs.flatMap((input) => {
    const several = input.cells.length > 1;
    const first = several || input.cells[0]?.component
      ? [el("tr", { class: "input" }, el("th", { scope: "rowgroup", colspan: several ? "1" : "3" }, input.name),
          several ? el("td", { class: "figure" }, input.total?.shown ?? "") : null,
          several ? el("td", {}, el("span", { class: "muted" }, () => t("sum"))) : null)]
      : [];
    return el("tbody", {}, first, input.cells.map((part) =>
      el("tr", {},
        el(first.length ? "td" : "th", { scope: first.length ? false : "row", class: first.length ? "part" : false }, part.component || input.name),
        el("td", { class: "figure" }, `${part.shown}${part.unit ? ` ${part.unit}` : ""}`),
        el("td", {}, cell(part)))));
  });
  return [
    el("h3", {}, () => t("inputs")),
    el("table", { class: "inputs" },
      el("caption", { class: "sr" }, () => t("inputs")),
      el("thead", {}, el("tr", {},
        ...["item", "value", "cell"].map((name) => el("th", { scope: "col" }, () => t(name))))),
      rows),
  ];
}

function gaps(year) {
  const told = [
    ...year.gaps.map((gap) => el("li", {}, `${gap.name}${gap.component ? `（${gap.component}）` : ""} ${gap.missing} `, cell(gap))),
    ...(year.zero_divisor ? [el("li", {}, `${year.zero_divisor} = 0`)] : []),
  ];
  return told.length ? [el("h3", {}, () => t("missing")), el("ul", {}, told)] : null;
}

/** A KPI through the years, where no single year was asked for. */
const through = (kpi, pick) => [
  el("h3", {}, () => t("throughYears")),
  el("table", {},
    el("caption", { class: "sr" }, () => t("throughYears")),
    el("thead", {}, el("tr", {}, ["yearsOf", "actual", "target", "rate"].map((name, n) => el("th", { scope: "col", class: n ? "figure" : false }, () => t(name))))),
    el("tbody", {}, kpi.years.map((each) => el("tr", {},
      el("th", { scope: "row" }, () => t("year", { year: each.year })),
      el("td", { class: "figure" }, el("button", { type: "button", class: "link", "aria-label": () => `${sayPlace({ kpi: kpi.code, year: each.year })} ${each.printed}`,
        onclick: () => pick(each.year) }, each.printed || "–")),
      el("td", { class: "figure" }, each.target?.shown ?? "–"),
      el("td", { class: "figure" }, each.rate?.shown ?? "–"))))),
];

/** The words on a KPI in a year, as the review prints them. */
function commentary(words) {
  if (!words.length) return null;
  return [
    el("h3", {}, () => t("commentary")),
    el("dl", { class: "chain" }, words.map((entry) => [
      el("dt", {}, entry.column),
      el("dd", {}, el("p", { class: "commentary", lang: "zh-Hant-TW" }, entry.text), cell(entry))])),
  ];
}

function chain(kpi, year, words, pick) {
  const formula = pair("formula", el("p", { class: "formula", lang: "zh-Hant-TW" }, kpi.formula.text), cell(kpi.formula));
  const reading = kpi.formula.reading ? pair("reading", el("p", { class: "formula" }, breakable(kpi.formula.reading))) : null;
  if (!year) return [el("dl", { class: "chain" }, formula, reading), kpi.years.length ? through(kpi, pick) : null];
  const change = year.change;
  return [
    el("dl", { class: "chain" }, formula, reading,
      year.substitution ? pair("substitution", el("p", { class: "formula" }, breakable(year.substitution))) : null,
      pair("actual", el("strong", { class: "outcome-figure" }, year.printed || year.actual?.shown || "–"),
        year.unit && !year.printed?.includes(year.unit) ? ` ${year.unit}` : ""),
      year.target ? pair("target", el("p", {}, year.target.shown), year.target.basis ? el("p", { class: "muted" }, year.target.basis) : null, cell(year.target)) : null,
      year.rate ? pair("rate", el("p", {}, year.rate.shown), year.rate_rule ? el("p", { class: "muted" }, year.rate_rule) : null) : null,
      year.verdict ? pair("verdict", `${year.verdict}${year.light ? `　${year.light}` : ""}`) : null,
      change ? [el("dt", {}, () => t("since", { year: change.since })), el("dd", {},
        `${change.difference.shown}${change.unit ? ` ${change.unit}` : ""}${change.relative ? `（${change.relative.shown}）` : ""}`)] : null),
    commentary(words),
    gaps(year),
    sources(year),
  ];
}

/** The years of a KPI as buttons, the one on show marked. */
function years(kpi, shown, pick) {
  return el("div", { class: "years", role: "group", "aria-label": () => t("yearsOf") },
    kpi.years.map((each) => el("button", { type: "button", id: `year-${each.year}`, "aria-pressed": String(each.year === shown),
      onclick: () => pick(each.year) }, () => t("year", { year: each.year }))));
}

/** Open the panel for a place on a page, or for a figure of the list. */
export async function openExplanation(item, place) {
  let all;
  try {
    all = await results(item);
  } catch (problem) {
    return complain(problem);
  }
  const found = all.kpis.find((kpi) => kpi.code === place.kpi);
  if (!found) return;
  if (!panel?.open) openPanel();
  else panel.from = document.activeElement;
  const [title, body] = [panel.querySelector("h2"), panel.querySelector(".body")];
  const show = (year) => {
    panel.shown = { kpi: found.code, year: year ?? null };
    const note = address().query.get("kpi") === found.code ? keep : push;
    note(panel.shown);
    const of = found.years.find((each) => each.year === year);
    swap(title, `${found.code} ${found.name}`, of ? () => `　${t("year", { year })}` : null);
    const content = el("div", {});
    const words = all.words.filter((entry) => entry.kpi === found.code && entry.year === year);
    add(content, [years(found, year, show), chain(found, of && { ...of, unit: found.unit }, words, show)]);
    swap(body, content);
  };
  show(place.year);
  uncover(panel.from);
  title.focus();
}

function openPanel() {
  panel = el("dialog", { class: "panel", "aria-labelledby": "explained" },
    el("div", { class: "head" }, el("h2", { id: "explained", tabindex: "-1" }),
      el("button", { class: "plain", type: "button", "aria-label": () => t("close"), onclick: (event) => event.currentTarget.closest("dialog").close() }, icon("close"))),
    el("div", { class: "body", tabindex: "0", role: "group", "aria-labelledby": "explained" }));
  panel.addEventListener("close", () => {
    document.body.classList.remove("explaining");
    keep({ kpi: null, year: null });
  });
  const beside = innerWidth >= BESIDE;
  document.body.classList.toggle("explaining", beside);
  openSheet(panel, !beside);
}

/** Scroll what is explained from under the panel. */
function uncover(place) {
  const pages = place?.closest(".pages");
  const hidden = place && pages ? place.getBoundingClientRect().right + 16 - panel.getBoundingClientRect().left : 0;
  if (hidden > 0 && innerWidth >= BESIDE) pages.scrollLeft += hidden;
}

/** The KPI and the year that are explained, null for none. */
export const explained = () => (panel?.open ? panel.shown : null);

export const closeExplanation = () => panel?.open && panel.close();

/**
 * What the archived edition of an earlier year printed of a KPI, and whether this one says otherwise of that year.
 * @param {import("./api.js").Answers["PreviousAnswer"]} before
 */
function archivedCell(kpi, before) {
  const then = before.figures.find((each) => each.kpi === kpi.code && each.name === kpi.name);
  const now = kpi.years.find((each) => each.year === before.year);
  const differs = then && now && then.printed !== now.printed;
  return el("td", { class: "figure" }, then?.printed || "–",
    differs ? el("span", { class: "stage warning" }, icon("warning"), () => t("differs")) : null);
}

/** Every KPI in every year, as a table of buttons: the way without pointing at a page. */
export async function figures(item, container) {
  let all;
  let before;
  try {
    [all, before] = await Promise.all([results(item), api.previous(item.id)]);
  } catch (problem) {
    return complain(problem);
  }
  const has = before.figures.length > 0;
  const row = (kpi) => el("tr", {},
    el("th", { scope: "row" }, el("button", { type: "button", class: "link", id: `formula-${kpi.code}`, "aria-haspopup": "dialog",
      onclick: () => openExplanation(item, { kpi: kpi.code, year: null }) }, `${kpi.code} ${kpi.name}`)),
    el("td", {}, kpi.unit),
    all.years.map((year) => {
      const of = kpi.years.find((each) => each.year === year);
      return el("td", { class: "figure" }, of && el("button", { type: "button", class: "link", id: `figure-${kpi.code}-${year}`, "aria-haspopup": "dialog",
        "aria-label": () => `${sayPlace({ kpi: kpi.code, year })} ${of.printed}`,
        onclick: () => openExplanation(item, { kpi: kpi.code, year }) }, of.printed || "–"));
    }), has ? archivedCell(kpi, before) : null);
  swap(container, el("p", { class: "lead" }, () => t("figuresHint")), before.problems.length ? list(before.problems) : null, el("div", { class: "scrolled", tabindex: "0", role: "region", "aria-label": () => t("figures") },
    el("table", { class: "figures" },
      el("caption", { class: "sr" }, () => t("figures")),
      el("thead", {}, el("tr", {},
        el("th", { scope: "col" }, "KPI"), el("th", { scope: "col" }, () => t("unit")),
        all.years.map((year) => el("th", { scope: "col", class: "figure" }, () => t("year", { year }))),
        has ? el("th", { scope: "col", class: "figure" }, () => t("archivedYear", { year: before.year, edition: before.edition })) : null)),
      el("tbody", {}, all.kpis.map(row)))));
}
