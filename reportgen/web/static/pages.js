// A document's pages: side by side with their thumbnails, sharp at every zoom, with buttons
// over the figures, and still where they were when a new version comes.

import { address } from "./api.js";
import { el, icon, refresh } from "./dom.js";
import { announce } from "./notice.js";
import { isIdle, Picture } from "./paint.js";
import { sayPlace } from "./explain.js";
import { addWords, t } from "./words.js";

addWords({
  hasChanges: ["，有不同", ", with changes"],
  pages: ["文件頁面。方向鍵捲動，PageUp、PageDown 換頁，加減號縮放", "The document's pages. Arrow keys scroll, PageUp and PageDown turn pages, plus and minus zoom"],
  thumbnails: ["頁面縮圖", "Page thumbnails"],
  pageOf: ["第 {n} 頁，共 {all} 頁", "Page {n} of {all}"],
  ofPages: ["／ {all} 頁", "of {all}"],
  pageBefore: ["上一頁", "Previous page"],
  pageAfter: ["下一頁", "Next page"],
  zoom: ["縮放", "Zoom"],
  zoomIn: ["放大", "Zoom in"],
  zoomOut: ["縮小", "Zoom out"],
  fitWidth: ["符合頁寬", "Fit width"],
  fitPage: ["符合整頁", "Fit page"],
  print: ["列印", "Print"],
  printing: ["準備列印", "Getting the pages ready to print"],
  printHint: ["列印這份文件的頁面", "Print the pages of this document"],
});

const STEPS = [25, 33, 50, 67, 75, 90, 100, 110, 125, 150, 175, 200, 250, 300, 400];
const PIXELS = 96 / 72; // of CSS, per point
const WIDEST = 4000; // device pixels that the server paints
const THUMBNAIL = 128;
const FAR = 24; // pages
const PRINTED = 2600;
const SPARE = 1240; // pixels of a page that nobody has looked at, for the browser's menu: 150 dpi
const SPARED = 150; // pages; of a longer document, the button fetches them when it is printed
const TOP = { at: 0, y: -1, x: 0.5 }; // above the first page

const slotOf = new WeakMap(); // element → slot
const keyOf = (page) => `${page.source}/${page.index}`;
const device = () => window.devicePixelRatio || 1;
const paintable = (css) => Math.max(100, Math.min(WIDEST, Math.round(css * device())));

/** An element over a region of a page, which is given in shares of it. */
function placed(element, box) {
  for (const [side, value] of [["left", box.x], ["top", box.y], ["width", box.w], ["height", box.h]])
    element.style[side] = `${value * 100}%`;
  return element;
}

/** A thumbnail in place of a page whose picture is not there yet. */
function enlarged(image) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas;
}

/** One page: its picture, its text, its places, and its thumbnail. */
class Slot {
  constructor(viewer) {
    this.viewer = viewer;
    this.at = -1;
    this.count = -1;
    this.near = false;
    this.nearThumbnail = false;
    /** @type {import("./api.js").Answers["PageJson"] | null} */
    this.page = null;
    this.frame = el("div", { class: "frame" });
    this.title = el("h2", { class: "sr" }, () => this.name());
    this.text = el("div", { class: "sr", lang: "zh-Hant-TW" });
    this.failed = ""; // the page whose picture could not be had
    this.places = el("div", { class: "places" });
    this.marks = el("div", { class: "marks", "aria-hidden": "true" });
    this.element = el("li", { class: "page" }, this.title, this.frame, this.marks, this.text, this.places);
    this.small = el("div", { class: "frame" });
    this.number = el("span", { "aria-hidden": "true" });
    this.button = el("button", { type: "button", "aria-label": () => this.name(), onclick: () => viewer.goTo(this.at) },
      this.small, this.number);
    this.thumbnail = el("li", {}, this.button);
    this.picture = new Picture(this.frame, () => Math.abs(this.at - viewer.current) * 2);
    this.little = new Picture(this.small, () => 1 + Math.abs(this.at - viewer.current) * 2);
    viewer.near.observe(this.element);
    viewer.nearThumbnails.observe(this.thumbnail);
    slotOf.set(this.element, this).set(this.thumbnail, this);
  }

  name() {
    const name = t("pageOf", { n: this.at + 1, all: this.viewer.slots.length });
    return this.page?.changes.length ? name + t("hasChanges") : name;
  }

  set(page, at) {
    const moved = this.at !== at || this.count !== this.viewer.slots.length;
    [this.at, this.count] = [at, this.viewer.slots.length];
    this.element.dataset.page = String(at + 1);
    this.number.textContent = String(at + 1);
    if (moved) {
      refresh(this.title);
      refresh(this.button);
    }
    const changed = !this.page || keyOf(this.page) !== keyOf(page);
    if (changed || this.page.text !== page.text) this.text.textContent = page.text ?? "";
    const changes = JSON.stringify(page.changes);
    if (changes !== this.marked) this.mark(page.changes);
    this.marked = changes;
    const places = JSON.stringify(page.places ?? []);
    if (places !== this.drawn) this.draw(page.places ?? []);
    this.drawn = places;
    const renamed = Boolean(this.page?.changes.length) !== Boolean(page.changes.length);
    this.page = page;
    if (renamed) {
      refresh(this.title);
      refresh(this.button);
    }
    if (changed && !this.near) this.picture.empty(); // or the page of before could be printed
    this.thumbnail.classList.toggle("changed", page.changes.length > 0);
    this.element.classList.toggle("wide", page.width > page.height);
    this.small.style.aspectRatio = `${page.width} / ${page.height}`;
  }

  /** Mark where the page differs from the version before. */
  mark(changes) {
    this.marks.replaceChildren(...changes.map((box) => placed(el("div", { class: "change" }), box)));
  }

  draw(places) {
    this.places.replaceChildren(...places.map((place) => {
      const button = el("button", { type: "button", class: "place", "data-kpi": place.kpi, "data-year": place.year ?? false,
        "aria-label": () => sayPlace(place), title: () => sayPlace(place), "aria-haspopup": "dialog",
        onclick: () => this.viewer.onPlace(place) });
      return placed(button, place);
    }));
  }

  layout(scale) {
    const pixels = Math.round(this.page.width * scale * device());
    const width = pixels / device();
    this.width = width;
    this.height = Math.ceil((pixels * this.page.height) / this.page.width - 1e-6) / device();
    this.element.style.width = `${width}px`;
    this.element.style.height = `${this.height}px`;
  }

  paint() {
    if (!this.width) return; // not laid out yet
    const small = this.small.firstChild;
    if (small && !this.frame.firstChild) this.frame.append(enlarged(small));
    this.picture.want(address.page(this.viewer.id, this.page, paintable(this.width)));
  }

  /** Whether the picture is of this very page, be it of another size. */
  isShown() {
    return Boolean(this.picture.shown?.includes(`/${keyOf(this.page)}.png`));
  }

  /** Want a picture that is good enough to print. */
  spare() {
    this.picture.want(address.page(this.viewer.id, this.page, SPARE));
  }

  paintThumbnail() {
    this.little.want(address.page(this.viewer.id, this.page, paintable(THUMBNAIL)));
  }

  leave() {
    this.picture.cancel();
    this.little.cancel();
    this.viewer.near.unobserve(this.element);
    this.viewer.nearThumbnails.unobserve(this.thumbnail);
    this.element.remove();
    this.thumbnail.remove();
  }
}

/** The viewer of one document; `onPlace(place)` when a figure is pressed, `onMove(page)` on another page. */
export class Viewer {
  constructor(onPlace, onMove = (_page) => {}) {
    this.onPlace = onPlace;
    this.onMove = onMove;
    /** @type {Slot[]} */
    this.slots = [];
    this.current = 0;
    /** @type {number | null} */
    this.target = null;
    /** @type {string | null} */
    this.id = null;
    /** @type {string | null} */
    this.name = null;
    this.kept = new Map();
    this.zoom = sessionStorage.getItem("zoom") ?? "width";
    this.list = el("ol", { class: "list" });
    this.pages = el("div", { class: "pages", id: "pages", tabindex: "0", role: "region", "aria-label": () => t("pages"),
      onscroll: () => this.scrolled(), onkeydown: (event) => this.key(event) }, this.list);
    this.pages.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.thumbnails = el("ol", {});
    this.near = this.observer(this.pages, "120% 0px", (slot, near) => {
      slot.near = near;
      if (near) slot.paint();
      else if (Math.abs(slot.at - this.current) <= FAR) slot.picture.cancel();
      else if (slot.isShown() && this.slots.length <= SPARED) slot.spare();
      else slot.picture.empty();
      this.prepare();
    });
    this.side = el("nav", { class: "thumbnails", "aria-label": () => t("thumbnails") }, this.thumbnails);
    this.nearThumbnails = this.observer(this.side, "60% 0px", (slot, near) => {
      slot.nearThumbnail = near;
      if (near) slot.paintThumbnail();
      else slot.little.cancel();
    });
    this.element = el("div", { class: "viewer" }, this.side, this.pages);
    this.tools = this.makeTools();
    new ResizeObserver(() => this.resized()).observe(this.pages);
    this.followDevice();
    addEventListener("beforeprint", () => this.markUnread());
  }

  observer(root, rootMargin, act) {
    return new IntersectionObserver((entries) => {
      for (const entry of entries) {
        const slot = slotOf.get(entry.target);
        if (slot.page) act(slot, entry.isIntersecting);
      }
    }, { root, rootMargin });
  }

  makeTools() {
    const press = (id, text, label, act) =>
      el("button", { type: "button", id, "aria-label": label, title: label, onclick: act }, text);
    this.field = el("input", { id: "page-number", type: "text", inputmode: "numeric", size: "3", autocomplete: "off",
      "aria-label": () => t("pageNumber"), onfocus: () => this.field.select(),
      onchange: () => this.goTo((parseInt(this.field.value, 10) || this.current + 1) - 1) });
    this.total = el("span", {}, () => t("ofPages", { all: this.slots.length }));
    this.select = el("select", { id: "zoom", "aria-label": () => t("zoom"), onchange: () => this.zoomTo(this.select.value) },
      el("option", { value: "width" }, () => this.fitted("width")),
      el("option", { value: "page" }, () => this.fitted("page")),
      STEPS.map((step) => el("option", { value: String(step) }, `${step}%`)));
    return [
      el("div", { class: "group", role: "group", "aria-label": () => t("pageNumber") },
        press("page-before", "‹", () => t("pageBefore"), () => this.goTo(this.current - 1)),
        this.field, this.total,
        press("page-after", "›", () => t("pageAfter"), () => this.goTo(this.current + 1))),
      el("div", { class: "group", role: "group", "aria-label": () => t("zoom") },
        press("zoom-out", "−", () => t("zoomOut"), () => this.zoomBy(-1)),
        this.select,
        press("zoom-in", "+", () => t("zoomIn"), () => this.zoomBy(1))),
      el("button", { type: "button", id: "print", class: "wide-only", title: () => t("printHint"), onclick: () => this.print() },
        icon("print"), () => t("print")),
    ];
  }

  fitted(way) {
    return t(way === "width" ? "fitWidth" : "fitPage") + (this.zoom === way ? ` ${this.percent()}%` : "");
  }

  /**
   * Show a document of an item; pages that have not changed keep their pictures.
   * @param {string} id @param {import("./api.js").Answers["DocumentJson"]} document_
   */
  show(id, document_) {
    const other = id !== this.id || document_.name !== this.name;
    if (other) {
      if (this.id) this.kept.set(`${this.id} ${this.name}`, this.anchor());
      for (const slot of this.slots) slot.leave();
      this.slots = [];
    }
    const before = other ? this.kept.get(`${id} ${document_.name}`) : this.anchor();
    [this.id, this.name] = [id, document_.name];
    this.reconcile(document_.pages);
    this.layout(before ?? TOP);
    if (other) this.scrolled();
    this.prepare();
  }

  reconcile(pages) {
    const old = this.slots;
    const free = new Map();
    for (const slot of old) {
      const key = keyOf(slot.page);
      free.set(key, [...(free.get(key) ?? []), slot]);
    }
    const slots = pages.map((page) => free.get(keyOf(page))?.shift());
    const left = new Set([...free.values()].flat());
    this.slots = slots.map((slot, at) => {
      if (slot) return slot;
      const here = old[at];
      return left.delete(here) ? here : new Slot(this);
    });
    for (const slot of left) slot.leave();
    this.slots.forEach((slot, at) => {
      slot.set(pages[at], at);
      for (const [list, child] of [[this.list, slot.element], [this.thumbnails, slot.thumbnail]])
        if (list.children[at] !== child) list.insertBefore(child, list.children[at] ?? null);
    });
    refresh(this.total);
  }

  /** What stands at the top: its page, by content and by number, and how far down it. */
  anchor() {
    const slot = this.slots[this.current];
    if (!slot) return TOP;
    const y = (this.pages.scrollTop - slot.element.offsetTop) / (slot.height || 1);
    const x = (this.pages.scrollLeft + this.pages.clientWidth / 2) / (this.pages.scrollWidth || 1);
    return { key: keyOf(slot.page), at: this.current, y, x };
  }

  /** CSS pixels per point. */
  scale() {
    if (!["width", "page"].includes(this.zoom)) return (PIXELS * Number(this.zoom)) / 100;
    const style = getComputedStyle(this.list);
    const width = this.pages.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const height = this.pages.clientHeight - parseFloat(style.paddingTop) * 2;
    const wide = Math.max(...this.slots.map((slot) => slot.page.width), 1);
    const high = Math.max(...this.slots.map((slot) => slot.page.height), 1);
    const fit = this.zoom === "page" ? Math.min(width / wide, height / high) : width / wide;
    return Math.max(0.1, fit);
  }

  percent() {
    return this.slots.length ? Math.round((this.scale() / PIXELS) * 100) : 100;
  }

  layout(anchor = this.anchor()) {
    if (!this.pages.clientWidth) return;
    const scale = this.scale();
    for (const slot of this.slots) slot.layout(scale);
    const found = this.slots[anchor.at] && keyOf(this.slots[anchor.at].page) === anchor.key
      ? anchor.at : this.slots.findIndex((slot) => keyOf(slot.page) === anchor.key);
    const at = found >= 0 ? found : Math.min(anchor.at, this.slots.length - 1);
    const slot = this.slots[at];
    if (slot) {
      this.pages.scrollTop = Math.max(0, slot.element.offsetTop + anchor.y * slot.height);
      this.pages.scrollLeft = anchor.x * this.pages.scrollWidth - this.pages.clientWidth / 2;
    }
    this.select.value = this.zoom;
    for (const option of this.select.options)
      if (["width", "page"].includes(option.value)) refresh(option);
    for (const slot of this.slots) {
      if (slot.near) slot.paint();
      if (slot.nearThumbnail) slot.paintThumbnail();
    }
    this.scrolled();
  }

  /** The browser's menu prints what is there: fetch all pages, one by one while nothing else is. */
  prepare() {
    clearTimeout(this.resting);
    this.resting = setTimeout(async () => {
      if (this.slots.length > SPARED || !this.pages.clientWidth) return;
      if (!isIdle() || document.visibilityState !== "visible") return this.prepare();
      const slot = this.slots.find((each) => !each.isShown() && each.failed !== keyOf(each.page));
      if (!slot) return;
      slot.spare();
      await slot.picture.settled;
      if (!slot.isShown()) slot.failed = keyOf(slot.page);
      this.prepare();
    }, isIdle() ? 30 : 300);
  }

  /** Before it prints: a page whose picture is not there says so, whatever stood there before. */
  markUnread() {
    for (const slot of this.slots) slot.element.classList.toggle("unread", !slot.isShown());
  }

  /** A window that moves to another screen wants other pictures. */
  followDevice() {
    matchMedia(`(resolution: ${device()}dppx)`).addEventListener("change", () => {
      this.layout();
      this.followDevice();
    }, { once: true });
  }

  resized() {
    clearTimeout(this.resizing);
    this.resizing = setTimeout(() => this.layout(), 60);
  }

  scrolled() {
    if (this.looking) return;
    this.looking = requestAnimationFrame(() => {
      this.looking = 0;
      const line = this.pages.scrollTop + Math.min(this.pages.clientHeight / 3, 240);
      let at = this.slots.findLastIndex((slot) => slot.element.offsetTop <= line);
      at = this.inSight(this.target) ? this.target : Math.max(0, at);
      if (at !== this.target) this.target = null;
      this.current = at;
      clearTimeout(this.moving);
      this.moving = setTimeout(() => this.slots.length && this.onMove(this.current), 150);
      if (document.activeElement !== this.field) this.field.value = String(at + 1);
      this.slots.forEach((slot, n) => slot.button.toggleAttribute("aria-current", n === at) && slot.button.setAttribute("aria-current", "page"));
      const thumbnail = this.slots[at]?.thumbnail;
      if (thumbnail && this.shownAt !== thumbnail) this.reveal(thumbnail);
      this.shownAt = thumbnail;
    });
  }

  /** Whether a page that was asked for is still seen as a whole. */
  inSight(at) {
    const slot = at === null ? null : this.slots[at];
    const top = this.pages.scrollTop;
    return slot && slot.element.offsetTop >= top && slot.element.offsetTop + slot.height <= top + this.pages.clientHeight;
  }

  reveal(thumbnail) {
    const [top, bottom] = [thumbnail.offsetTop, thumbnail.offsetTop + thumbnail.offsetHeight];
    if (top < this.side.scrollTop) this.side.scrollTop = top - 8;
    else if (bottom > this.side.scrollTop + this.side.clientHeight) this.side.scrollTop = bottom - this.side.clientHeight + 8;
  }

  goTo(at) {
    const slot = this.slots[Math.max(0, Math.min(at, this.slots.length - 1))];
    if (!slot) return;
    this.target = slot.at;
    this.pages.scrollTop = slot.element.offsetTop - 12;
    this.scrolled();
    this.field.value = String(slot.at + 1);
  }

  zoomTo(zoom) {
    this.zoom = zoom;
    sessionStorage.setItem("zoom", zoom);
    this.layout();
  }

  zoomBy(direction) {
    const now = this.percent();
    const next = direction > 0 ? STEPS.find((step) => step > now) : STEPS.findLast((step) => step < now);
    if (next) this.zoomTo(String(next));
  }

  wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    if (event.timeStamp - (this.wheeled ?? 0) < 90) return;
    this.wheeled = event.timeStamp;
    this.zoomBy(event.deltaY < 0 ? 1 : -1);
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const act = {
      "+": () => this.zoomBy(1), "=": () => this.zoomBy(1), "-": () => this.zoomBy(-1),
      0: () => this.zoomTo("100"), w: () => this.zoomTo("width"), p: () => this.zoomTo("page"),
      Home: () => this.goTo(0), End: () => this.goTo(this.slots.length - 1),
      PageDown: () => this.goTo(this.current + 1), PageUp: () => this.goTo(this.current - 1),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Go to a page and to the first change on it. */
  goToChange(at) {
    this.goTo(at);
    this.slots[at]?.marks.firstElementChild?.scrollIntoView({ block: "center" });
  }

  /** Print the pages, once the pictures of all are there. */
  async print() {
    if (this.printing) return;
    this.printing = true;
    announce(t("printing"));
    for (const slot of this.slots)
      slot.picture.want(address.page(this.id, slot.page, PRINTED));
    await Promise.all(this.slots.map((slot) => slot.picture.wanted && slot.picture.settled));
    window.print();
    this.printing = false;
    for (const slot of this.slots) if (slot.near) slot.paint();
  }
}
