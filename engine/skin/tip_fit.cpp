#include "engine/skin/tip_fit.h"

#include <algorithm>
#include <cmath>

namespace skin {
namespace {

constexpr int kDegree = 4;
constexpr size_t kEvery = 3;               // point is a node
constexpr double kDependent = 1e-6;        // norm left of a monomial that the others already span, as on a ring
constexpr size_t kFewest = 60;             // points; fewer, as on a rim, are all nodes

double dot(const std::vector<double>& a, const std::vector<double>& b, std::span<const size_t> nodes) {
    double sum = 0;
    for (size_t i : nodes) sum += a[i] * b[i];
    return sum;
}

}  // namespace

TipFit::TipFit(std::span<const glm::dvec2> places) {
    size_t every = places.size() < kFewest ? 1 : kEvery;
    for (size_t i = 0; i < places.size(); i += every) nodes_.push_back(i);
    double reach = 0;
    for (glm::dvec2 place : places) reach = std::max({reach, std::fabs(place.x), std::fabs(place.y)});
    for (int degree = 0; degree <= kDegree; ++degree)
        for (int along = 0; along <= degree; ++along) {
            std::vector<double> values;
            for (glm::dvec2 place : places) {
                double value = 1;
                for (int k = 0; k < along; ++k) value *= place.x / reach;
                for (int k = along; k < degree; ++k) value *= place.y / reach;
                values.push_back(value);
            }
            double before = std::sqrt(dot(values, values, nodes_));
            for (int pass = 0; pass < 2; ++pass)  // Gram-Schmidt, twice is enough
                for (const std::vector<double>& other : basis_) {
                    double share = dot(values, other, nodes_);
                    for (size_t i = 0; i < values.size(); ++i) values[i] -= share * other[i];
                }
            double norm = std::sqrt(dot(values, values, nodes_));
            if (!(norm > kDependent * before)) continue;
            for (double& value : values) value /= norm;
            basis_.push_back(std::move(values));
        }
}

void TipFit::spread(std::span<const double> at_nodes, std::span<double> everywhere) const {
    if (nodes_.size() == everywhere.size()) {
        std::copy(at_nodes.begin(), at_nodes.end(), everywhere.begin());
        return;
    }
    std::fill(everywhere.begin(), everywhere.end(), 0.0);
    for (const std::vector<double>& polynomial : basis_) {
        double share = 0;
        for (size_t k = 0; k < nodes_.size(); ++k) share += at_nodes[k] * polynomial[nodes_[k]];
        for (size_t i = 0; i < everywhere.size(); ++i) everywhere[i] += share * polynomial[i];
    }
}

}  // namespace skin
