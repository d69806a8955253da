#include "training/core/cohort.h"

#include "engine/base/foreign_words.h"
#include "engine/base/toml.h"
#include "training/core/csv.h"

#include <algorithm>
#include <set>

namespace training {

namespace fs = base::fs;

namespace {

std::string lower(std::string_view words) {
    std::string small(words);
    for (char& c : small)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return small;
}

std::string trimmed(std::string_view words) {
    while (!words.empty() && words.front() == ' ') words.remove_prefix(1);
    while (!words.empty() && words.back() == ' ') words.remove_suffix(1);
    return std::string(words);
}

std::optional<size_t> column_of(const CsvRow& heads, std::string_view name) {
    for (size_t i = 0; i < heads.size(); ++i)
        if (lower(trimmed(heads[i].text)) == name) return i;
    return std::nullopt;
}

std::string cell_text(const CsvRow& row, std::optional<size_t> column) {
    return column && *column < row.size() ? trimmed(row[*column].text) : std::string();
}

constexpr std::string_view kHeader =
    "# Who belongs to the cohort: `code` is what recordings name. Written by Evenhand's desk; it may be edited.\nversion = 1\n";

}  // namespace

base::Result<std::vector<Member>> parse_roster(std::string_view csv, const std::string& name) {
    base::Result<std::vector<CsvRow>> rows = parse_csv(csv, name);
    if (!rows) return rows.error();
    const auto wrong = [&](const CsvCell& cell, const base::Error& why) { return base::error("{}:{}:{}: {}", name, cell.line, cell.column, why); };
    if (rows->empty()) return base::error("{}:1:1: the roster is empty; give rows of code,name,group", name);
    const CsvRow& heads = rows->front();
    const auto code = column_of(heads, "code"), called = column_of(heads, "name"), group = column_of(heads, "group");
    if (!code) return wrong(heads.front(), base::error("no column is called code; the first row must name the columns code,name,group"));
    std::vector<Member> members;
    std::set<std::string> taken;
    for (size_t i = 1; i < rows->size(); ++i) {
        const CsvRow& row = (*rows)[i];
        Member member{cell_text(row, code), cell_text(row, called), cell_text(row, group)};
        const CsvCell& at = *code < row.size() ? row[*code] : row.back();
        if (member.code.empty()) return wrong(at, base::error("a code is needed"));
        if (base::Status fit = check_trainee(member.code); !fit) return wrong(at, fit.error());
        if (!taken.insert(member.code).second) return wrong(at, base::error("the code '{}' is there already", member.code));
        members.push_back(std::move(member));
    }
    return members;
}

base::Result<std::vector<Member>> read_roster_csv(const fs::path& file) {
    base::Result<std::vector<uint8_t>> bytes = base::read_file(file, 16u << 20);
    if (!bytes) return bytes.error();
    return parse_roster({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, file.string());
}

base::Result<std::vector<Member>> load_roster(const fs::path& folder) {
    const fs::path file = folder / "roster.toml";
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return std::vector<Member>();
    base::Result<toml::table> table = base::read_toml(file);
    if (!table) return table.error();
    base::TomlReader reader(*table, file.string());
    reader.integer("version", 1, 1);
    std::vector<Member> members;
    for (const toml::table* one : reader.tables("member")) {
        base::TomlReader own(*one, file.string());
        members.push_back({own.text("code"), own.text_or("name", ""), own.text_or("group", "")});
        if (base::Status status = own.status(); !status) return status.error();
    }
    if (base::Status status = reader.status(); !status) return status.error();
    return members;
}

base::Status save_roster(const fs::path& folder, std::span<const Member> members) {
    std::error_code trouble;
    fs::create_directories(folder, trouble);
    if (trouble)
        return base::error("{}: the desk's folder cannot be made ({}); name another with EVENHAND_DESK", folder.string(),
                           base::system_error(trouble));
    std::string text(kHeader);
    for (const Member& member : members)
        text += fmt::format("\n[[member]]\ncode = {}\nname = {}\ngroup = {}\n", base::toml_text(member.code),
                            base::toml_text(member.name), base::toml_text(member.group));
    return base::write_file(folder / "roster.toml", std::string_view(text));
}

std::vector<Member> merge_rosters(std::vector<Member> members, std::span<const Member> more) {
    for (const Member& one : more) {
        const auto known = std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.code == one.code; });
        if (known == members.end())
            members.push_back(one);
        else
            *known = one;
    }
    return members;
}

std::vector<MemberStanding> standings_of(std::span<const Member> members, std::span<const Attempt> attempts) {
    std::vector<MemberStanding> standings;
    for (const Member& member : members) standings.push_back({member, true, 0, {}, {}, {}, {}, {}, {}});
    for (const std::string& code : trainees_of(attempts))
        if (std::none_of(members.begin(), members.end(), [&](const Member& m) { return m.code == code; }))
            standings.push_back({{code, {}, {}}, false, 0, {}, {}, {}, {}, {}, {}});
    for (MemberStanding& standing : standings) {
        const Progress progress = progress_of(attempts_of(attempts, standing.member.code));
        standing.sessions = progress.attempts.size();
        if (standing.sessions == 0) continue;
        standing.last = progress.attempts.back().started;
        size_t passed = 0;
        for (const Attempt& attempt : progress.attempts) passed += attempt.score.pass;
        standing.passed = static_cast<double>(passed) / static_cast<double>(standing.sessions);
        for (const double share : progress.total.shares) standing.totals.push_back(share * 100);
        if (!standing.totals.empty()) standing.median = spread_of(standing.totals).median;
        if (!progress.advice.empty()) standing.weakest = progress.advice.front().criterion, standing.weakest_name = progress.advice.front().name;
    }
    return standings;
}

void sort_standings(std::vector<MemberStanding>& standings, StandingColumn by, bool descending) {
    std::sort(standings.begin(), standings.end(), [](const MemberStanding& a, const MemberStanding& b) { return a.member.code < b.member.code; });
    const auto arrange = [&](auto key, auto is_empty) {
        std::stable_sort(standings.begin(), standings.end(), [&](const MemberStanding& a, const MemberStanding& b) {
            if (is_empty(a) || is_empty(b)) return !is_empty(a) && is_empty(b);
            return descending ? key(b) < key(a) : key(a) < key(b);
        });
    };
    const auto by_text = [&](auto text) { arrange(text, [&](const MemberStanding& s) { return text(s).empty(); }); };
    const auto never = [](const MemberStanding&) { return false; };
    switch (by) {
        case StandingColumn::code:
            return arrange([](const MemberStanding& s) { return s.member.code; }, never);
        case StandingColumn::name:
            return by_text([](const MemberStanding& s) { return s.member.name; });
        case StandingColumn::group:
            return by_text([](const MemberStanding& s) { return s.member.group; });
        case StandingColumn::sessions:
            return arrange([](const MemberStanding& s) { return s.sessions; }, never);
        case StandingColumn::last:
            return by_text([](const MemberStanding& s) { return s.last; });
        case StandingColumn::median:
            return arrange([](const MemberStanding& s) { return *s.median; }, [](const MemberStanding& s) { return !s.median; });
        case StandingColumn::passed:
            return arrange([](const MemberStanding& s) { return *s.passed; }, [](const MemberStanding& s) { return !s.passed; });
        case StandingColumn::weakest:
            return by_text([](const MemberStanding& s) { return s.weakest_name; });
    }
}

std::vector<Preview> preview_of(std::span<const Attempt> attempts, const Rubric& edited) {
    std::vector<Preview> previews;
    for (size_t i = 0; i < attempts.size(); ++i) {
        if (!attempts[i].finished) continue;
        const Score& before = attempts[i].score;
        const Score after = judge_again(before, rubric_for(edited, attempts[i]));
        previews.push_back({i, before.total, after.total, before.pass, after.pass});
    }
    return previews;
}

}  // namespace training
