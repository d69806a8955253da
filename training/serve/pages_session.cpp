#include "training/serve/pages.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace serve {

using training::escape_html;

namespace {

using Json = nlohmann::json;

/// One line of a score's document, as far as it is shown.
struct Line {
    std::string id, unit, verdict, reason, note;
    std::optional<int64_t> value, points;  ///< thousandths of the unit; hundredths
    int64_t max = 0;
    bool below_floor = false;

    bool fault() const { return below_floor || (verdict != "target" && verdict != "not_assessed"); }
};

struct Document {
    std::vector<Line> lines;
    std::vector<std::string> failures;
    bool finished = true, readable = false;
};

std::string text_in(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Whole steps of 1/scale; none where there is no number, or one that no score has.
std::optional<int64_t> number_in(const Json& json, const char* key, double scale) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number()) return std::nullopt;
    const double number = found->get<double>() * scale;
    if (!(std::abs(number) < 1e15)) return std::nullopt;
    return std::llround(number);
}

bool flag_in(const Json& json, const char* key, bool otherwise) {
    const auto found = json.find(key);
    return found != json.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

Line line_of(const Json& json) {
    Line line{text_in(json, "id"), text_in(json, "unit"), text_in(json, "verdict"), text_in(json, "reason"), text_in(json, "note"), {}, {}, 0, false};
    line.value = number_in(json, "value", 1000);
    line.points = number_in(json, "points", 1);
    line.max = number_in(json, "max", 1).value_or(0);
    line.below_floor = flag_in(json, "below_floor", false);
    return line;
}

/// Documents come from stations and may be of other versions: what is not as it should be is left out.
Document document_of(const std::string& text) {
    Document document;
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return document;
    const auto criteria = json.find("criteria"), failures = json.find("failures");
    if (criteria == json.end() || !criteria->is_array()) return document;
    for (const Json& line : *criteria)
        if (line.is_object()) document.lines.push_back(line_of(line));
    if (failures != json.end() && failures->is_array())
        for (const Json& failure : *failures)
            if (failure.is_string()) document.failures.push_back(failure.get<std::string>());
    document.finished = flag_in(json, "finished", true);
    document.readable = true;
    return document;
}

Text criterion_words(const Tongue& t, const Line& line) {
    const auto found = t.criteria.find(line.id);
    return escape_html(found == t.criteria.end() ? line.id : found->second);
}

Text value_words(const Tongue& t, const Line& line) {
    if (!line.value) return "–";
    const Text number = t.decimal(*line.value, line.unit == "%" ? 1 : 2);
    return line.unit.empty() ? number : fmt::format("{}{}{}", number, line.unit == "deg" ? "" : "\u00a0", t.name("unit", line.unit));
}

Text points_words(const Tongue& t, const Line& line) {
    return line.points ? fmt::format("{}\u00a0/\u00a0{}", t.points(*line.points), t.points(line.max)) : Text("–");
}

const char* tone_of(const std::string& verdict) {
    for (const char* known : {"target", "warning", "beyond", "critical"})
        if (verdict == known) return known;
    return "not_assessed";
}

Text verdict_words(const Tongue& t, const Line& line) {
    return fmt::format("<span class=\"verdict {}\">{}</span>", tone_of(line.verdict), t.name("verdict", line.verdict));
}

void add_fact(Text& html, const Text& what, const Text& value) {
    if (!value.empty()) add(html, "<div><dt>{}</dt><dd>{}</dd></div>", what, value);
}

void add_facts(Text& html, const Tongue& t, const records::Session& s) {
    html += "<dl class=\"facts\">";
    add_fact(html, t.say("serve.candidate"), s.candidate.empty() ? Text() : link("/candidate", {{"code", s.candidate}}, escape_html(s.candidate)));
    add_fact(html, t.say("serve.started"), time_words(s.started));
    add_fact(html, t.say("serve.case"), escape_html(s.case_id));
    add_fact(html, t.say("serve.device"), escape_html(s.device_id));
    add_fact(html, t.say("serve.kind"), t.name("serve_kind", records::kind_name(s.kind)));
    add_fact(html, t.say("serve.attempt"), fmt::format("{}", s.attempt));
    add_fact(html, t.say("serve.led_by"), escape_html(s.source));
    add_fact(html, t.say("serve.station"), escape_html(s.station));
    add_fact(html, t.say("serve.evidence"), fmt::format("<code>{}</code>", escape_html(s.evidence)));
    html += "</dl>";
}

/// What cost points or the session, most first.
void add_faults(Text& html, const Tongue& t, const Document& document) {
    std::vector<const Line*> faults;
    for (const Line& line : document.lines)
        if (line.fault()) faults.push_back(&line);
    const auto lost = [](const Line* line) { return line->points ? line->max - *line->points : 0; };
    std::stable_sort(faults.begin(), faults.end(), [&](const Line* a, const Line* b) { return lost(a) > lost(b); });
    add(html, "<h3>{}</h3>", t.say("serve.faults"));
    if (faults.empty()) {
        add(html, "<p>{}</p>", t.say("serve.no_faults"));
        return;
    }
    html += "<ul class=\"faults\">";
    for (const Line* line : faults) {
        add(html, "<li><b>{}</b> {} {}", criterion_words(t, *line), verdict_words(t, *line), t.say("serve.points_lost", fmt::arg("points", t.points(lost(line)))));
        for (const std::string* sentence : {&line->reason, &line->note})
            if (!sentence->empty()) add(html, "<br>{}", t.sentence(*sentence));
        html += "</li>";
    }
    html += "</ul>";
}

void add_criteria(Text& html, const Tongue& t, const Document& document) {
    add(html, "<div class=\"wide\" role=\"region\" aria-label=\"{}\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\" class=\"n\">{}</th>"
              "<th scope=\"col\" class=\"n\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        t.say("serve.criteria"), t.say("serve.criterion"), t.say("serve.value"), t.say("serve.points"), t.say("serve.verdict"));
    for (const Line& line : document.lines)
        add(html, "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n", criterion_words(t, line),
            value_words(t, line), points_words(t, line), verdict_words(t, line));
    html += "</tbody></table></div>";
}

Text total_words(const Tongue& t, const records::ScoreRow& score) {
    return t.say("serve.total_of", fmt::arg("total", t.points(score.total)), fmt::arg("mark", t.points(score.pass_mark)));
}

void add_score(Text& html, const Tongue& t, const records::SessionResult& result) {
    add(html, "<section><h2>{}</h2><p class=\"total\"><strong>{}</strong> {}</p><p class=\"note\">{}</p>",
        t.say("serve.score_by", fmt::arg("rubric", result.rubric.id), fmt::arg("version", result.rubric.version)), total_words(t, result.score),
        passed_pill(t, result.score.pass), t.say("serve.rubric_hash", fmt::arg("hash", result.rubric.hash.substr(0, 12))));
    const Document document = document_of(result.score.document);
    if (!document.readable) {
        add(html, "<p>{}</p></section>", t.say("serve.no_document"));
        return;
    }
    if (!document.finished) add(html, "<p class=\"trouble\">{}</p>", t.say("serve.unfinished"));
    if (!document.failures.empty()) {
        html += "<ul class=\"trouble\">";
        for (const std::string& failure : document.failures) add(html, "<li>{}</li>", t.sentence(failure));
        html += "</ul>";
    }
    add_faults(html, t, document);
    add_criteria(html, t, document);
    html += "</section>";
}

void add_decisions(Text& html, const Tongue& t, const std::vector<records::Decision>& decisions) {
    add(html, "<section><h2>{}</h2>", t.say("serve.decisions"));
    if (decisions.empty()) add(html, "<p>{}</p>", t.say("serve.no_decision"));
    if (!decisions.empty()) html += "<ol class=\"decisions\">";
    for (const records::Decision& d : decisions)
        add(html, "<li{}>{} {} · {} · {}<br>{}</li>", &d == &decisions.back() ? " class=\"stands\"" : "", decision_pill(t, d.verdict),
            t.say(&d == &decisions.back() ? "serve.it_stands" : "serve.it_was_replaced"), escape_html(d.examiner), time_words(d.decided),
            escape_html(d.reason));
    html += decisions.empty() ? "</section>" : "</ol></section>";
}

struct KindOfDot {
    const char *id, *key;
};
constexpr KindOfDot kKinds[] = {{"shallow", "serve.scene_shallow"}, {"in_band", "serve.scene_in_band"}, {"deep", "serve.scene_deep"}, {"unjudged", "serve.scene_unjudged"}};

/// What can be done with the scene by buttons, which keyboards reach.
void add_scene_controls(Text& html, const Tongue& t) {
    add(html, "<p class=\"turns\" role=\"group\" aria-label=\"{}\">", t.say("serve.scene_views"));
    for (const auto& [view, key] : {std::pair("front", "serve.scene_front"), std::pair("left", "serve.scene_left"), std::pair("right", "serve.scene_right"),
                                    std::pair("nearer", "serve.scene_nearer"), std::pair("farther", "serve.scene_farther")})
        add(html, "<button type=\"button\" data-do=\"{}\">{}</button>", view, t.say(key));
    add(html, "</p><fieldset class=\"dots\"><legend>{}</legend>", t.say("serve.scene_dots"));
    for (size_t kind = 0; kind < std::size(kKinds); ++kind)
        add(html, "<label><input type=\"checkbox\" data-kind=\"{}\" checked><span class=\"dot {}\" aria-hidden=\"true\"></span>{} <b data-count=\"{}\"></b></label>", kind,
            kKinds[kind].id, t.say(kKinds[kind].key), kind);
    html += "</fieldset>";
}

void add_scene_table(Text& html, const Tongue& t) {
    add(html, "<details><summary>{}</summary><div class=\"wide\" role=\"region\" aria-label=\"{}\" tabindex=\"0\"><table class=\"zones\"><thead><tr><th scope=\"col\">{}</th>",
        t.say("serve.scene_table"), t.say("serve.scene_table"), t.say("serve.scene_zone"));
    for (const KindOfDot& kind : kKinds) add(html, "<th scope=\"col\" class=\"n\">{}</th>", t.say(kind.key));
    html += "</tr></thead><tbody></tbody></table></div></details>";
}

/// The face to turn round. Without scripts the section stays hidden, and the page is whole without it: the report has its pictures.
void add_scene(Text& html, const Tongue& t, const Text& evidence) {
    add(html, "<section class=\"scene\" data-scene=\"{}\" data-three=\"/three.js\" hidden><h2>{}</h2>"
              "<p class=\"ask\">{} <button type=\"button\" data-do=\"open\">{}</button></p><p role=\"status\" data-waiting=\"{}\" data-failed=\"{}\"></p><div class=\"stage\" hidden>",
        escape_html(address("/scene", {{"id", evidence}})), t.say("serve.scene"), t.say("serve.scene_told"), t.say("serve.scene_open"), t.say("serve.scene_waiting"),
        t.say("serve.scene_failed"));
    add(html, "<div class=\"frame\"><canvas tabindex=\"0\" role=\"img\" data-told=\"{}\"></canvas></div>", t.say("serve.scene_picture"));
    add_scene_controls(html, t);
    add(html, "<fieldset class=\"places\"><legend>{}</legend></fieldset><p class=\"note\" data-shown=\"{}\"></p><p class=\"note\">{}</p>", t.say("serve.scene_faults"),
        t.say("serve.scene_shown"), t.say("serve.scene_keys"));
    add_scene_table(html, t);
    html += "</div></section><script src=\"/scene.js\" defer></script>";
}

const Line* line_named(const Document& document, const std::string& id) {
    const auto found = std::find_if(document.lines.begin(), document.lines.end(), [&](const Line& line) { return line.id == id; });
    return found == document.lines.end() ? nullptr : &*found;
}

/// Points won from a to b: "+2.50".
Text change_words(const Tongue& t, const Line* a, const Line* b) {
    if (!a || !b || !a->points || !b->points) return "–";
    const int64_t change = *b->points - *a->points;
    return fmt::format("{}{}", change > 0 ? "+" : "", t.points(change));
}

void add_compared(Text& html, const Tongue& t, const Line* a, const Line* b) {
    const auto cells = [&](const Line* line) {
        if (!line) return Text("<td class=\"n\">–</td><td class=\"n\">–</td><td>–</td>");
        return fmt::format("<td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td>", value_words(t, *line), points_words(t, *line), verdict_words(t, *line));
    };
    add(html, "<tr><th scope=\"row\">{}</th>{}{}<td class=\"n\">{}</td></tr>\n", criterion_words(t, a ? *a : *b), cells(a), cells(b), change_words(t, a, b));
}

Text compared_head(const Tongue& t, const records::SessionResult& r) {
    const Text who = r.session.candidate.empty() ? Text() : escape_html(r.session.candidate) + ", ";
    return fmt::format("{}<br>{} {}", link("/session", {{"id", r.session.evidence}}, who + time_words(r.session.started)), total_words(t, r.score),
                       passed_pill(t, r.score.pass));
}

}  // namespace

void add_session(Page& page, const std::vector<records::SessionResult>& results, const std::vector<records::Decision>& decisions, bool report, bool scene) {
    const Tongue& t = page.tongue;
    const records::Session& session = results.front().session;
    add_facts(page.body, t, session);
    if (report)
        add(page.body, "<p>{} · {}</p>", link("/report", {{"id", session.evidence}}, t.say("serve.report")),
            link("/report", {{"id", session.evidence}, {"save", "1"}}, t.say("serve.report_save")));
    if (scene) add_scene(page.body, t, session.evidence);
    add_decisions(page.body, t, decisions);
    for (const records::SessionResult& result : results) add_score(page.body, t, result);
}

void add_comparison(Page& page, const records::SessionResult& a, const records::SessionResult& b) {
    const Tongue& t = page.tongue;
    Text& html = page.body;
    const Document first = document_of(a.score.document), second = document_of(b.score.document);
    if (a.rubric.hash != b.rubric.hash) add(html, "<p class=\"trouble\">{}</p>", t.say("serve.other_rubrics"));
    add(html, "<div class=\"wide\" role=\"region\" aria-label=\"{}\" tabindex=\"0\"><table class=\"beside\"><thead><tr><td></td>"
              "<th scope=\"colgroup\" colspan=\"3\">{}</th><th scope=\"colgroup\" colspan=\"3\">{}</th><td></td></tr><tr><th scope=\"col\">{}</th>",
        t.say("serve.comparison"), compared_head(t, a), compared_head(t, b), t.say("serve.criterion"));
    for (int side = 0; side < 2; ++side)
        add(html, "<th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th><th scope=\"col\">{}</th>", t.say("serve.value"),
            t.say("serve.points"), t.say("serve.verdict"));
    add(html, "<th scope=\"col\" class=\"n\">{}</th></tr></thead><tbody>", t.say("serve.change"));
    for (const Line& line : first.lines) add_compared(html, t, &line, line_named(second, line.id));
    for (const Line& line : second.lines)
        if (!line_named(first, line.id)) add_compared(html, t, nullptr, &line);
    html += "</tbody></table></div>";
}

}  // namespace serve
