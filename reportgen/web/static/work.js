// One item on its way: what was found (step 2), its pages (step 3), its files (step 4).

import { closeExplanation, explained, figures, openExplanation } from "./explain.js";
import { el, icon, refresh, swap } from "./dom.js";
import { address, loadView } from "./api.js";
import { finish } from "./finish.js";
import { followBar, onFollow } from "./follow.js";
import { kindTag, partsTag, sayStage, sayTitle } from "./home.js";
import { busy, get, has, isLoaded, refreshItems, removed, restore, watch } from "./items.js";
import { editedBar, mender } from "./mend.js";
import { complain, message } from "./notice.js";
import { Viewer } from "./pages.js";
import { keep, place, push } from "./place.js";
import { counted, excerpt, filtered, takeFilter } from "./problems.js";
import { closeRemarks, remarksButton } from "./remarks.js";
import { STEPS, steps } from "./steps.js";
import { choose } from "./upload.js";
import { language, t } from "./words.js";

const FIGURES = "figures";
const LISTED = 6; // pages with changes
const RETRY = 2000; // milliseconds until an item that is not known is asked for again

/** @typedef {import("./api.js").Item} Item */

/** @param {Item} state */
const errors = (state) => state.counts.error;

/** @param {Item} state */
function progress(state) {
  const at = ["waiting", "checking", "rendering"].indexOf(state.stage);
  return el("ol", { class: "progress" }, ["checking", "rendering"].map((stage, n) =>
    el("li", { class: at > n + 1 ? "done" : at === n + 1 ? "now" : "later" }, icon(at > n + 1 ? "ready" : "busy"),
      el("span", {}, () => t(`doing-${stage}`)))));
}

/** @param {Item} state */
const markable = (state) => state.marked && state.problems.some((each) => each.sheet);

/** The copy with the problems coloured and commented, in the language of now. @param {Item} state */
const marked = (state) => markable(state)
  ? el("a", { class: "button", id: "marked", href: () => address.marked(state.id), download: true }, icon("download"), () => t("marked"))
  : null;


/** What tells one version's pages from another's: a live item has one run. @param {Item} state */
const versionOf = (state) => state.kind !== "live" ? String(state.run)
  : state.documents.flatMap((each) => each.pages.map((page) => page.source)).join();

/** Where the documents differ from the version before, each page as a button. @param {Item} state */
function changes(state, open, hide) {
  if ((state.run < 2 && state.kind !== "live") || state.stale || !state.documents.length) return null;
  const pages = state.documents.flatMap((document_) => document_.pages.map((page, at) => ({ document_, at, n: page.changes.length })).filter((each) => each.n));
  if (!pages.length) return busy(state) || state.kind === "live" ? null : el("p", { class: "note" }, icon("ready"), el("span", {}, () => t("noChangesSince")));
  return el("p", { class: "note changes" }, icon("compare"), el("span", {}, () => t("changesSince", { n: pages.reduce((sum, each) => sum + each.n, 0) })),
    pages.slice(0, LISTED).map(({ document_, at }) => el("button", { type: "button", class: "link", onclick: () => open(document_.name, at) },
      () => t("changedPage", { name: document_.label[language()], page: at + 1 }))),
    pages.length > LISTED ? "…" : null,
    el("button", { type: "button", class: "link", id: "hide-changes", onclick: hide }, () => t("hideChanges")));
}

/** @param {Item} state */
function verdict(state, begin) {
  const n = errors(state);
  if (busy(state))
    return el("section", { class: "card verdict busy" },
      el("p", { class: "large" }, () => sayStage(state)), progress(state), el("div", { class: "bar", "aria-hidden": "true" }));
  if (state.stage === "ready")
    return el("section", { class: "card verdict ready" },
      el("p", { class: "large" }, icon("ready"), el("span", {}, () => t(state.problems.length ? "noErrors" : "nothingWrong"))),
      el("p", {}, () => (state.problems.length ? t("noErrorsHint", { problems: counted(state.counts) }) : t("nothingWrongHint"))),
      el("p", { class: "acts" }, el("a", { class: "button main", href: `#/item/${state.id}/preview` }, () => t("toPreview")), marked(state)));
  const mend = state.kind === "workbook"
    ? [el("p", {}, () => t("mendHint")),
       markable(state) ? el("p", {}, () => t("markedHint")) : null,
       el("p", { class: "acts" },
         el("button", { type: "button", class: "main", id: "mended", onclick: () => choose((files) => begin(files, state.id)) }, () => t("mended")), marked(state))]
    : el("p", {}, () => t(state.kind === "live" ? "mendLive" : "mendComparison"));
  return el("section", { class: "card verdict error" },
    el("p", { class: "large" }, icon("error"), el("span", {}, () => (state.stage === "failed" ? t("failedTitle") : n ? t("refusedTitle", { n }) : t("refused")))),
    mend);
}

/** The way of one item; `begin(files)` takes files, `session` is the server's. */
export function work(id, session, begin) {
  const chosen = takeFilter(place().query);
  const nav = el("div", { class: "way" });
  const check = el("div", { class: "page-body" });
  const file = el("div", { class: "follow" });
  const last = el("div", { class: "page-body" });
  const returned = el("div", { class: "page-body" }, el("h1", { tabindex: "-1" }, () => t("step-parts")));
  const bars = el("div", { class: "bars" });
  const tabs = el("nav", { class: "tabs", "aria-label": () => t("documents") });
  const table = el("div", { class: "figures-view page-body" });
  const heading = el("h1", { class: "sr", tabindex: "-1" });
  const viewer = new Viewer((figure) => {
    closeRemarks();
    openExplanation(get(id), figure);
  }, (page) => {
    if (step === "preview" && element.isConnected && shown !== FIGURES && !wanted.page) keep({ page: page ? page + 1 : null });
  });
  const remarks = remarksButton(() => get(id), (remark) => openPage(remark.document, remark.page - 1));
  remarks.addEventListener("click", closeExplanation); // there is room for one panel
  const tools = el("div", { class: "tools", role: "group", "aria-label": () => t("tools") }, tabs, el("div", { class: "controls" }, viewer.tools, remarks));
  const preview = el("div", { class: "preview" }, heading, bars, tools, viewer.element, table);
  const element = el("div", { class: "work" }, nav, file, check, preview, last, returned);
  /** @type {Promise<ReturnType<typeof import("./parts.js").parts> | null> | null} */
  let parts = null; // the view of the parts, loaded when it is asked for
  let step = "check";
  let shown = null; // the name of the document on show
  let drawn = {};
  let waited = false;
  let tabled = "";
  let wanted = { document: "", page: 0, kpi: "", year: "" }; // by the address, until it can be shown
  let unmarked = ""; // the version whose changes are not to be marked
  let isSought = false;
  let lost = false; // removed meanwhile, maybe in another tab

  const fresh = (part, sign, draw) => {
    if (drawn[part] === sign) return;
    drawn[part] = sign;
    draw();
  };

  /** @param {Item} state */
  const drawWay = (state) => swap(nav, steps(state, step),
    el("p", { class: "which" }, el("span", { class: "name" }, sayTitle(state)), " ", kindTag(state),
      state.status ? el("span", { class: "badge" }, state.status) : null,
      step === "parts" || state.kind === "comparison" ? null
        : partsTag(state) ?? el("a", { class: "parts-tag", href: `#/item/${id}/parts` }, () => t("step-parts"))));

  /** @param {Item} state */
  const drawParts = (state) => {
    parts ??= loadView("parts", () => import("./parts.js")).then((module) => module.parts(state, returned), () => {
      parts = null;
      message(() => t("http0"));
      return null;
    });
    parts.then((view) => view?.update(state));
  };

  /** @param {Item} state */
  const drawCheck = (state) => swap(check,
    el("h1", { tabindex: "-1" }, () => t(busy(state) ? "step-check" : "checkTitle")),
    el("p", { class: "lead" }, sayTitle(state), state.agency && state.kind !== "comparison" ? el("span", { class: "muted" }, `　${state.name}`) : null),
    verdict(state, begin),
    state.problems.length ? el("section", { class: "card", "aria-labelledby": "problems-title" },
      el("h2", { id: "problems-title" }, () => t("problemsTitle")), filtered(state.problems, chosen, (problem) => mender(state, problem))) : null,
  );

  /** @param {Item} state */
  const drawBars = (state) => {
    viewer.element.classList.toggle("unmarked", unmarked === versionOf(state));
    const faults = state.problems.filter((each) => each.severity === "error");
    const top = viewer.pages.getBoundingClientRect().top;
    swap(bars,
      state.stale ? el("section", { class: "stale", role: "alert" },
        el("h2", {}, icon("error"), () => t("stale")),
        faults.slice(0, 3).map((each) => el("div", {}, el("p", {}, () => each[language()]), excerpt(each))),
        faults.length > 3 ? el("a", { href: `#/item/${id}/check` }, () => t("allProblems", { n: state.problems.length })) : null) : null,
      !state.stale && !state.sealed && state.kind === "live" && state.documents.length ? el("p", { class: "note" }, icon("notice"), el("span", {}, () => t("unsealed"))) : null,
      unmarked === versionOf(state) ? null : changes(state, openChange, () => {
        unmarked = versionOf(get(id));
        drawBars(get(id));
        viewer.element.classList.add("unmarked");
      }),
      busy(state) && state.kind !== "live" ? el("p", { class: "note" }, icon("busy"), el("span", {}, () => t("filesSoon"))) : null,
      busy(state) ? el("div", { class: "bar", "aria-hidden": "true" }) : null);
    const moved = viewer.pages.getBoundingClientRect().top - top;
    if (viewer.pages.scrollTop > 0) viewer.pages.scrollTop += moved; // what is read stays where it is
  };

  /** The document that the address names, else the first. @param {Item} state */
  const isFirst = (state, name) => name === state.documents[0]?.name;

  const show = (name) => {
    shown = name;
    const state = get(id);
    if (!state) return;
    drawTabs(state);
    const paged = name !== FIGURES;
    viewer.element.hidden = viewer.tools[0].parentNode.hidden = !paged;
    table.hidden = paged;
    const found = state.documents.find((each) => each.name === name);
    if (found && step === "preview") viewer.show(id, found);
    if (found && wanted.page && (wanted.page <= found.pages.length || !busy(state))) {
      viewer.goTo(wanted.page - 1);
      wanted.page = 0;
    }
    if (wanted.kpi && (found || !paged)) {
      const { kpi, year } = wanted;
      wanted.kpi = "";
      openExplanation(state, { kpi, year: year ? Number(year) : null });
    }
    if (!paged && tabled !== `${state.version}`) {
      tabled = `${state.version}`;
      figures(state, table);
    }
  };

  /** Open another document, as a step that the back key undoes. */
  const open = (name) => push({ document: name, page: null, kpi: null, year: null });

  /** Open a page, as a step that the back key undoes if another document is on show. */
  const openPage = (name, at) => {
    if (name === shown) viewer.goTo(at);
    else push({ document: isFirst(get(id), name) ? null : name, page: at + 1, kpi: null, year: null });
  };

  /** Go to a page and what has changed on it. */
  const openChange = (name, at) => {
    if (name === shown) viewer.goToChange(at);
    else openPage(name, at);
  };

  /** @param {Item} state */
  const drawTabs = (state) => swap(tabs,
    state.documents.map((each) => el("button", { type: "button", id: `tab-${each.name}`, "aria-pressed": String(each.name === shown),
      onclick: () => open(isFirst(state, each.name) ? null : each.name) }, () => each.label[language()])),
    state.kind === "comparison" || !state.documents.length ? null
      : el("button", { type: "button", id: "tab-figures", "aria-pressed": String(shown === FIGURES), onclick: () => open(FIGURES) }, icon("calc"), () => t("figuresTab")));

  const update = () => {
    const state = get(id);
    if (!state) {
      if (isLoaded() && !has(id) && !lost) seek();
      else if (!lost) awaitParts();
      return;
    }
    const finished = waited && (state.stage === "ready" || state.documents.length > 0);
    waited = busy(state) && !state.documents.length;
    if (finished && step === "check" && !errors(state) && step === "check")
      return location.replace(`#/item/${id}/preview`);
    if (step === "preview" && !state.documents.length && !busy(state)) return location.replace(`#/item/${id}/check`);
    const sign = `${state.version} ${state.ahead} ${step}`;
    fresh("way", sign, () => drawWay(state));
    fresh("file", sign, () => swap(file, ["parts", "finish"].includes(step) ? null : followBar(state, replace), editedBar(state, replace)));
    if (step === "check") fresh("check", sign, () => drawCheck(state));
    if (step === "parts") drawParts(state);
    if (step === "finish") fresh("finish", sign, () => swap(last,
      el("h1", { tabindex: "-1" }, () => t("finishTitle")),
      el("p", { class: "lead" }, sayTitle(state)), finish(state, session)));
    if (step === "preview") {
      preview.classList.toggle("empty", !state.documents.length);
      swap(heading, () => t("previewOf", { name: sayTitle(state) }));
      fresh("bars", sign, () => drawBars(state));
      remarks.hidden = !state.remarks;
      refresh(remarks);
      const names = [...state.documents.map((each) => each.name), FIGURES];
      const next = names.includes(wanted.document) ? wanted.document : names.includes(shown) && !wanted.document ? shown : names[0];
      if (names.length > 1) fresh("preview", `${sign} ${next} ${wanted.page} ${wanted.kpi}`, () => show(next));
    }
  };

  /** The parts of the item are on their way: a heading stands for them. */
  const awaitParts = () => {
    swap(heading, () => t("loading"));
    for (const part of [check, last]) swap(part, el("h1", { tabindex: "-1" }, () => t("loading")));
  };

  /** Ask once more before an item counts as removed: it may have come since the list was asked for. */
  const seek = async () => {
    if (isSought) return;
    isSought = true;
    const isAnswered = await refreshItems();
    isSought = false;
    if (!isAnswered) setTimeout(() => element.isConnected && update(), RETRY);
    else if (!has(id) && !lost && element.isConnected) gone();
  };

  const replace = () => choose((files) => begin(files, id));

  const gone = () => {
    lost = true;
    swap(nav, steps(null, null));
    for (const part of [check, preview, last, returned]) part.hidden = true;
    file.hidden = true;
    const back = async () => {
      try {
        await restore(id);
        location.reload(); // from the beginning, at the same place
      } catch (problem) {
        complain(problem);
      }
    };
    const undo = el("p", {}, el("button", { type: "button", class: "main", id: "undo", onclick: back }, () => t("undo")));
    undo.hidden = !removed().some((each) => each.id === id);
    element.append(el("div", { class: "page-body" }, el("h1", { tabindex: "-1" }, () => t("gone")), undo, el("p", {}, el("a", { href: "#/" }, () => t("toStart")))));
    watch(null);
  };

  /** Go to a step of the way. */
  const go = (to, query) => {
    if (lost) return;
    step = [...STEPS, "parts"].includes(to) && to !== "home" ? to : "check";
    element.dataset.step = step;
    for (const [part, name] of [[check, "check"], [preview, "preview"], [last, "finish"], [returned, "parts"]])
      part.hidden = name !== step;
    const of = explained();
    const [kpi, year] = [step === "preview" && query.get("kpi") || "", query.get("year") ?? ""];
    if (!kpi) closeExplanation();
    if (kpi || step !== "preview") closeRemarks();
    const isShown = of?.kpi === kpi && String(of.year ?? "") === year;
    wanted = { document: query.get("document") ?? "", page: Number(query.get("page")) || 0, kpi: isShown ? "" : kpi, year };
    if (shown && !wanted.document && step === "preview") wanted.document = get(id)?.documents[0]?.name ?? "";
    takeFilter(query, chosen);
    drawn.check = "";
    watch(id);
    update();
  };

  onFollow(() => {
    if (!element.isConnected) return;
    drawn.file = "";
    update();
  });

  return {
    element, go, update,
    title: () => `${t(`step-${step}`)}：${get(id) ? sayTitle(get(id)) : ""}`,
    leave: () => {
      closeExplanation();
      closeRemarks();
    },
    /** Whether dropped files are parts of this item; then they are handed in. */
    takesDrops: () => step === "parts" && get(id)?.kind === "workbook",
    drop: (files) => parts?.then((view) => view?.send(files)),
    /**
     * The item, if a dropped file is its new version: where it is to be mended, and where its file has the same name.
     * Of other workbooks nobody has said that they take the place of this one.
     */
    replacedBy: (name = "") => {
      const state = get(id);
      const isMended = ["refused", "failed"].includes(state?.stage) || state?.name === name;
      return step === "check" && state?.kind === "workbook" && isMended ? id : "";
    },
    preview: () => step === "preview",
    print: () => step === "preview" && shown !== FIGURES && viewer.print(),
  };
}

