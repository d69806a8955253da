#pragma once

// The way to a time-stamping authority (RFC 3161 over HTTP). It is shown a hash and nothing else, and its answer is signed: an
// address that begins with http:// will do.

#include "training/core/keys.h"
#include "training/records/place.h"

#include <string>

namespace records {

/// Has the closing document of a sealed session stamped by the authority at `url`, and keeps the stamp in the recording. Says by
/// whom and when. One that has a stamp which fits keeps it, and nobody is asked. Errors: a recording that cannot be stamped, an
/// address that cannot be read, an authority that is out of reach, answers something else or is none of `trust`; the recording then
/// stays as it was.
base::Result<std::string> stamp_recording(const base::fs::path& file, const std::string& url, const training::Trust& trust, Patience patience = {});

}  // namespace records
