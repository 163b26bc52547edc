// From a file of the user's to an item of the server's: chosen, or dropped anywhere.

import { api, Refusal } from "./api.js";
import { canFollow, follow, hasHandle, pick, withHandle } from "./follow.js";
import { shout, take } from "./items.js";
import { message } from "./notice.js";
import { t } from "./words.js";

const AT_ONCE = 2;
const PATIENCE = 6; // times to ask again when the server is too busy
const listeners = new Set();
let sending = []; // {key, file, name, stage: "queued" | "sending" | "unsent", words}
let limit = 0; // bytes of an upload
let partLimit = 0; // bytes of a part that is handed in

export const uploads = () => sending;
export const onUploads = (listener) => listeners.add(listener);
export function setLimits(bytes, partBytes) {
  limit = bytes;
  partLimit = partBytes;
}

// A page that is reloaded before they are sent would lose them.
addEventListener("beforeunload", (event) => sending.some((each) => each.stage !== "unsent") && event.preventDefault());

function tell() {
  for (const listener of listeners) listener();
}

/** Send files; answers with the items that the server made of them. A single one may be an item's new version. */
export async function send(files, changed = "") {
  const jobs = [];
  for (const file of files) {
    const key = `${file.name}/${file.size}/${file.lastModified}`;
    const twin = sending.find((each) => each.key === key);
    if (twin && twin.stage !== "unsent") continue;
    if (twin) sending = sending.filter((each) => each !== twin);
    const job = { key, file, name: file.name, stage: "queued", words: null, changed: files.length === 1 ? changed : "" };
    sending = [...sending, job];
    jobs.push(job);
  }
  tell();
  const made = [];
  const waiting = [...jobs];
  const worker = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const state = await sendOne(job);
      if (state) made.push(state);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return made;
}

export const tooBig = (file, most = limit) => most > 0 && file.size > most;
const sayTooBig = (file, most = limit) => t("tooBig", { name: file.name, limit: size(most) });

/** Whether a file is small enough to be sent; what is not is told of. @param {File} file */
export function isSendable(file, most = limit) {
  if (tooBig(file, most)) message(() => sayTooBig(file, most));
  return !tooBig(file, most);
}

/** @param {File} file */
export const isSendablePart = (file) => isSendable(file, partLimit);

async function sendOne(job) {
  if (tooBig(job.file)) return unsent(job, () => sayTooBig(job.file));
  job.stage = "sending";
  tell();
  let bytes;
  try {
    bytes = await job.file.arrayBuffer();
  } catch {
    return unsent(job, () => t("unreadable", { name: job.name }));
  }
  for (let tried = 0; ; tried += 1) {
    try {
      const state = job.changed ? await api.newVersion(job.changed, job.name, bytes)
        : await api.upload(job.name, bytes, hasHandle(job.file));
      dismiss(job);
      take(state);
      follow(state.id, job.file);
      shout();
      return state;
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      const crowded = refusal.status === 429 || refusal.status === 503;
      if (!crowded || tried >= PATIENCE) return unsent(job, () => refusal.text());
      await new Promise((done) => setTimeout(done, 1000 * Math.min(refusal.wait || 2 ** tried, 15)));
    }
  }
}

/** Say why a file was not sent: in the list, or by a message if it was to replace another, whose view is on show. */
function unsent(job, words) {
  if (job.changed) {
    message(words);
    return dismiss(job);
  }
  Object.assign(job, { stage: "unsent", words });
  tell();
  return null;
}

export function dismiss(job) {
  sending = sending.filter((each) => each !== job);
  tell();
  return null;
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const [value, unit] = bytes < 1024 ** 2 ? [bytes / 1024, "KB"] : [bytes / 1024 ** 2, "MB"];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** A button that lets files be chosen; `then` gets the items. */
export function choose(then) {
  if (canFollow()) return void pick(then);
  const input = /** @type {HTMLInputElement} */ (document.getElementById("chooser"));
  input.value = "";
  input.onchange = () => input.files.length && then([...input.files]);
  input.click();
}

/** A dropped file, with its handle where the browser gives one: it is asked for at once, or gone. */
async function watchable(file, entry) {
  if (!canFollow()) return file;
  const handle = await entry.getAsFileSystemHandle?.().catch(() => null);
  return handle?.kind === "file" ? withHandle(file, handle) : file;
}

/** Files dropped anywhere on the page go to `then`; a folder is told apart. */
export function acceptDrops(then) {
  let depth = 0;
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const mark = (on) => document.body.classList.toggle("dropping", on);
  addEventListener("dragenter", (event) => carries(event) && mark(++depth > 0));
  addEventListener("dragleave", (event) => carries(event) && mark(--depth > 0));
  addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    mark((depth = 0) > 0);
    const files = [];
    for (const entry of event.dataTransfer.items) {
      const file = entry.kind === "file" && entry.getAsFile();
      if (!file) continue;
      if (entry.webkitGetAsEntry?.()?.isDirectory) message(() => t("folder", { name: file.name }));
      else files.push(watchable(file, entry));
    }
    if (files.length) Promise.all(files).then(then);
  });
}
