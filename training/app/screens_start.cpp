// The first thing a trainee sees: what can be practised and what was practised lately.

#include "engine/base/log.h"
#include "training/app/screens.h"
#include "training/app/session_files.h"

#include <algorithm>

namespace app {

namespace {

constexpr size_t kRecent = 12;

/// A face as an oval with its features' lines, a pad as a sheet: enough to tell the cases apart at a glance.
void draw_emblem(ImDrawList& draw, ImVec2 c, float size, bool pad, ImU32 shade, float line) {
    const float r = size * 0.5f;
    if (pad) {
        draw.AddRect({c.x - r * 0.8f, c.y - r * 0.55f}, {c.x + r * 0.8f, c.y + r * 0.55f}, shade, r * 0.18f,
                     0, line);
        for (int i = -1; i <= 1; ++i)
            draw.AddLine({c.x - r * 0.5f, c.y + static_cast<float>(i) * r * 0.25f},
                         {c.x + r * 0.5f, c.y + static_cast<float>(i) * r * 0.25f}, shade, line * 0.6f);
        return;
    }
    draw.PathLineTo({c.x - r * 0.62f, c.y - r * 0.25f});
    draw.PathBezierCubicCurveTo({c.x - r * 0.66f, c.y - r * 1.15f}, {c.x + r * 0.66f, c.y - r * 1.15f},
                                {c.x + r * 0.62f, c.y - r * 0.25f});
    draw.PathBezierCubicCurveTo({c.x + r * 0.62f, c.y + r * 0.55f}, {c.x + r * 0.25f, c.y + r * 0.95f},
                                {c.x, c.y + r * 0.95f});
    draw.PathBezierCubicCurveTo({c.x - r * 0.25f, c.y + r * 0.95f}, {c.x - r * 0.62f, c.y + r * 0.55f},
                                {c.x - r * 0.62f, c.y - r * 0.25f});
    draw.PathStroke(shade, 0, line);
    for (const float side : {-1.0f, 1.0f})
        draw.AddBezierQuadratic({c.x + side * r * 0.4f, c.y - r * 0.12f},
                                {c.x + side * r * 0.27f, c.y - r * 0.02f},
                                {c.x + side * r * 0.14f, c.y - r * 0.12f}, shade, line * 0.7f);
    draw.AddBezierQuadratic({c.x - r * 0.2f, c.y + r * 0.5f}, {c.x, c.y + r * 0.58f},
                            {c.x + r * 0.2f, c.y + r * 0.5f}, shade, line * 0.7f);
    draw.AddLine({c.x, c.y}, {c.x - r * 0.06f, c.y + r * 0.26f}, shade, line * 0.7f);
}

class StartScreen : public Screen {
  public:
    explicit StartScreen(Desk& desk) : recent_(recent_sessions(desk.sessions, kRecent)) {
        auto cases = training::list_cases(desk.options.places);
        if (cases)
            cases_ = std::move(*cases);
        else
            desk.problem = cases.error().message;
        for (const training::Case& one : cases_) load_portrait(desk, one.id);
        // Patients first: they are what most come for.
        std::stable_partition(cases_.begin(), cases_.end(), [](const auto& one) { return !is_pad(one); });
        spdlog::info("screen start");
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        read_keys(desk);
        const Style& style = desk.style;
        const float margin = style.px(48);
        const float inner = std::min(desk.width() - 2 * margin, style.px(1240));
        const float left = (desk.width() - inner) * 0.5f;
        // On a tall window the block stands in the middle instead of being stretched.
        const float block = std::min(desk.height(), style.px(860));
        const float head = (desk.height() - block) * 0.4f;
        const float top = draw_heading(desk, left, head + style.px(40));
        const float foot = head + block - style.px(56);
        const float recent_width = style.px(340);
        draw_cases(desk, {left, top}, {inner - recent_width - style.px(24), foot - top});
        draw_recent(desk, {left + inner - recent_width, top}, {recent_width, foot - top});
        ImDrawList& back = *ImGui::GetBackgroundDrawList();
        back.AddText(style.body, style.body->FontSize, {left, foot + style.px(18)}, colour::kFaint,
                     desk.words("start.not_a_certificate").c_str());
        return leave(desk);
    }

  private:
    static bool is_pad(const training::Case& one) { return one.face.rfind("pad", 0) == 0; }

    void read_keys(Desk& desk) {
        const int step = desk.pressed(keys::kDown, true) || desk.pressed(keys::kRight, true) ? 1
                         : desk.pressed(keys::kUp, true) || desk.pressed(keys::kLeft, true)  ? -1
                                                                                             : 0;
        const int count = static_cast<int>(cases_.size() + recent_.size());
        if (step != 0 && count > 0) {
            chosen_ = std::clamp(chosen_ + step, 0, count - 1);
            by_keyboard_ = true;
        }
        const bool enter = desk.pressed(keys::kEnter) || desk.pressed(keys::kPadEnter);
        if (enter && chosen_ < count) opened_ = chosen_;
    }

    std::unique_ptr<Screen> leave(Desk& desk) {
        if (opened_ < 0) return nullptr;
        const auto chosen = static_cast<size_t>(opened_);
        desk.problem.clear();
        if (chosen < cases_.size()) return practice_case(desk, cases_[chosen].id, cases_[chosen].name);
        return open_session(desk, recent_[chosen - cases_.size()].path);
    }

    float draw_heading(Desk& desk, float left, float y) {
        const Style& style = desk.style;
        ImDrawList& back = *ImGui::GetBackgroundDrawList();
        back.AddText(style.title, style.title->FontSize, {left, y}, colour::kText,
                     desk.words("start.title").c_str());
        y += style.title->FontSize + style.px(6);
        back.AddText(style.body, style.body->FontSize, {left, y}, colour::kSoft,
                     desk.words("start.subtitle").c_str());
        return y + style.body->FontSize + style.px(26);
    }

    void draw_cases(Desk& desk, ImVec2 at, ImVec2 size) {
        const Style& style = desk.style;
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        begin_panel("##cases", at, size, style, IM_COL32(0, 0, 0, 0));
        ImGui::PopStyleVar();
        ImGui::BeginChild("##list", size, false);
        for (size_t i = 0; i < cases_.size(); ++i) draw_case(desk, i, size.x - style.px(14));
        ImGui::EndChild();
        end_panel();
    }

    void draw_case(Desk& desk, size_t index, float width) {
        const training::Case& one = cases_[index];
        const Style& style = desk.style;
        const float pad = style.px(18);
        const float emblem = style.px(84);
        const ImVec2 go{style.px(132), style.px(44)};
        const float wrap = width - 3 * pad - emblem - go.x - pad;
        const float brief = text_size(style.body, one.brief, wrap).y;
        const float height = std::max(style.px(112), style.strong->FontSize + style.px(6) + brief + 2 * pad);

        ImGui::PushID(static_cast<int>(index));
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const ImVec2 end{at.x + width, at.y + height};
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const bool hovered = ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(at, end);
        const bool marked = hovered || (by_keyboard_ && chosen_ == static_cast<int>(index));
        draw.AddRectFilled(at, end, marked ? IM_COL32(43, 49, 57, 255) : colour::kCard, style.px(10));
        if (by_keyboard_ && chosen_ == static_cast<int>(index)) {
            draw.AddRect(at, end, colour::kBlue, style.px(10), 0, style.px(2));
            ImGui::SetScrollHereY();
        }
        const ImVec2 middle{at.x + pad + emblem * 0.5f, at.y + height * 0.5f};
        if (const auto portrait = desk.portraits.find(one.id); portrait != desk.portraits.end()) {
            const float half = emblem * 0.5f;
            draw.AddImageRounded(portrait->second, {middle.x - half, middle.y - half},
                                 {middle.x + half, middle.y + half}, {0, 0}, {1, 1}, IM_COL32_WHITE,
                                 style.px(10));
        } else {
            draw_emblem(draw, middle, style.px(60), is_pad(one), colour::kSoft, style.px(2));
        }
        const float x = at.x + 2 * pad + emblem;
        const float text_height = style.strong->FontSize + style.px(6) + brief;
        const float y = at.y + (height - text_height) * 0.5f;
        draw.AddText(style.strong, style.strong->FontSize, {x, y}, colour::kText,
                     fit(style.strong, one.name, wrap).c_str());
        draw.AddText(style.body, style.body->FontSize, {x, y + style.strong->FontSize + style.px(6)},
                     colour::kSoft, one.brief.c_str(), nullptr, wrap);
        ImGui::SetCursorScreenPos({end.x - pad - go.x, at.y + (height - go.y) * 0.5f});
        if (button(style, desk.words("start.practise"), go, hovered || chosen_ == static_cast<int>(index)))
            opened_ = static_cast<int>(index);
        // The whole card answers, not only its button.
        if (hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Left)) opened_ = static_cast<int>(index);
        ImGui::SetCursorScreenPos({at.x, end.y + style.px(12)});
        ImGui::Dummy({width, 1});
        ImGui::SetCursorScreenPos({at.x, end.y + style.px(12)});
        ImGui::PopID();
    }

    void draw_recent(Desk& desk, ImVec2 at, ImVec2 size) {
        const Style& style = desk.style;
        begin_panel("##recent", at, size, style, colour::kCard);
        text(style.strong, colour::kText, desk.words("start.recent"));
        ImGui::Dummy({0, style.px(2)});
        if (recent_.empty())
            text(style.body, colour::kSoft, desk.words("start.no_recent"), size.x - style.px(32));
        ImGui::BeginChild("##sessions", {0, -style.px(4)}, false);
        for (size_t i = 0; i < recent_.size(); ++i) draw_session(desk, i);
        ImGui::EndChild();
        end_panel();
    }

    void draw_session(Desk& desk, size_t index) {
        const SessionFile& session = recent_[index];
        const Style& style = desk.style;
        const int place = static_cast<int>(cases_.size() + index);
        ImGui::PushID(place);
        const float width = ImGui::GetContentRegionAvail().x;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float height = style.body->FontSize * 2 + style.px(20);
        if (ImGui::InvisibleButton("##open", {width, height})) opened_ = place;
        const bool marked = ImGui::IsItemHovered() || (by_keyboard_ && chosen_ == place);
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const ImVec2 end{at.x + width, at.y + height};
        if (marked) draw.AddRectFilled(at, end, IM_COL32(255, 255, 255, 18), style.px(8));
        if (by_keyboard_ && chosen_ == place)
            draw.AddRect(at, end, colour::kBlue, style.px(8), 0, style.px(2));
        const auto known = std::find_if(cases_.begin(), cases_.end(),
                                        [&](const training::Case& one) { return one.id == session.case_id; });
        const std::string& name = known != cases_.end() ? known->name : session.case_id;
        const ImVec2 first{at.x + style.px(8), at.y + style.px(7)};
        draw.AddText(style.body, style.body->FontSize, first, colour::kText,
                     fit(style.body, name.empty() ? session.begun : name, width - style.px(16)).c_str());
        draw.AddText(style.body, style.body->FontSize,
                     {first.x, first.y + style.body->FontSize + style.px(4)}, colour::kSoft,
                     session.begun.c_str());
        ImGui::PopID();
    }

    std::vector<training::Case> cases_;
    std::vector<SessionFile> recent_;
    int chosen_ = 0;
    int opened_ = -1;
    bool by_keyboard_ = false;
};

}  // namespace

std::unique_ptr<Screen> start_screen(Desk& desk) {
    return std::make_unique<StartScreen>(desk);
}

}  // namespace app
