#pragma once

// Tables as spreadsheets write and read them (RFC 4180). No parser in Debian's packages names line and column of a mistake
// and takes Excel's semicolons, so this one does.

#include "engine/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace training {

struct CsvCell {
    std::string text;          ///< without its quotes
    size_t line = 1, column = 1;  ///< where it begins; columns count letters
};
using CsvRow = std::vector<CsvCell>;

/// Rows of cells; blank lines are left out. The separator is the first of comma, semicolon and tab that stands outside quotes;
/// a byte order mark, CR LF and a missing last line end are taken. Errors name file, line and column: a quote that is
/// not closed, letters behind a closing quote, bytes that are not UTF-8, more than 100,000 rows.
base::Result<std::vector<CsvRow>> parse_csv(std::string_view text, const std::string& name);

/// A text as a cell: quoted where it must be. One that a spreadsheet would take for a formula (it begins with = + - @, a tab
/// or a line end) gets an apostrophe before it, as OWASP advises. Not for numbers of our own.
std::string csv_cell(std::string_view text);

}  // namespace training
