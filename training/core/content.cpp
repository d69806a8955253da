#include "training/core/content.h"

#include "engine/base/toml.h"
#include "engine/base/translation.h"
#include "engine/face/face_store.h"
#include "engine/skin/device_profile.h"
#include "engine/skin/skin_model.h"
#include "engine/track/healing.h"
#include "engine/track/response.h"
#include "training/core/advice.h"
#include "training/core/case_names.h"
#include "training/core/coach.h"
#include "training/core/json_text.h"
#include "training/core/lesson.h"
#include "training/core/phrases.h"
#include "training/core/rubric_edit.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <set>
#include <sstream>

namespace training {

/// Relative to content/locale, one in each line (shipped_translations.cpp.in).
extern const char* const kShippedTranslations;

namespace fs = base::fs;

namespace {

using Mistakes = std::vector<base::Error>;

template <typename T>
void keep(const base::Result<T>& read, Mistakes& mistakes) {
    if (!read) mistakes.push_back(read.error());
}

/// Calls `check` for each TOML file of a folder.
template <typename Check>
void each_file(const fs::path& folder, Mistakes& mistakes, const Check& check) {
    const base::Result<std::vector<fs::path>> files = base::toml_files(folder);
    keep(files, mistakes);
    for (const fs::path& file : files ? *files : std::vector<fs::path>()) check(file);
}

void check_languages(const base::Places& places, Mistakes& mistakes) {
    each_file(places.data / "locale", mistakes, [&](const fs::path& file) {
        base::Places there = places;
        there.language = file.stem().string();
        keep(Phrases::load(places, there.language), mistakes);
        std::ranges::move(phrase_mistakes(places, there.language), std::back_inserter(mistakes));
        std::ranges::move(base::translation_mistakes(there), std::back_inserter(mistakes));
        keep(load_advice(places, there.language), mistakes);
    });
}

/// "es.toml", "es/cases/demo.toml", "refusals/es.toml": "es".
std::string language_of(const fs::path& translation) {
    const bool folder = translation.has_parent_path() && *translation.begin() != "refusals";
    return folder ? translation.begin()->string() : translation.stem().string();
}

/// The first part of `path` under `folder` that is not there, which may be a whole folder; empty when all is.
fs::path first_missing(const fs::path& folder, const fs::path& path) {
    std::error_code ignored;
    fs::path there;
    for (const fs::path& part : path)
        if (!fs::exists(folder / (there /= part), ignored)) return there;
    return {};
}

/// What ships and is gone, though there is something that it translates: each folder or file once, and of a language without its
/// own file no more than that.
void check_shipped_translations(const base::Places& places, Mistakes& mistakes) {
    const fs::path locale = places.data / "locale";
    std::error_code ignored;
    if (!fs::exists(locale, ignored)) return;
    std::set<fs::path> told;
    std::istringstream shipped(kShippedTranslations);
    for (std::string line; std::getline(shipped, line);) {
        const fs::path translation = line;
        const std::string language = language_of(translation), file = language + ".toml";
        const bool own = line == file;
        if (!own && !fs::exists(locale / file, ignored)) continue;
        const fs::path missing = first_missing(locale, translation);
        if (language == "en" || missing.empty() || told.contains(missing)) continue;
        const fs::path content = places.data / missing.lexically_relative(language);
        if (!own && missing.begin()->string() == language && !fs::exists(content, ignored)) continue;
        told.insert(missing);
        const std::string name = (locale / missing).string();
        if (own) mistakes.push_back(base::error("{}: no such file, so this language cannot be chosen; copy it back or install Evenhand again", name));
        else mistakes.push_back(base::error("{}: is not there, so what it translates is told in English; copy it back or install Evenhand again", name));
    }
}

void check_cases(const base::Places& places, Mistakes& mistakes) {
    keep(list_cases(places, &mistakes), mistakes);
    CaseNames names(places);
    for (const fs::path& file : imported_cases(places)) {
        const base::Result<Case> one = load_case(places, file.string());
        keep(one, mistakes);
        if (one) keep(names.check(*one), mistakes);
    }
}

void check_figures(const base::Places& places, Mistakes& mistakes) {
    keep(Procedure::load(places), mistakes);
    keep(CoachFigures::load(places), mistakes);
    keep(load_advice(places, "en"), mistakes);
    keep(face::load_condition_kinds(places, &mistakes), mistakes);
    keep(face::check_heads(places), mistakes);
    keep(skin::SkinModel::load(places), mistakes);
    keep(track::ResponseModel::load(places), mistakes);
    keep(track::HealingCurves::load(places), mistakes);
    for (const char* page : {"desk.css", "scene.js"}) keep(base::read_text(places.data / "serve" / page, base::kMostToml), mistakes);
}

/// What says no more than that another is broken, or says the same.
void leave_out_what_follows(Mistakes& mistakes) {
    const auto follows = [&](const base::Error& one, size_t place) {
        for (size_t i = 0; i < mistakes.size(); ++i) {
            const std::string& other = mistakes[i].message;
            if (i != place && one.message.find(other) != std::string::npos && (one.message != other || i < place)) return true;
        }
        return false;
    };
    Mistakes roots;
    for (size_t i = 0; i < mistakes.size(); ++i)
        if (!follows(mistakes[i], i)) roots.push_back(mistakes[i]);
    mistakes = std::move(roots);
}

}  // namespace

std::vector<base::Error> content_mistakes(const base::Places& places, const OwnContent& own) {
    Mistakes mistakes;
    check_cases(places, mistakes);
    (void)list_lessons(places, own.lessons, mistakes);
    for (const fs::path& folder : {places.data / "rubrics", own.rubrics}) (void)own_rubrics(places, folder, mistakes);
    each_file(places.data / "scopes", mistakes, [&](const fs::path& file) { keep(load_scope(places, file.stem()), mistakes); });
    each_file(places.data / "devices", mistakes, [&](const fs::path& file) { keep(skin::load_device(places, file.stem()), mistakes); });
    keep(face::list(places, &mistakes), mistakes);
    check_languages(places, mistakes);
    check_shipped_translations(places, mistakes);
    check_figures(places, mistakes);
    leave_out_what_follows(mistakes);
    return mistakes;
}

namespace {

/// ":12" at the end of `text` is taken off and given.
std::optional<uint64_t> take_number(std::string& text) {
    const size_t colon = text.rfind(':');
    uint64_t number = 0;
    if (colon == text.npos || colon + 1 == text.size()) return std::nullopt;
    const char* const end = text.data() + text.size();
    const auto [rest, trouble] = std::from_chars(text.data() + colon + 1, end, number);
    if (trouble != std::errc() || rest != end) return std::nullopt;
    text.resize(colon);
    return number;
}

MistakePlace place_in(std::string words) {
    MistakePlace place;
    const auto last = take_number(words), first = last ? take_number(words) : std::nullopt;
    place.line = first ? first : last;
    if (first) place.column = last;
    place.file = std::move(words);
    return place;
}

}  // namespace

MistakePlace place_of(const base::Error& mistake) {
    const std::string& words = mistake.message;
    const size_t end = words.find(": ");
    if (end == words.npos) return {};
    // A name may hold ": " itself: the longest beginning that is there.
    std::error_code ignored;
    MistakePlace found;
    for (size_t at = end; at != words.npos; at = words.find(": ", at + 1)) {
        MistakePlace place = place_in(words.substr(0, at));
        if (fs::exists(place.file, ignored)) found = std::move(place);
    }
    if (!found.file.empty()) return found;
    MistakePlace missing = place_in(words.substr(0, end));
    return missing.file.find('/') == missing.file.npos ? MistakePlace() : missing;
}

std::string mistakes_json(std::span<const base::Error> mistakes) {
    using Json = nlohmann::ordered_json;
    const auto number = [](const std::optional<uint64_t>& one) { return one ? Json(*one) : Json(); };
    Json list = Json::array();
    for (const base::Error& mistake : mistakes) {
        const MistakePlace place = place_of(mistake);
        list.push_back({{"file", place.file.empty() ? Json() : Json(place.file)},
                        {"line", number(place.line)}, {"column", number(place.column)}, {"sentence", mistake.message}});
    }
    return json_text(Json{{"sound", mistakes.empty()}, {"mistakes", std::move(list)}});
}

}  // namespace training
