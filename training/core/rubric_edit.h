#pragma once

// Rubrics of one's own: bands, limits, weights, the pass mark and the kinds of pen that count of a rubric changed by an instructor and saved as a new file.
// Shipped rubrics are never written to.

#include "training/core/rubric.h"

namespace training {

/// What the own copies of a rubric are called: "provisional-own".
std::string own_id(const std::string& id);

/// `text` with the numbers of `edited` in it, which was read from that text: bands, the limits that there are, weights, pass
/// mark, kinds of pen, and id, name and revision. Comments, sources and all else stay. A line whose numbers changed says so in its
/// source and takes the certainty tag A.
base::Result<std::string> edited_rubric_text(const std::string& text, const Rubric& edited);

/// A rubric file in an instructor's folder.
struct OwnRubric {
    base::fs::path file;
    Rubric rubric;
};
/// Those that can be read, by file name; a sentence for each other.
std::vector<OwnRubric> own_rubrics(const base::Places& places, const base::fs::path& folder, std::vector<base::Error>& problems);

/// Writes `edited` over `text` as the next version in the folder (made on demand): id ID-own, revision REVISION+own.N, file
/// ID-own-N.toml, N above that of every file there. No file is ever written over. The first mistake where it is not sound.
base::Result<base::fs::path> save_own_rubric(const base::Places& places, const base::fs::path& folder, const std::string& text,
                                             Rubric edited);

}  // namespace training
