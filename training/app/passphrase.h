#pragma once

// The passphrase of a private key: typed on the terminal without an echo, or from a file that its owner alone
// may read.

#include "engine/base/files.h"

#include <string>

namespace app {

/// Wiped at the end. Move-only.
class Passphrase {
  public:
    explicit Passphrase(std::string text) : text_(std::move(text)) {}
    Passphrase(Passphrase&& other) noexcept;
    Passphrase& operator=(Passphrase&&) = delete;
    ~Passphrase();
    const std::string& text() const { return text_; }

  private:
    std::string text_;
};

/// From the first line of `file`, or where that is empty from the terminal, with `prompt`; `twice`: asked
/// again, and both must be the same. Refused: a file that others may read, no terminal, an empty passphrase.
base::Result<Passphrase> read_passphrase(const std::string& file, const std::string& prompt,
                                         bool twice = false);

}  // namespace app
