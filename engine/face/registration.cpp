#include "engine/face/registration.h"

#include "engine/base/random.h"

#include <glm/geometric.hpp>
#include <glm/gtc/quaternion.hpp>
#include <glm/matrix.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace face {

namespace {

constexpr size_t kTemplateVertices = 24000;
/// The ear drawn on the generated head stands 5 mm before the ears of the heads that the rest was measured
/// on, so its tragus tells nothing of a scan's: the tragion is carried over from where it lies on the
/// measured head (D).
constexpr glm::dvec3 kMeasuredTragion{74.9, 88.8, 9.2};
constexpr double kTrimmed =
    0.7;  // share of the nearest pairs that count: scans have collars, hair, missing backs

struct Sample {
    glm::dvec3 place, normal;
};

/// `count` places spread evenly over the surface by area times `weight(centre)`, always the same ones.
template <typename Weight>
std::vector<Sample> spread(const mesh::SurfaceMesh& mesh, size_t count, Weight&& weight) {
    std::vector<double> sum;
    double total = 0;
    for (uint32_t t = 0; t < mesh.triangle_count(); ++t) {
        glm::uvec3 c = mesh.triangles[t];
        total += mesh::triangle_area(mesh, t) *
                 weight((mesh.positions[c.x] + mesh.positions[c.y] + mesh.positions[c.z]) / 3.0);
        sum.push_back(total);
    }
    base::Random random(1);
    std::vector<Sample> samples;
    for (size_t i = 0; i < count && total > 0; ++i) {
        double at = total * (static_cast<double>(i) + random.uniform()) / static_cast<double>(count);
        size_t t =
            std::min<size_t>(std::upper_bound(sum.begin(), sum.end(), at) - sum.begin(), sum.size() - 1);
        double u = std::sqrt(random.uniform()), v = random.uniform();
        mesh::SurfacePoint point{static_cast<uint32_t>(t), {1 - u, u * (1 - v), u * v}};
        samples.push_back({mesh::position_at(mesh, point), mesh::normal_at(mesh, point)});
    }
    return samples;
}

/// The face says more about which way a head looks than the skull does; the neck's end says nothing.
double telling(glm::dvec3 p) {
    if (p.y < -15) return 0.15;
    return p.z > 45 && p.y < 150 ? 2.5 : 1;
}

// --- similarity ---

/// Eigenvector of the largest eigenvalue of a symmetric 4x4 matrix, by Jacobi rotations.
std::array<double, 4> principal(std::array<std::array<double, 4>, 4> m) {
    std::array<std::array<double, 4>, 4> v{};
    for (size_t i = 0; i < 4; ++i) v[i][i] = 1;
    for (int sweep = 0; sweep < 32; ++sweep)
        for (size_t p = 0; p < 4; ++p)
            for (size_t q = p + 1; q < 4; ++q) {
                if (m[p][q] == 0) continue;
                double theta = (m[q][q] - m[p][p]) / (2 * m[p][q]);
                double t = (theta < 0 ? -1 : 1) / (std::fabs(theta) + std::sqrt(theta * theta + 1));
                double c = 1 / std::sqrt(t * t + 1), s = t * c;
                for (size_t k = 0; k < 4; ++k) {
                    double kp = m[k][p], kq = m[k][q];
                    m[k][p] = c * kp - s * kq, m[k][q] = s * kp + c * kq;
                }
                for (size_t k = 0; k < 4; ++k) {
                    double pk = m[p][k], qk = m[q][k];
                    m[p][k] = c * pk - s * qk, m[q][k] = s * pk + c * qk;
                }
                for (size_t k = 0; k < 4; ++k) {
                    double kp = v[k][p], kq = v[k][q];
                    v[k][p] = c * kp - s * kq, v[k][q] = s * kp + c * kq;
                }
            }
    size_t best = 0;
    for (size_t i = 1; i < 4; ++i)
        if (m[i][i] > m[best][best]) best = i;
    return {v[0][best], v[1][best], v[2][best], v[3][best]};
}

glm::dvec3 mean(std::span<const glm::dvec3> points) {
    glm::dvec3 sum(0);
    for (glm::dvec3 p : points) sum += p;
    return sum / static_cast<double>(std::max<size_t>(points.size(), 1));
}

}  // namespace

Similarity best_similarity(std::span<const glm::dvec3> from, std::span<const glm::dvec3> to) {
    CHECK(from.size() == to.size() && from.size() >= 3, from.size(), to.size());
    glm::dvec3 a = mean(from), b = mean(to);
    double s[3][3] = {}, spread_a = 0, spread_b = 0;
    for (size_t i = 0; i < from.size(); ++i) {
        glm::dvec3 p = from[i] - a, q = to[i] - b;
        spread_a += glm::dot(p, p), spread_b += glm::dot(q, q);
        for (int r = 0; r < 3; ++r)
            for (int c = 0; c < 3; ++c) s[r][c] += p[r] * q[c];
    }
    auto quaternion =
        principal({{{s[0][0] + s[1][1] + s[2][2], s[1][2] - s[2][1], s[2][0] - s[0][2], s[0][1] - s[1][0]},
                    {s[1][2] - s[2][1], s[0][0] - s[1][1] - s[2][2], s[0][1] + s[1][0], s[2][0] + s[0][2]},
                    {s[2][0] - s[0][2], s[0][1] + s[1][0], s[1][1] - s[0][0] - s[2][2], s[1][2] + s[2][1]},
                    {s[0][1] - s[1][0], s[2][0] + s[0][2], s[1][2] + s[2][1], s[2][2] - s[0][0] - s[1][1]}}});
    Similarity out;
    out.rotation = glm::mat3_cast(glm::dquat(quaternion[0], quaternion[1], quaternion[2], quaternion[3]));
    out.scale = spread_a > 0 ? std::sqrt(spread_b / spread_a) : 1;
    out.shift = b - out.scale * (out.rotation * a);
    return out;
}

// --- alignment ---

namespace {

/// Both surfaces ready for closest points, the scan shrunk to about the head's size (the index's margins are
/// lengths).
class Aligner {
  public:
    Aligner(const HeadTemplate& head, const mesh::SurfaceMesh& scan, size_t samples)
        : head_index_(head.skin), scan_(scan), centre_(0) {
        std::vector<Sample> places = spread(scan, 2000, [](glm::dvec3) { return 1.0; });
        for (const Sample& s : places) centre_ += s.place / static_cast<double>(places.size());
        double r2 = 0;
        for (const Sample& s : places)
            r2 += glm::dot(s.place - centre_, s.place - centre_) / static_cast<double>(places.size());
        shrink_ = kHeadRadius / std::max(std::sqrt(r2), 1e-300);
        for (glm::dvec3& p : scan_.positions) p = (p - centre_) * shrink_;
        scan_index_ = std::make_unique<mesh::SurfaceIndex>(scan_);
        head_samples_ = spread(head.skin, samples, telling);
        scan_samples_ = spread(scan_, samples, [](glm::dvec3) { return 1.0; });
    }
    Aligner(const Aligner&) = delete;

    static constexpr double kHeadRadius = 110;  // mm: of the canonical head's skin about its middle

    Similarity improve(Similarity s, int steps) {
        for (int step = 0; step < steps; ++step) s = best_similarity_of_pairs(s);
        return s;
    }

    /// mm on the head.
    double error(const Similarity& s) {
        match(s);
        double sum = 0;
        for (const Pair& pair : pairs_) sum += pair.distance;
        return pairs_.empty() ? 1e9 : sum / static_cast<double>(pairs_.size());
    }

    Similarity to_scan(const Similarity& s) const {
        return {s.rotation, s.scale / shrink_, s.shift / shrink_ + centre_};
    }
    Similarity from_scan(const Similarity& s) const {
        return {s.rotation, s.scale * shrink_, (s.shift - centre_) * shrink_};
    }

  private:
    struct Pair {
        glm::dvec3 head, scan;
        double distance;  // mm on the head
    };

    Similarity best_similarity_of_pairs(const Similarity& s) {
        match(s);
        if (pairs_.size() < 8) return s;
        std::vector<glm::dvec3> from, to;
        for (const Pair& pair : pairs_) from.push_back(pair.head), to.push_back(pair.scan);
        Similarity better = best_similarity(from, to);
        // Heads of a third or three times the size are no heads of this scan.
        better.scale = std::clamp(better.scale, 1 / 3.5, 3.5);
        return better;
    }

    void keep_nearest(std::vector<Pair>& pairs) {
        std::stable_sort(pairs.begin(), pairs.end(),
                         [](const Pair& a, const Pair& b) { return a.distance < b.distance; });
        pairs.resize(static_cast<size_t>(kTrimmed * static_cast<double>(pairs.size())));
        pairs_.insert(pairs_.end(), pairs.begin(), pairs.end());
    }

    void match(const Similarity& s) {
        constexpr double kFar = 1e6;
        pairs_.clear();
        std::vector<Pair> pairs;
        for (const Sample& sample : head_samples_) {
            auto hit = scan_index_->closest(s.at(sample.place), kFar);
            if (hit) pairs.push_back({sample.place, hit->position, hit->distance / s.scale});
        }
        keep_nearest(pairs);
        pairs.clear();
        for (const Sample& sample : scan_samples_) {
            auto hit = head_index_.closest(s.back(sample.place), kFar);
            if (hit) pairs.push_back({hit->position, sample.place, hit->distance});
        }
        keep_nearest(pairs);
    }

    mesh::SurfaceIndex head_index_;
    mesh::SurfaceMesh scan_;
    glm::dvec3 centre_;
    double shrink_ = 1;
    std::unique_ptr<mesh::SurfaceIndex> scan_index_;
    std::vector<Sample> head_samples_, scan_samples_;
    std::vector<Pair> pairs_;
};

/// All turns by right angles whose image of +Y is the axis `up`, or all 24.
std::vector<glm::dmat3> right_turns(int up) {
    std::vector<glm::dmat3> turns;
    for (int y = 0; y < 3; ++y)
        for (int z = 0; z < 3; ++z) {
            if (y == z || (up >= 0 && y != up)) continue;
            for (int signs = 0; signs < 4; ++signs) {
                if (up >= 0 && (signs & 1)) continue;
                glm::dvec3 to_y(0), to_z(0);
                to_y[y] = signs & 1 ? -1 : 1;
                to_z[z] = signs & 2 ? -1 : 1;
                turns.emplace_back(glm::cross(to_y, to_z), to_y, to_z);
            }
        }
    return turns;
}

/// Cosine of the angle between two turns.
double turned_apart(const glm::dmat3& a, const glm::dmat3& b) {
    glm::dmat3 m = glm::transpose(a) * b;
    return (m[0][0] + m[1][1] + m[2][2] - 1) / 2;
}

struct Try {
    Similarity similarity;
    double error;
};

void sort_by_error(std::vector<Try>& tries) {
    std::stable_sort(tries.begin(), tries.end(),
                     [](const Try& a, const Try& b) { return a.error < b.error; });
}

}  // namespace

std::optional<Axes> parse_axes(std::string_view text) {
    if (text.size() != 4) return std::nullopt;
    glm::ivec3 found[2] = {glm::ivec3(0), glm::ivec3(0)};
    for (size_t i = 0; i < 2; ++i) {
        char sign = text[2 * i], axis = text[2 * i + 1];
        if ((sign != '+' && sign != '-') || axis < 'x' || axis > 'z') return std::nullopt;
        found[i][axis - 'x'] = sign == '+' ? 1 : -1;
    }
    if (text[1] == text[3]) return std::nullopt;
    return Axes{found[0], found[1]};
}

Alignment align_head(const HeadTemplate& head, const mesh::SurfaceMesh& scan, int up,
                     const std::optional<Axes>& axes) {
    constexpr size_t kFinalists = 8;
    Aligner coarse(head, scan, 160), fine(head, scan, 1200);
    const glm::dvec3 middle(0, 95, 15);  // mm: of the canonical head, about
    std::vector<Try> tries;
    std::vector<glm::dmat3> turns = right_turns(up);
    if (axes) {
        glm::dvec3 y(axes->up), z(axes->front);
        turns = {glm::dmat3(glm::cross(y, z), y, z)};
    }
    for (const glm::dmat3& turn : turns)
        for (double size : {0.65, 1.0, 1.35}) {
            Similarity start{turn, size, -size * (turn * middle)};
            Similarity better = coarse.improve(start, 10);
            tries.push_back({better, coarse.error(better)});
        }
    sort_by_error(tries);
    tries.resize(std::min(tries.size(), kFinalists));
    for (Try& t : tries) {
        t.similarity = fine.improve(t.similarity, 12);
        t.error = fine.error(t.similarity);
    }
    sort_by_error(tries);
    Similarity best = fine.improve(tries[0].similarity, 25);
    Alignment out{fine.to_scan(best), fine.error(best), 1e9};
    constexpr double kCos30 = 0.8660254;
    for (const Try& t : tries)
        if (turned_apart(t.similarity.rotation, best.rotation) < kCos30)
            out.runner_up = std::min(out.runner_up, t.error);
    return out;
}

Alignment refine_alignment(const HeadTemplate& head, const mesh::SurfaceMesh& scan, const Similarity& start) {
    Aligner fine(head, scan, 1200);
    Similarity best = fine.improve(fine.from_scan(start), 30);
    return {fine.to_scan(best), fine.error(best), 1e9};
}

// --- bending ---

namespace {

struct Link {
    uint32_t a, b;
    double weight;
};

/// Cotangent weights of the template's edges (Pinkall & Polthier 1993), kept positive so that the membrane is
/// stable.
std::vector<Link> links_of(const mesh::SurfaceMesh& mesh) {
    std::vector<Link> halves;
    for (glm::uvec3 t : mesh.triangles)
        for (int k = 0; k < 3; ++k) {
            uint32_t a = t[k], b = t[(k + 1) % 3];
            glm::dvec3 u = mesh.positions[a] - mesh.positions[t[(k + 2) % 3]],
                       v = mesh.positions[b] - mesh.positions[t[(k + 2) % 3]];
            double area = glm::length(glm::cross(u, v));
            double cot = area > 0 ? glm::dot(u, v) / area : 0;
            halves.push_back({std::min(a, b), std::max(a, b), 0.5 * cot});
        }
    std::stable_sort(halves.begin(), halves.end(),
                     [](const Link& x, const Link& y) { return x.a != y.a ? x.a < y.a : x.b < y.b; });
    std::vector<Link> links;
    for (const Link& half : halves) {
        if (!links.empty() && links.back().a == half.a && links.back().b == half.b)
            links.back().weight += half.weight;
        else
            links.push_back(half);
    }
    for (Link& link : links) link.weight = std::clamp(link.weight, 0.05, 5.0);
    return links;
}

/// Symmetric 3x3 as six numbers.
struct Pull {
    double xx = 0, xy = 0, xz = 0, yy = 0, yz = 0, zz = 0;

    glm::dvec3 times(glm::dvec3 p) const {
        return {xx * p.x + xy * p.y + xz * p.z, xy * p.x + yy * p.y + yz * p.z,
                xz * p.x + yz * p.y + zz * p.z};
    }
    static Pull along(glm::dvec3 n, double weight, double all_ways) {
        return {weight * n.x * n.x + all_ways, weight * n.x * n.y, weight * n.x * n.z,
                weight * n.y * n.y + all_ways, weight * n.y * n.z, weight * n.z * n.z + all_ways};
    }
};

class Bender {
  public:
    Bender(const HeadTemplate& head, const mesh::SurfaceMesh& scan, std::span<const Pin> pins)
        : head_(head),
          scan_(scan),
          index_(scan),
          links_(links_of(head.skin)),
          moves_(head.skin.vertex_count(), glm::dvec3(0)) {
        for (const Pin& pin : pins)
            given_.push_back({head.landmark_points[pin.landmark],
                              pin.place - head.landmarks[pin.landmark].place, kPinned});
        pins_ = given_;
        lay_lash_lines();
        border_.assign(scan.vertex_count(), false);
        struct Half {
            uint32_t a, b;
            bool operator<(const Half& o) const { return a != o.a ? a < o.a : b < o.b; }
        };
        std::vector<Half> halves;
        for (glm::uvec3 t : scan.triangles)
            for (int k = 0; k < 3; ++k) halves.push_back({t[k], t[(k + 1) % 3]});
        std::sort(halves.begin(), halves.end());
        for (Half h : halves)
            if (!std::binary_search(halves.begin(), halves.end(), Half{h.b, h.a}))
                border_[h.a] = border_[h.b] = true;
    }

    /// One step: pulls towards the scan from where the head is now, with the membrane's stiffness as a length
    /// (mm).
    void step(double stiffness, double reach, double agreement) {
        gather(reach, agreement);
        solve(stiffness * stiffness);
    }

    std::vector<glm::dvec3> places() const {
        std::vector<glm::dvec3> out = head_.skin.positions;
        for (size_t v = 0; v < out.size(); ++v) out[v] += moves_[v];
        return out;
    }

    /// Holds each lash line to the fold between the closed lids, where the scan has one near it: the pull
    /// across the skin alone lets lids slide up and down by millimetres.
    void hold_lash_lines() {
        pins_ = given_;
        for (const LashLine& line : lash_lines_) {
            std::vector<std::optional<double>> rises;
            std::vector<double> known;
            for (const mesh::SurfacePoint& at : line) {
                rises.push_back(rise_to_fold(place_of(at)));
                if (rises.back()) known.push_back(*rises.back());
            }
            if (2 * known.size() < line.size()) continue;
            std::nth_element(known.begin(), known.begin() + static_cast<std::ptrdiff_t>(known.size() / 2),
                             known.end());
            double usual = known[known.size() / 2];
            for (size_t i = 0; i < line.size(); ++i) {
                constexpr double kAlike =
                    1.5;  // mm: a fold that strays farther from its neighbours is another one
                if (!rises[i] || std::fabs(*rises[i] - usual) > kAlike) continue;
                glm::dvec3 now = place_of(line[i]);
                auto skin = front_at(now.x, now.y + *rises[i], now.z);
                if (skin) pins_.push_back({line[i], *skin - mesh::position_at(head_.skin, line[i]), kFold});
            }
        }
    }

  private:
    /// A place of the template that wants to move by so much, like `weight` mm² of skin.
    struct Hold {
        mesh::SurfacePoint at;
        glm::dvec3 move;
        double weight;
    };
    using LashLine = std::vector<mesh::SurfacePoint>;

    void lay_lash_lines() {
        constexpr int kPlaces = 9;
        mesh::SurfaceIndex template_index(head_.skin);
        std::vector<glm::dvec2> curve = head_.numbers.curve("lash_line");
        for (double side : {1.0, -1.0}) {
            LashLine line;
            for (int i = 1; i <= kPlaces; ++i) {
                double x = curve.front().x + (curve.back().x - curve.front().x) * i / (kPlaces + 1);
                size_t k = 1;
                while (k + 1 < curve.size() && curve[k].x < x) ++k;
                double share = (x - curve[k - 1].x) / (curve[k].x - curve[k - 1].x);
                double y = curve[k - 1].y + share * (curve[k].y - curve[k - 1].y);
                auto hit = template_index.closest(head_.shape->at_front(side * x, y).place, 5);
                if (hit) line.push_back(hit->point);
            }
            lash_lines_.push_back(std::move(line));
        }
    }

    glm::dvec3 place_of(const mesh::SurfacePoint& at) const {
        glm::uvec3 t = head_.skin.triangles[at.triangle];
        glm::dvec3 place = mesh::position_at(head_.skin, at);
        for (int k = 0; k < 3; ++k) place += at.weights[k] * moves_[t[k]];
        return place;
    }

    /// The scan's skin as the front sees it, near the depth z.
    std::optional<glm::dvec3> front_at(double x, double y, double z) const {
        constexpr double kAhead = 15;  // mm
        auto hit = index_.cast_front({x, y, z + kAhead}, {0, 0, -1}, 0, 2 * kAhead);
        return hit ? std::optional(hit->position) : std::nullopt;
    }

    /// How far above `place` the skin is folded in most.
    std::optional<double> rise_to_fold(glm::dvec3 place) const {
        constexpr double kStep = 0.25, kReach = 5, kSpan = 1.25, kLeast = 0.2;  // mm
        constexpr int kSteps = static_cast<int>(kReach / kStep), kApart = static_cast<int>(kSpan / kStep);
        std::vector<double> depth;
        for (int i = -kSteps - kApart; i <= kSteps + kApart; ++i) {
            auto skin = front_at(place.x, place.y + i * kStep, place.z);
            if (!skin) return std::nullopt;
            depth.push_back(skin->z);
        }
        double deepest = 0, at = 0;
        for (int i = -kSteps; i <= kSteps; ++i) {
            auto middle = static_cast<size_t>(i + kSteps + kApart);
            double fold = (depth[middle - kApart] + depth[middle + kApart]) / 2 - depth[middle];
            if (fold > deepest) deepest = fold, at = i * kStep;
        }
        return deepest >= kLeast ? std::optional(at) : std::nullopt;
    }

    bool on_border(const mesh::SurfacePoint& point) const {
        glm::uvec3 t = scan_.triangles[point.triangle];
        for (int k = 0; k < 3; ++k)
            if (point.weights[k] > 1e-6 && !border_[t[k]]) return false;
        return true;
    }

    void gather(double reach, double agreement) {
        mesh::SurfaceMesh now = head_.skin;
        now.positions = places();
        mesh::compute_normals(now);
        pulls_.assign(moves_.size(), Pull{});
        right_.assign(moves_.size(), glm::dvec3(0));
        for (size_t v = 0; v < moves_.size(); ++v) {
            auto hit = index_.closest(now.positions[v], reach);
            if (!hit || on_border(hit->point)) continue;
            glm::dvec3 normal = mesh::normal_at(scan_, hit->point);
            double facing = glm::dot(normal, now.normals[v]);
            if (facing < agreement) continue;
            double near = hit->distance / reach, weight = head_.vertex_area[v] * facing * (1 - near * near);
            pulls_[v] = Pull::along(normal, weight, kSideways * weight);
            right_[v] = pulls_[v].times(hit->position - head_.skin.positions[v]);
        }
    }

    std::vector<glm::dvec3> apply(const std::vector<glm::dvec3>& x, double alpha) const {
        std::vector<glm::dvec3> y(x.size());
        for (size_t v = 0; v < x.size(); ++v) y[v] = pulls_[v].times(x[v]) + kHold * x[v];
        for (const Link& link : links_) {
            glm::dvec3 pull = alpha * link.weight * (x[link.a] - x[link.b]);
            y[link.a] += pull;
            y[link.b] -= pull;
        }
        for (const Hold& pin : pins_) {
            glm::uvec3 t = head_.skin.triangles[pin.at.triangle];
            glm::dvec3 move(0);
            for (int k = 0; k < 3; ++k) move += pin.at.weights[k] * x[t[k]];
            for (int k = 0; k < 3; ++k) y[t[k]] += pin.weight * pin.at.weights[k] * move;
        }
        return y;
    }

    /// Conjugate gradients with the diagonal as preconditioner, from the moves so far.
    void solve(double alpha) {
        std::vector<glm::dvec3> right = right_;
        std::vector<glm::dvec3> diagonal(moves_.size());
        for (size_t v = 0; v < moves_.size(); ++v)
            diagonal[v] = {pulls_[v].xx + kHold, pulls_[v].yy + kHold, pulls_[v].zz + kHold};
        for (const Link& link : links_)
            diagonal[link.a] += alpha * link.weight, diagonal[link.b] += alpha * link.weight;
        for (const Hold& pin : pins_) {
            glm::uvec3 t = head_.skin.triangles[pin.at.triangle];
            for (int k = 0; k < 3; ++k) {
                right[t[k]] += pin.weight * pin.at.weights[k] * pin.move;
                diagonal[t[k]] += pin.weight * pin.at.weights[k] * pin.at.weights[k];
            }
        }
        std::vector<glm::dvec3> residual = apply(moves_, alpha), direction(moves_.size());
        double fall = 0;
        for (size_t v = 0; v < moves_.size(); ++v) {
            residual[v] = right[v] - residual[v];
            direction[v] = residual[v] / diagonal[v];
            fall += glm::dot(residual[v], direction[v]);
        }
        double enough = 1e-10 * fall;
        for (int i = 0; i < kMostSteps && fall > enough && fall > 0; ++i) {
            std::vector<glm::dvec3> image = apply(direction, alpha);
            double curvature = 0;
            for (size_t v = 0; v < image.size(); ++v) curvature += glm::dot(direction[v], image[v]);
            double length = fall / curvature, next = 0;
            for (size_t v = 0; v < image.size(); ++v) {
                moves_[v] += length * direction[v];
                residual[v] -= length * image[v];
                next += glm::dot(residual[v], residual[v] / diagonal[v]);
            }
            for (size_t v = 0; v < image.size(); ++v)
                direction[v] = residual[v] / diagonal[v] + (next / fall) * direction[v];
            fall = next;
        }
    }

    static constexpr double kSideways = 0.15;  // pull along the skin, of that across it
    static constexpr double kHold = 1e-6;
    static constexpr double kPinned = 4000;  // mm²: a landmark pulls like so much skin
    static constexpr double kFold = 300;
    static constexpr int kMostSteps = 120;

    const HeadTemplate& head_;
    const mesh::SurfaceMesh& scan_;
    mesh::SurfaceIndex index_;
    std::vector<Link> links_;
    std::vector<Hold> given_, pins_;
    std::vector<LashLine> lash_lines_;
    std::vector<bool> border_;
    std::vector<glm::dvec3> moves_, right_;
    std::vector<Pull> pulls_;
};

}  // namespace

std::vector<glm::dvec3> bend_head(const HeadTemplate& head, const mesh::SurfaceMesh& scan,
                                  std::span<const Pin> pins, const std::function<void(double)>& told) {
    Bender bender(head, scan, pins);
    struct Stage {
        double stiffness, reach, agreement;  // mm, mm, cosine
        int steps;
    };
    constexpr double kFoldsSeen = 30;  // mm: before, the lids are not near enough
    constexpr Stage kStages[] = {{60, 30, 0.2, 3}, {40, 25, 0.3, 3}, {25, 20, 0.4, 3},
                                 {15, 15, 0.5, 3}, {9, 10, 0.5, 4},  {6, 8, 0.6, 4}};
    int done = 0;
    for (const Stage& stage : kStages)
        for (int i = 0; i < stage.steps; ++i) {
            if (stage.stiffness < kFoldsSeen) bender.hold_lash_lines();
            bender.step(stage.stiffness, stage.reach, stage.agreement);
            if (told) told(++done / 20.0);
        }
    return bender.places();
}

// --- carrying over ---

/// Angles inside a triangle of the template. Azimuths are unwound round the back; the vertex of the head has
/// every one.
static glm::dvec2 angles_at(const HeadMesh& head, const mesh::SurfacePoint& point) {
    glm::uvec3 t = head.triangles[point.triangle];
    double around = 0, up = 0, weight = 0;
    int first = 0;
    while (first < 2 && head.angles[t[first]].y == kHighestElevation) ++first;
    double from = head.angles[t[first]].x;
    for (int k = 0; k < 3; ++k) {
        glm::dvec2 angles = head.angles[t[k]];
        up += point.weights[k] * angles.y;
        if (angles.y == kHighestElevation) continue;
        double turn = angles.x - from;
        turn -= turn > 180 ? 360 : turn < -180 ? -360 : 0;
        around += point.weights[k] * turn;
        weight += point.weights[k];
    }
    double azimuth = from + (weight > 0 ? around / weight : 0);
    azimuth -= azimuth >= 180 ? 360 : azimuth < -180 ? -360 : 0;
    return {azimuth, up};
}

Carried carry_over(const HeadTemplate& head, const std::vector<glm::dvec3>& bent,
                   const mesh::SurfaceMesh& scan) {
    constexpr double kOnSkin = 4, kNear = 15;  // mm: the template follows a face closer than the first
    constexpr double kFacesAlike = 0.25;       // cosine
    mesh::SurfaceMesh skin = head.skin;
    skin.positions = bent;
    mesh::compute_normals(skin);
    mesh::SurfaceIndex index(skin);
    Carried out;
    for (size_t v = 0; v < scan.vertex_count(); ++v) {
        auto hit = index.closest(scan.positions[v], 1e6);
        CHECK(hit, v);
        out.angles.push_back(angles_at(head.head, hit->point));
        double facing = glm::dot(mesh::normal_at(skin, hit->point), scan.normals[v]);
        out.belongs.push_back(hit->distance > kNear                             ? Belonging::far
                              : hit->distance > kOnSkin || facing < kFacesAlike ? Belonging::near
                                                                                : Belonging::on_skin);
    }
    return out;
}

base::Result<std::unique_ptr<HeadTemplate>> make_head_template(const base::Places& places) {
    base::Result<HeadNumbers> numbers = load_head_numbers(places);
    if (!numbers) return numbers.error();
    auto out = std::make_unique<HeadTemplate>();
    out->numbers = std::move(*numbers);
    out->shape = std::make_unique<HeadShape>(out->numbers);
    out->head = sample_head(*out->shape, kTemplateVertices, {});
    for (const HeadPoint& point : out->head.points) out->skin.positions.push_back(point.place);
    out->skin.triangles = out->head.triangles;
    mesh::compute_normals(out->skin);
    out->vertex_area.assign(out->skin.vertex_count(), 0.0);
    for (uint32_t t = 0; t < out->skin.triangle_count(); ++t)
        for (int k = 0; k < 3; ++k)
            out->vertex_area[out->skin.triangles[t][k]] += mesh::triangle_area(out->skin, t) / 3;
    mesh::SurfaceIndex index(out->skin);
    auto add = [&](const std::string& name, glm::dvec3 place) {
        auto hit = index.closest(place, 1e6);
        CHECK(hit, name);
        out->landmarks.push_back({name, place});
        out->landmark_points.push_back(hit->point);
    };
    for (Landmark landmark : out->numbers.landmarks) {
        if (landmark.name == "tragion") landmark.place = kMeasuredTragion;
        add(landmark.paired ? landmark.name + "_left" : landmark.name, landmark.place);
        if (landmark.paired) add(landmark.name + "_right", landmark.place * glm::dvec3(-1, 1, 1));
    }
    return out;
}

}  // namespace face
