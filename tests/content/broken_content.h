#pragma once

// A copy of the content that ships, in a folder of its own, to be broken.

#include "engine/base/files.h"
#include "training/core/content.h"

#include <gtest/gtest.h>

#include <stdlib.h>

namespace content_test {

namespace fs = base::fs;

class BrokenContent : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "evenhand-content-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        places_.data = folder_ / "content";
        places_.cache = folder_ / "cache";
        places_.faces = folder_ / "faces";
        fs::create_directories(places_.faces);
        fs::copy(fs::path(EVENHAND_SOURCE_DIR) / "content", places_.data, fs::copy_options::recursive);
        own_ = {folder_ / "lessons", folder_ / "rubrics"};
    }
    void TearDown() override { fs::remove_all(folder_); }

    void put(const fs::path& file, const std::string& text) {
        fs::create_directories(file.parent_path());
        EXPECT_TRUE(base::write_file(file, std::string_view(text)));
    }
    /// In a file of the content.
    void change(const std::string& file, const std::string& from, const std::string& to) {
        std::string text = *base::read_text(places_.data / file);
        const size_t at = text.find(from);
        ASSERT_NE(at, std::string::npos) << file << ": " << from;
        put(places_.data / file, text.replace(at, from.size(), to));
    }
    std::vector<std::string> told() const {
        std::vector<std::string> sentences;
        for (const base::Error& mistake : training::content_mistakes(places_, own_)) sentences.push_back(mistake.message);
        return sentences;
    }
    fs::path folder_;
    base::Places places_;
    training::OwnContent own_;
};

}  // namespace content_test
