#include "training/core/lesson.h"

#include "engine/base/toml.h"
#include "engine/base/translation.h"
#include "engine/skin/device_profile.h"
#include "training/core/case_change.h"
#include "training/core/case_names.h"
#include "training/core/coach.h"
#include "training/core/metrics.h"
#include "training/core/toml_edits.h"
#include "training/core/toml_lists.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace training {

namespace fs = base::fs;

namespace {

constexpr const char* kTasks[] = {"hold", "glide", "cover", "press"};
constexpr double kLongest_s = 60 * 60;

bool is_lesson_id(std::string_view id) {
    return !id.empty() && id.size() <= 64 && id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string_view::npos;
}

template <typename List>
bool holds(const List& list, std::string_view entry) {
    return std::find(std::begin(list), std::end(list), entry) != std::end(list);
}

int64_t thousandths(double value) { return std::llround(value * 1000); }

LessonTask read_task(base::TomlReader& reader) {
    LessonTask task;
    const std::string kind = reader.text("kind");
    const auto found = std::find(std::begin(kTasks), std::end(kTasks), kind);
    if (found == std::end(kTasks)) reader.refuse("kind", "must be one of {}", fmt::join(kTasks, ", "));
    else task.kind = static_cast<TaskKind>(found - std::begin(kTasks));
    task.amount = reader.number("amount", 0.1, 10'000);
    if (task.kind == TaskKind::cover && task.amount > 100) reader.refuse("amount", "is a percentage: at most 100");
    if (task.kind == TaskKind::hold) task.within = reader.number("within_mm", 1, 50) * 1e-3;
    task.ends = reader.boolean_or("ends", false);
    return task;
}

LessonTarget read_target(base::TomlReader& reader, const Rubric& rubric, std::string& id) {
    LessonTarget target;
    target.criterion = id = reader.text("criterion");
    const auto line = std::find_if(rubric.criteria.begin(), rubric.criteria.end(), [&](const Criterion& c) { return c.id == id; });
    if (line == rubric.criteria.end()) {
        std::vector<std::string> known;
        for (const Criterion& criterion : rubric.criteria) known.push_back(criterion.id);
        reader.refuse("criterion", "the rubric '{}' has no line '{}'; it has {}", rubric.id, id, fmt::join(known, ", "));
    }
    if (!reader.has("target")) return target;
    const std::vector<double> full = reader.numbers("target", 2, -1e6, 1e6);
    const std::vector<double> nearly = reader.has("nearly") ? reader.numbers("nearly", 2, -1e6, 1e6) : full;
    target.basis = reader.text("basis");
    target.source = reader.text("source");
    if (full.size() != 2 || nearly.size() != 2) return target;
    target.band = Band{thousandths(nearly[0]), thousandths(full[0]), thousandths(full[1]), thousandths(nearly[1])};
    if (full[0] > full[1]) reader.refuse("target", "the first number must not exceed the second");
    if (nearly[0] > full[0] || nearly[1] < full[1]) reader.refuse("nearly", "must hold the target");
    return target;
}

void read_aids(Lesson& lesson, base::TomlReader& reader, std::vector<std::vector<std::string>> fade) {
    static constexpr const char* kOverlays[] = {"coverage", "evenness", "depth", "pressure"};
    lesson.overlay = reader.text_or("overlay", "");
    if (!lesson.overlay.empty() && !holds(kOverlays, lesson.overlay))
        reader.refuse("overlay", "must be one of {}", fmt::join(kOverlays, ", "));
    lesson.guide_rows = reader.has("guide_rows") ? reader.integer("guide_rows", 0, 100) : 0;
    lesson.back_after = reader.has("back_after") ? reader.integer("back_after", 1, 100) : lesson.back_after;
    lesson.fade = std::move(fade);
    if (lesson.fade.empty()) lesson.fade = {{}};
    for (const std::string& cue : lesson.cues)
        if (base::Result<CueSet> known = parse_cues(cue); !known) reader.refuse("cues", known.error());
    for (const auto& step : lesson.fade)
        for (const std::string& aid : step) {
            if (!holds(lesson_aids(), aid))
                reader.refuse("fade", "there is no aid '{}'; there are {}", aid, fmt::join(lesson_aids(), ", "));
            if (aid == "cues" && lesson.cues.empty()) reader.refuse("fade", "gives cues, and [aids] names none; add cues = [\"tilt\"]");
            if (aid == "overlay" && lesson.overlay.empty())
                reader.refuse("fade", "gives an overlay, and [aids] names none; add overlay = \"coverage\"");
        }
}

/// What the lesson names must be there.
base::Status check_case(const base::Places& places, Lesson& lesson, const std::vector<std::string>& zones_at, base::TomlReader& reader) {
    const base::Result<Case> practice = load_case(places, lesson.practice);
    if (!practice) {
        reader.refuse("case", practice.error());
        return {};
    }
    if (lesson.zones.empty()) lesson.zones = practice->zones;
    for (size_t i = 0; i < lesson.zones.size(); ++i)
        if (!holds(practice->zones, lesson.zones[i]))
            return base::error("{}: zones: the case '{}' does not treat '{}'; it treats {}", zones_at[i], lesson.practice, lesson.zones[i],
                               fmt::join(practice->zones, ", "));
    if (!lesson.device.empty())
        if (const auto device = skin::load_device(places, lesson.device); !device) reader.refuse("device", device.error());
    return {};
}

base::Result<Lesson> read_table(const base::Places& places, toml::table& table, const fs::path& file) {
    Lesson lesson;
    lesson.file = file;
    TomlLists arrays(table, file.string());
    std::vector<std::string> zones_at;
    lesson.zones = arrays.texts("zones", &zones_at);
    std::vector<std::vector<std::string>> fade;
    if (toml::table* aids = table["aids"].as_table()) {
        TomlLists inner(*aids, file.string());
        lesson.cues = inner.texts("cues");
        lesson.guide_directions = inner.numbers("guide_directions", -180, 180);
        fade = inner.lists("fade");
        if (base::Status good = inner.status(); !good) return good.error();
    }
    if (base::Status good = arrays.status(); !good) return good.error();

    base::TomlReader reader(table, file.string());
    reader.integer("version", 1, 1);
    lesson.id = reader.text("id");
    if (!is_lesson_id(lesson.id)) reader.refuse("id", "must be made of a-z, 0-9, - and _");
    lesson.order = reader.integer("order", 1, 10'000);
    lesson.author = reader.text_or("author", "");
    lesson.title = reader.text("title");
    lesson.goal = reader.text("goal");
    lesson.text = reader.text("text");
    lesson.know = reader.text_or("know", "");
    lesson.picture = reader.text("picture");
    if (!holds(lesson_pictures(), lesson.picture))
        reader.refuse("picture", "there is no picture '{}'; there are {}", lesson.picture, fmt::join(lesson_pictures(), ", "));
    lesson.source = reader.text("source");
    lesson.practice = reader.text("case");
    lesson.device = reader.text_or("device", "");
    lesson.rubric = reader.text_or("rubric", "");
    if (reader.has("depth_mm")) lesson.depth_um = static_cast<uint16_t>(std::lround(reader.number("depth_mm", 0, 3) * 1000));
    lesson.time_limit = reader.number("time_limit_s", 5, kLongest_s);
    lesson.next = reader.text_or("next", "");
    if (reader.has("points")) lesson.points = static_cast<int32_t>(std::lround(reader.number("points", 1, 100) * 100));
    if (base::Status good = check_case(places, lesson, zones_at, reader); !good) return good.error();

    base::TomlReader task(reader.table("task"), file.string());
    lesson.task = read_task(task);
    std::string rubric_id = lesson.rubric;
    if (rubric_id.empty())
        if (const auto practice = load_case(places, lesson.practice)) rubric_id = practice->rubric;
    const base::Result<Rubric> rubric = load_rubric(places, rubric_id);
    if (!rubric) reader.refuse("rubric", rubric.error());
    for (const toml::table* entry : reader.tables("target")) {
        base::TomlReader inner(*entry, file.string());
        std::string id;
        LessonTarget target = read_target(inner, rubric ? *rubric : Rubric(), id);
        if (std::any_of(lesson.targets.begin(), lesson.targets.end(), [&](const LessonTarget& t) { return t.criterion == id; }))
            inner.refuse("criterion", "'{}' counts already", id);
        if (base::Status good = inner.status(); rubric && !good) return good.error();
        lesson.targets.push_back(std::move(target));
    }
    if (lesson.targets.empty()) reader.refuse("target", "missing; add [[target]] with the id of a line of the rubric");
    if (reader.has("aids")) {
        base::TomlReader aids(reader.table("aids"), file.string());
        read_aids(lesson, aids, std::move(fade));
        if (base::Status good = aids.status(); !good) return good.error();
    } else {
        lesson.fade = {{}};
    }
    if (base::Status good = task.status(); !good) return good.error();
    if (base::Status good = reader.status(); !good) return good.error();
    return lesson;
}

std::string texts_of(const std::vector<std::string>& words) {
    std::string out = "[";
    for (const std::string& word : words) out += (out.size() > 1 ? ", " : "") + base::toml_text(word);
    return out + "]";
}

/// Where a key stands, for a mistake that only the list of all shows.
std::string where_in(const Lesson& lesson, std::string_view key) {
    const auto table = base::read_toml(lesson.file);
    return table ? base::TomlReader(*table, lesson.file.string()).where(key) : lesson.file.string();
}

}  // namespace

const char* task_name(TaskKind kind) { return kTasks[static_cast<size_t>(kind)]; }

const std::vector<std::string>& lesson_aids() {
    static const std::vector<std::string> aids = {"cues", "ghost", "guide", "overlay", "fingers"};
    return aids;
}

const std::vector<std::string>& lesson_pictures() {
    static const std::vector<std::string> pictures = {"hold", "press", "row",  "rows", "cross", "curve",  "taut",
                                                      "bone", "nose",  "spare", "half", "roller", "stamp", "face"};
    return pictures;
}

base::Result<Lesson> parse_lesson(const base::Places& places, const std::string& text, const fs::path& file) {
    base::Result<toml::table> table = base::parse_toml(text, file.string());
    if (!table) return table.error();
    base::translate(*table, places, fs::path("lessons") / file.filename());
    base::Result<Lesson> lesson = read_table(places, *table, file);
    if (lesson) lesson->hash = base::sha256(text);
    return lesson;
}

base::Result<Lesson> read_lesson(const base::Places& places, const fs::path& file) {
    const base::Result<std::string> text = base::read_text(file, 1u << 20);
    if (!text) return text.error();
    return parse_lesson(places, *text, file);
}

namespace {

using Keys = std::vector<LessonKey>;

std::optional<std::string> quoted(const std::string& words) { return words.empty() ? std::nullopt : std::optional(base::toml_text(words)); }

Keys target_keys(const LessonTarget& target) {
    Keys keys = {{"criterion", base::toml_text(target.criterion)}};
    const auto& band = target.band;
    keys.push_back({"target", band ? std::optional(range_text(band->target_low, band->target_high)) : std::nullopt});
    keys.push_back({"nearly", band ? std::optional(range_text(band->warn_low, band->warn_high)) : std::nullopt});
    keys.push_back({"basis", band ? quoted(target.basis) : std::nullopt});
    keys.push_back({"source", band ? quoted(target.source) : std::nullopt});
    return keys;
}

}  // namespace

LessonKeys lesson_keys(const Lesson& lesson) {
    LessonKeys keys;
    const auto number = [](auto value) { return std::optional(fmt::format("{}", value)); };
    keys.root = {{"id", quoted(lesson.id)},
                 {"order", number(lesson.order)},
                 {"author", quoted(lesson.author)},
                 {"title", quoted(lesson.title)},
                 {"goal", quoted(lesson.goal)},
                 {"text", quoted(lesson.text)},
                 {"know", quoted(lesson.know)},
                 {"picture", quoted(lesson.picture)},
                 {"source", quoted(lesson.source)},
                 {"case", quoted(lesson.practice)},
                 {"zones", lesson.zones.empty() ? std::nullopt : std::optional(texts_of(lesson.zones))},
                 {"device", quoted(lesson.device)},
                 {"depth_mm", lesson.depth_um ? number(*lesson.depth_um * 1e-3) : std::nullopt},
                 {"rubric", quoted(lesson.rubric)},
                 {"time_limit_s", number(lesson.time_limit)},
                 {"next", quoted(lesson.next)},
                 {"points", lesson.points ? number(*lesson.points * 0.01) : std::nullopt}};
    const bool holds_still = lesson.task.kind == TaskKind::hold;
    keys.task = {{"kind", base::toml_text(task_name(lesson.task.kind))},
                 {"amount", number(lesson.task.amount)},
                 {"within_mm", holds_still ? number(std::round(lesson.task.within * 1e6) * 1e-3) : std::nullopt},
                 {"ends", lesson.task.ends ? "true" : "false"}};
    for (const LessonTarget& target : lesson.targets) keys.targets.push_back(target_keys(target));
    std::vector<std::string> steps;
    for (const auto& step : lesson.fade) steps.push_back(texts_of(step));
    keys.aids = {{"cues", texts_of(lesson.cues)},
                 {"overlay", quoted(lesson.overlay)},
                 {"guide_directions", fmt::format("[{}]", fmt::join(lesson.guide_directions, ", "))},
                 {"guide_rows", number(lesson.guide_rows)},
                 {"fade", fmt::format("[{}]", fmt::join(steps, ", "))},
                 {"back_after", number(lesson.back_after)}};
    return keys;
}

std::string lines_of(const std::vector<LessonKey>& keys) {
    std::string lines;
    for (const LessonKey& key : keys)
        if (key.value) lines += fmt::format("{} = {}\n", key.name, *key.value);
    return lines;
}

std::string lesson_text(const Lesson& lesson) {
    const LessonKeys keys = lesson_keys(lesson);
    std::string out = "version = 1\n" + lines_of(keys.root) + "\n[task]\n" + lines_of(keys.task);
    for (const auto& target : keys.targets) out += "\n[[target]]\n" + lines_of(target);
    return out + "\n[aids]\n" + lines_of(keys.aids);
}

base::Status check_own_lesson(const base::Places& places, const Lesson& lesson, const fs::path& file) {
    std::error_code trouble;
    const fs::path shipped = fs::weakly_canonical(places.data / "lessons", trouble);
    const fs::path folder = fs::weakly_canonical(fs::absolute(file, trouble).parent_path(), trouble);
    if (folder == shipped)
        return base::error("{}: lessons that come with the program are locked; write the copy elsewhere", file.string());
    if (lesson.author.empty()) return base::error("{}: a lesson of one's own names its author", file.string());
    return {};
}

base::Status write_lesson(const base::Places& places, const Lesson& lesson, const fs::path& file) {
    if (base::Status own = check_own_lesson(places, lesson, file); !own) return own;
    const std::string text = lesson_text(lesson);
    const base::Result<Lesson> back = parse_lesson(places, text, file);
    if (!back) return back.error();
    return base::write_file(file, std::string_view(text));
}

namespace {

/// Cases by what they name, each looked up once.
class SoundCases {
  public:
    explicit SoundCases(const base::Places& places) : places_(places), names_(places) {}

    const base::Status& check(const std::string& id) {
        auto known = told_.find(id);
        if (known != told_.end()) return known->second;
        const base::Result<Case> practice = load_case(places_, id);
        return told_.emplace(id, practice ? names_.check(*practice) : base::Status(practice.error())).first->second;
    }

  private:
    const base::Places& places_;
    CaseNames names_;
    std::map<std::string, base::Status> told_;
};

}  // namespace

std::vector<Lesson> list_lessons(const base::Places& places, const fs::path& own, std::vector<base::Error>& problems) {
    SoundCases cases(places);
    std::vector<Lesson> lessons;
    std::set<std::string> there;  // broken or not
    for (const fs::path& folder : {places.data / "lessons", own}) {
        const auto first = static_cast<ptrdiff_t>(lessons.size());
        const base::Result<std::vector<fs::path>> files = base::toml_files(folder);
        if (!files) problems.push_back(files.error());
        for (const fs::path& file : files ? *files : std::vector<fs::path>()) {
            base::Result<Lesson> one = read_lesson(places, file);
            there.insert(one ? one->id : file.stem().string());
            if (!one) {
                problems.push_back(one.error());
            } else if (const base::Status& sound = cases.check(one->practice); !sound) {
                problems.push_back(base::error("{}: {}: {}", where_in(*one, "case"), "case", sound.error()));
            } else if (find_lesson(lessons, one->id)) {
                problems.push_back(base::error("{}: id: there is a lesson '{}' already; give this one another id", where_in(*one, "id"), one->id));
            } else if (folder == own && one->shipped()) {
                problems.push_back(base::error("{}: author: missing; a lesson of one's own names its author", where_in(*one, "id")));
            } else {
                lessons.push_back(std::move(*one));
            }
        }
        std::stable_sort(lessons.begin() + first, lessons.end(), [](const Lesson& a, const Lesson& b) { return a.order < b.order; });
    }
    for (const Lesson& lesson : lessons)
        if (!lesson.next.empty() && !there.contains(lesson.next))
            problems.push_back(base::error("{}: next: there is no lesson '{}'", where_in(lesson, "next"), lesson.next));
    return lessons;
}

const Lesson* find_lesson(const std::vector<Lesson>& lessons, std::string_view id) {
    const auto found = std::find_if(lessons.begin(), lessons.end(), [&](const Lesson& one) { return one.id == id; });
    return found == lessons.end() ? nullptr : &*found;
}

const Lesson* next_lesson(const std::vector<Lesson>& lessons, const Lesson& lesson) {
    if (lesson.next.empty()) return nullptr;
    if (const Lesson* named = find_lesson(lessons, lesson.next)) return named;
    const Lesson* here = find_lesson(lessons, lesson.id);
    return here && here + 1 < lessons.data() + lessons.size() ? here + 1 : nullptr;
}

base::Result<Case> lesson_case(const base::Places& places, const Lesson& lesson) {
    return changed_case(places, lesson.practice, {lesson.zones, lesson.device, lesson.rubric, std::max(0.1, lesson.time_limit / 60)});
}

}  // namespace training
