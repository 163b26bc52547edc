// Remarks on pages: the link by which somebody reads a document and leaves them, their list, and
// the panel beside the pages.

import { address, api } from "./api.js";
import { when } from "./dates.js";
import { el, icon, once, swap } from "./dom.js";
import { complain, message, openSheet } from "./notice.js";
import { addWords, language, t } from "./words.js";

addWords({
  reviewTitle: ["請主管審閱", "Have it reviewed"],
  reviewHint: [
    "產生一個唯讀的連結：收到的人不必登入，就能看這份文件的頁面、下載 PDF、留下意見。看不到活頁簿與其他項目。",
    "Make a read-only link: whoever has it sees the pages of these documents without signing in, can download them as PDF and leave remarks. The workbook and all else stay closed.",
  ],
  makeLink: ["產生審閱連結", "Make a link for review"],
  reviewLink: ["審閱連結", "Link for review"],
  copy: ["複製", "Copy"],
  copied: ["已複製", "Copied"],
  copyYourself: ["瀏覽器不允許複製，請自行選取連結。", "The browser does not allow it: copy the selected link yourself."],
  linkEnds: ["有效到 {day}；移除這個項目時也會失效。", "It ends on {day}, and when this item is removed."],
  linkLocal: ["目前的網址只有這台電腦能開啟。", "At its present address only this machine can open it."],
  withdrawLink: ["撤回連結", "Withdraw the link"],
  remarks: ["意見", "Remarks"],
  remarkPlace: ["{label} 第 {page} 頁", "{label}, page {page}"],
  remarkPlaceBefore: ["{label} 第 {version} 版的第 {page} 頁（現在是第 {now} 版）", "{label}, page {page} of version {version} (this is version {now})"],
  noRemarks: ["還沒有意見。", "There are no remarks yet."],
  leaveRemark: ["留下意見", "Leave a remark"],
  remarkText: ["意見", "Remark"],
  remarkLeft: ["意見已送出", "The remark is sent"],
  reviewPage: ["審閱", "Review"],
  readOnly: ["唯讀連結，有效到 {day}", "Read-only link, until {day}"],
  linkEnded: ["這個連結不能再用了", "This link can no longer be used"],
});

/** @typedef {import("./api.js").Answers["RemarkJson"]} Remark */
/** @typedef {import("./api.js").Answers["DocumentJson"]} Document_ */
/** @typedef {import("./api.js").Item} Item */

const BESIDE = 1024; // CSS pixels of a window that has room for the panel beside the pages
let panel = null;

/**
 * Remarks in their order; with `goTo`, each leads to its page. The pages of another version are not
 * there, and may have other numbers.
 * @param {Remark[]} remarks @param {Document_[]} documents @param {((remark: Remark) => void) | null} goTo
 */
export function remarkList(remarks, documents, goTo = null) {
  if (!remarks.length) return el("p", { class: "empty" }, () => t("noRemarks"));
  const now = Math.max(...documents.map((each) => each.workbook_version));
  const about = (remark) => documents.find((each) => each.name === remark.document);
  const isShown = (remark) => about(remark)?.workbook_version === remark.workbook_version;
  const place = (remark) => () => t(isShown(remark) ? "remarkPlace" : "remarkPlaceBefore", {
    label: about(remark)?.label[language()] ?? remark.document, page: remark.page, version: remark.workbook_version, now });
  return el("ol", { class: "remarks" }, remarks.map((remark) => el("li", {},
    goTo && isShown(remark) ? el("button", { type: "button", class: "link", onclick: () => goTo(remark) }, place(remark)) : el("strong", {}, place(remark)),
    el("p", { class: "remark-text" }, remark.text),
    el("p", { class: "muted" }, remark.name, () => `　${when(remark.time)}`))));
}

/** Open the panel beside the pages, or over them where there is no room. */
export function openRemarks(...content) {
  closeRemarks();
  panel = el("dialog", { class: "panel remarks-panel", "aria-labelledby": "remarks-title" },
    el("div", { class: "head" }, el("h2", { id: "remarks-title", tabindex: "-1" }, () => t("remarks")),
      el("button", { class: "plain", type: "button", "aria-label": () => t("close"), onclick: () => closeRemarks() }, icon("close"))),
    el("div", { class: "body", tabindex: "0", role: "group", "aria-labelledby": "remarks-title" }, el("div", {}, content)));
  const beside = innerWidth >= BESIDE;
  panel.addEventListener("close", () => document.body.classList.remove("remarking"));
  document.body.classList.toggle("remarking", beside);
  openSheet(panel, !beside);
  const top = document.querySelector(".viewer").getBoundingClientRect().top;
  if (beside) [panel.style.top, panel.style.height] = [`${top}px`, `calc(100dvh - ${top}px)`]; // the tools stay in reach
  panel.querySelector("h2").focus();
}

export const closeRemarks = () => panel?.open && panel.close();

/** The button of the preview that shows the remarks on an item. @param {() => Item} item @param {(remark: Remark) => void} goTo */
export const remarksButton = (item, goTo) => el("button", { type: "button", id: "show-remarks", "aria-haspopup": "dialog", onclick: once(async () => {
  try {
    const { remarks } = await api.reviewLink(item().id);
    openRemarks(remarkList(remarks, item().documents, (remark) => {
      if (innerWidth < BESIDE) closeRemarks();
      goTo(remark);
    }));
  } catch (problem) {
    complain(problem);
  }
}) }, () => t("remarkCount", { n: item()?.remarks ?? 0 }));

const isLocal = () => ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);

/** The part of step 4 where a link is made, copied and withdrawn, with the remarks that came. @param {Item} item */
export function reviewCard(item) {
  const body = el("div", { class: "stack" });
  const remarksPart = (remarks) => remarks.length
    ? [el("h3", {}, () => t("remarkCount", { n: remarks.length })), remarkList(remarks, item.documents),
       el("p", {}, el("a", { href: `#/item/${item.id}/preview` }, () => t("toPreview")))] : null;

  /** @param {import("./api.js").Answers["ReviewLinkAnswer"]} link */
  const show = (link) => {
    if (!link.token) return swap(body,
      el("p", {}, el("button", { type: "button", class: "button", id: "make-link", onclick: once(make) }, () => t("makeLink"))), remarksPart(link.remarks));
    const field = el("input", { type: "text", id: "review-link", readonly: true, value: address.review(link.token), onfocus: () => field.select() });
    const copy = async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        message(() => t("copied"), "ready");
      } catch {
        message(() => t("copyYourself"), "notice"); // without TLS a browser gives no clipboard
      }
    };
    swap(body,
      el("div", { class: "row" },
        el("label", { class: "field" }, el("span", {}, () => t("reviewLink")), field),
        el("button", { type: "button", class: "button", id: "copy-link", onclick: copy }, () => t("copy"))),
      el("p", { class: "muted" }, () => t("linkEnds", { day: when(link.expires) }), isLocal() ? () => ` ${t("linkLocal")}` : null),
      el("p", {}, el("button", { type: "button", class: "link", id: "withdraw-link", onclick: once(withdraw) }, () => t("withdrawLink"))),
      remarksPart(link.remarks));
  };
  const load = async (first = null) => {
    try {
      if (first) await first();
      show(await api.reviewLink(item.id));
    } catch (problem) {
      complain(problem);
    }
  };
  const make = async () => {
    await load(() => api.makeReviewLink(item.id));
    document.getElementById("review-link")?.focus();
  };
  const withdraw = async () => {
    await load(() => api.withdrawReviewLink(item.id));
    document.getElementById("make-link")?.focus();
  };
  load();
  return el("section", { class: "card", "aria-labelledby": "review-title" },
    el("h2", { id: "review-title" }, icon("send"), () => t("reviewTitle")),
    el("p", {}, () => t("reviewHint")), body);
}
