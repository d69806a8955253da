#pragma once

// Content in the reader's language. What people read of a content file (content/cases/visit-ama-glow.toml) stands a second
// time in content/locale/LANGUAGE/cases/visit-ama-glow.toml: the same tables and keys, the texts alone. Entries of an array
// of tables are matched by their `id` or `event`, else by their place.
//
//   [[question]]
//   id = "illness"
//   answer = "..."
//
// A translation reaches what is shown and nothing else: only the keys of is_text_to_read() can be replaced, never an id, a
// figure or a flag, and hashes and recordings are of the text as it was written. What has no translation stays as it is;
// so do texts that differ from the shipped file's (a case edited since, or one out of an older recording).

#include "engine/base/files.h"

#include <toml++/toml.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// `table`: the name of the table that holds it, "" for the file's own keys.
bool is_text_to_read(std::string_view table, std::string_view key);

/// All such texts of a file: "question.illness.answer" -> the text.
std::map<std::string, std::string> texts_to_read(const toml::table& file);

/// Puts the texts of places.language into `file`, which came from `content` under places.data ("cases/demo.toml"). Does
/// nothing without a language, for English and where there is no translation; what is wrong with a translation is left
/// out here and told by translation_mistakes().
void translate(toml::table& file, const Places& places, const fs::path& content);

/// What is wrong with the translations into places.language, with file, line and column: texts of which the content file
/// has none, values that are no texts, files of content that is not there; and of a file that is sound else, how many texts it lacks.
std::vector<Error> translation_mistakes(const Places& places);

}  // namespace base
