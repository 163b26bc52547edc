// One cell of a problem, set on the page: in the server's copy of the workbook, never in the
// user's own file.

import { address, api } from "./api.js";
import { el, icon, once, swap } from "./dom.js";
import { pauseFollowing, replaceButton } from "./follow.js";
import { take } from "./items.js";
import { announce, complain } from "./notice.js";
import { list } from "./problems.js";
import { addWords, t } from "./words.js";

addWords({
  mendHere: ["在這裡改這一格", "Set this cell here"],
  newValue: ["{place} 的新內容", "New content of {place}"],
  setCell: ["改這一格，再檢查", "Set it and check again"],
  setCellHint: [
    "改的是這個頁面上的複本，您電腦上的原檔不會更動；改好後請下載修正過的複本。",
    "It is set in the copy on this page; the file on your disk stays as it is. Download the corrected copy afterwards.",
  ],
  cellSet: ["已改 {place}，重新檢查中", "{place} is set; checking again"],
  edited: ["在這裡改了 {n} 格（{cells}）。", ["{n} cell was set here ({cells}). ", "{n} cells were set here ({cells}). "]],
  mergedHere: ["填報在這裡併入了 {n} 次。", ["Parts were merged here {n} time. ", "Parts were merged here {n} times. "]],
  onDisk: ["您電腦上的原檔沒有更動。", "The file on your disk is as it was."],
  corrected: ["下載修正過的複本", "Download the corrected copy"],
});

const CELL = /^[A-Z]{1,3}[1-9]\d*$/;
const LISTED = 3; // cells

/** @typedef {import("./api.js").Item} Item */
/** @typedef {import("./api.js").Problem} Problem */

/** A field for the cell of a problem, behind a button; null where no cell can be set. @param {Item} item @param {Problem} problem */
export function mender(item, problem) {
  if (item.kind !== "workbook" || !problem.sheet || !CELL.test(problem.cell) || problem.severity === "notice") return null;
  const place = `${problem.sheet} ${problem.cell}`;
  const box = el("div", { class: "mend" });
  const show = () => {
    const outcome = el("div", { class: "outcome", "aria-live": "polite" });
    const field = el("input", { type: "text", autocomplete: "off", "aria-label": () => t("newValue", { place }) });
    const save = once(async () => {
      let answer;
      try {
        answer = await api.setCell(item.id, { sheet: problem.sheet, cell: problem.cell, value: field.value, run: item.run });
      } catch (refusal) {
        return complain(refusal);
      }
      if (!answer.item) return swap(outcome, list(answer.problems));
      pauseFollowing(item.id); // or the next save would undo it unseen
      take(answer.item);
      announce(t("cellSet", { place }));
      document.getElementById("corrected")?.focus();
    });
    swap(box, el("form", { class: "acts", onsubmit: save },
      el("label", { class: "field" }, el("span", {}, () => t("newValue", { place })), field),
      el("button", { type: "submit", class: "button" }, () => t("setCell")),
      el("button", { type: "button", class: "link", onclick: () => {
        start();
        box.querySelector("button").focus();
      } }, () => t("cancel"))),
      el("p", { class: "muted" }, () => t("setCellHint")), outcome);
    field.focus();
  };
  const start = () => swap(box, el("button", { type: "button", class: "link", "aria-label": () => `${t("mendHere")} ${place}`, onclick: show }, () => t("mendHere")));
  start();
  return box;
}

/**
 * What was set or merged here, the copy that has it, and the way back for that copy.
 * @param {Item} item @param {() => void} replace lets a file be chosen
 */
export function editedBar(item, replace) {
  if (!item.edited.length && !item.merges) return null;
  const cells = item.edited.map((each) => `${each.sheet} ${each.cell}`);
  const named = cells.slice(0, LISTED).join(t("comma")) + (cells.length > LISTED ? "…" : "");
  return el("p", { class: "note edited" }, icon("notice"), el("span", {},
    item.merges ? () => t("mergedHere", { n: item.merges }) : null,
    cells.length ? () => t("edited", { n: cells.length, cells: named }) : null, () => t("onDisk")),
    el("a", { id: "corrected", href: address.workbook(item.id), download: true }, () => t("corrected")),
    replaceButton(replace));
}
