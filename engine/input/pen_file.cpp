#include "engine/input/pen_file.h"

#include <array>
#include <cmath>

namespace input {
namespace {

constexpr size_t kMostRows = 5'000'000;

/// Lines of a text in memory, without their ends (\n or \r\n), numbered from 1.
class Lines {
  public:
    explicit Lines(std::string_view text) : rest_(text) {}
    bool next(std::string_view& line) {
        if (rest_.empty()) return false;
        size_t end = rest_.find('\n');
        line = rest_.substr(0, end);
        rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        ++number;
        return true;
    }
    size_t number = 0;

  private:
    std::string_view rest_;
};

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

void split(std::string_view line, std::vector<std::string_view>& fields) {
    fields.clear();
    while (true) {
        size_t comma = line.find(',');
        fields.push_back(trim(line.substr(0, comma)));
        if (comma == std::string_view::npos) return;
        line.remove_prefix(comma + 1);
    }
}

/// Where each wanted column stands in the header.
base::Result<std::vector<size_t>> find_columns(const std::vector<std::string_view>& header,
                                               std::span<const std::string_view> wanted, const std::string& name) {
    std::vector<size_t> columns;
    for (std::string_view column : wanted) {
        size_t at = header.size();
        for (size_t i = 0; i < header.size(); ++i) {
            if (header[i] != column) continue;
            if (at != header.size()) return base::error("{}:1: column '{}' stands twice", name, column);
            at = i;
        }
        if (at == header.size())
            return base::error("{}:1: column '{}' is missing; the first line must name {}", name, column,
                               fmt::join(wanted, ","));
        columns.push_back(at);
    }
    return columns;
}

enum Column : size_t { kTime, kX, kY, kZ, kAxisX, kAxisY, kAxisZ, kForce, kMotor, kColumns };
constexpr std::array<std::string_view, kColumns> kPenColumns = {"time_s", "x_m",    "y_m",     "z_m",  "axis_x",
                                                                "axis_y", "axis_z", "force_n", "motor"};
constexpr std::array<std::string_view, 3> kEventColumns = {"time_s", "event", "value"};

base::Result<PenPose> read_pose(const std::vector<std::string_view>& fields, const std::vector<size_t>& columns) {
    std::array<double, kColumns> value{};
    for (size_t c = 0; c < kColumns; ++c) {
        std::string_view field = fields[columns[c]];
        if (c == kForce && field.empty()) continue;
        base::Result<double> number = base::parse_number(field);
        if (!number) return base::error("{}: {}", kPenColumns[c], number.error());
        value[c] = *number;
    }
    if (value[kMotor] != 0 && value[kMotor] != 1) return base::error("motor: must be 0 or 1");
    PenPose pose;
    pose.time = value[kTime];
    pose.tip = {value[kX], value[kY], value[kZ]};
    pose.axis = {value[kAxisX], value[kAxisY], value[kAxisZ]};
    if (!fields[columns[kForce]].empty()) pose.force = value[kForce];
    pose.motor = value[kMotor] == 1;
    double length = std::sqrt(pose.axis.x * pose.axis.x + pose.axis.y * pose.axis.y + pose.axis.z * pose.axis.z);
    if (!(length >= 0.9 && length <= 1.1)) return base::error("axis: has length {:.3g}, a unit vector is needed", length);
    return pose;
}

}  // namespace

base::Result<std::vector<PenSample>> parse_pen_csv(std::string_view text, const std::string& name, double depth_mm,
                                                   double rate_hz) {
    Lines lines(text);
    std::string_view line;
    std::vector<std::string_view> fields;
    if (!lines.next(line)) return base::error("{}: is empty", name);
    split(line, fields);
    base::Result<std::vector<size_t>> columns = find_columns(fields, kPenColumns, name);
    if (!columns) return columns.error();
    size_t width = fields.size();

    std::vector<PenSample> samples;
    while (lines.next(line)) {
        if (trim(line).empty()) continue;
        split(line, fields);
        if (fields.size() != width)
            return base::error("{}:{}: has {} fields, the header has {}", name, lines.number, fields.size(), width);
        base::Result<PenPose> pose = read_pose(fields, *columns);
        if (!pose) return base::error("{}:{}: {}", name, lines.number, pose.error());
        pose->depth = depth_mm * 1e-3;
        pose->rate_hz = rate_hz;
        base::Result<PenSample> sample = quantise(*pose);
        if (!sample) return base::error("{}:{}: {}", name, lines.number, sample.error());
        if (!samples.empty() && sample->time_us <= samples.back().time_us)
            return base::error("{}:{}: time does not rise (after {} s comes {} s)", name, lines.number,
                               samples.back().time(), sample->time());
        if (samples.size() == kMostRows)
            return base::error("{}:{}: more than {} rows; split the session", name, lines.number, kMostRows);
        samples.push_back(*sample);
    }
    if (samples.size() < 2) return base::error("{}: has {} samples, at least 2 are needed", name, samples.size());
    return samples;
}

base::Result<std::vector<ProcedureEvent>> parse_events_csv(std::string_view text, const std::string& name) {
    Lines lines(text);
    std::string_view line;
    std::vector<std::string_view> fields;
    if (!lines.next(line)) return base::error("{}: is empty", name);
    split(line, fields);
    base::Result<std::vector<size_t>> columns = find_columns(fields, kEventColumns, name);
    if (!columns) return columns.error();
    size_t width = fields.size();

    std::vector<ProcedureEvent> events;
    while (lines.next(line)) {
        if (trim(line).empty()) continue;
        split(line, fields);
        if (fields.size() != width)
            return base::error("{}:{}: has {} fields, the header has {}", name, lines.number, fields.size(), width);
        base::Result<double> time = base::parse_number(fields[(*columns)[0]]);
        if (!time || *time < 0 || *time > 4200)
            return base::error("{}:{}: time_s: must be a number from 0 to 4200", name, lines.number);
        ProcedureEvent event;
        event.time_us = static_cast<uint32_t>(*time * 1e6 + 0.5);
        event.name = fields[(*columns)[1]];
        event.value = fields[(*columns)[2]];
        if (event.name.empty() || event.name.size() > 64 || event.value.size() > 1024)
            return base::error("{}:{}: event: give a name of at most 64 letters", name, lines.number);
        if (!events.empty() && event.time_us < events.back().time_us)
            return base::error("{}:{}: time runs backwards", name, lines.number);
        if (events.size() == kMostRows) return base::error("{}:{}: too many rows", name, lines.number);
        events.push_back(std::move(event));
    }
    return events;
}

base::Result<std::vector<PenSample>> read_pen_file(const base::fs::path& path, double depth_mm, double rate_hz) {
    base::Result<std::string> text = base::read_text(path, 1ull << 30);
    if (!text) return text.error();
    return parse_pen_csv(*text, path.string(), depth_mm, rate_hz);
}

base::Result<std::vector<ProcedureEvent>> read_events_file(const base::fs::path& path) {
    base::Result<std::string> text = base::read_text(path);
    if (!text) return text.error();
    return parse_events_csv(*text, path.string());
}

base::Status apply_settings(std::vector<PenSample>& samples, const std::vector<ProcedureEvent>& events) {
    size_t from = 0;
    for (const ProcedureEvent& event : events) {
        bool depth = event.name == "depth_mm";
        if (!depth && event.name != "rate_hz") continue;
        base::Result<double> value = base::parse_number(event.value);
        if (!value || *value < 0 || *value > (depth ? 10 : 1000))
            return base::error("event {} at {} s: '{}' is not a number from 0 to {}", event.name, event.time_us * 1e-6,
                               event.value, depth ? 10 : 1000);
        while (from < samples.size() && samples[from].time_us < event.time_us) ++from;
        for (size_t i = from; i < samples.size(); ++i) {
            if (depth)
                samples[i].depth_um = static_cast<uint16_t>(*value * 1e3 + 0.5);
            else
                samples[i].rate_dhz = static_cast<uint16_t>(*value * 10 + 0.5);
        }
    }
    return {};
}

}  // namespace input
