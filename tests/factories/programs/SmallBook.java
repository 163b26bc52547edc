// Write a book with docx4j's xlsx4j or with fastexcel: java SmallBook.java BOOK.json FILE.xlsx LIBRARY
// LIBRARY: docx4j (strings inline), fastexcel; again: docx4j opens and saves another's workbook.
// What a library is not asked for is left out.
import com.google.gson.*;
import java.io.*;
import java.nio.file.*;
import java.time.LocalDate;
import org.docx4j.openpackaging.packages.SpreadsheetMLPackage;
import org.docx4j.openpackaging.parts.PartName;
import org.docx4j.openpackaging.parts.SpreadsheetML.WorksheetPart;
import org.xlsx4j.jaxb.Context;
import org.xlsx4j.sml.*;

public class SmallBook {
    public static void main(String[] given) throws Exception {
        if (given[2].equals("again")) {
            SpreadsheetMLPackage.load(new File(given[0])).save(new File(given[1]));
            return;
        }
        JsonObject book = JsonParser.parseString(Files.readString(Path.of(given[0]))).getAsJsonObject();
        JsonArray pages = book.getAsJsonArray("sheets");
        if (given[2].equals("docx4j")) docx4j(pages, new File(given[1]));
        else fastexcel(pages, new File(given[1]));
    }

    static String text(JsonObject cell) {
        if (!cell.has("runs")) return cell.get("text").getAsString();
        return cell.getAsJsonArray("runs").get(0).getAsString() + cell.getAsJsonArray("runs").get(1).getAsString();
    }

    static void docx4j(JsonArray pages, File target) throws Exception {
        SpreadsheetMLPackage book = SpreadsheetMLPackage.createPackage();
        ObjectFactory made = Context.getsmlObjectFactory();
        for (int p = 0; p < pages.size(); p++) {
            JsonObject page = pages.get(p).getAsJsonObject();
            String part = "/xl/worksheets/sheet" + (p + 1) + ".xml";
            WorksheetPart sheet = book.createWorksheetPart(new PartName(part), page.get("name").getAsString(), p + 1);
            SheetData data = sheet.getContents().getSheetData();
            for (JsonElement line : page.getAsJsonArray("rows")) {
                Row row = made.createRow();  // neither rows nor cells tell their places
                data.getRow().add(row);
                for (JsonElement each : line.getAsJsonArray()) {
                    Cell cell = made.createCell();
                    row.getC().add(cell);
                    if (!each.isJsonObject()) continue;
                    JsonObject content = each.getAsJsonObject();
                    if (content.has("formula")) {
                        CTCellFormula formula = made.createCTCellFormula();
                        formula.setValue(content.get("formula").getAsString());
                        cell.setF(formula);
                    }
                    if (content.has("number")) {
                        cell.setV(content.get("number").getAsString());
                    } else if (content.has("formula")) {
                        cell.setT(STCellType.STR);
                        cell.setV(content.get("text").getAsString());
                    } else {
                        CTXstringWhitespace words = made.createCTXstringWhitespace();
                        words.setValue(text(content));
                        CTRst inline = made.createCTRst();
                        inline.setT(words);
                        cell.setT(STCellType.INLINE_STR);
                        cell.setIs(inline);
                    }
                }
            }
        }
        book.save(target);
    }

    static void fastexcel(JsonArray pages, File target) throws Exception {
        try (OutputStream out = new FileOutputStream(target);
             org.dhatim.fastexcel.Workbook book = new org.dhatim.fastexcel.Workbook(out, "Reports", "1.0")) {
            for (JsonElement element : pages) {
                JsonObject page = element.getAsJsonObject();
                org.dhatim.fastexcel.Worksheet sheet = book.newWorksheet(page.get("name").getAsString());
                JsonArray rows = page.getAsJsonArray("rows");
                for (int r = 0; r < rows.size(); r++) {
                    JsonArray cells = rows.get(r).getAsJsonArray();
                    for (int c = 0; c < cells.size(); c++) {
                        if (!cells.get(c).isJsonObject()) continue;
                        JsonObject cell = cells.get(c).getAsJsonObject();
                        if (cell.has("day")) sheet.value(r, c, LocalDate.parse(cell.get("day").getAsString()));
                        else if (cell.has("number")) sheet.value(r, c, cell.get("number").getAsBigDecimal());
                        else sheet.value(r, c, text(cell));
                        if (!cell.has("format")) continue;
                        String code = cell.get("format").getAsString().replace("\"-\"", "\\-");  // " is not escaped
                        sheet.style(r, c).format(code).set();
                    }
                }
                for (JsonElement place : page.getAsJsonArray("hidden_rows")) sheet.hideRow(place.getAsInt() - 1);
                if (page.get("frozen").isJsonArray()) {
                    JsonArray frozen = page.getAsJsonArray("frozen");
                    sheet.freezePane(frozen.get(1).getAsInt(), frozen.get(0).getAsInt());
                }
            }
        }
    }
}
