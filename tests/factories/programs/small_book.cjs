// Write a book with a small library: node small_book.cjs BOOK.json FILE.xlsx LIBRARY
// LIBRARY: xlsx-populate, excel4node or write-excel-file. What it cannot write is left out.
"use strict";
const fs = require("node:fs");

const [source, target, library] = process.argv.slice(2);
const pages = JSON.parse(fs.readFileSync(source, "utf8")).sheets;
const text = (cell) => ("runs" in cell ? cell.runs.join("") : cell.text);
const day = (cell) => new Date(cell.day + "T00:00:00");

async function populate() {
  const book = await require("xlsx-populate").fromBlankAsync();
  pages.forEach((page, place) => {
    const sheet = place ? book.addSheet(page.name) : book.sheet(0).name(page.name);
    page.rows.forEach((row, r) =>
      row.forEach((cell, c) => {
        if (cell === null) return;
        const made = sheet.cell(r + 1, c + 1);
        if ("day" in cell) made.value(day(cell));
        else made.value("number" in cell ? Number(cell.number) : text(cell));
        if (cell.format) made.style("numberFormat", cell.format);
        if (r + 1 === page.heading) made.style({ bold: true, border: true });
      }),
    );
    for (const area of page.merged) sheet.range(area).merged(true);
    if (page.frozen) sheet.freezePanes(page.frozen[1], page.frozen[0]);
  });
  await book.toFileAsync(target);
}

function excel4node() {
  const book = new (require("excel4node").Workbook)({ dateFormat: "yyyy/m/d" });
  for (const page of pages) {
    const sheet = book.addWorksheet(page.name);
    page.rows.forEach((row, r) =>
      row.forEach((cell, c) => {
        if (cell === null) return;
        const made = sheet.cell(r + 1, c + 1);
        if ("formula" in cell) made.formula(cell.formula);
        else if ("day" in cell) made.date(day(cell));
        else if ("number" in cell) made.number(Number(cell.number));
        else made.string("runs" in cell ? [cell.runs[0], { bold: true }, cell.runs[1]] : cell.text);
        if (cell.format) made.style({ numberFormat: cell.format });
      }),
    );
    if (page.frozen) sheet.row(page.frozen[0]).freeze();
    for (const place of page.hidden_columns) sheet.column(place).hide();
  }
  book.write(target);
}

async function writeExcelFile() {
  const write = require("write-excel-file/node");
  const sheets = pages.map((page) => ({
    sheet: page.name,
    data: page.rows.map((row) =>
      row.map((cell) => {
        if (cell === null) return null;
        if ("day" in cell) return { value: new Date(cell.day + "T00:00:00Z"), type: Date, format: cell.format };
        if ("number" in cell) return { value: Number(cell.number), type: Number, format: cell.format };
        return { value: text(cell), type: String, fontWeight: "bold" };
      }),
    ),
  }));
  await write(sheets).toFile(target);
}

({ "xlsx-populate": populate, excel4node, "write-excel-file": writeExcelFile })[library]();
