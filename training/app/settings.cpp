#include "training/app/settings.h"

#include "engine/base/foreign_words.h"
#include "engine/base/toml.h"
#include "engine/base/user_folder.h"
#include "training/core/recording.h"

namespace app {

namespace {

constexpr const char* kTierNames[] = {"cpu", "low", "high"};

Settings read(base::TomlReader& reader, const std::string& file) {
    Settings settings;
    reader.integer("version", 1, 1);
    if (const std::string tier = reader.text_or("tier", "automatic"); tier != "automatic") {
        settings.tier = render::parse_tier(tier);
        if (!settings.tier) reader.refuse("tier", "give \"automatic\", \"cpu\", \"low\" or \"high\"");
    }
    if (reader.has("resolution")) settings.resolution = reader.number("resolution", 0.5, 1);
    settings.left_handed = reader.boolean_or("left_handed", false);
    if (reader.has("text_size")) settings.text_size = reader.number("text_size", 0.75, 3);
    settings.reduced_motion = reader.boolean_or("reduced_motion", false);
    settings.close_up = reader.boolean_or("close_up", false);
    settings.automatic_fingers = reader.boolean_or("automatic_fingers", false);
    settings.coach = reader.boolean_or("coach", true);
    settings.sound = reader.boolean_or("sound", false);
    settings.volume = reader.number_or("volume", settings.volume, 0.1, 1);
    settings.subtitles = reader.boolean_or("subtitles", false);
    settings.language = reader.text_or("language", "");
    settings.scan_folder = reader.text_or("scan_folder", "");
    settings.note_author = reader.text_or("note_author", "");
    settings.trainee = reader.text_or("trainee", "");
    if (base::Status code = training::check_trainee(settings.trainee); !code) reader.refuse("trainee", code.error());
    settings.pens = read_pen_settings(reader, file);
    return settings;
}

}  // namespace

base::fs::path settings_file() {
    return base::user_folder(base::UserFolder::config, "EVENHAND_CONFIG", "evenhand") / "settings.toml";
}

Settings load_settings(const base::fs::path& file, std::optional<base::Error>& problem) {
    std::error_code ignored;
    if (!base::fs::exists(file, ignored)) return {};
    const auto table = base::read_toml(file);
    base::Status status = table ? base::Status() : base::Status(table.error());
    if (table) {
        base::TomlReader reader(*table, file.string());
        const Settings settings = read(reader, file.string());
        status = reader.status();
        if (status) return settings;
    }
    problem = base::error("The settings are back to their defaults: {}.", status.error());
    return {};
}

base::Status save_settings(const base::fs::path& file, const Settings& settings) {
    std::string text = "# Chosen in Evenhand's settings. Deleting this file brings the defaults back.\nversion = 1\n";
    text += fmt::format("tier = \"{}\"\n",
                        settings.tier ? kTierNames[static_cast<size_t>(*settings.tier)] : "automatic");
    if (settings.resolution) text += fmt::format("resolution = {:.2f}\n", *settings.resolution);
    if (settings.text_size > 0) text += fmt::format("text_size = {:.2f}\n", settings.text_size);
    if (settings.reduced_motion) text += "reduced_motion = true\n";
    text += fmt::format("left_handed = {}\nclose_up = {}\nautomatic_fingers = {}\n", settings.left_handed,
                        settings.close_up, settings.automatic_fingers);
    text += fmt::format("coach = {}\nsound = {}\nvolume = {:.2f}\nsubtitles = {}\n", settings.coach, settings.sound,
                        settings.volume, settings.subtitles);
    if (!settings.language.empty()) text += fmt::format("language = {}\n", base::toml_text(settings.language));
    if (!settings.scan_folder.empty()) text += fmt::format("scan_folder = {}\n", base::toml_text(settings.scan_folder));
    if (!settings.note_author.empty()) text += fmt::format("note_author = {}\n", base::toml_text(settings.note_author));
    if (!settings.trainee.empty()) text += fmt::format("trainee = {}\n", base::toml_text(settings.trainee));
    text += write_pen_settings(settings.pens);
    std::error_code trouble;
    base::fs::create_directories(file.parent_path(), trouble);
    if (trouble)
        return base::error("{}: the folder for settings cannot be made ({}); name another with EVENHAND_CONFIG",
                           file.string(), base::system_error(trouble));
    return base::write_file(file, std::string_view(text));
}

}  // namespace app
