#include "engine/face/condition_files.h"
#include "engine/face/pad.h"
#include "tests/fuzz/fuzz_target.h"

#include <cmath>

namespace fuzz {

namespace {

constexpr uint32_t kVertices = 40;  // few: what is tried is the reading, and that nothing read breaks a face

face::FaceAsset make_pad() {
    toml::table table = toml::parse(
        "version = 1\nid = \"small\"\nkind = \"pad\"\nsize_mm = [24, 20]\nthickness_mm = 12.5\n"
        "stiffness_kpa = 20\npoisson = 0.45\n");
    base::Result<face::FaceAsset> pad = face::make_pad(table, "pad", kVertices);
    CHECK(static_cast<bool>(pad));
    face::snap_to_micrometres(pad->mesh);
    mesh::compute_normals(pad->mesh);
    pad->cells = face::divide_into_cells(pad->mesh, pad->zone, std::vector<uint8_t>(pad->zones.size(), 0));
    return std::move(*pad);
}

/// Nothing on it refers to the mesh's address.
face::FaceAsset copy_of(const face::FaceAsset& pad) {
    face::FaceAsset copy;
    copy.id = pad.id;
    copy.kind = pad.kind;
    copy.mesh = pad.mesh;
    copy.tissue = pad.tissue;
    copy.look = pad.look;
    copy.uv = pad.uv;
    copy.zone = pad.zone;
    copy.zones = pad.zones;
    copy.cells = pad.cells;
    return copy;
}

/// What a reader lets through can be put on a face, or is refused in a sentence.
void put_on(std::span<const face::Condition> conditions, std::span<const face::ConditionKind> kinds) {
    static const face::FaceAsset kPad = make_pad();
    face::FaceAsset pad = copy_of(kPad);
    pad.index = std::make_unique<mesh::SurfaceIndex>(pad.mesh);
    base::Status put = face::apply_conditions(pad, conditions, kinds);
    if (!put) {
        CHECK(!put.error().message.empty());
        return;
    }
    CHECK(pad.cells.size() == kPad.cells.size());
    for (const face::SkinDetail& detail : pad.details) {
        CHECK(std::isfinite(detail.from.x) && std::isfinite(detail.to.z) && detail.radius > 0, detail.radius);
        CHECK(detail.melanin >= -1 && detail.melanin <= 8 && detail.gloss >= -1 && detail.gloss <= 1);
    }
    face::finish(pad);
}

bool accepts(std::span<const uint8_t> bytes) {
    try {
        toml::table table = toml::parse(as_text(bytes));
        if (table.contains("condition")) {
            base::Result<std::vector<face::Condition>> conditions = face::take_conditions(table, "fuzz.toml");
            CHECK(conditions || !conditions.error().message.empty());
            if (!conditions) return false;
            static const std::vector<face::ConditionKind> kKinds =
                *face::load_condition_kinds({base::fs::path(EVENHAND_SOURCE_DIR) / "content", {}, {}});
            put_on(*conditions, kKinds);
            return true;
        }
        base::Result<face::ConditionKind> kind = face::read_condition_kind(table, "fuzz.toml");
        CHECK(kind || !kind.error().message.empty());
        if (!kind) return false;
        face::Condition wish;
        wish.kind = kind->id;
        wish.zone = "pad";
        put_on(std::span(&wish, 1), std::span(&*kind, 1));
        return true;
    } catch (const toml::parse_error&) {
        return false;
    }
}

}  // namespace

Target condition_toml() {
    return {"condition_toml",
            {content("conditions/mole.toml"), content("conditions/telangiectasia.toml"),
             content("conditions/enlarged_pores.toml"), content("conditions/wrinkles.toml"),
             as_bytes("[[condition]]\nkind = \"cold_sore\"\nzone = \"pad\"\nat = [3, -4]\nsize = 8\nseverity = 0.5\n\n"
                      "[[condition]]\nkind = \"ice_pick_scars\"\nzone = \"pad\"\ncount = 3\nseed = 5\n")},
            accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(condition_toml)
