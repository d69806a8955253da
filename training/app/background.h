#pragma once

// Work on a thread of its own, asked for its result once a frame. Who lets go of it does not wait: it is told to stop, and goes
// on aside until it has.

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace app {

/// Work that nobody wants any more; what has not ended is waited for at the program's end.
class Aside {
  public:
    void put(std::future<void> work) {
        std::erase_if(given_up_, [](const auto& one) { return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
        given_up_.push_back(std::move(work));
    }

  private:
    std::vector<std::future<void>> given_up_;
};

template <typename T>
class Background {
  public:
    /// `aside` must outlive it. `work` holds all that it needs.
    Background(Aside& aside, std::function<T(std::stop_token)> work) : aside_(aside) {
        ended_ = std::async(std::launch::async, [work = std::move(work), result = result_, stop = stop_.get_token()] { *result = work(stop); });
    }
    ~Background() {
        stop_.request_stop();
        if (ended_.valid()) aside_.put(std::move(ended_));
    }
    Background(const Background&) = delete;

    /// The result, once, when it is there.
    std::optional<T> poll() {
        if (!ended_.valid() || ended_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return std::nullopt;
        ended_.get();
        return std::move(*result_);
    }
    bool running() const { return ended_.valid(); }

  private:
    Aside& aside_;
    std::stop_source stop_;
    std::shared_ptr<std::optional<T>> result_ = std::make_shared<std::optional<T>>();
    std::future<void> ended_;
};

}  // namespace app
