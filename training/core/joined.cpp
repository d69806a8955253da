#include "training/core/joined.h"

namespace training {

std::string with_colon(const Phrases& words, const std::string& what, const std::string& told) {
    return words("joined.colon", fmt::arg("what", what), fmt::arg("told", told));
}

void add_to_list(const Phrases& words, std::string& list, const std::string& one) {
    list = list.empty() ? one : words("joined.list", fmt::arg("list", list), fmt::arg("one", one));
}

std::string listed(const Phrases& words, std::span<const std::string> all) {
    std::string list;
    for (const std::string& one : all) add_to_list(words, list, one);
    return list;
}

std::string with_unit_word(const Phrases& words, const std::string& figure, const std::string& unit) {
    return words("joined.unit", fmt::arg("figure", figure), fmt::arg("unit", unit));
}

}  // namespace training
