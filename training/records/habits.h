#pragma once

// records.toml beside a station's file: what its records do without being told. Nothing in it is needed.
//
//   version = 1
//   url = "postgresql://…"     # where `records add` and `records send` send to
//   station = "room 2"         # name of this machine
//   lrs = "https://…"          # learning record store
//   home = "https://…"         # the school's address, for whom the codes mean somebody; without it no statements are made

#include "engine/base/files.h"

#include <string>

namespace records {

struct Habits {
    std::string url, station, lrs, home;  ///< empty where the file does not say
};

/// Of a file that is not there, nothing. Mistakes name line and column.
base::Result<Habits> read_habits(const base::fs::path& file);

}  // namespace records
