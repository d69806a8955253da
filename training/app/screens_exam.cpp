// An exam in the window: the start page with its terms, the strip for the invigilator, and the way from an attempt to what is told of it.

#include "training/app/screens_exam.h"

#include "engine/base/log.h"
#include "training/app/evaluation.h"
#include "training/app/exam_sitting.h"
#include "training/app/leader.h"
#include "training/app/passphrase.h"
#include "training/app/screens_handed_in.h"
#include "training/app/stamping.h"
#include "training/app/typed_secret.h"
#include "training/app/visit.h"

#include "training/core/decimal.h"
#include "training/core/utc.h"
#include "training/core/yardstick.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

namespace app {

namespace {

constexpr float kPage = 860, kMargin = 12, kNames = 210, kGap = 22, kWideButton = 44, kStripRow = 48;  // design pixels

// --- an attempt begins ---

/// All that an attempt needs besides its recording; the face is on stage.
struct Ready {
    std::shared_ptr<const training::Stage> stage;
    training::Rubric rubric;
    std::shared_ptr<training::Sealer> sealer;
};

/// What leads the pen now, as far as it is known before the pen does something.
const char* pen_at_hand(const Desk& desk) {
    if (desk.pens.last_tracked()) return leader_name(Leader::tracked);
    if (desk.pens.gamepad_was_last()) return leader_name(Leader::gamepad);
    return leader_name(desk.pens.stylus() ? Leader::stylus : Leader::mouse);
}

std::unique_ptr<Screen> sit_down(Desk& desk, const Ready& ready, const std::shared_ptr<BegunSession>& begun) {
    ExamSitting& exam = *desk.exam;
    const training::ExamPackage& package = exam.seat.package;
    exam.sealer = ready.sealer;
    const auto stood = static_cast<double>(training::stood_ms(begun->before.events)) / 1e3;
    exam.clock.emplace(package.time_limit_s, package.pause_limit_s, package.resume_limit_s,
                       ExamClock::Used{begun->before.duration(), static_cast<double>(exam.seat.next.paused_s), stood});
    exam.live = std::make_shared<LiveSession>(ready.stage, desk.sessions);
    const std::vector<input::ProcedureEvent> so_far = begun->before.events;
    exam.live->set_begun(begun);
    if (!is_visit(ready.stage->practice) || !ready.stage->procedure) return practice_screen(desk, ready.stage, ready.rubric);
    auto visit = std::make_shared<Visit>(ready.stage, ready.rubric, exam.live, so_far);
    return visit->step() == training::Step::needling ? practice_screen(desk, ready.stage, ready.rubric, visit) : visit_screen(desk, visit);
}

std::unique_ptr<Screen> start_page(Desk& desk, std::optional<Ready> ready);
std::unique_ptr<Screen> result_of_all(Desk& desk);

/// Last of all, so that the attempt's file begins when the candidate does. What is too old to be gone on with by now leads back.
std::unique_ptr<Screen> begin_recording(Desk& desk, Ready ready) {
    const std::string source = pen_at_hand(desk);
    Work work = [exam = desk.exam, ready = std::move(ready), source](const face::Progress&) -> base::Result<Arrival> {
        ExamSeat& seat = exam->seat;
        if (base::Status held = training::check_time(seat.package, training::utc_now()); !held) return held.error();
        const base::Result<bool> still = seat.look_again();
        if (!still) return still.error();
        if (!*still) return Arrival{exam_screen};
        const auto header = training::make_header(*ready.stage, source, seat.candidate);
        exam->notes = std::make_shared<training::JournalNotes>(exam_notes(seat, ready.sealer));
        auto session = training::begin_attempt(seat.next, ready.stage, header, seat.program, ready.sealer, exam->notes.get());
        if (!session) return session.error();
        training::Recording so_far;
        if (seat.next.cut) so_far = seat.next.cut->recording;
        so_far.header = header;
        auto begun = std::make_shared<BegunSession>(
            BegunSession{std::move(*session), std::move(so_far), seat.next.file, static_cast<double>(seat.package.time_limit_s)});
        return Arrival{[ready, begun](Desk& there) { return sit_down(there, ready, begun); }};
    };
    return loading_screen(desk.words("exam.beginning"), std::move(work), false, exam_screen);
}

std::unique_ptr<Screen> arrive(Desk& desk, const Ready& ready) {
    if (auto status = desk.renderer->set_face(ready.stage->face, ready.rubric.no_go_margin_um); !status) {
        auto back = exam_screen(desk);
        desk.refuse(status.error());
        return back;
    }
    desk.find_tier(*ready.stage->face);
    return start_page(desk, ready);
}

/// The invigilator's passphrase opens the station's key, once for each attempt; meanwhile the face is loaded.
std::unique_ptr<Screen> open_station(Desk& desk, const std::shared_ptr<const Passphrase>& typed) {
    Work work = [exam = desk.exam, options = desk.options, typed](const face::Progress& progress) -> base::Result<Arrival> {
        const auto sealer = exam_sealer(exam->seat, typed->text());
        if (!sealer) return sealer.error();
        const auto stage = exam_stage(options, exam->seat, exam->device, progress);
        if (!stage) return stage.error();
        auto yardstick = training::load_yardstick(options.places, **stage);
        if (!yardstick) return yardstick.error();
        return Arrival{[ready = Ready{*stage, std::move(yardstick->held), *sealer}](Desk& there) { return arrive(there, ready); }};
    };
    return loading_screen(desk.words("exam.opening"), std::move(work), false, exam_screen);
}

// --- the start page ---

/// Names of things in the reader's language, in their order, each once.
template <typename Name>
std::string names_of(const std::vector<std::string>& ids, Name name) {
    std::vector<std::string> names;
    for (const std::string& id : ids)
        if (const std::string one = name(id); std::ranges::find(names, one) == names.end()) names.push_back(one);
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string pen_names(const Desk& desk) {
    return names_of(desk.exam->pens, [&](const std::string& kind) { return desk.words.name("pen_kind", kind); });
}

class ExamScreen : public Screen {
  public:
    ExamScreen(Desk& desk, std::optional<Ready> ready) : ready_(std::move(ready)) {
        const ExamSeat& seat = desk.exam->seat;
        if (const auto rubric = training::load_rubric(desk.options.places, seat.package.rubric)) desk.exam->pens = rubric->pens;
        spdlog::info("screen start exam {} attempt {}{}", seat.package.id, seat.next.attempt, ready_ ? " open" : "");
    }

    std::unique_ptr<Screen> frame(Desk& desk) override {
        const Style& style = desk.style;
        if (facts_.empty() || language_ != desk.options.places.language) gather(desk);
        const ImVec2 size{std::min(style.px(kPage), desk.width() - style.px(2 * kMargin)), desk.height() - style.px(2 * kMargin)};
        const bool narrow = desk.narrow();
        if (narrow) begin_whole_column(desk, "##exam_column");
        begin_panel("##exam", {(desk.width() - size.x) * 0.5f, style.px(kMargin)}, size, style);
        draw_head(desk);
        for (const Fact& fact : facts_) fact_row(style, fact.name, fact.value, style.px(kNames));
        ImGui::Dummy({0, style.px(8)});
        to_foot(style, style.px(ready_ ? 92 : 150));
        std::unique_ptr<Screen> next;
        if (desk.exam->seat.all_made())
            next = tell_the_end(desk);
        else
            next = ready_ ? ask_candidate(desk) : ask_invigilator(desk);
        end_panel(style);
        if (narrow) end_column(desk);
        return next;
    }

  private:
    struct Fact {
        std::string name, value;
    };

    void gather(const Desk& desk) {
        const base::Places& places = desk.options.places;
        const Words& words = desk.words;
        const ExamSeat& seat = desk.exam->seat;
        const training::ExamPackage& package = seat.package;
        language_ = places.language;
        const auto case_name = [&](const std::string& id) {
            const auto found = training::load_case(places, id);
            return found ? found->name : id;
        };
        const auto minutes = [&](const char* key, int seconds) { return words(key, fmt::arg("time", clock_text(seconds))); };
        std::vector<std::string> cases;
        for (const training::ExamCase& one : package.cases) cases.push_back(one.id);
        devices_.clear();
        for (const std::string& id : package.devices) {
            const auto device = skin::load_device(places, id);
            devices_.push_back(device ? device->name : id);
        }
        settle_device(desk);
        facts_ = {{words("exam.candidate"), seat.candidate}, {words("exam.station"), seat.station}, {words("exam.attempt"), attempt_words(desk)},
                  {words("exam.cases"), names_of(cases, case_name)},
                  {words("exam.devices"), fmt::format("{}", fmt::join(devices_, ", "))},
                  {words("exam.pens"), desk.exam->pens.empty() ? words("exam.any_pen") : pen_names(desk)},
                  {words("exam.time"), minutes("exam.time_told", package.time_limit_s)},
                  {words("exam.pauses"), package.pause_limit_s > 0 ? minutes("exam.pauses_told", package.pause_limit_s) : words("exam.no_pauses")},
                  {words("exam.power"), package.resume_limit_s > 0 ? minutes("exam.power_told", package.resume_limit_s) : words("exam.no_power")},
                  {words("exam.aids"), words("exam.no_aids")},
                  {words("exam.judged"), words("exam.judged_told")},
                  {words("exam.score"), words(package.tells_score ? "exam.score_told" : "exam.no_score")}};
    }

    /// What the attempt is made with unless another is chosen: as exam_stage() finds it.
    static void settle_device(const Desk& desk) {
        ExamSitting& exam = *desk.exam;
        const training::ExamPackage& package = exam.seat.package;
        if (!exam.device.empty() || exam.seat.all_made()) return;
        const auto practice = training::load_case(desk.options.places, package.case_of(exam.seat.next.attempt).id);
        const bool allowed = practice && std::ranges::find(package.devices, practice->device) != package.devices.end();
        exam.device = allowed ? practice->device : package.devices.front();
    }

    std::string attempt_words(const Desk& desk) const {
        const training::NextAttempt& next = desk.exam->seat.next;
        const int of = desk.exam->seat.package.attempts;
        if (desk.exam->seat.all_made()) return desk.words("exam.attempts_made", fmt::arg("of", of));
        if (!next.cut) return desk.words("exam.attempt_of", fmt::arg("attempt", next.attempt), fmt::arg("of", of));
        return desk.words("exam.goes_on", fmt::arg("attempt", next.attempt), fmt::arg("of", of),
                          fmt::arg("time", clock_text(next.cut->recording.duration())), fmt::arg("gap", clock_text(static_cast<double>(next.gap_s))));
    }

    void draw_head(Desk& desk) {
        const Style& style = desk.style;
        const ImVec2 corner = ImGui::GetCursorPos();
        const float width = ImGui::GetContentRegionAvail().x, side = in_column(style) ? width : style.px(150);
        ImGui::SetCursorPosX(corner.x + width - side);
        if (button(style, desk.words("settings.title"), {side, style.px(34)})) desk.settings_open = true;
        if (in_column(style)) return draw_title(desk, width);
        ImGui::SetCursorPos(corner);
        draw_title(desk, width - side - style.px(kGap));
    }

    static void draw_title(const Desk& desk, float width) {
        const Style& style = desk.style;
        const training::ExamPackage& package = desk.exam->seat.package;
        text(style.title, colour::kText, package.title, width);
        text(style.body, colour::kSoft, desk.words("exam.whose", fmt::arg("body", package.body_name), fmt::arg("exam", package.id)), width);
        if (!desk.exam->seat.next.told.empty()) text(style.body, colour::kAmber, desk.words("exam.ended"), width);
        if (const auto left = desk.exam->seat.journal->attempts_left()) text(style.body, colour::kAmber, desk.words("exam.journal_room", fmt::arg("left", *left)), width);
        ImGui::Dummy({0, style.px(6)});
    }

    static std::unique_ptr<Screen> tell_the_end(Desk& desk) {
        const Style& style = desk.style;
        const float width = ImGui::GetContentRegionAvail().x;
        text(style.strong, colour::kText, desk.words("exam.all_made"), width);
        ImGui::Dummy({0, style.px(4)});
        if (!desk.exam->seat.package.tells_score) return nullptr;
        return button(style, desk.words("exam.show_result"), {width, style.px(kWideButton)}, true) ? result_of_all(desk) : nullptr;
    }

    /// The station's passphrase, and with which of several devices the attempt is made.
    std::unique_ptr<Screen> ask_invigilator(Desk& desk) {
        const Style& style = desk.style;
        const float width = ImGui::GetContentRegionAvail().x;
        choose_device(desk);
        text(style.body, colour::kSoft, desk.words("exam.passphrase_told", fmt::arg("station", desk.exam->seat.station)), width);
        ImGui::SetNextItemWidth(width);
        if (std::exchange(first_, false)) ImGui::SetKeyboardFocusHere();
        const bool entered = typed_.field(style, "##passphrase", desk.words("exam.passphrase"));
        ImGui::Dummy({0, style.px(4)});
        const bool any = !typed_.empty();
        const bool opened = button(style, desk.words("exam.open"), {width, style.px(kWideButton)}, true, any) || entered;
        if (!opened || !any) return nullptr;
        desk.problem.clear();
        return open_station(desk, std::make_shared<const Passphrase>(typed_.take()));
    }

    void choose_device(Desk& desk) {
        ExamSitting& exam = *desk.exam;
        const std::vector<std::string>& ids = exam.seat.package.devices;
        if (ids.size() < 2 || exam.seat.next.cut) return;
        const Style& style = desk.style;
        const float gap = style.px(6);
        const ButtonRows rows = button_rows(style, devices_, ImGui::GetContentRegionAvail().x, gap);
        if (!in_column(style)) ImGui::SetCursorPosY(ImGui::GetCursorPosY() - style.px(62));
        text(style.body, colour::kSoft, desk.words("exam.with"));
        for (size_t i = 0; i < ids.size(); ++i) {
            if (i % static_cast<size_t>(rows.columns) != 0) ImGui::SameLine(0, gap);
            ImGui::PushID(static_cast<int>(i));
            if (chip(style, devices_[i], {rows.width, style.px(32)}, exam.device == ids[i])) exam.device = ids[i];
            ImGui::PopID();
        }
        ImGui::Dummy({0, style.px(2)});
    }

    std::unique_ptr<Screen> ask_candidate(Desk& desk) {
        const Style& style = desk.style;
        const float width = ImGui::GetContentRegionAvail().x;
        text(style.body, colour::kText, desk.words("exam.ready", fmt::arg("device", ready_->stage->device.name)), width);
        ImGui::Dummy({0, style.px(4)});
        const bool begins = button(style, desk.words(desk.exam->seat.next.cut ? "exam.go_on" : "exam.begin"), {width, style.px(kWideButton)}, true);
        if (!begins && !desk.pressed(keys::kEnter) && !desk.pressed(keys::kPadEnter)) return nullptr;
        desk.problem.clear();
        return begin_recording(desk, std::move(*ready_));
    }

    std::optional<Ready> ready_;
    std::vector<Fact> facts_;
    std::vector<std::string> devices_;  ///< names, in the package's order
    std::string language_;
    TypedSecret typed_;
    bool first_ = true;
};

std::unique_ptr<Screen> start_page(Desk& desk, std::optional<Ready> ready) {
    return std::make_unique<ExamScreen>(desk, std::move(ready));
}

// --- after an attempt ---

std::unique_ptr<Screen> result_of_all(Desk& desk) {
    Work work = [sitting = desk.exam, options = desk.options](const face::Progress&) -> base::Result<Arrival> {
        HandedIn handed{sitting->seat.package.attempts};
        const base::Status told = score_handed_in(options, sitting->seat, sitting->seat.next.file, handed);
        return Arrival{[handed, told](Desk& there) { return handed_in_screen(there, handed, told); }};
    };
    return loading_screen(desk.words("exam.show_result"), std::move(work), false, exam_screen);
}

// --- the strip ---

struct Cell {
    std::string name, value;
};

/// s between the parts of an attempt so far.
int64_t gaps_of(const training::NextAttempt& next) {
    return next.cut ? next.cut->gaps_s + next.gap_s : 0;
}

std::vector<Cell> strip_of(const Desk& desk) {
    const Words& words = desk.words;
    const ExamSitting& exam = *desk.exam;
    const training::NextAttempt& next = exam.seat.next;
    const std::string code = code_words(exam.sealer->mark());
    std::vector<Cell> cells = {{words("exam.station"), exam.seat.station},
            {words("exam.candidate"), exam.seat.candidate},
            {words("exam.attempt"), words("exam.attempt_of", fmt::arg("attempt", next.attempt), fmt::arg("of", exam.seat.package.attempts))},
            {words("exam.used"), clock_text(exam.clock->used())},
            {words("exam.left"), clock_text(exam.clock->left())},
            {words("exam.gap"), clock_text(static_cast<double>(gaps_of(next)))},
            {words("exam.code"), code.empty() ? words("exam.no_code") : code}};
    if (exam.stood > 0) cells.insert(cells.end() - 1, {words("exam.stood"), clock_text(exam.stood)});
    return cells;
}

/// Between `left` and `right`, and ending at `foot`, px; in as many rows as its cells need. Returns where it begins.
float draw_strip(const Desk& desk, float left, float right, float foot) {
    const Style& style = desk.style;
    const float gap = style.px(16), pad = style.px(12), row = style.px(kStripRow), room = right - left - 2 * pad;
    struct Placed {
        float x, width;
        int row;
    };
    const std::vector<Cell> cells = strip_of(desk);
    std::vector<Placed> placed;
    float x = 0;
    int rows = 1;
    for (const Cell& cell : cells) {
        const float width = std::min(room, std::max(text_size(style.body, cell.name).x, text_size(style.strong, cell.value).x));
        if (x > 0 && x + width > room) x = 0, ++rows;
        placed.push_back({x, width, rows - 1});
        x += width + gap;
    }
    ImDrawList& draw = *ImGui::GetForegroundDrawList();
    const float top = foot - static_cast<float>(rows) * row - style.px(kMargin);
    draw.AddRectFilled({left, top}, {right, foot - style.px(kMargin)}, IM_COL32(10, 12, 14, 235), style.px(8));
    for (size_t i = 0; i < cells.size(); ++i) {
        const ImVec2 at{left + pad + placed[i].x, top + static_cast<float>(placed[i].row) * row + style.px(4)};
        draw.AddText(style.body, style.body->FontSize, at, colour::kSoft, fit(style.body, cells[i].name, placed[i].width + 1).c_str());
        draw.AddText(style.strong, style.strong->FontSize, {at.x, at.y + style.px(1) + style.body->FontSize}, colour::kText,
                     fit(style.strong, cells[i].value, placed[i].width + 1).c_str());
    }
    return top;
}

}  // namespace

std::unique_ptr<Screen> exam_screen(Desk& desk) {
    return start_page(desk, std::nullopt);
}

ExamTime keep_exam_time(Desk& desk, const SessionView& view, float left, float right) {
    const std::chrono::duration<double> now = std::chrono::steady_clock::now().time_since_epoch();
    desk.exam->clock->tick(now.count(), view.clock, view.stood);
    desk.exam->stood = view.stood;
    const Seen seen = desk.seen(left, right);  // of a page that is larger than the window a part
    const float top = desk.narrow() ? seen.foot - desk.style.px(kMargin) : draw_strip(desk, seen.left, seen.right, seen.foot);
    return {desk.exam->clock->over(), top};
}

void list_exam(const Desk& desk) {
    const Style& style = desk.style;
    begin_panel("##strip", {0, 0}, {0, 0}, style);
    const float width = ImGui::GetContentRegionAvail().x;
    for (const Cell& cell : strip_of(desk)) ImGui::Dummy({width, draw_pair(style, ImGui::GetCursorScreenPos(), width, cell.name, cell.value)});
    end_panel(style);
}

std::unique_ptr<Screen> hand_in(Desk& desk, const SessionView& last) {
    ExamSitting& exam = *desk.exam;
    const training::NextAttempt& next = exam.seat.next;
    const HandedIn known{next.attempt, exam.sealer->mark(), HandedIn::Kept{last.file, last.clock, static_cast<double>(gaps_of(next)), exam.stood}};
    exam.live.reset();
    exam.device.clear();  // the next patient may be another's
    Work work = [sitting = desk.exam, options = desk.options, known, file = last.file, problem = last.problem](const face::Progress&) -> base::Result<Arrival> {
        const base::Status noted = sitting->notes->note(problem ? training::JournalEntry::What::cut_off : training::JournalEntry::What::handed_in);
        if (base::Status looked = sitting->seat.look(); !looked) return looked.error();
        if (problem)
            return Arrival{[problem](Desk& there) {
                auto page = exam_screen(there);
                there.refuse(*problem);
                return page;
            }};
        stamp_closed_session(file);
        HandedIn handed = known;
        handed.kept->noted = bool(noted);
        const base::Status told = score_handed_in(options, sitting->seat, file, handed);
        return Arrival{[handed, told = noted ? told : noted](Desk& there) { return handed_in_screen(there, handed, told); }};
    };
    return loading_screen(desk.words("exam.handing_in"), std::move(work), false, exam_screen);
}

std::unique_ptr<Screen> break_off(Desk& desk, LiveSession& live, const SessionView& last) {
    live.break_off();
    return hand_in(desk, last);
}

std::string wrong_pen_words(const Desk& desk) {
    return desk.words("exam.wrong_pen", fmt::arg("pens", pen_names(desk)));
}

}  // namespace app
