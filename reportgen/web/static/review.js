// The page of a read-only link: the pages of a document, their PDF, and remarks on them.

import { address, api, onConnection, Refusal } from "./api.js";
import { when } from "./dates.js";
import { el, icon, once, sayAgain, swap } from "./dom.js";
import { announce, complain, watchConnection } from "./notice.js";
import { Viewer } from "./pages.js";
import { closeRemarks, openRemarks, remarkList } from "./remarks.js";
import { language, setLanguage, t } from "./words.js";

/** @typedef {import("./api.js").Answers["ReviewAnswer"]} Review */

const main = document.getElementById("main");
const token = decodeURIComponent(location.pathname.split("/").at(-1));
const id = `review:${token}`; // of the pages, for the viewer
const WIDE = 1024;
const RETRY = 3000; // milliseconds between two attempts to reach a server that is away
let reader = "";
let readerKey = "reader"; // under which the browser keeps it; whom a proxy names has one of their own

function speak() {
  document.documentElement.lang = language() === "en" ? "en" : "zh-Hant-TW";
  const button = document.getElementById("language");
  button.textContent = language() === "en" ? "中文" : "English";
  button.lang = language() === "en" ? "zh-Hant-TW" : "en";
  sayAgain();
  document.title = `${t("reviewPage")} – ${t("brand")}`;
}

/** @param {Refusal} refusal */
const ended = (refusal) => swap(main, el("div", { class: "page-body" },
  el("h1", { tabindex: "-1" }, () => t("linkEnded")), el("p", { class: "lead" }, () => refusal.text())));

/** What a reader is called: as they wrote it last, else as the proxy says. @param {Review} review */
function recall(review) {
  reader = review.reader;
  if (reader) readerKey = `reader ${reader}`;
  try {
    reader = localStorage.getItem(readerKey) ?? reader;
  } catch {
    // a browser that keeps nothing
  }
}

/** The name is kept for the next remark, also of another document. */
function remember(name) {
  reader = name;
  try {
    localStorage.setItem(readerKey, name);
  } catch {
    // it holds until the page is closed
  }
}

/** @param {Review} review */
function show(review) {
  recall(review);
  const viewer = new Viewer(() => {});
  const tabs = el("nav", { class: "tabs", "aria-label": () => t("documents") });
  const pdf = el("p", {});
  const counter = el("button", { type: "button", id: "show-remarks", "aria-haspopup": "dialog", onclick: () => open() }, () => t("remarkCount", { n: review.remarks.length }));
  let shown = review.documents[0];
  const draftKey = `draft ${token}`;
  let draft = sessionStorage.getItem(draftKey) ?? "";

  /** What is begun outlives a reload. */
  const keepDraft = (text) => {
    draft = text;
    sessionStorage.setItem(draftKey, text);
  };

  const display = (name) => {
    shown = review.documents.find((each) => each.name === name) ?? shown;
    swap(tabs, review.documents.map((each) => el("button", { type: "button", id: `tab-${each.name}`, "aria-pressed": String(each === shown),
      onclick: () => display(each.name) }, () => each.label[language()])));
    swap(pdf, review.files.filter((file) => file.document === shown.name).map((file) =>
      el("a", { class: "button", href: address.file(id, file.name), download: true }, icon("download"), "PDF")));
    viewer.show(id, shown);
    follow();
  };

  /** A remark that is not begun is on the page that is on show. */
  const follow = () => {
    const field = /** @type {HTMLInputElement | null} */ (document.getElementById("remark-page"));
    if (!field || draft) return;
    field.max = String(shown.pages.length);
    field.value = String(viewer.current + 1);
  };

  const open = () => {
    const list = el("div", {});
    const goTo = (remark) => {
      if (innerWidth < WIDE) closeRemarks();
      display(remark.document);
      viewer.goTo(remark.page - 1);
    };
    const draw = () => {
      swap(list, remarkList(review.remarks, review.documents, goTo));
      swap(counter, () => t("remarkCount", { n: review.remarks.length }));
    };
    const text = el("textarea", { id: "remark-text", rows: "4", maxlength: "2000", required: true, oninput: () => keepDraft(text.value.trim()) });
    text.value = draft;
    const name = el("input", { type: "text", id: "remark-name", maxlength: "40", required: true, autocomplete: "name", value: reader });
    const page = el("input", { type: "number", id: "remark-page", min: "1", max: String(shown.pages.length), required: true, value: String(viewer.current + 1) });
    const send = once(async () => {
      try {
        const { remarks } = await api.remark(token, { name: name.value, text: text.value, document: shown.name, workbook_version: shown.workbook_version, page: Number(page.value) });
        review.remarks = remarks;
      } catch (problem) {
        return complain(problem);
      }
      remember(name.value);
      text.value = "";
      keepDraft("");
      draw();
      announce(t("remarkLeft"));
      text.focus();
    });
    draw();
    openRemarks(list,
      el("form", { class: "remark-form", onsubmit: send },
        el("h3", {}, () => t("leaveRemark")),
        el("label", { class: "field" }, el("span", {}, () => t("remarkText")), text),
        el("div", { class: "row" },
          el("label", { class: "field" }, el("span", {}, () => t("pageNumber")), page),
          el("label", { class: "field" }, el("span", {}, () => t("yourName")), name)),
        el("p", {}, el("button", { type: "submit", class: "main", id: "leave-remark" }, () => t("leaveRemark")))));
    follow();
  };

  const title = [review.agency, review.title, review.edition].filter(Boolean).join("　");
  const heading = el("h1", { class: "review-title", tabindex: "-1" }, title, " ", review.status ? el("span", { class: "badge" }, review.status) : null);
  swap(main, el("div", { class: "work" },
    el("div", { class: "way" }, heading, el("p", { class: "muted" }, () => t("readOnly", { day: when(review.expires) }))),
    el("div", { class: "preview" },
      el("div", { class: "tools", role: "group", "aria-label": () => t("tools") }, tabs, el("div", { class: "controls" }, viewer.tools, pdf, counter)),
      viewer.element)));
  document.body.classList.add("previewing");
  viewer.pages.addEventListener("scroll", () => setTimeout(follow, 100));
  if (shown) {
    display(shown.name);
    if (innerWidth >= WIDE) open();
  }
  heading.focus({ preventScroll: true });
}

/** Ask until the server answers: no request of this page would find out otherwise whether it is there, and which. */
async function reconnect() {
  try {
    await api.review(token);
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    if (!problem.status) setTimeout(reconnect, RETRY);
  }
}

async function run() {
  document.getElementById("language").addEventListener("click", () => {
    setLanguage(language() === "en" ? "zh-TW" : "en");
    speak();
  });
  swap(document.getElementById("brand"), () => t("brand"));
  speak();
  watchConnection();
  onConnection((connected) => connected || setTimeout(reconnect, RETRY));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && reconnect());
  try {
    show(await api.review(token));
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    ended(problem);
  }
}

run();
