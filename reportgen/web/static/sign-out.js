// Leaving: at once where the items stay, after a question where they would go with the session.

import { api } from "./api.js";
import { el, once, swap } from "./dom.js";
import { all } from "./items.js";
import { complain, openSheet } from "./notice.js";
import { t } from "./words.js";

const leave = once(async () => {
  try {
    await api.signOut();
  } catch (problem) {
    return complain(problem);
  }
  location.reload();
});

/** Ask first if items would be removed. @param {import("./api.js").Session} session */
export function signOut(session) {
  const items = all().filter((item) => item.kind !== "live");
  if (session.is_lasting || !items.length) return leave();
  const sheet = el("dialog", { class: "sheet", "aria-labelledby": "sign-out-title" });
  swap(sheet, el("div", {},
    el("h2", { id: "sign-out-title" }, () => t("signOutTitle")),
    el("p", {}, () => t("signOutHint", { n: items.length })),
    el("div", { class: "acts" },
      el("button", { type: "button", class: "main", id: "sign-out-now", onclick: leave }, () => t("signOut")),
      el("button", { type: "button", class: "button", onclick: () => sheet.close() }, () => t("cancel")))));
  openSheet(sheet);
}
