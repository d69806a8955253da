#pragma once

// Values of a row, and Troubles turned into errors at the edge of this folder.

#include "training/records/connection.h"

namespace records {

inline std::string text(const Value& value) {
    return value.value_or(std::string());
}

/// Throws Trouble where there is no whole number.
inline int64_t integer(const Value& value) {
    const base::Result<int64_t> read = base::parse_integer(text(value));
    if (!read) throw Trouble{Fate::forbidden, "a number in the store cannot be read; use a copy of it"};
    return *read;
}

/// What `work` gives, or the sentence of its Trouble.
template <typename Work>
auto result_of(Work work) -> base::Result<decltype(work())> {
    try {
        if constexpr (std::is_void_v<decltype(work())>) {
            work();
            return {};
        } else {
            return work();
        }
    } catch (const Trouble& trouble) {
        return base::Error{trouble.why};
    }
}

}  // namespace records
