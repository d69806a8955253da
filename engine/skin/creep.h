#pragma once

// One step of the late part of skin's answer (quasi-linear viscoelasticity, Fung 1981; a Prony series in creep):
//     u(t) = C [c₀ f(t) + Σ_k c_k q_k(t)],    τ_k dq_k/dt = f − q_k,    c₀ + Σ c_k = 1,
// for a load f that is linear in time within the step: q_k' = kept q_k + of_last f_before + of_new f_now, exactly.

#include "engine/skin/skin_model.h"

#include <vector>

namespace skin {

class CreepStep {
  public:
    static constexpr size_t kMostTerms = SkinModel::kMostRelaxations;
    struct Term {
        double share, time;  ///< c_k; τ_k in s
        double kept = 1, of_last = 0, of_new = 0;
    };

    explicit CreepStep(const SkinModel& model);

    /// A step of 0 s changes nothing.
    void set(double seconds);
    const std::vector<Term>& terms() const { return terms_; }
    /// Share of a load that is found at the step's end which the answer then already has.
    double present_share() const { return present_share_; }
    /// Of it, what comes at once however short the step.
    double instant_share() const { return instant_share_; }
    size_t heap_bytes() const { return base::heap_bytes(terms_); }

  private:
    std::vector<Term> terms_;
    double instant_share_, present_share_, seconds_ = 0;
};

}  // namespace skin
