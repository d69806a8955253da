// Going from one face to the next: what is kept of a face, what is painted while pictures already go on, and
// what stays behind. Counted, not timed; `evenhand bench --filter switch` times it.

#include "engine/render/light_baker.h"
#include "engine/render/light_cache.h"
#include "engine/render/skin_atlas.h"
#include "tests/gpu/picture_stage.h"

#include <cmath>
#include <string>

namespace {

using render::SkinAtlas;

class RenderSwitch : public PictureStage {
  protected:
    static constexpr uint32_t kWidth = 320, kHeight = 240;

    static std::shared_ptr<const face::FaceAsset> load(const char* id) {
        auto loaded = face::load(places_, id);
        EXPECT_TRUE(loaded) << loaded.error().message;
        return loaded ? *loaded : nullptr;
    }
    static void put(const std::shared_ptr<const face::FaceAsset>& face) {
        auto staged = renderer_->set_face(face);
        ASSERT_TRUE(staged) << staged.error().message;
    }
    /// One picture as a window draws it.
    static void show(const render::SceneView& scene) {
        device_->run([&](vk::CommandBuffer commands) { renderer_->draw(commands, scene, kWidth, kHeight); });
    }
    static render::SceneView close_up(const face::FaceAsset& face, const char* view) {
        render::SceneView scene;
        scene.camera = render::named_view(face, view).value_or(scene.camera);
        return scene;
    }
    static base::Image draft(const render::SceneView& scene) {
        auto image = renderer_->render_image(scene, kWidth, kHeight, true);
        EXPECT_TRUE(image) << image.error().message;
        return image ? *image : base::Image{kWidth, kHeight, std::vector<uint8_t>(kWidth * kHeight * 4)};
    }
    /// Pictures until the skin is finished.
    static uint32_t finish(const render::SceneView& scene) {
        uint32_t pictures = 0;
        while (!renderer_->finished() && pictures < 10 * SkinAtlas::kSlices) show(scene), ++pictures;
        return pictures;
    }
};

// --- light ---

class KeptLight : public RenderSwitch {
  protected:
    void SetUp() override {
        RenderSwitch::SetUp();
        const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
        folder_ = base::fs::path(EVENHAND_BINARY_DIR) / ("test_light_" + test);
        base::fs::remove_all(folder_);
        baker_ = std::make_unique<render::LightBaker>(*device_, places_.shaders);
    }
    struct Lit {
        bool found;
        std::vector<std::byte> light;
    };
    Lit light(const std::shared_ptr<const face::FaceAsset>& face) const {
        render::Stage stage = render::make_stage(*device_, face);
        const bool found = baker_->light(stage, folder_);
        return {found,
                gpu::download(*device_, stage.lights, 0, stage.vertex_count * sizeof(shared::VertexLight))};
    }
    base::fs::path kept() const {
        for (const auto& entry : base::fs::directory_iterator(folder_)) return entry.path();
        return {};
    }

    base::fs::path folder_;
    std::unique_ptr<render::LightBaker> baker_;
};

TEST_F(KeptLight, is_the_light_that_was_baked) {
    const Lit baked = light(pad_), found = light(pad_);
    EXPECT_FALSE(baked.found);
    EXPECT_TRUE(found.found);
    EXPECT_EQ(baked.light, found.light);
    render::Stage fresh = render::make_stage(*device_, pad_);
    baker_->bake(fresh);
    EXPECT_EQ(gpu::download(*device_, fresh.lights, 0, baked.light.size()), found.light);
}

TEST_F(KeptLight, is_baked_again_where_its_file_is_damaged_and_the_file_is_mended) {
    const Lit baked = light(pad_);
    const auto whole = base::read_file(kept());
    ASSERT_TRUE(whole);
    std::vector<std::vector<uint8_t>> damaged(4, *whole);
    damaged[0][whole->size() / 2] ^= 1;
    damaged[1].resize(whole->size() - 16);
    damaged[2].clear();
    damaged[3].front() ^= 0x80;
    for (const std::vector<uint8_t>& bytes : damaged) {
        ASSERT_TRUE(base::write_file(kept(), std::span<const uint8_t>(bytes)));
        const Lit again = light(pad_);
        EXPECT_FALSE(again.found);
        EXPECT_EQ(again.light, baked.light);
        EXPECT_EQ(*base::read_file(kept()), *whole);
    }
}

TEST_F(KeptLight, of_another_shape_is_not_taken) {
    light(pad_);
    auto lower = std::make_shared<face::FaceAsset>();
    lower->id = pad_->id;
    lower->kind = pad_->kind;
    lower->mesh = pad_->mesh;
    lower->tissue = pad_->tissue, lower->look = pad_->look, lower->uv = pad_->uv;
    lower->zone = pad_->zone, lower->zones = pad_->zones, lower->cells = pad_->cells;
    lower->mesh.positions[lower->mesh.vertex_count() / 2].z += 1e-3;
    face::finish(*lower);
    EXPECT_FALSE(light(lower).found);
}

TEST_F(KeptLight, that_is_no_number_is_refused_though_its_hash_holds) {
    const base::Hash key = base::sha256("key");
    const std::vector<shared::VertexLight> sound{{glm::vec3(1), 0}}, broken{{glm::vec3(NAN), 0}};
    const base::fs::path path = folder_ / "a.light";
    ASSERT_TRUE(render::write_light(path, key, sound));
    EXPECT_TRUE(render::read_light(path, key, 1));
    EXPECT_FALSE(render::read_light(path, key, 2));
    EXPECT_FALSE(render::read_light(path, base::sha256("other"), 1));
    ASSERT_TRUE(render::write_light(path, key, broken));
    EXPECT_FALSE(render::read_light(path, key, 1));
}

// --- skin ---

TEST_F(RenderSwitch, skin_painted_in_turns_ends_as_skin_painted_at_once) {
    const auto woman = load("demo-woman");
    ASSERT_NE(woman, nullptr);
    const render::SceneView scene = close_up(*woman, "close:cheek");
    put(woman);
    const base::Image at_once = draw(scene, kWidth, kHeight);
    EXPECT_TRUE(renderer_->finished());

    put(woman);
    const bool in_turns = !renderer_->finished();
    EXPECT_EQ(in_turns, device_->is_cpu());
    EXPECT_EQ(finish(scene), in_turns ? SkinAtlas::kSlices : 0);
    EXPECT_EQ(draw(scene, kWidth, kHeight).rgba, at_once.rgba);
}

TEST_F(RenderSwitch, the_first_picture_from_the_front_differs_little_from_the_finished_one) {
    const auto woman = load("demo-woman");
    ASSERT_NE(woman, nullptr);
    const render::SceneView scene = close_up(*woman, "front");
    put(woman);
    const base::Image first = draft(scene), last = draw(scene, kWidth, kHeight);
    double sum = 0;
    int most = 0;
    for (uint32_t y = 0; y < kHeight; ++y) {
        for (uint32_t x = 0; x < kWidth; ++x) {
            sum += difference(first, last, x, y);
            most = std::max(most, difference(first, last, x, y));
        }
    }
    RecordProperty("mean", std::to_string(sum / (kWidth * kHeight)));
    RecordProperty("most", most);
    EXPECT_LT(sum / (kWidth * kHeight), 1.0) << "steps of 8 bits";
}

TEST_F(RenderSwitch, a_puncture_into_a_draft_has_the_skin_finished_first) {
    put(pad_);
    const auto pricks =
        punctures(3, [&](uint32_t cell) { return glm::length(pad_->cells.seed[cell]) < 4e-3; });
    ASSERT_FALSE(pricks.empty());
    const render::SceneView scene = close_up(*pad_, "front");
    show(scene);
    renderer_->add(pricks, {}, 0.1);
    show(scene);
    EXPECT_TRUE(renderer_->finished());
    const base::Image needled_early = draw(scene, kWidth, kHeight);

    put(pad_);
    draw(scene, kWidth, kHeight);
    renderer_->add(pricks, {}, 0.1);
    show(scene);
    EXPECT_EQ(draw(scene, kWidth, kHeight).rgba, needled_early.rgba);
}

TEST_F(RenderSwitch, a_draft_takes_no_mark_of_the_picture_that_set_it_up) {
    put(pad_);
    render::SceneView scene = close_up(*pad_, "front");
    const base::Image first = draft(scene);
    renderer_->clear_evidence();
    EXPECT_EQ(draft(scene).rgba, first.rgba);
}

TEST_F(RenderSwitch, nothing_of_a_face_stays_after_the_next_is_on_stage) {
    auto cylinder = load("pad-cylinder");
    const std::weak_ptr<const face::FaceAsset> left = cylinder;
    put(cylinder);
    cylinder.reset();
    EXPECT_FALSE(left.expired());
    put(pad_);
    EXPECT_TRUE(left.expired());
}

}  // namespace
