#include "training/core/chart.h"

#include "engine/base/deterministic_math.h"
#include "training/core/decimal.h"
#include "training/core/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace training {

namespace {

// The drawing area of the long charts, in SVG units; the page scales it to its width.
constexpr double kWidth = 760, kLeft = 46, kRight = 8, kTop = 10, kBottom = 22;

struct Frame {
    double duration, top, height;

    double x(double seconds) const { return kLeft + (kWidth - kLeft - kRight) * seconds / duration; }
    double y(double value) const {
        return height - kBottom - (height - kTop - kBottom) * std::clamp(value / top, 0.0, 1.0);
    }
};

using Text = std::string;

template <typename... Args>
void add(Text& text, fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
}

void add_time_axis(Text& svg, const Frame& frame) {
    const double minutes = frame.duration / 60;
    const double step = minutes > 1.5 ? axis_step(minutes, 10) * 60 : axis_step(frame.duration, 8);
    for (double t = 0; t <= frame.duration * 1.0001; t += step) {
        add(svg, R"(<line class="grid" x1="{0:.1f}" x2="{0:.1f}" y1="{1:.1f}" y2="{2:.1f}"/>)", frame.x(t), kTop,
            frame.height - kBottom);
        add(svg, R"(<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)", frame.x(t),
            frame.height - 7, clock_time(t));
    }
}

/// A figure of an axis; `v` is not negative.
Text tick(double v, const Text& mark) {
    Text number = decimal(static_cast<int64_t>(v * 1000 + 0.5));
    if (const size_t at = number.find('.'); at != Text::npos) number.replace(at, 1, mark);
    return escape_html(number);
}

void add_value_axis(Text& svg, const Frame& frame, const Text& mark) {
    const double step = axis_step(frame.top, 4);
    for (double v = 0; v <= frame.top * 1.0001; v += step) {
        add(svg, R"(<line class="grid" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>)", kLeft, kWidth - kRight,
            frame.y(v), frame.y(v));
        add(svg, R"(<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>)", kLeft - 6, frame.y(v) + 3.5,
            tick(v, mark));
    }
}

/// Target bands, one rectangle for each run of equal ones.
void add_bands(Text& svg, const Frame& frame, const TimeChart& chart) {
    const double slice = chart.duration / static_cast<double>(chart.bins.size());
    for (size_t i = 0; i < chart.bins.size();) {
        size_t end = i + 1;
        const TimeBin& first = chart.bins[i];
        while (end < chart.bins.size() && chart.bins[end].band_low == first.band_low &&
               chart.bins[end].band_high == first.band_high)
            ++end;
        if (first.band_high > first.band_low) {
            const double x0 = frame.x(slice * static_cast<double>(i)), x1 = frame.x(slice * static_cast<double>(end));
            add(svg, R"(<rect class="target" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)", x0,
                frame.y(first.band_high), x1 - x0, frame.y(first.band_low) - frame.y(first.band_high));
        }
        i = end;
    }
}

/// The range from least to greatest as an area and the mean as a line, for bins [begin, end) without a gap.
void add_run(Text& svg, const Frame& frame, const TimeChart& chart, size_t begin, size_t end) {
    const double slice = chart.duration / static_cast<double>(chart.bins.size());
    Text upper, lower, mean;
    for (size_t i = begin; i < end; ++i) {
        const double x = frame.x(slice * (static_cast<double>(i) + 0.5));
        add(upper, "{:.1f},{:.1f} ", x, frame.y(chart.bins[i].high));
        add(mean, "{:.1f},{:.1f} ", x, frame.y(chart.bins[i].mean));
    }
    for (size_t i = end; i-- > begin;) {
        add(lower, "{:.1f},{:.1f} ", frame.x(slice * (static_cast<double>(i) + 0.5)), frame.y(chart.bins[i].low));
    }
    if (end - begin > 1) add(svg, R"(<polygon class="range" points="{}{}"/>)", upper, lower);
    if (end - begin > 1) {
        add(svg, R"(<polyline class="mean" points="{}"/>)", mean);
    } else {
        const double x = frame.x(slice * (static_cast<double>(begin) + 0.5));
        add(svg, R"(<line class="range-line" x1="{0:.1f}" x2="{0:.1f}" y1="{1:.1f}" y2="{2:.1f}"/>)", x,
            frame.y(chart.bins[begin].low), frame.y(chart.bins[begin].high));
        add(svg, R"(<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="1.2"/>)", x, frame.y(chart.bins[begin].mean));
    }
}

Text open_svg(double height, const std::string& label, const char* css) {
    return fmt::format(R"(<svg class="{}" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">)", css, kWidth, height,
                       escape_html(label));
}

}  // namespace

double axis_step(double range, int most) {
    double step = 1e-3;
    for (;;) {
        for (double factor : {1.0, 2.0, 3.0, 5.0}) {
            if (range / (step * factor) <= most) return step * factor;
        }
        step *= 10;
        if (step > 1e12) return step;
    }
}

std::string band_chart(const Band& band, std::optional<int64_t> value, std::string_view tone, const std::string& label) {
    constexpr double width = 150, height = 20, left = 5, right = 145;
    const double warn_low = static_cast<double>(std::min(band.warn_low, band.target_low));
    const double warn_high = static_cast<double>(std::max(band.warn_high, band.target_high));
    const double span = std::max(1.0, warn_high - warn_low);
    const double low = warn_low - 0.18 * span, high = warn_high + 0.18 * span;
    const auto x = [&](double v) { return left + (right - left) * std::clamp((v - low) / (high - low), 0.0, 1.0); };
    const auto bar = [&](const char* css, double from, double to) {
        return fmt::format(R"(<rect class="{}" x="{:.1f}" y="7" width="{:.1f}" height="6"/>)", css, x(from),
                           std::max(1.5, x(to) - x(from)));
    };
    Text svg = fmt::format(R"(<svg class="band" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">)", width,
                           height, escape_html(label));
    svg += bar("track", low, high) + bar("warn", warn_low, warn_high);
    svg += bar("target", static_cast<double>(band.target_low), static_cast<double>(band.target_high));
    if (value) {
        const double v = static_cast<double>(*value), at = x(v);
        if (v > high)
            add(svg, R"(<path class="{}" d="M{:.1f} 4 l7 6 l-7 6 z"/>)", tone, right - 4);
        else if (v < low)
            add(svg, R"(<path class="{}" d="M{:.1f} 4 l-7 6 l7 6 z"/>)", tone, left + 4);
        else
            add(svg, R"(<rect class="{}" x="{:.1f}" y="2" width="3" height="16" rx="1.5"/>)", tone, at - 1.5);
    }
    return svg + "</svg>";
}

std::string time_chart(const TimeChart& chart) {
    if (chart.bins.empty() || !(chart.duration > 0)) return {};
    const Frame frame{chart.duration, chart.top, 150};
    Text svg = open_svg(frame.height, chart.title, "long");
    add_bands(svg, frame, chart);
    add_time_axis(svg, frame);
    add_value_axis(svg, frame, chart.decimal_mark);
    for (size_t i = 0; i < chart.bins.size();) {
        size_t end = i;
        while (end < chart.bins.size() && chart.bins[end].touched) ++end;
        if (end > i) add_run(svg, frame, chart, i, end);
        i = end + 1;
    }
    return svg + "</svg>";
}

std::string timeline(std::span<const TimelineRow> rows, double duration, const std::string& label) {
    if (rows.empty() || !(duration > 0)) return {};
    constexpr double row_height = 17, left = 128;
    const double height = kTop + row_height * static_cast<double>(rows.size()) + kBottom;
    const auto x = [&](double t) { return left + (kWidth - left - kRight) * t / duration; };
    Text svg = open_svg(height, label, "long");
    const double minutes = duration / 60, step = minutes > 1.5 ? axis_step(minutes, 10) * 60 : axis_step(duration, 8);
    for (double t = 0; t <= duration * 1.0001; t += step) {
        add(svg, R"(<line class="grid" x1="{0:.1f}" x2="{0:.1f}" y1="{1:.1f}" y2="{2:.1f}"/>)", x(t), kTop, height - kBottom);
        add(svg, R"(<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)", x(t), height - 7,
            clock_time(t));
    }
    double y = kTop;
    for (const TimelineRow& row : rows) {
        add(svg, R"(<text class="row" x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>)", left - 8, y + 12,
            escape_html(row.label));
        for (const auto& [begin, end] : row.spans) {
            add(svg, R"(<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)", x(begin), y + 3,
                std::max(0.8, x(end) - x(begin)), row_height - 6);
        }
        y += row_height;
    }
    return svg + "</svg>";
}

std::string histogram(const Histogram& data) {
    constexpr double width = 176, height = 74, base = 58, left = 4, right = 172;
    const uint32_t most = data.counts.empty() ? 0 : *std::max_element(data.counts.begin(), data.counts.end());
    const auto x = [&](double v) { return left + (right - left) * std::clamp((v - data.low) / (data.high - data.low), 0.0, 1.0); };
    Text svg = fmt::format(R"(<svg class="histogram" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">)", width,
                           height, escape_html(data.label));
    if (data.band_high > data.band_low) {
        add(svg, R"(<rect class="target" x="{:.1f}" y="4" width="{:.1f}" height="{:.1f}"/>)", x(data.band_low),
            x(data.band_high) - x(data.band_low), base - 4);
    }
    const double bin = (data.high - data.low) / static_cast<double>(std::max<size_t>(1, data.counts.size()));
    for (size_t i = 0; i < data.counts.size() && most > 0; ++i) {
        const double tall = (base - 8) * data.counts[i] / most;
        if (data.counts[i] == 0) continue;
        add(svg, R"(<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)",
            x(data.low + bin * static_cast<double>(i)) + 0.4, base - tall,
            x(data.low + bin) - x(data.low) - 0.8, tall);
    }
    add(svg, R"(<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>)", left, right, base, base);
    const double step = axis_step(data.high - data.low, 5);
    for (double v = data.low; v <= data.high * 1.0001; v += step) {
        const char* anchor = v == data.low ? "start" : x(v) > right - 8 ? "end" : "middle";
        add(svg, R"(<text class="tick" x="{:.1f}" y="{}" text-anchor="{}">{}</text>)", x(v), height - 4, anchor,
            tick(v, data.decimal_mark));
    }
    if (data.mean) {
        add(svg, R"(<line class="mean-mark" x1="{0:.1f}" x2="{0:.1f}" y1="3" y2="{1}"/>)", x(*data.mean), base);
    }
    return svg + "</svg>";
}

std::string direction_rose(const std::array<uint32_t, 6>& share_e4, const std::string& label) {
    constexpr double centre = 14, reach = 13;
    Text svg = fmt::format(R"(<svg class="rose" viewBox="0 0 28 28" role="img" aria-label="{}">)", escape_html(label));
    add(svg, R"(<circle class="ring" cx="{0}" cy="{0}" r="{1}"/>)", centre, reach);
    for (size_t i = 0; i < share_e4.size(); ++i) {
        // A third of the strokes in one direction reaches the ring: three equal directions fill it.
        const double length = reach * std::min(1.0, share_e4[i] / 3333.0);
        const double angle = base::det::kPi / 180 * (15 + 30.0 * static_cast<double>(i));
        const double dx = length * base::det::cos(angle), dy = length * base::det::sin(angle);
        if (share_e4[i] < 700) continue;  // hands waver; what is drawn was meant
        add(svg, R"(<line class="spoke" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)", centre - dx, centre + dy,
            centre + dx, centre - dy);
    }
    return svg + "</svg>";
}

}  // namespace training
