// The help: what each step does, and the keys.

import { el } from "./dom.js";
import { addWords, t } from "./words.js";

addWords({
  helpLead: [
    "這個頁面讀取填好的 Excel 活頁簿，檢查內容，算出 KPI，並產製文件。您電腦上的原檔只讀取，不會更動。",
    "This page reads a filled-in Excel workbook, checks it, computes the KPIs and makes the documents. The file on your disk is only read.",
  ],
  "help-home": ["選擇或拖入活頁簿。移除的項目十分鐘內可以復原。", "Choose or drop workbooks. What you remove can be taken back for ten minutes."],
  "help-check": [
    "逐項列出問題：在哪一格、是什麼、怎麼改。有錯誤時不會產製；提醒與說明不影響產製。點代碼，網址就指到那個問題。",
    "Each problem with its cell, and what to do. Nothing is made while there are errors; warnings and notices do not hinder. Press a code for the address of that problem.",
  ],
  "help-preview": [
    "文件的每一頁。點數字，看它由哪些儲存格、依什麼公式算出。存檔後有新版本時，不同的地方會標示。",
    "Every page of the documents. Press a figure to see its formula and cells. After a save, what differs is marked.",
  ],
  "help-finish": ["下載 PDF、Word，封存定稿，比較兩個版次，或帶出下一版的活頁簿。", "Download PDF and Word, archive the final edition, compare two, or get the next edition’s workbook."],
  "help-archive": ["查封存過的版次、頁尾代碼，並查驗有沒有損壞。", "Find archived editions and codes at the foot of pages, and verify that nothing is damaged."],
  helpFollowTitle: ["在 Excel 存檔，這裡就會更新", "Save in Excel, see it here"],
  helpFollow: [
    "用 Chrome 或 Edge 選擇或拖入檔案後，頁面開著時就會跟著那個檔案：每次存檔都會重新檢查並更新預覽。重新整理後按「繼續跟著檔案」。其他瀏覽器請在存檔後按「換成改好的檔案」。",
    "In Chrome or Edge, a file that you chose or dropped is followed while the page is open: each save is checked and shown. After a reload press “Follow the file again”. In other browsers press “Replace it by a mended file” after saving.",
  ],
  helpKeys: ["按鍵", "Keys"],
  "key-Tab": ["移到下一個按鈕或連結、按下它", "To the next button or link; press it"],
  "key-Page Up": ["上一頁、下一頁（在文件頁面上）", "Previous and next page (on the document’s pages)"],
  "key-Home": ["第一頁、最後一頁", "First and last page"],
  "key-+": ["放大、縮小", "Zoom in and out"],
  "key-W": ["符合頁寬、符合整頁", "Fit width, fit page"],
  "key-Esc": ["關閉說明欄或對話框", "Close a panel or dialog"],
  "key-Ctrl+Z": ["復原移除（在「選擇活頁簿」）", "Take back what was removed (on “Choose a workbook”)"],
  "key-Ctrl+P": ["列印全部頁面（在預覽）", "Print all pages (in the preview)"],
});

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
