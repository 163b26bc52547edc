// Two editions held against each other: choose the older and the newer.

import { api } from "./api.js";
import { el, icon, once, swap } from "./dom.js";
import { all, shout, take } from "./items.js";
import { complain, message } from "./notice.js";
import { t } from "./words.js";

const comparable = () =>
  all().filter((each) => each.kind !== "comparison" && each.edition && !["refused", "failed"].includes(each.stage));

/** @typedef {import("./api.js").Summary} Summary */
/** @typedef {import("./api.js").Answers["ArchivedEdition"]} Edition */

/** @param {Summary} state */
const label = (state) => `${state.agency}　${state.edition}　${state.name}`;

/** "105-06-30" → a number in the order of time. */
const date = (edition) => (edition.match(/\d+/g) ?? []).reduce((sum, part) => sum * 100 + Number(part), 0);

/** The archived editions, the newest print of each, newest first. */
async function archivedEditions() {
  try {
    const { editions } = await api.archive();
    return editions.filter((each, n) => editions.findIndex((other) => other.agency === each.agency && other.edition === each.edition) === n);
  } catch {
    return []; // the archive's own page says why
  }
}

const ARCHIVED = "archived:"; // before an edition's number, where a workbook has its identifier

/** @param {Edition} each */
const archivedLabel = (each) => `${each.agency}　${each.name}`;

const option = (value, words, chosen) => el("option", { value, selected: value === chosen }, words);

/** The form; archived editions can be the older side alone. @param {Summary | null} newer @param {Edition[]} archived */
function form(newer, archived) {
  const items = comparable();
  const byDate = [...items].sort((a, b) => date(a.edition) - date(b.edition));
  const start = newer && items.find((each) => each.id === newer.id) ? newer : byDate.at(-1);
  const others = byDate.filter((each) => each.id !== start.id);
  const same = others.filter((each) => each.agency === start.agency);
  const kept = archived.filter((each) => each.agency === start.agency && each.edition !== start.edition);
  let [from, to] = [`${ARCHIVED}${(kept.find((each) => date(each.edition) < date(start.edition)) ?? kept[0] ?? archived[0])?.id}`, start.id];
  if (same.length || !archived.length) {
    const fitting = same.length ? same : others; // editions of one agency, where there are two
    const older = fitting.filter((each) => date(each.edition) <= date(start.edition)).at(-1) ?? fitting[0];
    [from, to] = date(older.edition) <= date(start.edition) ? [older.id, start.id] : [start.id, older.id];
  }
  const act = once(async () => {
    const [one, other] = ["older", "newer"].map((id) => /** @type {HTMLSelectElement} */ (document.getElementById(id)).value);
    if (one === other) return message(() => t("compareSame"));
    try {
      const state = one.startsWith(ARCHIVED)
        ? await api.compareArchived(Number(one.slice(ARCHIVED.length)), other) : await api.compare(one, other);
      take(state);
      shout();
      location.hash = `#/item/${state.id}/check`;
    } catch (problem) {
      complain(problem);
    }
  });
  const options = (chosen) => byDate.map((each) => option(each.id, label(each), chosen));
  return [el("p", {}, () => t("compareHint")),
    el("form", { class: "row", onsubmit: act },
      el("label", { class: "field" }, el("span", {}, () => t("older")),
        el("select", { id: "older" }, archived.length
          ? [el("optgroup", { label: () => t("yours") }, options(from)),
             el("optgroup", { label: () => t("editions") }, archived.map((each) => option(`${ARCHIVED}${each.id}`, archivedLabel(each), from)))]
          : options(from))),
      el("label", { class: "field" }, el("span", {}, () => t("newer")), el("select", { id: "newer" }, options(to))),
      el("button", { type: "submit", class: "button" }, () => t("compare")))];
}

/** The form, or what is lacking; `newer` is the item that it starts from. @param {Summary | null} newer */
export function comparePicker(newer) {
  if (!comparable().length) return null;
  const body = el("div", { class: "stack" });
  const section = el("section", { class: "card", "aria-labelledby": "compare-title" },
    el("h2", { id: "compare-title" }, icon("compare"), () => t("compareTitle")), body);
  const draw = (archived) => {
    const few = comparable().length < 2 && !archived.length;
    section.hidden = few && !newer;
    swap(body, few ? el("p", {}, () => t("compareNeeds")) : form(newer, archived));
  };
  draw([]);
  archivedEditions().then((archived) => archived.length && draw(archived));
  return section;
}
