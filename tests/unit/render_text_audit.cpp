// Words that cannot be read are found in what is about to be drawn, and others are not.

#include "engine/render/text_audit.h"

#include <gmock/gmock.h>
#include <imgui.h>

#include <functional>

namespace {

using render::TextFault;

class TextAudit : public testing::Test {
  protected:
    TextAudit() {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.DisplaySize = {400, 300};
        io.DeltaTime = 1.0f / 60;
        io.Fonts->AddCustomRectFontGlyph(io.Fonts->AddFontDefault(), 0x2026, 12, 4, 13, {0, 8});
        unsigned char* pixels = nullptr;
        int width = 0, height = 0;
        io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
        ImGui::GetStyle().WindowPadding = {4, 4};
    }
    ~TextAudit() override { ImGui::DestroyContext(); }

    /// What is wrong in the third of frames that draw this: windows know their size by then.
    static std::vector<TextFault::Kind> kinds(const std::function<void()>& draw) {
        for (int i = 0; i < 3; ++i) {
            ImGui::NewFrame();
            draw();
            ImGui::Render();
        }
        std::vector<TextFault::Kind> all;
        for (const TextFault& fault : render::text_faults(*ImGui::GetDrawData())) all.push_back(fault.kind);
        return all;
    }
    static void window(const char* name, ImVec2 at, ImVec2 size, int flags = 0) {
        ImGui::SetNextWindowPos(at);
        ImGui::SetNextWindowSize(size);
        ImGui::Begin(name, nullptr, flags | ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize);
    }
};

TEST_F(TextAudit, WordsWithRoomAreReadable) {
    EXPECT_THAT(kinds([] {
                    window("plain", {10, 10}, {200, 100});
                    ImGui::TextUnformatted("some words");
                    ImGui::TextUnformatted("and more below");
                    ImGui::Button("a button");
                    ImGui::End();
                }),
                testing::IsEmpty());
}

TEST_F(TextAudit, WordsBeyondAnEdgeThatDoesNotScrollAreCut) {
    const auto wide = [](int flags) {
        return [flags] {
            window("edge", {10, 10}, {80, 60}, flags);
            ImGui::TextUnformatted("far too long for a window of this width");
            ImGui::End();
        };
    };
    EXPECT_THAT(kinds(wide(ImGuiWindowFlags_NoScrollbar)), testing::ElementsAre(TextFault::Kind::cut));
    EXPECT_THAT(kinds(wide(ImGuiWindowFlags_HorizontalScrollbar)), testing::IsEmpty());
}

TEST_F(TextAudit, AListThatGetsABarForItsHeightIsNotCutInTheFrameInWhichItComes) {
    int rows = 3;
    const auto list = [&] {
        window("list", {10, 10}, {150, 100});
        for (int i = 0; i < rows; ++i) ImGui::Button("a row", {ImGui::GetContentRegionAvail().x, 0});
        ImGui::End();
    };
    EXPECT_THAT(kinds(list), testing::IsEmpty());
    for (rows = 30; rows < 35; ++rows) {
        ImGui::NewFrame();
        list();
        ImGui::Render();
        EXPECT_THAT(render::text_faults(*ImGui::GetDrawData()), testing::IsEmpty()) << rows;
    }
    const auto wide = [&] {
        window("list", {10, 10}, {150, 100});
        for (int i = 0; i < rows; ++i) ImGui::Button("a row", {148, 0});
        ImGui::End();
    };
    EXPECT_THAT(kinds(wide), testing::ElementsAre(TextFault::Kind::cut));
}

TEST_F(TextAudit, WordsBeyondTheDisplayAreCut) {
    EXPECT_THAT(kinds([] { ImGui::GetBackgroundDrawList()->AddText({390, 20}, IM_COL32_WHITE, "words"); }), testing::ElementsAre(TextFault::Kind::cut));
}

TEST_F(TextAudit, WordsOverWordsAreToldFromWordsBesideWords) {
    const auto at = [](float y) {
        return [y] {
            ImGui::GetBackgroundDrawList()->AddText({20, 20}, IM_COL32_WHITE, "one line");
            ImGui::GetBackgroundDrawList()->AddText({20, y}, IM_COL32_WHITE, "another");
        };
    };
    EXPECT_THAT(kinds(at(23)), testing::ElementsAre(TextFault::Kind::overlapping));
    EXPECT_THAT(kinds(at(20 + ImGui::GetIO().Fonts->Fonts[0]->FontSize)), testing::IsEmpty());
}

TEST_F(TextAudit, WhatIsFilledLaterCoversWordsAndWhatIsFilledBeforeDoesNot) {
    const auto fill = [] { ImGui::GetBackgroundDrawList()->AddRectFilled({10, 10}, {200, 60}, IM_COL32(40, 40, 40, 255)); };
    const auto words = [] { ImGui::GetBackgroundDrawList()->AddText({20, 20}, IM_COL32_WHITE, "words"); };
    EXPECT_THAT(kinds([&] { words(), fill(); }), testing::ElementsAre(TextFault::Kind::covered));
    EXPECT_THAT(kinds([&] { fill(), words(); }), testing::IsEmpty());
}

TEST_F(TextAudit, WordsThatEndInAnEllipsisAreShortenedUnlessTheyStandInFullOnTheSameScreen) {
    const auto draw = [](const char* beside, const char* below) {
        return [=] {
            ImGui::GetBackgroundDrawList()->AddText({20, 20}, IM_COL32_WHITE, beside);
            ImGui::GetBackgroundDrawList()->AddText({120, 20}, IM_COL32_WHITE, "she is preg\u2026");
            ImGui::GetBackgroundDrawList()->AddText({20, 50}, IM_COL32_WHITE, below);
        };
    };
    const auto shortened = testing::ElementsAre(TextFault::Kind::shortened);
    EXPECT_THAT(kinds(draw("", "")), shortened);
    EXPECT_EQ(render::text_faults(*ImGui::GetDrawData()).at(0).words, "sheispreg\u2026 ");
    EXPECT_THAT(kinds(draw("Ana", "she is peculiar")), shortened);
    EXPECT_THAT(kinds(draw("Ana", "she is preg\u2026")), shortened) << "shortened twice";
    EXPECT_THAT(kinds(draw("Ana", "Ana says\nshe is pregnant")), testing::IsEmpty());
}

TEST_F(TextAudit, WordsUnderAnOpaqueWindowAreNotMeantToBeRead) {
    EXPECT_THAT(kinds([] {
                    window("below", {10, 10}, {200, 100});
                    ImGui::TextUnformatted("some words");
                    ImGui::End();
                    ImGui::PushStyleColor(ImGuiCol_WindowBg, IM_COL32(30, 30, 30, 255));
                    ImGui::SetNextWindowFocus();
                    window("above", {10, 10}, {220, 120});
                    ImGui::TextUnformatted("other words");
                    ImGui::End();
                    ImGui::PopStyleColor();
                }),
                testing::IsEmpty());
}

}  // namespace
