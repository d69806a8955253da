#pragma once

// A made-up result of an exam as a station keeps and sends it.

#include "engine/base/hash.h"
#include "training/records/record.h"

namespace fuzz {

inline records::SessionResult some_result() {
    const std::string rubric = "id = \"provisional\"\n", evidence(64, 'a');
    const std::string hash = base::sha256(std::string_view(rubric)).hex();
    return {{evidence, "demo", "pen-12", hash, "2026-11-21T09:30:05Z", "mouse", "A-17", "room 2", 1, records::SessionKind::exam, "/x.evh"},
            {hash, "provisional", "1", rubric},
            {evidence, hash, std::string(64, 'b'), 8123, 8000, true, "{\"total\":8123}"}};
}

}  // namespace fuzz
