#pragma once

// What sessions are judged by: a rubric and a scope of practice, as files have them and as they hold for a stage's device.

#include "training/core/rubric.h"
#include "training/core/session.h"

#include <map>

namespace training {

struct Yardstick {
    Rubric rubric;  ///< as its file has it
    Scope scope;
    Rubric held;    ///< rubric_for() the stage's device
};
/// `rubric`, `scope`: id or TOML file; empty = the one that the stage's case prescribes.
base::Result<Yardstick> load_yardstick(const base::Places& places, const Stage& stage, const std::string& rubric = {},
                                       const std::string& scope = {});

/// Rubrics and scopes, each loaded once, and what tells one yardstick from another.
class Yardsticks {
  public:
    explicit Yardsticks(const base::Places& places) : places_(places) {}
    const base::Result<Rubric>& rubric(const std::string& id);
    const base::Result<Scope>& scope(const std::string& id);
    /// Hash of both, of the figures for end points and care, and of the program's version.
    std::string key(const Rubric& rubric, const Scope& scope);

  private:
    base::Places places_;
    std::string figures_;
    std::map<std::string, base::Result<Rubric>> rubrics_;
    std::map<std::string, base::Result<Scope>> scopes_;
};

}  // namespace training
