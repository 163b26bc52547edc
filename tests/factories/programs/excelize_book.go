// Write a book with excelize or tealeg/xlsx: go run excelize_book.go BOOK.json FILE.xlsx [OPTION…]
// stream: excelize row by row; 1904: days from 1904; uncached: formulas without results;
// table: tables of Excel; again: saved, opened and saved once more; tealeg: the other library.
package main

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/tealeg/xlsx/v3"
	"github.com/xuri/excelize/v2"
)

type cell struct {
	Text, Number, Day, Formula, Format *string
	Runs                               []string
}

type page struct {
	Name          string
	Rows          [][]*cell
	Widths        []float64
	Heading       int
	Frozen        []int
	Filter        bool
	Merged        []string
	Comments      map[string]string
	Hidden        bool
	HiddenRows    []int `json:"hidden_rows"`
	HiddenColumns []int `json:"hidden_columns"`
	Landscape     bool
}

var options []string

func has(option string) bool { return slices.Contains(options, option) }

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func (c *cell) value() any {
	switch {
	case c.Day != nil:
		day, err := time.Parse("2006-01-02", *c.Day)
		check(err)
		return day
	case c.Number != nil:
		number, err := strconv.ParseFloat(*c.Number, 64)
		check(err)
		return number
	case c.Runs != nil:
		return c.Runs[0] + c.Runs[1]
	}
	return *c.Text
}

func main() {
	content, err := os.ReadFile(os.Args[1])
	check(err)
	options = os.Args[3:]
	var book struct{ Sheets []page }
	check(json.Unmarshal(content, &book))
	if has("tealeg") {
		byTealeg(book.Sheets, os.Args[2])
	} else {
		byExcelize(book.Sheets, os.Args[2])
	}
}

func byExcelize(pages []page, target string) {
	file := excelize.NewFile()
	if has("1904") {
		yes := true
		check(file.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
	}
	for place, page := range pages {
		if place == 0 {
			check(file.SetSheetName("Sheet1", page.Name))
		} else {
			_, err := file.NewSheet(page.Name)
			check(err)
		}
		if has("stream") {
			stream(file, page)
			continue
		}
		write(file, page)
	}
	check(file.SaveAs(target))
	if has("again") {
		again, err := excelize.OpenFile(target)
		check(err)
		check(again.SetCellValue(pages[0].Name, "H60", "再存一次"))
		check(again.RemoveRow(pages[0].Name, 60))
		check(again.Save())
	}
}

func look(file *excelize.File, cell *cell) int {
	if cell.Format == nil {
		return 0
	}
	style, err := file.NewStyle(&excelize.Style{CustomNumFmt: cell.Format})
	check(err)
	return style
}

func stream(file *excelize.File, page page) {
	writer, err := file.NewStreamWriter(page.Name)
	check(err)
	for r, row := range page.Rows {
		values := make([]any, len(row))
		for c, cell := range row {
			if cell != nil {
				values[c] = excelize.Cell{StyleID: look(file, cell), Value: cell.value()}
			}
		}
		place, _ := excelize.CoordinatesToCellName(1, r+1)
		check(writer.SetRow(place, values))
	}
	check(writer.Flush())
}

func write(file *excelize.File, page page) {
	width := 1
	for r, row := range page.Rows {
		width = max(width, len(row))
		for c, cell := range row {
			if cell == nil {
				continue
			}
			place, _ := excelize.CoordinatesToCellName(c+1, r+1)
			if cell.Formula != nil && cell.Text != nil && !has("uncached") {
				cell.Formula = nil // its result would be the number of a shared string
			}
			if cell.Formula == nil || !has("uncached") {
				check(file.SetCellValue(page.Name, place, cell.value()))
			}
			if cell.Formula != nil {
				check(file.SetCellFormula(page.Name, place, *cell.Formula))
			}
			if cell.Runs != nil {
				check(file.SetCellRichText(page.Name, place, []excelize.RichTextRun{
					{Text: cell.Runs[0]}, {Text: cell.Runs[1], Font: &excelize.Font{Bold: true}}}))
			}
			if cell.Format != nil {
				check(file.SetCellStyle(page.Name, place, place, look(file, cell)))
			}
		}
	}
	for _, area := range page.Merged {
		last, _ := excelize.CoordinatesToCellName(width, 1)
		check(file.MergeCell(page.Name, area[:2], last))
	}
	for c, wide := range page.Widths {
		name, _ := excelize.ColumnNumberToName(c + 1)
		check(file.SetColWidth(page.Name, name, name, wide))
	}
	if page.Frozen != nil {
		corner, _ := excelize.CoordinatesToCellName(page.Frozen[1]+1, page.Frozen[0]+1)
		check(file.SetPanes(page.Name, &excelize.Panes{Freeze: true, XSplit: page.Frozen[1],
			YSplit: page.Frozen[0], TopLeftCell: corner, ActivePane: "bottomLeft"}))
	}
	first, _ := excelize.CoordinatesToCellName(1, page.Heading)
	last, _ := excelize.CoordinatesToCellName(width, max(len(page.Rows), page.Heading+1))
	if has("table") && len(page.Rows) > 0 {
		check(file.AddTable(page.Name, &excelize.Table{Range: first + ":" + last}))
	} else if page.Filter {
		check(file.AutoFilter(page.Name, first+":"+last, nil))
	}
	furnish(file, page)
}

func furnish(file *excelize.File, page page) {
	for place, text := range page.Comments {
		check(file.AddComment(page.Name, excelize.Comment{Cell: place, Author: "企劃室", Text: text}))
	}
	for _, place := range page.HiddenRows {
		check(file.SetRowVisible(page.Name, place, false))
	}
	for _, place := range page.HiddenColumns {
		name, _ := excelize.ColumnNumberToName(place)
		check(file.SetColVisible(page.Name, name, false))
	}
	if page.Landscape {
		landscape, paper := "landscape", 9
		check(file.SetPageLayout(page.Name,
			&excelize.PageLayoutOptions{Orientation: &landscape, Size: &paper}))
	}
	if page.Hidden {
		check(file.SetSheetVisible(page.Name, false))
	}
}

func byTealeg(pages []page, target string) {
	file := xlsx.NewFile()
	for _, page := range pages {
		sheet, err := file.AddSheet(page.Name)
		check(err)
		for _, row := range page.Rows {
			line := sheet.AddRow()
			for _, cell := range row {
				made := line.AddCell()
				if cell == nil {
					continue
				}
				switch value := cell.value().(type) {
				case time.Time:
					made.SetDate(value)
				case float64:
					made.SetFloat(value)
				case string:
					made.SetString(value)
				}
				if cell.Format != nil {
					made.SetFormat(*cell.Format)
				}
			}
		}
		sheet.Hidden = page.Hidden
	}
	check(file.Save(target))
}
