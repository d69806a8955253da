#pragma once

// From what people write about an exam (TOML) to the package that a body signs.
//
//   version = 1
//   id = "board-2026"
//   title = "Practical exam"
//   source = "exam regulations of the board, section 4"
//   cases = ["demo"]                  # ids; attempt k treats the k-th, and then from the first again
//   rubric = "provisional"
//   scope = "medical"
//   devices = ["pen-12"]
//   time_limit_s = 1800
//   from = "2026-11-21T00:00:00Z"     # attempts are begun from then on
//   until = "2026-12-21T00:00:00Z"    # to then
// and where they differ from what stands here:
//   attempts = 3
//   pause_limit_s = 0
//   resume_limit_s = 300
//   seeds = [1, 2, 3]                 # one per attempt
//   tells_score = false
//   programs = ["…"]                  # SHA-256 of the builds that may hold it; without it, the one that makes the package
//   nonce = "…"                       # 32 to 128 hexadecimal digits; without it, 64 random ones

#include "training/core/exam.h"

namespace training {

/// All but body, made and hash; content is this machine's. Mistakes name line and column. Loads each face, which takes seconds.
base::Result<ExamPackage> read_exam_plan(const base::Places& places, const base::fs::path& file);
/// The same of a text; `name` stands for the file in messages.
base::Result<ExamPackage> read_exam_plan(const base::Places& places, const std::string& text, const std::string& name);

/// The exam's document, made and signed now by `body`, a body's key.
base::Result<std::string> make_exam(ExamPackage plan, const OpenKey& body);

}  // namespace training
