// Step 4: the files, the archive, the next year's workbook, the comparison.

import { address, api } from "./api.js";
import { comparePicker } from "./compare.js";
import { today, when } from "./dates.js";
import { el, icon, once, refresh, swap } from "./dom.js";
import { busy, shout, take } from "./items.js";
import { complain, message, openSheet } from "./notice.js";
import { list } from "./problems.js";
import { reviewCard } from "./remarks.js";
import { size } from "./upload.js";
import { addWords, language, t } from "./words.js";

addWords({
  filesLive: [
    "活頁簿與範本不再更動時，就會產製檔案，完成後可以下載。",
    "The files are made as soon as workbook and templates rest, and can be downloaded then.",
  ],
  filesNone: ["沒有檔案可以下載。", "There are no files to download."],
  allZip: ["全部下載（zip）", "Download all (zip)"],
  makeOdt: ["另做 ODT 檔", "Make ODT files, too"],
  odtMade: ["ODT 檔已做好，列在上面", "The ODT files are made; they are listed above"],
  "format-pdf": ["送件、列印、存檔", "To hand in, print and keep"],
  "format-docx": ["可以再編輯", "Can be edited"],
  "format-odt": ["開放文件格式", "Open document format"],
  "format-xlsx": ["可以再計算", "Can be calculated with"],
  "format-json": ["供其他程式讀取", "For other programs"],
  "format-html": ["網頁", "Web page"],
  nextTitle: ["下一版的活頁簿", "The next edition's workbook"],
  nextHint: [
    "由這一版帶出：定義、歷年數字、目標值與圖片都保留，加上新年度的欄，資料狀態改為「草稿」。",
    "Prefilled from this one: definitions, earlier years, targets and pictures stay, the new year is added, and it begins as a draft (草稿).",
  ],
  next: ["下載下一版的活頁簿", "Download the next workbook"],
  archiveThis: ["封存這個版次", "Archive this edition"],
  archiveThisHint: [
    "定稿印出後，把活頁簿、範本、PDF、Word 與產製環境一起存進封存資料夾，之後不會再變。",
    "Once it is printed: workbook, templates, PDF, Word and a record of the machine are kept together and never change again.",
  ],
  archiveAdd: ["加入封存…", "Add to the archive…"],
  toArchive: ["看封存的版次", "See the archive"],
  depositTitle: ["要封存這個版次嗎？", "Archive this edition?"],
  depositHint: [
    "封存後不會再變。內容有修正時，請改用新的修表日期，另成一版。",
    "It never changes after that. A correction needs a new revision date and is an edition of its own.",
  ],
  mayNotArchive: ["您不在可以封存的名單上。", "You are not among those who may archive."],
  reprint: ["這是同一版次的再次列印", "This is a reprint of an edition that is archived"],
  archiveNow: ["封存", "Archive"],
  revised: ["修表日期", "Revision date"],
});

const FORMATS = ["pdf", "docx", "odt", "xlsx", "json", "html"];

const download = (href, words, kind = "button") =>
  el("a", { class: kind, href, download: true }, icon("download"), words);

const inOrder = (files) =>
  [...files].sort((a, b) => FORMATS.indexOf(a.format) - FORMATS.indexOf(b.format));

/** @typedef {import("./api.js").Item} Item */

/** @param {Item} item @param {import("./api.js").Answers["FileJson"]} file */
function fileRow(item, file) {
  const known = FORMATS.includes(file.format);
  return el("li", {},
    el("span", { class: `format ${file.format}` }, file.format === "docx" ? "Word" : file.format === "xlsx" ? "Excel" : file.format.toUpperCase()),
    el("div", { class: "about" },
      el("a", { href: address.file(item.id, file.name), download: true }, file.name),
      el("p", { class: "muted" }, () => (known ? `${t(`format-${file.format}`)}　${size(file.size)}` : size(file.size)))));
}

/** @param {Item} item */
function files(item) {
  if (!item.files.length)
    return el("p", { class: "empty" }, () => t(busy(item) ? "filesSoon" : item.kind === "live" ? "filesLive" : "filesNone"));
  const labels = new Map(item.documents.map((each) => [each.name, each.label]));
  const groups = new Map();
  for (const file of item.files) groups.set(file.document, [...(groups.get(file.document) ?? []), file]);
  return [
    [...groups].map(([name, these]) => [
      el("h3", {}, () => labels.get(name)?.[language()] ?? name ?? t("files")),
      el("ul", { class: "files" }, inOrder(these).map((file) => fileRow(item, file))),
    ]),
    el("p", { class: "acts" }, download(address.all(item.id), () => t("allZip"), "button main"), makeOdt(item)),
  ];
}

/** A button for what is not made unasked, as LibreOffice takes its time. @param {Item} item */
function makeOdt(item) {
  if (item.kind !== "workbook" || item.stage !== "ready" || item.files.some((file) => file.format === "odt")) return null;
  return el("button", { type: "button", class: "button", id: "make-odt", onclick: once(async () => {
    try {
      take(await api.makeOdt(item.id));
      message(() => t("odtMade"), "notice");
    } catch (problem) {
      complain(problem);
    }
  }) }, () => t("makeOdt"));
}

/** Ask before it is done, then say what came of it, in the same sheet. @param {Item} item */
function confirmDeposit(item) {
  const reprint = el("input", { type: "checkbox", id: "reprint" });
  const outcome = el("div", { class: "outcome", "aria-live": "polite" });
  const acts = el("div", { class: "acts" });
  const sheet = el("dialog", { class: "sheet", "aria-labelledby": "deposit-title" });
  const closing = (words, kind) => el("button", { type: "button", class: kind, onclick: () => sheet.close() }, () => t(words));
  const act = once(async () => {
    swap(outcome, el("p", { class: "stage busy" }, icon("busy"), () => t("archiving")));
    let answer;
    try {
      answer = await api.deposit(item.id, reprint.checked);
    } catch (problem) {
      swap(outcome);
      return complain(problem);
    }
    const { archived, problems } = answer;
    const problemList = problems.length ? list(problems) : null;
    if (!archived) return swap(outcome, el("p", { class: "stage error" }, icon("error"), () => t("notArchived")), problemList);
    swap(outcome,
      el("p", { class: "stage ready" }, icon("ready"), () => t(answer.new ? "archived" : "archivedBefore", { edition: archived.edition })),
      el("p", {}, () => t("headIs"), " ", el("strong", { class: "seal" }, answer.head)),
      archived.codes.length ? el("p", {}, () => t("seals"), " ", archived.codes.map((code) => el("span", { class: "seal" }, code))) : null,
      problemList,
      el("p", {}, el("a", { href: "#/archive", onclick: () => sheet.close() }, () => t("toArchive"))));
    swap(acts, closing("close", "main"));
    acts.firstChild.focus();
    shout();
  });
  swap(acts, el("button", { type: "button", class: "main", id: "deposit-now", onclick: act }, () => t("archiveNow")), closing("cancel", "button"));
  swap(sheet, el("div", {},
    el("h2", { id: "deposit-title" }, () => t("depositTitle")),
    el("dl", { class: "facts" },
      [["agency", item.agency], ["title", item.title], ["edition", item.edition], ["status", item.status], ["workbook", item.name]]
        .filter(([, value]) => value)
        .map(([name, value]) => [el("dt", {}, () => t(name)), el("dd", {}, value)])),
    el("p", {}, () => t("depositHint")),
    el("label", { class: "check" }, reprint, el("span", {}, () => t("reprint"))),
    outcome, acts));
  openSheet(sheet);
}

/** The next edition's workbook, revised on a day that can be chosen. @param {Item} item */
function nextEdition(item) {
  const link = download(address.next(item.id, today()), () => t("next"));
  const day = el("input", { type: "date", id: "revised", value: today(), min: "1912-01-01", required: true,
    oninput: () => {
      if (day.value) link.setAttribute("href", address.next(item.id, day.value));
      refresh(label);
    } });
  const label = el("span", {}, () => `${t("revised")}　${when(day.value)}`);
  return el("div", { class: "row" }, el("label", { class: "field" }, label, day), link);
}

/** The view of step 4; `session` says whether there is an archive. @param {Item} item */
export function finish(item, session) {
  const parts = [
    el("section", { class: "card", "aria-labelledby": "files-title" },
      el("h2", { id: "files-title" }, icon("download"), () => t("files")), files(item)),
  ];
  if (item.kind !== "comparison") {
    if (session.archive && item.stage === "ready" && item.kind === "workbook" && !session.may_archive)
      parts.push(el("section", { class: "card", "aria-labelledby": "archive-title" },
        el("h2", { id: "archive-title" }, icon("archive"), () => t("archiveThis")),
        el("p", {}, () => t("mayNotArchive")),
        el("p", { class: "acts" }, el("a", { href: "#/archive" }, () => t("toArchive")))));
    else if (session.archive && item.stage === "ready" && item.kind === "workbook")
      parts.push(el("section", { class: "card", "aria-labelledby": "archive-title" },
        el("h2", { id: "archive-title" }, icon("archive"), () => t("archiveThis")),
        el("p", {}, () => t("archiveThisHint")),
        el("p", { class: "acts" },
          el("button", { type: "button", class: "button", id: "deposit", onclick: () => confirmDeposit(item) }, () => t("archiveAdd")),
          el("a", { href: "#/archive" }, () => t("toArchive")))));
    if (item.stage === "ready" && item.kind === "workbook") parts.push(reviewCard(item));
    parts.push(comparePicker(item));
    if (item.stage === "ready" && item.kind === "workbook")
      parts.push(el("section", { class: "card", "aria-labelledby": "next-title" },
        el("h2", { id: "next-title" }, icon("download"), () => t("nextTitle")),
        el("p", {}, () => t("nextHint")),
        nextEdition(item)));
  }
  return parts;
}
