// The server's addresses, and what can go wrong on the way there.
// The types of its answers are made of its OpenAPI description: .ci/page-types/check.

/** @typedef {import("openapi").components["schemas"]} Answers */
/** @typedef {Answers["Item"]} Item */
/** @typedef {Answers["ItemSummary"]} Summary */
/** @typedef {Answers["ProblemJson"]} Problem */
/** @typedef {Answers["SessionAnswer"]} Session */
/** @typedef {Answers["RemovedItem"]} Removed */

import { language, t } from "./words.js";

const root = new URL("../", import.meta.url).pathname; // "/", or a path that a proxy gives us
const meta = (name) => document.querySelector(`meta[name=${name}]`).getAttribute("content");
const csrf = meta("csrf");
const NO_ANSWER = [502, 504]; // a proxy's, when the server behind it is away
const watchers = new Set();
let connected = true;
let outdated = false; // the server is of another version than this page

/** An answer that says no: `status` 0 when there was none at all. */
export class Refusal extends Error {
  constructor(status, error, wait = 0) {
    super(error?.code ?? `HTTP ${status}`);
    this.status = status;
    this.error = error;
    this.wait = wait;
  }

  /** In the language of now. */
  text() {
    if (this.error?.[language()]) return this.error[language()];
    const known = [0, 401, 403, 404, 413, 429, 503].includes(this.status);
    return t(known ? `http${this.status}` : "httpOther", { status: this.status });
  }
}

/** Call `watcher(connected, outdated)` whenever the connection comes or goes, or the server is of another version. */
export function onConnection(watcher) {
  watchers.add(watcher);
}

const loaded = new Set(); // names of modules

/**
 * A module of a view that is not seen first. If the server has another version by now, the page is loaded anew at
 * the same place, or modules of two versions would be mixed.
 * @template T @param {string} name @param {() => Promise<T>} load @returns {Promise<T>}
 */
export async function loadView(name, load) {
  if (outdated && !loaded.has(name)) {
    location.reload();
    return new Promise(() => {});
  }
  const module = await load();
  loaded.add(name);
  return module;
}

/** Note whether there is a connection, and which page the server has now. */
function tell(now, page = null) {
  const other = page ? page !== meta("page") : outdated;
  if (now === connected && other === outdated) return;
  [connected, outdated] = [now, other];
  for (const watcher of watchers) watcher(connected, outdated);
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", credentials: "same-origin", ...options });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    tell(false);
    throw new Refusal(0);
  }
  if (NO_ANSWER.includes(answer.status)) {
    tell(false);
    throw new Refusal(0);
  }
  tell(true, answer.headers.get("X-Reportgen-Page"));
  if (answer.ok || answer.status === 304) return answer;
  const said = await answer.json().catch(() => ({}));
  throw new Refusal(answer.status, said.error, Number(answer.headers.get("Retry-After")) || 0);
}

const REMEMBERED = 40; // answers
const remembered = new Map(); // path → {etag, value}, the latest last

/** A JSON answer; what has not changed since it was asked for is not sent again. */
async function json(path, options = {}) {
  const before = remembered.get(path);
  const headers = before ? { "If-None-Match": before.etag } : {};
  const answer = await ask(path, { ...options, headers });
  const now = answer.status === 304 ? before : { etag: answer.headers.get("ETag"), value: await answer.json() };
  remembered.delete(path);
  if (now.etag) remembered.set(path, now);
  if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value);
  return now.value;
}

const change = (method, path, body, headers = {}) =>
  ask(path, { method, body, headers: { "X-Reportgen": csrf, ...headers } });

const post = async (path, value) =>
  (await change("POST", path, JSON.stringify(value), { "Content-Type": "application/json" })).json();

const READER = "review:"; // before the token of a read-only link, where an item has its identifier
const item = (id) => (id.startsWith(READER)
  ? `${root}api/review/${encodeURIComponent(id.slice(READER.length))}` : `${root}api/items/${encodeURIComponent(id)}`);
const named = (name) => ({ "Content-Type": "application/octet-stream", "X-File-Name": encodeURIComponent(name) });
const part = (id, name) => `${item(id)}/parts/${encodeURIComponent(name)}`;
const inArchive = (path) => path.split("/").map(encodeURIComponent).join("/");

export const address = {
  page: (id, page, width) => `${item(id)}/pages/${page.source}/${page.index}.png?width=${width}`,
  file: (id, name) => `${item(id)}/files/${encodeURIComponent(name)}`,
  all: (id) => `${item(id)}/all.zip`,
  marked: (id) => `${item(id)}/marked.xlsx?lang=${language()}`,
  next: (id, day) => `${item(id)}/next.xlsx?revised=${day}`,
  archived: (id, name) => `${root}api/archive/files/${encodeURIComponent(id)}/${inArchive(name)}`,
  review: (token) => `${location.origin}${root}review/${token}`,
  slip: (id, number, name) => `${root}api/archive/${id}/slips/${number}/${name}`,
  approved: (id) => `${root}api/archive/${id}/approved.zip`,
  restored: (id) => `${root}api/archive/${id}/restored.zip`,
  workbook: (id) => `${item(id)}/workbook`,
  blank: `${root}api/blank.xlsx`,
  shared: (id) => `${item(id)}/shared.zip`,
  part,
  delivery: (id) => `${item(id)}/delivery.xlsx?lang=${language()}`,
  version: (id, number) => `${item(id)}/workbooks/${number}`,
};

export const api = {
  /** @returns {Promise<Session>} */
  session: () => json(`${root}api/session`),
  /** @returns {Promise<Answers["ItemsAnswer"]>} */
  items: () => json(`${root}api/items`),
  /** @returns {Promise<Item>} */
  item: (id, after, signal) => json(after === null ? item(id) : `${item(id)}?after=${after}`, { signal }),
  results: (id) => json(`${item(id)}/results`),
  /** @returns {Promise<Answers["WordsAnswer"]>} */
  words: (id) => json(`${item(id)}/words`),
  /** @returns {Promise<Answers["PreviousAnswer"]>} */
  previous: (id) => json(`${item(id)}/previous`),
  /** @returns {Promise<Answers["FoundAnswer"]>} */
  find: (code) => json(`${root}api/archive/find?code=${encodeURIComponent(code)}`),
  /** @returns {Promise<Answers["ArchiveAnswer"]>} */
  archive: () => json(`${root}api/archive`),
  /** @returns {Promise<Item>} */
  upload: async (name, bytes, isFollowed) =>
    (await change("POST", `${root}api/items${isFollowed ? "?follow=1" : ""}`, bytes, named(name))).json(),
  /** @returns {Promise<Item>} */
  newVersion: async (id, name, bytes) => (await change("PUT", `${item(id)}/workbook`, bytes, named(name))).json(),
  /** @param {Answers["CellEditRequest"]} edit @returns {Promise<Answers["CellEditAnswer"]>} */
  setCell: (id, edit) => post(`${item(id)}/cells`, edit),
  /** @returns {Promise<Item>} */
  restore: async (id) => (await change("POST", `${item(id)}/restore`)).json(),
  remove: (id) => change("DELETE", item(id)),
  /** @returns {Promise<Item>} */
  compare: (older, newer) => post(`${root}api/comparisons`, { old: older, new: newer }),
  /** @returns {Promise<Item>} */
  compareArchived: (edition, newer) => post(`${root}api/archive/comparisons`, { edition, new: newer }),
  /** @returns {Promise<Answers["ArchiveReceiptAnswer"]>} */
  deposit: (id, reprint) => post(`${root}api/archive`, { item: id, reprint }),
  /** @returns {Promise<Answers["ApprovalAnswer"]>} */
  approval: (id) => json(`${root}api/archive/${id}/approval`),
  /** @param {string} id @param {Answers["ApproveRequest"]} slip @returns {Promise<Answers["SlipReceiptAnswer"]>} */
  approve: (id, slip) => post(`${root}api/archive/${id}/approval`, slip),
  /** @param {string} id @param {Answers["WithdrawRequest"]} slip @returns {Promise<Answers["SlipReceiptAnswer"]>} */
  withdraw: (id, slip) => post(`${root}api/archive/${id}/withdrawal`, slip),
  /** @returns {Promise<Answers["ArchiveReceiptAnswer"]>} */
  depositApproved: (id) => post(`${root}api/archive/${id}/approved-reprint`, {}),
  /** @returns {Promise<Response>} */
  file: (method, path) => (method === "GET" ? ask(path) : change(method, path)),
  /** @returns {Promise<Answers["ReviewLinkAnswer"]>} */
  reviewLink: (id) => json(`${item(id)}/review`),
  makeReviewLink: (id) => change("POST", `${item(id)}/review`),
  withdrawReviewLink: (id) => change("DELETE", `${item(id)}/review`),
  /** @returns {Promise<Answers["ReviewAnswer"]>} */
  review: (token) => json(`${root}api/review/${encodeURIComponent(token)}`),
  /** @param {string} token @param {Answers["RemarkRequest"]} remark @returns {Promise<Answers["RemarksAnswer"]>} */
  remark: (token, remark) => post(`${root}api/review/${encodeURIComponent(token)}/remarks`, remark),
  /** @returns {Promise<Answers["ShareAnswer"]>} */
  share: (id, due, format) => post(`${item(id)}/share`, { due, format }),
  /** @returns {Promise<Answers["PartsAnswer"]>} */
  parts: (id) => json(`${item(id)}/parts`),
  /** @returns {Promise<Answers["PartsAnswer"]>} */
  handIn: async (id, name, bytes) => (await change("POST", `${item(id)}/parts`, bytes, named(name))).json(),
  /** @returns {Promise<Answers["PartsAnswer"]>} */
  readParts: (id) => post(`${item(id)}/parts/read`, {}),
  /** @returns {Promise<Answers["PartsAnswer"]>} */
  removePart: async (id, name) => (await change("DELETE", part(id, name))).json(),
  /** @returns {Promise<Answers["PartsAnswer"]>} */
  merge: (id, key, partial) => post(`${item(id)}/merge`, { key, partial }),
  /** @returns {Promise<Item>} */
  makeOdt: (id) => post(`${item(id)}/odt`, {}),
  signOut: () => change("POST", `${root}api/sign-out`),
  /** @returns {Promise<Answers["IdentifiedAnswer"]>} */
  identify: async (name, bytes) =>
    (await change("POST", `${root}api/archive/identify`, bytes, named(name))).json(),
  /** @returns {Promise<Answers["VerifiedAnswer"]>} */
  verify: () => post(`${root}api/archive/verify`, {}),
  picture: async (path, signal) =>
    (await ask(path, { signal, cache: "default" })).blob(),
};
