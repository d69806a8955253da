#pragma once

// A second of a made-up session as the bytes of its file, and what holds of every recording that opens.

#include "tests/fuzz/fuzz_target.h"
#include "training/core/recording.h"

namespace fuzz {

std::vector<input::PenSample> some_samples();
std::vector<shared::ContactRecord> some_contacts();
std::vector<shared::Puncture> some_punctures();

Bytes record(bool finished);
/// The same, sealed by a made-up station.
Bytes record_sealed(bool finished);
/// A recording without a chunk.
Bytes record_nothing();

void check_recording(const training::Recording& recording);

}  // namespace fuzz
