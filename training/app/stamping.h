#pragma once

// Time stamps for sealed sessions, by the authority that timestamp.toml in the folder of keys names.

#include "engine/base/files.h"

namespace app {

/// Has a session stamped that was just closed, where an authority is configured. What comes of it is told; whatever it is, the
/// session stays, and `evenhand stamp` can add the stamp later.
void stamp_closed_session(const base::fs::path& recording);

}  // namespace app
