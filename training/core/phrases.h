#pragma once

// Every sentence that the program makes, by key, from content/locale/LANGUAGE.toml: what screens show and what the score,
// the report and the healing tell. Texts may hold named places: "{value} mm". A text that a language lacks is English.
//
// What is stored or printed for other programs (`score --json`) is English always: whoever is given no Phrases says it with
// english(), which is content/locale/en.toml as it was when the program was built, so that a score asks for no file.
//
// What is wrong (base::Error) is told in the reader's language too. English sentences stand in the code; the others in
// content/locale/refusals, found by the English form with its places.

#include "engine/base/files.h"
#include "engine/base/sentence.h"

#include <fmt/args.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace training {

class Phrases {
  public:
    /// content/locale/LANGUAGE.toml of `places` over its English, and its refusals/LANGUAGE.toml where there is one. Errors name file, line and column.
    static base::Result<Phrases> load(const base::Places& places, const std::string& language = "en");
    /// The built-in ones. Made once, and then the same for all threads.
    static const Phrases& english();
    /// They are the built-in ones: what is said with them is read by programs too, and calls things by their ids.
    bool for_programs() const { return this == &english(); }
    /// `text` is TOML over what this has already; `file` is named in errors.
    base::Status add(const std::string& text, const std::string& file);

    bool has(std::string_view key) const { return texts_.find(key) != texts_.end(); }
    /// The text as it stands, and ‹key› where there is none. The reference lives as long as the Phrases.
    const std::string& operator()(std::string_view key) const;
    /// The text with its named places filled: phrases("value.mm", fmt::arg("value", 0.5)).
    template <typename... Args>
    std::string operator()(std::string_view key, const Args&... args) const {
        return fill(key, fmt::make_format_args(args...));
    }
    /// What is wrong, in this language: the translation of the error's form in content/locale/refusals/LANGUAGE.toml, filled. What
    /// has none is told in English. Zones that an error gives as base::named("zone_in.ID", ID) are called by their names.
    std::string operator()(const base::Error& error) const;
    /// Of all texts "KIND.…": "reason" -> "reason.above", "reason.below", …
    std::vector<std::string> keys(std::string_view kind) const;
    /// The name of something that content or evidence calls `id`: the text "KIND.ID", or the id itself where
    /// the language file has no name for it (a pad's or rubric's own invention).
    std::string name(std::string_view kind, std::string_view id) const;

  private:
    using Texts = std::map<std::string, std::string, std::less<>>;
    /// What was asked for in vain, so that it is logged once. Copies share it.
    struct Missing {
        std::mutex mutex;
        Texts texts;
    };

    std::string fill(std::string_view key, fmt::format_args args) const;

    Texts texts_;
    base::Translations refusals_;
    std::shared_ptr<Missing> missing_ = std::make_shared<Missing>();
};

/// What load() takes and yet cannot show: texts and refusals whose places, such as {count}, are not those of the English ones,
/// with file, line and column, and how many of the English texts it lacks. Nothing of a file that load() refuses.
std::vector<base::Error> phrase_mistakes(const base::Places& places, const std::string& language);

}  // namespace training
