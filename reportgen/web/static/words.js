// The page's own words, in Taiwan's Chinese and in English; what the server says is its own.

const WORDS = {
  brand: ["策略地圖與平衡計分卡", "Strategy map & scorecard"],
  skip: ["跳到主要內容", "Skip to the content"],
  navigation: ["主要選單", "Main"],
  navMake: ["產製", "Make"],
  navArchive: ["封存", "Archive"],
  navHelp: ["說明", "Help"],
  signOut: ["登出", "Sign out"],
  signOutTitle: ["登出並移除項目？", "Sign out and remove the items?"],
  signOutHint: ["登出後，這裡的 {n} 個項目（上傳的活頁簿與做好的文件）會移除；已封存的版次不受影響。要保留的檔案請先下載。",
    ["The item that is here (the workbook and its documents) is removed; archived editions stay. Download first what you want to keep.",
     "The {n} items that are here (workbooks and their documents) are removed; archived editions stay. Download first what you want to keep."]],
  close: ["關閉", "Close"],
  cancel: ["取消", "Cancel"],
  open: ["開啟", "Open"],
  remove: ["移除", "Remove"],
  again: ["再試一次", "Try again"],
  comma: ["、", ", "],
  loading: ["讀取中", "Loading"],
  toStart: ["回到「選擇活頁簿」", "Back to “Choose a workbook”"],
  howMany: ["{n} 個", "{n}"],

  steps: ["步驟", "Steps"],
  "step-home": ["選擇活頁簿", "Choose a workbook"],
  "step-check": ["檢查", "Check"],
  "step-preview": ["預覽", "Preview"],
  "step-finish": ["下載、封存", "Download, archive"],
  "step-parts": ["填報", "Parts"],
  partsDone: ["填報 {done}/{units}", "Parts {done}/{units}"],
  partsDoneAloud: ["填報 {done}/{units}：{units} 個單位中 {done} 個已填妥", "Parts {done}/{units}: {done} of {units} units have filled in all"],
  dropParts: ["放開，就會收回這些填報活頁簿", "Let go to hand in these parts"],

  followed: ["跟著「{name}」：在 Excel 存檔，這裡就會更新。", "Following “{name}”: every save in Excel is shown here."],
  followStop: ["停止跟著", "Stop following"],
  followAsk: ["已停止跟著「{name}」。", "“{name}” is not followed at the moment."],
  followResume: ["繼續跟著檔案", "Follow the file again"],
  followEdited: ["儲存格已在這裡改過，和您電腦上的「{name}」不同，所以不再跟著它。", "Cells were changed here, unlike in “{name}” on your disk, so that it is no longer followed."],
  followMissing: ["找不到「{name}」，可能已移動或改名。", "“{name}” is not there; it may have been moved or renamed."],
  followChoose: ["選擇要跟著的檔案", "Choose the file to follow"],
  notFollowed: ["這裡不知道這個活頁簿在您電腦上的位置，存檔後不會自動更新。", "It is not known where this workbook is on your disk, so saves are not seen here."],
  cannotFollow: [
    "這個瀏覽器不能跟著檔案：改好並存檔後，請按「換成改好的檔案」。",
    "This browser cannot follow a file: press “Replace it by a mended file” after you have saved it. ",
  ],
  whoCanFollow: ["（Chrome、Edge 可以，網址須是 https 或這台電腦。）", "(Chrome and Edge can, at https addresses and on this machine.)"],
  replaceFile: ["換成改好的檔案", "Replace it by a mended file"],
  notPicked: ["沒有取得檔案，請再試一次，或把檔案拖進來。", "The file was not given. Try again, or drop it."],
  changesSince: ["和前一次存檔相比，有 {n} 處不同：", ["{n} place differs from the version before:", "{n} places differ from the version before:"]],
  noChangesSince: ["和前一次存檔相比，文件的文字沒有不同。", "The text of the documents is as in the version before."],
  changedPage: ["{name} 第 {page} 頁", "{name}, page {page}"],
  hideChanges: ["不標示", "Hide the marks"],
  undo: ["復原", "Undo"],
  removedNow: ["已移除「{name}」", "“{name}” was removed"],
  removedTitle: ["已移除，可以復原", "Removed, can be taken back"],
  removedHint: ["十分鐘內可以復原，之後檔案就會刪除。", "They can be taken back for ten minutes; then their files are deleted."],
  restored: ["已復原「{name}」", "“{name}” is back"],

  homeTitle: ["選擇活頁簿", "Choose a workbook"],
  homeLead: [
    "放入填好的 Excel 活頁簿，就會檢查內容，並產製策略地圖、平衡計分卡與執行成果。",
    "Drop a filled-in Excel workbook: it is checked, and the strategy map, the scorecard and the yearly results are made from it.",
  ],
  dropHere: ["把活頁簿拖到這裡", "Drop workbooks here"],
  dropNow: ["放開，就會開始檢查", "Let go to begin the check"],
  dropMended: ["放開，就會再檢查一次", "Let go to check it again"],
  choose: ["選擇檔案", "Choose files"],
  dropHint: [
    "可以一次放入多個 .xlsx 或 .ods 檔案，拖到這個頁面的任何地方都可以。您的原檔只讀取，不會更動。",
    "Several .xlsx or .ods files at once are fine, anywhere on the page. Your own files are only read and never changed.",
  ],
  firstTime: ["第一次使用", "For the first time"],
  firstTimeHint: [
    "下載空白活頁簿，依其中的「填寫說明」填寫，存檔後放進這個頁面。",
    "Download a blank workbook, fill it in as its first sheet says, save it and drop it here.",
  ],
  blank: ["下載空白活頁簿", "Download a blank workbook"],
  yours: ["活頁簿", "Workbooks"],
  noItems: ["還沒有活頁簿。放入後，這裡會列出每一個的進度。", "There is none yet. Each one's progress will be listed here."],
  live: ["即時預覽", "Live preview"],
  comparison: ["修正對照", "Comparison"],

  queued: ["等待送出", "Waiting to be sent"],
  sending: ["送出中", "Sending"],
  waiting: ["等待處理", "Waiting"],
  waitingBehind: ["等待處理，前面還有 {n} 個", "Waiting behind {n}"],
  checking: ["檢查中", "Checking"],
  "doing-checking": ["檢查內容", "Check the contents"],
  "doing-rendering": ["產製文件", "Make the documents"],
  rendering: ["產製中", "Making the documents"],
  ready: ["完成", "Done"],
  readyWith: ["完成，有 {problems}", "Done, with {problems}"],
  refused: ["有錯誤，未產製", "Has errors, nothing was made"],
  refusedWith: ["未產製：{problems}", "Nothing was made: {problems}"],
  failed: ["未能完成", "Not finished"],
  tooBig: ["「{name}」太大，上限是 {limit}。", "“{name}” is too large; the limit is {limit}."],
  unreadable: [
    "無法讀取「{name}」。若正由 Excel 開啟或剛存過檔，請關閉後再試一次。",
    "“{name}” cannot be read. If Excel has it open or has just saved it, close it and try again.",
  ],
  folder: ["「{name}」是資料夾。請放入其中的活頁簿檔案。", "“{name}” is a folder. Drop the workbooks in it instead."],

  error: ["錯誤", "Error"],
  warning: ["提醒", "Warning"],
  notice: ["說明", "Notice"],
  errorCount: ["{n} 個錯誤", ["{n} error", "{n} errors"]],
  warningCount: ["{n} 個提醒", ["{n} warning", "{n} warnings"]],
  noticeCount: ["{n} 個說明", ["{n} notice", "{n} notices"]],
  noProblems: ["沒有問題", "no problems"],
  checkTitle: ["檢查結果", "What was found"],
  problemsTitle: ["逐項說明", "One by one"],
  noErrors: ["沒有錯誤，文件已產製", "There are no errors; the documents are made"],
  noErrorsHint: ["另有 {problems}，請看一眼是否需要處理。", "There are also {problems}; see whether anything is to be done."],
  nothingWrong: ["沒有問題，文件已產製", "Nothing is wrong; the documents are made"],
  nothingWrongHint: ["請看預覽，再下載。", "Look at the preview, then download."],
  toPreview: ["看預覽", "See the preview"],
  refusedTitle: ["有 {n} 個錯誤，改好才會產製", ["There is {n} error; nothing is made before it is mended", "There are {n} errors; nothing is made before they are mended"]],
  failedTitle: ["未能完成", "This could not be finished"],
  mendHint: [
    "請在 Excel 依下列說明修改並存檔，再把活頁簿放進來。",
    "Mend it in Excel as is said below, save it, and drop it again.",
  ],
  mended: ["改好了，再檢查一次", "Mended: check again"],
  mendLive: ["修改並存檔後，這裡會自動更新。", "Mend and save it; this page follows by itself."],
  mendComparison: ["請先排除下列問題，再比較一次。", "Mend what is listed below, then compare again."],
  filter: ["篩選", "Filter"],
  severity: ["種類", "Kind"],
  sheet: ["工作表", "Sheet"],
  allSheets: ["全部工作表", "All sheets"],
  searchText: ["搜尋文字、儲存格或代碼", "Search text, cell or code"],
  sheetNamed: ["工作表「{name}」", "Sheet “{name}”"],
  wholeSheet: ["整張", "Whole sheet"],
  wholeWorkbook: ["整個活頁簿", "The workbook as a whole"],
  line: ["第 {n} 行", "Line {n}"],
  linkHere: ["這個問題的網址", "The address of this problem"],
  shownOf: ["列出 {n} 個，共 {all} 個", "{n} of {all} shown"],
  clearFilter: ["清除篩選", "Clear the filter"],
  excerptOf: ["{file} 第 {line} 行附近", "{file} around line {line}"],
  markedHint: [
    "也可以下載標示問題的複本：有問題的儲存格已上色並加註解，點清單就跳到那一格；改這份複本再放進來也行。",
    "Or download a copy in which the cells are coloured and commented and a list leads to each; you can mend that copy and drop it instead.",
  ],
  marked: ["下載標示問題的複本", "Download the marked copy"],

  documents: ["文件", "Documents"],
  previewOf: ["預覽：{name}", "Preview: {name}"],
  tools: ["預覽工具", "Preview tools"],
  pageNumber: ["頁碼", "Page number"],
  updated: ["預覽已更新", "The preview is up to date"],
  stale: ["目前顯示的是修改前的頁面，請先修正：", "These are the pages of before. Mend this first:"],
  allProblems: ["看全部 {n} 個問題", "See all {n} problems"],
  unsealed: ["這是即時預覽，頁尾標示「預覽」；存檔後會自動更新。", "This is a live preview, marked 預覽 at the foot; it follows every save."],

  figuresTab: ["數值的算法", "Figures"],
  figures: ["各 KPI 歷年的數值", "The figures of each KPI"],
  year: ["{year}年", "ROC {year}"],
  unit: ["單位", "Unit"],
  missing: ["尚缺的數值", "Missing figures"],
  item: ["資料項", "Figure"],

  finishTitle: ["下載、封存", "Download, archive"],
  files: ["下載檔案", "Files"],
  filesSoon: ["產製中，完成後可以下載。", "They are being made and can be downloaded then."],

  compareTitle: ["比較兩個版次", "Compare two editions"],
  compareHint: [
    "產製修正對照表（PDF、Word），以及追蹤修訂的 Word。",
    "Makes the table of changes (修正對照表, PDF and Word) and the scorecard in Word with tracked changes.",
  ],
  compareNeeds: [
    "需要兩個版次：請把另一個版次的活頁簿也放進這個頁面，或與封存的版次比較。",
    "Two editions are needed: drop the workbook of the other one here, too, or archive it.",
  ],
  compareSame: ["請選擇兩個不同的活頁簿。", "Choose two different workbooks."],
  compare: ["比較", "Compare"],
  older: ["現行版（舊）", "Older edition"],
  newer: ["修正版（新）", "Newer edition"],

  archiving: ["封存中，請稍候", "Archiving; please wait"],
  archived: ["已封存 {edition}", "{edition} is archived"],
  archivedBefore: ["{edition} 先前已經封存，內容相同", "{edition} was archived before, with the same contents"],
  notArchived: ["沒有封存", "Nothing was archived"],
  headIs: ["封存碼（請抄在公文或會議紀錄上）：", "Code of the archive, to be noted elsewhere:"],
  editions: ["封存的版次", "Archived editions"],
  agency: ["機關", "Agency"],
  title: ["文件", "Document"],
  edition: ["版次", "Edition"],
  status: ["資料狀態", "State"],
  workbook: ["活頁簿", "Workbook"],
  seals: ["頁尾代碼", "Code at the foot"],

  yourName: ["姓名", "Name"],
  remarkCount: ["意見 {n} 則", ["{n} remark", "{n} remarks"]],

  disconnected: ["連線中斷，重新連線中…", "The connection is lost; trying again…"],
  connected: ["已重新連線", "Connected again"],
  outdated: ["程式已更新：填到一半的請先送出，再重新整理。", "The program was updated: send what you have begun, then reload."],
  reload: ["重新整理", "Reload"],
  closedTitle: ["這個頁面不能再用了", "This page can no longer be used"],
  gone: ["這個項目已經移除", "This was removed"],
  http0: ["連不上程式。請確認 reportgen serve 還在執行，再試一次。", "The program does not answer. See that reportgen serve is still running, and try again."],
  http401: ["請重新整理頁面並登入。", "Reload the page and sign in."],
  http403: [
    "請回到執行 reportgen serve 的視窗，開啟其中顯示的連結。",
    "Go to the window in which reportgen serve runs and open the link that it shows.",
  ],
  http404: ["找不到，可能已經移除。", "It is not there; it may have been removed."],
  http413: ["檔案太大，無法處理。", "The file is too large."],
  http429: ["一次太多了，請稍候再試。", "That is too much at once; try again in a moment."],
  http503: ["程式正忙，請稍候再試。", "The program is busy; try again in a moment."],
  httpOther: ["程式發生問題（{status}），請再試一次。", "Something went wrong ({status}); try again."],
};

const initial = document.documentElement.lang.startsWith("en") ? "en" : "zh-TW";
let now = initial;
try {
  now = localStorage.getItem("language") ?? initial;
} catch {
  // a browser that keeps nothing
}

/** Add the words of a view that is loaded later; none may have the key of another. */
export function addWords(words) {
  for (const key of Object.keys(words)) if (key in WORDS) throw new Error(key);
  Object.assign(WORDS, words);
}

/** "zh-TW" or "en". */
export const language = () => now;

export function setLanguage(chosen) {
  now = chosen;
  try {
    localStorage.setItem("language", chosen);
  } catch {
    // it holds until the page is closed
  }
}

/** The words for a key, with values put in; a number `n` of one has its own English. */
export function t(key, values = {}) {
  const entry = WORDS[key];
  const text = now === "en" ? entry[1] : entry[0];
  const form = Array.isArray(text) ? text[values.n === 1 ? 0 : 1] : text;
  return form.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
