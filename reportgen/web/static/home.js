// Step 1: the workbooks that are here, what becomes of each, and how one gets in.

import { address, api } from "./api.js";
import { comparePicker } from "./compare.js";
import { el, icon, once, swap } from "./dom.js";
import { all, busy, drop, isLoaded, removed as takenAway, restore } from "./items.js";
import { announce, complain } from "./notice.js";
import { counted } from "./problems.js";
import { choose, dismiss, send, tooBig, uploads } from "./upload.js";
import { t } from "./words.js";

const REST = 600; // milliseconds: a double click must not take away the next one too
let removed = -REST;
let awaited = ""; // what was just removed: its button gets the focus once it is there
const LOOKS = { waiting: "busy", checking: "busy", rendering: "busy", ready: "ready", refused: "error", failed: "error" };

/** @typedef {import("./api.js").Summary} Summary */

/** Whether a workbook has any problem, be it a notice. @param {Summary} state */
export const anyProblem = (state) => Object.values(state.counts).some(Boolean);

/** 「等待處理，前面還有 2 個」 @param {Summary} state */
export function sayStage(state) {
  if (state.stage === "waiting") return t(state.ahead ? "waitingBehind" : "waiting", { n: state.ahead });
  if (state.stage === "ready" && anyProblem(state)) return t("readyWith", { problems: counted(state.counts) });
  if (state.stage === "refused") return t("refusedWith", { problems: counted(state.counts) });
  return t(state.stage);
}

/** @param {Summary} state */
const stageTag = (state) =>
  el("span", { class: `stage ${LOOKS[state.stage]}` }, icon(LOOKS[state.stage]), el("span", {}, () => sayStage(state)));

/** Agency, title and edition as far as they are known, else the file's name. @param {Summary} state */
export function sayTitle(state) {
  if (state.kind === "comparison") return [state.agency, state.name].filter(Boolean).join("　");
  return [state.agency, state.title, state.edition].filter(Boolean).join("　") || state.name;
}

/** @param {Summary} state */
export const kindTag = (state) =>
  state.kind === "workbook" ? null : el("span", { class: `badge ${state.kind}` }, () => t(state.kind));

/** 「填報 3/5」, which leads to the parts; nothing for what is not shared. @param {Summary} state */
export const partsTag = (state) =>
  state.parts ? el("a", { class: "parts-tag", href: `#/item/${state.id}/parts`, "aria-label": () => t("partsDoneAloud", state.parts) },
    () => t("partsDone", state.parts)) : null;

/** @param {Summary} state */
const where = (state) => `#/item/${state.id}/${state.has_pages ? "preview" : "check"}`;

/** @param {Summary} state */
function row(state) {
  const remove = once(async () => {
    if (performance.now() - removed < REST) return;
    removed = performance.now();
    try {
      await api.remove(state.id);
    } catch (problem) {
      if (problem.status !== 404) return complain(problem);
    }
    drop(state.id);
    awaited = state.id;
    announce(t("removedNow", { name: state.name }));
  });
  return el("li", { class: "item", "data-item": state.id, "data-stage": state.stage },
    el("div", { class: "about" },
      el("h3", {}, el("a", { href: where(state), id: `open-${state.id}` }, sayTitle(state)), " ", kindTag(state), " ",
        state.status ? el("span", { class: "badge" }, state.status) : null, " ",
        state.remarks ? el("span", { class: "badge live" }, () => t("remarkCount", { n: state.remarks })) : null),
      state.agency && state.kind !== "comparison" ? el("p", { class: "muted" }, state.name) : null,
      el("p", { class: "glance" }, stageTag(state), partsTag(state)),
      busy(state) && state.stage !== "waiting" ? el("div", { class: "bar", "aria-hidden": "true" }) : null),
    el("div", { class: "acts" },
      el("a", { class: "button", href: where(state), "aria-label": () => `${t("open")} ${sayTitle(state)}` }, () => t("open")),
      state.kind === "live" ? null : el("button", { type: "button", class: "link", id: `remove-${state.id}`,
        "aria-label": () => `${t("remove")} ${state.name}`, onclick: remove }, () => t("remove"))));
}

/** Take back what was removed; the focus goes to it. */
async function takeBack(id, name) {
  try {
    await restore(id);
  } catch (problem) {
    return complain(problem);
  }
  announce(t("restored", { name }));
  document.getElementById(`open-${id}`)?.focus();
}

/** What was removed and can be taken back. */
const undoable = () => takenAway().length ? el("section", { class: "card quiet", "aria-labelledby": "removed-title" },
  el("h2", { id: "removed-title" }, () => t("removedTitle")),
  el("p", { class: "muted" }, () => t("removedHint")),
  el("ul", { class: "items" }, takenAway().map((each) => el("li", { class: "item" },
    el("div", { class: "about" }, each.name),
    el("div", { class: "acts" }, el("button", { type: "button", class: "button", id: `undo-${each.id}`,
      "aria-label": () => `${t("undo")} ${each.name}`, onclick: once(() => takeBack(each.id, each.name)) }, () => t("undo"))))))) : null;

/** Ctrl+Z takes back what was removed last. @param {KeyboardEvent} event */
export function undoByKey(event) {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
  const [last] = takenAway();
  if (!last || /** @type {Element} */ (event.target).closest("input, select, textarea")) return;
  event.preventDefault();
  takeBack(last.id, last.name);
}

function upload(job) {
  const failed = job.stage === "unsent";
  return el("li", { class: "item" },
    el("div", { class: "about" },
      el("h3", {}, job.name),
      el("span", { class: `stage ${failed ? "error" : "busy"}` }, icon(failed ? "error" : "busy"),
        el("span", {}, failed ? job.words : () => t(job.stage))),
      failed ? null : el("div", { class: "bar", "aria-hidden": "true" })),
    failed ? el("div", { class: "acts" },
      tooBig(job.file) ? null : el("button", { type: "button", class: "button", "aria-label": () => `${t("again")} ${job.name}`, onclick: () => send([job.file]) }, () => t("again")),
      el("button", { type: "button", class: "link", "aria-label": () => `${t("remove")} ${job.name}`, onclick: () => dismiss(job) }, () => t("remove"))) : null);
}

/** The view; `begin(files)` sends them and shows what becomes of them. */
export function home(begin) {
  const list = el("section", { class: "card", "aria-labelledby": "yours" });
  const comparing = el("div", {});
  const undo = el("div", {});
  const look = () => JSON.stringify([isLoaded(), all().map((each) => [each.id, each.version, each.ahead]), uploads().map((each) => [each.key, each.stage]), takenAway().map((each) => each.id)]);
  let seen = null;
  let ready = null;

  const update = () => {
    if (look() === seen) return;
    seen = look();
    const items = all();
    const rows = [...uploads().map(upload), ...items.map(row)];
    list.hidden = !isLoaded();
    swap(list,
      el("h2", { id: "yours" }, () => t("yours"), rows.length ? el("span", { class: "count" }, () => t("howMany", { n: rows.length })) : null),
      rows.length ? el("ul", { class: "items" }, rows) : el("p", { class: "empty" }, () => t("noItems")));
    swap(undo, undoable());
    undo.hidden = !takenAway().length;
    if (awaited && takenAway().some((each) => each.id === awaited)) {
      if (document.activeElement === document.body) document.getElementById(`undo-${awaited}`)?.focus();
      awaited = "";
    }
    const able = items.filter((each) => each.kind !== "comparison" && each.edition && each.stage === "ready").map((each) => each.id).join();
    if (able !== ready) swap(comparing, comparePicker(null));
    ready = able;
  };
  update();

  const element = el("div", { class: "page-body" },
    el("h1", { tabindex: "-1" }, () => t("homeTitle")),
    el("p", { class: "lead" }, () => t("homeLead")),
    el("section", { class: "drop", "aria-labelledby": "drop-title" },
      icon("drop"),
      el("h2", { id: "drop-title" }, () => t("dropHere")),
      el("button", { type: "button", class: "main", id: "choose", onclick: () => choose(begin) }, () => t("choose")),
      el("p", { class: "muted" }, () => t("dropHint"))),
    list,
    undo,
    comparing,
    el("section", { class: "card quiet", "aria-labelledby": "first-time" },
      el("h2", { id: "first-time" }, () => t("firstTime")),
      el("p", {}, () => t("firstTimeHint")),
      el("a", { class: "button", href: address.blank, download: true }, icon("download"), () => t("blank"))));
  return { element, title: () => t("homeTitle"), update };
}
