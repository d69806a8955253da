#pragma once

// An instructor's group: who belongs to it, how each one stands, and who would pass by other bands.

#include "training/core/progress.h"

namespace training {

struct Member {
    std::string code;         ///< as recordings name the trainee
    std::string name, group;  ///< may be empty

    bool operator==(const Member&) const = default;
};

/// A roster as a spreadsheet saves it: the first row names the columns code, name and group in any order and case, name and
/// group may be missing, others are passed over. Errors name file, line and column: no column "code", a row
/// without a code, a code that recordings could not keep, the same code twice.
base::Result<std::vector<Member>> parse_roster(std::string_view csv, const std::string& name);
base::Result<std::vector<Member>> read_roster_csv(const base::fs::path& file);

/// roster.toml of the desk's folder; none where there is no file.
base::Result<std::vector<Member>> load_roster(const base::fs::path& folder);
base::Status save_roster(const base::fs::path& folder, std::span<const Member> members);
/// `more` joined in by code: who is there already takes the new name and group.
std::vector<Member> merge_rosters(std::vector<Member> members, std::span<const Member> more);

/// One row of the cohort's table.
struct MemberStanding {
    Member member;
    bool enrolled = true;              ///< false: sessions carry a code that no roster has
    size_t sessions = 0;               ///< closed in order
    std::string last;                  ///< start of the newest; empty without one
    std::optional<double> median;      ///< of the totals, points of 100
    std::optional<double> passed;      ///< share of the sessions that passed
    std::string weakest, weakest_name; ///< the line to practise next; empty without one
    std::vector<double> totals;        ///< points of 100, in order of time
};
/// Everybody on the roster, then codes that only sessions have.
std::vector<MemberStanding> standings_of(std::span<const Member> members, std::span<const Attempt> attempts);

enum class StandingColumn : uint8_t { code, name, group, sessions, last, median, passed, weakest };
/// Rows without a value come last either way; equal ones keep the order of their codes.
void sort_standings(std::vector<MemberStanding>& standings, StandingColumn by, bool descending);

/// How a session fares by two versions of a rubric.
struct Preview {
    size_t attempt = 0;   ///< of those given
    int32_t before = 0, after = 0;  ///< totals, hundredths
    bool passed_before = false, passes_after = false;

    bool changed() const { return before != after || passed_before != passes_after; }
};
/// Of the sessions closed in order. `edited` differs from the rubric of their scores in bands, limits, weights and pass mark
/// alone: those enter no value that was measured, so nothing is measured again.
std::vector<Preview> preview_of(std::span<const Attempt> attempts, const Rubric& edited);

}  // namespace training
