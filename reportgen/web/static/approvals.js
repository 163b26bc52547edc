// Who has approved an archived edition: its rounds and slips, the next approval, withdrawal,
// the documents that print them, and all files of the edition.

import { address, api } from "./api.js";
import { today, when } from "./dates.js";
import { el, icon, once, refresh, swap } from "./dom.js";
import { complain, openSheet } from "./notice.js";
import { list } from "./problems.js";
import { save } from "./save.js";
import { addWords, t } from "./words.js";

addWords({
  approvals: ["核可", "Approvals"],
  roundNext: ["下一階段", "comes next"],
  roundLater: ["尚未核可", "not yet"],
  round: ["核可的階段", "Round"],
  roundAgain: ["{role}（加一位）", "{role} (one more person)"],
  approveRound: ["核可「{round}」…", "Approve {round}…"],
  approveMore: ["最後階段再加一位…", "Add a person to the last round…"],
  approveTitle: ["核可這個版次？", "Approve this edition?"],
  approveNow: ["核可", "Approve"],
  mayNotApprove: ["您不在可以核可的名單上。", "You are not among those who may approve."],
  approvedElsewhere: ["核可以最新封存的版本為準：", "Approvals are those of the version that was archived last:"],
  slipDate: ["核可日期", "Date of approval"],
  remarkOptional: ["意見（可不填）", "Remark (optional)"],
  reason: ["原因", "Reason"],
  signElsewhere: ["要以私鑰簽署，請在命令列執行", "To sign with a private key, use the command line:"],
  writing: ["寫入中，請稍候", "Writing; please wait"],
  slipRefused: ["沒有寫入", "Nothing was written"],
  slipWritten: ["已寫入第 {number} 號核可單", "Slip {number} is written"],
  slips: ["核可單（{n} 張）", ["{n} slip", "{n} slips"]],
  slipNumber: ["第 {number} 號", "Slip {number}"],
  slipRemark: ["意見：{remark}", "Remark: {remark}"],
  "slip-valid": ["有效", "counts"],
  "slip-void": ["失效", "void"],
  "slip-withdrawn": ["已撤回", "withdrawn"],
  "slip-withdrawal": ["撤回第 {number} 號", "withdraws slip {number}"],
  "slip-invalid": ["不符", "not sound"],
  voidedBy: ["{version} 已變更，因此失效：", "Void, as {version} has changed:"],
  moreChanges: ["另有 {n} 項變更", ["{n} more change", "{n} more changes"]],
  signed: ["簽章相符（金鑰 {key}）", "signature verified (key {key})"],
  signedUnchecked: ["有簽章，這台電腦沒有檢查（金鑰 {key}）", "signed, not checked on this machine (key {key})"],
  withdraw: ["撤回", "Withdraw"],
  withdrawTitle: ["撤回核可？", "Withdraw an approval?"],
  withdrawHint: ["撤回第 {number} 號核可。撤回也是一張單，原單仍在。", "Slip {number} is withdrawn by another slip; it stays where it is."],
  printApprovedHint: ["核章欄可以印上各階段的姓名與日期，內容與核可的相同。", "The sign-off box (核章欄) can print the names and dates; all else is what was approved."],
  printApproved: ["下載印上核可的 PDF、Word", "Download PDF and Word with approvals"],
  archiveApproved: ["封存印上核可的重印版", "Archive it as a reprint"],
  seeReprint: ["看這個重印版", "See the reprint"],
  restore: ["還原", "Restore"],
  restoreZip: ["下載全部檔案（zip）：活頁簿、範本、文件", "Download all files (zip): workbook, templates, documents"],
});

/** @typedef {import("./api.js").Answers["ApprovalJson"]} Approval */
/** @typedef {import("./api.js").Answers["SlipJson"]} Slip */
/** @typedef {import("./api.js").Answers["ArchivedEdition"]} Edition */
/** @typedef {import("./api.js").Session} Session */

const LOOKS = { valid: "ready", void: "warning", withdrawn: "notice", withdrawal: "notice", invalid: "error" };
const FEW = 8; // changes that are seen at once

/** The rounds in their order, each with who approved it. @param {Approval} approval */
const rounds = (approval) => el("ol", { class: "rounds" }, approval.rounds.map((round) => {
  const names = approval.slips.filter((slip) => slip.state === "valid" && slip.role === round).flatMap((slip) => slip.names);
  const look = names.length ? "done" : round === approval.next ? "now" : "later";
  return el("li", { class: look }, icon(names.length ? "ready" : "busy"), el("strong", {}, round),
    el("span", {}, names.length ? names.join("、") : () => t(look === "now" ? "roundNext" : "roundLater")));
}));

/** Whether a slip needs to be looked at. @param {Approval} approval */
const doubtful = (approval) => approval.slips.some((slip) => slip.state === "invalid" || (slip.state === "void" && !approval.approved.length));

/** @param {Slip["changed_figures"][number]} change */
const figure = (change) => el("li", {}, `${change.figure}：${change.was ?? "—"} → ${change.now ?? "—"}`);

/** What made a slip void. @param {Slip} slip */
function changes(slip) {
  const rows = [...slip.changed_figures.map(figure), ...slip.changed_files.map((name) => el("li", {}, name))];
  return [
    el("p", {}, () => t("voidedBy", { version: slip.voided_by })),
    el("ul", { class: "changes" }, rows.slice(0, FEW)),
    rows.length > FEW ? el("details", { class: "more" },
      el("summary", {}, () => t("moreChanges", { n: rows.length - FEW })), el("ul", { class: "changes" }, rows.slice(FEW))) : null,
  ];
}

/** @param {Approval} approval @param {Slip} slip @param {(number: number) => void} withdraw */
function slipRow(approval, slip, withdraw) {
  const number = Number(slip.folder.split("/")[1]);
  return el("li", { class: "slip" },
    el("p", { class: "slip-head" },
      el("span", { class: "name" }, () => t("slipNumber", { number })),
      slip.role ? el("span", {}, slip.role) : null,
      el("span", {}, slip.names.join("、")),
      slip.date ? el("span", { class: "muted" }, () => when(slip.date)) : null,
      el("span", { class: `stage ${LOOKS[slip.state]}` }, icon(LOOKS[slip.state]),
        () => t(`slip-${slip.state}`, { number: slip.withdraws }))),
    slip.remark ? el("p", {}, () => t("slipRemark", { remark: slip.remark })) : null,
    slip.state === "void" ? changes(slip) : null,
    el("p", { class: "acts" },
      slip.files.map((name) => el("a", { href: address.slip(approval.id, number, name), download: true,
        "aria-label": () => `${t("slipNumber", { number })} ${name}` }, name)),
      slip.key ? el("span", { class: "muted" }, () => t(slip.signature_checked ? "signed" : "signedUnchecked", { key: slip.key.slice(0, 16) })) : null,
      slip.can_be_withdrawn && approval.may_approve ? el("button", { type: "button", class: "link", id: `withdraw-${approval.id}-${number}`,
        "aria-label": () => `${t("withdraw")} ${t("slipNumber", { number })}`, onclick: () => withdraw(number) }, () => t("withdraw")) : null));
}

/** The name under which somebody signs: that of the proxy where it gives one. @param {Session} session */
const nameField = (session) => el("label", { class: "field" }, el("span", {}, () => t("yourName")),
  el("input", { type: "text", id: "slip-name", maxlength: "40", required: true, autocomplete: "name",
    value: session.user, readonly: Boolean(session.user) }));

/**
 * A sheet that asks before a slip is written; `write(values)` writes it.
 * @param {string} title @param {unknown[]} fields @param {string} words
 * @param {(value: (id: string) => string) => Promise<import("./api.js").Answers["SlipReceiptAnswer"]>} write
 * @param {(approval: Approval) => void} done
 */
function slipSheet(title, fields, words, write, done) {
  const outcome = el("div", { class: "outcome", "aria-live": "polite" });
  const sheet = el("dialog", { class: "sheet", "aria-labelledby": "slip-title" });
  const acts = el("div", { class: "acts" });
  const closing = (key, kind) => el("button", { type: "button", class: kind, onclick: () => sheet.close() }, () => t(key));
  const value = (id) => /** @type {HTMLInputElement | null} */ (sheet.querySelector(`#${id}`))?.value ?? "";
  const act = once(async () => {
    swap(outcome, el("p", { class: "stage busy" }, icon("busy"), () => t("writing")));
    let answer;
    try {
      answer = await write(value);
    } catch (problem) {
      swap(outcome);
      return complain(problem);
    }
    if (!answer.written) return swap(outcome, el("p", { class: "stage error" }, icon("error"), () => t("slipRefused")), list(answer.problems));
    swap(outcome,
      el("p", { class: "stage ready" }, icon("ready"), () => t("slipWritten", { number: answer.written })),
      el("p", {}, () => t("headIs"), " ", el("strong", { class: "seal" }, answer.head)));
    swap(acts, closing("close", "main"));
    acts.firstChild.focus();
    done(answer.approval);
  });
  swap(acts, el("button", { type: "submit", class: "main", id: "slip-now" }, () => t(words)), closing("cancel", "button"));
  swap(sheet, el("form", { onsubmit: act }, el("h2", { id: "slip-title" }, () => t(title)), fields, outcome, acts));
  openSheet(sheet);
}

/** @param {Edition} edition @param {Approval} approval @param {Session} session @param {(approval: Approval) => void} done */
function approveSheet(edition, approval, session, done) {
  const day = el("input", { type: "date", id: "slip-date", value: today(), max: today(), min: "1912-01-01", oninput: () => refresh(label) });
  const label = el("span", {}, () => `${t("slipDate")}　${when(day.value)}`);
  const open = approval.open_rounds;
  slipSheet("approveTitle", [
    el("dl", { class: "facts" }, [["agency", edition.agency], ["edition", approval.name], ["title", edition.title]].map(([name, text]) =>
      [el("dt", {}, () => t(name)), el("dd", {}, text)])),
    el("label", { class: "field" }, el("span", {}, () => t("round")),
      el("select", { id: "slip-role" }, open.map((role) => el("option", { value: role }, () =>
        role === approval.next ? role : t("roundAgain", { role }))))),
    nameField(session),
    el("label", { class: "field" }, label, day),
    el("label", { class: "field" }, el("span", {}, () => t("remarkOptional")), el("input", { type: "text", id: "slip-remark", maxlength: "500", autocomplete: "off" })),
    el("p", { class: "muted" }, () => t("signElsewhere"), " ", el("code", {}, `reportgen approve ${edition.edition} --sign KEY.pem`)),
  ], "approveNow", (value) => api.approve(approval.id, {
    role: value("slip-role"), name: value("slip-name"), remark: value("slip-remark"), date: value("slip-date"),
  }), done);
}

/** @param {Approval} approval @param {Session} session @param {number} number @param {(approval: Approval) => void} done */
function withdrawSheet(approval, session, number, done) {
  slipSheet("withdrawTitle", [
    el("p", {}, () => t("withdrawHint", { number })),
    nameField(session),
    el("label", { class: "field" }, el("span", {}, () => t("reason")),
      el("input", { type: "text", id: "slip-remark", maxlength: "500", required: true, autocomplete: "off" })),
  ], "withdraw", (value) => api.withdraw(approval.id, { number, name: value("slip-name"), remark: value("slip-remark") }), done);
}

/** Download what is made first, and say meanwhile that it is; or why it is not. */
const saving = (outcome, words, path, method) => once(async () => {
  swap(outcome, el("p", { class: "stage busy" }, icon("busy"), () => t(words)));
  try {
    await save(path, method);
  } catch (problem) {
    complain(problem);
  } finally {
    swap(outcome);
  }
});

/**
 * The documents with the approvals printed: to download, and to archive as a reprint.
 * @param {Approval} approval @param {Session} session @param {(id: string) => void} renew
 */
function printing(approval, session, renew) {
  const outcome = el("div", { class: "outcome", "aria-live": "polite" });
  const keep = once(async () => {
    swap(outcome, el("p", { class: "stage busy" }, icon("busy"), () => t("archiving")));
    try {
      const answer = await api.depositApproved(approval.id);
      const look = answer.archived ? "ready" : "error";
      const words = answer.archived ? (answer.new ? "archived" : "archivedBefore") : "notArchived";
      swap(outcome, el("p", { class: `stage ${look}` }, icon(look), () => t(words, { edition: answer.archived?.name })),
        answer.head ? el("p", {}, () => t("headIs"), " ", el("strong", { class: "seal" }, answer.head)) : null,
        answer.problems.length ? list(answer.problems) : null,
        answer.new ? el("p", {}, el("button", { type: "button", class: "button", id: `renew-${approval.id}`, onclick: () => renew(answer.archived.id) }, () => t("seeReprint"))) : null);
    } catch (problem) {
      swap(outcome);
      complain(problem);
    }
  });
  return el("div", { class: "stack" },
    el("p", {}, () => t("printApprovedHint")),
    el("p", { class: "acts" },
      el("button", { type: "button", class: "button", id: `print-approved-${approval.id}`, onclick: saving(outcome, "doing-rendering", address.approved(approval.id), "POST") },
        icon("download"), () => t("printApproved")),
      session.may_archive ? el("button", { type: "button", class: "button", id: `archive-approved-${approval.id}`, onclick: keep }, icon("archive"), () => t("archiveApproved")) : null),
    outcome);
}

/**
 * The approvals of an edition, asked for when it is opened; `renew(id)` shows the archive anew.
 * @param {Edition} edition @param {Session} session @param {(id: string) => void} renew
 */
export function approvals(edition, session, renew) {
  const body = el("div", { class: "approval" });
  const outcome = el("div", { class: "outcome", "aria-live": "polite" });

  /** @param {Approval | null} approval @param {import("./api.js").Problem[]} problems */
  const show = (approval, problems = []) => {
    const problemList = problems.length ? list(problems) : null;
    if (!approval) return swap(body, problemList);
    if (approval.id !== edition.id)
      return swap(body, problemList, el("p", {}, () => t("approvedElsewhere"), " ",
        el("button", { type: "button", class: "link", onclick: () => renew(approval.id) }, approval.name)));
    const again = (now) => show(now);
    swap(body, problemList, rounds(approval),
      approval.open_rounds.length && approval.may_approve ? el("p", { class: "acts" },
        el("button", { type: "button", class: approval.next ? "button" : "link", id: `approve-${edition.id}`, onclick: () => approveSheet(edition, approval, session, again) },
          () => (approval.next ? t("approveRound", { round: approval.next }) : t("approveMore")))) : null,
      approval.may_approve ? null : el("p", { class: "muted" }, () => t("mayNotApprove")),
      approval.slips.length ? el("details", { class: "more", open: doubtful(approval) },
        el("summary", {}, () => t("slips", { n: approval.slips.length })),
        el("ul", { class: "slips" }, approval.slips.map((slip) => slipRow(approval, slip, (number) => withdrawSheet(approval, session, number, again)))))
        : null,
      approval.approved.length ? printing(approval, session, renew) : null);
  };

  const load = async () => {
    swap(body, el("p", { class: "stage busy" }, icon("busy"), () => t("loading")));
    try {
      const { approval, problems } = await api.approval(edition.id);
      show(approval, problems);
    } catch (problem) {
      swap(body, el("p", { class: "stage error" }, icon("error"), () => problem.text?.() ?? String(problem)),
        el("p", {}, el("button", { type: "button", class: "button", onclick: once(load) }, () => t("again"))));
    }
  };
  const element = el("div", {},
    el("h4", {}, () => t("approvals")), body,
    el("h4", {}, () => t("restore")),
    el("p", { class: "acts" }, el("button", { type: "button", class: "button", id: `restore-${edition.id}`,
      onclick: saving(outcome, "loading", address.restored(edition.id), "GET") }, icon("download"), () => t("restoreZip"))),
    outcome);
  return { element, load };
}
