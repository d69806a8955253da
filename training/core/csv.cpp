#include "training/core/csv.h"

#include <algorithm>

namespace training {

namespace {

constexpr size_t kMostRows = 100'000;
constexpr std::string_view kMark = "\xef\xbb\xbf";

/// Length of the UTF-8 letter at the front; 0 where there is none. Overlong forms and surrogates are none.
size_t letter_length(std::string_view text) {
    const auto at = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = at(0);
    if (first < 0x80) return 1;
    const size_t length = first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xc2 && first < 0xe0 ? 2 : 0;
    if (length == 0 || text.size() < length) return 0;
    for (size_t i = 1; i < length; ++i)
        if ((at(i) & 0xc0) != 0x80) return 0;
    if ((first == 0xe0 && at(1) < 0xa0) || (first == 0xed && at(1) > 0x9f) || (first == 0xf0 && at(1) < 0x90) ||
        (first == 0xf4 && at(1) > 0x8f))
        return 0;
    return length;
}

char separator_of(std::string_view text) {
    bool quoted = false;
    for (const char c : text) {
        if (c == '"') quoted = !quoted;
        if (!quoted && (c == ',' || c == ';' || c == '\t')) return c;
    }
    return ',';
}

class Reader {
  public:
    Reader(std::string_view text, const std::string& name) : rest_(text), name_(name), separator_(separator_of(text)) {}

    base::Result<std::vector<CsvRow>> rows() {
        std::vector<CsvRow> rows;
        while (!rest_.empty()) {
            CsvRow row;
            if (base::Status read = read_row(row); !read) return read.error();
            if (row.size() == 1 && row[0].text.empty()) continue;
            if (rows.size() == kMostRows) return wrong("more than 100000 rows; split the file");
            rows.push_back(std::move(row));
        }
        return rows;
    }

  private:
    base::Error wrong(fmt::format_string<> why) const { return base::error("{}:{}:{}: {}", name_, line_, column_, base::error(why)); }

    bool at_row_end() const { return rest_.empty() || rest_[0] == '\n' || rest_.starts_with("\r\n") || rest_ == "\r"; }

    /// Moves the letter at the front to `cell`.
    base::Status take(std::string& cell) {
        const size_t length = letter_length(rest_);
        if (length == 0) return wrong("these bytes are not UTF-8; save the file as CSV UTF-8");
        if (rest_[0] == '\0') return wrong("a zero byte; save the file as CSV UTF-8");
        cell += rest_.substr(0, length);
        line_ += rest_[0] == '\n';
        column_ = rest_[0] == '\n' ? 1 : column_ + 1;
        rest_.remove_prefix(length);
        return {};
    }

    base::Status read_row(CsvRow& row) {
        std::string passed;
        do {
            CsvCell cell{{}, line_, column_};
            if (base::Status read = rest_.starts_with('"') ? read_quoted(cell) : read_plain(cell); !read) return read;
            row.push_back(std::move(cell));
            if (at_row_end()) break;
        } while (take(passed));  // the separator
        if (rest_.starts_with("\r")) rest_.remove_prefix(1);
        return rest_.empty() ? base::Status() : take(passed);
    }

    base::Status read_plain(CsvCell& cell) {
        while (!at_row_end() && rest_[0] != separator_) {
            if (rest_[0] == '"') return wrong("a quote inside a cell; put the cell in quotes and double this one");
            if (base::Status taken = take(cell.text); !taken) return taken;
        }
        return {};
    }

    base::Status read_quoted(CsvCell& cell) {
        std::string quote;
        const base::Error open = wrong("this quote is never closed; close it");
        if (base::Status taken = take(quote); !taken) return taken;
        while (true) {
            if (rest_.empty()) return open;
            const bool ends = rest_[0] == '"';
            if (base::Status taken = take(ends ? quote : cell.text); !taken) return taken;
            if (!ends) continue;
            if (!rest_.starts_with('"')) break;
            if (base::Status taken = take(cell.text); !taken) return taken;
        }
        if (!at_row_end() && rest_[0] != separator_) return wrong("letters behind a closing quote; put them inside or take them out");
        return {};
    }

    std::string_view rest_;
    const std::string& name_;
    char separator_;
    size_t line_ = 1, column_ = 1;
};

}  // namespace

base::Result<std::vector<CsvRow>> parse_csv(std::string_view text, const std::string& name) {
    if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
    return Reader(text, name).rows();
}

std::string csv_cell(std::string_view text) {
    const bool formula = !text.empty() && std::string_view("=+-@\t\r\n").find(text[0]) != std::string_view::npos;
    if (!formula && text.find_first_of(",;\t\"\r\n") == std::string_view::npos) return std::string(text);
    std::string cell = formula ? "\"'" : "\"";
    for (const char c : text) cell += c == '"' ? "\"\"" : std::string(1, c);
    return cell + '"';
}

}  // namespace training
