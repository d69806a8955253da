#include "engine/base/toml.h"
#include "engine/base/translation.h"
#include "tests/fuzz/fuzz_target.h"
#include "training/core/phrases.h"

#include <spdlog/spdlog.h>

// What translators write: sentences with places, refusals by their English form, and the texts of content.

namespace fuzz {

namespace {

constexpr const char* kLanguage = "xx";

constexpr const char* kWords = R"(version = 1
[report]
title = "Rapport {name}: {value:.1f} {unit}"
none = "{{nichts}}"
[reason.above]
words = "{value} {unit}"
)";
constexpr const char* kRefusals = R"toml(version = 1
"'{}' is not a finite number" = "«{}»: keine endliche Zahl"
"'{}' is not a whole number" = "{0}, {0}"
"{}:{}:{}: {}" = "{3} ({0}, {1}, {2})"
)toml";

const ScratchFolder& folder() {
    static const ScratchFolder one("locale");
    static const bool ready = [] {
        one.write("locale/en.toml", as_bytes(kWords));
        one.write("cases/demo.toml", content("cases/demo.toml"));
        return true;
    }();
    CHECK(ready);
    return one;
}

base::Places places() {
    return {folder().path(), {}, folder().path() / "cache", {}, kLanguage};
}

/// Every sentence of the file can be said, whatever its places ask for.
void say_all(const training::Phrases& phrases, const std::string& text) {
    const auto table = base::parse_toml(text, "it");
    if (!table) return;
    for (const auto& [kind, node] : *table)
        for (const std::string& key : phrases.keys(kind.str()))
            (void)phrases(key, fmt::arg("value", 0.5), fmt::arg("name", "Ana"), fmt::arg("unit", "mm"), fmt::arg("count", 3));
}

bool is_words(std::span<const uint8_t> bytes) {
    folder().write("locale/xx.toml", bytes);
    folder().write("locale/refusals/xx.toml", as_bytes("version = 1\n"));
    const auto phrases = training::Phrases::load(places(), kLanguage);
    if (!phrases) {
        CHECK(phrases.error().message.find('\n') == std::string::npos, phrases.error().message);
        return false;
    }
    say_all(*phrases, std::string(as_text(bytes)));
    return true;
}

/// A refusal in another language is a sentence too, and loses nothing that was to be told.
bool is_refusals(std::span<const uint8_t> bytes) {
    folder().write("locale/xx.toml", as_bytes("version = 1\n"));
    folder().write("locale/refusals/xx.toml", bytes);
    const auto phrases = training::Phrases::load(places(), kLanguage);
    if (!phrases) return false;
    const base::Error inner = base::parse_number("MARK").error();
    for (const base::Error& error : {inner, base::parse_integer("MARK").error(), base::error("{}:{}:{}: {}", "MARK", 1, 2, inner)}) {
        const std::string told = (*phrases)(error);
        CHECK(told.find("MARK") != std::string::npos, told);
    }
    return true;
}

/// Texts to read are changed and nothing else.
bool is_translation(std::span<const uint8_t> bytes) {
    folder().write("locale/xx/cases/demo.toml", bytes);
    const std::string demo(as_text(content("cases/demo.toml")));
    toml::table shown = *base::parse_toml(demo, "demo.toml");
    base::translate(shown, places(), "cases/demo.toml");
    CHECK(shown.size() == base::parse_toml(demo, "demo.toml")->size());
    CHECK(shown["id"].value<std::string>() == "demo");
    const auto mistakes = base::translation_mistakes(places());
    for (const base::Error& mistake : mistakes) CHECK(mistake.message.find('\n') == std::string::npos, mistake.message);
    return mistakes.empty();
}

bool accepts(std::span<const uint8_t> bytes) {
    spdlog::set_level(spdlog::level::off);
    const bool words = is_words(bytes), refusals = is_refusals(bytes), translation = is_translation(bytes);
    return words || refusals || translation;
}

}  // namespace

Target locale_toml() {
    return {"locale_toml", {as_bytes(kWords), as_bytes(kRefusals), content("locale/es/cases/demo.toml")}, accepts, 1000};
}

}  // namespace fuzz

FUZZ_PROGRAM(locale_toml)
