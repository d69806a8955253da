#include "training/app/screens.h"

#include <future>
#include <mutex>

namespace app {

namespace {

/// The worker's news, read by the window's thread.
struct Progress {
    std::mutex mutex;
    std::string step;
    double share = 0;
};

class LoadingScreen : public Screen {
  public:
    LoadingScreen(std::string title, Work work)
        : title_(std::move(title)), progress_(std::make_shared<Progress>()) {
        const face::Progress told = [progress = progress_](std::string_view step, double share) {
            const std::lock_guard lock(progress->mutex);
            progress->step = step;
            progress->share = share;
        };
        result_ = std::async(std::launch::async, [work = std::move(work), told] { return work(told); });
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        show(desk);
        // The renderer comes after the first screen was shown; loading ends on its stage.
        if (!desk.renderer || result_.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
            return nullptr;
        auto arrival = result_.get();
        if (arrival) return (*arrival)(desk);
        auto next = start_screen(desk);
        desk.problem = arrival.error().message;
        return next;
    }

  private:
    void show(Desk& desk) {
        std::string step;
        double share;
        {
            const std::lock_guard lock(progress_->mutex);
            step = progress_->step;
            share = progress_->share;
        }
        const Style& style = desk.style;
        const ImVec2 size{style.px(520), style.px(150)};
        const ImVec2 at{(desk.width() - size.x) * 0.5f, (desk.height() - size.y) * 0.45f};
        begin_panel("##loading", at, size, style);
        text(style.title, colour::kText, fit(style.title, title_, ImGui::GetContentRegionAvail().x));
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
        end_panel();
    }

    std::string title_;
    std::shared_ptr<Progress> progress_;
    std::future<base::Result<Arrival>> result_;
};

}  // namespace

std::unique_ptr<Screen> loading_screen(std::string title, Work work) {
    return std::make_unique<LoadingScreen>(std::move(title), std::move(work));
}

std::unique_ptr<Screen> practice_case(Desk& desk, const std::string& case_id, const std::string& name) {
    const base::Places& places = desk.options.places;
    Work work = [places, case_id](const face::Progress& progress) -> base::Result<Arrival> {
        auto stage = training::load_stage(places, case_id, {}, progress);
        if (!stage) return stage.error();
        auto rubric = training::load_rubric(places, (*stage)->practice.rubric);
        if (!rubric) return rubric.error();
        return Arrival([stage = *stage, rubric = *rubric](Desk& there) -> std::unique_ptr<Screen> {
            if (auto status = there.renderer->set_face(stage->face); !status) {
                auto start = start_screen(there);
                there.problem = status.error().message;
                return start;
            }
            keep_portrait(there, *stage);
            return practice_screen(there, stage, rubric);
        });
    };
    return loading_screen(desk.words("loading.case", fmt::arg("name", name)), std::move(work));
}

std::unique_ptr<Screen> open_session(Desk& desk, const base::fs::path& file) {
    const base::Places& places = desk.options.places;
    Work work = [places, file](const face::Progress& progress) -> base::Result<Arrival> {
        auto session = score_file(places, file, {}, progress);
        if (!session) return session.error();
        auto shared = std::make_shared<const ScoredSession>(std::move(*session));
        return Arrival([shared](Desk& there) { return score_screen(there, shared, false); });
    };
    return loading_screen(desk.words("loading.session"), std::move(work));
}

}  // namespace app
