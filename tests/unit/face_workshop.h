#pragma once

// A folder of a test's own with content and cache, and pads to put there.

#include "engine/face/face_store.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace face_test {

namespace fs = base::fs;

inline const char* const kSmallPad = R"(version = 1
id = "small"
kind = "pad"
size_mm = [20, 15]
thickness_mm = 12.5
stiffness_kpa = 20
poisson = 0.45
)";

class Workshop {
  public:
    Workshop() {
        const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
        static int made = 0;
        std::string name = fmt::format("{}.{}.{}", test->test_suite_name(), test->name(), made++);
        std::replace(name.begin(), name.end(), '/', '.');
        root_ = fs::path(EVENHAND_BINARY_DIR) / "workshop" / name;
        fs::remove_all(root_);
        places.data = root_ / "content";
        places.cache = root_ / "cache";
        fs::create_directories(places.data / "faces");
        fs::create_directories(places.cache);
    }
    ~Workshop() { fs::remove_all(root_); }
    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;

    fs::path write(const std::string& name, std::string_view text) const {
        fs::path path = places.data / "faces" / name;
        EXPECT_TRUE(base::write_file(path, text));
        return path;
    }
    /// The only file in the cache.
    fs::path cached() const {
        std::vector<fs::path> files;
        for (const auto& entry : fs::recursive_directory_iterator(places.cache))
            if (entry.is_regular_file()) files.push_back(entry.path());
        EXPECT_EQ(files.size(), 1u);
        return files.empty() ? fs::path() : files[0];
    }
    const fs::path& root() const { return root_; }

    base::Places places;

  private:
    fs::path root_;
};

/// The project's own faces with a cache of the build's own.
inline base::Places project_places() {
    base::Places places;
    places.data = fs::path(EVENHAND_SOURCE_DIR) / "content";
    places.cache = fs::path(EVENHAND_BINARY_DIR) / "cache";
    return places;
}

inline std::shared_ptr<const face::FaceAsset> must_load(const base::Places& places, const std::string& id,
                                                        uint32_t vertices = 0) {
    auto asset = face::load(places, id, {}, vertices);
    EXPECT_TRUE(asset) << (asset ? "" : asset.error().message);
    return asset ? *asset : nullptr;
}

}  // namespace face_test
