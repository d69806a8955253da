#pragma once

// What a C library gave, for a unique_ptr that gives it back by that library's own function.

namespace base {

template <auto Free>
struct Freed {
    template <typename T>
    void operator()(T* pointer) const { Free(pointer); }
};

}  // namespace base
