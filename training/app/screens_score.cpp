// The score: the total, each criterion with its value against its band, and where on the face it came from.

#include "engine/base/log.h"
#include "training/app/bands.h"
#include "training/app/camera_hand.h"
#include "training/app/review_timeline.h"
#include "training/app/screens.h"
#include "training/app/screens_review.h"
#include "training/app/screens_lessons.h"
#include "training/app/visit_outcome.h"
#include "training/core/decimal.h"
#include "training/core/html.h"
#include "training/core/joined.h"
#include "training/core/moment.h"
#include "training/core/retelling.h"

#include <algorithm>
#include <cmath>
#include <future>

namespace app {

namespace {

constexpr float kPanel = 690, kMargin = 12;  // design pixels
/// Columns of the criteria from the list's left edge; values and points end at theirs.
constexpr float kNameAt = 38, kValueEnd = 372, kBandFrom = 388, kBandEnd = 518, kPointsEnd = 596,
                kBasisAt = 608;
constexpr float kRow = 34;
constexpr double kHeadStep = 15 * 0.0174533;  // rad a key press

std::string number_text(double value) {
    const double size = std::abs(value);
    if (value == std::round(value)) return fmt::format("{:.0f}", value);
    return size >= 100  ? fmt::format("{:.0f}", value)
           : size >= 10 ? fmt::format("{:.1f}", value)
                        : fmt::format("{:.2f}", value);
}

/// The line to look at first: critical before all others, then the least share of its points. -1 when none
/// lost any.
int worst_criterion(const training::Score& score) {
    int worst = -1;
    std::pair<bool, double> least{true, 1.0};  // not critical, share of its points
    for (size_t i = 0; i < score.criteria.size(); ++i) {
        const training::CriterionScore& row = score.criteria[i];
        const double share = row.points && row.max > 0 ? static_cast<double>(*row.points) / row.max : 1;
        const std::pair<bool, double> rank{row.verdict != training::Verdict::critical, share};
        if (rank >= least) continue;
        least = rank;
        worst = static_cast<int>(i);
    }
    return worst;
}

std::string capitalised(std::string words) {
    if (!words.empty() && words[0] >= 'a' && words[0] <= 'z')
        words[0] = static_cast<char>(words[0] - 'a' + 'A');
    return words;
}

/// Pictures are rendered here, one a frame, so that the window stays live; the page is put together and
/// written on a worker.
class ReportWriter {
  public:
    ReportWriter(std::shared_ptr<const ScoredSession> session, base::fs::path html, const base::Places& places, const std::string& language)
        : session_(std::move(session)), html_(std::move(html)), wishes_(report_pictures(session_->score)) {
        if (auto spoken = load_report_language(places, language))
            language_ = std::move(*spoken);
        else
            problem_ = spoken.error();
    }

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
            return base::write_file(html_, std::string_view(report_page(*session_, pictures_, language_)));
        });
    }

    std::shared_ptr<const ScoredSession> session_;
    base::fs::path html_;
    std::vector<PictureWish> wishes_;
    std::vector<training::ReportPicture> pictures_;
    ReportLanguage language_;
    std::optional<base::Error> problem_;
    bool done_ = false;
    std::future<base::Status> page_;  ///< last: its end is waited for before the rest goes
};

/// The same session, its reasons told in the language that is spoken now.
std::unique_ptr<Screen> retold_screen(Desk& desk, std::shared_ptr<const ScoredSession> session) {
    Work work = [places = desk.options.places, session = std::move(session)](const face::Progress&) -> base::Result<Arrival> {
        auto told = score_recording(places, {session->recording, training::retold(places, *session->stage)});
        if (!told) return told.error();
        told->file = session->file;
        told->save = session->save;
        auto shared = std::make_shared<const ScoredSession>(std::move(*told));
        return Arrival{[shared](Desk& there) { return score_screen(there, shared, true); }};
    };
    return loading_screen(desk.words("loading.score"), std::move(work), false);
}

class ScoreScreen : public Screen {
  public:
    ScoreScreen(Desk& desk, std::shared_ptr<const ScoredSession> session, bool on_stage)
        : session_(std::move(session)), visit_(*session_), hand_(*session_->stage->face) {
        if (!on_stage) {
            if (auto status = show_session(*desk.renderer, *session_); !status)
                desk.refuse(status.error());
        }
        if (auto front = picture_scene(*session_, "front", render::Overlay::none)) scene_ = std::move(*front);
        if (const int worst = worst_criterion(session_->score); worst >= 0) choose(worst);
        spdlog::info("score {} {}", session_->score.total, session_->file.string());
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        if (!writer_ && session_->stage->language != desk.options.places.language) return retold_screen(desk, session_);
        hand_.tick(desk.motion_seconds());
        read_keys(desk);
        hand_.steer(true);
        if (desk.narrow()) {
            draw_column(desk);
        } else {
            draw_panel(desk);
            draw_overlays(desk);
            draw_moment(desk);
        }
        write_on(desk);
        const float taken = desk.narrow() ? desk.column_width() : desk.style.px(kPanel + kMargin);
        scene_.camera = hand_.centred(taken, 0, desk.width(), desk.height());
        scene_.tier = desk.tier();
        // A picture of the report was drawn meanwhile: this one is not kept.
        stillness_.judge(scene_, writer_ != nullptr, desk.window.frame_seconds());
        return leave(desk);
    }

    const render::SceneView* scene() const override { return &scene_; }
    ImVec2 taken() const override { return {kPanel + kMargin, 0}; }

  private:
    enum class Wish : uint8_t { none, review, healing, again, back };

    void read_keys(Desk& desk) {
        if (desk.pressed('F')) hand_.go("front");
        if (desk.pressed('L')) hand_.go("left");
        if (desk.pressed('R')) hand_.go("right");
        if (desk.pressed('O'))
            choose_overlay(static_cast<render::Overlay>((static_cast<int>(scene_.overlay) + 1) % 5));
        if (desk.pressed('P')) desk.settings_open = true;
        if (desk.pressed('H')) wish_ = Wish::healing;
        if (desk.pressed('V')) wish_ = Wish::review;
        if (desk.pressed('A', true)) hand_.turn_head({kHeadStep, 0});
        if (desk.pressed('D', true)) hand_.turn_head({-kHeadStep, 0});
        if (desk.pressed('W', true)) hand_.turn_head({0, kHeadStep});
        if (desk.pressed('S', true)) hand_.turn_head({0, -kHeadStep});
        if (desk.pressed(keys::kEscape)) {
            if (moment_)
                show_whole(desk);
            else
                wish_ = Wish::back;
        }
        if (desk.pressed(keys::kEnter) || desk.pressed(keys::kPadEnter)) show_next_moment(desk);
        const int count = static_cast<int>(session_->score.criteria.size());
        const int step = desk.steps(keys::kDown, keys::kUp);
        if (step != 0 && count > 0) {
            show_whole(desk);
            choose(std::clamp(chosen_ + step, 0, count - 1));
        }
    }

    void choose_overlay(render::Overlay overlay) {
        scene_.overlay = overlay;
        scene_.bands = overlay_bands(overlay, session_->rubric, *session_->stage);
    }

    void choose(int row) {
        if (row == chosen_) return;
        chosen_ = row;
        bring_into_view_ = true;
        const training::Evidence& evidence = session_->score.criteria[static_cast<size_t>(row)].evidence;
        scene_.highlighted_cells = evidence.cells;
        if (const auto camera = view_of_cells(*session_->stage->face, evidence.cells)) hand_.go(*camera);
    }

    // --- moments: the session as it stood when a fault happened ---

    static constexpr size_t kMoments = 3;  ///< of a line, the longest first

    std::span<const training::TimeSpan> moments(int row) const {
        const training::CriterionScore& line = session_->score.criteria[static_cast<size_t>(row)];
        if (!is_fault(line)) return {};
        return std::span(line.evidence.spans).first(std::min(kMoments, line.evidence.spans.size()));
    }

    uint32_t moment_us() const { return training::telling_moment(moments(chosen_)[*moment_]); }

    /// Everything but the camera, which stays with the hand, as at `until`.
    void set_time(Desk& desk, double until) {
        show_evidence(*desk.renderer, *session_, until);
        auto then = picture_scene(*session_, "front", scene_.overlay, until);
        if (!then) return;
        then->highlighted_cells = std::move(scene_.highlighted_cells);
        scene_ = std::move(*then);
    }

    void show_moment(Desk& desk, size_t number) {
        if (writer_) return;  // its pictures are of the whole session
        moment_ = number;
        const double time = moment_us() * 1e-6;
        set_time(desk, time);
        scene_.pen = pen_at(*session_, time);
        if (const shared::ContactRecord* contact = training::contact_at(session_->recording.contacts, moment_us()))
            if (const auto camera = view_of_cells(*session_->stage->face, {contact->cell})) hand_.go(*camera);
        spdlog::info("moment {:.1f}", time);
    }

    void show_next_moment(Desk& desk) {
        if (chosen_ < 0 || moments(chosen_).empty()) return;
        const size_t next = moment_ ? *moment_ + 1 : 0;
        if (next < moments(chosen_).size())
            show_moment(desk, next);
        else
            show_whole(desk);
    }

    void show_whole(Desk& desk) {
        if (!moment_) return;
        moment_.reset();
        set_time(desk, session_->recording.duration());
        if (const auto camera = view_of_cells(*session_->stage->face, scene_.highlighted_cells)) hand_.go(*camera);
    }

    std::string zone_at(const Words& words, uint32_t time_us) const {
        const shared::ContactRecord* contact = training::contact_at(session_->recording.contacts, time_us);
        return words.name("zone", session_->stage->face->zones[contact ? contact->zone : 0].id);
    }

    /// Times to click, under the line that is chosen.
    void draw_moments(Desk& desk, int row) {
        const Style& style = desk.style;
        const std::span<const training::TimeSpan> spans = moments(row);
        if (spans.empty()) return;
        const bool column = in_column(style);  // one below the other, their words whole
        const float gap = style.px(8), left = column ? style.px(8) : style.px(kNameAt), room = ImGui::GetContentRegionAvail().x - left;
        const ImVec2 size{column ? room : (room - (kMoments + 1) * gap) / (kMoments + 1), style.px(30)};
        for (size_t i = 0; i < spans.size(); ++i) {
            ImGui::SetCursorPosX(ImGui::GetCursorPosX() + (i == 0 || column ? left : 0));
            const uint32_t time_us = training::telling_moment(spans[i]);
            const std::string name = desk.words("score.moment_of", fmt::arg("time", training::clock_moment(time_us)),
                                                fmt::arg("zone", zone_at(desk.words, time_us)));
            ImGui::PushID(static_cast<int>(i));
            if (chip(style, name, size, moment_ == i)) show_moment(desk, i);
            ImGui::PopID();
            column ? ImGui::Dummy({0, style.px(4)}) : ImGui::SameLine(0, gap);
        }
        if (column) ImGui::SetCursorPosX(ImGui::GetCursorPosX() + left);
        if (chip(style, desk.words("score.replay_moment"), size, false)) wish_ = Wish::review;
        ImGui::Dummy({0, style.px(6)});
    }

    /// What the hand did at the moment shown, over the face.
    void draw_moment(Desk& desk) {
        if (!moment_) return;
        const Style& style = desk.style;
        const Words& words = desk.words;
        const uint32_t time_us = moment_us();
        const std::string time = training::clock_moment(time_us);
        const shared::ContactRecord* contact = training::contact_at(session_->recording.contacts, time_us);
        const input::PenSample* sample = training::sample_at(session_->recording.samples, time_us);
        std::string told = words("score.moment_off", fmt::arg("time", time));
        if (contact && sample && (contact->flags & shared::kContactTouching))
            told = words("score.moment", fmt::arg("time", time), fmt::arg("force", training::fixed_decimal(contact->force_mn, 2)),
                         fmt::arg("tilt", training::fixed_decimal(contact->tilt_cdeg * 10, 1)),
                         fmt::arg("speed", training::fixed_decimal(contact->speed_um_s / 10, 1)),
                         fmt::arg("depth", training::decimal(sample->depth_um)), fmt::arg("zone", zone_at(words, time_us)));
        if (in_column(style)) {
            text(style.strong, colour::kText, told, ImGui::GetContentRegionAvail().x);
            return text(style.body, colour::kSoft, words("score.moment_keys"), ImGui::GetContentRegionAvail().x);
        }
        const float margin = style.px(kMargin), left = style.px(kPanel + 2 * kMargin);
        const float width = desk.width() - left - margin, inner = width - 2 * ImGui::GetStyle().WindowPadding.x;
        const float height = text_size(style.strong, told, inner).y + style.body->FontSize + style.px(44);
        begin_panel("##moment", {left, margin}, {width, height}, style);
        text(style.strong, colour::kText, told, inner);
        text(style.body, colour::kSoft, words("score.moment_keys"), inner);
        end_panel(style);
    }

    // --- the panel ---

    /// All that panels hold, below each other; the picture beside it.
    void draw_column(Desk& desk) {
        const Style& style = desk.style;
        begin_side_column(desk, "##score_column");
        if (!std::exchange(column_seen_, true)) bring_into_view_ = false;  // the total comes first
        list_total(desk);
        draw_moment(desk);
        visit_.draw_decision(style, desk.words);
        draw_foot(desk);
        draw_overlays(desk);
        for (size_t i = 0; i < session_->score.criteria.size(); ++i) list_criterion(desk, static_cast<int>(i));
        list_zone_table(desk);
        visit_.draw_remarks(style, desk.words);
        end_column(desk);
    }

    void list_total(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const training::Score& score = session_->score;
        const float width = ImGui::GetContentRegionAvail().x, mark = style.px(20);
        text(style.display, colour::kText, fmt::format("{:.1f}", score.total * 0.01));
        ImGui::SameLine(0, style.px(8));
        text(style.body, colour::kSoft, words("score.of_100"), std::max(style.px(60), ImGui::GetContentRegionAvail().x));
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const Mark passed = score.pass ? Mark::target : Mark::beyond;
        draw_mark(*ImGui::GetWindowDrawList(), {at.x + mark * 0.5f, at.y + style.title->FontSize * 0.5f}, mark, passed);
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + mark + style.px(8));
        text(style.title, mark_colour(passed), words(score.pass ? "score.pass" : "score.fail"), width - mark - style.px(8));
        text(style.body, colour::kSoft, why(words), width);
    }

    /// Name, value and points, band; the chosen one with all that is known of it.
    void list_criterion(Desk& desk, int index) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const training::CriterionScore& row = session_->score.criteria[static_cast<size_t>(index)];
        const float width = ImGui::GetContentRegionAvail().x, indent = style.px(26), inner = width - indent - style.px(6), pad = style.px(6);
        const std::string value = value_text(words, row.criterion, row.value);
        const std::string points = row.points ? fmt::format("{} / {}", number(*row.points), number(row.max)) : words("score.not_assessed");
        const std::string under = decided_beside_value(words, row);
        const float line = style.body->FontSize, name_height = text_size(style.body, row.criterion.name, inner + 1).y;
        const bool beside = text_size(style.body, value).x + text_size(style.body, points).x + style.px(8) <= inner;
        const float figures = beside ? line : 2 * line, under_height = under.empty() ? 0 : text_size(style.body, under, inner + 1).y;
        const float height = name_height + figures + style.px(row.value ? 18 : 0) + under_height + 2 * pad;
        const ImVec2 at = ImGui::GetCursorScreenPos(), end{at.x + width, at.y + height};
        ImGui::PushID(index);
        if (ImGui::InvisibleButton("##row", {width, height}) && index != chosen_) {
            show_whole(desk);
            choose(index);
        }
        const bool hovered = ImGui::IsItemHovered(), on = chosen_ == index;
        if (on && std::exchange(bring_into_view_, false)) scroll_here(style);
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        if (hovered || on) draw.AddRectFilled(at, end, IM_COL32(255, 255, 255, on ? 30 : 16), style.px(8));
        if (on) draw.AddRectFilled(at, {at.x + style.px(3), end.y}, colour::kBlue, style.px(1.5));
        const Mark mark = verdict_mark(row.verdict);
        const float x = at.x + indent;
        float y = at.y + pad;
        draw_mark(draw, {at.x + style.px(14), y + line * 0.5f}, style.px(14), mark);
        draw_text(draw, style.body, {x, y}, colour::kText, row.criterion.name, inner + 1);
        y += name_height;
        draw.AddText(style.body, line, {x, y}, row.value ? colour::kText : colour::kFaint, value.c_str());
        draw.AddText(style.body, line, {x + inner - text_size(style.body, points).x, y + figures - line}, row.points ? colour::kText : colour::kFaint, points.c_str());
        y += figures;
        if (row.value) {
            draw_band(draw, {x, y + style.px(2)}, {x + inner, y + style.px(14)}, criterion_scale(row.criterion), {static_cast<double>(*row.value) * 1e-3}, style);
            y += style.px(18);
        }
        if (!under.empty()) draw_text(draw, style.body, {x, y}, mark_colour(mark), under, inner + 1);
        if (on) {
            list_known(desk, row, width);
            draw_parts(desk, row);
            draw_moments(desk, index);
        }
        ImGui::PopID();
    }

    /// What a tooltip tells beside panels.
    void list_known(Desk& desk, const training::CriterionScore& row, float width) const {
        const Style& style = desk.style;
        const Words& words = desk.words;
        text(style.body, colour::kSoft, measured(words, row), width);
        if (!row.note.empty()) text(style.body, colour::kText, capitalised(row.note), width);
        text(style.body, colour::kSoft, basis_of(words, row), width);
        text(style.body, colour::kFaint, source_words(words, row.criterion.source), width);
        text(style.body, colour::kFaint,
             row.evidence.cells.empty() ? words("score.no_places") : words("score.places", fmt::arg("count", row.evidence.cells.size())), width);
    }

    /// Of an own rubric's measure there may be no words in the language spoken.
    static std::string measured(const Words& words, const training::CriterionScore& row) {
        const std::string& measure = row.criterion.measure;
        return words.has("measure." + measure) ? words.name("measure", measure) : training::measure_definition(measure);
    }

    static std::string basis_of(const Words& words, const training::CriterionScore& row) {
        const std::string tag = row.criterion.basis.substr(0, row.criterion.basis.find_first_of(" ,;-"));
        return words("score.basis", fmt::arg("tag", row.criterion.basis), fmt::arg("meaning", words.name("basis", tag)));
    }

    /// The table keeps its width and scrolls sideways.
    void list_zone_table(Desk& desk) {
        const Style& style = desk.style;
        const float rows = static_cast<float>(session_->score.zones.size() + 3) * (style.body->FontSize + style.px(12));
        ImGui::BeginChild("##zones", {ImGui::GetContentRegionAvail().x, std::min(rows + style.px(24), desk.height() * 0.8f)}, false,
                          ImGuiWindowFlags_HorizontalScrollbar);
        const float turned = static_cast<float>(desk.window.turned_beyond().x);
        if (turned != 0) ImGui::SetScrollX(std::clamp(ImGui::GetScrollX() + turned * desk.column_width(), 0.0f, ImGui::GetScrollMaxX()));
        draw_zone_table(desk);
        ImGui::EndChild();
    }

    void draw_panel(Desk& desk) {
        const Style& style = desk.style;
        const float margin = style.px(kMargin);
        begin_panel("##score", {margin, margin}, {style.px(kPanel), desk.height() - 2 * margin}, style);
        draw_total(desk);
        visit_.draw_decision(style, desk.words);
        draw_column_heads(desk);
        const float foot = foot_height(desk);
        ImGui::PushStyleColor(ImGuiCol_ScrollbarBg, colour::kTrack);
        ImGui::PushStyleColor(ImGuiCol_ScrollbarGrab, colour::kSoft);
        ImGui::BeginChild("##rows", {0, -foot}, false);
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
        for (size_t i = 0; i < session_->score.criteria.size(); ++i)
            draw_criterion(desk, static_cast<int>(i));
        ImGui::PopStyleVar();
        draw_zone_table(desk);
        visit_.draw_remarks(style, desk.words);
        draw_more_below(style);
        ImGui::EndChild();
        ImGui::PopStyleColor(2);
        draw_foot(desk);
        end_panel(style);
    }

    /// The list fades out at its lower edge while there is more of it below.
    static void draw_more_below(const Style& style) {
        if (ImGui::GetScrollY() >= ImGui::GetScrollMaxY() - 1) return;
        const ImVec2 at = ImGui::GetWindowPos();
        const ImVec2 size = ImGui::GetWindowSize();
        const ImVec2 end{at.x + size.x - ImGui::GetStyle().ScrollbarSize, at.y + size.y};
        const ImU32 clear = colour::kPanel & ~IM_COL32_A_MASK, full = colour::kPanel | IM_COL32_A_MASK;
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        draw.AddRectFilledMultiColor({at.x, end.y - style.px(30)}, end, clear, clear, full, full);
        const ImVec2 c{(at.x + end.x) * 0.5f, end.y - style.px(7)};
        const ImVec2 arrow[] = {
            {c.x - style.px(9), c.y - style.px(5)}, c, {c.x + style.px(9), c.y - style.px(5)}};
        draw.AddPolyline(arrow, 3, colour::kText, 0, style.px(2));
    }

    void draw_column_heads(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const float line = style.body->FontSize;
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const auto head = [&](const std::string& name, float x) {
            draw.AddText(style.body, line, {at.x + style.px(x), at.y}, colour::kSoft, name.c_str());
        };
        const auto head_ending = [&](const std::string& name, float end) {
            head(name, end - text_size(style.body, name).x / style.unit);
        };
        head(words("score.head_criterion"), kNameAt);
        head_ending(words("score.head_value"), kValueEnd);
        head(words("score.head_band"), kBandFrom);
        head_ending(words("score.head_points"), kPointsEnd);
        head(words("score.head_basis"), kBasisAt);
        ImGui::Dummy({style.px(kBasisAt), line});
        ImGui::SameLine(0, 0);
        ImGui::Dummy({ImGui::GetContentRegionAvail().x, line});
        if (ImGui::IsItemHovered()) draw_basis_tooltip(desk);
    }

    static void draw_basis_tooltip(Desk& desk) {
        const Style& style = desk.style;
        const float wrap = style.px(380);
        ImGui::BeginTooltip();
        text(style.body, colour::kText, desk.words("score.basis_what"), wrap);
        for (const char* tag : {"F1", "F2", "K", "D", "A"})
            text(style.body, colour::kSoft, training::with_colon(desk.words, tag, desk.words.name("basis", tag)), wrap);
        ImGui::EndTooltip();
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
        draw_text(draw, style.body, {x, at.y + style.title->FontSize + style.px(8)}, colour::kSoft, under, width - style.px(220));
        const float under_height = text_size(style.body, under, width - style.px(220)).y;
        const float used = std::max(high, style.title->FontSize + style.px(8) + under_height);
        ImGui::Dummy({width, used + style.px(4)});
    }

    /// A reason with zones called by their names instead of their ids.
    std::string reason_text(const Words& words, const training::CriterionScore& row) const {
        std::string reason = training::as_read(words, row.reason);
        for (const face::Zone& zone : session_->stage->face->zones) {
            const size_t at = reason.find(zone.id);
            const size_t end = at + zone.id.size();
            const bool whole = at != std::string::npos && (end == reason.size() || reason[end] == ' ');
            if (whole) reason.replace(at, zone.id.size(), words.name("zone", zone.id));
        }
        return capitalised(reason);
    }

    static std::string floor_words(const Words& words, const training::CriterionScore& row) {
        return words("score.below_floor", fmt::arg("name", row.criterion.name),
                     fmt::arg("points", number_text(*training::floor_points(row.criterion) * 0.01)));
    }

    /// What decided: the worst broken critical rule, else the pass mark.
    std::string why(const Words& words) const {
        if (const int worst = worst_criterion(session_->score); worst >= 0) {
            const training::CriterionScore& row = session_->score.criteria[static_cast<size_t>(worst)];
            if (row.verdict == training::Verdict::critical)
                return words("score.critical", fmt::arg("name", row.criterion.name),
                             fmt::arg("reason", reason_text(words, row)));
        }
        for (const training::CriterionScore& row : session_->score.criteria)
            if (row.below_floor) return floor_words(words, row);
        const std::string mark = number_text(session_->rubric.pass_mark * 0.01);
        return words("score.pass_mark", fmt::arg("mark", mark), fmt::arg("rubric", session_->rubric.name));
    }

    void draw_criterion(Desk& desk, int index) {
        const Style& style = desk.style;
        const training::CriterionScore& row = session_->score.criteria[static_cast<size_t>(index)];
        const float width = ImGui::GetContentRegionAvail().x - style.px(4);
        const std::string under = decided_beside_value(desk.words, row);
        const float under_width = width - style.px(kNameAt + 6);
        const float first = style.px(kRow);
        const float height =
            first + (under.empty() ? 0 : text_size(style.body, under, under_width).y + style.px(5));
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::PushID(index);
        const bool clicked = ImGui::InvisibleButton("##row", {width, height});
        const bool hovered = ImGui::IsItemHovered();
        ImGui::PopID();
        if (clicked && index != chosen_) {
            show_whole(desk);
            choose(index);
        }
        if (chosen_ == index && bring_into_view_) {
            if (!ImGui::IsItemVisible() ||
                ImGui::GetItemRectMax().y > ImGui::GetWindowPos().y + ImGui::GetWindowHeight())
                scroll_here(style);
            bring_into_view_ = false;
        }
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const ImVec2 end{at.x + width, at.y + height};
        if (hovered || chosen_ == index)
            draw.AddRectFilled(at, end, IM_COL32(255, 255, 255, chosen_ == index ? 30 : 16), style.px(8));
        if (chosen_ == index)
            draw.AddRectFilled(at, {at.x + style.px(3), end.y}, colour::kBlue, style.px(1.5));

        const float line = style.body->FontSize;
        const float middle = at.y + first * 0.5f;
        const float y = middle - line * 0.5f;
        const Mark mark = verdict_mark(row.verdict);
        draw_mark(draw, {at.x + style.px(20), middle}, style.px(15), mark);
        draw.AddText(style.body, line, {at.x + style.px(kNameAt), y}, colour::kText,
                     fit(style.body, row.criterion.name, style.px(226)).c_str());
        draw_value(desk, draw, row, {at.x + style.px(kValueEnd), y});
        if (row.value)
            draw_band(draw, {at.x + style.px(kBandFrom), middle - style.px(6)},
                      {at.x + style.px(kBandEnd), middle + style.px(6)}, criterion_scale(row.criterion),
                      {static_cast<double>(*row.value) * 1e-3}, style);
        const std::string points = row.points ? fmt::format("{} / {}", number(*row.points), number(row.max))
                                              : desk.words("score.not_assessed");
        draw.AddText(style.body, line, {at.x + style.px(kPointsEnd) - text_size(style.body, points).x, y},
                     row.points ? colour::kText : colour::kFaint, points.c_str());
        draw.AddText(style.body, line, {at.x + style.px(kBasisAt), y}, colour::kSoft,
                     fit(style.body, row.criterion.basis, style.px(36)).c_str());
        if (!under.empty())
            draw_text(draw, style.body, {at.x + style.px(kNameAt), at.y + first - style.px(2)}, mark_colour(mark), under, under_width);
        if (chosen_ == index) {
            draw_parts(desk, row);
            draw_moments(desk, index);
        }
        if (hovered) draw_tooltip(desk, row, at, ImGui::GetCursorScreenPos().y);
    }

    /// What the rubric's overrides came to: whose bands judged the line, and each part of the skin with bands of its own.
    void draw_parts(Desk& desk, const training::CriterionScore& row) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const float width = ImGui::GetContentRegionAvail().x - style.px(kNameAt + 10);
        const auto line = [&](ImU32 shade, const std::string& told) {
            ImGui::SetCursorPosX(ImGui::GetCursorPosX() + style.px(kNameAt));
            text(style.body, shade, told, width);
        };
        if (!row.criterion.bands_for.empty())
            line(colour::kSoft, words("score.bands_for", fmt::arg("device", row.criterion.bands_for)));
        for (const training::PartScore& part : row.parts)
            line(mark_colour(verdict_mark(part.verdict)),
                 words("score.part", fmt::arg("zone", part.zone.empty() ? words("score.part_rest") : words.name("zone", part.zone)),
                       fmt::arg("value", value_text(words, row.criterion, part.value)),
                       fmt::arg("points", part.points ? number(*part.points) : words("value.none")),
                       fmt::arg("max", number(row.max)),
                       fmt::arg("verdict", words.name("verdict", training::verdict_name(part.verdict)))));
        if (!row.parts.empty()) ImGui::Dummy({0, style.px(4)});
    }

    /// The verdict's own line where the value against its band does not tell it: what broke the rule.
    std::string decided_beside_value(const Words& words, const training::CriterionScore& row) const {
        if (row.reason.empty()) return row.below_floor ? floor_words(words, row) : std::string();
        return training::with_colon(words, words.name("verdict", training::verdict_name(row.verdict)), reason_text(words, row));
    }

    /// Cut, not rounded: what is short of full does not look full.
    static std::string number(int32_t hundredths) {
        return hundredths % 100 == 0 ? fmt::format("{}", hundredths / 100)
                                     : fmt::format("{}.{}", hundredths / 100, hundredths / 10 % 10);
    }

    static std::string value_text(const Words& words, const training::Criterion& criterion, std::optional<int64_t> value) {
        if (!value) return words("value.none");
        const std::string unit = words.name("unit", criterion.unit);
        const char* gap = unit.empty() || unit == words("unit.deg") ? "" : " ";
        return number_text(static_cast<double>(*value) * 1e-3) + gap + unit;
    }

    /// Right-aligned at `right`.
    void draw_value(Desk& desk, ImDrawList& draw, const training::CriterionScore& row, ImVec2 right) {
        const Style& style = desk.style;
        const std::string shown = value_text(desk.words, row.criterion, row.value);
        draw.AddText(style.body, style.body->FontSize, {right.x - text_size(style.body, shown).x, right.y},
                     row.value ? colour::kText : colour::kFaint, shown.c_str());
    }

    /// Under the row and its moments, or above it where more room is: what can be clicked stays in sight.
    void draw_tooltip(Desk& desk, const training::CriterionScore& row, ImVec2 at, float bottom) {
        const Style& style = desk.style;
        const bool below = bottom + at.y < desk.height();
        ImGui::SetNextWindowPos({at.x + style.px(kNameAt), below ? bottom : at.y}, ImGuiCond_Always, {0, below ? 0.0f : 1.0f});
        const Words& words = desk.words;
        const float wrap = style.px(380);
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {style.px(10), style.px(7)});
        ImGui::BeginTooltip();
        text(style.strong, colour::kText, row.criterion.name, wrap);
        text(style.body, colour::kSoft, measured(words, row), wrap);
        text(style.body, mark_colour(verdict_mark(row.verdict)),
             words.name("verdict", training::verdict_name(row.verdict)), wrap);
        if (!row.reason.empty()) text(style.body, colour::kText, reason_text(words, row), wrap);
        if (!row.note.empty()) text(style.body, colour::kText, capitalised(row.note), wrap);
        text(style.body, colour::kSoft, basis_of(words, row), wrap);
        text(style.body, colour::kFaint, source_words(words, row.criterion.source), wrap);
        text(style.body, colour::kFaint,
             row.evidence.cells.empty() ? words("score.no_places")
                                        : words("score.places", fmt::arg("count", row.evidence.cells.size())),
             wrap);
        if (is_fault(row) && !row.evidence.spans.empty()) text(style.body, colour::kFaint, words("score.moment_hint"), wrap);
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
            const RowWords shown = row_words(style.body, name, style.px(230));
            draw_row_words(draw, style.body, {at.x + style.px(10), at.y}, shade, shown);
            for (size_t i = 0; i < values.size(); ++i)
                draw.AddText(style.body, line,
                             {at.x + style.px(columns[i]) - text_size(style.body, values[i]).x, at.y}, shade,
                             values[i].c_str());
            ImGui::Dummy({style.px(630), shown.height + style.px(4)});
        };
        cells(words("score.zone"),
              {words("figure.density"), words("figure.coverage"), words("figure.evenness"),
               words("figure.depth")},
              colour::kFaint);
        std::vector<const training::ZoneScore*> treated;
        std::string untreated;
        for (const training::ZoneScore& zone : session_->score.zones) {
            if (zone.stats.punctures > 0)
                treated.push_back(&zone);
            else if (zone.prescribed)
                training::add_to_list(words, untreated, words.name("zone", zone.id));
        }
        std::stable_sort(treated.begin(), treated.end(), [](const auto* a, const auto* b) {
            return a->stats.punctures > b->stats.punctures;
        });
        for (const training::ZoneScore* zone : treated) {
            const shared::ZoneStats& s = zone->stats;
            cells(words.name("zone", zone->id),
                  {words("value.density", fmt::arg("value", s.density_per_cm2)),
                   words("value.percent", fmt::arg("value", (s.coverage_e4 + 50) / 100)),
                   words("value.cv", fmt::arg("value", fmt::format("{:.2f}", s.density_cv_e4 * 1e-4))),
                   words("value.mm", fmt::arg("value", fmt::format("{:.2f}", s.depth_mean_um * 1e-3)))},
                  colour::kText);
        }
        if (untreated.empty()) return;
        ImGui::SetCursorPosX(ImGui::GetCursorPosX() + style.px(10));
        text(style.body, colour::kSoft, words("score.untreated", fmt::arg("zones", untreated)),
             style.px(620));
    }

    static constexpr float kButtonHeight = 42, kTickWidth = 26;

    /// What the foot says above its buttons.
    std::string foot_line(const Words& words) const {
        if (!report_line_.empty()) return report_line_;
        if (session_->save) return words("score.not_whole");
        return session_->file.empty() ? words("score.not_kept")
                                      : words("score.kept", fmt::arg("file", session_->file.filename().string()));
    }
    /// In several lines once the report is written, which is to be found; else cut to one line.
    float foot_height(Desk& desk) const {
        const Style& style = desk.style;
        const float width = ImGui::GetContentRegionAvail().x;
        const float lines = written_ ? text_size(style.strong, report_line_, width - style.px(kTickWidth)).y
                                     : style.body->FontSize;
        return lines + style.px(kButtonHeight) + 3 * ImGui::GetStyle().ItemSpacing.y + style.px(2);
    }

    void draw_foot(Desk& desk) {
        const Style& style = desk.style;
        const Words& words = desk.words;
        const float width = ImGui::GetContentRegionAvail().x;
        ImGui::Dummy({0, style.px(2)});
        if (in_column(style) && !written_) {
            text(style.body, colour::kSoft, foot_line(words), width);
        } else if (written_) {
            const ImVec2 at = ImGui::GetCursorScreenPos();
            draw_mark(*ImGui::GetWindowDrawList(), {at.x + style.px(9), at.y + style.strong->FontSize * 0.5f},
                      style.px(15), Mark::target);
            ImGui::SetCursorPosX(ImGui::GetCursorPosX() + style.px(kTickWidth));
            text(style.strong, colour::kText, report_line_, width - style.px(kTickWidth));
        } else {
            text(style.body, colour::kSoft, fit(style.body, foot_line(words), width));
            if (!session_->file.empty() && ImGui::IsItemHovered()) ImGui::SetTooltip("%s", session_->file.c_str());
        }
        const float gap = style.px(8);
        const std::string names[] = {words(session_->save ? "score.save" : "score.report"), words("score.replay"), words("score.healing"), words("score.again"), words("score.back")};
        const ButtonRows rows = button_rows(style, names, width, gap);
        const ImVec2 size{rows.width, style.px(kButtonHeight)};
        const auto next = [&](int number) {
            if (number % rows.columns != 0) ImGui::SameLine(0, gap);
        };
        if (button(style, names[0], size, !written_, session_->save || (!writer_ && !session_->file.empty())))
            session_->save ? save(desk) : begin_report(desk);
        next(1);
        if (button(style, names[1], size)) wish_ = Wish::review;
        next(2);
        if (button(style, names[2], size)) wish_ = Wish::healing;
        next(3);
        if (button(style, names[3], size)) wish_ = Wish::again;
        next(4);
        if (button(style, names[4], size)) wish_ = Wish::back;
    }

    /// What could not be written when the session ended.
    void save(Desk& desk) {
        const base::Result<base::fs::path> file = session_->save();
        if (!file) {
            spdlog::debug("save refused");
            return desk.refuse(file.error());
        }
        desk.problem.clear();
        show_whole(desk);  // the next screen takes over what is drawn
        auto whole = std::make_shared<ScoredSession>(*session_);
        whole->file = *file;
        whole->save = {};
        saved_ = std::move(whole);
        spdlog::info("saved {}", file->string());
    }

    void begin_report(Desk& desk) {
        base::fs::path html = session_->file;
        written_ = false;
        show_whole(desk);  // its pictures are of that
        writer_ = std::make_unique<ReportWriter>(session_, html.replace_extension(".html"), desk.options.places, desk.words("language.id"));
    }

    void write_on(Desk& desk) {
        if (!writer_) return;
        if (!writer_->work(*desk.renderer)) {
            report_line_ =
                desk.words("score.writing", fmt::arg("percent", static_cast<int>(writer_->share() * 100)));
            return;
        }
        if (const auto& problem = writer_->problem()) {
            desk.refuse(*problem);
            report_line_.clear();
        } else {
            report_line_ = desk.words("score.written", fmt::arg("file", writer_->html().filename().string())) + "\n" + writer_->html().string();
            written_ = true;
            spdlog::info("report {}", writer_->html().string());
        }
        writer_.reset();
    }

    /// Overlays and their legend, at the lower right beside the face.
    void draw_overlays(Desk& desk) {
        const Style& style = desk.style;
        const bool legend = scene_.overlay != render::Overlay::none;
        const float width = style.px(470),
                    inner = in_column(style) ? ImGui::GetContentRegionAvail().x : width - 2 * ImGui::GetStyle().WindowPadding.x;
        const ImVec2 size{width, style.px(62) + (legend ? legend_height(style, desk.words, inner) + style.px(8) : 0)};
        const float margin = style.px(kMargin);
        begin_panel("##overlays", {desk.width() - size.x - margin, desk.height() - size.y - margin}, size,
                    style);
        if (const auto clicked = overlay_chips(style, desk.words, scene_.overlay, 5, style.px(32))) choose_overlay(*clicked);
        if (legend)
            draw_legend(*ImGui::GetWindowDrawList(), ImGui::GetCursorScreenPos(), inner, scene_, worst_zone(), desk.words, style);
        if (legend && in_column(style)) ImGui::Dummy({inner, legend_height(style, desk.words, inner)});
        end_panel(style);
    }

    /// The zone whose band the legend shows: that of the cells pointed at, else the first prescribed.
    uint8_t worst_zone() const {
        const face::FaceAsset& face = *session_->stage->face;
        if (!scene_.highlighted_cells.empty() && scene_.highlighted_cells.front() < face.cells.size())
            return face.cells.zone[scene_.highlighted_cells.front()];
        const auto first = std::ranges::find(scene_.prescribed, 1);
        return first == scene_.prescribed.end() ? uint8_t{0} : static_cast<uint8_t>(first - scene_.prescribed.begin());
    }

    /// From the line that is chosen, at its moment; else from the beginning.
    std::unique_ptr<Screen> review(Desk& desk) {
        writer_.reset();
        ReviewStart start;
        if (chosen_ >= 0 && !moments(chosen_).empty()) {
            start.criterion = static_cast<size_t>(chosen_);
            start.time_us = training::telling_moment(moments(chosen_)[moment_.value_or(0)]);
        }
        return open_review(desk, session_, start);
    }

    std::unique_ptr<Screen> leave(Desk& desk) {
        if (saved_) return score_screen(desk, saved_, true);
        if (wish_ == Wish::none) return nullptr;
        if (wish_ == Wish::review) return review(desk);
        show_whole(desk);
        writer_.reset();
        desk.problem.clear();
        if (wish_ == Wish::healing) return open_healing(desk, session_);
        if (auto lesson = back_to_lesson(desk, session_, wish_ == Wish::again)) return lesson;
        const training::Case& practice = session_->stage->practice;
        if (wish_ == Wish::again) return practice_case(desk, practice.id, practice.name);
        return start_screen(desk);
    }

    std::shared_ptr<const ScoredSession> session_;
    std::shared_ptr<const ScoredSession> saved_;  ///< the same, once its end is written too
    VisitOutcome visit_;
    CameraHand hand_;
    render::SceneView scene_;
    Stillness stillness_;
    std::unique_ptr<ReportWriter> writer_;
    std::string report_line_;
    bool written_ = false;  ///< the report line tells of a report that is there
    int chosen_ = -1;
    std::optional<size_t> moment_;  ///< which of the chosen line's is shown; nothing = the session as it ended
    bool bring_into_view_ = false, column_seen_ = false;
    Wish wish_ = Wish::none;
};

}  // namespace

std::unique_ptr<Screen> score_screen(Desk& desk, std::shared_ptr<const ScoredSession> session,
                                     bool on_stage) {
    return std::make_unique<ScoreScreen>(desk, std::move(session), on_stage);
}

}  // namespace app
