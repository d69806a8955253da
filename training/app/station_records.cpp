#include "training/app/station_records.h"

#include "training/app/session_files.h"

namespace app {

base::Status check_there(const std::string& db, const records::Place& place) {
    std::error_code ignored;
    if (db.empty() || place.is_server() || base::fs::exists(place.file, ignored)) return {};
    return base::error("{}: no such store; check the name, or make it with `evenhand records setup --db FILE`", place.name());
}

base::Result<records::Store> open_store(const std::string& db) {
    base::Result<records::Place> place = records::parse_place(db.empty() ? records_file().string() : db);
    if (!place) return place.error();
    if (base::Status there = check_there(db, *place); !there) return there.error();
    return records::Store::open(*place);
}

}  // namespace app
