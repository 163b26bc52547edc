// Write a book with Apache POI: java PoiBook.java BOOK.json FILE.xlsx [OPTION…]
// stream: SXSSF, strings inline; shared: SXSSF with a table of strings; uncached: formulas without
// results; table: tables of Excel; again: saved, opened and saved once more.
import com.google.gson.*;
import java.io.*;
import java.nio.file.*;
import java.time.LocalDate;
import java.util.*;
import org.apache.poi.ss.SpreadsheetVersion;
import org.apache.poi.ss.usermodel.*;
import org.apache.poi.ss.util.*;
import org.apache.poi.xssf.streaming.*;
import org.apache.poi.xssf.usermodel.*;

public class PoiBook {
    static Set<String> options;
    static Map<String, CellStyle> looks = new HashMap<>();
    static Font bold;

    public static void main(String[] given) throws Exception {
        options = Set.of(Arrays.copyOfRange(given, 2, given.length));
        JsonObject book = JsonParser.parseString(Files.readString(Path.of(given[0]))).getAsJsonObject();
        boolean streamed = options.contains("stream") || options.contains("shared");
        Workbook file = streamed
            ? new SXSSFWorkbook(null, 20, false, options.contains("shared"))
            : new XSSFWorkbook();
        bold = file.createFont();
        bold.setBold(true);
        bold.setFontName("微軟正黑體");
        for (JsonElement page : book.getAsJsonArray("sheets")) write(file, page.getAsJsonObject());
        if (!streamed && !options.contains("uncached"))
            file.getCreationHelper().createFormulaEvaluator().evaluateAll();
        try (OutputStream out = new FileOutputStream(given[1])) { file.write(out); }
        file.close();
        if (options.contains("again")) {
            byte[] content = Files.readAllBytes(Path.of(given[1]));
            try (Workbook again = WorkbookFactory.create(new ByteArrayInputStream(content));
                 OutputStream out = new FileOutputStream(given[1])) {
                again.getSheetAt(0).shiftRows(1, again.getSheetAt(0).getLastRowNum(), 2);
                again.write(out);
            }
        }
    }

    static void write(Workbook file, JsonObject page) {
        Sheet sheet = file.createSheet(page.get("name").getAsString());
        JsonArray rows = page.getAsJsonArray("rows");
        int heading = page.get("heading").getAsInt() - 1, width = 1;
        for (int r = 0; r < rows.size(); r++) {
            Row row = sheet.createRow(r);
            row.setZeroHeight(page.getAsJsonArray("hidden_rows").contains(new JsonPrimitive(r + 1)));
            JsonArray cells = rows.get(r).getAsJsonArray();
            width = Math.max(width, cells.size());
            for (int c = 0; c < cells.size(); c++)
                if (cells.get(c).isJsonObject()) put(file, row.createCell(c), cells.get(c).getAsJsonObject());
        }
        for (JsonElement area : page.getAsJsonArray("merged"))
            sheet.addMergedRegion(CellRangeAddress.valueOf(area.getAsString()));
        int last = rows.size() - 1;
        if (sheet instanceof XSSFSheet plain && options.contains("table") && last > heading) {
            AreaReference area = new AreaReference(
                new CellReference(heading, 0), new CellReference(last, width - 1), SpreadsheetVersion.EXCEL2007);
            plain.createTable(area).getCTTable().addNewAutoFilter().setRef(area.formatAsString());
        } else if (page.get("filter").getAsBoolean() && last > heading) {
            sheet.setAutoFilter(new CellRangeAddress(heading, last, 0, width - 1));
        }
        if (page.get("frozen").isJsonArray()) {
            JsonArray frozen = page.getAsJsonArray("frozen");
            sheet.createFreezePane(frozen.get(1).getAsInt(), frozen.get(0).getAsInt());
        }
        JsonArray widths = page.getAsJsonArray("widths");
        for (int c = 0; c < widths.size(); c++) sheet.setColumnWidth(c, widths.get(c).getAsInt() * 256);
        furnish(file, sheet, page);
    }

    static void furnish(Workbook file, Sheet sheet, JsonObject page) {
        for (JsonElement place : page.getAsJsonArray("hidden_columns"))
            sheet.setColumnHidden(place.getAsInt() - 1, true);
        for (Map.Entry<String, JsonElement> told : page.getAsJsonObject("comments").entrySet()) {
            CellAddress place = new CellAddress(told.getKey());
            CreationHelper helper = file.getCreationHelper();
            Comment comment = sheet.createDrawingPatriarch().createCellComment(helper.createClientAnchor());
            comment.setString(helper.createRichTextString(told.getValue().getAsString()));
            comment.setAddress(place);
        }
        if (page.get("landscape").getAsBoolean()) {
            sheet.getPrintSetup().setLandscape(true);
            sheet.getFooter().setCenter("第 &P 頁");
            int heading = page.get("heading").getAsInt() - 1;
            sheet.setRepeatingRows(new CellRangeAddress(heading, heading, -1, -1));
        }
        if (page.get("hidden").getAsBoolean())
            file.setSheetVisibility(file.getSheetIndex(sheet), SheetVisibility.HIDDEN);
    }

    static void put(Workbook file, Cell cell, JsonObject content) {
        if (content.has("formula")) {
            if (file instanceof SXSSFWorkbook) {
                if (content.has("text")) cell.setCellValue(content.get("text").getAsString());
                else cell.setCellValue(content.get("number").getAsDouble());
            }
            cell.setCellFormula(content.get("formula").getAsString());
        } else if (content.has("runs")) {
            JsonArray runs = content.getAsJsonArray("runs");
            String first = runs.get(0).getAsString();
            RichTextString text = file.getCreationHelper().createRichTextString(first + runs.get(1).getAsString());
            text.applyFont(0, first.length(), bold);
            cell.setCellValue(text);
        } else if (content.has("day")) cell.setCellValue(LocalDate.parse(content.get("day").getAsString()));
        else if (content.has("number")) cell.setCellValue(content.get("number").getAsDouble());
        else cell.setCellValue(content.get("text").getAsString());
        if (content.has("format")) cell.setCellStyle(looks.computeIfAbsent(content.get("format").getAsString(), code -> {
            CellStyle look = file.createCellStyle();
            look.setDataFormat(file.createDataFormat().getFormat(code));
            return look;
        }));
    }
}
