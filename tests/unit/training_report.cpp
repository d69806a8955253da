#include "training/core/decimal.h"
#include "training/core/report.h"

#include "engine/base/png.h"
#include "tests/unit/training_stage.h"
#include "training/core/chart.h"
#include "training/core/html.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

using namespace training;

namespace {

/// The first fault of a page's tags as a sentence, empty when every tag is closed in its order and every attribute quoted.
std::string first_fault(std::string_view html) {
    std::vector<std::string> open;
    size_t at = html.find("<!DOCTYPE html>") == 0 ? 15 : 0;
    while ((at = html.find('<', at)) != std::string_view::npos) {
        const size_t end = html.find('>', at);
        if (end == std::string_view::npos) return "a tag has no end";
        std::string_view tag = html.substr(at + 1, end - at - 1);
        const std::string here = " at offset " + std::to_string(at);
        if (tag.empty() || tag.find('<') != std::string_view::npos) return "a bare <" + here;
        if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) return "an open quote" + here;
        const bool closes = tag.front() == '/', alone = tag.back() == '/';
        if (closes) tag.remove_prefix(1);
        const std::string name(tag.substr(0, tag.find_first_of(" />")));
        if (closes) {
            if (open.empty() || open.back() != name) return "</" + name + "> closes nothing" + here;
            open.pop_back();
        } else if (!alone) {
            open.push_back(name);
        }
        at = end + 1;
        if (name == "style" && !closes) at = html.find("</style>", at);
    }
    return open.empty() ? "" : "<" + open.back() + "> is never closed";
}

std::vector<uint8_t> decode_base64(std::string_view text) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::vector<uint8_t> bytes;
    uint32_t held = 0;
    int bits = 0;
    for (char c : text) {
        if (c == '=') break;
        held = held << 6 | static_cast<uint32_t>(digits.find(c));
        bits += 6;
        if (bits >= 8) bytes.push_back(static_cast<uint8_t>(held >> (bits -= 8)));
    }
    return bytes;
}

ReportPicture picture(const std::string& overlay, const std::string& view, uint8_t shade) {
    base::Image image{3, 2, std::vector<uint8_t>(24, shade)};
    return {view, overlay, base::encode_png(image)};
}

const Phrases& words(const std::string& language = "en") {
    static std::map<std::string, Phrases> loaded;
    if (!loaded.contains(language)) loaded[language] = *Phrases::load(training_test::places(), language);
    return loaded[language];
}

const AdviceBook& advice() {
    static const AdviceBook book = *load_advice(training_test::places());
    return book;
}

/// A true session of a novice on a small pad, scored.
struct Scored {
    Stage stage = training_test::small_pad();
    Rubric rubric = *load_rubric(training_test::places(), "provisional");
    Scope scope = *load_scope(training_test::places(), "medical");
    Recording recording = training_test::record(stage, perform_operator(stage, Skill::novice, 3), "operator novice 3");
    Score result = score(recording, stage, rubric, scope);

    std::string page(const std::vector<ReportPicture>& pictures = {}) const {
        return report_html(recording, stage, result, pictures, words(), {&rubric, {}, {}, &advice()});
    }
};
const Scored& scored() {
    static const Scored made;
    return made;
}

}  // namespace

TEST(Html, EscapesWhatMeansSomething) {
    EXPECT_EQ(escape_html("<a href=\"x\">'&'\x01</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39; &lt;/a&gt;");
}

TEST(Html, WritesNumbersAsTheyAreRead) {
    EXPECT_EQ(decimal(12340), "12.34");
    EXPECT_EQ(decimal(3000), "3");
    EXPECT_EQ(decimal(-50), "−0.05");
    EXPECT_EQ(decimal(12345, 1), "12.3");
    EXPECT_EQ(decimal(12350, 1), "12.4");
    EXPECT_EQ(decimal(-4, 2), "0");
    EXPECT_EQ(decimal(100000, 0), "100");
    EXPECT_EQ(fixed_decimal(500, 2), "0.50");
    EXPECT_EQ(fixed_decimal(9999, 1), "10.0");
    EXPECT_EQ(fixed_decimal(1499, 0), "1");
    EXPECT_EQ(hundredths_text(8105), "81.05");
    EXPECT_EQ(hundredths_text(10'000), "100.00");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1421907), "1\u202f421\u202f907");
    EXPECT_EQ(clock_time(59.6), "1:00");
    EXPECT_EQ(clock_time(3723), "1:02:03");
    EXPECT_EQ(clock_moment(192'480'000), "3:12.4");
    EXPECT_EQ(replay_command("a.evh", 192'480'000), "evenhand replay a.evh --at 192.4");
    EXPECT_EQ(zone_label("nose_sidewall_left"), "Left nose sidewall");
    EXPECT_EQ(zone_label("neck"), "Neck");
}

TEST(Html, DataUrisDecodeToTheSameBytesAtEveryLength) {
    for (size_t length = 0; length < 9; ++length) {
        std::vector<uint8_t> bytes;
        for (size_t i = 0; i < length; ++i) bytes.push_back(static_cast<uint8_t>(255 - 37 * i));
        const std::string uri = png_data_uri(bytes);
        ASSERT_EQ(uri.find("data:image/png;base64,"), 0u);
        EXPECT_EQ((uri.size() - 22) % 4, 0u);
        EXPECT_EQ(decode_base64(std::string_view(uri).substr(22)), bytes);
    }
}

TEST(Chart, AxisStepsDivideIntoAFewRoundParts) {
    EXPECT_DOUBLE_EQ(axis_step(10, 5), 2);
    EXPECT_DOUBLE_EQ(axis_step(4, 4), 1);
    EXPECT_DOUBLE_EQ(axis_step(22, 10), 3);
    EXPECT_DOUBLE_EQ(axis_step(0.65, 5), 0.2);
}

TEST(Chart, BandMarkerStandsWhereTheValueIs) {
    const Band band{0, 0, 5000, 10000};
    const auto marker_x = [&](int64_t value) {
        const std::string svg = band_chart(band, value, "tone-target");
        const size_t at = svg.find("class=\"tone-target\" x=\"");
        return at == std::string::npos ? -1.0 : std::stod(svg.substr(at + 23)) + 1.5;
    };
    // The ruler runs from -1.8 to 11.8 over 5..145.
    EXPECT_NEAR(marker_x(5000), 5 + 140 * 6.8 / 13.6, 0.06);
    EXPECT_NEAR(marker_x(0), 5 + 140 * 1.8 / 13.6, 0.06);
    EXPECT_EQ(marker_x(30000), -1);  // off the scale: an arrow instead
    EXPECT_NE(band_chart(band, 30000, "tone-target").find("<path class=\"tone-target\""), std::string::npos);
    EXPECT_EQ(band_chart(band, std::nullopt, "tone-target").find("tone-target"), std::string::npos);
}

TEST(Chart, EveryChartIsWellFormedAndEmptyOnesAreNothing) {
    TimeChart chart{"force", "N", 10, 2, std::vector<TimeBin>(20)};
    chart.bins[3] = {true, 0.5, 0.7, 0.9, 0.3, 1};
    chart.bins[4] = {true, 0.4, 0.6, 5, 0.3, 1};
    chart.bins[9] = {true, 0.5, 0.7, 0.9, 0.3, 1};
    EXPECT_EQ(first_fault(time_chart(chart)), "");
    const TimelineRow rows[] = {{"Chin <1>", {{1, 2}, {3, 4}}}};
    EXPECT_EQ(first_fault(timeline(rows, 10, "Order of <zones>")), "");
    EXPECT_EQ(first_fault(histogram({{1, 5, 2}, 0, 1, 0.2, 0.5, 0.4})), "");
    EXPECT_EQ(first_fault(histogram({{}, 0, 1, 0, 0, {}})), "");
    EXPECT_EQ(first_fault(direction_rose({3333, 0, 3333, 0, 3333, 0})), "");
    EXPECT_EQ(time_chart({"x", "", 10, 1, {}}), "");
    EXPECT_EQ(timeline({}, 10, ""), "");
}

TEST(Report, IsWellFormedAndLoadsNothing) {
    const std::string page = scored().page({picture("none", "front", 9)});
    EXPECT_EQ(first_fault(page), "");
    EXPECT_EQ(page.find("http"), std::string::npos);
    EXPECT_EQ(page.find("<script"), std::string::npos);
    EXPECT_EQ(page.find("<link"), std::string::npos);
    EXPECT_EQ(page.find("@import"), std::string::npos);
}

/// The row, card or cell that begins with `begin` and ends before `end`; empty where there is none.
std::string piece(const std::string& page, const std::string& begin, const std::string& end) {
    const size_t at = page.find(begin);
    return at == std::string::npos ? "" : page.substr(at, page.find(end, at) - at);
}

TEST(Report, ShowsEveryCriterionWithItsValuePointsAndBasis) {
    const std::string page = scored().page();
    ASSERT_FALSE(scored().result.criteria.empty());
    for (const CriterionScore& line : scored().result.criteria) {
        if (line.verdict == Verdict::not_assessed) {
            EXPECT_NE(page.find("data-not-assessed=\"" + line.criterion.id + "\""), std::string::npos) << line.criterion.id;
            continue;
        }
        const std::string row = piece(page, "<tr data-criterion=\"" + line.criterion.id + "\">", "</tr>");
        EXPECT_NE(row.find(escape_html(line.criterion.name)), std::string::npos) << line.criterion.id;
        EXPECT_NE(row.find("<data value=\"" + thousandths_text(line.value.value()) + "\">"), std::string::npos) << row;
        EXPECT_NE(row.find(fmt::format("<data value=\"{0}\">{1}</data><span class=\"unit\"> / {2}<", *line.points,
                                       fixed_decimal(*line.points * 10, 2), decimal(line.max * 10, 2))),
                  std::string::npos) << row;
        const std::string rule = piece(page, "<tr><th scope=\"row\">" + escape_html(line.criterion.name) + "</th>", "</tr>");
        EXPECT_NE(rule.find(">" + escape_html(line.criterion.basis) + "</span>"), std::string::npos);
        EXPECT_NE(rule.find(escape_html(line.criterion.source)), std::string::npos);
    }
    EXPECT_NE(page.find(fmt::format("<data value=\"{}\">{}</data><span class=\"of\"> of 100", scored().result.total,
                                    fixed_decimal(scored().result.total * 10, 2))), std::string::npos);
    EXPECT_NE(page.find("Not passed"), std::string::npos);
    EXPECT_NE(page.find("not a certificate"), std::string::npos);
    EXPECT_NE(page.find("provisional"), std::string::npos);
}

TEST(Report, TellsOfEachFaultWhereItWasWhenWhatToPractiseAndHowToSeeIt) {
    const ReportExtras extras{&scored().rubric, {}, "<my> session.evh", &advice()};
    std::string id;
    for (const CriterionScore& line : scored().result.criteria)
        if (is_fault(line) && !line.evidence.spans.empty()) id = line.criterion.id;
    ASSERT_FALSE(id.empty());
    ReportPicture marked = picture("none", "front", 50);
    marked.criterion = id;
    const std::string page = report_html(scored().recording, scored().stage, scored().result, {marked}, words(), extras);
    EXPECT_EQ(first_fault(page), "");
    EXPECT_EQ(page.find("class=\"faces\""), std::string::npos);  // no picture of the whole session was given
    size_t faults = 0;
    for (const CriterionScore& line : scored().result.criteria) {
        const std::string card = piece(page, "<h3>" + escape_html(line.criterion.name) + "</h3>", "</li>");
        EXPECT_EQ(!card.empty(), is_fault(line)) << line.criterion.id;
        if (card.empty()) continue;
        EXPECT_NE(card.find("<b>Practise:</b>"), std::string::npos) << card;
        if (line.evidence.spans.empty()) continue;
        ++faults;
        const TimeSpan first = line.evidence.spans.front();
        EXPECT_NE(card.find("<b>" + clock_moment(first.begin_us) + "</b>"), std::string::npos) << card;
        const uint32_t then_us = telling_moment(first);
        EXPECT_GT(then_us, first.begin_us);
        EXPECT_LT(then_us, first.end_us);
        EXPECT_NE(page.find(escape_html(replay_command("<my> session.evh", then_us))), std::string::npos);
    }
    EXPECT_GE(faults, 2u);
    EXPECT_NE(page.find("alt=\"Places on the skin: "), std::string::npos);
}

TEST(Report, SaysHowManyMomentsOfAFaultItLeavesToTheReplay) {
    Score score = scored().result;
    size_t other = 0;
    CriterionScore* faulty = nullptr;
    for (CriterionScore& line : score.criteria)
        if (is_fault(line) && !line.evidence.spans.empty()) faulty = &line, other = line.evidence.spans.size();
    ASSERT_TRUE(faulty);
    faulty->evidence.spans.clear();
    for (uint32_t i = 0; i < 50; ++i) faulty->evidence.spans.push_back({i * 500'000, i * 500'000 + 200'000});
    const ReportExtras extras{&scored().rubric, {}, "my.evh", &advice()};
    const std::string page = report_html(scored().recording, scored().stage, score, {}, words(), extras);
    EXPECT_NE(page.find("(" + words()("report.times", fmt::arg("count", 50), fmt::arg("seconds", "10")) + ")"), std::string::npos) << "the student's sheet counts all of them, not " << other;
    EXPECT_NE(page.find("<li>" + words()("report.more_moments", fmt::arg("count", 42)) + "</li>"), std::string::npos);
    EXPECT_EQ(nlohmann::json::parse(score_json(score))["criteria"][static_cast<size_t>(faulty - score.criteria.data())]["evidence"]["spans_s"].size(), 32u)
        << "programs get the worst, as ever";
}

TEST(Report, PutsFirstWhatFailsTheSessionAndThenWhatCostMost) {
    const std::string page = scored().page();
    std::vector<std::pair<bool, int32_t>> ranks;
    for (size_t at = page.find("<li class=\"fault"); at != std::string::npos; at = page.find("<li class=\"fault", at + 1)) {
        const std::string card = page.substr(at, page.find("</h3>", at) - at);
        for (const CriterionScore& line : scored().result.criteria)
            if (card.ends_with("<h3>" + escape_html(line.criterion.name)))
                ranks.emplace_back(line.verdict == Verdict::critical, line.max - line.points.value_or(line.max));
    }
    ASSERT_GE(ranks.size(), 4u);
    EXPECT_TRUE(std::is_sorted(ranks.rbegin(), ranks.rend()));
}

TEST(Report, TellsOfFloorsAndOfBandsForADevice) {
    Scored other = scored();
    for (Criterion& criterion : other.rubric.criteria) {
        criterion.floor = 90'000;
        criterion.overrides.push_back({"", "pen", criterion.band, criterion.critical_above, criterion.critical_below, "A", "a test"});
    }
    other.result = score(other.recording, other.stage, other.rubric, other.scope);
    const std::string page = other.page();
    EXPECT_EQ(first_fault(page), "");
    EXPECT_NE(page.find("Fewer points than the line needs: "), std::string::npos);
    EXPECT_NE(page.find("points are needed on this line, whatever the total."), std::string::npos);
    EXPECT_NE(page.find("Judged by the bands for pen."), std::string::npos);
}

TEST(Report, SpeaksTheLanguageAskedForAndKeepsTheNumbersForPrograms) {
    for (const char* language : {"es", "fr"}) {
        const AdviceBook book = *load_advice(training_test::places(), language);
        const ReportExtras extras{&scored().rubric, {}, "a.evh", &book};
        const std::string page = report_html(scored().recording, scored().stage, scored().result, {}, words(language), extras);
        EXPECT_EQ(first_fault(page), "");
        EXPECT_NE(page.find(fmt::format("<html lang=\"{}\">", language)), std::string::npos);
        const std::string total = fixed_decimal(scored().result.total * 10, 2);
        EXPECT_NE(page.find(fmt::format("<data value=\"{}\">{}</data>", scored().result.total,
                                        total.substr(0, total.find('.')) + "," + total.substr(total.find('.') + 1))),
                  std::string::npos);
        for (const char* english : {"Practise:", "Zone by zone", "Not passed", "On target", "\u2039"})
            EXPECT_EQ(page.find(english), std::string::npos) << language << ": " << english;
        EXPECT_NE(page.find(escape_html(words(language)("report.not_a_certificate"))), std::string::npos);
    }
}

TEST(Report, CallsTheZoneThatAReasonBeginsWithByItsNameAndLeavesOtherWordsAlone) {
    Scored other = scored();
    for (CriterionScore& line : other.result.criteria) {
        line.reason = "periorbital: 12 deg is above the limit of 10";
        line.note = "7 punctures outside the prescribed skin";
    }
    const std::string page = other.page();
    EXPECT_NE(page.find("<p>Around the eyes: 12 deg is above the limit of 10.</p>"), std::string::npos);
    EXPECT_NE(page.find("<p>7 punctures outside the prescribed skin.</p>"), std::string::npos);
}

TEST(Report, NamesTheHashesThatTheScoreFollowsFrom) {
    const std::string page = scored().page();
    const Score& s = scored().result;
    for (const base::Hash* hash : {&s.evidence, &s.rubric, &s.face, &s.device, &s.scope}) {
        EXPECT_NE(page.find(hash->hex()), std::string::npos);
    }
}

TEST(Report, CarriesItsPicturesWhole) {
    const std::vector<ReportPicture> pictures = {picture("none", "front", 10), picture("coverage", "front", 30),
                                                 picture("coverage", "left", 20)};
    const std::string page = scored().page(pictures);
    std::vector<std::vector<uint8_t>> found;
    constexpr std::string_view mark = "src=\"data:image/png;base64,";
    for (size_t at = page.find(mark); at != std::string::npos; at = page.find(mark, at + 1)) {
        const size_t begin = at + mark.size();
        found.push_back(decode_base64(std::string_view(page).substr(begin, page.find('"', begin) - begin)));
    }
    ASSERT_EQ(found.size(), 3u);
    for (size_t i = 0; i < 3; ++i) EXPECT_EQ(found[i], pictures[i].png);
    EXPECT_NE(page.find("alt=\"Coverage, view: left\""), std::string::npos);
}

TEST(Report, ReadsLegendsAsGiven) {
    ReportLegend legend;
    legend.overlay = "pressure";
    legend.within = {{{1, 2, 3}, {4, 5, 6}, {250, 251, 252}}};
    legend.unit = "N";
    legend.bands = {{0.3, 1.0, {"forehead", "temple_left"}}, {0.3, 1.5, {"cheek_left"}}};
    const ReportExtras extras{&scored().rubric, {legend}};
    const std::string page = report_html(scored().recording, scored().stage, scored().result, {picture("pressure", "left", 1)}, words(), extras);
    EXPECT_NE(page.find("linear-gradient(to right,rgb(1,2,3),rgb(4,5,6),rgb(250,251,252))\"></i>on target"), std::string::npos);
    EXPECT_NE(page.find("Target 0.3 to 1 N: Forehead; Temple, left · 0.3 to 1.5 N: Cheek, left</p>"), std::string::npos);
}

TEST(Report, TakesForeignTextAsTextOnly) {
    Scored evil = scored();
    evil.stage.practice.name = "<script>alert(\"1\")</script> & co";
    evil.stage.practice.brief = "</p><img src=x onerror=alert(1)>";
    evil.recording.header.source = "<b>me</b>";
    evil.stage.device.name = "\"><svg onload=alert(1)>";
    const std::string page = evil.page({picture("<i>", "\"><i>", 1)});
    EXPECT_EQ(first_fault(page), "");
    EXPECT_EQ(page.find("<script"), std::string::npos);
    EXPECT_EQ(page.find("<img src=x"), std::string::npos);
    EXPECT_EQ(page.find("<b>me"), std::string::npos);
    EXPECT_EQ(page.find("<svg onload"), std::string::npos);
    EXPECT_NE(page.find("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; co"), std::string::npos);
}

TEST(Report, OfASessionWithoutOnePunctureStillStands) {
    Scored empty = scored();
    empty.recording.samples.clear();
    empty.recording.punctures.clear();
    empty.recording.contacts.clear();
    empty.recording.finished = false;
    empty.result = score(empty.recording, empty.stage, empty.rubric, empty.scope);
    const std::string page = empty.page();
    EXPECT_EQ(first_fault(page), "");
    EXPECT_NE(page.find("The session was not closed"), std::string::npos);
    EXPECT_EQ(page.find("nan"), std::string::npos);
    EXPECT_EQ(page.find("inf\""), std::string::npos);
}

TEST(Report, IsAPureFunctionOfWhatItIsGiven) { EXPECT_EQ(scored().page(), scored().page()); }
