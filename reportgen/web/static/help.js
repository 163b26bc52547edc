// The help: what each step does, and the keys.

import { el } from "./dom.js";
import { t } from "./words.js";

const TOPICS = ["home", "check", "preview", "finish", "archive"];
const KEYS = [["Tab", "Enter"], ["Page Up", "Page Down"], ["Home", "End"], ["+", "−"], ["W", "P"], ["Esc"], ["Ctrl+Z"], ["Ctrl+P"]];

export function help() {
  const element = el("div", { class: "page-body" },
    el("h1", { tabindex: "-1" }, () => t("navHelp")),
    el("p", { class: "lead" }, () => t("helpLead")),
    el("section", { class: "card", "aria-labelledby": "help-steps" },
      el("h2", { id: "help-steps" }, () => t("steps")),
      el("dl", { class: "chain" }, TOPICS.map((topic) => [
        el("dt", {}, () => t(topic === "archive" ? "navArchive" : `step-${topic}`)),
        el("dd", {}, () => t(`help-${topic}`))]))),
    el("section", { class: "card", "aria-labelledby": "help-follow" },
      el("h2", { id: "help-follow" }, () => t("helpFollowTitle")),
      el("p", {}, () => t("helpFollow"))),
    el("section", { class: "card", "aria-labelledby": "help-keys" },
      el("h2", { id: "help-keys" }, () => t("helpKeys")),
      el("dl", { class: "facts keys" }, KEYS.map((keys) => [
        el("dt", {}, keys.map((key) => [el("kbd", {}, key), " "])),
        el("dd", {}, () => t(`key-${keys[0]}`))]))));
  return { element, title: () => t("navHelp"), update: () => {} };
}
