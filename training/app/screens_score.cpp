// The score: the total, each criterion with its value against its band, and where on the face it came from.

#include "engine/base/log.h"
#include "training/app/bands.h"
#include "training/app/camera_hand.h"
#include "training/app/screens.h"

#include <algorithm>
#include <cmath>
#include <future>

namespace app {

namespace {

constexpr float kPanel = 690, kMargin = 12;  // design pixels

Mark mark_of(training::Verdict verdict) {
    switch (verdict) {
        case training::Verdict::target:
            return Mark::target;
        case training::Verdict::warning:
            return Mark::warning;
        case training::Verdict::beyond:
            return Mark::beyond;
        case training::Verdict::critical:
            return Mark::critical;
        case training::Verdict::not_assessed:
            break;
    }
    return Mark::none;
}

std::string number_text(double value) {
    const double size = std::abs(value);
    if (value == std::round(value)) return fmt::format("{:.0f}", value);
    return size >= 100  ? fmt::format("{:.0f}", value)
           : size >= 10 ? fmt::format("{:.1f}", value)
                        : fmt::format("{:.2f}", value);
}

/// Pictures are rendered here, one a frame, so that the window stays live; the page is put together and
/// written on a worker.
class ReportWriter {
  public:
    ReportWriter(std::shared_ptr<const ScoredSession> session, base::fs::path html)
        : session_(std::move(session)), html_(std::move(html)), wishes_(report_pictures()) {}

    /// Does one picture, or looks whether the page is written. True when all is done, well or not.
    bool work(render::Renderer& renderer) {
        if (problem_ || done_) return true;
        if (pictures_.size() < wishes_.size()) {
            auto picture = render_picture(renderer, *session_, wishes_[pictures_.size()]);
            if (!picture)
                problem_ = picture.error();
            else
                pictures_.push_back(std::move(*picture));
            if (pictures_.size() == wishes_.size()) start_page();
            return problem_.has_value();
        }
        if (page_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return false;
        if (auto status = page_.get(); !status)
            problem_ = status.error();
        else
            done_ = true;
        return true;
    }
    double share() const {
        return static_cast<double>(pictures_.size()) / static_cast<double>(wishes_.size());
    }
    const base::fs::path& html() const { return html_; }
    const std::optional<base::Error>& problem() const { return problem_; }

  private:
    void start_page() {
        page_ = std::async(std::launch::async, [this] {
            return base::write_file(html_, std::string_view(report_page(*session_, pictures_)));
        });
    }

    std::shared_ptr<const ScoredSession> session_;
    base::fs::path html_;
    std::vector<PictureWish> wishes_;
    std::vector<training::ReportPicture> pictures_;
    std::optional<base::Error> problem_;
    bool done_ = false;
    std::future<base::Status> page_;  ///< last: its end is waited for before the rest goes
};

class ScoreScreen : public Screen {
  public:
    ScoreScreen(Desk& desk, std::shared_ptr<const ScoredSession> session, bool on_stage)
        : session_(std::move(session)), hand_(*session_->stage->face) {
        if (!on_stage) {
            if (auto status = show_session(*desk.renderer, *session_); !status)
                desk.problem = status.error().message;
        }
        if (auto front = picture_scene(*session_, "front", render::Overlay::none)) scene_ = std::move(*front);
        spdlog::info("score {} {}", session_->score.total, session_->file.string());
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        hand_.tick(desk.window.frame_seconds());
        read_keys(desk);
        hand_.steer(true);
        draw_panel(desk);
        draw_overlays(desk);
        write_on(desk);
        scene_.camera = hand_.centred(desk.style.px(kPanel + kMargin), 0, desk.width(), desk.height());
        return leave(desk);
    }

    const render::SceneView* scene() const override { return &scene_; }
    ImVec2 taken() const override { return {kPanel + kMargin, 0}; }

  private:
    enum class Wish : uint8_t { none, again, back };

    void read_keys(Desk& desk) {
        if (desk.pressed('F')) hand_.go("front");
        if (desk.pressed('L')) hand_.go("left");
        if (desk.pressed('R')) hand_.go("right");
        if (desk.pressed('O'))
            scene_.overlay = static_cast<render::Overlay>((static_cast<int>(scene_.overlay) + 1) % 5);
        if (desk.pressed(keys::kEscape)) wish_ = Wish::back;
        const int count = static_cast<int>(session_->score.criteria.size());
        const int step = desk.pressed(keys::kDown, true) ? 1 : desk.pressed(keys::kUp, true) ? -1 : 0;
        if (step != 0 && count > 0) choose(std::clamp(chosen_ + step, 0, count - 1));
    }

    void choose(int row) {
        if (row == chosen_) return;
        chosen_ = row;
        const training::Evidence& evidence = session_->score.criteria[static_cast<size_t>(row)].evidence;
        scene_.highlighted_cells = evidence.cells;
        if (const auto camera = view_of_cells(*session_->stage->face, evidence.cells)) hand_.go(*camera);
    }

    // --- the panel ---

    void draw_panel(Desk& desk) {
        const Style& style = desk.style;
        const float margin = style.px(kMargin);
        begin_panel("##score", {margin, margin}, {style.px(kPanel), desk.height() - 2 * margin}, style);
        draw_total(desk);
        const float buttons = style.px(86);
        ImGui::BeginChild("##rows", {0, -buttons}, false);
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
        for (size_t i = 0; i < session_->score.criteria.size(); ++i)
            draw_criterion(desk, static_cast<int>(i));
        ImGui::PopStyleVar();
        draw_zone_table(desk);
        ImGui::EndChild();
        draw_foot(desk);
        end_panel();
    }

    void draw_total(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const training::Score& score = session_->score;
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float width = ImGui::GetContentRegionAvail().x;
        const std::string total = fmt::format("{:.1f}", score.total * 0.01);
        const float high = style.display->FontSize;
        draw.AddText(style.display, high, {at.x, at.y - high * 0.08f}, colour::kText, total.c_str());
        float x = at.x + text_size(style.display, total).x + style.px(10);
        draw.AddText(style.body, style.body->FontSize, {x, at.y + high * 0.58f}, colour::kSoft,
                     words("score.of_100").c_str());

        x = at.x + style.px(220);
        const Mark mark = score.pass ? Mark::target : Mark::beyond;
        draw_mark(draw, {x + style.px(13), at.y + style.px(16)}, style.px(26), mark);
        draw.AddText(style.title, style.title->FontSize, {x + style.px(38), at.y}, mark_colour(mark),
                     words(score.pass ? "score.pass" : "score.fail").c_str());
        const std::string under = why(words);
        draw.AddText(style.body, style.body->FontSize, {x, at.y + style.title->FontSize + style.px(8)},
                     colour::kSoft, under.c_str(), nullptr, width - style.px(220));
        const float under_height = text_size(style.body, under, width - style.px(220)).y;
        const float used = std::max(high, style.title->FontSize + style.px(8) + under_height);
        ImGui::Dummy({width, used + style.px(4)});
    }

    /// A reason with zones called by their names instead of their ids.
    std::string reason_text(const Words& words, const training::CriterionScore& row) const {
        std::string reason = row.reason;
        for (const face::Zone& zone : session_->stage->face->zones) {
            const size_t at = reason.find(zone.id);
            const size_t end = at + zone.id.size();
            const bool whole = at != std::string::npos && (end == reason.size() || reason[end] == ' ');
            if (whole) reason.replace(at, zone.id.size(), words.name("zone", zone.id));
        }
        return reason;
    }

    /// What decided: the first broken critical rule, else the pass mark.
    std::string why(const Words& words) const {
        for (const training::CriterionScore& row : session_->score.criteria)
            if (row.verdict == training::Verdict::critical)
                return words("score.critical", fmt::arg("name", row.criterion.name),
                             fmt::arg("reason", reason_text(words, row)));
        const std::string mark = number_text(session_->rubric.pass_mark * 0.01);
        return words("score.pass_mark", fmt::arg("mark", mark), fmt::arg("rubric", session_->rubric.name));
    }

    void draw_criterion(Desk& desk, int index) {
        const Style& style = desk.style;
        const training::CriterionScore& row = session_->score.criteria[static_cast<size_t>(index)];
        const float width = ImGui::GetContentRegionAvail().x - style.px(4);
        const float height = style.px(40);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::PushID(index);
        const bool clicked = ImGui::InvisibleButton("##row", {width, height});
        const bool hovered = ImGui::IsItemHovered();
        ImGui::PopID();
        if (clicked) choose(index);
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const ImVec2 end{at.x + width, at.y + height};
        if (hovered || chosen_ == index)
            draw.AddRectFilled(at, end, IM_COL32(255, 255, 255, chosen_ == index ? 30 : 16), style.px(8));
        if (chosen_ == index)
            draw.AddRectFilled(at, {at.x + style.px(3), end.y}, colour::kBlue, style.px(1.5));

        const float line = style.body->FontSize;
        const float y = at.y + (height - line) * 0.5f;
        const Mark mark = mark_of(row.verdict);
        draw_mark(draw, {at.x + style.px(20), at.y + height * 0.5f}, style.px(15), mark);
        draw.AddText(style.body, line, {at.x + style.px(38), y}, colour::kText,
                     fit(style.body, row.criterion.name, style.px(226)).c_str());
        draw_value(desk, draw, row, {at.x + style.px(378), y});
        if (row.value)
            draw_band(draw, {at.x + style.px(394), at.y + height * 0.5f - style.px(6)},
                      {at.x + style.px(530), at.y + height * 0.5f + style.px(6)},
                      criterion_scale(row.criterion), {static_cast<double>(*row.value) * 1e-3}, style);
        const std::string points = row.points ? fmt::format("{} / {}", number(*row.points), number(row.max))
                                              : desk.words("score.not_assessed");
        draw.AddText(style.body, line, {at.x + style.px(606) - text_size(style.body, points).x, y},
                     row.points ? colour::kText : colour::kFaint, points.c_str());
        draw.AddText(style.body, line, {at.x + style.px(618), y}, colour::kFaint,
                     fit(style.body, row.criterion.basis, style.px(32)).c_str());
        if (hovered) draw_tooltip(desk, row);
    }

    static std::string number(int32_t hundredths) {
        return hundredths % 100 == 0 ? fmt::format("{}", hundredths / 100)
                                     : fmt::format("{:.1f}", hundredths * 0.01);
    }

    /// Right-aligned at `right`.
    void draw_value(Desk& desk, ImDrawList& draw, const training::CriterionScore& row, ImVec2 right) {
        const Style& style = desk.style;
        std::string shown = desk.words("value.none");
        if (row.value) {
            const std::string unit = desk.words.name("unit", row.criterion.unit);
            const char* gap = unit.empty() || unit == desk.words("unit.deg") ? "" : " ";
            shown = number_text(static_cast<double>(*row.value) * 1e-3) + gap + unit;
        }
        draw.AddText(style.body, style.body->FontSize, {right.x - text_size(style.body, shown).x, right.y},
                     row.value ? colour::kText : colour::kFaint, shown.c_str());
    }

    void draw_tooltip(Desk& desk, const training::CriterionScore& row) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const float wrap = style.px(380);
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {style.px(10), style.px(7)});
        ImGui::BeginTooltip();
        text(style.strong, colour::kText, row.criterion.name, wrap);
        text(style.body, colour::kSoft, training::measure_definition(row.criterion.measure), wrap);
        text(style.body, mark_colour(mark_of(row.verdict)),
             words.name("verdict", training::verdict_name(row.verdict)), wrap);
        if (!row.reason.empty()) text(style.body, colour::kText, reason_text(words, row), wrap);
        text(style.body, colour::kSoft,
             words(
                 "score.basis", fmt::arg("tag", row.criterion.basis),
                 fmt::arg("meaning", words.name("basis", row.criterion.basis.substr(
                                                             0, row.criterion.basis.find_first_of(" ,;-"))))),
             wrap);
        text(style.body, colour::kFaint, row.criterion.source, wrap);
        text(style.body, colour::kFaint,
             row.evidence.cells.empty() ? words("score.no_places")
                                        : words("score.places", fmt::arg("count", row.evidence.cells.size())),
             wrap);
        ImGui::EndTooltip();
        ImGui::PopStyleVar();
    }

    void draw_zone_table(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        ImGui::Dummy({0, style.px(8)});
        const float line = style.body->FontSize;
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const float columns[] = {310, 410, 540, 630};
        const auto cells = [&](const std::string& name, const std::vector<std::string>& values, ImU32 shade) {
            const ImVec2 at = ImGui::GetCursorScreenPos();
            draw.AddText(style.body, line, {at.x + style.px(10), at.y}, shade,
                         fit(style.body, name, style.px(230)).c_str());
            for (size_t i = 0; i < values.size(); ++i)
                draw.AddText(style.body, line,
                             {at.x + style.px(columns[i]) - text_size(style.body, values[i]).x, at.y}, shade,
                             values[i].c_str());
            ImGui::Dummy({style.px(630), line + style.px(4)});
        };
        cells(words("score.zone"),
              {words("figure.density"), words("figure.coverage"), words("figure.evenness"),
               words("figure.depth")},
              colour::kFaint);
        for (const training::ZoneScore& zone : session_->score.zones) {
            if (!zone.prescribed && zone.stats.punctures == 0) continue;
            const shared::ZoneStats& s = zone.stats;
            std::vector<std::string> values(4, words("value.none"));
            if (s.punctures > 0)
                values = {
                    words("value.density", fmt::arg("value", s.density_per_cm2)),
                    words("value.percent", fmt::arg("value", (s.coverage_e4 + 50) / 100)),
                    words("value.cv", fmt::arg("value", fmt::format("{:.2f}", s.density_cv_e4 * 1e-4))),
                    words("value.mm", fmt::arg("value", fmt::format("{:.2f}", s.depth_mean_um * 1e-3)))};
            cells(words.name("zone", zone.id), values, s.punctures > 0 ? colour::kText : colour::kFaint);
        }
    }

    void draw_foot(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const float width = ImGui::GetContentRegionAvail().x;
        const std::string kept = session_->file.empty()
                                     ? words("score.not_kept")
                                     : words("score.kept", fmt::arg("file", session_->file.string()));
        ImGui::Dummy({0, style.px(2)});
        text(style.body, colour::kSoft, fit(style.body, report_line_.empty() ? kept : report_line_, width));
        const float gap = style.px(8);
        const ImVec2 size{(width - 2 * gap) / 3, style.px(42)};
        if (button(style, words("score.report"), size, true, !writer_ && !session_->file.empty())) {
            base::fs::path html = session_->file;
            writer_ = std::make_unique<ReportWriter>(session_, html.replace_extension(".html"));
        }
        ImGui::SameLine(0, gap);
        if (button(style, words("score.again"), size)) wish_ = Wish::again;
        ImGui::SameLine(0, gap);
        if (button(style, words("score.back"), size)) wish_ = Wish::back;
    }

    void write_on(Desk& desk) {
        if (!writer_) return;
        if (!writer_->work(*desk.renderer)) {
            report_line_ =
                desk.words("score.writing", fmt::arg("percent", static_cast<int>(writer_->share() * 100)));
            return;
        }
        if (const auto& problem = writer_->problem()) {
            desk.problem = problem->message;
            report_line_.clear();
        } else {
            report_line_ = desk.words("score.written", fmt::arg("file", writer_->html().string()));
            spdlog::info("report {}", writer_->html().string());
        }
        writer_.reset();
    }

    /// Overlays and their legend, at the lower right beside the face.
    void draw_overlays(Desk& desk) {
        const Style& style = desk.style;
        const bool legend = scene_.overlay != render::Overlay::none;
        const ImVec2 size{style.px(470), style.px(legend ? 128 : 62)};
        const float margin = style.px(kMargin);
        begin_panel("##overlays", {desk.width() - size.x - margin, desk.height() - size.y - margin}, size,
                    style);
        const render::Overlay all[] = {render::Overlay::none, render::Overlay::coverage,
                                       render::Overlay::evenness, render::Overlay::depth,
                                       render::Overlay::pressure};
        const float gap = style.px(5);
        const float width = ImGui::GetContentRegionAvail().x;
        for (int i = 0; i < 5; ++i) {
            if (i > 0) ImGui::SameLine(0, gap);
            const bool on = all[i] == scene_.overlay;
            ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {style.px(2), style.px(2)});
            if (on) ImGui::PushStyleColor(ImGuiCol_Button, IM_COL32(54, 128, 184, 255));
            if (button(style, desk.words.name("overlay_short", render::overlay_name(all[i])),
                       {(width - 4 * gap) / 5, style.px(32)}))
                scene_.overlay = all[i];
            if (on) ImGui::PopStyleColor();
            ImGui::PopStyleVar();
        }
        if (legend) {
            const ImVec2 at = ImGui::GetCursorScreenPos();
            draw_legend(*ImGui::GetWindowDrawList(), at, width, scene_.overlay, desk.words, style);
        }
        end_panel();
    }

    std::unique_ptr<Screen> leave(Desk& desk) {
        if (wish_ == Wish::none) return nullptr;
        writer_.reset();
        desk.problem.clear();
        const training::Case& practice = session_->stage->practice;
        if (wish_ == Wish::again) return practice_case(desk, practice.id, practice.name);
        return start_screen(desk);
    }

    std::shared_ptr<const ScoredSession> session_;
    CameraHand hand_;
    render::SceneView scene_;
    std::unique_ptr<ReportWriter> writer_;
    std::string report_line_;
    int chosen_ = -1;
    Wish wish_ = Wish::none;
};

}  // namespace

std::unique_ptr<Screen> score_screen(Desk& desk, std::shared_ptr<const ScoredSession> session,
                                     bool on_stage) {
    return std::make_unique<ScoreScreen>(desk, std::move(session), on_stage);
}

}  // namespace app
