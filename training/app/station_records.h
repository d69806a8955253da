#pragma once

// The record store that a command means.

#include "training/records/store.h"

#include <string>

namespace app {

/// Refuses a file that was named and is not there: a slip of the pen is no new store.
base::Status check_there(const std::string& db, const records::Place& place);

/// `db` (a file or a server's URL), else this station's file.
base::Result<records::Store> open_store(const std::string& db);

}  // namespace app
