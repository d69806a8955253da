#include "engine/sound/output.h"

#include "engine/base/log.h"
#include "engine/sound/synth.h"

#include <AL/al.h>
#include <AL/alc.h>
#include <AL/alext.h>
#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <span>

namespace sound {

namespace {

constexpr int kSampleRate = 44100;
constexpr size_t kPiece = 512;  // samples, 12 ms
constexpr int kPieces = 4;      // that wait at the device: what is told is heard within 50 ms
constexpr auto kLook = std::chrono::milliseconds(4);

/// The library's functions, found at run time: a machine without it still starts the program.
class Library {
  public:
    static std::optional<Library> find() {
        Library library;
        library.handle_.reset(dlopen("libopenal.so.1", RTLD_NOW | RTLD_LOCAL));
        if (!library.handle_) return std::nullopt;
        bool whole = true;
        const auto take = [&](auto& function, const char* name) {
            function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library.handle_.get(), name));
            whole = whole && function;
        };
        take(library.open_device, "alcOpenDevice"), take(library.close_device, "alcCloseDevice");
        take(library.create_context, "alcCreateContext"), take(library.destroy_context, "alcDestroyContext");
        take(library.make_current, "alcMakeContextCurrent"), take(library.device_text, "alcGetString");
        take(library.device_integers, "alcGetIntegerv"), take(library.has_extension, "alcIsExtensionPresent");
        take(library.make_sources, "alGenSources"), take(library.drop_sources, "alDeleteSources");
        take(library.make_buffers, "alGenBuffers"), take(library.drop_buffers, "alDeleteBuffers");
        take(library.fill, "alBufferData"), take(library.queue, "alSourceQueueBuffers");
        take(library.unqueue, "alSourceUnqueueBuffers"), take(library.ask, "alGetSourcei");
        take(library.start, "alSourcePlay"), take(library.stop, "alSourceStop"), take(library.error, "alGetError");
        if (!whole) return std::nullopt;
        return library;
    }

    LPALCOPENDEVICE open_device;
    LPALCCLOSEDEVICE close_device;
    LPALCCREATECONTEXT create_context;
    LPALCDESTROYCONTEXT destroy_context;
    LPALCMAKECONTEXTCURRENT make_current;
    LPALCGETSTRING device_text;
    LPALCGETINTEGERV device_integers;
    LPALCISEXTENSIONPRESENT has_extension;
    LPALGENSOURCES make_sources;
    LPALDELETESOURCES drop_sources;
    LPALGENBUFFERS make_buffers;
    LPALDELETEBUFFERS drop_buffers;
    LPALBUFFERDATA fill;
    LPALSOURCEQUEUEBUFFERS queue;
    LPALSOURCEUNQUEUEBUFFERS unqueue;
    LPALGETSOURCEI ask;
    LPALSOURCEPLAY start;
    LPALSOURCESTOP stop;
    LPALGETERROR error;

  private:
    struct Close {
        void operator()(void* handle) const { dlclose(handle); }
    };
    std::unique_ptr<void, Close> handle_;
};

/// One open device with a source that pieces of sound are queued at. All of it belongs to the thread that made it.
class Speaker {
  public:
    /// None where no device opens.
    static std::unique_ptr<Speaker> open(const Library& al) {
        std::unique_ptr<Speaker> speaker(new Speaker(al));
        speaker->device_ = al.open_device(nullptr);
        if (!speaker->device_) return nullptr;
        speaker->context_ = al.create_context(speaker->device_, nullptr);
        if (!speaker->context_ || !al.make_current(speaker->context_)) return nullptr;
        al.make_sources(1, &speaker->source_);
        al.make_buffers(kPieces, speaker->buffers_.data());
        if (al.error() != AL_NO_ERROR) return nullptr;
        speaker->free_.assign(speaker->buffers_.begin(), speaker->buffers_.end());
        return speaker;
    }
    ~Speaker() {
        if (source_) al_.stop(source_), al_.drop_sources(1, &source_), al_.drop_buffers(kPieces, buffers_.data());
        al_.make_current(nullptr);
        if (context_) al_.destroy_context(context_);
        if (device_) al_.close_device(device_);
    }
    Speaker(const Speaker&) = delete;

    const char* name() const { return al_.device_text(device_, ALC_DEVICE_SPECIFIER); }
    bool connected() const {
        ALCint answer = ALC_TRUE;
        if (al_.has_extension(device_, "ALC_EXT_disconnect")) al_.device_integers(device_, ALC_CONNECTED, 1, &answer);
        return answer == ALC_TRUE;
    }
    /// How many pieces it would take now.
    size_t room() {
        ALint done = 0;
        al_.ask(source_, AL_BUFFERS_PROCESSED, &done);
        for (; done > 0; --done) {
            ALuint buffer = 0;
            al_.unqueue(source_, 1, &buffer);
            free_.push_back(buffer);
        }
        return free_.size();
    }
    void give(std::span<const int16_t> piece) {
        const ALuint buffer = free_.back();
        free_.pop_back();
        al_.fill(buffer, AL_FORMAT_MONO16, piece.data(), static_cast<ALsizei>(piece.size_bytes()), kSampleRate);
        al_.queue(source_, 1, &buffer);
        ALint state = 0;
        al_.ask(source_, AL_SOURCE_STATE, &state);
        if (state != AL_PLAYING && free_.empty()) al_.start(source_);
    }

  private:
    explicit Speaker(const Library& al) : al_(al) {}

    const Library& al_;
    ALCdevice* device_ = nullptr;
    ALCcontext* context_ = nullptr;
    ALuint source_ = 0;
    std::array<ALuint, kPieces> buffers_{};
    std::vector<ALuint> free_;
};

std::array<int16_t, kPiece> next_piece(Synth& synth) {
    std::array<float, kPiece> samples;
    synth.render(samples);
    std::array<int16_t, kPiece> piece;
    std::ranges::transform(samples, piece.begin(), [](float x) { return static_cast<int16_t>(std::lround(x * 32767)); });
    return piece;
}

}  // namespace

Output::Output(Figures figures) : figures_(std::move(figures)), thread_([this] { run(); }) {}

Output::~Output() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    news_.notify_one();
    thread_.join();
}

void Output::tell(const Motor& motor, double volume) {
    const std::lock_guard lock(mutex_);
    order_.motor = motor;
    order_.volume = volume;
}

void Output::play(std::string_view tone) {
    const Tone* found = figures_.tone(tone);
    const std::lock_guard lock(mutex_);
    if (found) order_.tone = found;
}

Output::Order Output::take() {
    const std::lock_guard lock(mutex_);
    const Order order = order_;
    order_.tone = nullptr;
    return order;
}

void Output::run() {
    const std::optional<Library> library = Library::find();
    if (!library) return spdlog::info("no sound: the library OpenAL Soft (libopenal1) is not installed");
    const std::unique_ptr<Speaker> speaker = Speaker::open(*library);
    if (!speaker) return spdlog::info("no sound: this machine has no sound device that opens");
    spdlog::info("sound plays on {}", speaker->name());
    Synth synth(figures_, kSampleRate);
    for (std::unique_lock lock(mutex_); !stopping_; news_.wait_for(lock, kLook, [this] { return stopping_; })) {
        lock.unlock();
        if (!speaker->connected()) return spdlog::info("no sound: the sound device was taken away");
        for (size_t pieces = speaker->room(); pieces > 0; --pieces) {
            const Order order = take();
            synth.set(order.motor);
            synth.set_volume(order.volume);
            if (order.tone) synth.play(*order.tone);
            speaker->give(next_piece(synth));
        }
        lock.lock();
    }
}

}  // namespace sound
