#include "engine/base/toml.h"

#include "engine/base/foreign_words.h"

#include <algorithm>
#include <vector>

namespace base {

TomlReader::TomlReader(const toml::table& table, std::string file) : table_(table), file_(std::move(file)) {}

std::string TomlReader::where(std::string_view key) const {
    const toml::node* node = table_.get(key);
    toml::source_position at = node ? node->source().begin : table_.source().begin;
    return fmt::format("{}:{}:{}", file_, at.line, at.column);
}

void TomlReader::refuse(std::string_view key, const Error& why) {
    if (!first_) first_ = error("{}: {}: {}", where(key), key, why);
}

double TomlReader::number(std::string_view key, double low, double high) {
    const toml::node* node = find(key, "missing; give a number from {} to {}", low, high);
    if (!node) return low;
    std::optional<double> value = node->is_number() ? node->value<double>() : std::nullopt;
    if (!value || !(*value >= low && *value <= high)) {
        refuse(key, "must be a number from {} to {}", low, high);
        return low;
    }
    return *value;
}

double TomlReader::number_or(std::string_view key, double fallback, double low, double high) {
    asked_.insert(std::string(key));
    return has(key) ? number(key, low, high) : fallback;
}

int64_t TomlReader::integer(std::string_view key, int64_t low, int64_t high) {
    const toml::node* node = find(key, "missing; give a whole number from {} to {}", low, high);
    if (!node) return low;
    std::optional<int64_t> value = node->is_integer() ? node->value<int64_t>() : std::nullopt;
    if (!value || *value < low || *value > high) {
        refuse(key, "must be a whole number from {} to {}", low, high);
        return low;
    }
    return *value;
}

bool TomlReader::boolean_or(std::string_view key, bool fallback) {
    asked_.insert(std::string(key));
    const toml::node* node = table_.get(key);
    if (!node) return fallback;
    if (!node->is_boolean()) refuse(key, "must be true or false");
    return node->value<bool>().value_or(fallback);
}

std::string TomlReader::text(std::string_view key) {
    const toml::node* node = find(key, "missing; give a text");
    if (!node) return {};
    if (!node->is_string()) refuse(key, "must be a text in quotes");
    return node->value<std::string>().value_or("");
}

std::string TomlReader::text_or(std::string_view key, std::string fallback) {
    asked_.insert(std::string(key));
    return has(key) ? text(key) : fallback;
}

std::vector<double> TomlReader::numbers(std::string_view key, size_t count, double low, double high) {
    std::vector<double> values(count, low);
    const toml::node* node = find(key, "missing; give [{} numbers]", count);
    if (!node) return values;
    const toml::array* array = node->as_array();
    bool good = array && array->size() == count;
    for (size_t i = 0; good && i < count; ++i) {
        std::optional<double> value = array->get(i)->is_number() ? array->get(i)->value<double>() : std::nullopt;
        good = value && *value >= low && *value <= high;
        if (good) values[i] = *value;
    }
    if (!good) refuse(key, "must be [{} numbers], each from {} to {}", count, low, high);
    return values;
}

const toml::table& TomlReader::table(std::string_view key) {
    static const toml::table empty;
    const toml::node* node = find(key, "missing; give a [{}] table", key);
    if (node && node->is_table()) return *node->as_table();
    if (node) refuse(key, "must be a table");
    return empty;
}

std::vector<const toml::table*> TomlReader::tables(std::string_view key) {
    asked_.insert(std::string(key));
    std::vector<const toml::table*> result;
    const toml::node* node = table_.get(key);
    if (!node) return result;
    const toml::array* array = node->as_array();
    if (!array) refuse(key, "must be written as [[{}]] tables", key);
    for (size_t i = 0; array && i < array->size(); ++i) {
        const toml::table* entry = array->get(i)->as_table();
        if (entry)
            result.push_back(entry);
        else
            refuse(key, "must be written as [[{}]] tables", key);
    }
    return result;
}

Status TomlReader::status() const {
    if (first_) return *first_;
    for (auto&& [key, node] : table_)
        if (!asked_.contains(key.str()))
            return error("{}:{}:{}: unknown key '{}'; remove it or check its spelling", file_, node.source().begin.line,
                         node.source().begin.column, key.str());
    return {};
}

namespace {

/// What the parser says, by the part that it was reading and by words of its sentence, and what we say instead.
struct Mistaken {
    std::string_view part, words;  ///< empty: any
    Error ours;
};

/// The first that fits holds.
const std::vector<Mistaken>& mistaken() {
    static const Error value = error("a value cannot be read: give a number, a text in quotes, true or false"),
                       number = error("a number is not written as 12 or 0.5, or is too large"),
                       time = error("a date or time does not exist or is not written as 2026-11-21 or 22:05:09"),
                       taken = error("this name stands here a second time; give each once"),
                       escape = error("a \\ in a text begins nothing that is known; write \\\\ for the letter itself"),
                       control = error("a letter that cannot be seen stands here; take it out"),
                       table = error("a table's name is not written as [name] or [[name]]");
    static const std::vector<Mistaken> all = {
        {"", "end-of-file", error("the file ends too early: a value is missing, or a quote or a bracket is not closed")},
        {"date", "", time},
        {"time", "", time},
        {"", "redefine", taken},
        {"", "cannot insert", taken},
        {"unicode scalar", "", escape},
        {"string", "escape", escape},
        {"string", "backslashes", escape},
        {"string", "", error("a text is not closed on its line, or holds a letter that cannot be seen")},
        {"", "control character", control},
        {"", "surrogates", control},
        {"", "line breaks", control},
        {"", "after '\\r'", control},
        {"integer", "", number},
        {"floating-point", "", number},
        {"value", "nested", error("lists or tables are nested too deep")},
        {"array", "", error("a comma or ] is missing in a list")},
        {"inline table", "", error("a table on one line is not written as {{ one = 1, two = 2 }}")},
        {"table header", "", table},
        {"key-value pair", "expected '='", error("= is missing behind a key")},
        {"key-value pair", "expected value", value},
        {"key-value pair", "", error("only a comment may stand behind a value on its line")},
        {"key", "", error("a key is not written as name or \"any name\"")},
        {"boolean", "", value},
        {"value", "", value},
        {"root table", "", error("a line begins with neither a key nor [table]")},
    };
    return all;
}

/// What the parser says in words of ours: its own are for the command line.
Error syntax_error(std::string_view description) {
    constexpr std::string_view kBegins = "Error while parsing ";
    const std::string_view said = description.starts_with(kBegins) ? description.substr(kBegins.size()) : description;
    const size_t colon = std::min(said.find(": "), said.size());
    const std::string_view part = said.substr(0, colon), words = said.substr(colon);
    const auto fits = [&](const Mistaken& one) {
        return part.find(one.part) != std::string_view::npos && words.find(one.words) != std::string_view::npos;
    };
    const auto found = std::ranges::find_if(mistaken(), fits);
    return foreign_words(found == mistaken().end() ? error("this is no TOML") : found->ours, description);
}

}  // namespace

Result<toml::table> parse_toml(const std::string& text, const std::string& name) {
    try {
        return toml::parse(text, name);
    } catch (const toml::parse_error& problem) {
        toml::source_position at = problem.source().begin;
        return error("{}:{}:{}: {}", name, at.line, at.column, syntax_error(problem.description()));
    }
}

namespace {

/// A text whose broken statements are taken out one after the other. Lines keep their numbers.
class Mending {
  public:
    struct Mistake {
        size_t line, column;  ///< from 1
        std::string what;
    };

    explicit Mending(const std::string& text) {
        size_t begin = 0;
        for (size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
            lines_.push_back(text.substr(begin, end - begin));
        lines_.push_back(text.substr(begin));
    }

    std::optional<Mistake> first_mistake() const { return mistake_in(lines_.size()); }

    /// Takes out the statement with the mistake; the first one behind it, or none where there is none or nothing
    /// helps.
    std::optional<Mistake> mend(const Mistake& mistake) {
        const size_t at = std::min(mistake.line, lines_.size()) - 1;
        const std::optional<size_t> begin = begin_of_statement(at);
        if (!begin) return std::nullopt;
        // Its first line, which leaves an array open or cuts a text off; or else all of it, to where the line
        // that follows is not a mistake too: that would be its rest.
        for (size_t end = *begin; end < std::min(at + kLongestRest, lines_.size()); end = std::max(end + 1, at)) {
            std::optional<Mistake> next = without(*begin, end);
            const bool is_rest = next && (next->line <= mistake.line || (*begin < at && next->line == end + 2));
            if (is_rest) continue;
            take_out(*begin, end);
            return next;
        }
        return std::nullopt;
    }

  private:
    static constexpr size_t kLongestStatement = 64, kLongestRest = 8;  // lines
    static constexpr size_t kMostRead = 8u << 20;                      // bytes in all: a huge file is not read for minutes

    std::optional<Mistake> mistake_in(size_t count) const {
        std::string text;
        for (size_t i = 0; i < count; ++i) text += lines_[i] + '\n';
        read_ += text.size();
        try {
            (void)toml::parse(text);
            return std::nullopt;
        } catch (const toml::parse_error& problem) {
            const toml::source_position at = problem.source().begin;
            return Mistake{at.line, at.column, std::string(problem.description())};
        }
    }

    /// The last line up to `at` before which all is sound: there the broken statement begins.
    std::optional<size_t> begin_of_statement(size_t at) const {
        for (size_t line = at + 1; line-- > 0 && at - line < kLongestStatement && read_ < kMostRead;)
            if (!mistake_in(line)) return line;
        return std::nullopt;
    }

    void take_out(size_t begin, size_t end) {
        const size_t first = lines_[begin].find_first_not_of(" \t");
        const bool is_header = begin == end && first != std::string::npos && lines_[begin][first] == '[';
        for (size_t i = begin; i <= end; ++i) lines_[i].clear();
        // Without a header the keys below would seem to be the last table's.
        if (is_header) lines_[begin] = fmt::format("[\"taken out {}\"]", begin);
    }

    std::optional<Mistake> without(size_t begin, size_t end) const {
        Mending other = *this;
        other.take_out(begin, end);
        std::optional<Mistake> mistake = other.first_mistake();
        read_ = other.read_;
        return mistake;
    }

    std::vector<std::string> lines_;
    mutable size_t read_ = 0;
};

}  // namespace

std::vector<Error> toml_mistakes(const std::string& text, const std::string& name, size_t most) {
    std::vector<Error> told;
    Mending mending(text);
    for (auto mistake = mending.first_mistake(); mistake && told.size() < most;) {
        told.push_back(error("{}:{}:{}: {}", name, mistake->line, mistake->column, syntax_error(mistake->what)));
        mistake = told.size() < most ? mending.mend(*mistake) : std::nullopt;
    }
    return told;
}

Result<toml::table> read_toml(const fs::path& path) {
    Result<std::string> text = read_text(path, kMostToml);
    if (!text) return text.error();
    return parse_toml(*text, path.string());
}

Result<std::vector<fs::path>> toml_files(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code trouble;
    if (folder.empty() || !fs::exists(folder, trouble)) return files;
    fs::directory_iterator entry(folder, trouble), end;
    for (; !trouble && entry != end; entry.increment(trouble))
        if (entry->path().extension() == ".toml") files.push_back(entry->path());
    if (trouble) return error("{}: the folder cannot be read ({}); check what it is and who may read it", folder.string(), system_error(trouble));
    std::ranges::sort(files, {}, [](const fs::path& file) { return file.stem(); });
    return files;
}

std::string toml_text(std::string_view words) {
    std::string out = "\"";
    for (const char c : words) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
    }
    return out + "\"";
}

}  // namespace base
