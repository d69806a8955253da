// One text for C++20 and GLSL 460. A header under shaders/shared/ includes this first, wraps itself in SHARED_BEGIN and
// SHARED_END, marks functions SHARED_FUNCTION, and uses only uint, int, float, uint64_t, arrays and structs of them.
#ifndef EVENHAND_SHARED_LANGUAGE_H
#define EVENHAND_SHARED_LANGUAGE_H

#ifdef __cplusplus
#include <cstdint>
#define SHARED_BEGIN namespace shared {
#define SHARED_END }
#define SHARED_FUNCTION inline
#define SHARED_CONST constexpr
namespace shared {
using uint = uint32_t;
}
#else
#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_shader_explicit_arithmetic_types_int64 : require
#define SHARED_BEGIN
#define SHARED_END
#define SHARED_FUNCTION
#define SHARED_CONST const
#endif

#endif
