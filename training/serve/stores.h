#pragma once

// Connections to one store, for many threads: each has one for as long as it needs it, and waits where kMostStores are in use.

#include "training/records/store.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <semaphore>
#include <vector>

namespace serve {

inline constexpr int kMostStores = 8;

class Stores {
  public:
    explicit Stores(records::Place place) : place_(std::move(place)) {}

    /// What `work` gets from a store that only reads. A connection that fails is given up; one that had been kept is taken for
    /// broken (a server restarts) and `work` is done once more on a new one.
    template <typename Work>
    auto read(Work work) -> decltype(work(std::declval<records::Store&>())) {
        const Turn turn(turns_);
        if (std::unique_ptr<records::Store> kept = take()) {
            auto result = counted(*kept, work);
            if (result) {
                put(std::move(kept));
                return result;
            }
        }
        base::Result<std::unique_ptr<records::Store>> fresh = open();
        if (!fresh) return fresh.error();
        auto result = counted(**fresh, work);
        if (result) put(std::move(*fresh));
        return result;
    }
    /// So far, of all connections.
    int64_t statements() const { return statements_; }

  private:
    using Turns = std::counting_semaphore<kMostStores>;
    struct Turn {
        explicit Turn(Turns& of) : turns(of) { turns.acquire(); }
        ~Turn() { turns.release(); }
        Turns& turns;
    };

    template <typename Work>
    auto counted(records::Store& store, Work work) {
        const int64_t before = store.connection().asked();
        auto result = work(store);
        statements_ += store.connection().asked() - before;
        return result;
    }
    base::Result<std::unique_ptr<records::Store>> open();
    std::unique_ptr<records::Store> take();
    void put(std::unique_ptr<records::Store> store);

    const records::Place place_;
    Turns turns_{kMostStores};
    std::mutex mutex_;
    std::vector<std::unique_ptr<records::Store>> idle_;
    std::atomic<int64_t> statements_ = 0;
};

}  // namespace serve
