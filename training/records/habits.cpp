#include "training/records/habits.h"

#include "engine/base/toml.h"
#include "training/core/xapi.h"

namespace records {

base::Result<Habits> read_habits(const base::fs::path& file) {
    std::error_code trouble;
    if (!base::fs::exists(file, trouble) && !trouble) return Habits{};
    base::Result<toml::table> table = base::read_toml(file);
    if (!table) return table.error();
    base::TomlReader reader(*table, file.string());
    reader.integer("version", 1, 1);
    Habits habits{reader.text_or("url", ""), reader.text_or("station", ""), reader.text_or("lrs", ""), reader.text_or("home", "")};
    if (base::Status status = reader.status(); !status) return status.error();
    if (base::Status home = habits.home.empty() ? base::Status() : training::check_frame({habits.home, "anyone", {}, {}}); !home)
        return base::error("{}: home: {}", file.string(), home.error());
    return habits;
}

}  // namespace records
