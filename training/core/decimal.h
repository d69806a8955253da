#pragma once

// Whole numbers of thousandths or hundredths as people read them: with a decimal point, in every language.

#include <cstdint>
#include <string>

namespace training {

/// Thousandths as a decimal number without needless zeros: 12340 -> "12.34", 3000 -> "3". At most `digits` (0..3) decimals.
std::string decimal(int64_t thousandths, int digits = 3);
/// The same with exactly `digits` decimals, for columns.
std::string fixed_decimal(int64_t thousandths, int digits);
/// Points, totals and shares as they are kept: 8105 -> "81.05".
std::string hundredths_text(int64_t hundredths);
/// Points, totals and their means where many stand together, as in lists and plots: 8105 hundredths -> "81.1".
std::string points_text(double hundredths);

}  // namespace training
