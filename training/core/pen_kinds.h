#pragma once

// What led the pen: a rubric may ask for certain kinds (`pens = ["stylus", "tracked"]`), since with a mouse neither force nor
// tilt is the hand's own.

#include "training/core/phrases.h"
#include "training/core/recording.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace training {

/// "mouse", "stylus", "gamepad", "tracked", "keys"; "file" and "operator", which no hand leads.
std::span<const std::string_view> pen_kinds();

/// `allowed` (empty = any) with a kind taken in, or out where it is there; in the order of pen_kinds(). All of them is any.
std::vector<std::string> with_pen_toggled(std::span<const std::string> allowed, std::string_view kind);

/// Those that led the pen of this session, in the order in which each first did: its events `pen` ("stylus 8192 levels") and, of
/// one without, the header's source.
std::vector<std::string> pens_of(const Recording& recording);

/// Why a session that `pens` led does not count under a rubric that asks for `allowed`; empty where it does. No kind allowed =
/// any.
std::string wrong_pen(std::span<const std::string> pens, std::span<const std::string> allowed,
                      const Phrases& phrases = Phrases::english());

}  // namespace training
