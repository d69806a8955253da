#include "training/app/station_records.h"

#include "training/app/session_files.h"

namespace app {

base::Result<records::Place> store_place(const std::string& db) {
    return records::parse_place(db.empty() ? records_file().string() : db);
}

base::Status check_there(const records::Place& place) {
    std::error_code ignored;
    if (place.is_server() || base::fs::exists(place.file, ignored)) return {};
    return base::error("{}: no such store; check the name, or make it with `evenhand records setup --db FILE`", place.name());
}

base::Result<records::Store> open_store(const std::string& db) {
    base::Result<records::Place> place = store_place(db);
    if (!place) return place.error();
    if (base::Status there = db.empty() ? base::Status() : check_there(*place); !there) return there.error();
    return records::Store::open(*place);
}

}  // namespace app
