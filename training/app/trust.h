#pragma once

// Whom a command believes, as its --trust options say.

#include "training/core/keys.h"

#include <string>
#include <vector>

namespace app {

/// The public keys and revocations of files and folders together; of none: the keys of this machine. Refused: a place that is not there.
base::Result<training::Trust> read_trust(const std::vector<std::string>& places);

}  // namespace app
