#include "training/serve/stores.h"

namespace serve {

base::Result<std::unique_ptr<records::Store>> Stores::open() {
    std::unique_ptr<records::Store> store;
    const records::Receipt opened = records::Store::open(place_, store);
    if (!opened.done()) return base::Error{opened.why};
    if (base::Status reads = store->only_read(); !reads) return reads.error();
    return store;
}

std::unique_ptr<records::Store> Stores::take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return nullptr;
    std::unique_ptr<records::Store> store = std::move(idle_.back());
    idle_.pop_back();
    return store;
}

void Stores::put(std::unique_ptr<records::Store> store) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(store));
}

}  // namespace serve
