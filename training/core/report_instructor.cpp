// What an instructor looks up: every line's rules and sources, all moments, all views, the hand over time, each stroke and
// the whole hashes.

#include "training/core/chart.h"
#include "training/core/coach.h"
#include "training/core/joined.h"
#include "training/core/report_page.h"
#include "training/core/strokes.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <utility>

namespace training::report {

namespace {

// --- rules and sources ---

void add_part(Text& html, const Page& page, const CriterionScore& line, const PartScore& part) {
    const Text value = part.value ? page.with_unit(page.number(*part.value, 2), line.criterion.unit) : Text("–");
    const Text zone = part.zone.empty() ? page.say("score.part_rest") : page.name("zone", part.zone);
    add(html, "<li>{} · {} / {} · {} · {} {}</li>", with_colon(page.words, zone, value),
        part.points ? page.points(*part.points) : Text("–"), page.points(line.max), page.name("verdict", verdict_name(part.verdict)),
        page.say("report.target_word"), target_words(page, part.band, line.criterion.unit));
}

void add_rules(Text& html, const Page& page, const CriterionScore& line) {
    const Criterion& criterion = line.criterion;
    Text items;
    if (const std::optional<int32_t> floor = floor_points(criterion))
        add(items, "<li>{}</li>", page.say("report.floor", fmt::arg("points", page.points(*floor))));
    if (!criterion.bands_for.empty())
        add(items, "<li>{}</li>", page.say("score.bands_for", fmt::arg("device", criterion.bands_for)));
    for (const PartScore& part : line.parts) add_part(items, page, line, part);
    if (!items.empty()) add(html, "<ul>{}</ul>", items);
}

void add_rule_row(Text& html, const Page& page, const CriterionScore& line) {
    const Criterion& criterion = line.criterion;
    add(html, "<tr><th scope=\"row\">{}</th><td>{}", escape_html(criterion.name), page.name("measure", criterion.measure));
    if (const Text note = note_words(page, line); !note.empty()) add(html, "<p>{}.</p>", note);
    add_rules(html, page, line);
    add(html, "</td><td>{}</td><td><span class=\"tag\">{}</span></td></tr>\n", escape_html(criterion.source),
        escape_html(criterion.basis));
}

void add_rules_table(Text& html, const Page& page) {
    add(html, "<h3>{}</h3>\n<p class=\"note\">{}</p>\n{}<table class=\"rules\"><thead><tr>", page.say("report.rules"),
        page.say("report.points_mean"), open_wide(page, "report.rules"));
    for (const char* key : {"score.head_criterion", "report.measured", "report.source", "score.head_basis"})
        add(html, "<th scope=\"col\">{}</th>", page.say(key));
    html += "</tr></thead><tbody>\n";
    for (const CriterionScore& line : page.score.criteria) add_rule_row(html, page, line);
    html += "</tbody></table></div>\n<dl class=\"tags\">";
    for (const char* tag : {"F1", "F2", "K", "D", "A"})
        add(html, "<dt><span class=\"tag\">{}</span></dt><dd>{}</dd>", tag, page.name("basis", tag));
    html += "</dl>\n";
}

// --- moments ---

void add_moments_of(Text& html, const Page& page, const CriterionScore& line) {
    constexpr size_t kShown = 8;
    const std::vector<TimeSpan>& spans = line.evidence.spans;
    add(html, "<h4>{}</h4>", escape_html(line.criterion.name));
    if (const Text places = place_words(page, line.evidence.cells, 30); !places.empty()) add(html, "<p>{}</p>", places);
    if (spans.empty()) return;
    html += "<ul class=\"moments\">";
    for (size_t i = 0; i < std::min(kShown, spans.size()); ++i) {
        add(html, "<li>{}", moment_words(page, spans[i]));
        if (!page.extras.file.empty())
            add(html, "<br/><code>{}</code>", escape_html(replay_command(page.extras.file, telling_moment(spans[i]))));
        html += "</li>";
    }
    if (spans.size() > kShown) add(html, "<li>{}</li>", page.say("report.more_moments", fmt::arg("count", spans.size() - kShown)));
    html += "</ul>\n";
}

/// Each line that lost points: every place and the worst moments, and how to see them again.
void add_moments(Text& html, const Page& page) {
    Text lines;
    for (const CriterionScore* line : faults_in_order(page))
        if (!line->evidence.cells.empty() || !line->evidence.spans.empty()) add_moments_of(lines, page, *line);
    if (!lines.empty())
        add(html, "<h3>{}</h3>\n<p class=\"note\">{}</p>\n<div class=\"columns\">{}</div>\n", page.say("report.moments"),
            page.say("report.moments_mean"), lines);
}

// --- pictures ---

/// The other views of each overlay; the front is on the first sheet.
void add_pictures(Text& html, const Page& page) {
    const auto elsewhere = [](const ReportPicture& p) { return p.criterion.empty() && p.view != "front"; };
    std::vector<Text> overlays;
    for (const ReportPicture& p : page.pictures)
        if (elsewhere(p) && std::find(overlays.begin(), overlays.end(), p.overlay) == overlays.end()) overlays.push_back(p.overlay);
    for (const Text& overlay : overlays) {
        add(html, "<h3>{}</h3>\n", page.name("overlay", overlay));
        for (const ReportLegend& legend : page.extras.legends)
            if (legend.overlay == overlay) add_legend(html, page, legend, true);
        html += "<div class=\"views\">\n";
        for (const ReportPicture& p : page.pictures)
            if (p.overlay == overlay && elsewhere(p)) add_picture(html, page, p, page.words.name("report_view", p.view));
        html += "</div>\n";
    }
}

/// "0.3 to 1.5 N: Forehead, Glabella": a band of the legend, and where it holds.
Text band_words(const Page& page, const ReportLegend& legend, const ReportLegend::Band& band) {
    const auto number = [&](double value) { return page.number(static_cast<int64_t>(value * 1000 + 0.5), 2); };
    const Text range = page.words("report.range", fmt::arg("low", number(band.low)), fmt::arg("high", number(band.high)));
    const Text words = with_unit_word(page.words, range, legend.unit);
    Text zones;
    for (const auto& zone : band.zones) add_to_list(page.words, zones, page.words.name("zone", zone));
    return escape_html(zones.empty() ? words : with_colon(page.words, words, zones));
}

// --- strokes ---

struct StrokeFigures {
    double path_mm = 0;
    uint64_t force_mn = 0, tilt_cdeg = 0, speed_um_s = 0;  ///< sums over the records
    uint32_t peak_mn = 0;
    uint64_t records = 0;
};

StrokeFigures figures_of(const Page& page, const MadeStroke& stroke) {
    StrokeFigures sum;
    for (const StrokeMark& mark : stroke.marks) sum.path_mm += 1e3 * glm::length(mark.way);
    for (size_t i = stroke.first; i <= stroke.last; ++i) {
        const shared::ContactRecord& c = page.recording.contacts[i];
        if ((c.flags & shared::kContactTouching) == 0) continue;
        ++sum.records;
        sum.force_mn += c.force_mn, sum.tilt_cdeg += c.tilt_cdeg, sum.speed_um_s += c.speed_um_s;
        sum.peak_mn = std::max(sum.peak_mn, c.force_mn);
    }
    return sum;
}

void add_stroke(Text& html, const Page& page, const MadeStroke& stroke, size_t number) {
    const StrokeFigures f = figures_of(page, stroke);
    const auto mean = [&](uint64_t sum) { return static_cast<int64_t>(f.records == 0 ? 0 : sum / f.records); };
    const uint8_t zone = zone_at(page, stroke.begin_us, stroke.end_us);
    add(html, "<tr><th scope=\"row\" class=\"n\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{}</td>",
        number, page.moment(stroke.begin_us), page.fixed((stroke.end_us - stroke.begin_us) / 1000, 1),
        zone == 0 ? Text("–") : page.name("zone", page.face().zones[zone].id), page.fixed(static_cast<int64_t>(f.path_mm * 1000), 0));
    add(html, "<td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
        page.fixed(mean(f.force_mn), 2), page.fixed(f.peak_mn, 2), page.fixed(mean(f.tilt_cdeg) * 10, 1),
        page.fixed(mean(f.speed_um_s) / 10, 1));
}

std::vector<MadeStroke> strokes_of(const Page& page) {
    const track::Tracker tallies(track::make_cell_map(page.face()));
    const Scope scope{};
    return made_strokes({page.face(), page.stage.device, *page.extras.rubric, scope, page.recording.punctures,
                         page.recording.contacts, page.recording.samples, page.recording.events, tallies, {}});
}

// --- proof ---

void add_hashes(Text& html, const Page& page) {
    const Score& score = page.score;
    const std::pair<const char*, const base::Hash*> hashes[] = {
        {"report.evidence", &score.evidence},   {"report.hash_rubric", &score.rubric},
        {"report.hash_scope", &score.scope},    {"report.hash_face", &score.face},
        {"report.hash_device", &score.device},  {"report.hash_response", score.response ? &*score.response : nullptr},
        {"report.hash_procedure", score.procedure ? &*score.procedure : nullptr}};
    add(html, "<h3>{}</h3>\n<p class=\"note\">{}</p>\n<dl class=\"hashes\">", page.say("report.hashes"), page.say("report.hashes_mean"));
    for (const auto& [key, hash] : hashes)
        if (hash != nullptr) add(html, "<dt>{}</dt><dd><code>{}</code></dd>\n", page.say(key), hash->hex());
    const auto coach = std::ranges::find(page.recording.events, kCoachFiguresEvent, &input::ProcedureEvent::name);
    if (coach != page.recording.events.end())
        add(html, "<dt>{}</dt><dd><code>{}</code></dd>\n", page.say("report.hash_coach"), escape_html(coach->value));
    html += "</dl>\n";
}

}  // namespace

void add_legend(Text& html, const Page& page, const ReportLegend& legend, bool bands) {
    html += "<div class=\"legend\"><div class=\"keys\">";
    const std::pair<const char*, const std::array<std::array<uint8_t, 3>, 3>*> stretches[] = {
        {"legend.less", &legend.below}, {"legend.target", &legend.within}, {"legend.more", &legend.above}};
    for (const auto& [key, colours] : stretches) {
        Text stops;
        for (const auto& [r, g, b] : *colours) add(stops, ",rgb({},{},{})", r, g, b);
        // As on the skin: hatched where there is too much.
        add(html, "<span><i style=\"background-image:{}linear-gradient(to right{})\"></i>{}</span>",
            colours == &legend.above ? "repeating-linear-gradient(135deg,#0006 0 1.5px,transparent 1.5px 5px)," : "", stops, page.say(key));
    }
    html += "</div>";
    if (bands) {
        add(html, "<p class=\"note\">{} ", page.say("report.target"));
        for (const ReportLegend::Band& band : legend.bands)
            add(html, "{}{}", &band == legend.bands.data() ? "" : " · ", band_words(page, legend, band));
        html += "</p>";
    }
    html += "</div>\n";
}

void add_strokes(Text& html, const Page& page) {
    if (page.extras.rubric == nullptr) return;
    const std::vector<MadeStroke> strokes = strokes_of(page);
    if (strokes.empty()) return;
    add(html, "<details><summary>{}</summary>\n{}<table class=\"strokes\"><thead><tr>",
        page.say("report.strokes", fmt::arg("count", strokes.size())), open_wide(page, "report.every_stroke"));
    for (const char* key : {"report.number", "report.at", "report.seconds", "score.zone", "report.path", "report.force",
                            "report.peak", "report.tilt", "report.speed"})
        add(html, "<th scope=\"col\"{}>{}</th>", std::string_view(key) == "score.zone" ? "" : " class=\"n\"", page.say(key));
    html += "</tr></thead><tbody>\n";
    for (size_t i = 0; i < strokes.size(); ++i) add_stroke(html, page, strokes[i], i + 1);
    html += "</tbody></table></div></details>\n";
}

void add_instructor(Text& html, const Page& page) {
    add(html, "<details class=\"instructor\"><summary>{}</summary>\n<section><h2>{}</h2>\n", page.say("report.instructor"),
        page.say("report.instructor_head"));
    add_rules_table(html, page);
    add_moments(html, page);
    add_pictures(html, page);
    add_charts(html, page);
    add_depths(html, page);
    add_strokes(html, page);
    add_hashes(html, page);
    html += "</section></details>\n";
}

}  // namespace training::report
