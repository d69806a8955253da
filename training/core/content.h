#pragma once

// All that is wrong with the content that people edit, as the program tells it when it starts: cases, lessons, rubrics, scopes,
// devices, faces, conditions, the languages and the figures in files of their own. What is sound works without the rest.

#include "engine/base/files.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace training {

/// What people add to the content of the program. A folder need not exist; empty = none.
struct OwnContent {
    base::fs::path lessons, rubrics;
};

/// One sentence for each broken file, with file, line and column as far as there are such, in the order of the list above; a
/// file that only fails because another is broken is left out. Imported patients of places.faces are looked at too.
/// Translations of all languages are; of those that ship also what is gone or lacks texts, which is told in English then. Costs what reading every file costs, some tens of milliseconds.
std::vector<base::Error> content_mistakes(const base::Places& places, const OwnContent& own);

/// Where a mistake is, out of its sentence "FILE:LINE:COLUMN: …", "FILE:LINE: …" or "FILE: …".
struct MistakePlace {
    std::string file;                    ///< empty where the sentence begins with none
    std::optional<uint64_t> line, column;  ///< from 1
};
MistakePlace place_of(const base::Error& mistake);

/// {"sound":false,"mistakes":[{"file":"…","line":3,"column":8,"sentence":"…"}]}: null what is not known, the sentence in English
/// with its place, as the command line tells it. One line.
std::string mistakes_json(std::span<const base::Error> mistakes);

}  // namespace training
