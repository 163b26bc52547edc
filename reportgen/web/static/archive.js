// The archive: what is in it by agency and edition, its files, and whether all of it is whole.

import { address, api } from "./api.js";
import { approvals } from "./approvals.js";
import { when } from "./dates.js";
import { el, icon, once, swap } from "./dom.js";
import { announce, complain } from "./notice.js";
import { list } from "./problems.js";
import { keep, place } from "./place.js";
import { isSendable, size } from "./upload.js";
import { addWords, t } from "./words.js";

addWords({
  archiveTitle: ["封存", "Archive"],
  archiveLead: ["定稿印出後封存的版次，存放於", "The editions that were archived when they were printed, kept in"],
  archiveEmpty: [
    "還沒有封存任何版次。定稿印出後，在該活頁簿的「下載、封存」步驟加入。",
    "Nothing is archived yet. Once an edition is printed, add it in the step “Download, archive” of its workbook.",
  ],
  noArchive: ["這個程式啟動時沒有設定封存資料夾。", "No archive folder was set when the program was started."],
  verifyTitle: ["查驗", "Verify"],
  verifyHint: [
    "讀取封存的每個位元組並核對，看有沒有損壞或被更改；請每年至少做一次。",
    "Reads every byte and checks it, to find what is damaged or was altered. Do it at least once a year.",
  ],
  verify: ["查驗整個封存", "Verify the whole archive"],
  verifying: ["查驗中，請稍候", "Verifying; please wait"],
  whole: ["查驗完成，封存完整", "Verified: the archive is whole"],
  notWhole: ["查驗完成，封存有問題", "Verified: something is wrong with the archive"],
  identify: ["這份檔案封存過嗎？", "Is this file archived?"],
  identifyHint: ["選一個檔案（例如別人寄來的 PDF），看它是不是封存的那一份，一個位元組都不差。", "Choose a file, such as a PDF that somebody sent you, to see whether it is an archived one to the last byte."],
  identified: ["是封存的檔案：", "It is archived:"],
  verified: ["{editions} 個版次、{files} 個檔案（{size}）都讀取並核對過。", "{editions} editions, {files} files ({size}) were read and checked."],
  records: ["範本與紀錄（{n} 個檔案）", "Templates and records ({n} files)"],
  current: ["現行", "Current"],
  allAgencies: ["全部機關", "All agencies"],
  searchArchive: ["搜尋版次、名稱或頁尾代碼", "Search edition, title or the code at a page's foot"],
  nothingFits: ["沒有符合的版次。", "No edition fits."],
  archivedAt: ["封存時間", "Archived"],
  printedAt: ["列印日期", "Printed"],
  archivedBy: ["封存者", "By"],
});

const GROUPS = { "documents/": "files", "source/": "workbook", "": "records" };

/** @typedef {import("./api.js").Answers["ArchivedEdition"]} Edition */
/** @typedef {import("./api.js").Answers["ArchivedFile"]} ArchivedFile */

/** @param {Edition} of @param {ArchivedFile} file */
const archivedFile = (of, file) => el("li", {},
  el("a", { href: address.archived(of.id, file.name), download: true }, file.name.replace(/^(documents|source)\//, "")),
  el("span", { class: "muted" }, size(file.size)));

/** Documents and the workbook first; templates and records folded away. @param {Edition} each */
function kept(each) {
  const groups = new Map(Object.keys(GROUPS).map((folder) => [folder, []]));
  for (const file of each.files)
    groups.get(Object.keys(GROUPS).find((folder) => file.name.startsWith(folder))).push(file);
  return [...groups].filter(([, files]) => files.length).map(([folder, files]) => {
    const rows = el("ul", { class: "files" }, files.map((file) => archivedFile(each, file)));
    return folder ? [el("h4", {}, () => t(GROUPS[folder])), rows]
      : el("details", { class: "more" }, el("summary", {}, () => t("records", { n: files.length })), rows);
  });
}

const fact = (name, value) =>
  value ? [el("dt", {}, () => t(name)), el("dd", {}, value)] : [];

/** @param {Edition} each @param {import("./api.js").Session} session @param {(id: string) => void} renew */
function edition(each, session, renew) {
  const approval = approvals(each, session, renew);
  const open = once(approval.load);
  return el("details", { class: "edition", id: `edition-${each.id}`, ontoggle: (event) => event.currentTarget.open && open() },
    el("summary", {},
      el("span", { class: "name" }, each.name || each.edition),
      el("span", {}, each.title),
      el("span", { class: "badge" }, each.status),
      each.current ? el("span", { class: "badge live" }, () => t("current")) : null),
    el("dl", { class: "facts" },
      each.name && each.name !== each.edition ? fact("edition", each.edition) : null,
      fact("archivedAt", each.archived && (() => when(each.archived))), fact("printedAt", each.printed && (() => when(each.printed))), fact("archivedBy", each.user),
      fact("seals", each.codes.length ? each.codes.map((code) => el("span", { class: "seal" }, code)) : null)),
    approval.element,
    el("div", {}, kept(each)));
}

/** A code as it is compared: of a page's line what follows 查驗碼, without what does not count. */
const plain = (text) => text.toUpperCase().split("查驗碼").at(-1).replace(/[\s-]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");

/** The text as a code that is typed or scanned as a whole, else "". */
function codeIn(text) {
  const code = plain(text.replace(/^reportgen\s.*\s/i, ""));
  return /^[0-9A-HJKMNP-TV-Z]+$/.test(code) && !/^\d+$/.test(code) && [8, 25, 32].includes(code.length) ? code : "";
}

/**
 * Whether an edition has a text in what is shown of it, or the beginning of a code.
 * @param {Edition} each @param {string} text
 */
function holds(each, text) {
  const shown = [each.agency, each.name, each.edition, each.title, each.status, each.user].join(" ").toLowerCase();
  const code = plain(text);
  return shown.includes(text) || (code.length > 3 && each.codes.some((known) => plain(known).includes(code)));
}

/** The view. @param {import("./api.js").Session} session */
export function archive(session) {
  const body = el("div", { class: "stack" }, el("p", { class: "stage busy" }, icon("busy"), () => t("loading")));
  const outcome = el("div", { class: "outcome", "aria-live": "polite" });
  const { query } = place();
  const chosen = { agency: query.get("agency") ?? "", text: query.get("text") ?? "", code: "" };
  /** @type {{code: string} & import("./api.js").Answers["FoundAnswer"]} */
  const answered = { code: "", id: null, problems: [] }; // what the server says of a code
  /** @type {import("./api.js").Answers["ArchiveAnswer"] | null} */
  let found = null;

  const verify = once(async () => {
    swap(outcome, el("p", { class: "stage busy" }, icon("busy"), () => t("verifying")));
    try {
      const answer = await api.verify();
      const look = answer.ok ? "ready" : "error";
      swap(outcome, el("p", { class: `stage ${look}` }, icon(look), () => t(answer.ok ? "whole" : "notWhole")),
        el("p", {}, () => t("verified", { editions: answer.editions, files: answer.files, size: size(answer.size) })),
        answer.head ? el("p", {}, () => t("headIs"), " ", el("strong", { class: "seal" }, answer.head)) : null,
        answer.problems.length ? list(answer.problems) : null);
    } catch (problem) {
      swap(outcome);
      complain(problem);
    }
  });

  const identified = el("div", { class: "outcome", id: "identified", "aria-live": "polite" });
  const identify = async (file) => {
    if (!isSendable(file)) return;
    try {
      const answer = await api.identify(file.name, await file.arrayBuffer());
      swap(identified, answer.matches.length
        ? [el("p", { class: "stage ready" }, icon("ready"), () => t("identified")),
           el("ul", { class: "files" }, answer.matches.map((each) => el("li", {},
             el("a", { href: address.archived(each.id, each.name), download: true }, `${each.edition}　${each.name}`))))]
        : list(answer.problems));
    } catch (problem) {
      swap(identified);
      complain(problem);
    }
  };
  const chooser = el("input", { type: "file", hidden: true, onchange: () => {
    if (chooser.files[0]) identify(chooser.files[0]);
    chooser.value = "";
  } });

  const rows = el("div", {});
  const show = (aloud) => {
    const fits = found.editions.filter((each) =>
      (!chosen.agency || each.agency === chosen.agency) &&
      (!chosen.text || (chosen.code && chosen.code === answered.code && each.id === answered.id) || holds(each, chosen.text)));
    const doubts = chosen.code === answered.code && !answered.id ? answered.problems : [];
    const agencies = [...new Set(fits.map((each) => each.agency))];
    swap(rows, agencies.map((agency) => el("section", {},
      el("h3", {}, agency, "　", el("span", { class: "count" }, () => t("howMany", { n: fits.filter((each) => each.agency === agency).length }))),
      fits.filter((each) => each.agency === agency).map((each) => edition(each, session, renew)))),
      fits.length ? null : doubts.length ? list(doubts) : el("p", { class: "empty" }, () => t("nothingFits")));
    if (aloud) announce(t("howMany", { n: fits.length }));
  };

  /** The server knows all codes, those of the QR code and of old pages too, and finds typing errors. */
  const look = async () => {
    chosen.code = codeIn(chosen.text);
    if (!chosen.code || chosen.code === answered.code) return;
    const code = chosen.code;
    try {
      Object.assign(answered, { code, ...(await api.find(code)) });
    } catch (problem) {
      return complain(problem);
    }
    if (chosen.code === code) show(true);
  };

  /** Show the archive anew, with an edition opened. @param {string} id */
  const renew = async (id) => {
    await load();
    const shown = /** @type {HTMLDetailsElement | null} */ (document.getElementById(`edition-${id}`));
    if (!shown) return;
    shown.open = true;
    shown.querySelector("summary").focus();
  };

  const load = async () => {
    try {
      found = await api.archive();
    } catch (problem) {
      swap(body, el("p", { class: "stage error" }, icon("error"), () => problem.text?.() ?? String(problem)),
        el("button", { type: "button", class: "button", onclick: once(load) }, () => t("again")));
      return;
    }
    const agencies = [...new Set(found.editions.map((each) => each.agency))];
    const problemList = found.problems.length ? list(found.problems) : null;
    if (!found.editions.length) {
      swap(body, problemList, el("div", { class: "card empty" }, el("p", {}, () => t("archiveEmpty")), el("p", {}, el("a", { href: "#/" }, () => t("toStart")))));
      return;
    }
    swap(body, problemList,
      el("section", { class: "card", "aria-labelledby": "verify-title" },
        el("h2", { id: "verify-title" }, icon("ready"), () => t("verifyTitle")),
        el("p", {}, () => t("verifyHint")),
        el("p", {}, el("button", { type: "button", class: "button", id: "verify", onclick: verify }, () => t("verify"))),
        outcome,
        el("p", {}, () => t("identifyHint")),
        el("p", {}, el("button", { type: "button", class: "button", id: "identify", onclick: () => chooser.click() }, () => t("identify")), chooser),
        identified),
      el("section", { class: "card", "aria-labelledby": "editions-title" },
        el("h2", { id: "editions-title" }, icon("archive"), () => t("editions")),
        el("form", { class: "filter", role: "search", "aria-label": () => t("filter"), onsubmit: (event) => event.preventDefault() },
          agencies.length > 1 ? el("label", { class: "field" }, el("span", {}, () => t("agency")),
            el("select", { id: "archive-agency", onchange: (event) => {
              chosen.agency = event.target.value;
              keep({ agency: chosen.agency });
              show(true);
            } }, el("option", { value: "" }, () => t("allAgencies")), agencies.map((name) => el("option", { value: name, selected: name === chosen.agency }, name)))) : null,
          el("label", { class: "field" }, el("span", {}, () => t("searchArchive")),
            el("input", { type: "search", id: "archive-text", value: chosen.text, autocomplete: "off", oninput: (event) => {
              chosen.text = event.target.value.trim().toLowerCase();
              keep({ text: chosen.text });
              look();
              show(true);
            } }))),
        rows));
    look();
    show(false);
  };

  if (session.archive) load();
  else swap(body, el("p", { class: "card empty" }, () => t("noArchive")));
  const element = el("div", { class: "page-body" },
    el("h1", { tabindex: "-1" }, () => t("archiveTitle")),
    session.archive ? el("p", { class: "lead" }, () => t("archiveLead"), " ", el("code", {}, session.archive)) : null,
    body);
  return { element, title: () => t("archiveTitle"), update: () => {} };
}
