// The way from a workbook to its documents, in four steps.

import { el, icon } from "./dom.js";
import { anyProblem } from "./home.js";
import { busy } from "./items.js";
import { t } from "./words.js";

/** @typedef {import("./api.js").Item} Item */

export const STEPS = ["home", "check", "preview", "finish"];

/** Whether a step can be taken already. @param {Item} state @param {string} step */
function open(state, step) {
  if (step === "preview") return state.documents.length > 0;
  return step !== "finish" || state.stage === "ready";
}


/** 1 選擇活頁簿 → 2 檢查 → 3 預覽 → 4 下載、封存; what cannot be had yet is no link. @param {Item | null} state */
export function steps(state, current) {
  return el("nav", { class: "steps", "aria-label": () => t("steps") }, el("ol", {},
    STEPS.map((step, n) => {
      const href = step === "home" ? "#/" : state && `#/item/${state.id}/${step}`;
      const can = step === "home" || (state && open(state, step));
      const content = [el("span", { class: "step" }, String(n + 1)), el("span", { class: "label" }, () => t(`step-${step}`)),
        step === "check" && state && !busy(state) && anyProblem(state)
          ? el("span", { class: "count" }, ["error", "warning"].filter((each) => state.counts[each]).map((each) =>
              el("span", { class: `tally ${each}` }, icon(each), el("span", { class: "sr" }, () => t(each)), String(state.counts[each]))))
          : null];
      return el("li", {}, can
        ? el("a", { href, id: `step-${step}`, "aria-current": step === current ? "step" : false }, content)
        : el("span", { class: "later", "aria-current": step === current ? "step" : false }, content));
    })));
}
