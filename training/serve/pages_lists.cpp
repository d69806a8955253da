#include "training/serve/pages.h"

#include "training/core/csv.h"

#include <algorithm>
#include <array>

namespace serve {

using training::escape_html;

namespace {

constexpr std::array<records::CandidateOrder, 5> kOrders = {records::CandidateOrder::code, records::CandidateOrder::sessions,
                                                            records::CandidateOrder::last, records::CandidateOrder::mean,
                                                            records::CandidateOrder::best};

/// Opens a table that scrolls sideways where the screen is narrow, by keyboard too.
void open_table(Text& html, const Text& name) {
    add(html, "<div class=\"wide\" role=\"region\" aria-label=\"{}\" tabindex=\"0\"><table>", name);
}

void close_table(Text& html) {
    html += "</tbody></table></div>";
}

Text passed_of(const Tongue& t, int64_t passed, int64_t scores) {
    return scores == 0 ? Text("–") : t.say("serve.of", fmt::arg("count", passed), fmt::arg("all", scores));
}

const char* column_key(records::CandidateOrder order) {
    switch (order) {
        case records::CandidateOrder::code:
            return "serve.candidate";
        case records::CandidateOrder::sessions:
            return "serve.sessions";
        case records::CandidateOrder::last:
            return "serve.last";
        case records::CandidateOrder::mean:
            return "serve.mean";
        case records::CandidateOrder::best:
            break;
    }
    return "serve.best";
}

Where fields_of(const std::string& cohort, const View& view) {
    return {{"name", cohort}, {"part", view.part}, {"sort", order_word(view.order)}, {"order", view.descending ? "down" : ""}};
}

/// A column's head sorts by it; a second press the other way round.
Text sort_head(const Tongue& t, const std::string& cohort, const View& view, records::CandidateOrder order) {
    View there = view;
    const bool same = view.order == order;
    there.order = order;
    there.descending = same ? !view.descending : order != records::CandidateOrder::code;
    const char* aria = !same ? "" : view.descending ? " aria-sort=\"descending\"" : " aria-sort=\"ascending\"";
    const char* arrow = !same ? "" : view.descending ? " <span aria-hidden=\"true\">▾</span>" : " <span aria-hidden=\"true\">▴</span>";
    return fmt::format("<th scope=\"col\"{}{}>{}</th>", order == records::CandidateOrder::code || order == records::CandidateOrder::last ? "" : " class=\"n\"",
                       aria, link("/cohort", fields_of(cohort, there), t.say(column_key(order)) + arrow));
}

void add_search(Text& html, const Tongue& t, const std::string& cohort, const View& view) {
    add(html, "<form class=\"search\" method=\"get\" action=\"/cohort\" role=\"search\"><input type=\"hidden\" name=\"name\" value=\"{}\">"
              "<input type=\"hidden\" name=\"sort\" value=\"{}\"><input type=\"hidden\" name=\"order\" value=\"{}\">"
              "<label for=\"part\">{}</label><input id=\"part\" name=\"part\" type=\"search\" maxlength=\"64\" value=\"{}\">"
              "<button type=\"submit\">{}</button></form>",
        escape_html(cohort), order_word(view.order), view.descending ? "down" : "", t.say("serve.code_holds"), escape_html(view.part),
        t.say("serve.search"));
}

void add_candidate_row(Text& html, const Tongue& t, const records::CandidateRow& row) {
    add(html, "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
        link("/candidate", {{"code", row.code}}, escape_html(row.code)), row.sessions, time_words(row.last),
        row.scores == 0 ? Text("–") : t.points(row.mean), row.scores == 0 ? Text("–") : t.points(row.best), passed_of(t, row.passed, row.scores));
}

/// May take the results away as a table.
bool may_export(const Page& page) {
    return page.who && page.who->role != Role::auditor;
}

// --- a candidate's scores over time ---

constexpr double kWidth = 640, kHeight = 200, kLeft = 42, kRight = 630, kTop = 12, kBottom = 176;

double down(int64_t hundredths) {
    return kBottom - (kBottom - kTop) * static_cast<double>(hundredths) / 10'000;
}

void add_grid(Text& svg) {
    for (int share = 0; share <= 100; share += 25)
        add(svg, "<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/><text class=\"tick\" x=\"{3}\" y=\"{4:.1f}\">{5}</text>", kLeft,
            kRight, down(share * 100), kLeft - 6, down(share * 100) + 4, share);
}

/// Of scores newest first; drawn from the oldest to the newest.
Text scores_chart(const Tongue& t, const std::vector<records::Listed>& rows) {
    Text svg;
    add(svg, "<figure><svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">", kWidth, kHeight,
        t.say("serve.chart_told", fmt::arg("count", rows.size())));
    add_grid(svg);
    const double step = (kRight - kLeft) / static_cast<double>(rows.size() + 1);
    Text line, dots;
    for (size_t i = 0; i < rows.size(); ++i) {
        const records::Listed& row = rows[rows.size() - 1 - i];
        const double x = kLeft + step * static_cast<double>(i + 1), y = down(row.score.total);
        const double wing = std::min(step / 2, 8.0), mark = down(row.score.pass_mark);
        add(svg, "<line class=\"mark\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", x - wing, x + wing, mark, mark);
        add(line, "{:.1f},{:.1f} ", x, y);
        if (row.score.pass)
            add(dots, "<circle class=\"dot pass\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"/>", x, y);
        else
            add(dots, "<path class=\"dot fail\" d=\"M{:.1f} {:.1f}m-4 -4l8 8m0 -8l-8 8\"/>", x, y);
    }
    add(svg, "<polyline class=\"course\" points=\"{}\"/>{}</svg><figcaption>{}</figcaption></figure>", line, dots, t.say("serve.chart_read"));
    return svg;
}

void add_listed(Text& html, const Tongue& t, const records::Listed& row, size_t number) {
    const Text id = escape_html(row.session.evidence);
    const auto radio = [&](const char* name, bool checked, const char* key) {
        return fmt::format("<input type=\"radio\" name=\"{}\" value=\"{}\" aria-label=\"{}\"{}>", name, id,
                           t.say(key, fmt::arg("session", row.session.evidence.substr(0, 12))), checked ? " checked" : "");
    };
    add(html, "<tr><td class=\"pick\">{}{}</td><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td></tr>\n",
        radio("a", number == 1, "serve.as_first"), radio("b", number == 0, "serve.as_second"),
        link("/session", {{"id", row.session.evidence}}, time_words(row.session.started)), escape_html(row.session.case_id),
        escape_html(row.session.device_id), t.name("serve_kind", records::kind_name(row.session.kind)),
        escape_html(fmt::format("{} {}", row.rubric_id, row.rubric_version)), t.points(row.score.total), passed_pill(t, row.score.pass),
        decision_pill(t, row.verdict));
}

void add_sessions(Page& page, const std::vector<records::Listed>& rows) {
    const Tongue& t = page.tongue;
    Text& html = page.body;
    html += "<form method=\"get\" action=\"/compare\">";
    open_table(html, t.say("serve.sessions"));
    add(html, "<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th>"
              "<th scope=\"col\">{}</th><th scope=\"col\" class=\"n\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        t.say("serve.compare"), t.say("serve.started"), t.say("serve.case"), t.say("serve.device"), t.say("serve.kind"), t.say("serve.rubric"),
        t.say("serve.total"), t.say("serve.result"), t.say("serve.decision"));
    for (size_t i = 0; i < rows.size(); ++i) add_listed(html, t, rows[i], i);
    close_table(html);
    if (rows.size() > 1) add(html, "<p><button type=\"submit\">{}</button></p>", t.say("serve.compare_these"));
    html += "</form>";
}

void add_cohort_rows(Text& html, const Tongue& t, const std::vector<records::CohortRow>& cohorts) {
    open_table(html, t.say("serve.cohorts"));
    add(html, "<thead><tr><th scope=\"col\">{}</th><th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th><th scope=\"col\">{}</th>"
              "<th scope=\"col\" class=\"n\">{}</th></tr></thead><tbody>",
        t.say("serve.cohort"), t.say("serve.candidates"), t.say("serve.sessions"), t.say("serve.last"), t.say("serve.scores_passed"));
    for (const records::CohortRow& row : cohorts)
        add(html, "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{}</td></tr>\n",
            link("/cohort", {{"name", row.cohort}}, cohort_words(t, row.cohort)), row.candidates, row.sessions, time_words(row.last),
            passed_of(t, row.passed, row.scores));
    close_table(html);
}

/// Without the row that only tells of more.
std::vector<records::Listed> shown_of(const std::vector<records::Listed>& rows) {
    return {rows.begin(), rows.begin() + static_cast<ptrdiff_t>(std::min(rows.size(), kRowsOfAPage))};
}

}  // namespace

const char* order_word(records::CandidateOrder order) {
    switch (order) {
        case records::CandidateOrder::code:
            return "code";
        case records::CandidateOrder::sessions:
            return "sessions";
        case records::CandidateOrder::last:
            return "last";
        case records::CandidateOrder::mean:
            return "mean";
        case records::CandidateOrder::best:
            break;
    }
    return "best";
}

std::optional<records::CandidateOrder> parse_order(const std::string& word) {
    for (const records::CandidateOrder order : kOrders)
        if (word == order_word(order)) return order;
    return std::nullopt;
}

void add_sign_in(Page& page, const Text& form_token, const Text& trouble) {
    const Tongue& t = page.tongue;
    if (!trouble.empty()) add(page.body, "<p class=\"trouble\" role=\"alert\">{}</p>", trouble);
    add(page.body, "<form class=\"sign-in\" method=\"post\" action=\"/sign-in\"><input type=\"hidden\" name=\"token\" value=\"{}\">"
                   "<label for=\"name\">{}</label><input id=\"name\" name=\"name\" autocomplete=\"username\" maxlength=\"64\" required>"
                   "<label for=\"passphrase\">{}</label><input id=\"passphrase\" name=\"passphrase\" type=\"password\" autocomplete=\"current-password\" "
                   "maxlength=\"200\" required><button type=\"submit\">{}</button></form>",
        escape_html(form_token), t.say("serve.name"), t.say("serve.passphrase"), t.say("serve.sign_in"));
}

void add_trouble(Page& page, const Text& words) {
    add(page.body, "<p>{}</p><p><a href=\"/\">{}</a></p>", words, page.tongue.say("serve.back"));
}

void add_cohorts(Page& page, const std::vector<records::CohortRow>& cohorts, bool unnamed) {
    const Tongue& t = page.tongue;
    Text& html = page.body;
    if (!cohorts.empty()) add_cohort_rows(html, t, cohorts);
    if (cohorts.empty()) add(html, "<p>{}</p>", t.say("serve.no_candidates"));
    if (unnamed) add(html, "<p>{}</p>", link("/unnamed", {}, t.say("serve.unnamed")));
}

void add_cohort(Page& page, const std::string& cohort, const records::CandidatePage& candidates, const View& view) {
    const Tongue& t = page.tongue;
    Text& html = page.body;
    add(html, "<p class=\"trail\"><a href=\"/\">{}</a></p>", t.say("serve.cohorts"));
    add_search(html, t, cohort, view);
    add(html, "<p>{}</p>", t.say("serve.candidates_found", fmt::arg("count", candidates.of)));
    if (!candidates.rows.empty()) {
        open_table(html, t.say("serve.candidates"));
        html += "<thead><tr>";
        for (const records::CandidateOrder order : kOrders) html += sort_head(t, cohort, view, order);
        add(html, "<th scope=\"col\" class=\"n\">{}</th></tr></thead><tbody>", t.say("serve.scores_passed"));
        for (const records::CandidateRow& row : candidates.rows) add_candidate_row(html, t, row);
        close_table(html);
    }
    html += pager(t, "/cohort", fields_of(cohort, view), view.page, view.page * kRowsOfAPage < candidates.of);
    if (may_export(page) && !cohort.empty()) add(html, "<p>{}</p>", link("/results.csv", {{"cohort", cohort}}, t.say("serve.export")));
}

void add_candidate(Page& page, const records::Candidate& candidate, const std::vector<records::Listed>& rows, const View& view) {
    const Tongue& t = page.tongue;
    Text& html = page.body;
    add(html, "<p class=\"trail\"><a href=\"/\">{}</a> › {}</p>", t.say("serve.cohorts"),
        link("/cohort", {{"name", candidate.cohort}}, cohort_words(t, candidate.cohort)));
    if (rows.empty()) {
        add(html, "<p>{}</p>", t.say("serve.no_sessions"));
        return;
    }
    html += scores_chart(t, shown_of(rows));
    add_sessions(page, shown_of(rows));
    html += pager(t, "/candidate", {{"code", candidate.code}}, view.page, rows.size() > kRowsOfAPage);
    if (may_export(page)) add(html, "<p>{}</p>", link("/results.csv", {{"candidate", candidate.code}}, t.say("serve.export")));
}

void add_unnamed(Page& page, const std::vector<records::Listed>& rows, const View& view) {
    const Tongue& t = page.tongue;
    Text& html = page.body;
    add(html, "<p class=\"trail\"><a href=\"/\">{}</a></p><p>{}</p>", t.say("serve.cohorts"), t.say(rows.empty() ? "serve.no_sessions" : "serve.unnamed_told"));
    if (rows.empty()) return;
    add_sessions(page, shown_of(rows));
    html += pager(t, "/unnamed", {}, view.page, rows.size() > kRowsOfAPage);
    if (may_export(page)) add(html, "<p>{}</p>", link("/results.csv", {{"unnamed", "1"}}, t.say("serve.export")));
}

void add_audit(Page& page, const std::vector<records::DecisionRow>& rows, const View& view) {
    const Tongue& t = page.tongue;
    Text& html = page.body;
    add(html, "<p>{}</p>", t.say(rows.empty() ? "serve.no_decisions" : "serve.audit_told"));
    if (rows.empty()) return;
    open_table(html, t.say("serve.audit"));
    add(html, "<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th>"
              "<th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        t.say("serve.decided"), t.say("serve.candidate"), t.say("serve.session"), t.say("serve.decision"), t.say("serve.examiner"), t.say("serve.reason"),
        t.say("serve.stands"));
    for (size_t i = 0; i < std::min(rows.size(), kRowsOfAPage); ++i) {
        const records::DecisionRow& row = rows[i];
        add(html, "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"long\">{}</td><td>{}</td></tr>\n", time_words(row.decision.decided),
            row.candidate.empty() ? Text("–") : link("/candidate", {{"code", row.candidate}}, escape_html(row.candidate)),
            link("/session", {{"id", row.decision.evidence}}, short_hash(row.decision.evidence)), decision_pill(t, row.decision.verdict),
            escape_html(row.decision.examiner), escape_html(row.decision.reason), t.say(row.stands ? "serve.it_stands" : "serve.it_was_replaced"));
    }
    close_table(html);
    html += pager(t, "/audit", {}, view.page, rows.size() > kRowsOfAPage);
    add(html, "<p>{}</p>", link("/audit.csv", {}, t.say("serve.export")));
}

std::string audit_csv(const std::vector<records::DecisionRow>& rows) {
    using training::csv_cell;
    std::string csv = "evidence,candidate,cohort,verdict,examiner,reason,decided,stands,decision,replaces\r\n";
    for (const records::DecisionRow& row : rows) {
        const records::Decision& d = row.decision;
        csv += fmt::format("{},{},{},{},{},{},{},{},{},{}\r\n", d.evidence, csv_cell(row.candidate), csv_cell(row.cohort), d.verdict, csv_cell(d.examiner),
                           csv_cell(d.reason), csv_cell(d.decided), row.stands ? "yes" : "no", d.id, d.replaces);
    }
    return csv;
}

}  // namespace serve
