// Two editions held against each other: choose the older and the newer.

import { api } from "./api.js";
import { el, icon, once } from "./dom.js";
import { all, shout, take } from "./items.js";
import { complain, message } from "./notice.js";
import { t } from "./words.js";

const comparable = () =>
  all().filter((each) => each.kind !== "comparison" && each.edition && !["refused", "failed"].includes(each.stage));

/** @param {import("./api.js").Summary} state */
const label = (state) => `${state.agency}　${state.edition}　${state.name}`;

/** "105-06-30" → a number in the order of time. */
const date = (edition) => (edition.match(/\d+/g) ?? []).reduce((sum, part) => sum * 100 + Number(part), 0);

function select(id, words, items, chosen) {
  return el("label", { class: "field" }, el("span", {}, () => t(words)),
    el("select", { id }, items.map((each) => el("option", { value: each.id, selected: each.id === chosen?.id }, label(each)))));
}

/** The form, or what is lacking; `newer` is the item that it starts from. */
export function comparePicker(newer) {
  const items = comparable();
  const heading = el("h2", { id: "compare-title" }, icon("compare"), () => t("compareTitle"));
  if (items.length < 2)
    return newer ? el("section", { class: "card", "aria-labelledby": "compare-title" }, heading, el("p", {}, () => t("compareNeeds"))) : null;
  const byDate = [...items].sort((a, b) => date(a.edition) - date(b.edition));
  const start = newer && items.find((each) => each.id === newer.id) ? newer : byDate.at(-1);
  const others = byDate.filter((each) => each.id !== start.id);
  const same = others.filter((each) => each.agency === start.agency);
  const fitting = same.length ? same : others; // editions of one agency, where there are two
  const older = fitting.filter((each) => date(each.edition) <= date(start.edition)).at(-1) ?? fitting[0];
  const [from, to] = date(older.edition) <= date(start.edition) ? [older, start] : [start, older];
  const act = once(async () => {
    const [one, other] = ["older", "newer"].map((id) => /** @type {HTMLSelectElement} */ (document.getElementById(id)).value);
    if (one === other) return message(() => t("compareSame"));
    try {
      const state = await api.compare(one, other);
      take(state);
      shout();
      location.hash = `#/item/${state.id}/check`;
    } catch (problem) {
      complain(problem);
    }
  });
  return el("section", { class: "card", "aria-labelledby": "compare-title" }, heading,
    el("p", {}, () => t("compareHint")),
    el("form", { class: "row", onsubmit: act },
      select("older", "older", byDate, from), select("newer", "newer", byDate, to),
      el("button", { type: "submit", class: "button" }, () => t("compare"))));
}
