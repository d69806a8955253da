#include "engine/base/parallel.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <pthread.h>
#include <thread>

namespace base {

namespace {

/// Threads that are kept: starting one costs as much as a millisecond's work is worth sharing for.
class Crew {
  public:
    /// Never ended: they wait at exit, and what is left of them then is the system's.
    static Crew& all_cores() {
        static Crew& crew = *new Crew(std::max(2u, std::thread::hardware_concurrency()) - 1);
        return crew;
    }

    // A caller needs nobody: what no thread has begun when it is done itself is taken back, so calls within calls end too.
    void share(size_t helpers, const std::function<void()>& work) {
        Call call{&work, helpers};
        {
            const std::lock_guard lock(mutex_);
            calls_.push_back(&call);
        }
        for (size_t i = 0; i < std::min(helpers, size_); ++i) wake_.notify_one();
        std::exception_ptr own;
        try {
            work();
        } catch (...) {
            own = std::current_exception();
        }
        std::unique_lock lock(mutex_);
        std::erase(calls_, &call);
        left_.wait(lock, [&] { return call.inside == 0; });
        if (own) std::rethrow_exception(own);
        if (call.failure) std::rethrow_exception(call.failure);
    }

  private:
    struct Call {
        const std::function<void()>* work;
        size_t wanted;      ///< threads that may still join
        size_t inside = 0;  ///< that are at it
        std::exception_ptr failure = nullptr;
    };

    explicit Crew(size_t size) : size_(size) {
        // A child process has none of the threads; its list is whole and its caller does all the work.
        pthread_atfork([] { all_cores().mutex_.lock(); }, [] { all_cores().mutex_.unlock(); }, [] { all_cores().mutex_.unlock(); });
        for (size_t i = 0; i < size; ++i) std::thread([this] { serve(); }).detach();
    }

    void serve() {
        std::unique_lock lock(mutex_);
        for (;;) {
            wake_.wait(lock, [&] { return !calls_.empty(); });
            Call& call = *calls_.front();
            if (--call.wanted == 0) calls_.pop_front();
            ++call.inside;
            lock.unlock();
            std::exception_ptr failure;
            try {
                (*call.work)();
            } catch (...) {
                failure = std::current_exception();
            }
            lock.lock();
            if (failure) call.failure = failure;
            if (--call.inside == 0) left_.notify_all();
        }
    }

    const size_t size_;
    std::mutex mutex_;
    std::condition_variable wake_, left_;
    std::deque<Call*> calls_;  ///< that want threads
};

}  // namespace

void share_with_threads(size_t helpers, const std::function<void()>& work) {
    if (helpers == 0) return work();
    Crew::all_cores().share(helpers, work);
}

}  // namespace base
