// Pictures of pages: a few are fetched at a time, the nearest first, and the old one stays
// until the new one is there.

import { api } from "./api.js";

const AT_ONCE = 3;
let waiting = [];
let running = 0;

function next() {
  if (running >= AT_ONCE || !waiting.length) return;
  waiting.sort((a, b) => a.distance() - b.distance());
  const picture = waiting.shift();
  running += 1;
  picture.load().finally(() => {
    running -= 1;
    next();
  });
  next();
}

/** Whether no picture is on its way. */
export const isIdle = () => !running && !waiting.length;

/** One frame on the page, and the picture that is wanted in it. */
export class Picture {
  constructor(frame, distance) {
    this.frame = frame;
    this.distance = distance;
    this.failures = 0;
    /** @type {string | null} */
    this.wanted = null;
    /** @type {string | null} */
    this.shown = null;
  }

  /** Show what is at this address, as soon as it can be had. */
  want(address) {
    if (address === this.wanted) return;
    this.cancel();
    if (address === this.shown) return;
    [this.wanted, this.failures] = [address, 0];
    this.settled = new Promise((done) => (this.settle = done));
    this.enqueue();
  }

  enqueue() {
    this.frame.setAttribute("aria-busy", "true");
    waiting.push(this);
    setTimeout(next); // when all that is wanted now is known
  }

  /** Want nothing more; what is shown stays. */
  cancel() {
    waiting = waiting.filter((each) => each !== this);
    clearTimeout(this.again);
    this.fetching?.abort();
    this.wanted = null;
    this.frame.removeAttribute("aria-busy");
    this.settle?.();
  }

  /** Let the picture go, for it is far away. */
  empty() {
    this.cancel();
    this.frame.replaceChildren();
    this.shown = null;
  }

  async load() {
    const address = this.wanted;
    const fetching = (this.fetching = new AbortController());
    try {
      const image = new Image();
      const source = URL.createObjectURL(await api.picture(address, fetching.signal));
      image.alt = "";
      image.draggable = false;
      image.src = source;
      await image.decode();
      URL.revokeObjectURL(source);
      if (this.wanted !== address) return;
      this.frame.replaceChildren(image);
      this.shown = address;
      this.cancel();
    } catch (problem) {
      if (fetching.signal.aborted || this.wanted !== address) return;
      this.failures += 1;
      if ([401, 403, 404].includes(problem.status) || this.failures > 8) return this.cancel();
      this.again = setTimeout(() => this.enqueue(), Math.min(400 * 2 ** this.failures, 10000));
    }
  }
}
