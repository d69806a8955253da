#include "training/core/report.h"

#include "training/core/chart.h"
#include "training/core/html.h"
#include "training/core/report_style.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

namespace training {

namespace {

constexpr size_t kTimeBins = 480;  // of the charts over time

using Text = std::string;

template <typename... Args>
void add(Text& text, fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
}

/// What every section reads.
struct Page {
    const Recording& recording;
    const Stage& stage;
    const Score& score;
    const ReportExtras& extras;

    const face::FaceAsset& face() const { return *stage.face; }
    double duration() const { return std::max(recording.duration(), 1e-3); }
};

const char* tone_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::target: return "target";
        case Verdict::warning: return "warning";
        case Verdict::beyond: return "beyond";
        case Verdict::critical: return "critical";
        case Verdict::not_assessed: break;
    }
    return "not_assessed";
}

const char* words_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::target: return "on target";
        case Verdict::warning: return "near";
        case Verdict::beyond: return "outside";
        case Verdict::critical: return "critical";
        case Verdict::not_assessed: break;
    }
    return "not assessed";
}

Text hundredths(int32_t value) { return decimal(static_cast<int64_t>(value) * 10, 1); }

/// Prescribed zones in the order of the case, then others that were needled.
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


Text source_words(const Text& source) {
    if (source.starts_with("operator")) return "Simulated " + source;
    if (source == "mouse") return "Practice in the window (mouse)";
    return source;
}

double contact_seconds(const Page& page) {
    size_t steps = 0;
    for (const shared::ContactRecord& c : page.recording.contacts) steps += (c.flags & shared::kContactTouching) != 0;
    return static_cast<double>(steps) * skin::kStep;
}

void add_fact(Text& html, const char* term, const Text& value) {
    if (!value.empty()) add(html, "<div><dt>{}</dt><dd>{}</dd></div>\n", term, escape_html(value));
}

Text rubric_words(const Page& page) {
    if (page.extras.rubric == nullptr) return page.stage.practice.rubric;
    return fmt::format("{}, version {}", page.extras.rubric->name, page.extras.rubric->version);
}

Text skin_words(const face::FaceAsset& face) {
    static constexpr const char* kTypes[] = {"", "I", "II", "III", "IV", "V", "VI"};
    const Text name = face.name.empty() ? face.id : face.name;
    if (face.kind == face::Kind::pad || face.fitzpatrick == 0 || face.fitzpatrick > 6) return name;
    return fmt::format("{}, skin type {}", name, kTypes[face.fitzpatrick]);
}

void add_facts(Text& html, const Page& page) {
    const RecordingHeader& header = page.recording.header;
    html += "<dl class=\"facts\">\n";
    add_fact(html, page.face().kind == face::Kind::pad ? "Practice pad" : "Patient (virtual)", skin_words(page.face()));
    add_fact(html, "Performed by", source_words(header.source));
    add_fact(html, "Started (UTC)", header.started);
    add_fact(html, "Duration", fmt::format("{} of which {} in contact", clock_time(page.recording.duration()),
                                           clock_time(contact_seconds(page))));
    add_fact(html, "Device", page.stage.device.name.empty() ? header.device_id : page.stage.device.name);
    add_fact(html, "Punctures", grouped(page.recording.punctures.size()));
    add_fact(html, "Rubric", rubric_words(page));
    add_fact(html, "Scope of practice", page.stage.practice.scope);
    add_fact(html, "Attempt", fmt::format("{}", page.score.attempt));
    if (!page.recording.finished) add_fact(html, "State", "unfinished: not closed, scored on what was kept");
    html += "</dl>\n";
}

void add_total(Text& html, const Page& page) {
    const int32_t pass_mark = page.extras.rubric != nullptr ? page.extras.rubric->pass_mark : 0;
    html += "<div class=\"total\"><div class=\"note\">Practice score</div>\n";
    add(html, "<div class=\"figure\">{}<span class=\"of\"> / 100</span></div>\n", hundredths(page.score.total));
    add(html, "<div class=\"bar\"><div class=\"fill\" style=\"width:{:.1f}%\"></div>", page.score.total / 100.0);
    if (pass_mark > 0) add(html, "<div class=\"mark\" style=\"left:{:.1f}%\"></div>", pass_mark / 100.0);
    html += "</div>\n";
    if (pass_mark > 0) add(html, "<div class=\"note\">pass mark {}, nothing critical</div>\n", hundredths(pass_mark));
    add(html, "<span class=\"pill {}\">{}</span>{}</div>\n", page.score.pass ? "pass" : "fail",
        page.score.pass ? "passed" : "not passed",
        page.score.finished ? "" : " <span class=\"pill fail\">unfinished session</span>");
}

void add_critical_list(Text& html, const Page& page) {
    Text items;
    for (const CriterionScore& line : page.score.criteria) {
        if (line.verdict == Verdict::critical)
            add(items, "<li><b>{}</b>: {}</li>", escape_html(line.criterion.name),
                escape_html(line.reason.empty() ? "beyond its critical limit" : line.reason));
        if (line.below_floor)
            add(items, "<li><b>{}</b>: below the {} points that this line needs</li>", escape_html(line.criterion.name),
                fixed_decimal(*floor_points(line.criterion) * 10, 1));
    }
    if (items.empty()) return;
    add(html, "<div class=\"critical-list\">What fails the session whatever the total:<ul>{}</ul></div>\n", items);
}

/// What was right for this patient, where the case says so.
void add_patient_today(Text& html, const Page& page) {
    if (page.score.held_off)
        html += "<p class=\"note\">The session ended with a decision not to needle: screening alone is assessed.</p>\n";
    if (!page.score.explain.empty())
        add(html, "<p class=\"note\"><b>This patient today:</b> {}</p>\n", escape_html(page.score.explain));
}

void add_header(Text& html, const Page& page) {
    const Case& practice = page.stage.practice;
    html += "<header><div class=\"top\"><div>\n<div class=\"brand\">Evenhand · practice report</div>\n";
    add(html, "<h1>{}</h1>\n", escape_html(practice.name.empty() ? practice.id : practice.name));
    if (!practice.brief.empty()) add(html, "<p class=\"lead\">{}</p>\n", escape_html(practice.brief));
    html += "</div>\n";
    add_total(html, page);
    html += "</div>\n";
    add_facts(html, page);
    html += "<p class=\"caution\"><b>Training evidence, not a certificate.</b> The score tells how one session on simulated "
            "skin compares with a <b>provisional</b> rubric: no validated rubric with figures for microneedling is known. "
            "It says nothing about fitness to treat patients, and nothing here is medical advice.</p>\n";
    add_critical_list(html, page);
    add_patient_today(html, page);
    html += "</header>\n";
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

Text lower_label(const Page& page, uint8_t zone) {
    return zone < page.face().zones.size() ? zone_words(page.face().zones[zone].id) : "";
}

/// "The worst of 12 times, 21 s together:".
Text times_sentence(const std::vector<TimeSpan>& spans, size_t shown) {
    if (spans.size() <= shown) return "When:";
    int64_t total_us = 0;
    for (const TimeSpan& span : spans) total_us += span.end_us - span.begin_us;
    return fmt::format("The worst of {}{} times, {} s together:", spans.size(), spans.size() >= kMostEvidenceSpans ? " and more" : "",
                       decimal(total_us / 1000, 1));
}

/// "112 mm² of skin: left cheek 60, chin 52."
Text place_sentence(const Page& page, const std::vector<uint32_t>& cells) {
    std::map<uint8_t, uint64_t> area;
    uint64_t total = 0;
    for (uint32_t cell : cells) {
        if (cell >= page.face().cells.size()) continue;
        area[page.face().cells.zone[cell]] += page.face().cells.area_um2[cell];
        total += page.face().cells.area_um2[cell];
    }
    if (total == 0) return {};
    std::vector<std::pair<uint64_t, uint8_t>> largest;
    for (const auto& [zone, um2] : area) largest.push_back({um2, zone});
    std::sort(largest.begin(), largest.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    Text sentence = fmt::format("On {} mm² of skin{}: ", (total + 500'000) / 1'000'000, cells.size() >= kMostEvidenceCells ? " and more" : "");
    for (size_t i = 0; i < largest.size() && i < 4; ++i) {
        add(sentence, "{}{} {}", i > 0 ? ", " : "", lower_label(page, largest[i].second), (largest[i].first + 500'000) / 1'000'000);
    }
    if (largest.size() > 4) add(sentence, " and {} more zones", largest.size() - 4);
    return sentence + ".";
}

Text capitalised(Text text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
    return text;
}

Text value_words(const CriterionScore& line) {
    if (!line.value) return "–";
    const int digits = line.criterion.unit == "%" ? 1 : 2;
    Text words = escape_html(decimal(*line.value, digits));
    if (!line.criterion.unit.empty()) add(words, " <span class=\"unit\">{}</span>", escape_html(line.criterion.unit));
    return words;
}

Text target_words(const Band& b, const Text& unit_name) {
    const Text unit = unit_name.empty() ? "" : " " + unit_name;
    if (b.target_low == b.target_high) return decimal(b.target_low) + unit;
    return fmt::format("{} to {}{}", decimal(b.target_low), decimal(b.target_high), unit);
}

/// Its floor, and whose bands judged it.
void add_rules(Text& html, const CriterionScore& line) {
    if (const std::optional<int32_t> floor = floor_points(line.criterion))
        add(html, "<div class=\"where\">At least {} points are needed here{}.</div>", fixed_decimal(*floor * 10, 1),
            line.below_floor ? ": <b>below its floor, which fails the session</b>" : "");
    if (!line.criterion.bands_for.empty())
        add(html, "<div class=\"where\">Judged by the bands for {}.</div>", escape_html(line.criterion.bands_for));
    for (const PartScore& part : line.parts)
        add(html, "<div class=\"where\">{}: {}, {} of {} points, {} (target {}).</div>",
            part.zone.empty() ? "Other zones" : escape_html(zone_label(part.zone)),
            part.value ? escape_html(decimal(*part.value, 2) + " " + line.criterion.unit) : "no value",
            part.points ? fixed_decimal(*part.points * 10, 1) : "–", hundredths(line.max), words_of(part.verdict),
            escape_html(target_words(part.band, line.criterion.unit)));
}

void add_criterion(Text& html, const CriterionScore& line) {
    const Criterion& criterion = line.criterion;
    const char* tone = tone_of(line.verdict);
    add(html, "<tr><td><div class=\"name\">{}</div><div class=\"what\">{}</div>", escape_html(criterion.name),
        escape_html(measure_definition(criterion.measure) + " " + measure_source(criterion.measure) + "."));
    if (!line.reason.empty()) add(html, "<div class=\"where\"><b>{}.</b></div>", escape_html(capitalised(line.reason)));
    if (!line.note.empty()) add(html, "<div class=\"where\">{}.</div>", escape_html(capitalised(line.note)));
    add_rules(html, line);
    add(html, "</td><td class=\"value\">{}</td><td>{}<div class=\"what\">target {}</div></td>", value_words(line),
        band_chart(criterion.band, line.value, fmt::format("tone-{}", tone)), escape_html(target_words(criterion.band, criterion.unit)));
    add(html, "<td class=\"n\">{} / {}</td><td><span class=\"verdict {}\">{}</span></td>",
        line.points ? fixed_decimal(*line.points * 10, 1) : "–", hundredths(line.max), tone, words_of(line.verdict));
    add(html, "<td><span class=\"tag\" title=\"{}\">{}</span></td></tr>\n", escape_html(criterion.source),
        escape_html(criterion.basis));
}

void add_criteria(Text& html, const Page& page) {
    html += "<section><h2>How the score came about</h2>\n<div class=\"wide\"><table class=\"criteria\"><thead><tr><th>Criterion</th>"
            "<th>Value</th><th>Bands</th><th class=\"n\">Points</th><th>Verdict</th><th>Basis</th></tr></thead><tbody>\n";
    for (const CriterionScore& line : page.score.criteria) add_criterion(html, line);
    html += "</tbody></table></div>\n";
    html += "<p class=\"note\">Points are full inside the target band and fall evenly to none at the edge of the warning "
            "band; the mark shows the value, an arrow a value off the scale. Basis, the certainty of each figure:</p>\n"
            "<div class=\"tags\"><span class=\"tag\">F1</span><span>seen in a regulator's record, reviewed paper, standard or "
            "awarding body's document</span><span class=\"tag\">F2</span><span>seen on a clinic's, maker's or forum page: "
            "weak authority</span><span class=\"tag\">K</span><span>known from the literature, the text not seen</span>"
            "<span class=\"tag\">D</span><span>derived or simulated for this program</span><span class=\"tag\">A</span>"
            "<span>assumption, to be set with experts</span></div></section>\n";
}


/// "3:12 for 2.9 s on the left cheek", and the command that shows it.
void add_moment(Text& html, const Page& page, const TimeSpan& span) {
    const uint8_t zone = zone_at(page, span.begin_us, span.end_us);
    add(html, "<li><b>{}</b> for {} s{}", clock_moment(span.begin_us), decimal((span.end_us - span.begin_us) / 1000, 1),
        zone == 0 ? "" : escape_html(" on the " + lower_label(page, zone)));
    if (!page.extras.file.empty())
        add(html, "<br/>see it: <code>{}</code>", escape_html(replay_command(page.extras.file, telling_moment(span))));
    html += "</li>";
}

void add_fault(Text& html, const Page& page, const CriterionScore& line, const std::vector<ReportPicture>& pictures) {
    constexpr size_t kShown = 3;
    html += "<div class=\"fault\">";
    for (const ReportPicture& picture : pictures) {
        if (picture.criterion != line.criterion.id) continue;
        add(html, "<figure><img alt=\"Places of: {}\" src=\"{}\"/></figure>", escape_html(line.criterion.name),
            png_data_uri(picture.png));
    }
    const char* tone = tone_of(line.verdict);
    add(html, "<div><h3>{} <span class=\"verdict {}\">{}</span></h3>", escape_html(line.criterion.name), tone, words_of(line.verdict));
    if (!line.reason.empty()) add(html, "<p class=\"where\"><b>{}.</b></p>", escape_html(capitalised(line.reason)));
    const Text places = place_sentence(page, line.evidence.cells);
    if (!places.empty()) add(html, "<p class=\"where\">{}</p>", escape_html(places));
    if (!line.evidence.spans.empty()) {
        add(html, "<p class=\"where\">{}</p><ul>", times_sentence(line.evidence.spans, kShown));
        for (size_t i = 0; i < std::min(kShown, line.evidence.spans.size()); ++i) add_moment(html, page, line.evidence.spans[i]);
        html += "</ul>";
    }
    html += "</div></div>\n";
}

/// Each line that lost points: where on the face, when, and how to see it again.
void add_faults(Text& html, const Page& page, const std::vector<ReportPicture>& pictures) {
    const auto& lines = page.score.criteria;
    const auto has_evidence = [](const CriterionScore& line) {
        return is_fault(line) && !(line.evidence.cells.empty() && line.evidence.spans.empty());
    };
    if (std::none_of(lines.begin(), lines.end(), has_evidence)) return;
    html += "<section><h2>Where points were lost</h2>\n<p class=\"note\">The places are outlined on the skin as it was at the end "
            "of the session. Times count from its beginning.</p>\n<div class=\"faults\">\n";
    for (const CriterionScore& line : lines)
        if (has_evidence(line)) add_fault(html, page, line, pictures);
    html += "</div></section>\n";
}


void add_zone_row(Text& html, const Page& page, const ZoneScore& zone) {
    const shared::ZoneStats& s = zone.stats;
    const int index = page.face().find_zone(zone.id);
    const bool no_go = index >= 0 && page.face().zones[static_cast<size_t>(index)].no_go;
    std::array<uint32_t, 6> shares{};
    std::copy(std::begin(s.direction_share_e4), std::end(s.direction_share_e4), shares.begin());
    add(html, "<tr class=\"{}\"><td>{}{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>",
        no_go ? "danger" : zone.prescribed ? "asked" : "other", escape_html(zone_label(zone.id)), no_go ? " (no-go)" : "",
        fixed_decimal(s.area_mm2 * 10, 1), grouped(s.punctures), grouped(s.density_per_cm2));
    add(html, "<td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>",
        fixed_decimal(s.coverage_e4 * 10, 1), fixed_decimal(s.density_cv_e4 / 10, 2), fixed_decimal(s.gini_e4 / 10, 2),
        fixed_decimal(s.depth_mean_um, 2), fixed_decimal(s.force_mean_mn, 2));
    add(html, "<td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n", fixed_decimal(s.tilt_mean_cdeg * 10, 1),
        clock_time(s.contact_ms * 1e-3), direction_rose(shares));
}

void add_zone_sum(Text& html, const Page& page) {
    uint64_t area_mm2 = 0, punctures = 0, contact_ms = 0;
    for (const ZoneScore& zone : page.score.zones) {
        if (!zone.prescribed) continue;
        area_mm2 += zone.stats.area_mm2, punctures += zone.stats.punctures, contact_ms += zone.stats.contact_ms;
    }
    if (area_mm2 == 0) return;
    add(html, "<tr class=\"sum\"><td>All prescribed</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>"
              "<td colspan=\"6\"></td><td class=\"n\">{}</td><td></td></tr>\n",
        fixed_decimal(static_cast<int64_t>(area_mm2) * 10, 1), grouped(punctures), grouped(punctures * 100 / area_mm2),
        clock_time(static_cast<double>(contact_ms) * 1e-3));
}

void add_zones(Text& html, const Page& page) {
    html += "<section><h2>Zone by zone</h2>\n<div class=\"wide\"><table class=\"zones\"><thead><tr><th>Zone</th>"
            "<th class=\"n\">Area cm²</th><th class=\"n\">Punctures</th><th class=\"n\">per cm²</th><th class=\"n\">Coverage %</th>"
            "<th class=\"n\">Density CV</th><th class=\"n\">Gini</th><th class=\"n\">Depth mm</th><th class=\"n\">Force N</th>"
            "<th class=\"n\">Tilt °</th><th class=\"n\">Contact</th><th>Strokes</th></tr></thead><tbody>\n";
    const std::vector<const ZoneScore*> zones = zones_in_order(page);
    for (const ZoneScore* zone : zones) {
        if (zone->prescribed) add_zone_row(html, page, *zone);
    }
    add_zone_sum(html, page);
    for (const ZoneScore* zone : zones) {
        if (!zone->prescribed) add_zone_row(html, page, *zone);
    }
    html += "</tbody></table></div>\n<p class=\"note\">Density CV and Gini are taken over 5 mm patches of true skin area; the "
            "part of the CV that chance alone explains is removed. Depth, force and tilt are means over punctures; depth is "
            "below the skin's local surface. Below the line: needled without being prescribed. Strokes: their directions in "
            "the zone's own frame.</p></section>\n";
}

using ContactValue = double (*)(const shared::ContactRecord&);

/// Range and mean of a value in each slice of time; `counts` tells which records matter.
std::vector<TimeBin> bin_over_time(const Page& page, ContactValue value, bool (*counts)(const shared::ContactRecord&)) {
    std::vector<TimeBin> bins(kTimeBins);
    std::vector<double> weight(kTimeBins, 0);
    for (const shared::ContactRecord& c : page.recording.contacts) {
        if (!counts(c)) continue;
        const size_t i = std::min(kTimeBins - 1, static_cast<size_t>(c.time_us * 1e-6 / page.duration() * kTimeBins));
        const double v = value(c);
        TimeBin& bin = bins[i];
        bin.low = bin.touched ? std::min(bin.low, v) : v;
        bin.high = bin.touched ? std::max(bin.high, v) : v;
        bin.mean += v, weight[i] += 1;
        bin.touched = true;
    }
    for (size_t i = 0; i < kTimeBins; ++i) bins[i].mean /= std::max(1.0, weight[i]);
    return bins;
}

bool touching(const shared::ContactRecord& c) { return (c.flags & shared::kContactTouching) != 0 && c.force_mn > 0; }
bool gliding(const shared::ContactRecord& c) { return touching(c) && c.speed_um_s >= 2000; }

void set_band(std::vector<TimeBin>& bins, double low, double high) {
    for (TimeBin& bin : bins) bin.band_low = low, bin.band_high = high;
}

/// The force band of the zone that was under the tip in each slice.
void set_force_bands(std::vector<TimeBin>& bins, const Page& page) {
    const Rubric* rubric = page.extras.rubric;
    if (rubric == nullptr) return;
    double low = 0, high = 0;
    for (size_t i = 0; i < bins.size(); ++i) {
        const double slice = page.duration() / kTimeBins * 1e6;
        const uint8_t zone = zone_at(page, static_cast<uint32_t>(slice * static_cast<double>(i)),
                                     static_cast<uint32_t>(slice * static_cast<double>(i + 1)));
        if (zone != 0) {
            const bool bone = page.face().zones[zone].bone;
            low = (bone ? rubric->force_bone_low_mn : rubric->force_soft_low_mn) * 1e-3;
            high = (bone ? rubric->force_bone_high_mn : rubric->force_soft_high_mn) * 1e-3;
        }
        bins[i].band_low = low, bins[i].band_high = high;
    }
}

const Criterion* criterion_of(const Page& page, std::string_view measure) {
    for (const CriterionScore& line : page.score.criteria) {
        if (line.criterion.measure == measure) return &line.criterion;
    }
    return nullptr;
}

/// Axis that shows all but the highest hundredth of what was measured, and the band with room above it.
double chart_top(const std::vector<TimeBin>& bins, double least) {
    std::vector<double> highs;
    double band = 0;
    for (const TimeBin& bin : bins) {
        band = std::max(band, bin.band_high);
        if (bin.touched) highs.push_back(bin.high);
    }
    double top = std::max(least, 1.25 * band);
    if (!highs.empty()) {
        const auto at = highs.begin() + static_cast<std::ptrdiff_t>((highs.size() - 1) * 99 / 100);
        std::nth_element(highs.begin(), at, highs.end());
        top = std::max(top, *at);
    }
    const double step = axis_step(top, 4);
    return step * std::ceil(top / step - 1e-9);
}

void add_time_chart(Text& html, const char* title, const Page& page, std::vector<TimeBin> bins, double least) {
    TimeChart chart{title, "", page.duration(), chart_top(bins, least), std::move(bins)};
    add(html, "<div class=\"chart\"><h3>{}</h3>{}</div>\n", title, time_chart(chart));
}

void add_timeline(Text& html, const Page& page) {
    std::vector<TimelineRow> rows;
    std::map<uint32_t, size_t> row_of;
    for (const ZoneScore* zone : zones_in_order(page)) {
        const int index = page.face().find_zone(zone->id);
        if (index < 0) continue;
        row_of[static_cast<uint32_t>(index)] = rows.size();
        rows.push_back({zone_label(zone->id), {}});
    }
    for (const shared::ContactRecord& c : page.recording.contacts) {
        const auto row = row_of.find(c.zone);
        if (row == row_of.end() || !touching(c)) continue;
        auto& spans = rows[row->second].spans;
        const double end = c.time_us * 1e-6, begin = std::max(0.0, end - skin::kStep);
        // Strokes closer together than a tenth of a percent of the session are one bar.
        if (!spans.empty() && begin - spans.back().second < page.duration() * 1e-3)
            spans.back().second = end;
        else
            spans.push_back({begin, end});
    }
    std::erase_if(rows, [](const TimelineRow& row) { return row.spans.empty(); });
    if (!rows.empty()) add(html, "<div class=\"chart\"><h3>Order of zones</h3>{}</div>\n", timeline(rows, page.duration()));
}

void add_charts(Text& html, const Page& page) {
    html += "<section><h2>The hand over time</h2>\n<p class=\"note\">Line: mean of each slice of time; shaded: from the least to "
            "the greatest; green: the target band, where the rubric gives one. Nothing is drawn while the tip is lifted.</p>\n";
    add_timeline(html, page);

    auto force = bin_over_time(page, [](const shared::ContactRecord& c) { return c.force_mn * 1e-3; }, touching);
    set_force_bands(force, page);
    add_time_chart(html, "Axial force, N", page, std::move(force), 1);

    auto speed = bin_over_time(page, [](const shared::ContactRecord& c) { return c.speed_um_s * 1e-4; }, gliding);
    if (const Criterion* c = criterion_of(page, "glide_speed"))
        set_band(speed, static_cast<double>(c->band.target_low) * 1e-3, static_cast<double>(c->band.target_high) * 1e-3);
    add_time_chart(html, "Glide speed, cm/s", page, std::move(speed), 4);

    auto tilt = bin_over_time(page, [](const shared::ContactRecord& c) { return c.tilt_cdeg * 1e-2; }, touching);
    if (const Criterion* c = criterion_of(page, "tilt_median"))
        set_band(tilt, static_cast<double>(c->band.target_low) * 1e-3, static_cast<double>(c->band.target_high) * 1e-3);
    add_time_chart(html, "Tilt from the skin's normal, degrees", page, std::move(tilt), 10);
    html += "</section>\n";
}

/// Depth of all punctures by zone, in bins of 25 µm.
std::map<uint8_t, std::vector<uint32_t>> depth_counts(const Page& page, size_t bins) {
    std::map<uint8_t, std::vector<uint32_t>> counts;
    for (const shared::Puncture& p : page.recording.punctures) {
        if (p.cell >= page.face().cells.size()) continue;
        std::vector<uint32_t>& zone = counts[page.face().cells.zone[p.cell]];
        zone.resize(bins, 0);
        ++zone[std::min<size_t>(bins - 1, shared::puncture_depth_um(p) / 25)];
    }
    return counts;
}

void add_depths(Text& html, const Page& page) {
    uint32_t deepest = 0;
    for (const shared::Puncture& p : page.recording.punctures) deepest = std::max(deepest, shared::puncture_depth_um(p));
    if (deepest == 0) return;
    const size_t bins = std::clamp<size_t>((deepest + 249) / 250 * 10, 30, 160);
    const auto counts = depth_counts(page, bins);
    html += "<section><h2>Depth of the punctures, mm</h2>\n<div class=\"small\">\n";
    for (const ZoneScore* zone : zones_in_order(page)) {
        const int index = page.face().find_zone(zone->id);
        const auto found = counts.find(static_cast<uint8_t>(index));
        if (index < 0 || found == counts.end()) continue;
        Histogram chart{found->second, 0, static_cast<double>(bins) * 0.025, 0, 0, zone->stats.depth_mean_um * 1e-3};
        if (page.extras.rubric != nullptr) {
            const auto band = page.extras.rubric->depth.find(page.face().zones[static_cast<size_t>(index)].kind);
            if (band != page.extras.rubric->depth.end())
                chart.band_low = band->second.low_um * 1e-3, chart.band_high = band->second.high_um * 1e-3;
        }
        add(html, "<figure><figcaption>{} <span>mean {}</span></figcaption>{}</figure>\n", escape_html(zone_label(zone->id)),
            fixed_decimal(zone->stats.depth_mean_um, 2), histogram(chart));
    }
    html += "</div></section>\n";
}


const char* overlay_words(std::string_view overlay) {
    if (overlay == "none") return "Skin after treatment";
    if (overlay == "coverage") return "Coverage: density of punctures";
    if (overlay == "evenness") return "Evenness: density against the zone's mean";
    if (overlay == "depth") return "Depth of punctures";
    if (overlay == "pressure") return "Pressure";
    return "";
}

/// "0.3 to 1.5 N on Forehead, Glabella": a band of the legend, and where it holds.
Text band_words(const ReportLegend& legend, const ReportLegend::Band& band) {
    const auto number = [](double value) { return decimal(static_cast<int64_t>(value * 1000 + 0.5), 2); };
    Text words = fmt::format("{} to {} {}", number(band.low), number(band.high), legend.unit);
    for (size_t i = 0; i < band.zones.size(); ++i) add(words, "{}{}", i == 0 ? ": " : ", ", zone_label(band.zones[i]));
    return words;
}

void add_legend(Text& html, const ReportLegend& legend) {
    html += "<div class=\"legend\"><div class=\"keys\">";
    const std::pair<const char*, const std::array<std::array<uint8_t, 3>, 3>*> stretches[] = {
        {"too little", &legend.below}, {"on target", &legend.within}, {"too much", &legend.above}};
    for (const auto& [words, colours] : stretches) {
        Text stops;
        for (const auto& c : *colours) add(stops, ",rgb({},{},{})", c[0], c[1], c[2]);
        add(html, "<span><i style=\"background-image:{}linear-gradient(to right{})\"></i>{}</span>",
            colours == &legend.above ? "repeating-linear-gradient(135deg,#0006 0 1.5px,transparent 1.5px 5px)," : "", stops, words);
    }
    html += "</div>";
    for (const ReportLegend::Band& band : legend.bands)
        add(html, "<div class=\"aim\">{}{}</div>", &band == legend.bands.data() ? "Target " : "", escape_html(band_words(legend, band)));
    html += "</div>";
}

void add_pictures(Text& html, const Page& page, const std::vector<ReportPicture>& pictures) {
    if (pictures.empty()) return;
    std::vector<Text> overlays;
    for (const ReportPicture& p : pictures) {
        if (!p.criterion.empty()) continue;
        if (std::find(overlays.begin(), overlays.end(), p.overlay) == overlays.end()) overlays.push_back(p.overlay);
    }
    if (overlays.empty()) return;
    html += "<section><h2>On the skin</h2>\n<div class=\"pictures\">\n";
    for (const Text& overlay : overlays) {
        const Text words = *overlay_words(overlay) != '\0' ? overlay_words(overlay) : overlay;
        add(html, "<div class=\"strip\"><div class=\"head\"><h3>{}</h3>", escape_html(words));
        for (const ReportLegend& legend : page.extras.legends) {
            if (legend.overlay == overlay) add_legend(html, legend);
        }
        html += "</div><div class=\"views\">\n";
        for (const ReportPicture& p : pictures) {
            if (p.overlay != overlay || !p.criterion.empty()) continue;
            add(html, "<figure><img alt=\"{}, view: {}\" src=\"{}\"/><figcaption>{}</figcaption></figure>\n", escape_html(words),
                escape_html(p.view), png_data_uri(p.png), escape_html(zone_label(p.view)));
        }
        html += "</div></div>\n";
    }
    html += "</div></section>\n";
}


void add_footer(Text& html, const Page& page) {
    html += "<footer><div>The score is a pure function of what these SHA-256 hashes name: evidence, rubric, scope, face, device and figures; "
            "anyone who holds them can compute it again.</div>\n<div class=\"hashes\">";
    const std::pair<const char*, const base::Hash*> hashes[] = {{"evidence", &page.score.evidence},
                                                                {"rubric", &page.score.rubric},
                                                                {"scope", &page.score.scope},
                                                                {"face", &page.score.face},
                                                                {"device", &page.score.device}};
    auto add_hash = [&](const char* name, const base::Hash& hash) {
        add(html, "<span>{}</span><code>{}</code>\n", name, hash.hex());
    };
    for (const auto& [name, hash] : hashes) add_hash(name, *hash);
    if (page.score.response) add_hash("skin's response", *page.score.response);
    if (page.score.procedure) add_hash("procedure", *page.score.procedure);
    add(html, "</div><div>Recorded with {}.</div></footer>\n",
        escape_html(page.recording.header.program.empty() ? "evenhand" : page.recording.header.program));
}

}  // namespace

std::string report_html(const Recording& recording, const Stage& stage, const Score& score,
                        const std::vector<ReportPicture>& pictures, const ReportExtras& extras) {
    const Page page{recording, stage, score, extras};
    Text html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"/>\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
    const Text name = stage.practice.name.empty() ? stage.practice.id : stage.practice.name;
    add(html, "<title>{} · Evenhand practice report</title>\n<style>{}</style></head>\n<body>\n", escape_html(name), kReportStyle);
    add_header(html, page);
    add_criteria(html, page);
    add_faults(html, page, pictures);
    add_pictures(html, page, pictures);
    add_zones(html, page);
    add_charts(html, page);
    add_depths(html, page);
    add_footer(html, page);
    html += "</body>\n</html>\n";
    return html;
}

}  // namespace training
