#pragma once

// The way to a school's learning record store (xAPI 1.0.3): statements of the outbox, one request each, over HTTP (libcurl).
// One at a time because a store refuses a whole batch for one bad statement; by PUT with the statement's own id, so that what
// was sent before is known there: it answers 204, or 409, and both mean that it has it.

#include "training/records/outbox.h"

#include <string>

namespace records {

inline constexpr const char* kStatementKind = "statement";

/// An entry that carries a statement: `id` its UUID; `content_type` and `body` as they are sent, "application/json" or, of a
/// signed one, "multipart/mixed; boundary=…".
OutboxEntry statement_entry(const std::string& id, const std::string& content_type, const std::string& body);

/// Where the store is, and who we are there.
struct LrsPlace {
    std::string endpoint;            ///< without a slash at its end: "https://lrs.school.example/xapi"
    std::string user, password;      ///< HTTP Basic; empty = none
    Patience patience;
};
/// "https://USER:PASSWORD@HOST/PATH". Refuses what is not encrypted unless it is this machine itself, and a URL that cannot be
/// read; no refusal repeats a password.
base::Result<LrsPlace> parse_lrs(const std::string& url, Patience patience = {});

class LrsTransport final : public Transport {
  public:
    explicit LrsTransport(LrsPlace place);
    ~LrsTransport() override;
    std::vector<std::string> kinds() const override { return {kStatementKind}; }
    /// 2xx and 409: it has it. 400, 413 and other refusals of the statement: refused. 401, 403, 404: forbidden, for the account or
    /// the address is wrong. 408, 425, 429, 5xx, silence: interrupted, to be tried again later.
    Receipt deliver(const OutboxEntry& entry) override;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace records
