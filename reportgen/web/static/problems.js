// What is wrong, by sheet and cell: where → what → what to do; counted, grouped, filtered.

import { add, el, icon, swap } from "./dom.js";
import { announce } from "./notice.js";
import { keep } from "./place.js";
import { language, t } from "./words.js";

const FEW = 3; // problems need no filter
const SEVERITIES = ["error", "warning", "notice"];

/** @typedef {import("./api.js").Problem} Problem */
/** @typedef {import("./api.js").Answers["ProblemCounts"]} Counts */

/** @param {Problem[]} problems */
const count = (problems, severity) =>
  problems.filter((each) => each.severity === severity).length;

/**
 * How many problems there are of each kind, as the server counts them.
 * @param {Problem[]} problems @returns {Counts}
 */
const counts = (problems) => ({
  error: count(problems, "error"), warning: count(problems, "warning"), notice: count(problems, "notice"),
});

/** "2 個錯誤、3 個提醒": of each kind that there is. @param {Counts} numbers */
export function counted(numbers) {
  const told = SEVERITIES.filter((each) => numbers[each]).map((each) =>
    t(`${each}Count`, { n: numbers[each] }));
  return told.length ? told.join(t("comma")) : t("noProblems");
}

/** @param {Problem} problem */
const place = (problem) => problem.sheet || problem.file || "";

/** What the line says beside its code and place, which have columns of their own. @param {Problem} problem */
function said(problem) {
  const line = problem[language()];
  const start = language() === "en" ? `[${problem.code}] ` : `〔${problem.code}〕`;
  if (!line.startsWith(start)) return line;
  const rest = line.slice(start.length);
  const sheet = language() === "en" ? `“${problem.sheet}” ` : `「${problem.sheet}」`;
  const at = problem.sheet
    ? `${problem.file ?? ""}${sheet}${problem.cell ?? ""}`.trimEnd()
    : problem.file ? problem.file + (problem.line ? `:${problem.line}` : "") : "";
  const shown = !problem.sheet || !problem.file || problem.file === "";
  const told = at + (language() === "en" ? ": " : " ");
  return shown && at && rest.startsWith(told) ? rest.slice(told.length) : rest;
}

/** @param {Problem} problem */
function where(problem) {
  if (problem.sheet) return problem.cell || t("wholeSheet");
  return problem.line ? t("line", { n: problem.line }) : "";
}

/** The lines around an error in a template, the faulty one marked by more than colour. @param {Problem} problem */
export function excerpt(problem) {
  if (!problem.excerpt?.length) return null;
  return el("pre", { class: "excerpt", tabindex: "0", "aria-label": () => t("excerptOf", { file: problem.file, line: problem.line }) },
    problem.excerpt.map((each) =>
      el(each.here ? "mark" : "span", { class: "code" },
        el("span", { class: "number" }, `${each.here ? "▶" : " "}${String(each.line).padStart(4)} `),
        `${each.text}\n`)));
}

/** What a problem is called in the address. @param {Problem} problem */
const keyOf = (problem) => [problem.code, problem.sheet || problem.file, problem.cell || problem.line || ""].join(" ").trim();

/** @param {Problem} problem */
function row(problem, chosen = null, mend = null) {
  const key = keyOf(problem);
  const choose = (event) => {
    event.preventDefault();
    chosen.problem = chosen.problem === key ? "" : key;
    keep({ problem: chosen.problem });
    for (const other of event.currentTarget.closest(".listing").querySelectorAll(".problem"))
      other.toggleAttribute("aria-current", other.dataset.key === chosen.problem);
  };
  const href = () => `${location.hash.split("?")[0]}?${new URLSearchParams({ problem: key })}`;
  return el("li", { class: `problem ${problem.severity}`, "data-key": key, "aria-current": Boolean(chosen && chosen.problem === key) && "true" },
    el("span", { class: "tag" }, icon(problem.severity), () => t(problem.severity)),
    el("span", { class: "where" }, () => where(problem)),
    el("div", { class: "what" },
      el("p", {}, () => said(problem)), excerpt(problem), mend?.(problem)),
    el("span", { class: "codeword" }, chosen ? el("a", { href: href(), title: () => t("linkHere"), onclick: choose }, problem.code) : problem.code));
}

/** A plain list, for where there are few. */
export const list = (problems) => el("ul", { class: "problems" }, problems.map((problem) => row(problem)));

/** By sheet, what is worst first. @param {Problem[]} problems */
function groups(problems) {
  const bySheet = new Map();
  const worst = (problem) => SEVERITIES.indexOf(problem.severity);
  for (const problem of [...problems].sort((a, b) => worst(a) - worst(b))) {
    const key = place(problem);
    if (!bySheet.has(key)) bySheet.set(key, []);
    bySheet.get(key).push(problem);
  }
  return bySheet;
}

function heading(name, problems) {
  const title = problems[0].sheet
    ? () => t("sheetNamed", { name })
    : () => name || t("wholeWorkbook");
  return el("h3", {}, title, " ", el("span", { class: "count" }, () => counted(counts(problems))));
}

/** The whole list with its filter, which `chosen` keeps for a new version; `mend(problem)` gives a field. */
export function filtered(problems, chosen, mend) {
  const sheets = [...groups(problems).keys()];
  if (!sheets.includes(chosen.sheet)) chosen.sheet = null;
  const body = el("div", { class: "groups" });
  const result = el("p", { class: "result" });

  const fits = (problem) =>
    !chosen.hidden.has(problem.severity) &&
    (chosen.sheet === null || place(problem) === chosen.sheet) &&
    (!chosen.text || `${problem["zh-TW"]} ${problem.en} ${problem.code}`.toLowerCase().includes(chosen.text.toLowerCase()));

  const show = (aloud) => {
    const left = problems.filter(fits);
    swap(body, [...groups(left)].map(([name, these]) =>
      el("section", {}, heading(name, these), el("ul", { class: "problems" }, these.map((problem) => row(problem, chosen, mend))))));
    if (aloud) keep({ sheet: chosen.sheet, text: chosen.text, without: [...chosen.hidden].join(",") });
    const words = () => t("shownOf", { n: left.length, all: problems.length });
    swap(result, el("span", {}, words), left.length ? null : el("button", {
      class: "link", type: "button", onclick: clear }, () => t("clearFilter")));
    if (aloud) announce(words());
  };
  const clear = () => {
    Object.assign(chosen, { hidden: new Set(), sheet: null, text: "" });
    for (const box of form.querySelectorAll("[type=checkbox]")) box.checked = true;
    form.querySelector("select").value = "";
    form.querySelector("[type=search]").value = "";
    show(true);
  };

  const kinds = SEVERITIES.filter((each) => count(problems, each)).map((severity) =>
    el("label", { class: `kind ${severity}` },
      el("input", { type: "checkbox", checked: !chosen.hidden.has(severity), onchange: (event) => {
        chosen.hidden[event.target.checked ? "delete" : "add"](severity);
        show(true);
      } }),
      icon(severity), () => t(`${severity}Count`, { n: count(problems, severity) })));
  const form = el("form", { class: "filter", role: "search", "aria-label": () => t("filter"), onsubmit: (event) => event.preventDefault() },
    el("fieldset", { class: "kinds" }, el("legend", { class: "sr" }, () => t("severity")), kinds),
    el("label", { class: "field" }, el("span", {}, () => t("sheet")),
      el("select", { id: "filter-sheet", onchange: (event) => {
        chosen.sheet = event.target.selectedIndex ? sheets[event.target.selectedIndex - 1] : null;
        show(true);
      } },
        el("option", { value: "" }, () => t("allSheets")),
        sheets.map((name, n) => el("option", { value: String(n + 1), selected: name === chosen.sheet }, () => name || t("wholeWorkbook"))))),
    el("label", { class: "field" }, el("span", {}, () => t("searchText")),
      el("input", { type: "search", id: "filter-text", value: chosen.text, autocomplete: "off", oninput: (event) => {
        chosen.text = event.target.value.trim();
        show(true);
      } })));
  show(false);
  const whole = el("div", { class: "listing" });
  add(whole, problems.length > FEW ? [form, result, body] : [body]);
  if (chosen.problem && !chosen.isSeen)
    requestAnimationFrame(() => {
      chosen.isSeen = true;
      /** @type {HTMLElement} */ (whole.querySelector("[aria-current]"))?.scrollIntoView({ block: "center" });
    });
  return whole;
}

/** The filter and the problem that an address asks for. @param {URLSearchParams} query */
export function takeFilter(query, chosen = { hidden: new Set(), sheet: null, text: "", problem: "", isSeen: false }) {
  const problem = query.get("problem") ?? "";
  return Object.assign(chosen, {
    hidden: new Set((query.get("without") ?? "").split(",").filter((each) => SEVERITIES.includes(each))),
    sheet: query.get("sheet"), text: query.get("text") ?? "", problem, isSeen: chosen.isSeen && problem === chosen.problem,
  });
}
