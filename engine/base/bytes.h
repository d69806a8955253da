#pragma once

// How much memory values keep beside themselves.

#include <cstddef>
#include <vector>

namespace base {

/// On the heap; of elements that keep nothing there themselves.
template <typename... T>
size_t heap_bytes(const std::vector<T>&... vectors) {
    return (size_t{0} + ... + (vectors.capacity() * sizeof(T)));
}

}  // namespace base
