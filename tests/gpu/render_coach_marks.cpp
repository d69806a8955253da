// The coach's marks, drawn as in the window over pictures of skin of every type: eyes of every kind see each of them, at every
// place of its border, whatever its colour.

#include "tests/gpu/skin_of_all_types.h"
#include "tests/scenarios/drawing.h"
#include "training/app/coach_marks.h"

#include <fmt/format.h>

namespace {

using training::Cue;
using training::CueKind;

TEST_P(OverlayOnSkin, coach_marks_stand_out_from_it) {
    const render::SceneView view = scene(render::Overlay::none), mapped = scene(render::Overlay::depth);
    const app::Projection seen(view.camera, kSkinPixels, kSkinPixels);
    skin::Contact contact;
    contact.touching = true;
    contact.position = middles_[target];
    contact.normal = glm::normalize(view.camera.eye() - contact.position);
    contact.axis = glm::normalize(glm::cross(contact.normal, {0, 1, 0}) * 0.3 - contact.normal);
    const app::PenOnPicture pen{seen(contact.position), 28, {1, 0}, 0.4, 2.0};
    Cue cue;
    cue.band = {400, 500, 900, 1000};
    const app::Style style;
    for (const render::SceneView& below : {view, mapped}) {
        const base::Image bare = draw(below);
        for (const CueKind kind : {CueKind::tilt, CueKind::force_low, CueKind::fast, CueKind::direction, CueKind::no_go, CueKind::depth,
                                   CueKind::end_point, CueKind::traction}) {
            for (const ImU32 shade : {app::colour::kBlue, app::colour::kAmber, app::colour::kVermilion, app::colour::kCritical}) {
                scenario::Drawing drawing(kSkinPixels, kSkinPixels);
                base::Image marked = bare;
                cue.kind = kind;
                draw_coach_mark(drawing.list(), style, shade, cue, pen, seen, contact, *face_);
                drawing.paint(marked);
                for (const colour_vision::Eyes& eyes : colour_vision::kEyesAndGrey) {
                    const double least = colour_vision::border_contrast(bare, marked, eyes);
                    RecordProperty(fmt::format("{}_{:06x}_{}_{}", training::cue_id(kind), shade & 0xffffff, render::overlay_name(below.overlay), eyes.name),
                                   fmt::format("{:.2f}", least));
                    EXPECT_GE(least, colour_vision::kGraphics) << training::cue_id(kind) << fmt::format(", {:06x}, ", shade & 0xffffff) << ", " << eyes.name;
                }
            }
        }
    }
}

}  // namespace
