#pragma once

// Errors in the reader's language. error() keeps the English form of a sentence beside what fills its places, and a
// translation is found by that form, as gettext does it: the code holds the English, a file the other languages. Control letters in
// what fills a place (a name out of somebody's file) are ? in both.

#include "engine/base/result.h"

#include <map>

namespace base {

/// By the English form with its places: "{}: is empty" -> "{}: está vacío". Places are {} in the order of the form's, or {0},
/// {1} in any other; {{ and }} stand for braces.
using Translations = std::map<std::string, std::string, std::less<>>;

/// The sentence in another language, and each sentence in it too. What has no translation, or one whose places are not the
/// form's, stays English. A text that fills a place is translated where it stands in `translations` as a whole. What has several
/// places is told as the first shows it.
std::string told(const Error& error, const Translations& translations);

/// An id that languages have a name for, to fill a place: `id` in English, else the translation of `form`, "zone_in.chin".
Error named(std::string form, std::string id);

/// A sentence that names files by their names alone, and where they lie, each once: for a reader who knows the file, and for one
/// who has to find it. What fills a place counts as a file where it is a path from the root.
struct NamedFiles {
    Error error;
    std::vector<std::string> paths;
};
NamedFiles with_file_names(const Error& error);

/// The arguments that a text has places for, from 0, rising, each once; {} takes the next, {0} the first, and so does a width or
/// precision in a place, {:.{}f}, which is none itself. Nothing where its braces do not close.
std::optional<std::vector<size_t>> places_in(std::string_view form);

}  // namespace base
