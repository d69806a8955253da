#include "training/core/recordings.h"

#include "engine/base/foreign_words.h"

#include <algorithm>

namespace training {

namespace fs = base::fs;

base::Result<std::vector<fs::path>> recordings_in(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code trouble;
    for (fs::directory_iterator entry(folder, trouble), end; !trouble && entry != end; entry.increment(trouble))
        if (entry->path().extension() == ".evh") files.push_back(entry->path());
    if (trouble) return base::error("cannot read the folder {}: {}", folder.string(), base::system_error(trouble));
    std::ranges::sort(files);
    return files;
}

base::Result<std::shared_ptr<const Stage>> Stages::of(const Recording& recording, const fs::path& file) {
    const RecordingHeader& said = recording.header;
    auto& stage = stages_[said.face.hex() + said.device.hex() + said.skin.hex() + base::sha256(said.case_text).hex()];
    if (!stage) {
        auto loaded = load_stage(places_, said);
        if (!loaded) return base::error("{}: {}", file.string(), loaded.error());
        stage = *loaded;
    }
    if (base::Status fits = check_fits(recording, *stage->face); !fits) return base::error("{}: {}", file.string(), fits.error());
    return stage;
}

}  // namespace training
