#pragma once

// A key of this machine's own folder (training::keys_folder()), chosen and opened for a command.

#include "training/core/keys.h"

#include <string>

namespace app {

/// `asked`, or where that is empty the only key of this role; refused where there is none, or a choice.
base::Result<std::string> own_key_name(training::KeyRole role, const std::string& asked);

/// Refuses a key of the other role, in what the right one is for.
base::Status check_role(const training::OpenKey& key, training::KeyRole role);

/// Opens the key of this name, of either role. The passphrase comes as read_passphrase() says.
base::Result<training::OpenKey> open_own_key(const std::string& name, const std::string& passphrase_file);
/// The same for a key of one role, chosen as own_key_name() does.
base::Result<training::OpenKey> open_own_key(training::KeyRole role, const std::string& asked, const std::string& passphrase_file);

}  // namespace app
