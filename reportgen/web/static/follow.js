// The file on the user's disk that an item came from: it is watched, so that each save in Excel is
// seen here without a command. The browser gives a handle of it where it has the File System
// Access API (Chrome, Edge); handles outlive a reload in IndexedDB.

import { api, Refusal } from "./api.js";
import { el, icon } from "./dom.js";
import { has, isLoaded, removed, subscribe, take } from "./items.js";
import { announce, message } from "./notice.js";
import { t } from "./words.js";

const EVERY = 200; // milliseconds between two looks at a file
const SETTLED = 80; // milliseconds in which a file that was saved must not change any more
const MISSED = 40; // looks: programs that save take the file away for a moment
const STORE = "handles";

/**
 * @typedef {object} Followed
 * @property {any} handle of the browser: getFile(), and where it asks, queryPermission()
 * @property {string} name
 * @property {number} modified of the version that is here, in milliseconds
 * @property {number} size in bytes
 * @property {"followed" | "asking" | "paused" | "missing"} state
 * @property {number} misses
 */

/** @type {Map<string, Followed>} */
const followed = new Map(); // item → its file
const handles = new WeakMap(); // file → handle
const listeners = new Set();
const channel = "BroadcastChannel" in window ? new BroadcastChannel("reportgen-files") : null;

/** Whether this browser gives handles of files. */
export const canFollow = () => "showOpenFilePicker" in window && Boolean(/** @type {any} */ (window).showOpenFilePicker);

/** Remember the handle that a file came from. @param {File} file */
export const withHandle = (file, handle) => {
  if (handle) handles.set(file, handle);
  return file;
};
/** @param {File} file */
export const hasHandle = (file) => handles.has(file);
export const followOf = (id) => followed.get(id);
/** Call `listener()` whenever a file is followed in another way. */
export const onFollow = (listener) => listeners.add(listener);

function tell() {
  for (const listener of listeners) listener();
}

/** @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} act @returns {Promise<T>} */
async function stored(mode, act) {
  const settled = (request) => new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const opening = indexedDB.open("reportgen", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await settled(opening);
  try {
    return await settled(act(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/** Keep a handle for after a reload; a browser that cannot asks for the file again then. */
async function store(id) {
  const { handle, name, modified, size, state } = followed.get(id);
  try {
    await stored("readwrite", (records) => records.put({ handle, name, modified, size, state }, id));
  } catch {
    // private browsing, or a handle that cannot be kept
  }
}

/** Follow the file that an item was made of, if the browser gave its handle. @param {string} id @param {File} file */
export function follow(id, file) {
  const handle = handles.get(file);
  if (!handle) return;
  followed.set(id, { handle, name: file.name, modified: file.lastModified, size: file.size, state: "followed", misses: 0 });
  store(id);
  tell();
}

function setState(id, state) {
  const file = followed.get(id);
  if (!file || file.state === state) return;
  Object.assign(file, { state, misses: 0 });
  store(id);
  tell();
}

/** Follow no longer, in any tab, until it is asked for: the item is no longer what the file is. */
export function pauseFollowing(id) {
  setState(id, "paused");
  channel?.postMessage(id);
}

function forget(id) {
  followed.delete(id);
  stored("readwrite", (records) => records.delete(id)).catch(() => {});
  tell();
}

const same = (one, other) => one.lastModified === other.lastModified && one.size === other.size;
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** The file as it is once nobody writes it any more. @param {Followed} file @returns {Promise<File>} */
async function settled(file) {
  for (let now = await file.handle.getFile(); ; ) {
    await pause(SETTLED);
    const later = await file.handle.getFile();
    if (same(now, later)) return later;
    now = later;
  }
}

/** Look at a file; if it was saved, it becomes the item's new version. @param {string} id @param {Followed} file */
async function look(id, file) {
  let now = await file.handle.getFile();
  const seen = { lastModified: file.modified, size: file.size };
  if (file.state === "missing") setState(id, "followed");
  file.misses = 0;
  if (same(now, seen) || !now.size) return;
  now = await settled(file);
  const bytes = await now.arrayBuffer();
  if (followed.get(id) !== file || file.state !== "followed") return;
  try {
    take(await api.newVersion(id, now.name, bytes));
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    if (refusal.status === 404) return forget(id);
    if ([0, 401, 403, 429, 503].includes(refusal.status)) return; // later
    message(() => refusal.text());
  }
  Object.assign(file, { modified: now.lastModified, size: now.size, name: now.name });
  store(id);
}

async function lookAtAll() {
  for (const [id, file] of [...followed]) {
    if (!["followed", "missing"].includes(file.state)) continue;
    try {
      await look(id, file);
    } catch (problem) {
      if (!(problem instanceof DOMException)) throw problem;
      if (problem.name === "NotAllowedError") setState(id, "asking");
      else if ((file.misses += 1) >= MISSED) setState(id, "missing"); // it is being saved, or away
    }
  }
}

/** Go on with a file that the browser asks about first; to be called by a click. */
async function resume(id) {
  const file = followed.get(id);
  const answer = await file.handle.requestPermission?.({ mode: "read" });
  if (answer && answer !== "granted") return;
  if (file.state === "paused") Object.assign(file, { modified: 0, size: -1 }); // what is on disk counts again
  setState(id, "followed");
  announce(t("followed", { name: file.name }));
}

/** @param {(files: File[]) => void} then */
export async function pick(then, multiple = true) {
  const picker = /** @type {any} */ (window).showOpenFilePicker;
  const accept = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": [".xlsx"],
    "application/vnd.ms-excel.sheet.macroEnabled.12": [".xlsm"],
    "application/vnd.oasis.opendocument.spreadsheet": [".ods"],
  };
  let chosen;
  try {
    chosen = await picker.call(window, { id: "reportgen", multiple, types: [{ description: t("workbook"), accept }] });
  } catch (problem) {
    if (problem.name !== "AbortError") message(() => t("notPicked"));
    return;
  }
  then(await Promise.all(chosen.map(async (handle) => withHandle(await handle.getFile(), handle))));
}

/** Choose the file of an item that came without a handle; what it holds becomes the new version. */
function relink(id) {
  pick(([file]) => {
    follow(id, file);
    Object.assign(followed.get(id), { modified: 0, size: -1 });
  }, false);
}

/** Choose a file that becomes the item's new version, at the same place. @param {() => void} replace */
export const replaceButton = (replace) =>
  el("button", { type: "button", class: "link", id: "replace", onclick: replace }, () => t("replaceFile"));

/**
 * Whether the page follows an item's file, and how to change that.
 * @param {import("./api.js").Item} item @param {() => void} replace lets a file be chosen, where none can be followed
 */
export function followBar(item, replace) {
  if (item.kind !== "workbook") return null;
  const file = followed.get(item.id);
  const button = (id, words, act) => el("button", { type: "button", class: "link", id, onclick: act }, () => t(words));
  const line = (look, words, ...acts) => el("p", { class: `note ${look}` }, icon(look === "on" ? "ready" : "notice"), el("span", {}, words), acts);
  if (!file) {
    if (item.edited.length || item.merges) return null; // no file has what was changed here
    if (!canFollow()) return line("off", [() => t("cannotFollow"), el("span", { class: "wide-only" }, () => t("whoCanFollow"))], replaceButton(replace));
    return line("off", () => t("notFollowed"), button("follow-choose", "followChoose", () => relink(item.id)));
  }
  const name = { name: file.name };
  if (file.state === "followed") return line("on", () => t("followed", name), button("follow-stop", "followStop", () => pauseFollowing(item.id)));
  if (file.state === "missing") return line("off", () => t("followMissing", name), button("follow-choose", "followChoose", () => relink(item.id)));
  return line("off", () => t(item.edited.length || item.merges ? "followEdited" : "followAsk", name), button("follow-resume", "followResume", () => resume(item.id)));
}

/** Take up the files of before, and look at all of them while the page is seen. */
export async function startFollowing() {
  if (channel) channel.onmessage = ({ data }) => setState(data, "paused");
  subscribe(() => {
    if (!isLoaded()) return;
    const kept = new Set(removed().map((each) => each.id));
    for (const id of followed.keys()) if (!has(id) && !kept.has(id)) forget(id);
  });
  if (canFollow()) {
    try {
      const ids = await stored("readonly", (records) => records.getAllKeys());
      for (const id of ids) {
        const record = await stored("readonly", (records) => records.get(id));
        const permission = await record.handle.queryPermission?.({ mode: "read" });
        const state = record.state !== "paused" && permission && permission !== "granted" ? "asking" : record.state;
        if (!followed.has(String(id))) followed.set(String(id), { ...record, state, misses: 0 });
      }
    } catch {
      // a browser that keeps nothing
    }
    tell();
  }
  for (;;) {
    await pause(EVERY);
    if (document.visibilityState === "visible") await lookAtAll();
  }
}
