#pragma once

// The pages that people read, each made of what the store gave. A function appends HTML to the page.

#include "training/serve/page.h"

namespace serve {

/// Which part of a list, and how, as the address says it.
struct View {
    size_t page = 1;
    records::CandidateOrder order = records::CandidateOrder::code;
    bool descending = false;
    std::string part;
};
inline constexpr size_t kRowsOfAPage = 50;

void add_sign_in(Page& page, const Text& form_token, const Text& trouble);
void add_trouble(Page& page, const Text& words);  ///< escaped already

/// `unnamed`: there are sessions without a candidate.
void add_cohorts(Page& page, const std::vector<records::CohortRow>& cohorts, bool unnamed);
void add_cohort(Page& page, const std::string& cohort, const records::CandidatePage& candidates, const View& view);
/// Newest first; one row more than kRowsOfAPage tells that there are more.
void add_candidate(Page& page, const records::Candidate& candidate, const std::vector<records::Listed>& rows, const View& view);
/// Sessions that name no candidate; as add_candidate.
void add_unnamed(Page& page, const std::vector<records::Listed>& rows, const View& view);
void add_audit(Page& page, const std::vector<records::DecisionRow>& rows, const View& view);

/// All scores of one session, by start of rubric. `report`: its recording lies here. `scene`: and it can be turned round.
void add_session(Page& page, const std::vector<records::SessionResult>& results, const std::vector<records::Decision>& decisions, bool report, bool scene);
/// By the first score of each.
void add_comparison(Page& page, const records::SessionResult& a, const records::SessionResult& b);

/// Words of a sort order in an address, and back.
const char* order_word(records::CandidateOrder order);
std::optional<records::CandidateOrder> parse_order(const std::string& word);

/// evidence,candidate,cohort,verdict,examiner,reason,decided,stands,decision,replaces.
std::string audit_csv(const std::vector<records::DecisionRow>& rows);

}  // namespace serve
