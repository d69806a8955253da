#pragma once

// Clinical zones by their ids. Ids are the contract with rubrics, lessons and reports; a head has all of them, a pad has
// only "outside" and "pad".
//
//   outside  forehead  glabella  temple_left temple_right  periorbital_left periorbital_right
//   eyelid_left eyelid_right (lids and everything inside the orbital rim; no-go)
//   nose_dorsum  nose_sidewall_left nose_sidewall_right (sidewall and ala)  nostril (no-go)
//   cheek_left cheek_right  upper_lip  vermilion (no-go)  chin  jawline_left jawline_right  neck
//   ear_left ear_right (no-go: not treated, and the canal never is)  pad

#include <cstdint>
#include <string>

namespace face {

struct Zone {
    std::string id;         ///< as above
    std::string kind;       ///< id without _left/_right: what rubrics give bands for
    bool treatable = true;  ///< belongs to a whole-face treatment
    bool no_go = false;     ///< needles never enter
    bool bone = false;      ///< thin fat over bone: the lower force band applies (clinical.md 3.1)
    bool mobile = false;    ///< must be held taut (clinical.md 3)
    uint64_t area_um2 = 0;  ///< true area, sum of its cells
};

}  // namespace face
