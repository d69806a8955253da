#include "training/app/application.h"

#include "engine/base/log.h"
#include "engine/base/sentence.h"
#include "engine/render/tier_probe.h"
#include "training/app/console.h"
#include "training/app/screen_keyboard.h"
#include "training/app/screens.h"
#include "training/app/screens_exam.h"
#include "training/app/session_files.h"
#include "training/app/subtitles.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <typeinfo>
#include <utility>

namespace app {

namespace {

using Clock = std::chrono::steady_clock;

/// Frame time and resolution of the 3D view every few seconds, for those who look for slow frames
/// (--log-level debug).
void log_pace(const render::Window& window, Clock::time_point& next) {
    if (Clock::now() < next) return;
    next = Clock::now() + std::chrono::seconds(5);
    spdlog::debug("Frames take {:.1f} ms, the 3D view is drawn at {:.0f} %.", window.frame_seconds() * 1e3,
                  window.resolution() * 100);
}

/// A text field takes the keys, or gives them back: who types from outside waits for it (--log-level debug).
void log_typing(bool& typing) {
    const bool now = ImGui::GetIO().WantTextInput;
    if (now != typing) spdlog::debug("typing {}", now ? "begins" : "ends");
    typing = now;
}

/// What is seen of the page, and what was to be seen, for those who test it (--log-level trace).
void log_page(const render::Window& window, const std::optional<render::Region>& brought, render::Region& last) {
    if (!spdlog::should_log(spdlog::level::trace)) return;
    const auto told = [](const char* what, const render::Region& r) {
        spdlog::trace("{} {:.0f} {:.0f} {:.0f} {:.0f}", what, r.from.x, r.from.y, r.to.x, r.to.y);
    };
    const render::Region seen = window.page().seen();
    if (seen.from != last.from || seen.to != last.to) told("page", last = seen);
    if (brought) told("brought", *brought);
}

/// F12 keeps a picture of the window in EVENHAND_SCREENSHOT_DIR, numbered in the order taken.
void keep_screenshot(Desk& desk) {
    static constexpr int kMany = 10000;
    const char* folder = std::getenv("EVENHAND_SCREENSHOT_DIR");
    if (!folder || !desk.pressed_in_panel(keys::kF12)) return;
    auto image = desk.window.screenshot();
    if (!image) {
        desk.refuse(image.error());
        return;
    }
    base::fs::path path;
    for (int number = 1; number < kMany; ++number) {
        path = base::fs::path(folder) / fmt::format("screen-{:04}.png", number);
        if (std::error_code trouble; !base::fs::exists(path, trouble)) break;  // what is wrong there, writing says
    }
    if (auto status = base::write_file(path, base::encode_png(*image)); !status)
        desk.refuse(status.error());
    else
        spdlog::info("screenshot {}", path.string());
}

}  // namespace

bool Desk::pressed(int key, bool repeat) const {
    return !settings_open && pressed_in_panel(key, repeat);
}

bool Desk::pressed_with_shift(int key, bool shift, bool repeat) const {
    const auto down = window.keys_pressed();
    return !settings_open && std::any_of(down.begin(), down.end(), [&](const render::KeyPress& press) {
               return press.key == key && press.shift == shift && (repeat || !press.repeat);
           });
}

int Desk::steps(int on, int back) const {
    if (settings_open) return 0;
    int steps = 0;
    for (const render::KeyPress& press : window.keys_pressed())
        if (!focus.takes(press.key)) steps += press.key == on ? 1 : press.key == back ? -1 : 0;
    return steps;
}

bool Desk::pressed_in_panel(int key, bool repeat) const {
    if (focus.takes(key)) return false;
    const auto down = window.keys_pressed();
    return std::any_of(down.begin(), down.end(), [&](const render::KeyPress& press) {
        return press.key == key && (repeat || !press.repeat);
    });
}

Seen Desk::seen(float left, float right) const {
    constexpr double kForWords = 300;
    const render::Region all = window.page().seen();
    Seen seen{static_cast<float>(all.from.x), static_cast<float>(all.to.x), static_cast<float>(all.from.y), static_cast<float>(all.to.y)};
    const float from = std::max(left, seen.left), to = std::min(right, seen.right);
    if (to - from >= std::min(style.px(kForWords), right - left)) seen.left = from, seen.right = to;
    return seen;
}

bool Desk::narrow() const {
    const glm::dvec2 room = render::Window::kRoom * static_cast<double>(style.unit);
    return width() + 1 < room.x || height() + 1 < room.y;
}

float Desk::column_width() const {
    constexpr double kShare = 0.55, kMost = 430;  // design pixels; wider lines are read no better
    return std::floor(std::min(width() * static_cast<float>(kShare), style.px(kMost)));
}

double Desk::motion_seconds() const {
    constexpr double kAtOnce = 1e6;
    return settings.reduced_motion ? kAtOnce : window.frame_seconds();
}

void Desk::refuse(const base::Error& error) {
    const base::NamedFiles named = base::with_file_names(error);
    std::string shown = words(named.error);
    for (const std::string& path : named.paths) shown += "\n" + path;
    if (shown != problem) spdlog::info("refusal {}", words(error));
    problem = std::move(shown);
}

render::Tier Desk::tier() const {
    return settings.tier.value_or(suits.value_or(render::Tier::cpu));
}

void Desk::find_tier(const face::FaceAsset& face) {
    if (suits) return;
    const auto width = static_cast<uint32_t>(window.width()), height = static_cast<uint32_t>(window.height());
    const gpu::DeviceInfo& device = window.device().info();
    suits = render::remembered_tier(options.places.cache, device, width, height);
    if (suits) return;
    render::SceneView scene;
    scene.camera = render::named_view(face, "front").value_or(scene.camera);
    auto found = render::probe_tier(window.device(), *renderer, scene, width, height);
    suits = found ? *found : render::Tier::cpu;
    if (!found) spdlog::warn("{}", found.error().message);
    if (auto kept = render::remember_tier(options.places.cache, device, width, height, *suits); !kept)
        spdlog::warn("{}", kept.error().message);
}

/// What is seen of the picture, or of all where there is none.
Seen seen_beside_panels(const Desk& desk, const Screen& screen) {
    if (desk.narrow()) return desk.seen(screen.scene() ? desk.column_width() : 0, desk.width());
    return desk.seen(desk.style.px(screen.taken().x), desk.width() - desk.style.px(screen.taken().y));
}

/// In the language chosen, or the system's. One whose file is broken (told with the content) or gone (told here) gives way to
/// English, and English whose own file is broken to the one that the program was built with. Content is told in the same from
/// now on.
Words words_of(base::Places& places, const Settings& settings, std::optional<base::Error>& problem) {
    const std::string language = settings.language.empty() ? system_language(places) : settings.language;
    auto words = Words::load(places, language);
    places.language = words ? language : "en";
    if (words || language == "en") return words ? std::move(*words) : Words::english();
    std::error_code ignored;
    if (!base::fs::exists(places.data / "locale" / (language + ".toml"), ignored)) problem = words.error();
    auto english = Words::load(places);
    return english ? std::move(*english) : Words::english();
}

/// False once the window is to close and the screen lets it.
bool begin_frame(Desk& desk, const std::unique_ptr<Screen>& screen) {
    while (!desk.window.begin_frame()) {
        if (!screen || screen->may_close(desk)) return false;
        desk.window.stay();
    }
    return true;
}

/// Goes over to the language that the settings have now.
void speak(Desk& desk, base::Places& places, Words& words) {
    std::optional<base::Error> problem;
    words = words_of(places, desk.settings, problem);
    if (problem) desk.refuse(*problem);
}

int run_application(const Options& given, std::shared_ptr<ExamSitting> exam) {
    Options options = given;
    const auto begun = Clock::now();
    auto next_log = begun;
    std::optional<base::Error> problem;
    const base::fs::path kept = settings_file();
    Settings applied = load_settings(kept, problem);
    Words words = words_of(options.places, applied, problem);
    render::WindowOptions wishes;
    wishes.title = words("window.title");
    auto window = render::Window::open(wishes, options.gpu, options.places.shaders);
    if (!window) return refuse(window.error());

    std::unique_ptr<render::Renderer> renderer;
    Desk desk{options, **window, nullptr, words, {}, sessions_folder(), {}, {}, languages(options.places), applied, false,
              {}, {}, {}};
    desk.exam = std::move(exam);
    const auto listen = [&desk, &options] {
        const auto listening = desk.pens.listen(options.osc.port != 0 ? options.osc : desk.settings.pens.osc);
        if (!listening) desk.refuse(listening.error());
    };
    if (problem) desk.refuse(*problem);
    listen();
    if (const auto sound = desk.sounds.begin(options.places); !sound && desk.problem.empty()) desk.refuse(sound.error());
    desk.sounds.settle(applied);
    (*window)->set_resolution(applied.resolution);
    (*window)->set_scale(applied.text_size);
    double scale = 0;
    bool typing = false;
    render::Region paged;
    ScreenKeyboard letters;
    bool arrived = true, first = true;  // on a screen that has not been shown yet
    std::unique_ptr<Screen> screen;
    while (begin_frame(desk, screen)) {
        if (scale != (*window)->scale()) {
            scale = (*window)->scale();
            desk.style = make_style(**window);
            desk.style.focus = &desk.focus;
            desk.style.column = &desk.column;
        }
        if (!screen) screen = desk.exam ? exam_screen(desk) : start_screen(desk);
        if (std::exchange(arrived, false)) (*window)->begin_page(false);
        desk.pens.read(**window);
        log_typing(typing);
        letters.begin_frame(desk);
        const ImGuiIO& io = ImGui::GetIO();
        desk.focus.begin_frame((*window)->keys_pressed(), io.MouseDelta.x != 0 || io.MouseDelta.y != 0 || io.MouseDown[0] || io.WantTextInput);
        std::unique_ptr<Screen> next = screen->frame(desk);
        draw_settings_panel(desk);
        letters.draw(desk);
        if (desk.settings != applied) {
            if (desk.settings.language != applied.language)
                speak(desk, options.places, words);
            applied = desk.settings;
            (*window)->set_resolution(applied.resolution);
            (*window)->set_scale(applied.text_size);
            desk.sounds.settle(applied);
            listen();
            if (auto status = save_settings(kept, applied); !status) desk.refuse(status.error());
        }
        const Seen seen = seen_beside_panels(desk, *screen);
        if (!desk.problem.empty() && !std::exchange(desk.column.told, false)) draw_notice(desk.style, desk.problem, seen.left, seen.right, seen.top + desk.head_taken);
        draw_subtitles(desk, seen.left, seen.right, seen.foot - std::max(desk.foot_taken + desk.style.px(8), desk.style.px(20)));
        desk.foot_taken = desk.head_taken = 0;
        desk.sounds.pass((*window)->frame_seconds());
        if (desk.focus.brought()) (*window)->show(*desk.focus.brought());
        log_page(**window, desk.focus.brought(), paged);
        if (auto status = (*window)->end_frame(renderer.get(), screen->scene(), screen->beside()); !status)
            return refuse(status.error());
        keep_screenshot(desk);
        log_pace(**window, next_log);
        if (std::exchange(first, false)) spdlog::trace("shown {}", typeid(*screen).name());
        arrived = first = next != nullptr;
        if (next) screen = std::move(next);

        // After the first picture, so that the window is up while pipelines compile.
        if (!renderer) {
            using Milliseconds = std::chrono::duration<double, std::milli>;
            spdlog::debug("First picture after {:.0f} ms.", Milliseconds(Clock::now() - begun).count());
            auto made = render::Renderer::create((*window)->device(), options.places,
                                                   options.places.cache / "faces");
            if (!made) return refuse(made.error());
            renderer = std::move(*made);
            desk.renderer = renderer.get();
        }
    }
    screen.reset();
    return 0;
}

}  // namespace app
