#include "training/serve/page.h"

#include "training/core/decimal.h"
#include "training/core/utc.h"

namespace serve {

using training::escape_html;

namespace {

void add_link(Text& html, const Page& page, const char* path, const Text& words) {
    add(html, "<a href=\"{}\"{}>{}</a>", path, page.here == path ? " aria-current=\"page\"" : "", words);
}

Text header(const Page& page) {
    const Tongue& t = page.tongue;
    Text html = "<header><p class=\"brand\"><a href=\"/\">Evenhand</a></p>";
    if (page.who) {
        add(html, "<nav aria-label=\"{}\">", t.say("serve.navigation"));
        add_link(html, page, "/", t.say("serve.cohorts"));
        if (page.who->role == Role::auditor) add_link(html, page, "/audit", t.say("serve.audit"));
        add(html, "</nav><form method=\"post\" action=\"/sign-out\"><span>{}</span><input type=\"hidden\" name=\"token\" value=\"{}\">"
                  "<button type=\"submit\">{}</button></form>",
            t.say("serve.signed_in_as", fmt::arg("name", page.who->name), fmt::arg("role", t.words.name("serve_role", role_name(page.who->role)))),
            escape_html(page.who->form_token), t.say("serve.sign_out"));
    }
    return html + "</header>";
}

}  // namespace

Text Tongue::points(int64_t hundredths) const {
    return decimal(hundredths * 10, 2);
}

Text Tongue::decimal(int64_t thousandths, int digits) const {
    Text number = training::fixed_decimal(thousandths, digits);
    if (const size_t at = number.find('.'); at != Text::npos) number.replace(at, 1, words("report.decimal_mark"));
    return number;
}

Text Tongue::sentence(const std::string& english) const {
    const std::optional<std::string> told = retelling(english);
    if (told || id == "en") return escape_html(training::as_read(words, told.value_or(english)));
    return fmt::format("<span lang=\"en\">{}</span>", escape_html(english));
}

Text framed(const Page& page) {
    const Tongue& t = page.tongue;
    Text html;
    add(html, "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{} · Evenhand</title>", t.id, escape_html(page.title));
    html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">"
            "<link rel=\"stylesheet\" href=\"/desk.css\"><link rel=\"icon\" href=\"data:,\"></head>\n<body>";
    add(html, "<a class=\"skip\" href=\"#main\">{}</a>{}\n<main id=\"main\"><h1>{}</h1>\n", t.say("serve.skip"), header(page), escape_html(page.title));
    html += page.body;
    add(html, "</main>\n<footer><p>{}</p></footer></body></html>\n", t.say("serve.training_evidence"));
    return html;
}

Text link(std::string_view path, const Where& fields, const Text& text) {
    return fmt::format("<a href=\"{}\">{}</a>", escape_html(address(path, fields)), text);
}

Text pager(const Tongue& tongue, std::string_view path, Where fields, size_t page, bool more) {
    if (page <= 1 && !more) return {};
    const auto to = [&](size_t number) {
        Where there = fields;
        there.emplace_back("page", number <= 1 ? "" : fmt::format("{}", number));
        return there;
    };
    Text html;
    add(html, "<nav class=\"pager\" aria-label=\"{}\">", tongue.say("serve.pages"));
    if (page > 1) html += link(path, to(page - 1), tongue.say("serve.page_before"));
    add(html, "<span>{}</span>", tongue.say("serve.page", fmt::arg("number", page)));
    if (more) html += link(path, to(page + 1), tongue.say("serve.page_after"));
    return html + "</nav>";
}

Text time_words(const Text& utc) {
    if (utc.empty()) return "–";
    if (!training::is_utc(utc)) return escape_html(utc);
    return fmt::format("<time datetime=\"{}\">{} {}</time>", utc, utc.substr(0, 10), utc.substr(11, 5));
}

Text passed_pill(const Tongue& tongue, bool passed) {
    return fmt::format("<span class=\"pill {}\">{}</span>", passed ? "pass" : "fail", tongue.say(passed ? "serve.passed" : "serve.not_passed"));
}

Text decision_pill(const Tongue& tongue, const Text& verdict) {
    if (verdict.empty()) return "–";
    return fmt::format("<span class=\"pill {}\">{}</span>", verdict == "pass" ? "pass" : verdict == "fail" ? "fail" : "void",
                       tongue.name("serve_verdict", verdict));
}

Text cohort_words(const Tongue& tongue, const Text& cohort) {
    return cohort.empty() ? tongue.say("serve.no_cohort") : escape_html(cohort);
}

Text short_hash(const Text& evidence) {
    return fmt::format("<code>{}</code>", escape_html(evidence.substr(0, 12)));
}

}  // namespace serve
