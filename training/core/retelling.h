#pragma once

// What a score says in English, in another language. A store keeps `score --json`, which is for programs: sentences, and not what
// they were made of. So each is found again by the text of content/locale/en.toml that it was made with, the figures and names
// are taken out of it, and the other language's text is filled with them.

#include "training/core/phrases.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace training {

class Retelling {
  public:
    /// Into places.language; "en" too, which calls by name what programs call by id. Reads the words of both, and the names in
    /// shipped rubrics and in the procedure. Errors name the file.
    static base::Result<Retelling> load(const base::Places& places);

    /// The sentence that score() says with the language's Phrases where it says this one in English: a reason, a note or a failure.
    /// None for what no score of this program says, and for more than 2000 bytes.
    std::optional<std::string> operator()(std::string_view english) const;

  private:
    using Texts = std::map<std::string, std::string, std::less<>>;
    /// A text with named places, cut in order: what stands before each place, then what stands behind the last.
    struct Form {
        std::string key;
        std::vector<std::string> words, places;  ///< one more of the words
    };
    using Filled = std::vector<std::string_view>;

    explicit Retelling(Phrases ours) : ours_(std::move(ours)) {}
    static Form form_of(const std::string& key, std::string_view text);
    void learn_words();
    base::Status learn_content(const base::Places& places);
    std::optional<std::string> whole(std::string_view english, int depth) const;
    std::optional<std::string> by_form(const Form& form, std::string_view english, int depth) const;
    std::optional<std::string> with_tail(std::string_view english, int depth) const;
    std::optional<std::string> argument(const std::string& place, std::string_view text, int depth) const;
    std::string names(const Texts& known, std::string_view text) const;

    Phrases ours_;
    std::vector<Form> forms_;
    std::map<std::string, Texts, std::less<>> names_;  ///< by place: what English calls something, and what we do
    Texts sentences_;                                  ///< of content: said as they stand
};

/// A sentence of a score as people read it: with a capital; one that begins with a zone ("periorbital: …") calls it by its name.
std::string as_read(const Phrases& words, std::string sentence);

}  // namespace training
