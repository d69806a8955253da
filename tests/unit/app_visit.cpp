// The visit behind the window: what is done at it is recorded, at the session's time.

#include "training/app/visit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using training::Step;

class VisitOnAPad : public testing::Test {
  protected:
    VisitOnAPad() {
        std::string name = (fs::temp_directory_path() / "evenhand-visit-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        std::ofstream(folder_ / "talk.toml") << R"(version = 1
id = "talk"
name = "A talk"
brief = "On a pad."
face = "pad-flat"
zones = ["pad"]
[record]
age = 30
sex = "female"
wish = "To know."
[[question]]
id = "pregnancy"
answer = "Yes."
flag = "pregnancy"
[decision]
actions = "defer"
explain = "She is pregnant."
source = "clinical.md 6"
tag = "F2"
)";
        const base::Places places{fs::path(EVENHAND_SOURCE_DIR) / "content", {}, folder_};
        stage_ = *training::load_stage(places, (folder_ / "talk.toml").string());
    }
    ~VisitOnAPad() override { fs::remove_all(folder_); }

    /// As the window does: ten looks, a tenth of a second apart.
    void pass_a_second(app::Visit& visit) {
        for (int i = 0; i < 10; ++i) {
            app::PointerLook look;
            look.time = 100 + 0.1 * ++looks_;
            look.camera = render::named_view(*stage_->face, "front").value();
            look.motor = false;
            visit.live().look(look);
        }
    }

    fs::path folder_;
    std::shared_ptr<const training::Stage> stage_;
    int looks_ = 0;
};

TEST_F(VisitOnAPad, what_is_done_is_recorded_in_order_and_at_its_time) {
    app::Visit visit(stage_, {}, folder_);
    pass_a_second(visit);
    visit.begin();
    pass_a_second(visit);
    EXPECT_TRUE(visit.act(1, training::kConsultAsk, "pregnancy"));
    EXPECT_FALSE(visit.act(1, training::kConsultAsk, "no-such")) << "nobody could";
    visit.go_on(1);
    pass_a_second(visit);
    EXPECT_TRUE(visit.act(2, training::kDecide, "session defer"));
    visit.go_on(2);
    EXPECT_EQ(visit.step(), Step::closed);
    EXPECT_FALSE(visit.needled());

    const training::Recording recording = visit.live().finish();
    std::vector<std::string> told;
    for (const input::ProcedureEvent& event : recording.events)
        if (event.name != "depth_mm" && event.name != "rate_hz" && event.name != "pen") told.push_back(event.name + " " + event.value);
    EXPECT_EQ(told, (std::vector<std::string>{"consult_begin ", "consult_flag pregnancy", "consult_ask pregnancy", "decide_begin ",
                                              "decide session defer", "session_end "}));
    EXPECT_EQ(recording.events.back().time_us, recording.samples.back().time_us);
    EXPECT_GE(recording.samples.back().time_us, 1'900'000u);
    EXPECT_TRUE(recording.punctures.empty());
    const auto rebuilt = training::Treatment::rebuild(stage_->practice, *stage_->procedure, recording.events);
    EXPECT_EQ(rebuilt.outcome().right, true);
    EXPECT_TRUE(rebuilt.closed());
}

TEST_F(VisitOnAPad, gel_of_a_visit_reaches_the_skin_and_a_new_cartridge_is_an_act_of_its_own) {
    app::Visit visit(stage_, {}, folder_);
    pass_a_second(visit);
    visit.begin();
    visit.go_on(0);
    for (const char* step : {training::kPlanBegin, training::kPrepBegin}) EXPECT_TRUE(visit.act(0, step));
    EXPECT_TRUE(visit.act(0, "glide_medium", "pad"));
    pass_a_second(visit);
    const training::Recording recording = visit.live().finish();
    app::SessionView view;
    visit.live().collect(view);
    ASSERT_EQ(view.care.size(), 1u);
    EXPECT_EQ(view.care.front().value, "pad");
    EXPECT_EQ(std::ranges::count(recording.events, std::string("cartridge_new"), &input::ProcedureEvent::name), 0);
    EXPECT_EQ(std::ranges::count(recording.events, std::string("glide_medium"), &input::ProcedureEvent::name), 1);
}

}  // namespace
