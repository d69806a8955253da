// What the import found is told in every language, of one and of many.

#include "training/app/scan_words.h"

#include <gtest/gtest.h>

#include <set>

namespace {

using namespace app;
using enum face::FindingKind;

constexpr face::FindingKind kLast = crossings_left;

Words words(const std::string& language) {
    return *Words::load({base::fs::path(EVENHAND_SOURCE_DIR) / "content", {}, {}}, language);
}

TEST(ScanWords, every_finding_is_told_in_every_language_of_one_and_of_many) {
    const Words english = words("en");
    for (const char* language : {"en", "es", "fr"}) {
        const Words ours = words(language);
        std::set<std::string> sentences;
        for (int kind = 0; kind <= static_cast<int>(kLast); ++kind)
            for (const size_t count : {1, 2, 5})
                for (const size_t rest : {0, 3}) {
                    const face::Finding finding{.kind = static_cast<face::FindingKind>(kind), .count = count, .rest = rest, .size_mm = 70, .share = 0.83, .names = {"chin", "neck"}};
                    const std::string told = finding_words(ours, finding);
                    EXPECT_EQ(told.find_first_of("{}_"), std::string::npos) << told;
                    EXPECT_EQ(told.find("\u2039"), std::string::npos) << told;
                    EXPECT_EQ(told == finding_words(english, finding), language == std::string("en")) << told;
                    sentences.insert(told);
                }
        EXPECT_GT(sentences.size(), 40u) << language;
    }
}

TEST(ScanWords, figures_places_and_names_stand_in_the_sentence) {
    const face::Finding parts{.kind = face::FindingKind::parts, .count = 1190, .rest = 5240};
    EXPECT_EQ(finding_words(words("en"), parts), "1190 parts: the head was kept, 1189 others of together 5240 triangles were left out");
    EXPECT_EQ(finding_words(words("fr"), parts), "1190 parties\u00a0: la tête a été gardée, les 1189 autres, de 5240 triangles en tout, laissées de côté");
    const face::Finding hole{.kind = holes_closed, .count = 1, .size_mm = 12.4, .at = {1.5, -2, 6.7e-16}};
    EXPECT_EQ(finding_words(words("es"), hole), "se cerró 1 agujero, de 12 mm de contorno, en (1.5, -2, 0)");
    const face::Finding axes{.kind = face::FindingKind::axes, .names = {"+y", "-z"}};
    EXPECT_EQ(finding_words(words("es"), axes), "ejes: +y hacia arriba, la cara hacia -z");
}

TEST(ScanWords, zones_are_called_by_their_names_and_on_the_command_line_by_their_ids) {
    const face::Finding covered{.kind = face::FindingKind::covered, .share = 0.9, .names = {"cheek_left", "neck"}};
    EXPECT_EQ(finding_words(Words::english(), covered), "90 % of the skin that is treated was found; little or nothing of cheek_left, neck");
    EXPECT_EQ(finding_words(words("en"), covered), "90 % of the skin that is treated was found; little or nothing of left cheek, neck");
    EXPECT_EQ(finding_words(words("es"), covered), "se encontró el 90 % de la piel que se trata; falta casi o del todo: la mejilla izquierda, el cuello");
}

}  // namespace
