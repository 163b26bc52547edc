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
    "這個瀏覽器不能跟著檔案：改好並存檔後，請按「換成改好的檔案」。（Chrome、Edge 可以，網址須是 https 或這台電腦。）",
    "This browser cannot follow a file: press “Replace it by a mended file” after you have saved it. (Chrome and Edge can, at https addresses and on this machine.)",
  ],
  replaceFile: ["換成改好的檔案", "Replace it by a mended file"],
  notPicked: ["沒有取得檔案，請再試一次，或把檔案拖進來。", "The file was not given. Try again, or drop it."],
  changesSince: ["和前一次存檔相比，有 {n} 處不同：", ["{n} place differs from the version before:", "{n} places differ from the version before:"]],
  noChangesSince: ["和前一次存檔相比，文件的文字沒有不同。", "The text of the documents is as in the version before."],
  changedPage: ["{name} 第 {page} 頁", "{name}, page {page}"],
  hasChanges: ["，有不同", ", with changes"],
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
  mendHere: ["在這裡改這一格", "Set this cell here"],
  newValue: ["{place} 的新內容", "New content of {place}"],
  setCell: ["改這一格，再檢查", "Set it and check again"],
  setCellHint: [
    "改的是這個頁面上的複本，您電腦上的原檔不會更動；改好後請下載修正過的複本。",
    "It is set in the copy on this page; the file on your disk stays as it is. Download the corrected copy afterwards.",
  ],
  cellSet: ["已改 {place}，重新檢查中", "{place} is set; checking again"],
  edited: ["在這裡改了 {n} 格（{cells}）。", ["{n} cell was set here ({cells}). ", "{n} cells were set here ({cells}). "]],
  mergedHere: ["填報在這裡併入了 {n} 次。", ["Parts were merged here {n} time. ", "Parts were merged here {n} times. "]],
  onDisk: ["您電腦上的原檔沒有更動。", "The file on your disk is as it was."],
  corrected: ["下載修正過的複本", "Download the corrected copy"],
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
  pages: ["文件頁面。方向鍵捲動，PageUp、PageDown 換頁，加減號縮放", "The document's pages. Arrow keys scroll, PageUp and PageDown turn pages, plus and minus zoom"],
  thumbnails: ["頁面縮圖", "Page thumbnails"],
  pageOf: ["第 {n} 頁，共 {all} 頁", "Page {n} of {all}"],
  pageNumber: ["頁碼", "Page number"],
  ofPages: ["／ {all} 頁", "of {all}"],
  pageBefore: ["上一頁", "Previous page"],
  pageAfter: ["下一頁", "Next page"],
  zoom: ["縮放", "Zoom"],
  zoomIn: ["放大", "Zoom in"],
  zoomOut: ["縮小", "Zoom out"],
  fitWidth: ["符合頁寬", "Fit width"],
  fitPage: ["符合整頁", "Fit page"],
  print: ["列印", "Print"],
  printing: ["準備列印", "Getting the pages ready to print"],
  printHint: ["列印這份文件的頁面", "Print the pages of this document"],
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
  filesLive: [
    "活頁簿與範本不再更動時，就會產製檔案，完成後可以下載。",
    "The files are made as soon as workbook and templates rest, and can be downloaded then.",
  ],
  filesNone: ["沒有檔案可以下載。", "There are no files to download."],
  allZip: ["全部下載（zip）", "Download all (zip)"],
  makeOdt: ["另做 ODT 檔", "Make ODT files, too"],
  odtMade: ["ODT 檔已做好，列在上面", "The ODT files are made; they are listed above"],
  "format-pdf": ["送件、列印、存檔", "To hand in, print and keep"],
  "format-docx": ["可以再編輯", "Can be edited"],
  "format-odt": ["開放文件格式", "Open document format"],
  "format-xlsx": ["可以再計算", "Can be calculated with"],
  "format-json": ["供其他程式讀取", "For other programs"],
  "format-html": ["網頁", "Web page"],
  nextTitle: ["下一版的活頁簿", "The next edition's workbook"],
  nextHint: [
    "由這一版帶出：定義、歷年數字、目標值與圖片都保留，加上新年度的欄，資料狀態改為「草稿」。",
    "Prefilled from this one: definitions, earlier years, targets and pictures stay, the new year is added, and it begins as a draft (草稿).",
  ],
  next: ["下載下一版的活頁簿", "Download the next workbook"],

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

  archiveThis: ["封存這個版次", "Archive this edition"],
  archiveThisHint: [
    "定稿印出後，把活頁簿、範本、PDF、Word 與產製環境一起存進封存資料夾，之後不會再變。",
    "Once it is printed: workbook, templates, PDF, Word and a record of the machine are kept together and never change again.",
  ],
  archiveAdd: ["加入封存…", "Add to the archive…"],
  toArchive: ["看封存的版次", "See the archive"],
  depositTitle: ["要封存這個版次嗎？", "Archive this edition?"],
  depositHint: [
    "封存後不會再變。內容有修正時，請改用新的修表日期，另成一版。",
    "It never changes after that. A correction needs a new revision date and is an edition of its own.",
  ],
  mayNotArchive: ["您不在可以封存的名單上。", "You are not among those who may archive."],
  reprint: ["這是同一版次的再次列印", "This is a reprint of an edition that is archived"],
  archiveNow: ["封存", "Archive"],
  archiving: ["封存中，請稍候", "Archiving; please wait"],
  archived: ["已封存 {edition}", "{edition} is archived"],
  archivedBefore: ["{edition} 先前已經封存，內容相同", "{edition} was archived before, with the same contents"],
  notArchived: ["沒有封存", "Nothing was archived"],
  headIs: ["封存碼（請抄在公文或會議紀錄上）：", "Code of the archive, to be noted elsewhere:"],
  revised: ["修表日期", "Revision date"],
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
