#pragma once

// Lists in TOML files that people edit, with the place of each mistake.

#include "engine/base/toml.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace training {

/// Takes arrays out of a table before a TomlReader, which knows none of texts, reads the rest. Keeps the first mistake; its place is the
/// entry's.
class TomlLists {
  public:
    TomlLists(toml::table& table, std::string file) : table_(table), file_(std::move(file)) {}

    /// `places`: "file:line:column" of each.
    std::vector<std::string> texts(std::string_view key, std::vector<std::string>* places = nullptr) {
        std::vector<std::string> out;
        const toml::node* node = table_.get(key);
        if (node) read_texts(key, *node, out);
        if (places && node && node->is_array())
            for (const toml::node& entry : *node->as_array())
                places->push_back(fmt::format("{}:{}:{}", file_, entry.source().begin.line, entry.source().begin.column));
        table_.erase(key);
        return out;
    }
    std::vector<std::vector<std::string>> lists(std::string_view key) {
        std::vector<std::vector<std::string>> out;
        const toml::node* node = table_.get(key);
        if (node && !node->is_array()) refuse(key, *node, "must be a list of lists, as [[\"cues\"], []]");
        if (node && node->is_array())
            for (const toml::node& entry : *node->as_array()) read_texts(key, entry, out.emplace_back());
        table_.erase(key);
        return out;
    }
    std::vector<double> numbers(std::string_view key, double low, double high) {
        std::vector<double> out;
        const toml::node* node = table_.get(key);
        if (node && !node->is_array()) refuse(key, *node, "must be a list of numbers");
        if (node && node->is_array())
            for (const toml::node& entry : *node->as_array()) {
                const double value = entry.value<double>().value_or(NAN);
                if (!(value >= low && value <= high)) refuse(key, entry, "needs numbers from {} to {}", low, high);
                out.push_back(value);
            }
        table_.erase(key);
        return out;
    }
    base::Status status() const { return first_ ? base::Status(*first_) : base::Status(); }

  private:
    void read_texts(std::string_view key, const toml::node& node, std::vector<std::string>& out) {
        if (!node.is_array()) return refuse(key, node, "must be a list of words in quotes");
        for (const toml::node& entry : *node.as_array()) {
            std::string word = entry.value<std::string>().value_or("");
            if (!entry.is_string() || word.empty()) refuse(key, entry, "must be a list of words in quotes");
            if (std::find(out.begin(), out.end(), word) != out.end()) refuse(key, entry, "names '{}' twice", word);
            out.push_back(std::move(word));
        }
    }
    template <typename... Args>
    void refuse(std::string_view key, const toml::node& node, fmt::format_string<Args...> why, Args&&... args) {
        const toml::source_position at = node.source().begin;
        if (!first_)
            first_ = base::error("{}:{}:{}: {}: {}", file_, at.line, at.column, key, base::error(why, std::forward<Args>(args)...));
    }

    toml::table& table_;
    std::string file_;
    std::optional<base::Error> first_;
};

}  // namespace training
