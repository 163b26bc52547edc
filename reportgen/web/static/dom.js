// Elements, and the words in them. A text or an attribute that is given as a function is
// asked again whenever the language changes, so that everything on the page changes at once.

const told = new WeakMap(); // element → functions that say its words again
const SVG = "http://www.w3.org/2000/svg";

function say(element, put) {
  put();
  if (!told.has(element)) told.set(element, []);
  told.get(element).push(put);
}

function set(element, name, value) {
  if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : value);
}

/** An element: el("button", {class: "main", onclick: act}, () => t("save")). */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (typeof value === "function") say(element, () => set(element, name, value()));
    else set(element, name, value);
  }
  add(element, children);
  return element;
}

export function add(element, children) {
  for (const child of [children].flat(9)) {
    if (child === null || child === undefined || child === false) continue;
    if (typeof child === "function") {
      const text = document.createTextNode("");
      say(element, () => (text.data = child()));
      element.append(text);
    } else element.append(child);
  }
}

/** Say all words anew, in the language of now. */
export function sayAgain() {
  for (const element of document.querySelectorAll("*")) told.get(element)?.forEach((put) => put());
}

/** Say the words of one element anew, for what they tell of has changed. */
export const refresh = (element) => told.get(element)?.forEach((put) => put());

/** Exchange the content; the focus goes to what has the same id as what had it before. */
export function swap(parent, ...children) {
  const focused = parent.contains(document.activeElement) ? document.activeElement.id : "";
  parent.replaceChildren();
  add(parent, children);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

const DRAWN = {
  error: "M7.5 2h9L22 7.5v9L16.5 22h-9L2 16.5v-9zM8 8l8 8m0-8-8 8",
  warning: "M12 3 22 21H2zM12 9.5v5.5m0 2v1.5",
  notice: "M12 2a10 10 0 1 0 .01 0zM12 11v6m0-10.5v1.5",
  ready: "M12 2a10 10 0 1 0 .01 0zM7 12.5l3.5 3.5L17 9",
  busy: "M12 2a10 10 0 1 0 .01 0zM12 6.5V12l4 2.5",
  download: "M12 3v12m-5-5 5 5 5-5M4 20h16",
  drop: "M12 16V4M7 9l5-5 5 5M4 15v5h16v-5",
  close: "M5 5l14 14M19 5 5 19",
  print: "M7 9V3h10v6M7 18H3V9h18v9h-4M7 14h10v7H7z",
  calc: "M5 2h14v20H5zM8 6h8v3H8zM8 13h.5m3 0h.5m3 0h.5M8 17h.5m3 0h.5m3 0h.5",
  compare: "M3 4h8v16H3zM13 4h8v16h-8zM6 9h2m8 0h2M6 13h2m8 0h2",
  send: "M21 3 10 14M21 3l-7 18-4-7-7-4z",
  archive: "M3 4h18v5H3zM5 9v11h14V9M9.5 13h5",
};

/** A drawing that says nothing by itself: words stand beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of [["viewBox", "0 0 24 24"], ["class", `icon icon-${name}`], ["aria-hidden", "true"]])
    svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", DRAWN[name]);
  svg.append(path);
  return svg;
}

/** What is pressed twice is done once: the button rests until the work is over. */
export function once(act) {
  let running = false;
  return async (event) => {
    event?.preventDefault();
    if (running) return;
    running = true;
    const button = event?.currentTarget;
    button?.setAttribute("aria-disabled", "true");
    try {
      await act(event);
    } finally {
      running = false;
      button?.removeAttribute("aria-disabled");
    }
  };
}
