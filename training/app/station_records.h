#pragma once

// The record store that a command means.

#include "training/records/store.h"

#include <string>

namespace app {

/// The place that `db` (a file or a server's URL) names, else this station's file.
base::Result<records::Place> store_place(const std::string& db);

/// Refuses a file that is not there: a slip of the pen is no new store.
base::Status check_there(const records::Place& place);

/// The store there; this station's own file is made where there is none.
base::Result<records::Store> open_store(const std::string& db);

}  // namespace app
