#pragma once

namespace training {

/// The report's style sheet: screen and A4. Colours keep their order of lightness without hue, so the page also reads in
/// grey and with any colour-vision deficiency.
extern const char* const kReportStyle;

}  // namespace training
