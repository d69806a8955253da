#pragma once

// The figures that a visit offers for an act, of content/visit_figures.toml: minutes to wait, days to defer, depths, ages of healing
// to look at. Which are right is not theirs to say.

#include "engine/base/files.h"

#include <map>
#include <string>
#include <vector>

namespace app {

/// Of one act, in the order of their size.
struct FigureLadder {
    std::vector<std::string> steps;  ///< as the event's value writes them; never empty
    int first = 0;                   ///< place of the one shown before any was chosen
    std::string unit;                ///< "min", "hour", "day", "week", "mm", "count"
};

class VisitFigures {
  public:
    /// content/visit_figures.toml. Errors name file, line and column.
    static base::Result<VisitFigures> load(const base::Places& places);
    static base::Result<VisitFigures> read(const base::fs::path& file);

    /// Of an event; those of "other" where it has none of its own.
    const FigureLadder& of(const std::string& event) const;

  private:
    std::map<std::string, FigureLadder> ladders_;
};

}  // namespace app
