#pragma once

// Carries what the synthesiser makes to this machine's loudspeaker, on a thread of its own: telling it something costs a lock
// held for a copy, whatever the sound device does. OpenAL Soft (libopenal1) is looked for when the first output starts; without
// it or without a sound device all is silent, which the log says once. ALSOFT_DRIVERS and ALSOFT_CONF choose the device, as
// for every program that uses OpenAL Soft.

#include "engine/sound/figures.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace sound {

class Output {
  public:
    /// Returns at once; the device opens on the thread.
    explicit Output(Figures figures);
    /// Ends within a few hundredths of a second, with what was still to sound cut off.
    ~Output();
    Output(const Output&) = delete;

    /// What sounds from now on; `volume` in [0, 1].
    void tell(const Motor& motor, double volume);
    /// A tone by its id in the figures, instead of one that still sounds; unknown ids are silent.
    void play(std::string_view tone);

  private:
    struct Order {
        Motor motor;
        double volume = 0;
        const Tone* tone = nullptr;
    };
    void run();
    Order take();

    const Figures figures_;
    std::mutex mutex_;
    std::condition_variable news_;
    Order order_;
    bool stopping_ = false;
    std::thread thread_;  ///< last: starts when everything above is there
};

}  // namespace sound
