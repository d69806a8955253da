#include "training/core/report_page.h"

#include "training/core/joined.h"
#include "training/core/retelling.h"

#include <map>
#include <utility>

namespace training::report {

namespace {

std::vector<std::pair<uint64_t, uint8_t>> largest_zones(const Page& page, const std::vector<uint32_t>& cells) {
    std::map<uint8_t, uint64_t> area;
    const auto& of = page.face().cells;
    for (uint32_t cell : cells)
        if (cell < of.size()) area[of.zone[cell]] += of.area_um2[cell];
    std::vector<std::pair<uint64_t, uint8_t>> largest;
    for (const auto& [zone, um2] : area) largest.push_back({um2, zone});
    std::sort(largest.begin(), largest.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    return largest;
}

Text zone_name(const Page& page, uint8_t zone) {
    return zone < page.face().zones.size() ? page.words.name("zone", page.face().zones[zone].id) : Text();
}

}  // namespace

Text Page::marked(Text number) const {
    if (const size_t at = number.find('.'); at != Text::npos) number.replace(at, 1, words("report.decimal_mark"));
    return number;
}

Text Page::with_unit(const Text& number, const Text& unit) const {
    if (unit.empty()) return number;
    const Text unit_words = name("unit", unit);
    return fmt::format("{}{}<span class=\"unit\">{}</span>", number, unit == "deg" ? "" : "\u00a0", unit_words);
}

Text data(const Text& machine, const Text& people) {
    return fmt::format("<data value=\"{}\">{}</data>", machine, people);
}

const char* tone_of(Verdict verdict) { return verdict_name(verdict); }

Text verdict_pill(const Page& page, Verdict verdict) {
    return fmt::format("<span class=\"verdict {}\">{}</span>", tone_of(verdict), page.name("verdict", verdict_name(verdict)));
}

Text value_words(const Page& page, const CriterionScore& line) {
    if (!line.value) return "–";
    const int digits = line.criterion.unit == "%" ? 1 : 2;
    return page.with_unit(data(thousandths_text(*line.value), page.number(*line.value, digits)), line.criterion.unit);
}

Text target_words(const Page& page, const Band& band, const Text& unit) {
    if (band.target_low == band.target_high) return page.with_unit(page.number(band.target_low), unit);
    return page.with_unit(page.say("report.range", fmt::arg("low", page.number(band.target_low)),
                                   fmt::arg("high", page.number(band.target_high))), unit);
}

Text reason_words(const Page& page, const CriterionScore& line) { return escape_html(as_read(page.words, line.reason)); }
Text note_words(const Page& page, const CriterionScore& line) { return escape_html(as_read(page.words, line.note)); }

Text source_words(const Page& page) {
    const Text& source = page.recording.header.source;
    if (source.starts_with("operator ")) return page.say("report.by_operator", fmt::arg("who", source.substr(9)));
    if (source == "mouse") return page.say("report.by_mouse");
    return escape_html(source);
}

std::vector<const ZoneScore*> zones_in_order(const Page& page) {
    std::vector<const ZoneScore*> zones;
    for (const std::string& id : page.stage.practice.zones) {
        for (const ZoneScore& zone : page.score.zones) {
            if (zone.id == id && zone.prescribed) zones.push_back(&zone);
        }
    }
    for (const ZoneScore& zone : page.score.zones) {
        if (!zone.prescribed && zone.stats.punctures > 0) zones.push_back(&zone);
    }
    return zones;
}

uint8_t zone_at(const Page& page, uint32_t begin_us, uint32_t end_us) {
    const auto& contacts = page.recording.contacts;
    const auto earlier = [](const shared::ContactRecord& c, uint32_t time) { return c.time_us < time; };
    std::map<uint32_t, size_t> steps;
    for (auto it = std::lower_bound(contacts.begin(), contacts.end(), begin_us, earlier);
         it != contacts.end() && it->time_us <= end_us; ++it) {
        if (it->zone != 0) ++steps[it->zone];
    }
    const auto most = std::max_element(steps.begin(), steps.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == steps.end() ? 0 : static_cast<uint8_t>(most->first);
}

Text place_words(const Page& page, const std::vector<uint32_t>& cells, size_t most) {
    const auto largest = largest_zones(page, cells);
    uint64_t total = 0;
    for (const auto& [um2, zone] : largest) total += um2;
    if (total == 0) return {};
    const auto mm2 = [](uint64_t um2) { return (um2 + 500'000) / 1'000'000; };
    Text zones;
    for (size_t i = 0; i < std::min(most, largest.size()); ++i)
        add_to_list(page.words, zones, fmt::format("{} {}", zone_name(page, largest[i].second), grouped(mm2(largest[i].first))));
    if (largest.size() > most) add_to_list(page.words, zones, page.words("report.more_zones", fmt::arg("count", largest.size() - most)));
    const Text area = (cells.size() >= kMostEvidenceCells ? "> " : "") + grouped(mm2(total));
    return page.say("report.on_skin", fmt::arg("area", area), fmt::arg("zones", zones));
}

Text moment_words(const Page& page, const TimeSpan& span) {
    const uint8_t zone = zone_at(page, span.begin_us, span.end_us);
    const Text seconds = with_unit_word(page.words, page.number((span.end_us - span.begin_us) / 1000, 1), "s");
    Text words = fmt::format("<b>{}</b> · {}", page.moment(span.begin_us), seconds);
    if (zone != 0) words += " · " + escape_html(zone_name(page, zone));
    return words;
}

Text times_words(const Page& page, const std::vector<TimeSpan>& spans) {
    int64_t total_us = 0;
    for (const TimeSpan& span : spans) total_us += span.end_us - span.begin_us;
    return page.say("report.times", fmt::arg("count", spans.size()), fmt::arg("seconds", page.number(total_us / 1000, 1)));
}

std::vector<const CriterionScore*> faults_in_order(const Page& page) {
    std::vector<const CriterionScore*> faults;
    for (const CriterionScore& line : page.score.criteria)
        if (is_fault(line)) faults.push_back(&line);
    const auto lost = [](const CriterionScore* line) { return line->points ? line->max - *line->points : 0; };
    const auto fails = [](const CriterionScore* line) { return line->verdict == Verdict::critical || line->below_floor; };
    std::stable_sort(faults.begin(), faults.end(), [&](const CriterionScore* a, const CriterionScore* b) {
        return std::pair(fails(a), lost(a)) > std::pair(fails(b), lost(b));
    });
    return faults;
}

}  // namespace training::report
