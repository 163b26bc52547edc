// Owners' parts of an item: sent out, handed in, merged once it is confirmed what would change.

import { address, api } from "./api.js";
import { when } from "./dates.js";
import { add, el, icon, once, refresh, swap } from "./dom.js";
import { pauseFollowing } from "./follow.js";
import { sayTitle } from "./home.js";
import { shout } from "./items.js";
import { announce, complain, message } from "./notice.js";
import { list } from "./problems.js";
import { isSendablePart, size } from "./upload.js";
import { addWords, t } from "./words.js";

addWords({
  partsLead: ["把要填的數字與說明分送給各單位，收回後看過再併入活頁簿。", "Send units what they are to fill in; see what comes back, then merge it."],
  unitsTitle: ["填報狀況", "Who has delivered"],
  unitsDone: ["{units} 個單位中 {done} 個已填妥", "{done} of {units} units have filled in all"],
  dueOn: ["交回期限 {day}", "wanted by {day}"],
  "unit-missing": ["未交", "Missing"],
  "unit-incomplete": ["已交，尚有空白", "Delivered, with blanks"],
  "unit-delivered": ["已交", "Delivered"],
  "unit-filled": ["已填妥", "Filled in"],
  noUnit: ["（未指定單位）", "(no unit)"],
  signedBy: ["{by}　{on}", "{by}, {on}"],
  unsigned: ["未簽名", "not signed"],
  blanks: ["空白 {n} 格", ["{n} blank cell", "{n} blank cells"]],
  deliveryTable: ["下載填報狀況表（xlsx）", "Download as a workbook (xlsx)"],
  returnTitle: ["收回填報", "Hand in parts"],
  returnHint: [
    "把各單位交回的填報活頁簿放進來，可以一次多份、分好幾天放。按「併入」以前，活頁簿不會更動。",
    "Drop what units return, several at once or over many days. The workbook does not change before you press “Merge”.",
  ],
  returnChoose: ["選擇交回的檔案", "Choose returned parts"],
  readingParts: ["讀取填報活頁簿中", "Reading the parts"],
  partsFailed: ["未能讀取填報活頁簿", "The parts could not be read"],
  changesTitle: ["會併入 {n} 格", ["{n} cell would be merged", "{n} cells would be merged"]],
  noChanges: ["沒有要併入的格子。", "There is nothing to merge."],
  blankCell: ["空白", "blank"],
  becomes: ["改為", "becomes"],
  partProblems: ["收回的填報有 {n} 個問題", ["{n} problem with what was returned", "{n} problems with what was returned"]],
  partial: ["只併入沒有衝突的 {n} 格", ["Merge only the {n} cell without a conflict", "Merge only the {n} cells without a conflict"]],
  notMerged: ["有錯誤，不會併入。請依上列說明處理，再放入改好的檔案。", "There are errors; nothing is merged. Do as is said above, then drop the mended parts."],
  merge: ["併入 {n} 格", ["Merge {n} cell", "Merge {n} cells"]],
  mergedNow: ["已併入 {n} 格，文件重新產製中。併入前的活頁簿仍可下載。", ["{n} cell is merged; the documents are being made anew. The workbook of before can still be had.", "{n} cells are merged; the documents are being made anew. The workbook of before can still be had."]],
  shareTitle: ["分送填報", "Send out parts"],
  shareHint: ["每個單位一份活頁簿，只有該單位要填的格子可以填。", "A workbook for each unit, in which only its own cells can be filled in."],
  due: ["交回期限（可不填）", "Wanted by (optional)"],
  partFormat: ["格式", "Format"],
  ownFormat: ["與活頁簿相同", "As the workbook"],
  share: ["做成填報活頁簿", "Make the parts"],
  sharing: ["製作中，請稍候", "Making the parts; please wait"],
  sharedNow: ["已做成 {n} 份填報活頁簿", ["{n} part is made", "{n} parts are made"]],
  notShared: ["沒有做成填報活頁簿", "No parts were made"],
  rows: ["{n} 列", ["{n} row", "{n} rows"]],
  sharedZip: ["下載填報活頁簿（zip）", "Download the parts (zip)"],
  workbooksTitle: ["活頁簿", "The workbook"],
  workbookNow: ["下載目前的活頁簿", "Download the workbook as it is now"],
  earlierWorkbooks: ["併入前的活頁簿", "From before each merge"],
  replacedAt: ["{time} 併入", "merged {time}"],
});

const WAIT = 600; // milliseconds between looks while the parts are read
const LOOKS = { missing: "busy", incomplete: "warning", delivered: "ready", filled: "ready" };

/** @typedef {import("./api.js").Item} Item */
/** @typedef {import("./api.js").Answers["PartsAnswer"]} Parts */
/** @typedef {import("./api.js").Answers["UnitDelivery"]} Unit */
/** @typedef {import("./api.js").Answers["MergedChange"]} Change */

/** "王小明　106-01-05", or that nobody has signed. @param {{signed_by: string, signed_on: string}} part */
const signature = (part) =>
  part.signed_by || part.signed_on ? t("signedBy", { by: part.signed_by, on: part.signed_on }) : t("unsigned");

/** @param {Unit} unit */
function unitRow(unit) {
  const look = LOOKS[unit.delivery];
  return el("li", { class: "unit", "data-delivery": unit.delivery },
    el("span", { class: `stage ${look}` }, icon(look), el("span", {}, () => t(`unit-${unit.delivery}`))),
    el("div", { class: "about" },
      el("strong", {}, () => unit.owner || t("noUnit")),
      unit.parts.map((part) => el("p", { class: "muted" }, () => `${part.file}　${signature(part)}`))),
    unit.blank.length ? el("details", { class: "more" },
      el("summary", {}, () => t("blanks", { n: unit.blank.length })),
      el("ul", {}, unit.blank.map((cell) => el("li", {},
        el("span", { class: "where" }, `${cell.sheet} ${cell.cell}`), " ", `${cell.item}　${cell.component}`)))) : null);
}

/** What a unit's part changes, by cell. @param {Change[]} changes */
function changeGroup(changes) {
  const [first] = changes;
  return el("section", {},
    el("h3", {}, first.owner, " ", el("span", { class: "muted" }, () => `${signature(first)}　${first.part}`)),
    el("ul", { class: "cell-changes" }, changes.map((change) => el("li", {},
      el("span", { class: "where" }, `${change.sheet} ${change.cell}`),
      el("span", {}, [change.item, change.component, change.column].filter(Boolean).join("　")),
      el("span", { class: "values" },
        change.was ? el("del", {}, change.was) : el("span", { class: "muted" }, () => t("blankCell")),
        el("span", { class: "sr" }, () => t("becomes")), el("span", { "aria-hidden": "true" }, " → "),
        el("ins", {}, change.now))))));
}

/** The changes by unit and part. @param {Change[]} changes */
function changeGroups(changes) {
  const groups = new Map();
  for (const change of changes) {
    const key = `${change.owner}/${change.part}`;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].map(changeGroup);
}

/** The problems by file, what is worst first. @param {import("./api.js").Problem[]} problems */
function problemGroups(problems) {
  const worst = (problem) => ["error", "warning", "notice"].indexOf(problem.severity);
  const groups = new Map();
  for (const problem of [...problems].sort((a, b) => worst(a) - worst(b)))
    groups.set(problem.file, [...(groups.get(problem.file) ?? []), problem]);
  return [...groups].map(([file, these]) => el("section", {}, file ? el("h4", {}, file) : null, list(these)));
}

/** The form that makes the parts; its outcome stays until it is pressed again. @param {Item} item */
function shareCard(item) {
  const outcome = el("div", { class: "outcome", id: "share-outcome", "aria-live": "polite" });
  const day = el("input", { type: "date", id: "due", min: "1912-01-01", oninput: () => refresh(label) });
  const label = el("span", {}, () => `${t("due")}　${day.value ? when(day.value) : ""}`);
  const format = el("select", { id: "part-format" },
    el("option", { value: "" }, () => t("ownFormat")),
    el("option", { value: "xlsx" }, "Excel (.xlsx)"), el("option", { value: "ods" }, "OpenDocument (.ods)"));
  const act = once(async () => {
    swap(outcome, el("p", { class: "stage busy" }, icon("busy"), () => t("sharing")));
    try {
      const { parts, problems } = await api.share(item.id, day.value, format.value);
      const look = parts.length ? "ready" : "error";
      swap(outcome,
        el("p", { class: `stage ${look}` }, icon(look), () => (parts.length ? t("sharedNow", { n: parts.length }) : t("notShared"))),
        parts.length ? [
          el("ul", {}, parts.map((part) => el("li", {}, part.owner, " ", el("span", { class: "muted" }, () => `${t("rows", { n: part.rows })}　${part.name}`)))),
          el("a", { class: "button main", href: address.shared(item.id), download: true }, icon("download"), () => t("sharedZip"))] : null,
        problems.length ? list(problems) : null);
      shout();
    } catch (problem) {
      swap(outcome);
      complain(problem);
    }
  });
  return el("section", { class: "card", "aria-labelledby": "share-title" },
    el("h2", { id: "share-title" }, icon("send"), () => t("shareTitle")),
    el("p", {}, () => t("shareHint")),
    el("form", { class: "row", onsubmit: act },
      el("label", { class: "field" }, label, day),
      el("label", { class: "field" }, el("span", {}, () => t("partFormat")), format),
      el("button", { type: "submit", class: "button", id: "share" }, () => t("share"))),
    outcome);
}

/**
 * The view of an item's parts, below the heading of `element`; only a workbook that was uploaded takes parts back.
 * @param {Item} item @param {HTMLElement} element
 */
export function parts(item, element) {
  const { id } = item;
  const takesParts = item.kind === "workbook";
  const card = (name) => el("section", { class: "card", hidden: true, "aria-labelledby": `${name}-title` });
  const [units, returned, merging, workbooks] = ["units", "return", "merging", "workbooks"].map(card);
  const lead = el("p", { class: "lead" });
  const chooser = el("input", { type: "file", hidden: true, multiple: true, accept: ".xlsx,.xlsm,.ods", onchange: () => {
    send([...chooser.files]);
    chooser.value = "";
  } });
  /** @type {Parts | null} */
  let found = null;
  let seen = 0; // the version of the item whose parts were asked for last
  let sending = 0;
  let isPartial = false;
  let next = 0;
  const drawn = new Map();

  /** Draw a part anew if what it shows has changed. */
  const fresh = (part, shown, draw) => {
    const sign = JSON.stringify(shown);
    if (drawn.get(part) === sign) return;
    drawn.set(part, sign);
    part.hidden = false;
    draw();
  };

  const isReading = () => sending > 0 || found.stage === "waiting" || found.stage === "unread";

  const drawUnits = () => {
    const named = found.units.filter((unit) => unit.owner);
    const done = named.filter((unit) => LOOKS[unit.delivery] === "ready").length;
    swap(units,
      el("h2", { id: "units-title" }, () => t("unitsTitle"), el("span", { class: "count" }, () =>
        `${named.length ? t("unitsDone", { done, units: named.length }) : ""}${found.due ? `　${t("dueOn", { day: found.due })}` : ""}`)),
      el("ul", { class: "units" }, found.units.map(unitRow)),
      el("p", { class: "acts" }, el("a", { class: "button", href: () => address.delivery(id), download: true }, icon("download"), () => t("deliveryTable"))));
  };

  const drawReturned = () => swap(returned,
    el("h2", { id: "return-title" }, icon("drop"), () => t("returnTitle")),
    el("p", {}, () => t("returnHint")),
    el("p", { class: "acts" },
      el("button", { type: "button", class: "main", id: "return-choose", onclick: () => chooser.click() }, () => t("returnChoose")), chooser,
      isReading() ? el("span", { class: "stage busy", role: "status" }, icon("busy"), () => t(sending ? "sending" : "readingParts")) : null),
    found.files.length ? el("ul", { class: "files" }, found.files.map((file) => el("li", {},
      el("div", { class: "about" },
        el("a", { href: address.part(id, file.name), download: true }, file.name),
        el("span", { class: "muted" }, `　${size(file.size)}`)),
      el("button", { type: "button", class: "link", "aria-label": () => `${t("remove")} ${file.name}`, onclick: once(() => act(() => api.removePart(id, file.name))) }, () => t("remove"))))) : null);

  const drawMerging = () => {
    const { changes, problems } = found;
    const hasErrors = problems.some((problem) => problem.severity === "error");
    const n = changes.length;
    const merge = once(async () => {
      if (!await act(() => api.merge(id, found.key, isPartial))) return;
      pauseFollowing(id); // or the next save would undo it unseen
      message(() => t("mergedNow", { n }), "notice");
    });
    const confirm = el("button", { type: "button", class: "main", id: "merge", hidden: hasErrors && !isPartial, onclick: merge }, () => t("merge", { n }));
    const partial = el("input", { type: "checkbox", id: "partial", checked: isPartial, onchange: () => {
      isPartial = partial.checked;
      confirm.hidden = !isPartial;
    } });
    const failed = found.stage === "failed";
    swap(merging,
      el("h2", { id: "merging-title" }, failed ? icon("error") : null, () => (failed ? t("partsFailed") : n ? t("changesTitle", { n }) : t("noChanges"))),
      changeGroups(changes),
      problems.length ? [
        el("h3", {}, () => t("partProblems", { n: problems.length })),
        problemGroups(problems)] : null,
      failed ? el("p", {}, el("button", { type: "button", class: "button", onclick: once(() => act(() => api.readParts(id))) }, () => t("again"))) : null,
      hasErrors && !failed ? el("p", { class: "stage error" }, icon("error"), () => t("notMerged")) : null,
      hasErrors && n ? el("label", { class: "check" }, partial, el("span", {}, () => t("partial", { n }))) : null,
      n ? el("p", { class: "acts" }, confirm) : null);
  };

  const drawWorkbooks = () => swap(workbooks,
    el("h2", { id: "workbooks-title" }, () => t("workbooksTitle")),
    el("p", { class: "acts" }, el("a", { class: "button", id: "workbook-now", href: address.version(id, found.workbook), download: true }, icon("download"), () => t("workbookNow"))),
    found.earlier.length ? [
      el("h3", {}, () => t("earlierWorkbooks")),
      el("ul", { class: "files" }, found.earlier.map((each) => el("li", {},
        el("div", { class: "about" },
          el("a", { href: address.version(id, each.number), download: true }, each.name),
          el("p", { class: "muted" }, () => t("replacedAt", { time: when(each.replaced) }))))))] : null);

  const draw = () => {
    if (found.units.length) fresh(units, [found.units, found.due], drawUnits);
    else units.hidden = true;
    fresh(returned, [found.files, isReading(), sending], drawReturned);
    const settled = !isReading();
    if (settled && (found.files.length || found.problems.length)) fresh(merging, [found.stage, found.changes, found.problems, found.key], drawMerging);
    else if (settled || drawn.has(merging)) {
      merging.hidden = true; // what it says does not hold while the parts are read
      drawn.delete(merging);
    }
    fresh(workbooks, [found.workbook, found.earlier], drawWorkbooks);
  };

  /** Take what the server says, and look again as long as it is reading. @param {Parts} answer */
  const take = (answer) => {
    const wasReading = found && isReading();
    if (found?.key !== answer.key) isPartial = false;
    found = answer;
    draw();
    if (wasReading && !isReading()) announce(t(found.stage === "failed" ? "partsFailed" : found.changes.length ? "changesTitle" : "noChanges", { n: found.changes.length }));
    clearTimeout(next);
    if (found.stage === "waiting") next = window.setTimeout(load, WAIT);
  };

  /** Do something that the server answers with the parts; true if it was done. */
  const act = async (ask) => {
    try {
      take(await ask());
    } catch (problem) {
      complain(problem);
      load();
      return false;
    }
    shout();
    return true;
  };

  const load = async () => {
    if (!element.isConnected) return;
    try {
      const answer = await api.parts(id);
      take(answer.stage === "unread" ? await api.readParts(id) : answer);
    } catch (problem) {
      if (problem.status !== 404) complain(problem); // a removed item has a view of its own
    }
  };

  /** Hand in files, one after another. @param {File[]} files */
  const send = async (files) => {
    const sent = files.filter(isSendablePart);
    sending += sent.length;
    if (found) draw();
    for (const file of sent) {
      let bytes = null;
      try {
        bytes = await file.arrayBuffer();
      } catch {
        message(() => t("unreadable", { name: file.name }));
      }
      sending -= 1;
      if (bytes) await act(() => api.handIn(id, file.name, bytes));
    }
    if (found) draw();
  };

  add(element, [lead, ...(takesParts ? [units, returned, merging] : []), shareCard(item), takesParts ? workbooks : null]);

  return {
    send,
    /** @param {Item} state */
    update: (state) => {
      swap(lead, sayTitle(state), el("span", { class: "muted" }, () => `　${t("partsLead")}`));
      if (!takesParts || seen === state.version) return;
      seen = state.version;
      load();
    },
  };
}
