#include "training/core/decimal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace training {

std::string fixed_decimal(int64_t thousandths, int digits) {
    const int64_t unit = digits >= 3 ? 1 : digits == 2 ? 10 : digits == 1 ? 100 : 1000;
    const int64_t rounded = (std::abs(thousandths) + unit / 2) / unit * unit;
    std::string text = fmt::format("{}.{:03}", rounded / 1000, rounded % 1000);
    text.resize(text.size() - static_cast<size_t>(digits > 0 ? 3 - std::min(digits, 3) : 4));
    return thousandths < 0 && rounded != 0 ? "−" + text : text;
}

std::string decimal(int64_t thousandths, int digits) {
    std::string text = fixed_decimal(thousandths, digits);
    if (text.find('.') == std::string::npos) return text;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text == "−0" ? "0" : text;
}

std::string hundredths_text(int64_t hundredths) {
    return fixed_decimal(hundredths * 10, 2);
}

std::string points_text(double hundredths) {
    return fixed_decimal(std::llround(hundredths * 10), 1);
}

}  // namespace training
