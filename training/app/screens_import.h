#pragma once

// Between the two screens of an import: from a file chosen to its landmarks, and back.

#include "training/app/scan_import.h"
#include "training/app/screens.h"

namespace app {

/// Fits `request` in the background, then shows its landmarks; its error leads back to the choice of a file.
/// `before`: a fit of the same file, or null. `patient`: what was told of them so far.
std::unique_ptr<Screen> fit_and_show(Desk& desk, const ScanRequest& request,
                                     std::shared_ptr<const FittedScan> before,
                                     const face::ScanPatient& patient);

/// The landmarks of a fitted scan, which is on stage.
std::unique_ptr<Screen> landmark_screen(Desk& desk, std::shared_ptr<const FittedScan> scan,
                                        const face::ScanPatient& patient);

/// Enter, Escape, Tab and the arrows up and down end the typing into a field; true when one of them did.
/// ImGui, which looks at keys once a frame, would miss those that go down and up between two.
bool ended_typing(const Desk& desk);

}  // namespace app
