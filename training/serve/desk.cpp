#include "training/serve/desk.h"

#include "training/core/rubric.h"
#include "training/core/signing.h"
#include "training/serve/pages.h"
#include "training/serve/scene.h"
#include "training/serve/stores.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace serve {

namespace {

constexpr size_t kLongestPart = 64, kMostPages = 100'000, kMostAudited = 100'000;
constexpr int kPackedOnce = 9, kPackedInTurn = 6;

/// Of every page; nothing runs, nothing comes from elsewhere.
constexpr const char* kPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// Of a page that has a scene: our own scripts run, and fetch from here alone.
constexpr const char* kScenePolicy =
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'";
/// Of a report, which brings its style and pictures along; boxed in, so that it cannot reach the desk whatever it holds.
constexpr const char* kReportPolicy =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/// A request on its way, with what was found out about it.
struct Visit {
    const Asked& asked;
    const Fields& fields;
    const Tongue& tongue;
    std::optional<SignedIn> who;

    std::string field(std::string_view name) const {
        const auto found = fields.find(name);
        return found == fields.end() ? std::string() : found->second;
    }
    Page page(std::string title, std::string here = {}) const {
        return {tongue, who ? &*who : nullptr, std::move(title), {}, std::move(here)};
    }
};

Answer page_answer(const Page& page, int status = 200) {
    Answer answer;
    answer.status = status;
    answer.body = framed(page);
    return answer;
}

Answer trouble(const Visit& visit, int status, const char* title, const char* told) {
    Page page = visit.page(visit.tongue.words(title));
    add_trouble(page, visit.tongue.say(told));
    return page_answer(page, status);
}

Answer not_found(const Visit& visit) {
    return trouble(visit, 404, "serve.not_found", "serve.not_found_told");
}
Answer bad_request(const Visit& visit) {
    return trouble(visit, 400, "serve.bad_request", "serve.bad_request_told");
}
/// What went wrong is for the log, not for whoever asks.
Answer no_store(const Visit& visit, const base::Error& why) {
    spdlog::warn("serve: {}", why.message);
    return trouble(visit, 503, "serve.no_store", "serve.no_store_told");
}

Answer redirect(const char* where) {
    Answer answer;
    answer.status = 303;
    answer.headers.emplace_back("Location", where);
    return answer;
}

Answer table(std::string csv, const char* name) {
    Answer answer;
    answer.type = "text/csv; charset=utf-8";
    answer.body = std::move(csv);
    answer.headers.emplace_back("Content-Disposition", fmt::format("attachment; filename=\"{}\"", name));
    return answer;
}

/// A file that everybody gets alike.
struct StaticFile {
    std::string bytes, packed;
};

Answer packed_answer(const Visit& visit, const std::string& bytes, const std::string& packed, const char* type) {
    Answer answer;
    answer.type = type;
    const bool takes = visit.asked.accept_encoding.find("gzip") != std::string::npos;
    answer.body = takes ? packed : bytes;
    answer.headers.emplace_back("Vary", "Accept-Encoding");
    if (takes) answer.headers.emplace_back("Content-Encoding", "gzip");
    return answer;
}

std::optional<size_t> page_number(const std::string& text) {
    if (text.empty()) return 1;
    const base::Result<int64_t> number = base::parse_integer(text);
    if (!number || *number < 1 || *number > static_cast<int64_t>(kMostPages)) return std::nullopt;
    return static_cast<size_t>(*number);
}

/// None where a field says what no link of ours says.
std::optional<View> view_of(const Visit& visit) {
    View view;
    const std::optional<size_t> page = page_number(visit.field("page"));
    const std::string sort = visit.field("sort"), order = visit.field("order");
    const std::optional<records::CandidateOrder> by = parse_order(sort.empty() ? "code" : sort);
    view.part = visit.field("part");
    if (!page || !by || (!order.empty() && order != "down") || view.part.size() > kLongestPart) return std::nullopt;
    view.page = *page;
    view.order = *by;
    view.descending = order == "down";
    return view;
}

size_t skipped(const View& view) {
    return (view.page - 1) * kRowsOfAPage;
}

/// "[::1]:8080": "[::1]".
std::string without_port(const std::string& host) {
    const size_t bracket = host.find(']'), colon = host.find(':', bracket == std::string::npos ? 0 : bracket);
    return host.substr(0, colon);
}

}  // namespace

std::string Answer::header(std::string_view name) const {
    for (const auto& [one, value] : headers)
        if (one == name) return value;
    return {};
}

struct Desk::Inside {
    explicit Inside(DeskSettings given) : settings(std::move(given)), stores(settings.store), sign_ins(settings.accounts, settings.limits, settings.clock) {}

    DeskSettings settings;
    Stores stores;
    SignIns sign_ins;
    std::vector<Tongue> tongues;
    std::vector<std::string> languages;
    std::string style;
    StaticFile three, scene_script;  ///< empty where there is no three.js
    std::mutex reporting;

    /// An address, what may be done there, and who may.
    struct Route {
        const char* path;
        const char* method;
        Answer (Inside::*answer)(const Visit&);
        std::vector<Role> roles;  ///< empty: everybody, also who is not signed in
    };
    static const std::vector<Route>& routes();

    const Tongue& tongue(const std::string& accept) const;
    std::string cookie_name(const char* name) const { return fmt::format("{}{}", settings.tls ? "__Host-" : "", name); }
    std::string cookie(const char* name, const std::string& value) const;
    bool host_is_ours(const Asked& asked) const;
    bool comes_from_here(const Asked& asked) const;
    Answer routed(const Asked& asked, Visit& visit);
    void protect(Answer& answer) const;

    Answer style_sheet(const Visit&);
    Answer sign_in_page(const Visit& visit);
    Answer sign_in(const Visit& visit);
    Answer sign_out(const Visit& visit);
    Answer cohorts(const Visit& visit);
    Answer cohort(const Visit& visit);
    Answer candidate(const Visit& visit);
    Answer unnamed(const Visit& visit);
    Answer session(const Visit& visit);
    Answer comparison(const Visit& visit);
    Answer results(const Visit& visit);
    Answer audit(const Visit& visit);
    Answer audit_table(const Visit& visit);
    Answer report(const Visit& visit);
    Answer scene(const Visit& visit);
    Answer three_script(const Visit& visit);
    Answer own_script(const Visit& visit);

    Answer sign_in_form(const Visit& visit, int status, const char* told);
    base::fs::path recording_of(const records::Session& session) const;
    bool shows_scenes() const { return settings.scene && !three.bytes.empty(); }
    Answer script(const Visit& visit, const StaticFile& file) const;
    void read_scripts();
};

// --- who, from where ---

const Tongue& Desk::Inside::tongue(const std::string& accept) const {
    const std::string language = preferred_language(accept, languages);
    const auto found = std::find_if(tongues.begin(), tongues.end(), [&](const Tongue& one) { return one.id == language; });
    return found == tongues.end() ? tongues.front() : *found;
}

std::string Desk::Inside::cookie(const char* name, const std::string& value) const {
    return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict{}{}", cookie_name(name), value, settings.tls ? "; Secure" : "",
                       value.empty() ? "; Max-Age=0" : "");
}

/// Without TLS we are on loopback alone; a page elsewhere that has its own name point here is not answered.
bool Desk::Inside::host_is_ours(const Asked& asked) const {
    if (settings.tls) return !asked.host.empty();
    const std::string host = without_port(asked.host);
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

/// A form that another site sends is refused whatever token it brings.
bool Desk::Inside::comes_from_here(const Asked& asked) const {
    const std::string own = (settings.tls ? "https://" : "http://") + asked.host;
    const bool origin = asked.origin.empty() || asked.origin == own;
    return origin && (asked.fetch_site.empty() || asked.fetch_site == "same-origin") &&
           asked.content_type.starts_with("application/x-www-form-urlencoded");
}

void Desk::Inside::protect(Answer& answer) const {
    if (answer.header("Content-Security-Policy").empty()) answer.headers.emplace_back("Content-Security-Policy", kPolicy);
    answer.headers.emplace_back("X-Content-Type-Options", "nosniff");
    answer.headers.emplace_back("X-Frame-Options", "DENY");
    answer.headers.emplace_back("Referrer-Policy", "same-origin");
    answer.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    answer.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    answer.headers.emplace_back("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
    if (answer.header("Cache-Control").empty()) answer.headers.emplace_back("Cache-Control", "no-store");
    if (settings.tls) answer.headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
}

// --- signing in ---

Answer Desk::Inside::sign_in_form(const Visit& visit, int status, const char* told) {
    const std::string brought = cookie_value(visit.asked.cookie, cookie_name("evenhand-form"));
    const std::string token = brought.size() == new_token().size() ? brought : new_token();
    Page page = visit.page(visit.tongue.words("serve.sign_in"));
    page.who = nullptr;
    add_sign_in(page, token, told ? visit.tongue.say(told) : Text());
    Answer answer = page_answer(page, status);
    answer.headers.emplace_back("Set-Cookie", cookie("evenhand-form", token));
    return answer;
}

Answer Desk::Inside::sign_in_page(const Visit& visit) {
    return sign_in_form(visit, 200, nullptr);
}

Answer Desk::Inside::sign_in(const Visit& visit) {
    const std::string expected = cookie_value(visit.asked.cookie, cookie_name("evenhand-form"));
    if (!comes_from_here(visit.asked) || expected.empty() || !same_secret(expected, visit.field("token")))
        return sign_in_form(visit, 403, "serve.form_expired");
    const base::Result<SignInAnswer> result = sign_ins.sign_in(visit.field("name"), visit.field("passphrase"), visit.asked.address);
    if (!result) return no_store(visit, result.error());
    if (result->fate == SignInFate::throttled) {
        Answer answer = sign_in_form(visit, 429, "serve.throttled");
        answer.headers.emplace_back("Retry-After", fmt::format("{}", settings.limits.window_s));
        return answer;
    }
    if (result->fate == SignInFate::wrong) return sign_in_form(visit, 403, "serve.wrong");
    sign_ins.sign_out(cookie_value(visit.asked.cookie, cookie_name("evenhand")));
    Answer answer = redirect("/");
    answer.headers.emplace_back("Set-Cookie", cookie("evenhand", result->token));
    answer.headers.emplace_back("Set-Cookie", cookie("evenhand-form", {}));
    return answer;
}

Answer Desk::Inside::sign_out(const Visit& visit) {
    if (!comes_from_here(visit.asked) || !same_secret(visit.who->form_token, visit.field("token")))
        return trouble(visit, 403, "serve.forbidden", "serve.form_expired");
    sign_ins.sign_out(cookie_value(visit.asked.cookie, cookie_name("evenhand")));
    Answer answer = redirect("/sign-in");
    answer.headers.emplace_back("Set-Cookie", cookie("evenhand", {}));
    return answer;
}

// --- pages ---

Answer Desk::Inside::style_sheet(const Visit&) {
    Answer answer;
    answer.type = "text/css; charset=utf-8";
    answer.body = style;
    answer.headers.emplace_back("Cache-Control", "max-age=300");
    return answer;
}

Answer Desk::Inside::cohorts(const Visit& visit) {
    const auto rows = stores.read([](records::Store& store) { return store.cohorts(); });
    if (!rows) return no_store(visit, rows.error());
    const records::Filter unnamed{{}, {}, {}, 1, 0, true, true};
    const auto some = stores.read([&](records::Store& store) { return store.list(unnamed); });
    if (!some) return no_store(visit, some.error());
    Page page = visit.page(visit.tongue.words("serve.cohorts"), "/");
    add_cohorts(page, *rows, !some->empty());
    return page_answer(page);
}

Answer Desk::Inside::cohort(const Visit& visit) {
    const std::optional<View> view = view_of(visit);
    if (!view) return bad_request(visit);
    const std::string name = visit.field("name");
    const records::CandidateFilter filter{name, view->part, view->order, view->descending, kRowsOfAPage, skipped(*view)};
    const auto candidates = stores.read([&](records::Store& store) { return store.candidates_of(filter); });
    if (!candidates) return no_store(visit, candidates.error());
    if (candidates->of == 0 && view->part.empty()) return not_found(visit);
    Page page = visit.page(name.empty() ? visit.tongue.words("serve.no_cohort") : name);
    add_cohort(page, name, *candidates, *view);
    return page_answer(page);
}

Answer Desk::Inside::candidate(const Visit& visit) {
    const std::optional<View> view = view_of(visit);
    const std::string code = visit.field("code");
    if (!view) return bad_request(visit);
    if (code.empty()) return not_found(visit);
    const auto who = stores.read([&](records::Store& store) { return store.candidate(code); });
    if (!who) return no_store(visit, who.error());
    if (!*who) return not_found(visit);
    records::Filter filter{code, {}, {}, kRowsOfAPage + 1, skipped(*view), true};
    const auto rows = stores.read([&](records::Store& store) { return store.list(filter); });
    if (!rows) return no_store(visit, rows.error());
    Page page = visit.page(visit.tongue.words("serve.candidate_named", fmt::arg("code", code)));
    add_candidate(page, **who, *rows, *view);
    return page_answer(page);
}

Answer Desk::Inside::unnamed(const Visit& visit) {
    const std::optional<View> view = view_of(visit);
    if (!view) return bad_request(visit);
    const records::Filter filter{{}, {}, {}, kRowsOfAPage + 1, skipped(*view), true, true};
    const auto rows = stores.read([&](records::Store& store) { return store.list(filter); });
    if (!rows) return no_store(visit, rows.error());
    Page page = visit.page(visit.tongue.words("serve.unnamed"));
    add_unnamed(page, *rows, *view);
    return page_answer(page);
}

Answer Desk::Inside::session(const Visit& visit) {
    const std::string id = visit.field("id");
    if (!training::from_hex<32>(id)) return not_found(visit);
    const auto results = stores.read([&](records::Store& store) { return store.results_of(id); });
    if (!results) return no_store(visit, results.error());
    if (results->empty()) return not_found(visit);
    const auto decisions = stores.read([&](records::Store& store) { return store.decisions_of(id); });
    if (!decisions) return no_store(visit, decisions.error());
    Page page = visit.page(visit.tongue.words("serve.session_named", fmt::arg("id", id.substr(0, 12))));
    const bool here = !recording_of(results->front().session).empty();
    add_session(page, *results, *decisions, here, here && shows_scenes());
    Answer answer = page_answer(page);
    if (here && shows_scenes()) answer.headers.emplace_back("Content-Security-Policy", kScenePolicy);
    return answer;
}

Answer Desk::Inside::comparison(const Visit& visit) {
    const std::string a = visit.field("a"), b = visit.field("b");
    if (!training::from_hex<32>(a) || !training::from_hex<32>(b)) return not_found(visit);
    const auto first = stores.read([&](records::Store& store) { return store.results_of(a); });
    if (!first) return no_store(visit, first.error());
    const auto second = stores.read([&](records::Store& store) { return store.results_of(b); });
    if (!second) return no_store(visit, second.error());
    if (first->empty() || second->empty()) return not_found(visit);
    Page page = visit.page(visit.tongue.words("serve.comparison"));
    add_comparison(page, first->front(), second->front());
    return page_answer(page);
}

Answer Desk::Inside::results(const Visit& visit) {
    records::Filter filter{visit.field("candidate"), visit.field("cohort"), {}};
    filter.without_candidate = visit.field("unnamed") == "1";
    if (filter.candidate.empty() && filter.cohort.empty() && !filter.without_candidate) return not_found(visit);
    const auto rows = stores.read([&](records::Store& store) { return store.list(filter); });
    if (!rows) return no_store(visit, rows.error());
    return table(records::results_csv(*rows), "results.csv");
}

Answer Desk::Inside::audit(const Visit& visit) {
    const std::optional<View> view = view_of(visit);
    if (!view) return bad_request(visit);
    const auto rows = stores.read([&](records::Store& store) { return store.decisions(kRowsOfAPage + 1, skipped(*view)); });
    if (!rows) return no_store(visit, rows.error());
    Page page = visit.page(visit.tongue.words("serve.audit"), "/audit");
    add_audit(page, *rows, *view);
    return page_answer(page);
}

Answer Desk::Inside::audit_table(const Visit& visit) {
    const auto rows = stores.read([](records::Store& store) { return store.decisions(kMostAudited); });
    if (!rows) return no_store(visit, rows.error());
    return table(audit_csv(*rows), "decisions.csv");
}

/// Where a session's recording lies in the folder of them: under the name that the station gave it, or under its evidence's. Only
/// the last part of a name is looked at, and only a plain file is taken: a row of the store leads nowhere else.
base::fs::path Desk::Inside::recording_of(const records::Session& session) const {
    if (settings.sessions.empty() || !settings.report) return {};
    for (const base::fs::path& name : {base::fs::path(session.evidence + ".evh"), base::fs::path(session.recording).filename()}) {
        const base::fs::path file = settings.sessions / name;
        std::error_code ignored;
        if (name.extension() == ".evh" && base::fs::is_regular_file(base::fs::symlink_status(file, ignored))) return file;
    }
    return {};
}

Answer Desk::Inside::report(const Visit& visit) {
    const std::string id = visit.field("id");
    if (!training::from_hex<32>(id)) return not_found(visit);
    const auto results = stores.read([&](records::Store& store) { return store.results_of(id); });
    if (!results) return no_store(visit, results.error());
    const base::fs::path recording = results->empty() ? base::fs::path() : recording_of(results->front().session);
    if (recording.empty()) return not_found(visit);
    const std::lock_guard one_at_a_time(reporting);
    base::Result<std::string> html = settings.report({recording, id, visit.tongue.id});
    if (!html) {
        spdlog::warn("serve: {}", html.error().message);
        return trouble(visit, 503, "serve.no_report", "serve.no_report_told");
    }
    Answer answer;
    answer.body = std::move(*html);
    answer.headers.emplace_back("Content-Security-Policy", kReportPolicy);
    if (visit.field("save") == "1") answer.headers.emplace_back("Content-Disposition", fmt::format("attachment; filename=\"{}.html\"", id.substr(0, 12)));
    return answer;
}

/// As report(): whoever may see a session's page may see this.
Answer Desk::Inside::scene(const Visit& visit) {
    const std::string id = visit.field("id");
    if (!training::from_hex<32>(id) || !shows_scenes()) return not_found(visit);
    const auto results = stores.read([&](records::Store& store) { return store.results_of(id); });
    if (!results) return no_store(visit, results.error());
    const base::fs::path recording = results->empty() ? base::fs::path() : recording_of(results->front().session);
    if (recording.empty()) return not_found(visit);
    const std::lock_guard one_at_a_time(reporting);
    const base::Result<std::string> bytes = settings.scene({recording, id, visit.tongue.id});
    if (!bytes) {
        spdlog::warn("serve: {}", bytes.error().message);
        return trouble(visit, 503, "serve.no_report", "serve.no_report_told");
    }
    return packed_answer(visit, *bytes, gzipped(*bytes, kPackedInTurn), "application/octet-stream");
}

Answer Desk::Inside::script(const Visit& visit, const StaticFile& file) const {
    if (file.bytes.empty()) return not_found(visit);
    Answer answer = packed_answer(visit, file.bytes, file.packed, "text/javascript; charset=utf-8");
    answer.headers.emplace_back("Cache-Control", "max-age=3600");
    return answer;
}

Answer Desk::Inside::three_script(const Visit& visit) {
    return script(visit, three);
}

Answer Desk::Inside::own_script(const Visit& visit) {
    return script(visit, scene_script);
}

/// Without the library the desk works as well, but for the scene.
void Desk::Inside::read_scripts() {
    if (settings.three.empty() || !settings.scene) return;
    const base::Result<std::string> library = base::read_text(settings.three), own = base::read_text(settings.places.data / "serve" / "scene.js");
    if (!library || !own) {
        spdlog::warn("serve: {}; sessions are shown without the face to turn round", (library ? own : library).error().message);
        return;
    }
    three = {*library, gzipped(*library, kPackedOnce)};
    scene_script = {*own, gzipped(*own, kPackedOnce)};
}

// --- which page ---

const std::vector<Desk::Inside::Route>& Desk::Inside::routes() {
    using enum Role;
    const std::vector<Role> all = {instructor, examiner, auditor}, teaching = {instructor, examiner};
    static const std::vector<Route> known = {
        {"/desk.css", "GET", &Inside::style_sheet, {}},     {"/sign-in", "GET", &Inside::sign_in_page, {}},
        {"/sign-in", "POST", &Inside::sign_in, {}},         {"/sign-out", "POST", &Inside::sign_out, all},
        {"/", "GET", &Inside::cohorts, all},                {"/cohort", "GET", &Inside::cohort, all},
        {"/candidate", "GET", &Inside::candidate, all},     {"/unnamed", "GET", &Inside::unnamed, all},
        {"/session", "GET", &Inside::session, all},         {"/report", "GET", &Inside::report, all},
        {"/compare", "GET", &Inside::comparison, all},      {"/scene", "GET", &Inside::scene, all},
        {"/three.js", "GET", &Inside::three_script, {}},    {"/scene.js", "GET", &Inside::own_script, {}},
        {"/results.csv", "GET", &Inside::results, teaching}, {"/audit", "GET", &Inside::audit, {auditor}},
        {"/audit.csv", "GET", &Inside::audit_table, {auditor}}};
    return known;
}

Answer Desk::Inside::routed(const Asked& asked, Visit& visit) {
    const std::string method = asked.method == "HEAD" ? "GET" : asked.method;
    const Route* here = nullptr;
    std::string allowed;
    for (const Route& route : routes()) {
        if (asked.path != route.path) continue;
        allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", std::string_view(route.method) == "GET" ? "GET, HEAD" : route.method);
        if (method == route.method) here = &route;
    }
    if (!here && !allowed.empty()) {
        Answer answer = trouble(visit, 405, "serve.not_allowed", "serve.not_allowed_told");
        answer.headers.emplace_back("Allow", allowed);
        return answer;
    }
    // Who is not signed in learns nothing about which pages there are.
    if (!visit.who && (!here || !here->roles.empty())) return redirect("/sign-in");
    if (!here) return not_found(visit);
    const bool may = here->roles.empty() || std::find(here->roles.begin(), here->roles.end(), visit.who->role) != here->roles.end();
    if (!may) return trouble(visit, 403, "serve.forbidden", "serve.forbidden_told");
    return (this->*here->answer)(visit);
}

// --- the outside ---

namespace {

/// Those of content/locale; English first.
std::vector<std::string> languages_of(const base::Places& places) {
    std::vector<std::string> found = {"en"};
    std::error_code code;
    for (base::fs::directory_iterator entry(places.data / "locale", code), end; !code && entry != end; entry.increment(code))
        if (entry->path().extension() == ".toml" && entry->path().stem() != "en") found.push_back(entry->path().stem().string());
    std::sort(found.begin() + 1, found.end());
    return found;
}

base::Result<Tongue> tongue_of(const base::Places& places, const std::string& language) {
    base::Result<training::Phrases> words = training::Phrases::load(places, language);
    if (!words) return words.error();
    base::Places there = places;
    there.language = language;
    base::Result<training::Retelling> retelling = training::Retelling::load(there);
    if (!retelling) return retelling.error();
    Tongue tongue{language, std::move(*words), {}, std::move(*retelling)};
    std::error_code code;
    for (base::fs::directory_iterator entry(places.data / "rubrics", code), end; !code && entry != end; entry.increment(code)) {
        if (entry->path().extension() != ".toml") continue;
        const base::Result<training::Rubric> rubric = training::load_rubric(there, entry->path().stem().string());
        if (!rubric) return rubric.error();
        for (const training::Criterion& one : rubric->criteria) tongue.criteria.emplace(one.id, one.name);
    }
    return tongue;
}

}  // namespace

Desk::Desk(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Desk::~Desk() = default;

base::Result<std::unique_ptr<Desk>> Desk::open(DeskSettings settings) {
    auto inside = std::make_unique<Inside>(std::move(settings));
    base::Result<std::string> style = base::read_text(inside->settings.places.data / "serve" / "desk.css");
    if (!style) return style.error();
    inside->style = std::move(*style);
    inside->languages = languages_of(inside->settings.places);
    for (const std::string& language : inside->languages) {
        base::Result<Tongue> tongue = tongue_of(inside->settings.places, language);
        if (!tongue) return tongue.error();
        inside->tongues.push_back(std::move(*tongue));
    }
    inside->read_scripts();
    base::Result<std::vector<Account>> accounts = load_accounts(inside->settings.accounts);
    if (!accounts) return accounts.error();
    const auto answers = inside->stores.read([](records::Store& store) { return store.candidate("-"); });
    if (!answers) return answers.error();
    return std::unique_ptr<Desk>(new Desk(std::move(inside)));
}

Answer Desk::answer(const Asked& asked) {
    Inside& in = *inside_;
    const std::optional<Fields> fields = parse_fields(asked.method == "POST" ? asked.body : asked.query);
    const Fields none;
    Visit visit{asked, fields ? *fields : none, in.tongue(asked.accept_language), in.sign_ins.who(cookie_value(asked.cookie, in.cookie_name("evenhand")))};
    Answer answer;
    if (!in.host_is_ours(asked)) {
        visit.who.reset();
        answer = trouble(visit, 421, "serve.bad_request", "serve.other_host");
    } else if (!fields) {
        answer = bad_request(visit);
    } else {
        answer = in.routed(asked, visit);
    }
    in.protect(answer);
    return answer;
}

int64_t Desk::statements() const {
    return inside_->stores.statements();
}

}  // namespace serve
