#pragma once

// Whether all that a case names is there: face, zones, device, rubric, scope, conditions, and what its consultation takes from
// content/procedure.toml. Told before anybody opens the case, from the files alone: no face is baked for it.

#include "training/core/case.h"
#include "training/core/procedure.h"

#include <map>

namespace training {

/// Remembers what it has looked up, so that a list of cases costs little more than one. Where the content has no folder of a
/// kind, or it cannot be read, nothing of that kind is looked up: whoever loads it tells.
class CaseNames {
  public:
    explicit CaseNames(base::Places places);

    /// Refuses what is not there, and a zone that is never needled, with file, line and column of the name and what there is
    /// instead. A file that is there but broken is no mistake of the case.
    base::Status check(const Case& practice);

  private:
    using Zones = std::vector<face::Zone>;
    base::Status check_zones(const Case& practice);
    base::Status check_conditions(const Case& practice, const Zones& zones) const;
    /// Null where the face is broken.
    const Zones* zones_of(const std::string& face);
    bool has(const char* folder) const;

    base::Places places_;
    std::map<std::string, base::Result<Zones>> zones_;  ///< by face
    base::Result<Procedure> procedure_;
    std::vector<base::Error> broken_kinds_;
    base::Result<std::vector<face::ConditionKind>> kinds_;
};

}  // namespace training
