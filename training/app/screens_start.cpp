// The first thing a trainee sees: what can be practised and what was practised lately.

#include "engine/base/log.h"
#include "engine/base/toml.h"
#include "engine/render/skin_colour.h"
#include "training/app/areas.h"
#include "training/app/scan_import.h"
#include "training/app/screens.h"
#include "training/app/screens_lessons.h"
#include "training/app/session_files.h"
#include "training/app/visit.h"

#include <glm/common.hpp>
#include <glm/exponential.hpp>

#include <algorithm>
#include <set>
#include <utility>

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

/// What the start screen tells of a case's patient, from the face's own file; 0 = not told.
struct Facts {
    int64_t age = 0, fitzpatrick = 0;
};

Facts facts_of(const base::Places& places, const std::string& face) {
    const base::fs::path file = face.ends_with(".toml") ? base::fs::path(face) : places.data / "faces" / (face + ".toml");
    Facts facts;
    if (const auto table = base::read_toml(file)) {
        facts.age = (*table)["age"].value_or<int64_t>(0);
        facts.fitzpatrick = std::clamp<int64_t>((*table)["fitzpatrick"].value_or<int64_t>(0), 0, 6);
    }
    return facts;
}

constexpr const char* kRoman[] = {"", "I", "II", "III", "IV", "V", "VI"};

/// The mean colour of a skin type, as drawn.
ImU32 skin_shade(int64_t fitzpatrick) {
    const auto type = static_cast<uint8_t>(fitzpatrick);
    const glm::vec3 c = glm::sqrt(render::skin_colour(render::melanin_of(type), render::blood_of(type)));
    return ImGui::ColorConvertFloat4ToU32({c.r, c.g, c.b, 1});
}

/// What the list may be narrowed to, by key 1 to 6.
enum class Filter : uint8_t { all, light, medium, dark, pads, visits };
constexpr const char* kFilters[] = {"all", "light", "medium", "dark", "pads", "visits"};

class StartScreen : public Screen {
  public:
    explicit StartScreen(Desk& desk) : language_(desk.options.places.language), recent_(recent_sessions(desk.sessions, kRecent)) {
        desk.content.look(desk);
        std::vector<base::Error> told_there;
        auto cases = training::list_cases(desk.options.places, &told_there);
        if (cases) {
            // Patients to needle first: they are what most come for.
            std::ranges::stable_sort(*cases, {}, [](const auto& one) { return is_visit(one) ? 2 : is_pad(one) ? 1 : 0; });
            for (training::Case& one : *cases) {
                load_portrait(desk, one.id);
                Facts facts = facts_of(desk.options.places, one.face);
                const std::string id = one.id;
                cases_.push_back({std::move(one), facts, id});
            }
        }
        add_imported(desk);
        devices_ = list_devices(desk);
        narrow(Filter::all);
        spdlog::info("screen start");
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        if (language_ != desk.options.places.language) return start_screen(desk);
        read_keys(desk);
        if (desk.narrow()) return column_frame(desk);
        const Style& style = desk.style;
        const auto [left, inner, head, foot] = card_block(desk);
        Heading heading = draw_heading(desk, "patients", left, inner, head);
        const float top = heading.below;
        const float recent_width = style.px(300);
        const float list_width = inner - recent_width - style.px(20);
        draw_filters(desk, {left, top}, list_width);
        draw_devices(desk, {left, top + style.px(44)}, list_width);
        const float below = style.px(90);
        draw_cases(desk, {left, top + below}, {list_width, foot - top - below});
        const ImVec2 aside{left + inner - recent_width, top}, aside_size{recent_width, foot - top};
        if (!recent_.empty())
            draw_recent(desk, aside, aside_size);
        else if (draw_start_here(desk, aside, aside_size))
            return begin_first_lesson(desk);
        draw_foot(desk, {left, foot + style.px(14)});
        draw_import(desk, left + inner, foot + style.px(6));
        make_portraits(desk);
        if (auto area = heading.next(desk)) return area;
        return leave(desk);
    }

  private:
    std::unique_ptr<Screen> column_frame(Desk& desk) {
        begin_whole_column(desk, "##start");
        Heading heading = draw_heading(desk, "patients", 0, 0, 0);
        const bool begins = recent_.empty() && draw_start_here(desk, {0, 0}, {0, 0});
        draw_filters(desk, {0, 0}, 0);
        draw_devices(desk, {0, 0}, 0);
        draw_cases(desk, {0, 0}, {0, 0});
        if (!recent_.empty()) draw_recent(desk, {0, 0}, {0, 0});
        draw_foot(desk, {0, 0});
        draw_import(desk, 0, 0);
        end_column(desk);
        make_portraits(desk);
        if (begins) return begin_first_lesson(desk);
        if (auto area = heading.next(desk)) return area;
        return leave(desk);
    }

    struct Entry {
        training::Case practice;
        Facts facts;
        std::string reference;  ///< its id, or its file
    };

    /// One that can be chosen; no id = as the case prescribes.
    struct Device {
        std::string id, name;  ///< of "12-pin pen, 110 Hz" what stands before the comma
    };

    /// One damaged hides no other; the notice of the content tells of it.
    static std::vector<Device> list_devices(Desk& desk) {
        std::vector<Device> devices = {{{}, desk.words("start.case_device")}};
        const auto ids = skin::list_devices(desk.options.places);
        if (!ids) desk.refuse(ids.error());
        for (const std::string& id : ids ? *ids : std::vector<std::string>()) {
            if (const auto device = skin::load_device(desk.options.places, id))
                devices.push_back({id, device->name.substr(0, device->name.find(','))});
        }
        return devices;
    }

    static bool is_pad(const training::Case& one) { return one.face.rfind("pad", 0) == 0; }

    static bool passes(const Entry& entry, Filter filter) {
        const int64_t type = entry.facts.fitzpatrick;
        const bool visit = is_visit(entry.practice);
        switch (filter) {
            case Filter::all:
                return true;
            case Filter::visits:
                return visit;
            case Filter::light:
                return !visit && (type == 1 || type == 2);
            case Filter::medium:
                return !visit && (type == 3 || type == 4);
            case Filter::dark:
                return !visit && type >= 5;
            case Filter::pads:
                return is_pad(entry.practice);
        }
        return true;
    }

    void narrow(Filter filter) {
        filter_ = filter;
        shown_.clear();
        for (size_t i = 0; i < cases_.size(); ++i)
            if (passes(cases_[i], filter)) shown_.push_back(i);
        chosen_ = 0;
        scroll_up_ = true;
        spdlog::debug("filter {}", kFilters[static_cast<size_t>(filter)]);
    }

    void read_keys(Desk& desk) {
        for (int i = 0; i < static_cast<int>(std::size(kFilters)); ++i)
            if (desk.pressed('1' + i)) narrow(static_cast<Filter>(i));
        if (desk.pressed('P')) desk.settings_open = true;
        if (desk.pressed('I')) import_ = true;
        if (desk.pressed('G')) next_device(desk);
        if (desk.pressed('B')) desk.rubric.clear();
        const int count = static_cast<int>(shown_.size() + recent_.size());
        bool moved = false;
        if (!desk.settings_open)  // each by itself: a slow frame sees several
            for (const render::KeyPress& press : desk.window.keys_pressed()) moved |= move_by(press);
        const bool enter = desk.pressed(keys::kEnter) || desk.pressed(keys::kPadEnter);
        if (enter && chosen_ < count) opened_ = chosen_;
        idle_ = moved || ImGui::GetIO().MouseDelta.x != 0 || ImGui::GetIO().MouseDelta.y != 0 || ImGui::GetIO().MouseWheel != 0
                    ? 0
                    : idle_ + desk.window.frame_seconds();
    }

    bool move_by(const render::KeyPress& press) {
        const int patients = static_cast<int>(shown_.size()), count = patients + static_cast<int>(recent_.size());
        const bool in_list = chosen_ < patients;
        int step = 0;
        if (press.key == keys::kDown) step = in_list ? columns_ : 1;
        if (press.key == keys::kUp) step = in_list ? -columns_ : -1;
        if (press.key == keys::kRight) step = 1;
        if (press.key == keys::kLeft) step = -1;
        if (step == 0 || count == 0) return false;
        chosen_ = std::clamp(chosen_ + step, 0, count - 1);
        by_keyboard_ = bring_into_view_ = true;
        return true;
    }

    void next_device(Desk& desk) {
        const auto now = std::ranges::find(devices_, desk.device, &Device::id);
        desk.device = now == devices_.end() || now + 1 == devices_.end() ? std::string() : (now + 1)->id;
    }

    static std::unique_ptr<Screen> begin_first_lesson(Desk& desk) {
        auto shelf = read_lessons(desk.options.places);
        return shelf->lessons.empty() ? lessons_screen(desk) : open_lesson(desk, shelf, shelf->lessons.front().id);
    }

    std::unique_ptr<Screen> leave(Desk& desk) {
        const auto dropped = desk.window.files_dropped();
        if (import_ || !dropped.empty()) {
            desk.problem.clear();
            return import_screen(desk, dropped.empty() ? base::fs::path() : base::fs::path(dropped.back()));
        }
        if (opened_ < 0) return nullptr;
        const auto chosen = static_cast<size_t>(opened_);
        desk.problem.clear();
        if (chosen >= shown_.size()) return open_session(desk, recent_[chosen - shown_.size()].path);
        const training::Case& practice = cases_[shown_[chosen]].practice;
        return practice_case(desk, cases_[shown_[chosen]].reference, practice.name);
    }

    /// Patients that people imported come after our own. One damaged hides no other; the notice of the content tells of it.
    void add_imported(Desk& desk) {
        for (const base::fs::path& file : training::imported_cases(desk.options.places)) {
            auto one = training::load_case(desk.options.places, file.string());
            if (!one) continue;
            load_portrait(desk, one->id);
            const Facts facts = facts_of(desk.options.places, (desk.options.places.faces / (one->face + ".toml")).string());
            const auto pads = std::ranges::find_if(cases_, [](const Entry& entry) { return is_pad(entry.practice); });
            cases_.insert(pads, {std::move(*one), facts, file.string()});
        }
    }

    /// While nobody does anything, patients that were never practised are made ready one after the other, for their
    /// portraits; whoever opens one finds it begun.
    void make_portraits(Desk& desk) {
        constexpr double kQuiet = 2.0;  // s
        if (!desk.renderer || idle_ < kQuiet) return;
        if (!preparing_.empty()) {
            if (!keep_prepared_portrait(desk, preparing_)) return;
            tried_.insert(std::exchange(preparing_, {}));
            return;
        }
        const auto next = std::ranges::find_if(cases_, [&](const Entry& one) {
            return !is_visit(one.practice) && !desk.portraits.count(one.practice.id) && !tried_.count(one.reference);
        });
        if (next == cases_.end()) return;
        preparing_ = next->reference;
        prepare_case(desk, preparing_);
    }

    /// Scans are imported from here alone.
    void draw_import(Desk& desk, float right, float y) {
        ImVec2 size{desk.style.px(170), desk.style.px(36)};
        if (in_column(desk.style)) size.x = ImGui::GetContentRegionAvail().x;
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        begin_panel("##open_import", {right - size.x, y}, size, desk.style, IM_COL32(0, 0, 0, 0));
        ImGui::PopStyleVar();
        if (chip(desk.style, desk.words("scan.import"), size, false)) import_ = true;
        end_panel(desk.style);
    }

    void draw_filters(Desk& desk, ImVec2 at, float width) {
        const Style& style = desk.style;
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        begin_panel("##filters", at, {width, style.px(36)}, style, IM_COL32(0, 0, 0, 0));
        ImGui::PopStyleVar();
        const float gap = style.px(6), room = in_column(style) ? ImGui::GetContentRegionAvail().x : width - style.px(14);
        std::vector<std::string> names;
        for (const char* filter : kFilters) names.push_back(fmt::format("{} ({})", desk.words.name("filter", filter), names.size() + 1));
        const ButtonRows rows = button_rows(style, names, room, gap);
        for (int i = 0; i < static_cast<int>(names.size()); ++i) {
            if (i % rows.columns != 0) ImGui::SameLine(0, gap);
            const std::string& label = names[static_cast<size_t>(i)];
            if (chip(style, label, {rows.width, style.px(34)}, filter_ == static_cast<Filter>(i))) narrow(static_cast<Filter>(i));
        }
        end_panel(style);
    }

    /// What to practise with: as the case prescribes, or any device there is.
    void draw_devices(Desk& desk, ImVec2 at, float width) {
        const Style& style = desk.style;
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        begin_panel("##devices", at, {width, style.px(36)}, style, IM_COL32(0, 0, 0, 0));
        ImGui::PopStyleVar();
        const std::string& title = desk.words("start.device");
        if (in_column(style)) {
            choose_device(desk, title);
            return end_panel(style);
        }
        const float gap = style.px(6), named = text_size(style.body, title).x + style.px(14);
        const auto count = static_cast<float>(devices_.size());
        const ImVec2 size{(width - style.px(14) - named - gap * (count - 1)) / count, style.px(34)};
        ImGui::GetWindowDrawList()->AddText(style.body, style.body->FontSize, {at.x, at.y + style.px(9)}, colour::kSoft, title.c_str());
        for (size_t i = 0; i < devices_.size(); ++i) {
            ImGui::SetCursorPos({named + static_cast<float>(i) * (size.x + gap), 0});
            const std::string label = fit(style.body, devices_[i].name, size.x - style.px(12));
            if (chip(style, label + "##" + devices_[i].id, size, desk.device == devices_[i].id)) desk.device = devices_[i].id;
        }
        end_panel(style);
    }

    /// The same in a column, where all names are whole.
    void choose_device(Desk& desk, const std::string& title) {
        const Style& style = desk.style;
        const float gap = style.px(6);
        text(style.body, colour::kSoft, title, ImGui::GetContentRegionAvail().x);
        std::vector<std::string> names;
        for (const Device& device : devices_) names.push_back(device.name);
        const ButtonRows rows = button_rows(style, names, ImGui::GetContentRegionAvail().x, gap);
        for (size_t i = 0; i < devices_.size(); ++i) {
            if (i % static_cast<size_t>(rows.columns) != 0) ImGui::SameLine(0, gap);
            if (chip(style, devices_[i].name + "##" + devices_[i].id, {rows.width, style.px(34)}, desk.device == devices_[i].id))
                desk.device = devices_[i].id;
        }
    }

    void draw_cases(Desk& desk, ImVec2 at, ImVec2 size) {
        const Style& style = desk.style;
        if (in_column(style)) return list_cases(desk);
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        begin_panel("##cases", at, size, style, IM_COL32(0, 0, 0, 0));
        ImGui::PopStyleVar();
        ImGui::BeginChild("##list", size, false);
        if (scroll_up_) ImGui::SetScrollY(0);
        scroll_up_ = false;
        const float gap = style.px(12), room = size.x - style.px(14);
        columns_ = std::max(1, static_cast<int>((room + gap) / style.px(400)));
        const float width = (room - gap * static_cast<float>(columns_ - 1)) / static_cast<float>(columns_);
        draw_rows(desk, width, gap);
        bring_into_view_ = false;
        ImGui::EndChild();
        end_panel(style);
    }

    /// A card below the other, each as tall as its words ask.
    void list_cases(Desk& desk) {
        const Style& style = desk.style;
        columns_ = std::max(1, static_cast<int>(ImGui::GetContentRegionAvail().x / style.px(400)));
        const float gap = style.px(10), width = (ImGui::GetContentRegionAvail().x - gap * static_cast<float>(columns_ - 1)) / static_cast<float>(columns_);
        draw_rows(desk, width, gap);
        scroll_up_ = false;
    }

    /// Cards beside each other are as tall as the one with the most words.
    void draw_rows(Desk& desk, float width, float gap) {
        ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
        for (size_t first = 0; first < shown_.size(); first += static_cast<size_t>(columns_)) {
            const size_t end = std::min(first + static_cast<size_t>(columns_), shown_.size());
            float height = 0;
            for (size_t i = first; i < end; ++i) height = std::max(height, case_height(desk, cases_[shown_[i]], width));
            for (size_t i = first; i < end; ++i) {
                if (i > first) ImGui::SameLine(0, gap);
                draw_case(desk, static_cast<int>(i), {width, height});
            }
        }
        bring_into_view_ = false;
        ImGui::PopStyleVar();
    }

    static constexpr float kPortrait = 112, kSmallPortrait = 84;  // design pixels; in a column

    /// Where the words of a card begin and how wide they are: beside its portrait, the brief below it.
    float case_height(const Desk& desk, const Entry& entry, float width) const {
        const Style& style = desk.style;
        if (!in_column(style)) {
            const float room = width - style.px(kPortrait + 36);
            const float head = text_size(style.strong, entry.practice.name, room + 1).y + text_size(style.body, told_of(desk, entry), room - style.px(24)).y;
            return std::max(style.px(kPortrait + 20), head + text_size(style.body, entry.practice.brief, room + 1).y + style.px(32));
        }
        const float beside = width - style.px(kSmallPortrait + 36), below = width - style.px(20);
        const float head = text_size(style.strong, entry.practice.name, beside + 1).y + text_size(style.body, told_of(desk, entry), beside - style.px(24)).y;
        return std::max(style.px(kSmallPortrait), head + style.px(8)) + text_size(style.body, entry.practice.brief, below + 1).y + style.px(32);
    }

    /// The whole card is the button.
    void draw_case(Desk& desk, int index, ImVec2 size) {
        const Entry& entry = cases_[shown_[static_cast<size_t>(index)]];
        const Style& style = desk.style;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::PushID(index);
        const bool clicked = ImGui::InvisibleButton("##card", size);
        ImGui::PopID();
        const bool hovered = ImGui::IsItemHovered(), keyed = by_keyboard_ && chosen_ == index;
        if (clicked) opened_ = index;
        if (keyed && bring_into_view_) scroll_here(style);
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const ImVec2 end{at.x + size.x, at.y + size.y};
        draw.AddRectFilled(at, end, hovered || keyed ? IM_COL32(47, 54, 63, 255) : colour::kCard, style.px(10));
        if (hovered || keyed) draw.AddRect(at, end, colour::kBlue, style.px(10), 0, style.px(keyed ? 2 : 1));
        const float side = style.px(in_column(style) ? kSmallPortrait : kPortrait);
        draw_portrait(desk, draw, {at.x + style.px(10), at.y + style.px(10)}, side, entry);
        const ImVec2 text_at{at.x + side + style.px(24), at.y + style.px(12)};
        draw_text(desk, draw, text_at, {end.x - style.px(12), end.y - style.px(10)}, entry);
    }

    /// A visit that was never held shows its patient as another case does.
    std::string portrayed_as(const Desk& desk, const Entry& entry) const {
        if (!is_visit(entry.practice) || desk.portraits.contains(entry.practice.id)) return entry.practice.id;
        const auto same = std::ranges::find_if(cases_, [&](const Entry& one) {
            return one.practice.face == entry.practice.face && desk.portraits.contains(one.practice.id);
        });
        return same == cases_.end() ? entry.practice.id : same->practice.id;
    }

    void draw_portrait(Desk& desk, ImDrawList& draw, ImVec2 at, float side, const Entry& entry) {
        const Style& style = desk.style;
        const training::Case& practice = entry.practice;
        const ImVec2 end{at.x + side, at.y + side};
        if (const auto portrait = desk.portraits.find(portrayed_as(desk, entry)); portrait != desk.portraits.end())
            return draw.AddImageRounded(portrait->second, at, end, {0, 0}, {1, 1}, IM_COL32_WHITE, style.px(8));
        draw.AddRectFilled(at, end, IM_COL32(28, 32, 38, 255), style.px(8));
        draw_emblem(draw, {(at.x + end.x) * 0.5f, (at.y + end.y) * 0.5f}, side * 0.62f, is_pad(practice), colour::kSoft,
                    style.px(2));
        const auto share = preparing(desk, entry.reference);
        if (!share) return;
        const float left = at.x + style.px(8), right = end.x - style.px(8), y = end.y - style.px(10);
        draw.AddRectFilled({left, y}, {right, y + style.px(4)}, colour::kTrack, style.px(2));
        draw.AddRectFilled({left, y}, {left + (right - left) * static_cast<float>(std::clamp(*share, 0.03, 1.0)), y + style.px(4)},
                           colour::kBlue, style.px(2));
    }

    static std::string told_of(const Desk& desk, const Entry& entry) {
        const std::string told = entry.facts.fitzpatrick > 0
                                     ? desk.words("start.skin_type", fmt::arg("type", kRoman[entry.facts.fitzpatrick]))
                                     : desk.words("start.pad");
        return told + "  \u00b7  " +
               (is_visit(entry.practice) ? desk.words("start.visit")
                                         : desk.words("start.minutes", fmt::arg("minutes", entry.practice.needling_minutes)));
    }

    /// Name, what is to be known at a glance, and the brief.
    void draw_text(Desk& desk, ImDrawList& draw, ImVec2 at, ImVec2 end, const Entry& entry) {
        const Style& style = desk.style;
        const float width = end.x - at.x, line = style.body->FontSize;
        const RowWords name = row_words(style.strong, entry.practice.name, width);
        draw_row_words(draw, style.strong, at, colour::kText, name);
        float y = at.y + name.height + style.px(4), x = at.x;
        if (entry.facts.fitzpatrick > 0) {
            const float r = line * 0.42f;
            draw.AddCircleFilled({x + r, y + line * 0.5f}, r, skin_shade(entry.facts.fitzpatrick));
            draw.AddCircle({x + r, y + line * 0.5f}, r, IM_COL32(255, 255, 255, 70), 0, style.px(1));
            x += 2 * r + style.px(7);
        }
        const RowWords told = row_words(style.body, told_of(desk, entry), end.x - x);
        draw_row_words(draw, style.body, {x, y}, colour::kText, told);
        y += told.height + style.px(6);
        if (in_column(style)) {  // the brief below the portrait, over the whole card
            const ImVec2 below{at.x - style.px(kSmallPortrait + 14), std::max(y, at.y + style.px(kSmallPortrait + 6))};
            app::draw_text(draw, style.body, below, colour::kSoft, entry.practice.brief, end.x - below.x + 1);
            return;
        }
        app::draw_text(draw, style.body, {at.x, y}, colour::kSoft, entry.practice.brief, width + 1);
    }

    void draw_foot(Desk& desk, ImVec2 at) {
        const Style& style = desk.style;
        ImDrawList& back = *ImGui::GetBackgroundDrawList();
        if (desk.rubric.empty() && in_column(style))
            return text(style.body, colour::kFaint, desk.words("start.not_a_certificate"), ImGui::GetContentRegionAvail().x);
        if (desk.rubric.empty()) {
            back.AddText(style.body, style.body->FontSize, at, colour::kFaint, desk.words("start.not_a_certificate").c_str());
            return;
        }
        const std::string label = desk.words("start.own_rubric", fmt::arg("name", desk.rubric_named));
        const float room = desk.width() - 2 * at.x - style.px(190);  // beside the import
        const ImVec2 size{in_column(style) ? ImGui::GetContentRegionAvail().x : std::min(room, text_size(style.body, label).x + style.px(28)), style.px(36)};
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        begin_panel("##own_rubric", {at.x, at.y - style.px(8)}, size, style, IM_COL32(0, 0, 0, 0));
        ImGui::PopStyleVar();
        if (chip(style, in_column(style) ? label : fit(style.body, label, size.x - style.px(16)), size, true)) desk.rubric.clear();
        end_panel(style);
    }

    void draw_recent(Desk& desk, ImVec2 at, ImVec2 size) {
        const Style& style = desk.style;
        begin_panel("##recent", at, size, style, colour::kCard);
        text(style.strong, colour::kText, desk.words("start.recent"));
        ImGui::Dummy({0, style.px(2)});
        begin_list(style, "##sessions", {0, -style.px(4)});
        for (size_t i = 0; i < recent_.size(); ++i) draw_session(desk, i);
        end_list(style);
        end_panel(style);
    }

    void draw_session(Desk& desk, size_t index) {
        const SessionFile& session = recent_[index];
        const Style& style = desk.style;
        const int place = static_cast<int>(shown_.size() + index);
        ImGui::PushID(place);
        const float width = ImGui::GetContentRegionAvail().x;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const auto known =
            std::ranges::find_if(cases_, [&](const Entry& one) { return one.practice.id == session.case_id; });
        const std::string& name = known != cases_.end() ? known->practice.name : session.case_id;
        const RowWords shown = row_words(style.body, name.empty() ? session.begun : name, width - style.px(16));
        const float height = shown.height + style.body->FontSize + style.px(20);
        bool clicked = ImGui::InvisibleButton("##open", {width, height});
        clicked |= style.focus->control(ImGui::GetID("##open"), at, {at.x + width, at.y + height}, style.unit);
        if (clicked) opened_ = place;
        const bool marked = ImGui::IsItemHovered() || (by_keyboard_ && chosen_ == place);
        ImDrawList& draw = *ImGui::GetWindowDrawList();
        const ImVec2 end{at.x + width, at.y + height};
        if (marked) draw.AddRectFilled(at, end, IM_COL32(255, 255, 255, 18), style.px(8));
        if (by_keyboard_ && chosen_ == place)
            draw.AddRect(at, end, colour::kBlue, style.px(8), 0, style.px(2));
        const ImVec2 first{at.x + style.px(8), at.y + style.px(7)};
        draw_row_words(draw, style.body, first, colour::kText, shown);
        draw.AddText(style.body, style.body->FontSize, {first.x, first.y + shown.height + style.px(4)}, colour::kSoft,
                     session.begun.c_str());
        ImGui::PopID();
    }

    std::vector<Entry> cases_;
    std::vector<Device> devices_;
    std::vector<size_t> shown_;  ///< of cases_, that pass the filter
    Filter filter_ = Filter::all;
    std::string language_;  ///< of the lists below
    std::vector<SessionFile> recent_;
    int columns_ = 1;
    int chosen_ = 0;  ///< place among the shown cases, then the recent sessions
    int opened_ = -1;
    bool by_keyboard_ = false, bring_into_view_ = false, scroll_up_ = false, import_ = false;
    double idle_ = 0;        ///< s without key or mouse
    std::string preparing_;  ///< case that is being made ready for its portrait
    std::set<std::string> tried_;
};

}  // namespace

std::unique_ptr<Screen> start_screen(Desk& desk) {
    desk.pens.known.reset();
    return std::make_unique<StartScreen>(desk);
}

}  // namespace app
