// The folder list is the flow of data: a file includes only what lies upstream of it, or a service.

#include "engine/base/files.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>

namespace {

namespace fs = base::fs;

struct Layer {
    int rank;
    bool draws;  ///< may include what needs Vulkan
};

// Services come first; the rest is design.md 1's sentence.
const std::map<std::string, Layer> kLayers = {
    {"shaders/shared", {0, false}}, {"engine/base", {1, false}},  {"engine/gpu", {2, true}},   {"engine/sound", {2, false}},
    {"engine/mesh", {3, false}},    {"engine/face", {4, false}},  {"engine/input", {5, false}},
    {"engine/skin", {6, false}},    {"engine/track", {7, false}}, {"engine/render", {8, true}},
    {"training/core", {9, false}},  {"training/records", {10, false}},
    {"training/serve", {11, false}}, {"training/app", {12, true}}};

// The one file of a module that does not draw but may: the GPU side of the tallies.
bool is_tracks_gpu_side(const std::string& path) {
    return path.starts_with("engine/track/gpu_");
}

std::string layer_of(const std::string& path) {
    for (const auto& [folder, layer] : kLayers)
        if (path.starts_with(folder + "/")) return folder;
    return {};
}

struct Include {
    std::string file, target;
    int line;
};

std::vector<Include> all_includes() {
    std::vector<Include> includes;
    fs::path root = EVENHAND_SOURCE_DIR;
    std::regex pattern(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
    for (const char* top : {"engine", "training", "shaders"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            std::string extension = entry.path().extension();
            if (extension != ".h" && extension != ".cpp") continue;
            std::ifstream stream(entry.path());
            std::string text;
            for (int line = 1; std::getline(stream, text); ++line) {
                std::smatch match;
                if (std::regex_search(text, match, pattern))
                    includes.push_back({fs::relative(entry.path(), root), match[1], line});
            }
        }
    }
    return includes;
}

/// Why an include is not allowed; empty when it is.
std::string objection(const std::string& file, const std::string& target) {
    std::string from = layer_of(file), to = layer_of(target);
    if (from.empty()) return "lies in no known folder";
    const Layer& here = kLayers.at(from);
    bool may_draw = here.draws || is_tracks_gpu_side(file);
    if (!to.empty()) {
        const Layer& there = kLayers.at(to);
        if (there.rank > here.rank) return "points downstream";
        if ((there.draws || is_tracks_gpu_side(target)) && !may_draw) return "reaches for the GPU";
        return {};
    }
    if ((target.starts_with("vulkan") || target.find("vk_") == 0) && !may_draw) return "is Vulkan";
    if (target.find("GLFW") != std::string::npos && file != "engine/render/window.cpp") return "is GLFW";
    if (target.find("imgui") != std::string::npos && from != "engine/render" && from != "training/app") return "is ImGui";
    if ((target.starts_with("pqxx") || target.find("libpq") == 0) && from != "training/records") return "is PostgreSQL";
    if ((target == "httplib.h" || target.starts_with("openssl/ssl")) && from != "training/serve") return "is a server's";
    if (target.starts_with("AL/") && from != "engine/sound") return "is OpenAL";
    if (target.find("assimp") != std::string::npos && !file.starts_with("engine/mesh/import")) return "is Assimp";
    return {};
}

TEST(Structure, EveryIncludePointsUpstream) {
    std::vector<Include> includes = all_includes();
    ASSERT_GT(includes.size(), 100u);
    for (const Include& include : includes)
        EXPECT_EQ(objection(include.file, include.target), "")
            << include.file << ":" << include.line << " includes " << include.target;
}

TEST(Structure, TheRuleCatchesWhatItForbids) {
    EXPECT_NE(objection("engine/skin/contact.cpp", "engine/track/tracker.h"), "");
    EXPECT_NE(objection("training/core/score.cpp", "engine/render/scene_view.h"), "");
    EXPECT_NE(objection("training/core/score.cpp", "engine/gpu/device.h"), "");
    EXPECT_NE(objection("training/core/score.cpp", "engine/track/gpu_tracker.h"), "");
    EXPECT_NE(objection("engine/base/files.cpp", "engine/mesh/surface_mesh.h"), "");
    EXPECT_NE(objection("engine/skin/contact.cpp", "vulkan/vulkan.h"), "");
    EXPECT_NE(objection("engine/render/renderer.cpp", "GLFW/glfw3.h"), "");
    EXPECT_NE(objection("training/core/score.cpp", "training/records/store.h"), "");
    EXPECT_NE(objection("training/records/store.cpp", "training/app/commands.h"), "");
    EXPECT_NE(objection("training/app/main.cpp", "pqxx/pqxx"), "");
    EXPECT_NE(objection("training/serve/desk.cpp", "pqxx/pqxx"), "");
    EXPECT_NE(objection("training/records/store.cpp", "training/serve/desk.h"), "");
    EXPECT_NE(objection("training/app/main.cpp", "httplib.h"), "");
    EXPECT_NE(objection("training/app/sounds.cpp", "AL/al.h"), "");
    EXPECT_NE(objection("engine/sound/synth.cpp", "engine/gpu/device.h"), "");
    EXPECT_EQ(objection("engine/track/gpu_tracker.cpp", "engine/gpu/device.h"), "");
    EXPECT_EQ(objection("training/app/main.cpp", "engine/render/window.h"), "");
}

// libm's transcendental functions differ between machines; the evidence path calls base::det instead.
TEST(Structure, TheEvidencePathCallsNoTranscendentalFunctionOfLibm) {
    std::regex pattern(
        R"(\bstd::(exp|exp2|log|log2|log10|pow|sin|cos|tan|asin|acos|atan|atan2|cbrt|hypot|sinh|cosh|tanh|erf|tgamma|lgamma)\s*\()");
    std::regex generators(R"(\bstd::(mt19937|uniform_|normal_|random_device|shuffle\b|default_random))");
    fs::path root = EVENHAND_SOURCE_DIR;
    for (const char* folder : {"engine/mesh", "engine/face", "engine/skin", "engine/track", "training/core"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            if (!entry.is_regular_file()) continue;
            std::ifstream stream(entry.path());
            std::string text;
            for (int line = 1; std::getline(stream, text); ++line) {
                std::string code = text.substr(0, text.find("//"));
                EXPECT_FALSE(std::regex_search(code, pattern)) << entry.path() << ":" << line << ": " << text;
                EXPECT_FALSE(std::regex_search(code, generators)) << entry.path() << ":" << line << ": " << text;
            }
        }
    }
}

TEST(Structure, WhatScoresLinksNoVulkan) {
    std::ifstream stream(fs::path(EVENHAND_SOURCE_DIR) / "CMakeLists.txt");
    std::string text((std::istreambuf_iterator<char>(stream)), {});
    for (const char* module : {"base", "mesh", "face", "input", "skin", "track", "training", "records", "serve"}) {
        size_t at = text.find(std::string("evenhand_module(") + module + " ");
        ASSERT_NE(at, std::string::npos) << module;
        std::string call = text.substr(at, text.find("\nevenhand_module", at + 1) - at);
        EXPECT_EQ(call.substr(0, call.find(")\n")).find("Vulkan"), std::string::npos) << module;
    }
}

}  // namespace
