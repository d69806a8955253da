#pragma once

// JSON Web Signatures by RS256 (RFC 7515, OpenSSL), in compact form: what Open Badges 3.0 takes as a token, and the xAPI as the
// signature of a statement.

#include "engine/base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace training {

/// A private RSA key. Move-only.
class RsaKey {
  public:
    /// PKCS #8 or PKCS #1, PEM, 2,048 bits or more, without a passphrase: nothing is ever asked for on the terminal.
    static base::Result<RsaKey> from_pem(std::string_view pem);
    RsaKey(RsaKey&&) noexcept;
    RsaKey& operator=(RsaKey&&) noexcept;
    ~RsaKey();

    /// The public half as a JSON Web Key.
    nlohmann::ordered_json jwk() const;
    /// `header` (with "alg": "RS256"), payload and signature.
    std::string sign(const nlohmann::ordered_json& header, std::string_view payload) const;

  private:
    struct State;
    explicit RsaKey(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace training
