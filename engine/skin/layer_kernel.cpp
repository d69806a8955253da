#include "engine/skin/layer_kernel.h"

#include "engine/base/deterministic_math.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace skin {
namespace {

using base::det::kPi;

constexpr double kSquareSelf =
    3.52549435;  // 4 ln(1 + sqrt 2): integral of 1/|x| over a unit square from its centre

/// Next line without its end; empty optional after the last one.
std::optional<std::string_view> take_line(std::string_view& rest) {
    if (rest.empty()) return std::nullopt;
    size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

base::Result<std::vector<double>> parse_numbers(std::string_view line) {
    std::vector<double> values;
    while (true) {
        size_t comma = line.find(',');
        base::Result<double> value = base::parse_number(line.substr(0, comma));
        if (!value) return value.error();
        values.push_back(*value);
        if (comma == std::string_view::npos) return values;
        line.remove_prefix(comma + 1);
    }
}

/// Slope per step at node i of an even function of ρ: fourth-order differences, one-sided only at the far
/// end, where the kernel is nearly straight.
double slope_per_step(const std::vector<double>& v, size_t i) {
    size_t last = v.size() - 1;
    if (i == 0) return 0.0;
    if (i == last) return v[last] - v[last - 1];
    if (i == last - 1) return 0.5 * (v[last] - v[last - 2]);
    double before2 = i == 1 ? v[1] : v[i - 2];  // mirror image at ρ = 0
    return (8.0 * (v[i + 1] - v[i - 1]) - (v[i + 2] - before2)) / 12.0;
}

double hermite(double v0, double v1, double m0, double m1, double t) {
    double rise = v1 - v0;
    return v0 + t * (m0 + t * ((3.0 * rise - 2.0 * m0 - m1) + t * (m0 + m1 - 2.0 * rise)));
}

}  // namespace

double disc_potential(double t) {
    // Jackson, Classical Electrodynamics 3.13: in the plane, inside 4R E(r²/R²), outside 4r [E(m) − (1−m)
    // K(m)], m = R²/r².
    double radius = 1.0 / std::sqrt(kPi);
    bool inside = t < radius;
    double m = inside ? t * t / (radius * radius) : radius * radius / (t * t);
    if (m >= 1.0) return 4.0 * radius;
    double a = 1.0, b = std::sqrt(1.0 - m), c = std::sqrt(m), sum = 0.5 * m, power = 1.0;
    for (int i = 0; i < 12 && c > 1e-17; ++i) {  // quadratic convergence
        double mean = 0.5 * (a + b);
        c = 0.5 * (a - b);
        b = std::sqrt(a * b);
        a = mean;
        sum += power * c * c;
        power *= 2.0;
    }
    double first_kind = kPi / (2.0 * a), second_kind = first_kind * (1.0 - sum);
    return inside ? 4.0 * radius * second_kind : 4.0 * t * (second_kind - (1.0 - m) * first_kind);
}

base::Result<LayerKernel> LayerKernel::load(const base::Places& places) {
    base::fs::path path = places.data / "skins" / "layer_kernel.csv";
    base::Result<std::string> text = base::read_text(path);
    if (!text) return text.error();
    return parse(*text, path.string());
}

base::Result<LayerKernel> LayerKernel::parse(std::string_view text, const std::string& name) {
    LayerKernel kernel;
    std::vector<double> rho;
    int number = 0;
    bool have_header = false;
    while (std::optional<std::string_view> line = take_line(text)) {
        ++number;
        if (line->empty() || line->starts_with('#')) continue;
        if (!have_header && !line->starts_with("rho,"))
            return base::error("{}:{}: expected 'rho' and Poisson's ratios; restore the file", name, number);
        base::Result<std::vector<double>> values = parse_numbers(have_header ? *line : line->substr(4));
        if (!values) return base::error("{}:{}: {}; restore the file", name, number, values.error());
        if (!have_header) {
            kernel.poisson_ = *values;
            kernel.value_.resize(values->size());
            have_header = true;
            continue;
        }
        if (values->size() != kernel.poisson_.size() + 1)
            return base::error("{}:{}: {} columns where {} are needed; restore the file", name, number,
                               values->size(), kernel.poisson_.size() + 1);
        rho.push_back(values->front());
        for (size_t k = 0; k < kernel.poisson_.size(); ++k) kernel.value_[k].push_back((*values)[k + 1]);
        double step = rho.size() > 1 ? rho[1] - rho[0] : 0.0;
        if (rho[0] != 0.0 || (rho.size() > 1 && !(step > 0.0)) ||
            std::fabs(rho.back() - static_cast<double>(rho.size() - 1) * step) > 1e-9)
            return base::error("{}:{}: rho must rise from 0 in equal steps; restore the file", name, number);
    }
    if (kernel.poisson_.size() < 2 || rho.size() < 8)
        return base::error("{}:{}: too few rows or columns; restore the file", name, number);
    if (!std::is_sorted(kernel.poisson_.begin(), kernel.poisson_.end(), std::less_equal<>()) ||
        std::adjacent_find(kernel.poisson_.begin(), kernel.poisson_.end()) != kernel.poisson_.end())
        return base::error("{}: Poisson's ratios must rise; restore the file", name);
    kernel.rho_step_ = rho[1];
    kernel.rho_max_ = rho.back();
    for (const std::vector<double>& column : kernel.value_) {
        kernel.slope_.emplace_back();
        for (size_t i = 0; i < column.size(); ++i) kernel.slope_.back().push_back(slope_per_step(column, i));
    }
    return kernel;
}

base::Hash LayerKernel::hash() const {
    base::Hasher hasher;
    hasher.values(std::span<const double>(poisson_)).value(rho_step_).value(rho_max_);
    for (const std::vector<double>& column : value_) hasher.values(std::span<const double>(column));
    return hasher.finish();
}

LayerKernel::Between LayerKernel::find_poisson(double poisson) const {
    double nu = std::clamp(poisson, poisson_.front(), poisson_.back());
    size_t low = 0;
    while (low + 2 < poisson_.size() && poisson_[low + 1] <= nu) ++low;
    return {low, (nu - poisson_[low]) / (poisson_[low + 1] - poisson_[low])};
}

double LayerKernel::integral(double rho, double poisson) const {
    if (!(rho < rho_max_)) return 1.0 / rho;
    Between nu = find_poisson(poisson);
    double at = rho / rho_step_;
    size_t i = std::min(static_cast<size_t>(at), value_[0].size() - 2);
    double t = at - static_cast<double>(i);
    auto column = [&](size_t k) {
        return hermite(value_[k][i], value_[k][i + 1], slope_[k][i], slope_[k][i + 1], t);
    };
    return column(nu.low) + nu.share * (column(nu.low + 1) - column(nu.low));
}

double LayerKernel::displacement(double r, double thickness, double stiffness, double poisson) const {
    double compliance = (1.0 - poisson * poisson) / (kPi * stiffness);
    return compliance * (1.0 / r - integral(r / thickness, poisson) / thickness);
}

double LayerKernel::self_displacement(double area, double thickness, double stiffness, double poisson) const {
    double compliance = (1.0 - poisson * poisson) / (kPi * stiffness);
    return compliance * (kSquareSelf / std::sqrt(area) - integral(0.0, poisson) / thickness);
}

LayerField::LayerField(const LayerKernel& kernel, double thickness, double poisson)
    : thickness_(thickness), poisson_(poisson), nodes_per_metre_(1.0 / (thickness * kernel.rho_step_)), disc_(disc_table()) {
    LayerKernel::Between nu = kernel.find_poisson(poisson);
    size_t nodes = kernel.value_[0].size();
    last_ = static_cast<double>(nodes - 1);
    bond_.resize(nodes);
    const double thin = 1.0 / thickness;
    auto blend = [&](const std::vector<std::vector<double>>& table, size_t i) {
        return (table[nu.low][i] + nu.share * (table[nu.low + 1][i] - table[nu.low][i])) * thin;
    };
    double value = blend(kernel.value_, 0), slope = blend(kernel.slope_, 0);
    for (size_t i = 0; i + 1 < nodes; ++i) {
        double next = blend(kernel.value_, i + 1), next_slope = blend(kernel.slope_, i + 1), rise = next - value;
        bond_[i] = {value, slope, 3.0 * rise - 2.0 * slope - next_slope, slope + next_slope - 2.0 * rise};
        value = next;
        slope = next_slope;
    }
    bond_[nodes - 1] = {value, slope, 0, 0};
}

const double* LayerField::disc_table() {
    static const std::array<double, kDiscNodes> table = [] {
        std::array<double, kDiscNodes> values{};
        for (size_t i = 0; i < kDiscNodes; ++i) values[i] = disc_potential(static_cast<double>(i) / kDiscNodesPerSize);
        return values;
    }();
    return table.data();
}

double LayerField::compliance(double stiffness) const {
    return (1.0 - poisson_ * poisson_) / (kPi * stiffness);
}

}  // namespace skin
