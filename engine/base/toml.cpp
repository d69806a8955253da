#include "engine/base/toml.h"

namespace base {

TomlReader::TomlReader(const toml::table& table, std::string file) : table_(table), file_(std::move(file)) {}

std::string TomlReader::where(std::string_view key) const {
    const toml::node* node = table_.get(key);
    toml::source_position at = node ? node->source().begin : table_.source().begin;
    return fmt::format("{}:{}:{}", file_, at.line, at.column);
}

void TomlReader::refuse(std::string_view key, std::string_view why) {
    if (!first_) first_ = error("{}: {}: {}", where(key), key, why);
}

const toml::node* TomlReader::find(std::string_view key, std::string_view kind) {
    asked_.insert(std::string(key));
    const toml::node* node = table_.get(key);
    if (!node) refuse(key, fmt::format("missing; give {}", kind));
    return node;
}

double TomlReader::number(std::string_view key, double low, double high) {
    const toml::node* node = find(key, fmt::format("a number from {} to {}", low, high));
    if (!node) return low;
    std::optional<double> value = node->is_number() ? node->value<double>() : std::nullopt;
    if (!value || !(*value >= low && *value <= high)) {
        refuse(key, fmt::format("must be a number from {} to {}", low, high));
        return low;
    }
    return *value;
}

double TomlReader::number_or(std::string_view key, double fallback, double low, double high) {
    asked_.insert(std::string(key));
    return has(key) ? number(key, low, high) : fallback;
}

int64_t TomlReader::integer(std::string_view key, int64_t low, int64_t high) {
    const toml::node* node = find(key, fmt::format("a whole number from {} to {}", low, high));
    if (!node) return low;
    std::optional<int64_t> value = node->is_integer() ? node->value<int64_t>() : std::nullopt;
    if (!value || *value < low || *value > high) {
        refuse(key, fmt::format("must be a whole number from {} to {}", low, high));
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
    const toml::node* node = find(key, "a text");
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
    const toml::node* node = find(key, fmt::format("[{} numbers]", count));
    if (!node) return values;
    const toml::array* array = node->as_array();
    bool good = array && array->size() == count;
    for (size_t i = 0; good && i < count; ++i) {
        std::optional<double> value = array->get(i)->is_number() ? array->get(i)->value<double>() : std::nullopt;
        good = value && *value >= low && *value <= high;
        if (good) values[i] = *value;
    }
    if (!good) refuse(key, fmt::format("must be [{} numbers], each from {} to {}", count, low, high));
    return values;
}

const toml::table& TomlReader::table(std::string_view key) {
    static const toml::table empty;
    const toml::node* node = find(key, fmt::format("a [{}] table", key));
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
    if (!array) refuse(key, fmt::format("must be written as [[{}]] tables", key));
    for (size_t i = 0; array && i < array->size(); ++i) {
        const toml::table* entry = array->get(i)->as_table();
        if (entry)
            result.push_back(entry);
        else
            refuse(key, fmt::format("must be written as [[{}]] tables", key));
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

Result<toml::table> parse_toml(const std::string& text, const std::string& name) {
    try {
        return toml::parse(text, name);
    } catch (const toml::parse_error& problem) {
        toml::source_position at = problem.source().begin;
        return error("{}:{}:{}: {}", name, at.line, at.column, problem.description());
    }
}

Result<toml::table> read_toml(const fs::path& path) {
    Result<std::string> text = read_text(path, 16u << 20);
    if (!text) return text.error();
    return parse_toml(*text, path.string());
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
