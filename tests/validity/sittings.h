#pragma once

// A validity study over simulated operators: does the score measure what their hands were given? It says
// nothing about people. Sessions are held side by side; what comes out does not depend on threads.

#include "tests/validity/statistics.h"
#include "training/core/operator.h"
#include "training/core/score.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace validity {

/// What is practised and judged.
struct Setting {
    std::shared_ptr<const training::Stage> stage;
    training::Rubric rubric;
    training::Scope scope;
};
/// `face` in the places' content, these zones of it.
Setting make_setting(const base::Places& places, const std::string& face,
                     const std::vector<std::string>& zones);

struct Sitting {
    const Setting* setting = nullptr;
    training::Operator who;
    uint64_t seed = 1;
};
struct Result {
    double total = 0;  ///< points of 100
    bool pass = false;
    std::map<std::string, double> lines;  ///< criterion -> % of its points; only what was assessed
    double seconds = 0;                   ///< of needling and flights, session time
};
/// One result for each sitting, in order.
std::vector<Result> hold(const std::vector<Sitting>& sittings);

/// `count` operators of skills spread evenly over 0 to 1, each with a manner of its own, every other one
/// left-handed.
std::vector<training::Operator> population(size_t count);

/// Mean drop of every line by one fault of size 1, % of the line's points, and of the total, over the same
/// experts with and without it. `with` holds one group of `without.size()` results for each fault, in the
/// order of training::Fault.
struct FaultMatrix {
    std::vector<std::string> lines;           ///< criteria in the rubric's order
    std::vector<std::vector<double>> drop;    ///< [fault][line]
    std::vector<double> total;                ///< [fault], points
    std::vector<std::vector<bool>> assessed;  ///< [fault][line]: a drop could be told
};
FaultMatrix fault_matrix(const training::Rubric& rubric, const std::vector<Result>& without,
                         const std::vector<Result>& with);
std::string table(const FaultMatrix& matrix);
std::string csv(const FaultMatrix& matrix);

/// The criteria on which a fault should show; a rubric may lack some.
std::vector<std::string> own_criteria(training::Fault fault);

/// One line per sitting: face, skill, hand, manner, seed, total, pass, % of each line.
std::string csv(const std::vector<Sitting>& sittings, const std::vector<Result>& results);

}  // namespace validity
