#include "training/app/screens_desk.h"

#include "engine/base/log.h"
#include "training/app/areas.h"
#include "training/app/session_files.h"

#include <algorithm>

namespace app {

namespace {

enum class Page : uint8_t { cohort, rubric, lesson };

/// Those that are sound, in the language chosen.
std::vector<DeskFile::Listed> shipped_rubrics(const base::Places& places) {
    std::vector<DeskFile::Listed> listed;
    std::error_code ignored;
    for (base::fs::directory_iterator entry(places.data / "rubrics", ignored), end; !ignored && entry != end; entry.increment(ignored)) {
        if (entry->path().extension() != ".toml" || !training::read_rubric_file(places, entry->path()).mistakes.empty()) continue;
        const std::string id = entry->path().stem().string();
        if (const auto rubric = training::load_rubric(places, id)) listed.push_back({id, rubric->name, rubric->version});
    }
    std::ranges::sort(listed, {}, &DeskFile::Listed::reference);
    return listed;
}

/// By the name of the one that they are copies of, in the language chosen, where there is one.
std::vector<DeskFile::Listed> own_rubrics(const base::Places& places, const base::fs::path& folder, std::span<const DeskFile::Listed> shipped) {
    std::vector<DeskFile::Listed> listed;
    std::vector<base::Error> told_there;  // by ContentNotice
    for (const training::OwnRubric& own : training::own_rubrics(places, folder, told_there)) {
        const auto copied = std::ranges::find(shipped, own.rubric.id, [](const DeskFile::Listed& one) { return training::own_id(one.reference); });
        listed.push_back({own.file.string(), copied == shipped.end() ? own.rubric.name : copied->name, own.rubric.version});
    }
    return listed;
}

base::Result<DeskFile> read_desk(const base::Places& places, const base::fs::path& sessions, const std::string& rubric,
                                 const face::Progress& progress) {
    DeskFile file;
    file.places = places;
    file.folder = desk_folder();
    file.rubric = rubric;
    auto path = training::find_rubric(places, rubric);
    if (!path) return path.error();
    auto words = base::read_text(*path, 1u << 20);
    if (!words) return words.error();
    file.rubric_text = std::move(*words);
    auto base = training::load_rubric(places, rubric);
    if (!base) return base.error();
    file.base = std::move(*base);
    if (auto roster = training::load_roster(file.folder); roster)
        file.roster = std::move(*roster);
    else
        file.problems.push_back(roster.error());
    file.shipped = shipped_rubrics(places);
    file.own = own_rubrics(places, file.folder / "rubrics", file.shipped);
    auto shelf = training::read_shelf(places, sessions, rubric, progress);
    if (!shelf) return shelf.error();
    file.shelf = std::move(*shelf);
    return file;
}

class DeskScreen : public Screen {
  public:
    DeskScreen(Desk& desk, DeskFile file, Page page) : file_(std::move(file)), page_(page), cohort_(file_), rubric_(file_), lesson_(desk) {
        desk.content.look(desk);
        if (!file_.problems.empty()) desk.refuse(file_.problems.front());
        spdlog::info("screen desk {} sessions, rubric {}", file_.shelf.attempts.size(), file_.rubric);
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        const Style& style = desk.style;
        const bool narrow = desk.narrow();
        if (narrow) begin_whole_column(desk, "##desk_column");
        const auto [left, inner, head, foot] = card_block(desk);
        Heading heading = draw_heading(desk, "desk", left, inner, head);
        draw_pages(desk, left, heading.below);
        const float top = heading.below + style.px(48);
        const ImVec2 at{left, top}, size{inner, foot + style.px(28) - top};  // no line of words below
        const bool typing = ImGui::GetIO().WantTextInput;
        auto next = page_ == Page::cohort ? cohort_.frame(desk, file_, at, size)
                    : page_ == Page::rubric ? rubric_.frame(desk, file_, at, size)
                                            : lesson_.frame(desk, at, size);
        if (narrow) end_column(desk);
        const bool leaves = heading.opens || next || (!typing && desk.pressed(keys::kEscape));
        if (!leaves || !may_leave(desk)) return nullptr;
        if (auto area = heading.next(desk)) return area;
        if (!next) return start_screen(desk);
        desk.problem.clear();
        return next;
    }

    bool may_close(Desk& desk) override { return may_leave(desk); }

  private:
    bool may_leave(Desk& desk) { return lesson_.may_leave(desk) && rubric_.may_leave(desk, file_); }

    void draw_pages(Desk& desk, float left, float y) {
        const Style& style = desk.style;
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
        begin_panel("##pages", {left, y}, {style.px(600), style.px(36)}, style, IM_COL32(0, 0, 0, 0));
        ImGui::PopStyleVar();
        const bool typing = ImGui::GetIO().WantTextInput;
        const std::string names[] = {desk.words("desk.cohort"), desk.words("desk.rubric"), desk.words("desk.lessons")};
        const float gap = style.px(8);
        const ButtonRows rows = button_rows(style, names, in_column(style) ? ImGui::GetContentRegionAvail().x : style.px(586), gap);
        for (int i = 0; i < static_cast<int>(std::size(names)); ++i) {
            if (i % rows.columns != 0) ImGui::SameLine(0, gap);
            const Page page = static_cast<Page>(i);
            if (!chip(style, names[i], {rows.width, style.px(34)}, page_ == page) && (typing || !desk.pressed('1' + i))) continue;
            page_ = page;
            spdlog::debug("desk page {}", i + 1);
        }
        end_panel(style);
    }

    DeskFile file_;
    Page page_;
    CohortPage cohort_;
    RubricPage rubric_;
    LessonPage lesson_;
};

std::unique_ptr<Screen> open_page(Desk& desk, const std::string& rubric, Page page) {
    Work work = [places = desk.options.places, sessions = desk.sessions, rubric, page](const face::Progress& progress) -> base::Result<Arrival> {
        auto file = read_desk(places, sessions, rubric, progress);
        if (!file) return file.error();
        auto shared = std::make_shared<DeskFile>(std::move(*file));
        return Arrival{[shared, page](Desk& there) { return std::make_unique<DeskScreen>(there, std::move(*shared), page); }};
    };
    return loading_screen(desk.words("desk.loading"), std::move(work), true);
}

}  // namespace

DeskFile::Listed DeskFile::listed() const {
    for (const std::vector<Listed>* all : {&shipped, &own})
        for (const Listed& one : *all)
            if (one.reference == rubric) return one;
    return {rubric, base.name, base.version};
}

std::unique_ptr<Screen> open_desk(Desk& desk) {
    return open_page(desk, "provisional", Page::cohort);
}

std::unique_ptr<Screen> open_desk_rubric(Desk& desk, const std::string& rubric) {
    return open_page(desk, rubric, Page::rubric);
}

}  // namespace app
