#pragma once

// What the import of a scan found and did, in the language spoken. The command line says the same with Words::english().

#include "engine/face/face_import.h"
#include "training/app/strings.h"

#include <string>

namespace app {

/// "1190 parts: the head was kept, …": one sentence without a full stop.
std::string finding_words(const Words& words, const face::Finding& finding);

}  // namespace app
