// A download that may be refused: what went wrong is said on the page, not saved as a file.

import { api } from "./api.js";

/** Save what an address answers with, under the name that it gives. */
export async function save(path, method = "GET") {
  const answer = await api.file(method, path);
  const named = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("Content-Disposition") ?? "");
  const source = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  [link.href, link.download] = [source, named ? decodeURIComponent(named[1]) : ""];
  link.click();
  setTimeout(() => URL.revokeObjectURL(source), 60_000);
}
