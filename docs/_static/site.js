// The sum of found pages, which Sphinx has not translated.
if (document.documentElement.lang === "zh-TW") {
  Documentation.TRANSLATIONS[
    "Search finished, found one page matching the search query."
  ] = ["找到 ${resultCount} 頁。"];
}

// What scrolls sideways must be reachable by the keyboard.
const scrollers = document.querySelectorAll("pre, .table-wrapper");
const markScrollers = () => {
  for (const element of scrollers) {
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  }
};
new ResizeObserver(markScrollers).observe(document.documentElement);
markScrollers();
