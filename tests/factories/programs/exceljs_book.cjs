// Write a book with ExcelJS: node exceljs_book.cjs BOOK.json FILE.xlsx [OPTION…]
// stream: row by row; inline: without shared strings; 1904; table: tables of Excel; named: a name.
"use strict";
const fs = require("node:fs");
const ExcelJS = require("exceljs");

const [source, target, ...options] = process.argv.slice(2);
const pages = JSON.parse(fs.readFileSync(source, "utf8")).sheets;
const streamed = options.includes("stream");

function value(cell) {
  if (cell === null) return null;
  if ("formula" in cell) return { formula: cell.formula, result: "text" in cell ? cell.text : Number(cell.number) };
  if ("runs" in cell) return { richText: [{ text: cell.runs[0] }, { font: { bold: true }, text: cell.runs[1] }] };
  if ("day" in cell) return new Date(cell.day + "T00:00:00Z");
  return "number" in cell ? Number(cell.number) : cell.text;
}

function furnish(sheet, page) {
  for (const area of page.merged) sheet.mergeCells(area);
  const last = page.rows.length;
  const width = Math.max(1, ...page.rows.map((row) => row.length));
  if (page.frozen) sheet.views = [{ state: "frozen", ySplit: page.frozen[0], xSplit: page.frozen[1] }];
  if (page.filter) sheet.autoFilter = { from: { row: page.heading, column: 1 }, to: { row: last, column: width } };
  for (const [place, text] of Object.entries(page.comments)) sheet.getCell(place).note = text;
  for (const place of page.hidden_rows) sheet.getRow(place).hidden = true;
  for (const place of page.hidden_columns) sheet.getColumn(place).hidden = true;
  if (page.hidden) sheet.state = "veryHidden";
  if (page.landscape) sheet.pageSetup = { orientation: "landscape", paperSize: 9, fitToPage: true };
}

async function main() {
  const book = streamed
    ? new ExcelJS.stream.xlsx.WorkbookWriter({
        filename: target,
        useStyles: !options.includes("inline"),
        useSharedStrings: !options.includes("inline"),
      })
    : new ExcelJS.Workbook();
  if (options.includes("1904")) book.properties.date1904 = true;
  for (const page of pages) {
    const sheet = book.addWorksheet(page.name);
    if (options.includes("table") && page.rows.length) {
      const [heading, ...rows] = page.rows;
      sheet.addTable({
        name: "T" + book.worksheets.length,
        ref: "A1",
        columns: heading.map((cell) => ({ name: String(value(cell)), filterButton: true })),
        rows: rows.map((row) => heading.map((_, place) => value(row[place] ?? null))),
      });
      continue;
    }
    page.widths.forEach((width, place) => (sheet.getColumn(place + 1).width = width));
    page.rows.forEach((row, number) => {
      const line = sheet.getRow(number + 1);
      row.forEach((cell, column) => {
        if (cell === null) return;
        const made = line.getCell(column + 1);
        made.value = value(cell);
        if (cell.format) made.numFmt = cell.format;
        if (number + 1 === page.heading) made.font = { bold: true, name: "標楷體" };
      });
      if (streamed) line.commit();
    });
    if (streamed) sheet.commit();
    else furnish(sheet, page);
  }
  if (streamed) await book.commit();
  else await book.xlsx.writeFile(target);
}

main();
