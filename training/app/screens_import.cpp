// Import of a head scan: which file, and what the fit could not find by itself.

#include "training/app/screens_import.h"

#include "engine/base/log.h"
#include "training/app/fields.h"

#include <algorithm>
#include <array>

namespace app {

namespace {

constexpr size_t kRecentScans = 40;
constexpr const char* kUnits[] = {"", "mm", "cm", "m", "in"};
constexpr const char* kAxes[] = {"", "+y+z", "+y-z", "+z-y", "+z+y", "+z+x", "+z-x"};

class ImportScreen : public Screen {
  public:
    ImportScreen(Desk& desk, const base::fs::path& file) {
        base::fs::path folder = file.empty() ? base::fs::path(desk.settings.scan_folder) : file.parent_path();
        std::error_code ignored;
        if (folder.empty()) folder = base::fs::current_path(ignored);
        show_folder(folder);
        if (!file.empty()) set_path(file.string());
        spdlog::info("screen import");
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        const auto dropped = desk.window.files_dropped();
        if (!dropped.empty()) {
            set_path(dropped.back());
            show_folder(base::fs::path(dropped.back()).parent_path());
            spdlog::info("dropped {}", dropped.back());
        }
        read_keys(desk);
        draw(desk);
        if (leave_) return start_screen(desk);
        return begin_ ? begin(desk) : nullptr;
    }

  private:
    void set_path(const std::string& path) {
        path_.fill(0);
        path.copy(path_.data(), path_.size() - 1);
    }
    std::string path() const {
        std::string text = path_.data();
        // As a file manager or terminal gives it.
        if (text.starts_with("file://")) text.erase(0, 7);
        while (!text.empty() && (text.back() == ' ' || text.back() == '\'' || text.back() == '"'))
            text.pop_back();
        while (!text.empty() && (text.front() == ' ' || text.front() == '\'' || text.front() == '"'))
            text.erase(0, 1);
        return text;
    }

    void show_folder(const base::fs::path& folder) {
        folder_ = folder;
        files_ = scans_in(folder, kRecentScans);
        chosen_ = -1;
    }

    void choose(int row) {
        if (files_.empty()) return;
        chosen_ = std::clamp(row, 0, static_cast<int>(files_.size()) - 1);
        set_path(files_[static_cast<size_t>(chosen_)].string());
        bring_into_view_ = true;
    }

    void read_keys(Desk& desk) {
        const bool enter = desk.pressed(keys::kEnter) || desk.pressed(keys::kPadEnter);
        if (ended_typing(desk)) begin_ = enter;
        if (ImGui::GetIO().WantTextInput) return;  // the field reads them
        if (desk.pressed(keys::kEscape)) leave_ = true;
        if (desk.pressed(keys::kDown, true)) choose(chosen_ + 1);
        if (desk.pressed(keys::kUp, true)) choose(chosen_ - 1);
        if (enter) begin_ = true;
        if (desk.pressed('E')) edit_ = true;
        if (desk.pressed('U')) unit_ = (unit_ + 1) % std::size(kUnits);
        if (desk.pressed('A')) axes_ = (axes_ + 1) % std::size(kAxes);
    }

    std::unique_ptr<Screen> begin(Desk& desk) {
        begin_ = false;
        const base::fs::path file = path();
        if (file.empty()) {
            desk.problem = desk.words("scan.no_file");
            return nullptr;
        }
        desk.problem.clear();
        std::error_code ignored;
        const base::fs::path whole = base::fs::absolute(file, ignored);
        if (base::fs::is_directory(whole, ignored)) {
            show_folder(whole);
            return nullptr;
        }
        desk.settings.scan_folder = whole.parent_path().string();
        face::ScanPatient patient;
        patient.name = whole.stem().string();
        return fit_and_show(desk, {whole, kUnits[unit_], kAxes[axes_], {}}, nullptr, patient);
    }

    void draw(Desk& desk) {
        const Style& style = desk.style;
        if (desk.narrow()) {
            begin_whole_column(desk, "##import_column");
            draw_choice(desk, {});
            return end_column(desk);
        }
        const ImVec2 size{std::min(desk.width() - style.px(32), style.px(820)),
                          std::min(desk.height() - style.px(96), style.px(640))};
        begin_panel("##import",
                    {(desk.width() - size.x) * 0.5f, std::max(style.px(64), (desk.height() - size.y) * 0.5f)},
                    size, style, colour::kCard);
        draw_choice(desk, size);
        end_panel(style);
    }

    void draw_choice(Desk& desk, ImVec2 size) {
        const Style& style = desk.style;
        const float width = ImGui::GetContentRegionAvail().x;
        text(style.title, colour::kText, desk.words("scan.title"), in_column(style) ? width : 0);
        text(style.body, colour::kSoft, desk.words("scan.how"), width);
        ImGui::Dummy({0, style.px(4)});
        ImGui::SetNextItemWidth(width);
        if (std::exchange(edit_, false)) ImGui::SetKeyboardFocusHere();
        line_field(style, "##path", desk.words("scan.path"), path_, ImGuiInputTextFlags_AutoSelectAll);
        draw_files(desk, size.y - style.px(374));
        choice(desk, desk.words("scan.unit"), kUnits, unit_);
        choice(desk, desk.words("scan.axes"), kAxes, axes_);
        ImGui::Dummy({0, style.px(4)});
        if (in_column(style)) {
            if (button(style, desk.words("scan.begin"), {width, style.px(40)}, true)) begin_ = true;
            if (button(style, desk.words("scan.back"), {width, style.px(40)})) leave_ = true;
            return;
        }
        const ImVec2 wide{style.px(220), style.px(40)};
        if (button(style, desk.words("scan.back"), {style.px(150), wide.y})) leave_ = true;
        ImGui::SameLine(width - wide.x + ImGui::GetStyle().WindowPadding.x);
        if (button(style, desk.words("scan.begin"), wide, true)) begin_ = true;
    }

    void draw_files(Desk& desk, float height) {
        const Style& style = desk.style;
        const float width = ImGui::GetContentRegionAvail().x;
        const std::string folder = desk.words("scan.folder", fmt::arg("folder", folder_.string()));
        if (in_column(style))
            text(style.body, colour::kSoft, folder, width);
        else
            text(style.body, colour::kSoft, fit(style.body, folder, width));
        begin_list(style, "##files", {width, std::max(height, style.px(60))});
        if (files_.empty()) text(style.body, colour::kFaint, desk.words("scan.no_scans"), width);
        for (size_t i = 0; i < files_.size(); ++i) {
            const RowWords name = row_words(style.body, files_[i].filename().string(), width - style.px(16));
            const float row = name.height + style.px(10);
            ImGui::PushID(static_cast<int>(i));
            const ImVec2 at = ImGui::GetCursorScreenPos();
            if (ImGui::InvisibleButton("##file", {width, row})) choose(static_cast<int>(i));
            const bool on = chosen_ == static_cast<int>(i);
            if (on && bring_into_view_) scroll_here(style);
            ImDrawList& list = *ImGui::GetWindowDrawList();
            if (on || ImGui::IsItemHovered())
                list.AddRectFilled(at, {at.x + width, at.y + row}, IM_COL32(255, 255, 255, on ? 26 : 12),
                                   style.px(6));
            if (on)
                list.AddRect(at, {at.x + width, at.y + row}, colour::kBlue, style.px(6), 0, style.px(1.5));
            draw_row_words(list, style.body, {at.x + style.px(8), at.y + style.px(5)}, colour::kText, name);
            ImGui::PopID();
        }
        bring_into_view_ = false;
        end_list(style);
    }

    template <size_t Count>
    static void choice(Desk& desk, const std::string& heading, const char* const (&ids)[Count],
                       size_t& chosen) {
        const Style& style = desk.style;
        const float gap = style.px(6), room = ImGui::GetContentRegionAvail().x;
        text(style.body, colour::kSoft, heading, in_column(style) ? room : 0);
        std::vector<std::string> names;
        for (const char* id : ids) names.push_back(*id ? id : desk.words("scan.automatic"));
        const ButtonRows rows = button_rows(style, names, room, gap);
        ImGui::PushID(heading.c_str());
        for (size_t i = 0; i < Count; ++i) {
            if (i % static_cast<size_t>(rows.columns) != 0) ImGui::SameLine(0, gap);
            if (chip(style, names[i], {rows.width, style.px(32)}, chosen == i)) chosen = i;
        }
        ImGui::PopID();
    }

    std::array<char, 1024> path_{};
    base::fs::path folder_;
    std::vector<base::fs::path> files_;
    int chosen_ = -1;
    size_t unit_ = 0, axes_ = 0;
    bool edit_ = false, begin_ = false, leave_ = false, bring_into_view_ = false;
};

}  // namespace

std::unique_ptr<Screen> import_screen(Desk& desk, const base::fs::path& file) {
    return std::make_unique<ImportScreen>(desk, file);
}

std::unique_ptr<Screen> fit_and_show(Desk& desk, const ScanRequest& request,
                                     std::shared_ptr<const FittedScan> before,
                                     const face::ScanPatient& patient) {
    Work work = [places = desk.options.places, request, before,
                 patient](const face::Progress& progress) -> base::Result<Arrival> {
        auto scan = fit_scan(places, request, before.get(), progress);
        if (!scan) return scan.error();
        return Arrival{[scan = *scan, patient](Desk& there) -> std::unique_ptr<Screen> {
            if (auto status = there.renderer->set_face(scan->face); !status) {
                auto choice = import_screen(there, scan->request.file);
                there.refuse(status.error());
                return choice;
            }
            there.find_tier(*scan->face);
            return landmark_screen(there, scan, patient);
        }};
    };
    spdlog::info("fitting {}", request.file.filename().string());
    const std::string title = desk.words("scan.fitting", fmt::arg("file", request.file.filename().string()));
    return loading_screen(title, std::move(work), true, [file = request.file, before, patient](Desk& there) {
        return before ? landmark_screen(there, before, patient) : import_screen(there, file);
    });
}

// A field ends itself by Enter, after it has taken the letters that came in the same frame.
bool ended_typing(const Desk& desk) {
    if (!ImGui::GetIO().WantTextInput) return false;
    if (desk.pressed(keys::kEnter) || desk.pressed(keys::kPadEnter)) return true;
    constexpr int kEnds[] = {keys::kEscape, keys::kTab, keys::kDown, keys::kUp};
    const bool ended = std::ranges::any_of(kEnds, [&](int key) { return desk.pressed(key); });
    if (ended) ImGui::SetWindowFocus(nullptr);
    return ended;
}

}  // namespace app
