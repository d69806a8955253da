#pragma once

// RFC 3161 time stamps (OpenSSL): an authority's signed word that it saw a SHA-256 at a time. What a closed sealed recording has
// stamped is its closing document, which names all the rest; so a stamp can be had at any time later and changes nothing else in
// the file. The authority learns the hash, and who asks.
//
// Whom to believe is the verifier's choice: certificates in PEM, of the authority itself or of one that it descends from.

#include "engine/base/hash.h"
#include "engine/base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace training {

/// The certificate of a time-stamping authority, or of one that certifies such.
struct Authority {
    std::string pem;
    std::string name;   ///< its own, without control letters
    std::string id;     ///< the first 16 digits of its SHA-256
    std::string until;  ///< UTC
};
/// One certificate, PEM. `name`: what a refusal calls it.
base::Result<Authority> parse_authority(std::string_view pem, const std::string& name);

/// What is asked.
struct StampRequest {
    base::Hash hash;  ///< of what is stamped
    uint64_t nonce = 0;
    std::vector<uint8_t> bytes;  ///< TimeStampReq, DER: for the hash, with the nonce, the certificates to be sent along
};
StampRequest stamp_request(const base::Hash& hash);

inline constexpr size_t kMostStamp = 64 << 10;  ///< bytes

/// Takes the authority's answer (TimeStampResp, DER) and gives the token to be kept, base64. Refused, a sentence each: what cannot
/// be read, a request that was rejected, another hash or nonce than was asked for, a signature that does not hold, a certificate
/// that does not lead to one of `trusted`, that is no time stamper's, or that was out of its term when it stamped.
base::Result<std::string> accept_stamp(std::span<const uint8_t> answer, const StampRequest& request, std::span<const Authority> trusted);

/// A token looked at.
struct Stamp {
    std::string time;  ///< UTC, as the authority says
    std::string by;    ///< name of whoever signed, without control letters
    bool trusted = false;  ///< one of those trusted vouches for it; without that, time and name are anybody's word
};
/// `token`: base64, as accept_stamp() gives it. Refused: what cannot be read, another hash, a signature or a term that does not
/// hold. An authority that nobody here trusts is no refusal.
base::Result<Stamp> read_stamp(std::string_view token, const base::Hash& hash, std::span<const Authority> trusted);

}  // namespace training
