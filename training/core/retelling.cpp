#include "training/core/retelling.h"

#include "training/core/joined.h"
#include "training/core/procedure.h"
#include "training/core/rubric.h"

#include <fmt/args.h>

#include <algorithm>

namespace training {

namespace {

constexpr size_t kLongestSentence = 2000, kLongestFigure = 24;
constexpr int kDeepest = 3;  // an attempt holds a failure, which holds a reason, which may be of a part
constexpr const char* kKinds[] = {"reason", "note", "failure"};

/// Which names stand at a place: KIND of "KIND.ID" in the words. Places that are in neither list hold a figure.
constexpr std::pair<const char*, const char*> kNamesAt[] = {{"zone", "zone_in"}, {"unit", "unit"},    {"pens", "pen_kind"},
                                                           {"allowed", "pen_kind"}, {"what", "answer"}};
constexpr const char* kTextsAt[] = {"zone", "unit", "pens", "allowed", "what", "name", "flag", "flags", "scope", "reason"};

bool holds_text(std::string_view place) {
    return std::find(std::begin(kTextsAt), std::end(kTextsAt), place) != std::end(kTextsAt);
}

/// "0.97", "3.20 N", "7:05".
bool is_figure(std::string_view text) {
    const size_t digit = text.starts_with('-') ? 1 : 0;
    return text.size() > digit && text.size() <= kLongestFigure && text[digit] >= '0' && text[digit] <= '9';
}

/// The texts that fill places with `words` between them, leftmost and shortest first; nothing where it does not fit.
bool fit(const std::vector<std::string>& words, const std::vector<std::string>& places, std::string_view text, std::vector<std::string_view>& filled) {
    const size_t at = filled.size();
    if (at == places.size()) return text.empty();
    const std::string& behind = words[at + 1];
    for (size_t end = text.find(behind, 1); end != std::string_view::npos; end = text.find(behind, end + 1)) {
        if (behind.empty()) end = text.size();
        const std::string_view here = text.substr(0, end);
        if (!holds_text(places[at]) && here.size() > kLongestFigure) return false;
        if (!holds_text(places[at]) && !is_figure(here)) continue;
        filled.push_back(here);
        if (fit(words, places, text.substr(end + behind.size()), filled)) return true;
        filled.pop_back();
        if (behind.empty()) return false;
    }
    return false;
}

/// Pairs of what two lists of content say, in the same order.
template <typename List, typename Take>
void side_by_side(const List& english, const List& ours, Take take) {
    for (size_t i = 0; i < std::min(english.size(), ours.size()); ++i) take(english[i], ours[i]);
}

}  // namespace

base::Result<Retelling> Retelling::load(const base::Places& places) {
    base::Result<Phrases> ours = Phrases::load(places, places.language.empty() ? "en" : places.language);
    if (!ours) return ours.error();
    Retelling retelling(std::move(*ours));
    retelling.learn_words();
    if (base::Status learnt = retelling.learn_content(places); !learnt) return learnt.error();
    return retelling;
}

Retelling::Form Retelling::form_of(const std::string& key, std::string_view text) {
    Form form{key, {}, {}};
    for (size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{')) {
        const size_t close = text.find('}', open);
        form.words.emplace_back(text.substr(0, open));
        form.places.emplace_back(text.substr(open + 1, close - open - 1));
        text.remove_prefix(close + 1);
    }
    form.words.emplace_back(text);
    return form;
}

void Retelling::learn_words() {
    const Phrases& english = Phrases::english();
    for (const char* kind : kKinds)
        for (const std::string& key : english.keys(kind)) forms_.push_back(form_of(key, english(key)));
    for (const auto& [place, kind] : kNamesAt)
        for (const std::string& key : english.keys(kind)) {
            const std::string id = key.substr(std::string_view(kind).size() + 1);
            names_[place][english(key)] = ours_(key);
            if (std::string_view(kind) != "zone_in") names_[place][id] = ours_(key);
        }
}

/// Names of content stand in the sentences too, and some of its sentences stand for themselves.
base::Status Retelling::learn_content(const base::Places& places) {
    base::Places english = places;
    english.language.clear();
    const base::Result<Procedure> said = Procedure::load(english), ours = Procedure::load(places);
    if (!said) return said.error();
    if (!ours) return ours.error();
    side_by_side(said->flags, ours->flags, [&](const ScreeningFlag& a, const ScreeningFlag& b) {
        for (const char* place : {"what", "flag", "flags"}) names_[place][a.id] = names_[place][a.name] = b.name;
    });
    const auto learn = [&](const ProcedureItem& a, const ProcedureItem& b) {
        names_["what"][a.name] = b.name;
        if (!a.critical.empty()) sentences_[a.critical] = b.critical;
    };
    for (const auto list : {&Procedure::preparation, &Procedure::finish, &Procedure::aftercare}) side_by_side(*said.*list, *ours.*list, learn);
    std::error_code code;
    for (base::fs::directory_iterator entry(places.data / "rubrics", code), end; !code && entry != end; entry.increment(code)) {
        if (entry->path().extension() != ".toml") continue;
        const base::Result<Rubric> a = load_rubric(english, entry->path().stem().string()), b = load_rubric(places, entry->path().stem().string());
        if (!a) return a.error();
        if (!b) return b.error();
        side_by_side(a->criteria, b->criteria, [&](const Criterion& one, const Criterion& other) { names_["name"][one.name] = other.name; });
    }
    return {};
}

/// One name, or several between "; " or ", " each in our words; what is not known stays.
std::string Retelling::names(const Texts& known, std::string_view text) const {
    if (const auto found = known.find(text); found != known.end()) return found->second;
    const bool of_ids = text.find("; ") == std::string_view::npos && &known == &names_.find("what")->second;
    for (const std::string_view between : {std::string_view("; "), std::string_view(", ")}) {
        const size_t end = text.find(between);
        if (end == std::string_view::npos) continue;
        std::string list = names(known, text.substr(0, end));
        const std::string rest = names(known, text.substr(end + between.size()));
        if (!of_ids && between == ", ") return list + ", " + rest;
        add_to_list(ours_, list, rest);
        return list;
    }
    return std::string(text);
}

std::optional<std::string> Retelling::argument(const std::string& place, std::string_view text, int depth) const {
    if (place == "reason") return whole(text, depth + 1);
    if (const auto known = names_.find(place); known != names_.end()) return names(known->second, text);
    const size_t gap = text.find(' ');
    if (holds_text(place) || gap == std::string_view::npos) return std::string(text);
    return with_unit_word(ours_, std::string(text.substr(0, gap)), std::string(text.substr(gap + 1)));  // "3.20 N"
}

std::optional<std::string> Retelling::by_form(const Form& form, std::string_view english, int depth) const {
    if (!english.starts_with(form.words.front())) return std::nullopt;
    Filled filled;
    if (!fit(form.words, form.places, english.substr(form.words.front().size()), filled)) return std::nullopt;
    fmt::dynamic_format_arg_store<fmt::format_context> arguments;
    for (size_t i = 0; i < filled.size(); ++i) {
        const std::optional<std::string> told = argument(form.places[i], filled[i], depth);
        if (!told) return std::nullopt;
        arguments.push_back(fmt::arg(form.places[i].c_str(), *told));
    }
    try {
        return fmt::vformat(ours_(form.key), arguments);
    } catch (const fmt::format_error&) {  // places that the form does not have: translation's tests find them
        return std::nullopt;
    }
}

/// Notes are put together: "Gini 0.0412; largest gap 3.2 mm wide, on the left cheek".
std::optional<std::string> Retelling::with_tail(std::string_view english, int depth) const {
    const size_t at = english.rfind("; ");
    if (at == std::string_view::npos || at == 0) return std::nullopt;
    for (const Form& form : forms_) {
        if (!form.words.front().starts_with("; ")) continue;
        const std::optional<std::string> tail = by_form(form, english.substr(at), depth);
        if (!tail) continue;
        const std::optional<std::string> head = whole(english.substr(0, at), depth);
        return head ? std::optional(*head + *tail) : std::nullopt;
    }
    return std::nullopt;
}

std::optional<std::string> Retelling::whole(std::string_view english, int depth) const {
    if (depth > kDeepest || english.empty()) return std::nullopt;
    if (const auto found = sentences_.find(english); found != sentences_.end()) return found->second;
    if (std::optional<std::string> told = with_tail(english, depth)) return told;
    for (const Form& form : forms_)
        if (std::optional<std::string> told = by_form(form, english, depth)) return told;
    // "periorbital: 4.2 % is above the limit of 3": of a part of the line.
    const size_t colon = english.find(": ");
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string part(english.substr(0, colon));
    const std::optional<std::string> rest = whole(english.substr(colon + 2), depth + 1);
    if (!rest) return std::nullopt;
    if (part == Phrases::english()("reason.elsewhere")) return with_colon(ours_, ours_("reason.elsewhere"), *rest);
    return ours_.has("zone." + part) ? std::optional(with_colon(ours_, part, *rest)) : std::nullopt;
}

std::optional<std::string> Retelling::operator()(std::string_view english) const {
    return english.size() > kLongestSentence ? std::nullopt : whole(english, 0);
}

std::string as_read(const Phrases& words, std::string sentence) {
    const size_t colon = sentence.find(with_colon(words, "", ""));
    if (colon != std::string::npos && words.has("zone." + sentence.substr(0, colon)))
        sentence.replace(0, colon, words.name("zone", sentence.substr(0, colon)));
    const char first = sentence.empty() ? ' ' : sentence.front();
    if (first >= 'a' && first <= 'z') sentence.front() = static_cast<char>(first - 32);
    return sentence;
}

}  // namespace training
