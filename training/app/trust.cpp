#include "training/app/trust.h"

#include "engine/base/foreign_words.h"

namespace app {

base::Result<training::Trust> read_trust(const std::vector<std::string>& named) {
    std::vector<base::fs::path> places(named.begin(), named.end());
    for (const base::fs::path& place : places) {
        std::error_code trouble;
        const bool there = base::fs::exists(place, trouble);
        if (trouble) return base::error("--trust {}: {}; give public keys that you may read", place.string(), base::system_error(trouble.value()));
        if (!there) return base::error("--trust {}: no such file or folder; give public keys", place.string());
    }
    if (places.empty()) places.push_back(training::keys_folder());
    training::Trust trust;
    for (const base::fs::path& place : places) {
        const base::Result<training::Trust> read = training::read_trust(place);
        if (!read) return read.error();
        trust.keys.insert(trust.keys.end(), read->keys.begin(), read->keys.end());
        trust.revocations.insert(trust.revocations.end(), read->revocations.begin(), read->revocations.end());
        trust.authorities.insert(trust.authorities.end(), read->authorities.begin(), read->authorities.end());
    }
    return trust;
}

}  // namespace app
