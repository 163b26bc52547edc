// The address: #/item/<id>/<step>?document=…&page=…, so that a reload, the back key and a link
// give the same place.

/** The parts of the path, and what follows the question mark. */
export function place() {
  const [path, search = ""] = location.hash.split("?");
  return { path: path.split("/").slice(1), query: new URLSearchParams(search) };
}

/** The address with some values changed; null, "" and what is false take one away. */
function changed(changes) {
  const { path, query } = place();
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "" || value === false) query.delete(name);
    else query.set(name, String(value));
  }
  const search = query.toString();
  return `#/${path.join("/")}${search ? `?${search}` : ""}`;
}

/** Note where one is, without a new step for the back key. */
export function keep(changes) {
  const now = changed(changes);
  if (now !== location.hash && (now !== "#/" || location.hash)) history.replaceState(history.state, "", now);
}

/** Go somewhere else on the same view; the back key comes back. */
export function push(changes) {
  location.hash = changed(changes);
}
