#pragma once

// The instructor's notes as a section of the report, on the screen alone.

#include "training/core/notes.h"
#include "training/core/phrases.h"

#include <string>
#include <vector>

namespace training {

/// Those given, in their order, each with its moment, author and time of writing; every text is escaped. Empty where there
/// are none. `words`: the report's language.
std::string notes_section(const std::vector<Note>& notes, const Phrases& words);

}  // namespace training
