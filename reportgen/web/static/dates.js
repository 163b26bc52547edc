// Days and times as people here write them.

import { language } from "./words.js";

/** Today in local time, as 2026-11-23. */
export const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);

/** "2026-11-23T05:13:27Z" as 民國115年11月23日 下午1:13; what is no time stays as it is. */
export function when(text) {
  const date = new Date(text);
  if (!text || Number.isNaN(date.getTime())) return text;
  const locale = language() === "en" ? "en-GB-u-ca-gregory" : "zh-TW-u-ca-roc";
  /** @type {Intl.DateTimeFormatOptions} */
  const clock = text.includes("T") ? { timeStyle: "short", hourCycle: "h23" } : { timeZone: "UTC" };
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", ...clock }).format(date);
}
