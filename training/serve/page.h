#pragma once

// What all pages of the desk share: the frame round them, links, numbers and times as they are read. Everything foreign goes
// through escape_html, every word through Phrases.

#include "training/core/html.h"
#include "training/core/retelling.h"
#include "training/records/store.h"
#include "training/serve/address.h"
#include "training/serve/sign_in.h"

#include <fmt/format.h>

#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace serve {

using Text = std::string;

template <typename... Args>
void add(Text& text, fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
}

/// A language: its words, what shipped rubrics call their lines in it, and what a score says in it.
struct Tongue {
    std::string id;
    training::Phrases words;
    std::map<std::string, std::string> criteria;  ///< names by id
    training::Retelling retelling;

    /// A text of the language, escaped.
    template <typename... Args>
    Text say(std::string_view key, const Args&... args) const {
        return training::escape_html(words(key, args...));
    }
    /// A name by id, escaped.
    Text name(std::string_view kind, std::string_view id) const { return training::escape_html(words.name(kind, id)); }
    /// "81,25" of hundredths, "4,2" of thousandths.
    Text points(int64_t hundredths) const;
    Text decimal(int64_t thousandths, int digits) const;
    /// What a score says in English, escaped; what is in no other language stays, marked as English.
    Text sentence(const std::string& english) const;
};

/// One page as it is being made.
struct Page {
    const Tongue& tongue;
    const SignedIn* who = nullptr;  ///< null: nobody is signed in
    Text title = {};                ///< not escaped
    Text body = {};
    Text here = {};                 ///< address of the page, of those that the navigation names
};
/// The whole document.
Text framed(const Page& page);

using Where = std::vector<std::pair<std::string, std::string>>;
/// <a href="…">text</a>; `text` is escaped already.
Text link(std::string_view path, const Where& fields, const Text& text);
/// Moves through a list: earlier, later; nothing where all is on one page.
Text pager(const Tongue& tongue, std::string_view path, Where fields, size_t page, bool more);

/// <time datetime="2026-11-21T09:30:05Z">2026-11-21 09:30</time>, a dash for an empty one.
Text time_words(const Text& utc);
Text passed_pill(const Tongue& tongue, bool passed);
/// pass, fail, void, as an examiner says it.
Text decision_pill(const Tongue& tongue, const Text& verdict);
/// A cohort's name, or the words for none.
Text cohort_words(const Tongue& tongue, const Text& cohort);
/// The first letters of an evidence hash, as people type them.
Text short_hash(const Text& evidence);

}  // namespace serve
