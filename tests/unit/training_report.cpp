#include "training/core/report.h"

#include "engine/base/png.h"
#include "tests/unit/training_stage.h"
#include "training/core/chart.h"
#include "training/core/html.h"

#include <gtest/gtest.h>

#include <algorithm>
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

/// A true session of a novice on a small pad, scored.
struct Scored {
    Stage stage = training_test::small_pad();
    Rubric rubric = *load_rubric(training_test::places(), "provisional");
    Scope scope = *load_scope(training_test::places(), "medical");
    Recording recording = training_test::record(stage, perform_operator(stage, Skill::novice, 3), "operator novice 3");
    Score result = score(recording, stage, rubric, scope);

    std::string page(const std::vector<ReportPicture>& pictures = {}) const {
        return report_html(recording, stage, result, pictures, {&rubric, {}});
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
    EXPECT_EQ(first_fault(timeline(rows, 10)), "");
    EXPECT_EQ(first_fault(histogram({{1, 5, 2}, 0, 1, 0.2, 0.5, 0.4})), "");
    EXPECT_EQ(first_fault(histogram({{}, 0, 1, 0, 0, {}})), "");
    EXPECT_EQ(first_fault(direction_rose({3333, 0, 3333, 0, 3333, 0})), "");
    EXPECT_EQ(time_chart({"x", "", 10, 1, {}}), "");
    EXPECT_EQ(timeline({}, 10), "");
}

TEST(Report, IsWellFormedAndLoadsNothing) {
    const std::string page = scored().page({picture("none", "front", 9)});
    EXPECT_EQ(first_fault(page), "");
    EXPECT_EQ(page.find("http"), std::string::npos);
    EXPECT_EQ(page.find("<script"), std::string::npos);
    EXPECT_EQ(page.find("<link"), std::string::npos);
    EXPECT_EQ(page.find("@import"), std::string::npos);
}

TEST(Report, ShowsEveryCriterionWithItsValuePointsAndBasis) {
    const std::string page = scored().page();
    ASSERT_FALSE(scored().result.criteria.empty());
    for (const CriterionScore& line : scored().result.criteria) {
        const size_t at = page.find("<div class=\"name\">" + escape_html(line.criterion.name) + "</div>");
        ASSERT_NE(at, std::string::npos) << line.criterion.id;
        const std::string row = page.substr(at, page.find("</tr>", at) - at);
        EXPECT_NE(row.find(">" + escape_html(line.criterion.basis) + "</span>"), std::string::npos);
        if (line.points) {
            EXPECT_NE(row.find(fixed_decimal(*line.points * 10, 1) + " / " + decimal(line.max * 10, 1)), std::string::npos) << row;
        }
        if (!line.reason.empty()) {
            EXPECT_NE(row.find(escape_html(line.reason.substr(1))), std::string::npos);
        }
    }
    EXPECT_NE(page.find(decimal(scored().result.total * 10, 1) + "<span class=\"of\"> / 100"), std::string::npos);
    EXPECT_NE(page.find("not passed"), std::string::npos);
    EXPECT_NE(page.find("not a certificate"), std::string::npos);
    EXPECT_NE(page.find("provisional"), std::string::npos);
}

TEST(Report, TellsOfEachFaultWhereItWasWhenAndHowToSeeIt) {
    const ReportExtras extras{&scored().rubric, {}, "<my> session.evh"};
    std::string id;
    for (const CriterionScore& line : scored().result.criteria)
        if (is_fault(line) && !line.evidence.spans.empty()) id = line.criterion.id;
    ASSERT_FALSE(id.empty());
    ReportPicture marked = picture("none", "front", 50);
    marked.criterion = id;
    const std::string page = report_html(scored().recording, scored().stage, scored().result, {marked}, extras);
    EXPECT_EQ(first_fault(page), "");
    EXPECT_EQ(page.find("On the skin</h2>"), std::string::npos);  // no picture of the whole session was given
    size_t faults = 0;
    for (const CriterionScore& line : scored().result.criteria) {
        const size_t at = page.find("<h3>" + escape_html(line.criterion.name) + " <span");
        EXPECT_EQ(at != std::string::npos, is_fault(line) && !(line.evidence.cells.empty() && line.evidence.spans.empty()));
        if (at == std::string::npos || line.evidence.spans.empty()) continue;
        ++faults;
        const std::string card = page.substr(at, page.find("</div></div>", at) - at);
        const uint32_t begin_us = line.evidence.spans.front().begin_us;
        EXPECT_NE(card.find("<b>" + clock_moment(begin_us) + "</b>"), std::string::npos) << card;
        const uint32_t then_us = telling_moment(line.evidence.spans.front());
        EXPECT_GT(then_us, begin_us);
        EXPECT_LT(then_us, line.evidence.spans.front().end_us);
        EXPECT_NE(card.find(escape_html(replay_command("<my> session.evh", then_us))), std::string::npos) << card;
    }
    EXPECT_GE(faults, 2u);
    EXPECT_NE(page.find("alt=\"Places of: "), std::string::npos);
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
    EXPECT_NE(page.find("below its floor, which fails the session"), std::string::npos);
    EXPECT_NE(page.find("Judged by the bands for pen."), std::string::npos);
}

TEST(Report, NamesTheHashesThatTheScoreFollowsFrom) {
    const std::string page = scored().page();
    const Score& s = scored().result;
    for (const base::Hash* hash : {&s.evidence, &s.rubric, &s.face, &s.device, &s.scope}) {
        EXPECT_NE(page.find(hash->hex()), std::string::npos);
    }
}

TEST(Report, CarriesItsPicturesWhole) {
    const std::vector<ReportPicture> pictures = {picture("none", "front", 10), picture("coverage", "left", 20),
                                                 picture("coverage", "front", 30)};
    const std::string page = scored().page(pictures);
    std::vector<std::vector<uint8_t>> found;
    constexpr std::string_view mark = "src=\"data:image/png;base64,";
    for (size_t at = page.find(mark); at != std::string::npos; at = page.find(mark, at + 1)) {
        const size_t begin = at + mark.size();
        found.push_back(decode_base64(std::string_view(page).substr(begin, page.find('"', begin) - begin)));
    }
    ASSERT_EQ(found.size(), 3u);
    for (size_t i = 0; i < 3; ++i) EXPECT_EQ(found[i], pictures[i].png);
    EXPECT_NE(page.find("alt=\"Coverage: density of punctures, view: left\""), std::string::npos);
}

TEST(Report, ReadsLegendsAsGiven) {
    ReportLegend legend;
    legend.overlay = "pressure";
    legend.within = {{{1, 2, 3}, {4, 5, 6}, {250, 251, 252}}};
    legend.unit = "N";
    legend.bands = {{0.3, 1.0, {"forehead", "temple_left"}}, {0.3, 1.5, {"cheek_left"}}};
    const ReportExtras extras{&scored().rubric, {legend}};
    const std::string page = report_html(scored().recording, scored().stage, scored().result, {picture("pressure", "front", 1)}, extras);
    EXPECT_NE(page.find("linear-gradient(to right,rgb(1,2,3),rgb(4,5,6),rgb(250,251,252))\"></i>on target"), std::string::npos);
    EXPECT_NE(page.find("Target 0.3 to 1 N: Forehead, Left temple</div>"), std::string::npos);
    EXPECT_NE(page.find(">0.3 to 1.5 N: Left cheek</div>"), std::string::npos);
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
    EXPECT_NE(page.find("unfinished"), std::string::npos);
    EXPECT_EQ(page.find("nan"), std::string::npos);
    EXPECT_EQ(page.find("inf\""), std::string::npos);
}

TEST(Report, IsAPureFunctionOfWhatItIsGiven) { EXPECT_EQ(scored().page(), scored().page()); }
