#include "training/core/seal_check.h"

#include "training/core/utc.h"

#include <algorithm>

namespace training {

namespace {

std::string seconds(uint32_t time_us) {
    return fmt::format("{:.1f} s", time_us / 1e6);
}

/// Takes the next `count` of what is left; none where it has fewer.
template <typename T>
std::optional<std::span<const T>> take(std::span<const T>& left, uint32_t count) {
    if (count > left.size()) return std::nullopt;
    const std::span<const T> taken = left.first(count);
    left = left.subspan(count);
    return taken;
}

/// A recording cut into its transactions as the links tell.
class Parts {
  public:
    explicit Parts(const Recording& recording)
        : samples_(recording.samples),
          contacts_(recording.contacts),
          punctures_(recording.punctures),
          events_(recording.events),
          checkpoints_(recording.checkpoints) {}

    std::optional<SealedPart> next(const SealLink& link) {
        const auto samples = take(samples_, link.samples);
        const auto contacts = take(contacts_, link.contacts);
        const auto punctures = take(punctures_, link.punctures);
        const auto events = take(events_, link.events);
        const auto checkpoints = take(checkpoints_, link.checkpoints);
        if (!samples || !contacts || !punctures || !events || !checkpoints) return std::nullopt;
        return SealedPart{*samples, *contacts, *punctures, *events, *checkpoints};
    }
    size_t left() const {
        return samples_.size() + contacts_.size() + punctures_.size() + events_.size() + checkpoints_.size();
    }

  private:
    std::span<const input::PenSample> samples_;
    std::span<const shared::ContactRecord> contacts_;
    std::span<const shared::Puncture> punctures_;
    std::span<const input::ProcedureEvent> events_;
    std::span<const Checkpoint> checkpoints_;
};

std::string place_of(const Seal& seal, size_t link) {
    const uint32_t from = link == 0 ? 0 : seal.links[link - 1].time_us;
    return fmt::format("link {}, from {} to {}", link + 1, seconds(from), seconds(seal.links[link].time_us));
}

/// What breaks the chain first, and where; empty when nothing does.
std::string broken_at(const Recording& recording) {
    const Seal& seal = *recording.seal;
    Parts parts(recording);
    base::Hash before = chain_start(seal.session);
    uint32_t time_us = 0;
    int64_t elapsed_ms = 0;
    for (size_t i = 0; i < seal.links.size(); ++i) {
        const SealLink& link = seal.links[i];
        const std::optional<SealedPart> part = parts.next(link);
        if (!part) return fmt::format("{}: rows are missing that it covers", place_of(seal, i));
        if (link.time_us < time_us || link.elapsed_ms.value_or(0) < elapsed_ms) return fmt::format("{}: time runs backwards", place_of(seal, i));
        if (link_hash(before, link, *part) != link.hash)
            return fmt::format("{}: the rows are not those that were sealed", place_of(seal, i));
        before = link.hash;
        time_us = link.time_us;
        elapsed_ms = link.elapsed_ms.value_or(0);
    }
    if (parts.left() > 0)
        return fmt::format("after {}: {} records that no link covers", seconds(time_us), parts.left());
    return {};
}

Finding check_chain(const Recording& recording, const SealedSession& session) {
    if (session.header != header_hash(recording.header))
        return {
            "chain", false,
            "the header (case, device, face, skin, trainee, source, start) is not the one that was sealed"};
    if (const std::string broken = broken_at(recording); !broken.empty()) return {"chain", false, broken};
    return {"chain", true,
            fmt::format("{} links follow one another and cover every record", recording.seal->links.size())};
}

Finding check_signatures(const Seal& seal, const SealedSession& session) {
    for (size_t i = 0; i < seal.links.size(); ++i)
        if (!is_signed_by(session.session, link_message(seal.links[i].hash), seal.links[i].signature))
            return {"signatures", false,
                    fmt::format("{}: is not signed by this session's key", place_of(seal, i))};
    return {"signatures", true, fmt::format("the session's key signed all {} links", seal.links.size())};
}

/// The certificate that the session was begun with, or why there is none to go by.
base::Result<std::optional<Certificate>> certificate_of(const Seal& seal, const SealedSession& session) {
    if (!session.certificate && seal.certificate.empty()) return std::optional<Certificate>();
    if (!session.certificate || base::sha256(seal.certificate) != *session.certificate)
        return base::error("the certificate is not the one that the session was begun with");
    base::Result<Certificate> certificate = parse_certificate(seal.certificate, "the certificate");
    if (!certificate) return certificate.error();
    if (certificate->station != session.station) return base::error("the certificate is for another station");
    return std::optional(std::move(*certificate));
}

/// What a time stamp says, and when a trusted authority saw the closing document.
struct Stamped {
    Finding finding;
    std::optional<std::string> witnessed;
};

Stamped check_time(const Seal& seal, const std::string& closed, const Trust& trust) {
    if (seal.stamp.empty()) return {{"time", true, "no authority stamped this; what time it was the station alone says", true}, {}};
    if (seal.closing.empty()) return {{"time", false, "there is a time stamp, and no closing document that it could be for"}, {}};
    const base::Result<Stamp> stamp = read_stamp(seal.stamp, base::sha256(seal.closing), trust.authorities);
    if (!stamp) return {{"time", false, stamp.error().message}, {}};
    std::string words = fmt::format("stamped at {} by {}", stamp->time, stamp->by);
    if (!stamp->trusted)
        return {{"time", true, words + ", whom nobody here trusts; take on its certificate with `evenhand keys trust FILE.pem`", true}, {}};
    const auto station = seconds_of(closed), authority = seconds_of(stamp->time);
    if (station && authority && *station > *authority) words += fmt::format("; the station's clock was {} s ahead of it", *station - *authority);
    return {{"time", true, words}, stamp->time};
}

Finding check_station(const Seal& seal, const SealedSession& session, const std::string& closed,
                      const std::optional<std::string>& witnessed, const Trust& trust) {
    const base::Result<std::optional<Certificate>> certificate = certificate_of(seal, session);
    if (!certificate) return {"station", false, certificate.error().message};
    const Standing standing =
        standing_of(session.station, *certificate, {session.begun, closed, witnessed}, trust);
    return {"station", standing.holds, standing.words};
}

Finding check_unfinished(const Recording& recording) {
    const Seal& seal = *recording.seal;
    const std::string until = seal.links.empty()
                                  ? "nothing was recorded"
                                  : fmt::format("signed until {}", seconds(seal.links.back().time_us));
    if (recording.finished)
        return {"completeness", false,
                "the session is marked as closed, and its closing document is missing"};
    return {"completeness", false,
            fmt::format("an unfinished session, {}: it was interrupted, or what followed and its closing "
                        "document were taken away",
                        until)};
}

std::string closing_fault(const Recording& recording, const SealedSession& session,
                          const SealedClosing& closing) {
    const Seal& seal = *recording.seal;
    if (!is_signed_by(session.session, Document::parse(seal.closing)))
        return "the closing document is not signed by this session's key";
    if (closing.session != base::sha256(seal.session)) return "the closing document is another session's";
    for (const auto& [what, counted, here] :
         {std::tuple{"links", closing.links, seal.links.size()},
          std::tuple{"samples", closing.samples, recording.samples.size()},
          std::tuple{"contact records", closing.contacts, recording.contacts.size()},
          std::tuple{"punctures", closing.punctures, recording.punctures.size()},
          std::tuple{"events", closing.events, recording.events.size()},
          std::tuple{"checkpoints", closing.checkpoints, recording.checkpoints.size()}})
        if (counted != static_cast<int64_t>(here))
            return fmt::format("{} {} were closed with, {} are here", counted, what, here);
    if (closing.last != (seal.links.empty() ? chain_start(seal.session) : seal.links.back().hash))
        return "the last link is not the one that was closed with";
    if (closing.evidence != recording.evidence_hash()) return "the evidence is not what was closed with";
    if (!recording.finished) return "there is a closing document, and the session is not marked as closed";
    return {};
}

/// Whether the station's clock went with the one that nobody sets; empty where it did.
std::string clock_words(const std::string& begun, const SealedClosing& closing) {
    constexpr int64_t kNoticed_s = 3;  // both times are cut to whole seconds, and clocks are set right by less all the time
    const auto from = seconds_of(begun), to = seconds_of(closing.closed);
    if (!from || !to) return "; the station's clock told no time that there is";
    const int64_t ahead = *to - *from - closing.elapsed_ms / 1000;
    if (ahead <= -kNoticed_s) return fmt::format("; the station's clock was set back by {} s meanwhile", -ahead);
    if (ahead >= kNoticed_s) return fmt::format("; the station's clock was set forward by {} s meanwhile, or the machine slept", ahead);
    return {};
}

Finding check_closing(const Recording& recording, const SealedSession& session,
                      const base::Result<SealedClosing>& closing) {
    if (recording.seal->closing.empty()) return check_unfinished(recording);
    if (!closing) return {"completeness", false, closing.error().message};
    if (const std::string fault = closing_fault(recording, session, *closing); !fault.empty())
        return {"completeness", false, fault};
    std::string words = fmt::format("closed in order at {}, {:.1f} s after it was begun", closing->closed,
                                    static_cast<double>(closing->elapsed_ms) / 1e3);
    words += clock_words(session.begun, *closing);
    return {"completeness", true, words};
}

Finding check_code(const Seal& seal, const std::string& code) {
    for (const SealLink& link : seal.links)
        if (seal_code(link.hash) == code)
            return {"code", true, fmt::format("{} is the session's at {}", code, seconds(link.time_us))};
    return {"code", false, fmt::format("{} is nowhere in this session", code)};
}

}  // namespace

std::vector<Finding> check_seal(const Recording& recording, const Trust& trust, const SealDemands& demands) {
    if (!recording.seal) {
        const char* words =
            "nobody vouches for who made this recording, when, or that it is whole; practice is recorded so";
        if (!demands.any()) return {{"seal", true, words, true}};
        return {{"seal", false, fmt::format("there is none: {}", words)}};
    }
    const Seal& seal = *recording.seal;
    const base::Result<SealedSession> session = parse_session(seal.session, "the session document");
    if (!session) return {{"seal", false, session.error().message}};
    const base::Result<SealedClosing> closing = seal.closing.empty()
                                                    ? base::Result<SealedClosing>(SealedClosing())
                                                    : parse_closing(seal.closing, "the closing document");
    const std::string closed = closing ? closing->closed : "";
    const Stamped stamped = check_time(seal, closed, trust);
    std::vector<Finding> findings = {check_chain(recording, *session), check_signatures(seal, *session),
                                     check_station(seal, *session, closed, stamped.witnessed, trust),
                                     check_closing(recording, *session, closing), stamped.finding};
    if (!demands.nonce.empty()) {
        const bool same = session->nonce == demands.nonce;
        findings.push_back({"nonce", same,
                            same ? "the session was sealed for this one"
                                 : fmt::format("the session was sealed for another, {}", session->nonce)});
    }
    if (demands.package) {
        const bool same = session->package == demands.package;
        findings.push_back({"package", same, same ? "the session was sealed for this exam package" : "the session was sealed for another exam package, or for none"});
    }
    if (!demands.code.empty()) findings.push_back(check_code(seal, demands.code));
    return findings;
}

std::optional<base::Hash> session_name(const Recording& recording) {
    if (!recording.seal) return std::nullopt;
    return base::sha256(recording.seal->session);
}

}  // namespace training
