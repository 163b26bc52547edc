// What the page says by the way: to a screen reader, in the bar for the connection, as a
// message that goes, and in the sheets that ask before something is done.

import { onConnection, Refusal } from "./api.js";
import { el, icon, swap } from "./dom.js";
import { t } from "./words.js";

const polite = document.getElementById("polite");
const messages = document.getElementById("messages");
let later = 0;

/** Have a screen reader say it when it has finished what it is saying. */
export function announce(text) {
  clearTimeout(later);
  later = setTimeout(() => {
    polite.textContent = text;
    later = setTimeout(() => (polite.textContent = ""), 5000);
  }, 80);
}

/** A message that stays until it is closed; an `error` is said at once. */
export function message(words, kind = "error") {
  const box = el("div", { class: `message ${kind}`, role: kind === "error" ? "alert" : "status" },
    icon(kind),
    el("p", {}, words),
    el("button", { class: "plain", type: "button", "aria-label": () => t("close"),
      onclick: () => box.remove() }, icon("close")));
  const same = [...messages.children].find((each) => each.textContent === box.textContent);
  same?.remove();
  messages.append(box);
  if (messages.children.length > 4) messages.firstChild.remove();
  if (kind !== "error") setTimeout(() => box.remove(), 8000);
}

/** Say what went wrong; true when it was the server that said no. */
export function complain(problem) {
  if (!(problem instanceof Refusal)) throw problem;
  message(() => problem.text());
}

/** The bar that tells of a lost connection, and goes when it is back; or that the server was updated meanwhile. */
export function watchConnection() {
  const bar = document.getElementById("connection");
  let delay = 0;
  onConnection((connected, isOutdated) => {
    clearTimeout(delay);
    const wasShown = !bar.hidden;
    if (connected) {
      bar.hidden = !isOutdated;
      if (isOutdated) swap(bar, icon("notice"), el("p", {}, () => t("outdated")),
        el("button", { type: "button", class: "button", id: "reload", onclick: () => location.reload() }, () => t("reload")));
      else if (wasShown) announce(t("connected"));
    } else delay = setTimeout(() => {
      swap(bar, icon("busy"), el("p", {}, () => t("disconnected")));
      bar.hidden = false;
    }, 700);
  });
}

/** Open a sheet over the page; the focus goes back to `sheet.from` when it closes. */
export function openSheet(sheet, modal = true) {
  sheet.from = document.activeElement;
  const escape = (event) => event.key === "Escape" && sheet.close();
  document.body.append(sheet);
  sheet.addEventListener("close", () => {
    if (modal) document.body.append(messages, polite);
    sheet.remove();
    removeEventListener("keydown", escape);
    const { from } = sheet;
    const back = from?.isConnected ? from : document.getElementById(from?.id) ?? document.querySelector("main h1");
    back?.focus({ preventScroll: true });
  });
  if (modal) {
    sheet.showModal();
    sheet.append(messages, polite); // what is outside lies behind it, and no screen reader says it
  } else {
    sheet.show();
    addEventListener("keydown", escape);
  }
  return sheet;
}
