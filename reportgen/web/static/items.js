// What the server has for this session. It alone knows; every tab and every reload asks it.

import { api, Refusal } from "./api.js";

const BUSY = ["waiting", "checking", "rendering"];
const listeners = new Set();
const channel = "BroadcastChannel" in window ? new BroadcastChannel("reportgen") : null;
/** @typedef {import("./api.js").Summary} Summary */
/** @typedef {import("./api.js").Item} Item */

/** @type {Map<string, Summary>} */
let known = new Map(); // id → summary, newest first
/** @type {Map<string, Item>} */
const whole = new Map(); // id → the item with its problems, pages and files, as far as it was shown
/** @type {import("./api.js").Removed[]} */
let takenAway = []; // what can be taken back, the latest first
let loaded = false;
let since = new Set(); // what was taken since the list was asked for: it may not have it yet
/** @type {import("./api.js").Refusal | null} */
let closed = null; // the refusal after which nothing more can be had
/** @type {(reason?: unknown) => void} */
let wake = () => {};
let watched = null;
let watching = null; // ends the long poll of before

/** @param {Summary} state */
export const busy = (state) => BUSY.includes(state.stage);
export const all = () => [...known.values()];
export const has = (id) => known.has(id);
/** An item with all its parts; undefined until they have come. */
export const get = (id) => whole.get(id);
/** What was removed and can be taken back, the latest first. */
export const removed = () => takenAway;
export const isLoaded = () => loaded;
export const whyClosed = () => closed;

/** Call `listener(changes)` after every change; a change is {now, before}. */
export function subscribe(listener) {
  listeners.add(listener);
}

function tell(changes) {
  for (const listener of listeners) listener(changes);
}

/** Take an item that is newer than what is known of it. @param {Item} state */
export function take(state) {
  const before = known.get(state.id);
  const had = whole.get(state.id);
  if (!had || had.version < state.version || had.ahead !== state.ahead) whole.set(state.id, state);
  if (before && before.version >= state.version && before.ahead === state.ahead) {
    if (whole.get(state.id) !== had) tell([{ now: state, before }]);
    return;
  }
  if (before) known.set(state.id, state);
  else known = new Map([[state.id, state], ...known]);
  if (!before) since.add(state.id);
  tell([{ now: state, before }]);
  if (!before || state.id === watched) attend();
}

/** @param {import("./api.js").Answers["ItemsAnswer"]} answer */
function takeAll({ items: states, removed: away }) {
  const others = away.map((each) => each.id).join() !== takenAway.map((each) => each.id).join();
  takenAway = away;
  const listed = new Set(states.map((state) => state.id));
  const fresh = new Map([...known].filter(([id]) => since.has(id) && !listed.has(id)));
  /** @type {{now: Summary | null, before?: Summary}[]} */
  const changes = [];
  for (const state of states) {
    const before = known.get(state.id);
    const newer = !before || state.version > before.version || state.ahead !== before.ahead;
    const now = newer && !(before && before.version > state.version) ? state : before;
    fresh.set(state.id, now);
    if (now !== before) changes.push({ now, before });
  }
  const gone = [...known.values()].filter((state) => !fresh.has(state.id));
  changes.push(...gone.map((before) => ({ now: null, before })));
  const first = !loaded;
  [known, loaded] = [fresh, true];
  for (const id of whole.keys()) if (!known.has(id)) whole.delete(id);
  if (first || others || changes.length) tell(changes);
  if (changes.some(({ now }) => now?.id === watched)) attend();
}

/** Forget one at once; other tabs hear of it. */
export function drop(id) {
  const before = known.get(id);
  if (!before) return;
  known.delete(id);
  whole.delete(id);
  since.delete(id);
  tell([{ now: null, before }]);
  shout();
}

/** Take back what was removed. */
export async function restore(id) {
  const state = await api.restore(id);
  takenAway = takenAway.filter((each) => each.id !== id);
  take(state);
  shout();
  return state;
}

/** Ask for the list at once; false if there was no answer. */
export async function refreshItems() {
  try {
    takeAll(await api.items());
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return false;
  }
  return true;
}

/** Something was changed here: look again, in the other tabs too. */
export function shout() {
  wake();
  channel?.postMessage("changed");
}

function close(refusal) {
  closed = refusal;
  watching?.abort();
  tell([]);
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const seen = () => document.visibilityState === "visible";

/** Ask for the list: often while something is under way, seldom otherwise, never unseen. */
async function follow() {
  for (let failures = 0; !closed; ) {
    const asked = new Promise((done) => (wake = done));
    since = new Set();
    try {
      takeAll(await api.items());
      failures = 0;
    } catch (refusal) {
      if (refusal.status === 401 || refusal.status === 403) return close(refusal);
      failures += 1;
    }
    const calm = all().some(busy) ? 1000 : 6000;
    await Promise.race([pause(failures ? Math.min(500 * 2 ** failures, 10000) : calm), asked]);
    while (!seen()) await new Promise((done) => (wake = done));
  }
}

/** Follow one item closely while it is on show: its changes come as they happen. */
export function watch(id) {
  if (watched === id) return;
  watched = id;
  attend();
}

async function attend() {
  if (watching && !watching.signal.aborted && watching.id === watched) return; // it goes on by itself
  watching?.abort();
  const here = Object.assign(new AbortController(), { id: watched });
  watching = here;
  try {
    await attendTo(here);
  } finally {
    here.abort();
  }
}

async function attendTo(here) {
  for (let failures = 0; !closed && !here.signal.aborted; ) {
    const state = known.get(watched);
    const had = whole.get(watched);
    if (!state || !seen()) return;
    const isOld = !had || had.version < state.version;
    if (!isOld && !busy(state) && state.kind !== "live") return;
    try {
      take(await api.item(state.id, isOld ? null : had.version, here.signal));
      failures = 0;
      await pause(50);
    } catch (refusal) {
      if (here.signal.aborted) return;
      if (refusal.status === 401 || refusal.status === 403) return close(refusal);
      if (refusal.status === 404) return drop(state.id);
      failures += 1;
      await pause(Math.min(500 * 2 ** failures, 10000));
    }
  }
}

export function start() {
  if (channel) channel.onmessage = () => wake();
  document.addEventListener("visibilitychange", () => {
    wake();
    if (seen()) attend();
    else watching?.abort();
  });
  addEventListener("online", () => wake());
  follow();
}
