#include "training/app/station_journals.h"

namespace app {

base::Result<std::vector<training::Journal>> read_journals(const std::vector<std::string>& files) {
    std::vector<training::Journal> journals;
    for (const std::string& file : files) {
        auto journal = training::load_journal(file);
        if (!journal) return journal.error();
        journals.push_back(std::move(*journal));
    }
    return journals;
}

}  // namespace app
