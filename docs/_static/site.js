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

// Pages that name everything come after those that explain it.
if (typeof Scorer !== "undefined") {
  Scorer.score = ([page, , anchor, , score]) =>
    anchor || !/problems$|commands$|changelog$/.test(page) ? score : score - 4;
}

// A page that was found opens at the words that were looked for, not at its head.
document.getElementById("search-results")?.addEventListener("click", () => {
  const query = new URLSearchParams(location.search).get("q");
  localStorage.setItem("sphinx_highlight_terms", query.toLowerCase());
});
addEventListener("load", () => {
  setTimeout(() => {
    if (!location.hash) document.querySelector("article .highlighted")?.scrollIntoView();
  }, 100); // Sphinx marks the words 10 ms after the page is there
});

// A picture is opened in its full size by a click.
for (const picture of document.querySelectorAll("article img")) {
  const link = document.createElement("a");
  link.href = picture.src;
  picture.replaceWith(link);
  link.append(picture);
}
