#pragma once

// Many recordings: those of a folder, and their stages, each made once.

#include "training/core/session.h"

#include <map>

namespace training {

/// The recordings (*.evh) of a folder, by name. Errors: a folder that is missing or cannot be read.
base::Result<std::vector<base::fs::path>> recordings_in(const base::fs::path& folder);

class Stages {
  public:
    explicit Stages(const base::Places& places) : places_(places) {}
    /// Of a recording whose logs fit it. Errors name `file`, and what no longer is as it was recorded.
    base::Result<std::shared_ptr<const Stage>> of(const Recording& recording, const base::fs::path& file);

  private:
    base::Places places_;
    std::map<std::string, std::shared_ptr<const Stage>> stages_;  ///< by what a recording's header says of them
};

}  // namespace training
