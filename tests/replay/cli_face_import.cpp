// Foreign meshes on the command line: a good one becomes a patient that can be treated, a bad one gets one
// clear sentence and exit 2, and nothing stays.

#include "tests/scenarios/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace {

using scenario::Environment;
using scenario::Outcome;
using testing::HasSubstr;

class FaceImport : public testing::Test {
  protected:
    Outcome evenhand(std::vector<std::string> arguments) {
        return scenario::evenhand(std::move(arguments), {{"EVENHAND_FACES", faces()}}, 500);
    }
    std::string faces() const { return (scratch_ / "faces").string(); }

    void expect_refused(const Outcome& outcome, const std::string& what) {
        EXPECT_EQ(outcome.exit, 2) << outcome.out << outcome.err;
        EXPECT_THAT(outcome.err, HasSubstr(what));
        EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
        EXPECT_FALSE(std::filesystem::exists(faces())) << "nothing may be left behind";
    }
    void expect_import_refused(const std::string& name, const std::string& bytes, const std::string& what) {
        expect_refused(evenhand({"face", "import", scratch_.write(name, bytes), "--id", "x"}), what);
    }

    scenario::Scratch scratch_;
};

TEST_F(FaceImport, BadMeshesGetOneSentenceAndLeaveNothing) {
    expect_import_refused("empty.obj", "", "is empty");
    expect_import_refused("one.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "too few");
    expect_import_refused("nan.obj", "v nan nan nan\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "nan.obj: ");
    expect_import_refused("garbage.glb", std::string(1 << 20, '\xa5'), "garbage.glb: ");
    expect_import_refused("notes.txt", "hello", "no kind of mesh");
    expect_import_refused("cut.gltf", R"({"asset":{"version":"2.0"},"meshes":[{"prim)", "cut.gltf: ");
    expect_refused(evenhand({"face", "import", (scratch_ / "no.obj").string(), "--id", "x"}), "no such file");
    expect_refused(evenhand({"face", "import", scratch_.folder(), "--id", "x"}), "");
}

TEST_F(FaceImport, AGibibyteOfNothingIsRefusedBySize) {
    std::string path = scratch_.write("large.obj", "v 0 0 0\n");
    std::filesystem::resize_file(path, 1ull << 30);
    expect_refused(evenhand({"face", "import", path, "--id", "x"}), "MiB");
}

TEST_F(FaceImport, WordsThatMeanNothingAreNamed) {
    std::string obj = scratch_.write("one.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n");
    expect_refused(evenhand({"face", "import", obj, "--id", "Not An Id"}), "Not An Id");
    expect_refused(evenhand({"face", "import", obj, "--id", "../x"}), "../x");
    expect_refused(evenhand({"face", "import", obj, "--id", "demo-woman"}), "brings along");
    expect_refused(evenhand({"face", "import", obj, "--id", "x", "--units", "feet"}), "feet");
    expect_refused(evenhand({"face", "import", obj, "--id", "x", "--up", "w"}), "--up");
    expect_refused(evenhand({"face", "import", obj, "--id", "x", "--sex", "none"}), "--sex");
    expect_refused(evenhand({"face", "import", obj, "--id", "x", "--landmarks", "/nowhere.toml"}),
                   "/nowhere.toml");
}

TEST_F(FaceImport, CheckListsTheDefectsOfAForeignMesh) {
    std::string obj = scratch_.write(
        "two.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 5 0 0\nv 6 0 0\nv 5 1 0\nf 1 2 3\nf 4 5 6\nf 3 2 1\n");
    Outcome told = evenhand({"face", "check", obj});
    EXPECT_EQ(told.exit, 1) << told.err;
    EXPECT_THAT(told.out, HasSubstr("1 triangle lies on another one"));
    EXPECT_THAT(told.out, HasSubstr("an island of 1 triangles at (5, 0, 0)"));
}

// Our own export, cap, drape and all, read back as somebody else's file.
TEST_F(FaceImport, AnExportedPatientCanBeImportedCheckedAndTreated) {
    std::string glb = (scratch_ / "anna.glb").string();
    Outcome exported = evenhand({"face", "export", "demo-woman", "-o", glb});
    ASSERT_EQ(exported.exit, 0) << exported.err;
    Outcome dry = evenhand({"face", "import", glb, "--id", "anna", "--dry-run"});
    ASSERT_EQ(dry.exit, 0) << dry.err;
    EXPECT_THAT(dry.out, HasSubstr("unit: m"));
    EXPECT_THAT(dry.out, HasSubstr("+y up, face towards +z"));
    EXPECT_FALSE(std::filesystem::exists(faces()));

    Outcome imported = evenhand({"face", "import", glb, "--id", "anna", "--name", "Anna", "--up", "y"});
    ASSERT_EQ(imported.exit, 0) << imported.err;
    EXPECT_EQ(evenhand({"face", "import", glb, "--id", "anna"}).exit, 2)
        << "an id is not taken twice unasked";
    Outcome checked = evenhand({"face", "check", "anna"});
    EXPECT_EQ(checked.exit, 0) << checked.out << checked.err;
    EXPECT_THAT(evenhand({"face", "list"}).out, HasSubstr("anna"));

    std::string practice = scratch_.write("anna.toml",
                                          "version = 1\nid = \"anna\"\nname = \"Anna\"\nface = \"anna\"\n"
                                          "zones = [\"forehead\"]\nneedling_minutes = 0.2\n");
    std::string recording = (scratch_ / "anna.evh").string();
    Outcome performed =
        evenhand({"perform", "--case", practice, "--operator", "expert", "--seed", "1", "-o", recording});
    ASSERT_EQ(performed.exit, 0) << performed.err;
    EXPECT_EQ(evenhand({"replay", recording, "--verify"}).exit, 0);
}

}  // namespace
