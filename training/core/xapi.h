#pragma once

// What a session says to a school's learning record store (LRS): statements of the Experience API 1.0.3 (ADL). Their ids follow
// from the evidence, the rubric and the verb, so that they are known before anything is sent and the same on every machine:
// what is sent twice is stored once.

#include "training/core/exam_result.h"
#include "training/core/score.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace training {

class RsaKey;

/// Who the statements are about and to whom the names mean something.
struct XapiFrame {
    std::string home;       ///< IRI of whoever gives out the codes, as the school's web address
    std::string actor;      ///< the trainee's or candidate's code
    std::string platform;   ///< program and station
    std::string language = "en";
};
/// Refuses a frame whose home is no absolute IRI, or whose code is empty.
base::Status check_frame(const XapiFrame& frame);

/// A statement as it is sent.
struct XapiStatement {
    std::string id;    ///< UUID
    std::string json;  ///< the statement with this id
};

/// attempted; scored, with points and measured values of each criterion; passed or failed; completed, of a session that was
/// closed in order. All of one registration, which follows from the evidence. An unfinished session was attempted and scored.
std::vector<XapiStatement> xapi_statements(const Recording& recording, const Score& score, const XapiFrame& frame);

/// passed or failed, of all attempts at an exam together: the score is their mean, and the extension "attempts" names the registration
/// under which each one's own statements stand. Grouped under the package. Its id follows from what was done in all attempts, so that
/// it is the same however often it is made. None where there is no verdict.
std::optional<XapiStatement> xapi_statement(const ExamPackage& package, const ExamResult& result, const XapiFrame& frame);

/// A statement with its signature attached (xAPI 1.0.3, part 2, 2.6): the body of a POST and its content type.
struct SignedXapi {
    std::string content_type, body;
};
SignedXapi signed_xapi(const XapiStatement& statement, const RsaKey& key);

/// The hash's first 16 bytes in the form of a name-based UUID (RFC 4122 version 5, but for the hash).
std::string uuid_of(const base::Hash& hash);

}  // namespace training
