#pragma once

// One moment of a session: what the hand did then, in words, and the session as it stood.

#include "training/core/session.h"

#include <span>

namespace training {

/// The last sample at or before a time; none before the first.
const input::PenSample* sample_at(std::span<const input::PenSample> samples, uint32_t time_us);
/// The last contact record at or before a time, if it is of that very moment (within two steps); else none: the pen was off
/// the skin.
const shared::ContactRecord* contact_at(std::span<const shared::ContactRecord> contacts, uint32_t time_us);

/// What was recorded up to a time; not finished.
Recording until(const Recording& recording, uint32_t time_us);

/// "0:41.2: the pen presses with 0.83 N on the left cheek, tilted 4.1 degrees, gliding at 2.2 cm/s; needles set to 0.5 mm".
std::string moment_words(std::span<const input::PenSample> samples, std::span<const shared::ContactRecord> contacts,
                         const face::FaceAsset& face, uint32_t time_us);

}  // namespace training
