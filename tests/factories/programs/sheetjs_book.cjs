// Write a book with SheetJS: node sheetjs_book.cjs BOOK.json FILE [OPTION…]
// The file's ending says what it becomes. shared: a table of strings; packed: compressed;
// dates: days as ISO 8601; arrays: by aoa_to_sheet, as most people do; again: the package is
// read and written once more; newer: the version that its makers publish elsewhere.
"use strict";
const fs = require("node:fs");

const [source, target, ...options] = process.argv.slice(2);
const XLSX = require(options.includes("newer") ? "@e965/xlsx" : "xlsx");
const pages = JSON.parse(fs.readFileSync(source, "utf8")).sheets;
const dated = options.includes("dates");

function made(cell) {
  let found;
  if ("day" in cell) {
    const day = new Date(cell.day + "T00:00:00");
    found = dated
      ? { t: "d", v: day }
      : { t: "n", v: (Date.parse(cell.day + "T00:00:00Z") - Date.UTC(1899, 11, 30)) / 86400000 };
  } else if ("runs" in cell) found = { t: "s", v: cell.runs.join("") };
  else if ("number" in cell) found = { t: "n", v: Number(cell.number) };
  else found = { t: "s", v: cell.text };
  if (cell.format) found.z = cell.format;
  if (cell.formula) found.f = cell.formula;
  return found;
}

let book = XLSX.utils.book_new();
for (const page of pages) {
  const sheet = XLSX.utils.aoa_to_sheet(
    page.rows.map((row) => row.map((cell) => (cell === null ? null : made(cell).v))),
  );
  if (!options.includes("arrays"))
    page.rows.forEach((row, r) =>
      row.forEach((cell, c) => {
        if (cell !== null) sheet[XLSX.utils.encode_cell({ r, c })] = made(cell);
      }),
    );
  sheet["!merges"] = page.merged.map((area) => XLSX.utils.decode_range(area));
  if (page.widths.length) sheet["!cols"] = page.widths.map((wch) => ({ wch }));
  if (page.filter) {
    const area = XLSX.utils.decode_range(sheet["!ref"]);
    area.s.r = page.heading - 1;
    sheet["!autofilter"] = { ref: XLSX.utils.encode_range(area) };
  }
  for (const place of page.hidden_rows) (sheet["!rows"] ??= [])[place - 1] = { hidden: true };
  for (const place of page.hidden_columns) (sheet["!cols"] ??= [])[place - 1] = { hidden: true };
  for (const [place, text] of Object.entries(page.comments))
    if (sheet[place]) XLSX.utils.cell_add_comment(sheet[place], text, "企劃室");
  XLSX.utils.book_append_sheet(book, sheet, page.name);
  if (page.hidden) XLSX.utils.book_set_sheet_visibility(book, page.name, 1);
}
const settings = {
  bookSST: options.includes("shared"),
  compression: options.includes("packed"),
  cellDates: dated,
  cellStyles: true,
};
if (options.includes("again")) book = XLSX.read(XLSX.write(book, { type: "buffer", bookType: "xlsx" }), { cellNF: true });
XLSX.writeFile(book, target, settings);
