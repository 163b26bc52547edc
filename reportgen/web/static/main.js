// The page as a whole: which view is on show, what is told of changes, and the language.

import { api, loadView, Refusal } from "./api.js";
import { el, refresh, sayAgain, swap } from "./dom.js";
import { home, sayStage, undoByKey } from "./home.js";
import { start, subscribe, watch, whyClosed } from "./items.js";
import { startFollowing } from "./follow.js";
import { announce, message, watchConnection } from "./notice.js";
import { place } from "./place.js";
import { signOut } from "./sign-out.js";
import { acceptDrops, onUploads, send, setLimits } from "./upload.js";
import { language, setLanguage, t } from "./words.js";
import { steps } from "./steps.js";

const main = document.getElementById("main");
/** @type {import("./api.js").Session} */
let session = { version: "", language: "zh-TW", limit: 0, part_limit: 0, live: null, archive: "", user: "", may_archive: false, has_others: false, is_lasting: true, busy: 0 };
let view = null;
let viewOf = "";
let at = ""; // the path, without the place on the view
let asked = ""; // the view that is on show, or on its way
let dragged = 0; // files over the page

const say = (id, key) => swap(document.getElementById(id), () => t(key));

/** The words of the frame around the views. */
function frame() {
  for (const [id, key] of [["skip", "skip"], ["brand", "brand"], ["nav-make", "navMake"], ["nav-archive", "navArchive"], ["nav-help", "navHelp"], ["sign-out", "signOut"]]) say(id, key);
  swap(document.getElementById("drop-cover"), el("p", {}, () => t(view?.takesDrops?.() ? "dropParts" : dragged === 1 && view?.replacedBy?.() ? "dropMended" : "dropNow")));
  addEventListener("dragenter", (event) => {
    dragged = event.dataTransfer?.items.length ?? 0;
    refresh(document.querySelector("#drop-cover p"));
  });
  document.querySelector("header nav").setAttribute("aria-label", t("navigation"));
  document.getElementById("skip").addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  document.getElementById("language").addEventListener("click", () => {
    setLanguage(language() === "en" ? "zh-TW" : "en");
    speak();
  });
}

/** Everything in the language of now, at once. */
function speak() {
  document.documentElement.lang = language() === "en" ? "en" : "zh-Hant-TW";
  document.querySelector("header nav").setAttribute("aria-label", t("navigation"));
  const button = document.getElementById("language");
  button.textContent = language() === "en" ? "中文" : "English";
  button.lang = language() === "en" ? "zh-Hant-TW" : "en";
  sayAgain();
  entitle();
}

function entitle() {
  document.title = view ? `${view.title()} – ${t("brand")}` : t("brand");
}

/** Take files: a single one is shown to its end, several side by side; one may be an item's new version. */
async function begin(files, changed = "") {
  const isNew = !changed || files.length > 1;
  if (isNew && location.hash.length > 2) location.hash = "#/";
  const made = await send(files, changed);
  if (isNew && files.length === 1 && made.length === 1 && ["", "#/"].includes(location.hash))
    location.hash = `#/item/${made[0].id}/check`;
}

function closedView() {
  const element = el("div", { class: "page-body" },
    el("h1", { tabindex: "-1" }, () => t("closedTitle")), el("p", { class: "lead" }, () => whyClosed().text()));
  return { element, title: () => t("closedTitle"), update: () => {} };
}

/** The view of a name; those that are not seen first are loaded when they are asked for. */
async function make(name, id) {
  if (name === "closed") return closedView();
  if (name === "home") return homeView();
  if (name === "help") return (await loadView("help", () => import("./help.js"))).help();
  if (name === "archive") return (await loadView("archive", () => import("./archive.js"))).archive(session);
  return (await loadView("work", () => import("./work.js"))).work(id, session, begin);
}

async function route(moved) {
  const { path: [part, id, step], query } = place();
  const name = whyClosed() ? "closed" : part === "item" ? `item ${id}` : ["archive", "help"].includes(part) ? part : "home";
  if (name !== asked) {
    asked = name;
    let made;
    try {
      made = await make(name, id);
    } catch (problem) {
      asked = viewOf;
      if (!(problem instanceof TypeError)) throw problem; // a module that could not be loaded
      return message(() => t("http0"));
    }
    if (asked !== name) return; // another one was asked for meanwhile
    watch(null);
    view?.leave?.();
    [view, viewOf] = [made, name];
    swap(main, view.element);
  }
  if (viewOf !== name) return; // it is on its way
  const isElsewhere = at !== `${name} ${step}`;
  at = `${name} ${step}`;
  view.go?.(step, query);
  document.body.classList.toggle("previewing", Boolean(view.preview?.()));
  document.getElementById("nav-make").toggleAttribute("aria-current", !["archive", "help"].includes(name));
  document.getElementById("nav-help").toggleAttribute("aria-current", name === "help");
  document.getElementById("nav-archive").toggleAttribute("aria-current", name === "archive");
  for (const link of document.querySelectorAll("header nav [aria-current]")) link.setAttribute("aria-current", "page");
  entitle();
  if (!moved || !isElsewhere) return;
  scrollTo(0, 0);
  [...main.querySelectorAll("h1")].find((each) => each.offsetParent)?.focus({ preventScroll: true });
}

function homeView() {
  const made = home(begin);
  return { ...made, element: el("div", {}, el("div", { class: "way" }, steps(null, "home")), made.element) };
}

function changed(changes) {
  if (whyClosed() && viewOf !== "closed") return route(true);
  view?.update();
  entitle();
  for (const { now, before } of changes) {
    if (!now || (before && before.stage === now.stage && before.stale === now.stale)) continue;
    if (now.kind === "live" && before && now.stage === "ready") announce(t("updated"));
    else if (before || now.stage !== "ready") announce(`${now.name}：${sayStage(now)}`);
  }
}

async function learn() {
  for (let tried = 0; ; tried += 1) {
    try {
      return await api.session();
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      if (problem.status && problem.status !== 503) {
        message(() => problem.text());
        return session;
      }
      await new Promise((done) => setTimeout(done, Math.min(500 * 2 ** tried, 10000)));
    }
  }
}

async function run() {
  frame();
  speak();
  watchConnection();
  session = await learn();
  document.getElementById("user").textContent = session.user;
  const leaving = document.getElementById("sign-out");
  leaving.hidden = !session.has_others;
  leaving.addEventListener("click", () => signOut(session));
  setLimits(session.limit, session.part_limit);
  if (session.live && !location.hash) history.replaceState(null, "", `#/item/${session.live}/preview`);
  subscribe(changed);
  onUploads(() => viewOf === "home" && view.update());
  route(false);
  acceptDrops((files) => (view?.takesDrops?.() ? view.drop(files) : begin(files, files.length === 1 ? view?.replacedBy?.(files[0].name) : "")));
  addEventListener("hashchange", () => route(true));
  addEventListener("keydown", (event) => viewOf === "home" && undoByKey(event));
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "p" || !(event.ctrlKey || event.metaKey) || !view?.print) return;
    if (view.preview()) {
      event.preventDefault();
      view.print();
    }
  });
  start();
  startFollowing();
}

run();
