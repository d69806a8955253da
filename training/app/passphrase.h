#pragma once

// The passphrase of a private key: typed on the terminal without an echo, or from a file that its owner alone
// may read.

#include "engine/base/files.h"

#include <cstddef>
#include <string>
#include <utility>

namespace app {

/// Bytes that a passphrase may have, wherever it is typed.
inline constexpr size_t kMostPassphrase = 1023;

/// Wiped at the end. Move-only.
class Passphrase {
  public:
    /// Wipes `text`, too.
    explicit Passphrase(std::string&& text);
    Passphrase(Passphrase&& other) noexcept = default;
    Passphrase& operator=(Passphrase&&) = delete;
    ~Passphrase();
    const std::string& text() const { return text_; }

  private:
    std::string text_;  ///< longer than what a string holds in itself, so that no copy stays where it was moved from
};

/// From the first line of `file`, or where that is empty from the terminal, with `prompt`; `twice`: asked
/// again, and both must be the same. Refused: a file that others may read, no terminal, an empty passphrase.
base::Result<Passphrase> read_passphrase(const std::string& file, const std::string& prompt,
                                         bool twice = false);

}  // namespace app
