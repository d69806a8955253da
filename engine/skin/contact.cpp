#include "engine/skin/contact.h"

#include "engine/base/deterministic_math.h"
#include "engine/base/result.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace skin {
namespace {

using base::det::kPi;

constexpr double kSpacing = 1e-3;       // m, between rings and along them
constexpr double kDrumSpacing = 2e-3;   // m; eighty points
constexpr double kDrumReach = 0.8;
constexpr double kPenetration = 1e-12;  // m a lifted point may reach into the tip before it counts as wrong
constexpr size_t kTogether = 4;  // columns that are taken off all later ones in one go
constexpr size_t kMostApproaches = 40;  // bisection alone would need about as many for 1e-12

/// Mean of 1/|x| over a rectangle with sides a and b as its centre sees it, 1/m.
double rectangle_self(double a, double b) {
    auto asinh = [](double x) { return base::det::log(x + std::sqrt(x * x + 1.0)); };
    return 2.0 * (asinh(b / a) / b + asinh(a / b) / a);
}

void add_ring(std::vector<TipPoint>& points, double inner, double outer, double radius, size_t count,
              double turn) {
    double area = kPi * (outer * outer - inner * inner) / static_cast<double>(count);
    double width = outer - inner;
    double size = disc_potential(0.0) / rectangle_self(width, area / width);
    for (size_t i = 0; i < count; ++i) {
        double angle = 2.0 * kPi * (static_cast<double>(i) + turn) / static_cast<double>(count);
        points.push_back({{radius * base::det::cos(angle), radius * base::det::sin(angle)}, area, size});
    }
}

size_t rounded(double x, size_t low, size_t high) {
    return std::clamp(static_cast<size_t>(std::floor(x + 0.5)), low, high);
}

/// Sectors along a ring, an even number so that the ring is its own mirror image.
size_t even(double x, size_t low) {
    return std::max(low, 2 * rounded(0.5 * x, 2, 200));
}

/// What `kTogether` columns from k on take off column j from row j on, one after the other as if each were alone.
void take_off(const double* columns, size_t m, const std::array<double, kTogether>& scale, double* later, size_t j) {
    const double *a = columns, *b = a + m, *c = b + m, *d = c + m;
    for (size_t i = j; i < m; ++i)
        later[i] = (((later[i] - scale[0] * a[i]) - scale[1] * b[i]) - scale[2] * c[i]) - scale[3] * d[i];
}

}  // namespace

std::vector<TipPoint> tip_points(double tip_radius, double opening_radius, size_t fineness) {
    double reach = tip_radius - opening_radius;
    bool closed = opening_radius <= 0.0;
    // A disc needs four rings for its edge; five (77 points) keep a step cheap on the largest tips.
    size_t rings = closed ? rounded(reach / kSpacing, 4, 5) : rounded(reach / (0.5 * kSpacing), 1, 2);
    if (!closed && reach > 2.0 * kSpacing) rings = rounded(reach / kSpacing, 2, 4);
    rings *= fineness;
    double width = reach / static_cast<double>(rings);
    double along = std::max(width, kSpacing / static_cast<double>(fineness));  // a narrow rim needs no more points round it than a wide one
    std::vector<TipPoint> points;
    for (size_t ring = 0; ring < rings; ++ring) {
        double inner = opening_radius + static_cast<double>(ring) * width, outer = inner + width;
        if (closed && ring == 0) {
            double area = kPi * outer * outer;
            points.push_back({{0.0, 0.0}, area, std::sqrt(area)});
            continue;
        }
        double radius = 0.5 * (inner + outer);
        double round = 2.0 * kPi * radius;
        // Twelve at least round a narrow rim, but none longer across the ring than along it: those would not stand alone.
        size_t count = closed ? even(round / width, 4) : even(round / along, std::min<size_t>(12, even(round / width, 4)));
        bool inner_edge = !closed && ring == 0, outer_edge = ring + 1 == rings;
        if (inner_edge != outer_edge) radius = inner_edge ? inner + width / 3.0 : outer - width / 3.0;
        add_ring(points, inner, outer, radius, count, ring % 2 ? 0.5 : 0.0);
    }
    return points;
}

std::vector<TipPoint> opening_points(double opening_radius, size_t fineness) {
    size_t rings = 3 * fineness;
    double width = opening_radius / static_cast<double>(rings);
    std::vector<TipPoint> points{{{0.0, 0.0}, kPi * width * width, std::sqrt(kPi) * width}};
    for (size_t ring = 1; ring < rings; ++ring) {
        double inner = static_cast<double>(ring) * width, middle = inner + 0.5 * width;
        add_ring(points, inner, inner + width, middle, even(2.0 * kPi * middle / width, 4), ring % 2 ? 0.5 : 0.0);
    }
    return points;
}

std::vector<TipPoint> drum_points(double width, double radius, size_t fineness) {
    double reach = kDrumReach * radius;
    size_t columns = rounded(width / kDrumSpacing, 4, 10) * fineness, lines = rounded(2.0 * reach / kDrumSpacing, 4, 8) * fineness;
    double a = width / static_cast<double>(columns), b = 2.0 * reach / static_cast<double>(lines);
    double size = disc_potential(0.0) / rectangle_self(a, b);
    std::vector<TipPoint> points;
    for (size_t line = 0; line < lines; ++line)
        for (size_t column = 0; column < columns; ++column) {
            double x = (static_cast<double>(column) + 0.5) * a - 0.5 * width;
            if (column == 0) x -= a / 6.0;
            if (column + 1 == columns) x += a / 6.0;
            points.push_back({{x, (static_cast<double>(line) + 0.5) * b - reach}, a * b, size});
        }
    return points;
}

double drum_rise(double y, double radius) {
    return radius - std::sqrt(std::max(0.0, radius * radius - y * y));
}

ContactSolver::ContactSolver(std::vector<TipPoint> points, const LayerKernel& kernel)
    : points_(std::move(points)), kernel_(&kernel) {
    size_t n = points_.size();
    make_matrix();
    is_active_.assign(n, 0);
    answer_.point_force.assign(n, 0.0);
    answer_.clearance.assign(n, kNoSkin);
}

void ContactSolver::make_matrix() {
    size_t n = points_.size();
    for (const TipPoint& i : points_)
        for (const TipPoint& j : points_) {
            glm::dvec2 apart = i.place - j.place;
            apart2_.push_back(apart.x * apart.x + apart.y * apart.y);
        }
    distance2_.assign(n * n, -1.0);
    matrix_.assign(n * n, 0.0);
}

void ContactSolver::shed() {
    for (std::vector<double>* cache : {&apart2_, &distance2_, &matrix_, &factor_, &by_one_, &by_gap_})
        *cache = std::vector<double>();  // gives its memory back, which {} would keep
    factored_ = std::vector<size_t>();
    factor_valid_ = solved_ = false;
    field_.shed();
}

size_t ContactSolver::heap_bytes() const {
    return base::heap_bytes(points_, apart2_, distance2_, matrix_, active_, is_active_, factored_, factor_, by_one_, by_gap_, load_,
                            wrong_, gap_, sheet_, depth_, answer_.point_force, answer_.clearance) +
           field_.heap_bytes();
}

void ContactSolver::release() {
    active_.clear();
    std::fill(is_active_.begin(), is_active_.end(), char(0));
}

double ContactSolver::displacement(size_t i, double r2, double force) const {
    return compliance_ * force * field_.unit_displacement(r2, points_[i].size);
}

const LayerField& ContactSolver::set_layer(double thickness, double poisson) {
    if (!field_.is_for(thickness, poisson)) {
        field_ = LayerField(*kernel_, thickness, poisson);
        std::fill(distance2_.begin(), distance2_.end(), -1.0);
    }
    return field_;
}

void ContactSolver::set_sheet(std::span<const double> compliance, double stiffness, std::span<const double> depth) {
    depth_.assign(depth.begin(), depth.end());
    const double scale = 1.0 / field_.compliance(stiffness);
    bool changed = sheet_.size() != compliance.size();
    sheet_.resize(compliance.size());
    for (size_t k = 0; k < sheet_.size(); ++k) {
        double gives = scale * compliance[k];
        changed = changed || gives != sheet_[k];
        sheet_[k] = gives;
    }
    if (!changed) return;
    sheet_points_ = static_cast<size_t>(std::sqrt(static_cast<double>(sheet_.size())) + 0.5);
    CHECK(sheet_points_ * sheet_points_ == sheet_.size() && sheet_points_ <= points_.size() && depth_.size() == points_.size());
    if (distance2_.empty()) return;
    size_t n = points_.size(), first = n - sheet_points_;
    for (size_t i = first; i < n; ++i) std::fill_n(&distance2_[i * n + first], sheet_points_, -1.0);
}

void ContactSolver::lay(std::span<const double> gap, std::span<const double> sunk) {
    CHECK(gap.size() == points_.size());
    update_matrix(gap);
    gap_.assign(gap.begin(), gap.end());
    for (size_t i = 0; i < sunk.size(); ++i)
        if (gap_[i] != kNoSkin) gap_[i] += sunk[i];
    solved_ = false;
}

/// Entries change only where the tissue or the skin's shape under two points did: on a flat pad never.
void ContactSolver::update_matrix(std::span<const double> gap) {
    if (matrix_.empty()) make_matrix();
    size_t n = points_.size(), first = n - sheet_points_;
    std::span<const double> at = depth_.empty() ? gap : depth_;
    for (size_t i = 0; i < n; ++i) {
        if (gap[i] == kNoSkin) continue;
        for (size_t j = 0; j <= i; ++j) {
            if (gap[j] == kNoSkin) continue;
            double depth = at[i] - at[j];
            double r2 = apart2_[i * n + j] + depth * depth;
            if (r2 == distance2_[i * n + j]) continue;
            double size = i == j ? points_[i].size : 0.5 * (points_[i].size + points_[j].size);
            double u = field_.unit_displacement(r2, size);
            if (j >= first) u += sheet_[(i - first) * sheet_points_ + j - first];
            distance2_[i * n + j] = r2;
            matrix_[i * n + j] = matrix_[j * n + i] = u;
            factor_valid_ = false;
        }
    }
}

/// LDLᵀ of the active rows, column by column, so that the inner loop runs along memory and vectorises without
/// reordering a sum.
void ContactSolver::factor() {
    if (factor_valid_ && factored_ == active_) return;
    size_t m = active_.size(), n = points_.size();
    factor_.resize(m * m);
    for (size_t k = 0; k < m; ++k)
        for (size_t i = k; i < m; ++i) factor_[k * m + i] = matrix_[active_[k] * n + active_[i]];
    std::array<double, kTogether> inverse{}, scale{};
    for (size_t first = 0; first < m; first += kTogether) {
        size_t end = std::min(first + kTogether, m);
        for (size_t k = first; k < end; ++k) {
            const double* column = &factor_[k * m];
            CHECK(column[k] > 0.0, m, k);  // the kernel is positive definite: N(s) > 0
            inverse[k - first] = 1.0 / column[k];
            for (size_t j = k + 1; j < end; ++j) {
                double share = column[j] * inverse[k - first];
                for (size_t i = j; i < m; ++i) factor_[j * m + i] -= share * column[i];
            }
        }
        for (size_t j = end; j < m; ++j) {  // none after the last columns, which may be fewer
            for (size_t k = 0; k < kTogether; ++k) scale[k] = factor_[(first + k) * m + j] * inverse[k];
            take_off(&factor_[first * m], m, scale, &factor_[j * m], j);
        }
        for (size_t k = first; k < end; ++k) {
            for (size_t i = k + 1; i < m; ++i) factor_[k * m + i] *= inverse[k - first];
            factor_[k * m + k] = inverse[k - first];
        }
    }
    factored_ = active_;
    factor_valid_ = true;
}

/// Two right sides at once: each waits for its own sums.
void ContactSolver::solve(std::vector<double>& x, std::vector<double>& y) const {
    size_t m = active_.size();
    for (size_t k = 0; k < m; ++k) {
        const double *column = &factor_[k * m], xk = x[k], yk = y[k];
        for (size_t i = k + 1; i < m; ++i) x[i] -= column[i] * xk;
        for (size_t i = k + 1; i < m; ++i) y[i] -= column[i] * yk;
    }
    for (size_t k = m; k-- > 0;) {
        const double* column = &factor_[k * m];
        double xk = x[k] * column[k], yk = y[k] * column[k];
        for (size_t i = k + 1; i < m; ++i) {
            xk -= column[i] * x[i];
            yk -= column[i] * y[i];
        }
        x[k] = xk;
        y[k] = yk;
    }
}

/// Point loads for an approach s are s·by_one − by_gap as long as the active set holds.
void ContactSolver::solve_active() {
    if (solved_ && factored_ == active_) return;
    factor();
    by_one_.assign(active_.size(), 1.0);
    by_gap_.resize(active_.size());
    for (size_t k = 0; k < active_.size(); ++k) by_gap_[k] = gap_[active_[k]];
    solve(by_one_, by_gap_);
    solved_ = true;
}

void ContactSolver::forces_at(double approach) {
    load_.resize(active_.size());
    for (size_t k = 0; k < active_.size(); ++k) load_[k] = approach * by_one_[k] - by_gap_[k];
}

double ContactSolver::penetration(double approach, size_t point) const {
    const double* row = &matrix_[point * points_.size()];
    double displaced = 0;
    for (size_t k = 0; k < active_.size(); ++k) displaced += row[active_[k]] * load_[k];
    return approach - gap_[point] - displaced;
}

/// Finds the active set for a fixed approach by block principal pivoting (Júdice & Pires 1994, Comput. Oper.
/// Res. 21:587): all wrong points change sides at once while their number falls, else only the last one,
/// which ends for every positive definite matrix. True when the set was right already.
bool ContactSolver::settle(double approach) {
    size_t fewest = points_.size() + 1, patience = 3;
    for (size_t round = 0;; ++round) {
        if (round > 0) solve_active();
        forces_at(approach);
        wrong_.clear();
        for (size_t k = 0; k < active_.size(); ++k)
            if (load_[k] < 0.0) wrong_.push_back(active_[k]);
        for (size_t i = 0; i < points_.size(); ++i)
            if (!is_active_[i] && gap_[i] != kNoSkin && penetration(approach, i) > kPenetration)
                wrong_.push_back(i);
        if (wrong_.empty() || round > 20 * points_.size()) return round == 0;
        bool fewer = wrong_.size() < fewest;
        if (fewer) {
            fewest = wrong_.size();
            patience = 3;
        }
        if (!fewer && patience == 0) wrong_ = {*std::max_element(wrong_.begin(), wrong_.end())};
        if (!fewer && patience > 0) --patience;
        for (size_t i : wrong_) is_active_[i] = !is_active_[i];
        active_.clear();
        for (size_t i = 0; i < points_.size(); ++i)
            if (is_active_[i]) active_.push_back(i);
    }
}

double ContactSolver::total() const {
    double sum = 0;
    for (double load : load_) sum += load;
    return sum;
}

/// The last set where it still has skin, or every point with skin.
void ContactSolver::start() {
    std::erase_if(active_, [&](size_t i) { return gap_[i] == kNoSkin; });
    for (size_t i = 0; active_.empty() && i < gap_.size(); ++i)
        for (size_t k = i; k < gap_.size(); ++k)
            if (gap_[k] != kNoSkin) active_.push_back(k);
    CHECK(!active_.empty());
    std::fill(is_active_.begin(), is_active_.end(), char(0));
    for (size_t i : active_) is_active_[i] = 1;
}

const ContactSolver::Answer& ContactSolver::finish(double approach) {
    answer_.approach = approach;
    answer_.force = 0;
    answer_.pressing = 0;
    std::fill(answer_.point_force.begin(), answer_.point_force.end(), 0.0);
    for (size_t k = 0; k < active_.size(); ++k) {
        double force = std::max(0.0, load_[k]) / compliance_;
        answer_.point_force[active_[k]] = force;
        answer_.force += force;
        answer_.pressing += force > 0.0;
    }
    for (size_t i = 0; i < points_.size(); ++i) {
        bool lifted = !is_active_[i] && gap_[i] != kNoSkin;
        answer_.clearance[i] = gap_[i] == kNoSkin ? kNoSkin
                               : lifted           ? std::max(0.0, -penetration(approach, i))
                                                  : 0.0;
    }
    return answer_;
}

const ContactSolver::Answer& ContactSolver::press(double stiffness, double force) {
    start();
    compliance_ = field_.compliance(stiffness);
    double wanted = force * compliance_;
    // The load rises with the approach, from none where the nearest point touches; that point alone would
    // bear it all within the upper end. It is affine while the active set stays, so Newton's step is exact
    // once the set is right; the bracket halves where a step would leave it.
    size_t nearest = static_cast<size_t>(std::min_element(gap_.begin(), gap_.end()) - gap_.begin());
    double low = gap_[nearest], approach = low;
    double high = low + 2.0 * wanted * matrix_[nearest * points_.size() + nearest];
    for (size_t round = 0; round < kMostApproaches; ++round) {
        solve_active();
        double slope = 0, offset = 0;
        for (size_t k = 0; k < active_.size(); ++k) {
            slope += by_one_[k];
            offset += by_gap_[k];
        }
        approach = (wanted + offset) / slope;
        bool newton = slope > 0.0 && approach > low && approach < high;
        if (!newton) approach = 0.5 * (low + high);
        if (settle(approach) && newton) break;
        (total() < wanted ? low : high) = approach;
    }
    return finish(approach);
}

const ContactSolver::Answer& ContactSolver::hold(double stiffness) {
    start();
    compliance_ = field_.compliance(stiffness);
    solve_active();
    settle(0.0);
    return finish(0.0);
}

}  // namespace skin
