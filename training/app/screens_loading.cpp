#include "training/app/screens.h"
#include "training/app/visit.h"
#include "training/core/case_change.h"
#include "training/core/yardstick.h"

#include "engine/base/log.h"

#include <atomic>
#include <future>
#include <mutex>

namespace app {

/// Thrown through the work when the program ends before it: nobody waits for a bake then.
struct Ended {};

struct Loading {
    /// The worker's news, read by the window's thread.
    struct News {
        std::mutex mutex;
        std::string step;
        double share = 0;
        std::atomic<bool> ended = false;
    };

    explicit Loading(Work work) {
        const face::Progress told = [news = news](std::string_view step, double share) {
            if (news->ended) throw Ended{};
            const std::lock_guard lock(news->mutex);
            news->step = step;
            news->share = share;
        };
        result = std::async(std::launch::async, [work = std::move(work), told]() -> base::Result<Arrival> {
            try {
                return work(told);
            } catch (const Ended&) {
                return base::error("loading ended with the program");
            }
        });
    }
    ~Loading() { give_up(); }
    /// It ends at its next word of progress.
    void give_up() { news->ended = true; }
    Loading(const Loading&) = delete;

    bool ready() const { return result.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }

    std::shared_ptr<News> news = std::make_shared<News>();
    std::future<base::Result<Arrival>> result;
};

namespace {

/// A pad: it takes no making.
constexpr const char* kAtOnce = "pad-flat";

/// Work that was given up ends when it next tells its progress; until then somebody must hold it, or its screen's end
/// would wait for it.
void set_aside(Desk& desk, std::shared_ptr<Loading> loading) {
    constexpr const char* kMark = "given up ";
    loading->give_up();
    std::erase_if(desk.loading, [&](const auto& one) { return one.first.starts_with(kMark) && one.second->ready(); });
    std::string key;
    for (size_t number = 0; key.empty() || desk.loading.contains(key); ++number) key = fmt::format("{}{}", kMark, number);
    desk.loading[key] = std::move(loading);
}

class LoadingScreen : public Screen {
  public:
    /// `key`: of Desk::loading, where the loading is found again after it was left; empty for one that may not be.
    /// `meanwhile`: the name of a case that is ready at once, to practise on while this one loads; empty = none is offered.
    LoadingScreen(std::string title, std::shared_ptr<Loading> loading, std::string key, bool may_leave, Back back = {}, std::string meanwhile = {})
        : title_(std::move(title)),
          meanwhile_(std::move(meanwhile)),
          loading_(std::move(loading)),
          key_(std::move(key)),
          back_(back ? std::move(back) : start_screen),
          cancels_(key_.empty()),
          may_leave_(may_leave) {}

    std::unique_ptr<Screen> frame(Desk& desk) override {
        show(desk);
        if (may_leave_ && (left_ || desk.pressed(keys::kEscape))) {
            if (cancels_) set_aside(desk, std::move(loading_));
            return back_(desk);
        }
        if (elsewhere_ || (!meanwhile_.empty() && desk.pressed('F'))) return practice_case(desk, kAtOnce, meanwhile_);
        // The renderer comes after the first screen was shown; loading ends on its stage.
        if (!desk.renderer || !loading_->ready()) return nullptr;
        auto arrival = loading_->result.get();
        desk.loading.erase(key_);
        if (arrival) return arrival->screen(desk);
        auto next = back_(desk);
        desk.refuse(arrival.error());
        return next;
    }

  private:
    void show(Desk& desk) {
        std::string step;
        double share;
        {
            const std::lock_guard lock(loading_->news->mutex);
            step = loading_->news->step;
            share = loading_->news->share;
        }
        const Style& style = desk.style;
        const float width_most = desk.width() - style.px(24), title_wrap = std::min(style.px(520), width_most) - 2 * ImGui::GetStyle().WindowPadding.x;
        const RowWords title = desk.narrow() ? RowWords{title_, title_wrap + 1, text_size(style.title, title_, title_wrap + 1).y}
                                             : row_words(style.title, title_, title_wrap);
        const std::string other = meanwhile_.empty() ? std::string() : desk.words("loading.meanwhile", fmt::arg("name", meanwhile_));
        const float inner = std::min(style.px(520), width_most) - 2 * style.px(16);
        const float other_height = other.empty() ? 0 : std::max(style.px(34), text_size(style.body, other, inner - style.px(8)).y + style.px(8)) + style.px(10);
        const ImVec2 size{std::min(style.px(520), width_most), style.px(may_leave_ ? 172 : 150) + title.height - style.title->FontSize + other_height};
        const ImVec2 at{(desk.width() - size.x) * 0.5f, (desk.height() - size.y) * 0.45f};
        begin_panel("##loading", at, size, style);
        text(style.title, colour::kText, title.shown, title.wrap);
        ImGui::Dummy({0, style.px(6)});
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const ImVec2 bar = ImGui::GetCursorScreenPos();
        const float width = ImGui::GetContentRegionAvail().x;
        draw.AddRectFilled(bar, {bar.x + width, bar.y + style.px(8)}, colour::kTrack, style.px(4));
        const float filled = std::max(style.px(8), width * static_cast<float>(std::clamp(share, 0.0, 1.0)));
        draw.AddRectFilled(bar, {bar.x + filled, bar.y + style.px(8)}, colour::kBlue, style.px(4));
        ImGui::Dummy({width, style.px(16)});
        text(style.body, colour::kSoft,
             step.empty() ? desk.words("loading.wait") : desk.words.name("bake", step));
        if (!other.empty()) elsewhere_ = button(style, other, {inner, style.px(34)});
        if (may_leave_) {
            const ImVec2 back{style.px(150), style.px(34)};
            ImGui::SetCursorPos({size.x - back.x - style.px(16), size.y - back.y - style.px(14)});
            left_ = button(style, desk.words(cancels_ ? "loading.cancel" : "loading.leave"), back);
        }
        end_panel(style);
    }

    std::string title_, meanwhile_;
    std::shared_ptr<Loading> loading_;
    std::string key_;
    Back back_;
    bool cancels_;  ///< leaving gives the work up; what has a key goes on
    bool may_leave_, left_ = false, elsewhere_ = false;
};

}  // namespace

std::unique_ptr<Screen> loading_screen(std::string title, Work work, bool may_leave, Back back) {
    return std::make_unique<LoadingScreen>(std::move(title), std::make_shared<Loading>(std::move(work)), std::string(),
                                           may_leave, std::move(back));
}

namespace {

/// On the window's thread, with the case loaded.
std::unique_ptr<Screen> arrive(Desk& desk, const std::shared_ptr<const training::Stage>& stage,
                               const training::Rubric& rubric) {
    if (auto status = desk.renderer->set_face(stage->face, rubric.no_go_margin_um); !status) {
        auto start = start_screen(desk);
        desk.refuse(status.error());
        return start;
    }
    desk.find_tier(*stage->face);
    keep_portrait(desk, *stage);
    if (is_visit(stage->practice) && stage->procedure) {
        auto visit = std::make_shared<Visit>(stage, rubric, desk.sessions);
        visit->live().set_trainee(desk.settings.trainee);
        return visit_screen(desk, std::move(visit));
    }
    return practice_screen(desk, stage, rubric);
}

/// A case loads once per device and rubric.
std::string loading_key(const Desk& desk, const std::string& case_id) {
    return fmt::format("{}{}{}{}{}", case_id, desk.device.empty() ? "" : " ", desk.device, desk.rubric.empty() ? "" : " ", desk.rubric);
}

base::Result<std::shared_ptr<const training::Stage>> stage_of(const base::Places& places, const std::string& case_id, const std::string& device,
                                                              const std::string& rubric, const face::Progress& progress) {
    if (rubric.empty()) return training::load_stage(places, case_id, device, progress);
    auto practice = training::changed_case(places, case_id, {.device = device, .rubric = rubric});
    if (!practice) return practice.error();
    return training::load_stage(places, std::move(*practice), progress);
}

Work case_work(const base::Places& places, const std::string& case_id, const std::string& device, const std::string& own_rubric) {
    return [places, case_id, device, own_rubric](const face::Progress& progress) -> base::Result<Arrival> {
        auto stage = stage_of(places, case_id, device, own_rubric, progress);
        if (!stage) return stage.error();
        auto yardstick = training::load_yardstick(places, **stage);
        if (!yardstick) return yardstick.error();
        const training::Rubric held = std::move(yardstick->held);
        return Arrival{[stage = *stage, rubric = held](Desk& desk) { return arrive(desk, stage, rubric); },
                       [stage = *stage, ring_um = held.no_go_margin_um](Desk& desk) {
                           if (desk.renderer->set_face(stage->face, ring_um)) keep_portrait(desk, *stage);
                       }};
    };
}

}  // namespace

void prepare_case(Desk& desk, const std::string& case_id) {
    std::shared_ptr<Loading>& loading = desk.loading[loading_key(desk, case_id)];
    if (!loading) loading = std::make_shared<Loading>(case_work(desk.options.places, case_id, desk.device, desk.rubric));
}

std::optional<double> preparing(const Desk& desk, const std::string& case_id) {
    const auto found = desk.loading.find(loading_key(desk, case_id));
    if (found == desk.loading.end()) return std::nullopt;
    const std::lock_guard lock(found->second->news->mutex);
    return found->second->news->share;
}

bool keep_prepared_portrait(Desk& desk, const std::string& case_id) {
    const auto found = desk.loading.find(loading_key(desk, case_id));
    if (found == desk.loading.end()) return true;
    if (!found->second->ready()) return false;
    auto arrival = found->second->result.get();
    desk.loading.erase(found);
    if (!arrival)
        spdlog::warn("{}", arrival.error().message);
    else if (arrival->portrait)
        arrival->portrait(desk);
    return true;
}

std::unique_ptr<Screen> practice_case(Desk& desk, const std::string& case_id, const std::string& name) {
    prepare_case(desk, case_id);
    const std::string key = loading_key(desk, case_id);
    const auto pad = training::load_case(desk.options.places, kAtOnce);
    const auto face = training::load_case(desk.options.places, case_id);
    const bool waits = pad && face && !face->face.starts_with("pad");
    return std::make_unique<LoadingScreen>(desk.words("loading.case", fmt::arg("name", name)), desk.loading[key], key, true, Back{},
                                           waits ? pad->name : std::string());
}

base::Result<std::shared_ptr<const ScoredSession>> score_ended(const base::Places& places, std::shared_ptr<const training::Stage> stage,
                                                               const training::Recording& recording, const SessionView& last,
                                                               std::shared_ptr<LiveSession> ended) {
    auto session = last.file.empty() || last.problem ? score_recording(places, {recording, std::move(stage)})
                                                     : score_file(places, last.file, {}, {}, std::move(stage));
    if (!session) return session.error();
    if (last.problem && !last.file.empty())
        session->save = [ended = std::move(ended), file = last.file]() -> base::Result<base::fs::path> {
            if (const base::Status saved = ended->save(); !saved) return saved.error();
            return file;
        };
    return std::make_shared<const ScoredSession>(std::move(*session));
}

std::unique_ptr<Screen> scoring_screen(Desk& desk, std::shared_ptr<const training::Stage> stage, training::Recording recording,
                                       const SessionView& last, std::shared_ptr<LiveSession> ended, bool healing) {
    Work work = [places = desk.options.places, last, stage = std::move(stage), recording = std::move(recording), ended = std::move(ended),
                 healing](const face::Progress&) -> base::Result<Arrival> {
        auto session = score_ended(places, stage, recording, last, ended);
        if (!session) return session.error();
        return Arrival{[shared = *session, problem = last.problem, healing](Desk& there) {
            auto next = healing ? open_healing(there, shared) : score_screen(there, shared, true);
            if (problem) there.refuse(*problem);
            return next;
        }};
    };
    return loading_screen(desk.words("loading.score"), std::move(work), false);
}

std::unique_ptr<Screen> open_session(Desk& desk, const base::fs::path& file) {
    const base::Places& places = desk.options.places;
    Work work = [places, file](const face::Progress& progress) -> base::Result<Arrival> {
        auto session = score_file(places, file, {}, progress);
        if (!session) return session.error();
        auto shared = std::make_shared<const ScoredSession>(std::move(*session));
        return Arrival{[shared](Desk& there) { return score_screen(there, shared, false); }};
    };
    return loading_screen(desk.words("loading.session"), std::move(work), true);
}

}  // namespace app
