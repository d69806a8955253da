// Small pictures of faces for the start screen: rendered when a case is practised, kept in the cache.

#include "engine/base/log.h"
#include "training/app/screens.h"

namespace app {

namespace {

constexpr uint32_t kSize = 256;

base::fs::path portrait_file(const Desk& desk, const std::string& case_id) {
    return desk.options.places.cache / "portraits" / (base::sha256(case_id).hex().substr(0, 16) + ".png");
}

void show(Desk& desk, const std::string& case_id, const base::Image& image) {
    void*& place = desk.portraits[case_id];
    if (place) desk.window.remove_picture(place);
    place = desk.window.add_picture(image);
}

}  // namespace

void keep_portrait(Desk& desk, const training::Stage& stage) {
    const auto front = render::named_view(*stage.face, "front");
    if (!front || !desk.portrayed.insert(stage.practice.id).second) return;
    render::SceneView scene;
    scene.camera = *front;
    if (stage.face->kind == face::Kind::head) scene.camera.distance *= 0.86;
    scene.tier = desk.tier();
    auto image = desk.renderer->render_image(scene, kSize, kSize, true);
    if (!image) return spdlog::warn("{}", image.error().message);
    const base::fs::path file = portrait_file(desk, stage.practice.id);
    std::error_code ignored;
    base::fs::create_directories(file.parent_path(), ignored);
    if (auto status = base::write_file(file, base::encode_png(*image)); !status)
        spdlog::warn("{}", status.error().message);
    show(desk, stage.practice.id, *image);
}

void load_portrait(Desk& desk, const std::string& case_id) {
    if (desk.portraits.count(case_id)) return;
    const base::fs::path file = portrait_file(desk, case_id);
    auto bytes = base::read_file(file);
    if (!bytes) return;  // none was made yet
    if (auto image = base::decode_png(*bytes, file.string())) show(desk, case_id, *image);
}

}  // namespace app
