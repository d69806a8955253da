#pragma once

// Work that is killed while it goes on, and how far it had told that it was.

#include "engine/base/result.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

namespace scenarios {

/// Runs `work` in a process of its own and kills it `delay` after it told so many `steps` (0: after its birth); it tells a number through
/// the pipe after each step that it was promised is done. The last number told, or -1.
template <typename Work>
int killed_after(std::chrono::microseconds delay, int steps, Work work) {
    int ends[2];
    CHECK(::pipe(ends) == 0);
    const pid_t child = ::fork();
    CHECK(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        work([&](int number) { CHECK(::write(ends[1], &number, sizeof number) == sizeof number); });
        ::_exit(0);
    }
    ::close(ends[1]);
    int last = -1, number = 0;
    const auto told = [&] { return ::read(ends[0], &number, sizeof number) == sizeof number; };
    constexpr int kLongest_ms = 120'000;  // under sanitizers, beside others
    for (int step = 0; step < steps; ++step) {
        pollfd next{ends[0], POLLIN, 0};
        const int ready = ::poll(&next, 1, kLongest_ms);
        CHECK(ready == 1, ready, errno, step);
        if (told()) last = number;
    }
    std::this_thread::sleep_for(delay);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (told()) last = number;
    ::close(ends[0]);
    return last;
}

enum class From : uint8_t { birth, first_step };
template <typename Work>
int killed_after(std::chrono::microseconds delay, From from, Work work) {
    return killed_after(delay, from == From::birth ? 0 : 1, std::move(work));
}

}  // namespace scenarios
