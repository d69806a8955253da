// The two sheets that a report prints on: what it came to, and what to do about it.

#include "training/core/chart.h"
#include "training/core/joined.h"
#include "training/core/report_page.h"

namespace training::report {

namespace {

// --- the first sheet ---

void add_fact(Text& html, const Page& page, const char* key, const Text& escaped_value) {
    if (!escaped_value.empty()) add(html, "<div><dt>{}</dt><dd>{}</dd></div>\n", page.say(key), escaped_value);
}

Text skin_words(const Page& page) {
    static constexpr const char* kTypes[] = {"", "I", "II", "III", "IV", "V", "VI"};
    const face::FaceAsset& face = page.face();
    const Text name = face.name.empty() ? face.id : face.name;
    if (face.kind == face::Kind::pad || face.fitzpatrick == 0 || face.fitzpatrick > 6) return escape_html(name);
    return page.say("report.skin", fmt::arg("name", name), fmt::arg("type", kTypes[face.fitzpatrick]));
}

double contact_seconds(const Page& page) {
    size_t steps = 0;
    for (const shared::ContactRecord& c : page.recording.contacts) steps += (c.flags & shared::kContactTouching) != 0;
    return static_cast<double>(steps) * skin::kStep;
}

Text rubric_words(const Page& page) {
    if (page.extras.rubric == nullptr) return page.score.rubric.hex().substr(0, 12);
    return page.say("report.rubric_is", fmt::arg("name", page.extras.rubric->name), fmt::arg("version", page.extras.rubric->version));
}

/// "2026-11-21T21:43:08Z" -> "2026-11-21, 21:43".
Text started_words(const Text& started) {
    if (started.size() < 16 || started[10] != 'T') return escape_html(started);
    return escape_html(started.substr(0, 10) + ", " + started.substr(11, 5));
}

void add_facts(Text& html, const Page& page) {
    const RecordingHeader& header = page.recording.header;
    html += "<dl class=\"facts\">\n";
    add_fact(html, page, page.face().kind == face::Kind::pad ? "report.pad" : "report.patient", skin_words(page));
    add_fact(html, page, "report.by", source_words(page));
    add_fact(html, page, "report.started", started_words(header.started));
    add_fact(html, page, "report.duration",
             page.say("report.of_which", fmt::arg("all", clock_time(page.recording.duration())),
                      fmt::arg("contact", clock_time(contact_seconds(page)))));
    add_fact(html, page, "report.device", escape_html(page.stage.device.name.empty() ? header.device_id : page.stage.device.name));
    add_fact(html, page, "report.punctures", grouped(page.recording.punctures.size()));
    add_fact(html, page, "report.rubric", rubric_words(page));
    add_fact(html, page, "report.scope", escape_html(page.stage.practice.scope));
    html += "</dl>\n";
}

void add_total(Text& html, const Page& page) {
    const Score& score = page.score;
    html += "<div class=\"total\">";
    add(html, "<div class=\"figure\">{}<span class=\"of\"> {}</span></div>\n",
        data(fmt::format("{}", score.total), page.fixed(static_cast<int64_t>(score.total) * 10, 2)), page.say("score.of_100"));
    add(html, "<div class=\"bar\"><div class=\"fill\" style=\"width:{:.1f}%\"></div>", score.total / 100.0);
    if (score.pass_mark > 0) add(html, "<div class=\"mark\" style=\"left:{:.1f}%\"></div>", score.pass_mark / 100.0);
    html += "</div>\n";
    if (score.pass_mark > 0)
        add(html, "<div class=\"note\">{}</div>\n", page.say("report.pass_mark", fmt::arg("mark", page.points(score.pass_mark))));
    add(html, "<div><span class=\"pill {}\">{}</span></div></div>\n", score.pass ? "pass" : "fail",
        page.say(score.pass ? "score.pass" : "score.fail"));
}

/// Names of the lines for which `chosen` holds: "Depth within the zone's band, Tilt".
template <typename Chosen>
Text names_of(const Page& page, Chosen chosen) {
    Text names;
    for (const CriterionScore& line : page.score.criteria)
        if (chosen(line)) add_to_list(page.words, names, line.criterion.name);
    return names;
}

void add_reason(Text& html, const Text& escaped) { add(html, "<li>{}</li>", escaped); }

/// What it came to, in a few sentences.
void add_verdict(Text& html, const Page& page) {
    const Score& score = page.score;
    const Text critical = names_of(page, [](const CriterionScore& line) { return line.verdict == Verdict::critical; });
    const Text floors = names_of(page, [](const CriterionScore& line) { return line.below_floor; });
    Text reasons;
    if (!score.finished) add_reason(reasons, page.say("report.unfinished"));
    if (score.held_off) add_reason(reasons, page.say("visit.held_off"));
    if (!critical.empty()) add_reason(reasons, page.say("report.critical", fmt::arg("lines", critical)));
    if (!floors.empty()) add_reason(reasons, page.say("report.floors", fmt::arg("lines", floors)));
    if (score.total < score.pass_mark) add_reason(reasons, page.say("report.below_mark"));
    if (!score.explain.empty()) add_reason(reasons, page.say("report.today", fmt::arg("explain", score.explain)));
    if (!reasons.empty()) add(html, "<ul class=\"verdict-list {}\">{}</ul>\n", score.pass ? "pass" : "fail", reasons);
}

void add_head(Text& html, const Page& page) {
    const Case& practice = page.stage.practice;
    add(html, "<header class=\"top\"><div class=\"who\">\n<p class=\"brand\">Evenhand · {}</p>\n<h1>{}</h1>\n",
        page.say("report.title"), escape_html(practice.name.empty() ? practice.id : practice.name));
    if (!practice.brief.empty()) add(html, "<p class=\"lead\">{}</p>\n", escape_html(practice.brief));
    add_facts(html, page);
    html += "</div>\n";
    add_total(html, page);
    html += "</header>\n";
}

void add_criterion(Text& html, const Page& page, const CriterionScore& line) {
    const Criterion& criterion = line.criterion;
    const Text target = target_words(page, criterion.band, criterion.unit);
    const Text label = page.words("report.target_is", fmt::arg("range", decimal(criterion.band.target_low) + "–" + decimal(criterion.band.target_high)));
    add(html, "<tr data-criterion=\"{}\"><th scope=\"row\">{}</th><td class=\"n value\">{}</td><td class=\"n aim\">{}</td><td>{}</td>",
        escape_html(criterion.id), escape_html(criterion.name), value_words(page, line), target,
        band_chart(criterion.band, line.value, fmt::format("tone-{}", tone_of(line.verdict)), label));
    add(html, "<td class=\"n points\">{}<span class=\"unit\"> / {}</span></td><td>{}</td></tr>\n",
        line.points ? data(fmt::format("{}", *line.points), page.fixed(static_cast<int64_t>(*line.points) * 10, 2)) : "–",
        page.points(line.max), verdict_pill(page, line.verdict));
}

/// Lines without a verdict share one row: a visit that ends without a needle has all but one of them.
void add_not_assessed(Text& html, const Page& page) {
    Text names;
    for (const CriterionScore& line : page.score.criteria) {
        if (line.verdict != Verdict::not_assessed) continue;
        add_to_list(page.words, names, fmt::format("<span data-not-assessed=\"{}\">{}</span>", escape_html(line.criterion.id),
                                                   escape_html(line.criterion.name)));
    }
    if (!names.empty())
        add(html, "<tr class=\"rest\"><td colspan=\"6\">{}</td></tr>\n", with_colon(page.words, "<b>" + page.say("report.not_assessed") + "</b>", names));
}

void add_criteria(Text& html, const Page& page) {
    add(html, "<section><h2>{}</h2>\n{}<table class=\"criteria\"><thead><tr>", page.say("report.how"), open_wide(page, "report.how"));
    add(html, "<th scope=\"col\">{}</th><th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th><th scope=\"col\">{}</th>",
        page.say("score.head_criterion"), page.say("score.head_value"), page.say("report.target"), page.say("score.head_band"));
    add(html, "<th scope=\"col\" class=\"n\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>\n", page.say("score.head_points"),
        page.say("report.verdict"));
    for (const CriterionScore& line : page.score.criteria)
        if (line.verdict != Verdict::not_assessed) add_criterion(html, page, line);
    add_not_assessed(html, page);
    html += "</tbody></table></div></section>\n";
}

void add_front_pictures(Text& html, const Page& page) {
    Text figures;
    for (const ReportPicture& picture : page.pictures)
        if (picture.view == "front" && picture.criterion.empty())
            add_picture(figures, page, picture, page.words.name("overlay", picture.overlay));
    if (figures.empty()) return;
    add(html, "<section><h2>{}</h2>\n<div class=\"faces\">{}</div>\n", page.say("report.skin_head"), figures);
    if (!page.extras.legends.empty()) add_legend(html, page, page.extras.legends.front(), false);
    html += "</section>\n";
}

// --- the second sheet ---

Text advice_words(const Page& page, const CriterionScore& line) {
    if (page.extras.advice == nullptr || page.extras.rubric == nullptr) return {};
    const FaultSide side = fault_side(line, page.recording, page.stage, *page.extras.rubric, page.score.zones);
    const AdviceText advice = advice_for(*page.extras.advice, line.criterion.measure, side);
    if (advice.text.empty()) return {};
    return fmt::format("<p class=\"advice\"><b>{}</b> {} <span class=\"tag\">{}</span></p>", page.say("report.practise"),
                       escape_html(advice.text), escape_html(advice.basis));
}

void add_evidence(Text& html, const Page& page, const CriterionScore& line) {
    const Text reason = reason_words(page, line), places = place_words(page, line.evidence.cells, 2);
    if (!reason.empty()) add(html, "<p>{}.</p>", reason);
    if (!places.empty()) add(html, "<p>{}</p>", places);
    if (line.evidence.spans.empty()) return;
    add(html, "<p>{}", moment_words(page, line.evidence.spans.front()));
    if (line.evidence.spans.size() > 1) add(html, " ({})", times_words(page, line.evidence.spans));
    html += "</p>";
}

Text fault_card(const Page& page, const CriterionScore& line) {
    Text html;
    const auto picture = std::find_if(page.pictures.begin(), page.pictures.end(),
                                      [&](const ReportPicture& p) { return p.criterion == line.criterion.id; });
    if (picture != page.pictures.end())
        add(html, "<img alt=\"{}\" src=\"{}\"/>", page.say("report.places_of", fmt::arg("line", line.criterion.name)),
            png_data_uri(picture->png));
    add(html, "<div><h3>{}</h3> {}<p><b>{}</b> · {} {}</p>", escape_html(line.criterion.name), verdict_pill(page, line.verdict),
        value_words(page, line), page.say("report.target_word"), target_words(page, line.criterion.band, line.criterion.unit));
    if (line.below_floor)
        add(html, "<p>{}</p>", page.say("report.floor", fmt::arg("points", page.points(*floor_points(line.criterion)))));
    add_evidence(html, page, line);
    return html + advice_words(page, line) + "</div>";
}

// Of the printed sheet, mm, as measured on paper; kSpare for letters wider than the mean.
constexpr double kSheet = 275, kHeads = 30, kFoundation = 24, kZoneRow = 4.0, kCardLine = 4.1, kCardGap = 5, kSpare = 6;
constexpr size_t kLetters = 48, kLettersWide = 64;  // a line of a card, beside a picture and without one

/// Letters that a reader sees of HTML, all the same how many bytes each has.
size_t letters_of(std::string_view html) {
    size_t letters = 0;
    bool tag = false;
    for (const char c : html) {
        if (c == '<') tag = true;
        letters += !tag && (static_cast<unsigned char>(c) & 0xc0) != 0x80;
        if (c == '>') tag = false;
    }
    return letters;
}

/// How high a card is printed, mm: by its paragraphs' letters, for nothing here can set type.
double card_height(std::string_view card, bool picture) {
    const size_t wide = picture ? kLetters : kLettersWide;
    size_t lines = 1;  // its head
    for (size_t at = card.find("<p"); at != std::string_view::npos; at = card.find("<p", at + 1))
        lines += (letters_of(card.substr(at, card.find("</p>", at) - at)) + wide - 1) / wide;
    return kCardGap + kCardLine * static_cast<double>(lines);
}

/// How many of the cards, two beside each other, the sheet holds above the table of zones.
size_t room_for(const Page& page, const std::vector<Text>& cards) {
    double left = kSheet - kHeads - kFoundation - kSpare - kZoneRow * static_cast<double>(zones_in_order(page).size() + 2);
    size_t held = 0;
    while (held < cards.size()) {
        double high = 0;
        const size_t end = std::min(held + 2, cards.size());
        for (size_t i = held; i < end; ++i) high = std::max(high, card_height(cards[i], cards[i].find("<img") != Text::npos));
        if (left < high && held > 0) break;
        left -= high;
        held = end;
    }
    return held;
}

void add_faults(Text& html, const Page& page) {
    const std::vector<const CriterionScore*> faults = faults_in_order(page);
    add(html, "<section><h2>{}</h2>\n", page.say("report.next"));
    if (faults.empty()) {
        add(html, "<p>{}</p></section>\n", page.say("report.no_faults"));
        return;
    }
    std::vector<Text> cards;
    for (const CriterionScore* line : faults) cards.push_back(fault_card(page, *line));
    const size_t room = room_for(page, cards);
    html += "<ul class=\"faults\">\n";
    for (size_t i = 0; i < cards.size(); ++i) add(html, "<li class=\"fault{}\">{}</li>\n", i < room ? "" : " screen", cards[i]);
    html += "</ul>\n";
    if (faults.size() > room)
        add(html, "<p class=\"note paper\">{}</p>\n", page.say("report.more_faults", fmt::arg("count", faults.size() - room)));
    html += "</section>\n";
}

Text number_or_dash(const Page& page, bool there, int64_t thousandths, int digits) {
    return there ? data(thousandths_text(thousandths), page.fixed(thousandths, digits)) : "–";
}

/// As `score --json` has it: 0.9731.
Text share_text(uint32_t e4) { return fmt::format("{}", e4 / 1e4); }

bool is_no_go(const Page& page, const ZoneScore& zone) {
    const int index = page.face().find_zone(zone.id);
    return index >= 0 && page.face().zones[static_cast<size_t>(index)].no_go;
}

void add_zone(Text& html, const Page& page, const ZoneScore& zone) {
    const shared::ZoneStats& s = zone.stats;
    const bool treated = s.punctures > 0;
    const bool no_go = is_no_go(page, zone);
    const char* kind = no_go ? "danger" : zone.prescribed ? "asked" : "other";
    add(html, "<tr class=\"{}\" data-zone=\"{}\"><th scope=\"row\">{}{}</th>", kind, escape_html(zone.id), page.name("zone", zone.id),
        no_go ? " (" + page.say("report.no_go") + ")" : zone.prescribed ? "" : " *");
    const auto cell = [&](const Text& text) { add(html, "<td class=\"n\">{}</td>", text); };
    cell(data(fmt::format("{}", s.area_mm2), page.fixed(static_cast<int64_t>(s.area_mm2) * 10, 1)));
    cell(data(fmt::format("{}", s.punctures), grouped(s.punctures)));
    cell(data(fmt::format("{}", s.density_per_cm2), grouped(s.density_per_cm2)));
    cell(data(share_text(s.coverage_e4), page.fixed(static_cast<int64_t>(s.coverage_e4) * 10, 1)));
    cell(treated ? data(share_text(s.density_cv_e4), page.fixed(s.density_cv_e4 / 10, 2)) : "–");
    cell(number_or_dash(page, treated, s.depth_mean_um, 2));
    cell(number_or_dash(page, treated, s.force_mean_mn, 2));
    cell(treated ? page.fixed(static_cast<int64_t>(s.tilt_mean_cdeg) * 10, 1) : "–");
    html += "</tr>\n";
}

void add_zones(Text& html, const Page& page) {
    const std::vector<const ZoneScore*> zones = zones_in_order(page);
    if (zones.empty()) return;
    add(html, "<section><h2>{}</h2>\n{}<table class=\"zones\"><thead><tr>", page.say("report.zones"), open_wide(page, "report.zones"));
    add(html, "<th scope=\"col\">{}</th>", page.say("score.zone"));
    for (const char* key : {"report.area", "report.punctures", "report.density", "report.coverage", "report.cv", "report.depth",
                            "report.force", "report.tilt"})
        add(html, "<th scope=\"col\" class=\"n\">{}</th>", page.say(key));
    html += "</tr></thead><tbody>\n";
    for (const ZoneScore* zone : zones) add_zone(html, page, *zone);
    html += "</tbody></table></div>\n";
    if (std::any_of(zones.begin(), zones.end(), [&](const ZoneScore* zone) { return !zone->prescribed && !is_no_go(page, *zone); }))
        add(html, "<p class=\"note\">* {}</p>\n", page.say("report.not_prescribed"));
    html += "</section>\n";
}

/// What the page rests on, and what it is not.
void add_foundation(Text& html, const Page& page) {
    add(html, "<section class=\"caution\"><h2>{}</h2>\n<p>{}</p>\n<p class=\"proof\">", page.say("report.rests_on"),
        page.say("report.not_a_certificate"));
    const std::pair<const char*, const base::Hash*> hashes[] = {{"report.evidence", &page.score.evidence},
                                                                {"report.hash_rubric", &page.score.rubric},
                                                                {"report.hash_face", &page.score.face},
                                                                {"report.hash_device", &page.score.device}};
    for (const auto& [key, hash] : hashes)
        add(html, "{} <code>{}</code> · ", page.say(key), hash->hex().substr(0, 12));
    const Text& program = page.recording.header.program;
    add(html, "{}</p></section>\n", escape_html(program.empty() ? "evenhand" : program));
}

}  // namespace

Text open_wide(const Page& page, const char* key) {
    return fmt::format("<div class=\"wide\" role=\"group\" tabindex=\"0\" aria-label=\"{}\">", page.say(key));
}

void add_picture(Text& html, const Page& page, const ReportPicture& picture, const Text& caption) {
    const Text alt = page.words("report.picture", fmt::arg("what", page.words.name("overlay", picture.overlay)),
                                fmt::arg("view", page.words.name("report_view", picture.view)));
    add(html, "<figure><img alt=\"{}\" src=\"{}\"/><figcaption>{}</figcaption></figure>\n", escape_html(alt),
        png_data_uri(picture.png), escape_html(caption));
}

void add_first_sheet(Text& html, const Page& page) {
    add_head(html, page);
    html += "<main>\n<div class=\"sheet\">\n";
    add_verdict(html, page);
    add_criteria(html, page);
    add_front_pictures(html, page);
    html += "</div>\n";
}

void add_second_sheet(Text& html, const Page& page) {
    html += "<div class=\"sheet second\">\n";
    add_faults(html, page);
    add_zones(html, page);
    add_foundation(html, page);
    html += "</div>\n";
}

}  // namespace training::report
