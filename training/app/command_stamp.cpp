// stamp: a time-stamping authority's word for when sealed sessions were closed.

#include "training/app/commands.h"
#include "training/app/console.h"
#include "training/app/stamping.h"

#include "training/records/time_authority.h"

namespace app {

void stamp_closed_session(const base::fs::path& recording) {
    const base::fs::path folder = training::keys_folder();
    const auto place = training::read_stamp_place(folder);
    if (place && place->empty()) return;
    const auto trust = training::read_trust(folder);
    const auto stamped = !place   ? base::Result<std::string>(place.error())
                         : !trust ? base::Result<std::string>(trust.error())
                                  : records::stamp_recording(recording, *place, *trust);
    if (stamped)
        fmt::print("{}\n", plain(*stamped));
    else
        refuse(base::Error{plain(stamped.error().message)});
}

int stamp(const StampArguments& arguments) {
    const base::fs::path folder = training::keys_folder();
    const auto configured = training::read_stamp_place(folder);
    if (!configured) return refuse(configured.error());
    const std::string& url = arguments.url.empty() ? *configured : arguments.url;
    if (url.empty())
        return refuse(base::error("no time-stamping authority is named; give its address with --url, or as url = \"…\" in {}", (folder / "timestamp.toml").string()));
    const auto trust = training::read_trust(folder);
    if (!trust) return refuse(trust.error());
    int exit = kDone;
    for (const std::string& file : arguments.recordings) {
        const auto stamped = records::stamp_recording(file, url, *trust);
        if (stamped)
            fmt::print("{}: {}\n", file, plain(*stamped));
        else
            exit = refuse(base::Error{plain(stamped.error().message)});
    }
    return exit;
}

}  // namespace app
