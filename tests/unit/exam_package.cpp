#include "tests/scenarios/exam.h"

#include <gmock/gmock.h>

namespace training {
namespace {

using testing::HasSubstr;

class ExamPackages : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        board_ = new sealed::Institution;
        document_ = new std::string(exams::document(exams::plan(), *board_));
    }
    static void TearDownTestSuite() {
        delete board_;
        delete document_;
    }
    static ExamPackage package() { return *parse_exam(*document_, "it"); }
    static std::string told(const std::string& text) {
        const auto plan = read_exam_plan(scenarios::source_places(), text, "plan.toml");
        return plan ? "sound" : plan.error().message;
    }
    static std::string changed(const std::string& from, const std::string& to) {
        std::string text = exams::plan_text();
        const size_t at = text.find(from);
        CHECK(at != std::string::npos, from);
        return text.replace(at, from.size(), to);
    }

    static inline sealed::Institution* board_ = nullptr;
    static inline std::string* document_ = nullptr;
};

TEST_F(ExamPackages, say_after_signing_what_the_plan_said) {
    const ExamPackage read = package();
    EXPECT_EQ(read.id, "board-2026");
    EXPECT_EQ(read.attempts, 3);
    EXPECT_EQ(read.seeds, (std::vector<int64_t>{1, 2, 3}));
    EXPECT_EQ(read.resume_limit_s, 300);
    EXPECT_EQ(read.body, board_->body.key);
    EXPECT_FALSE(read.tells_score);
    EXPECT_EQ(read.programs, std::vector{*program_hash()});
    EXPECT_EQ(read.hash, base::sha256(*document_));
    EXPECT_EQ(parse_exam(*document_ + "\n", "it")->hash, read.hash) << "a line end behind it is none of the document";
    EXPECT_EQ(read.case_of(3).id, "pad-flat");
    for (const char* file : {"cases/pad-flat.toml", "devices/pen-12.toml", "rubrics/provisional.toml", "scopes/medical.toml", "skins/skin.toml",
                             "skins/layer_kernel.csv", "skins/response.toml", "procedure.toml"})
        EXPECT_NE(read.hash_of(file), nullptr) << file;
}

TEST_F(ExamPackages, are_a_trusted_bodys_or_nobodys) {
    EXPECT_TRUE(standing_of(package(), board_->trust()).holds);
    EXPECT_THAT(standing_of(package(), {}).words, HasSubstr("is no body's that is trusted here"));
    Trust station_alone{{board_->station}, {}};
    station_alone.keys.front().key = board_->body.key;  // a station's key may not sign exams
    EXPECT_FALSE(standing_of(package(), station_alone).holds);
    Trust revoked = board_->trust();
    revoked.revocations.push_back({board_->body.key, board_->body.key, "2199-01-01T00:00:00Z", utc_now(), false});
    EXPECT_TRUE(standing_of(package(), revoked).holds) << "retired later";
    revoked.revocations.back().compromised = true;
    EXPECT_THAT(standing_of(package(), revoked).words, HasSubstr("was revoked"));
}

TEST_F(ExamPackages, are_refused_with_any_bit_field_or_length_changed) {
    const Document sound = Document::parse(*document_);
    const sealed::Institution other("other");
    const std::string foreign = exams::document(exams::plan(), other);
    base::Random random(7);
    const auto below = [&](size_t count) { return random.below(static_cast<uint32_t>(count)); };
    for (int i = 0; i < 1000; ++i) {
        std::string text = *document_, how;
        Document document = sound;
        const auto member = [&] { return std::next(document.begin(), below(document.size())); };
        switch (random.below(8)) {
            case 0: {
                const size_t at = below(text.size());
                text[at] = static_cast<char>(text[at] ^ (1 << random.below(8)));
                how = fmt::format("bit of {}", at);
                break;
            }
            case 1:
                text.resize(below(text.size()));
                how = fmt::format("cut to {}", text.size());
                break;
            case 2:
                text.insert(below(text.size() + 1), 1 + random.below(9), static_cast<char>(random.below(256)));
                how = "bytes put in";
                break;
            case 3: {
                auto changed = member();
                how = "changed " + changed.key();
                if (changed->is_number_integer()) *changed = changed->get<int64_t>() + 1;
                else if (changed->is_boolean()) *changed = !changed->get<bool>();
                else if (changed->is_string()) *changed = changed->get<std::string>() + "a";
                else changed->push_back(changed->at(0));
                text = canonical(document);
                break;
            }
            case 4: {
                auto gone = member();
                how = "without " + gone.key();
                document.erase(gone);
                text = canonical(document);
                break;
            }
            case 5:
                document[fmt::format("more{}", i)] = i;
                text = canonical(document);
                how = "a member more";
                break;
            case 6:
                document["signature"] = Document::parse(foreign)["signature"];
                if (random.below(2) == 0) document["body"] = Document::parse(foreign)["body"];
                text = canonical(document);
                how = "another's signature";
                break;
            default:
                text += std::string(1 + (64 << 10), ' ');
                how = "oversize";
                break;
        }
        const auto parsed = parse_exam(text, "it");
        EXPECT_FALSE(parsed && text != *document_ + "\n") << how;
        EXPECT_TRUE(parsed || parsed.error().message.find('\n') == std::string::npos) << how;
    }
    const auto signed_anew = parse_exam(foreign, "it");
    ASSERT_TRUE(signed_anew);
    EXPECT_FALSE(standing_of(*signed_anew, board_->trust()).holds) << "whole, and another body's";
}

TEST_F(ExamPackages, are_not_signed_where_the_plan_has_a_mistake_which_is_told_with_line_and_column) {
    EXPECT_EQ(told(exams::plan_text()), "sound");
    EXPECT_THAT(told(changed("pad-flat", "pad-flta")), HasSubstr("plan.toml:5:9: cases: "));
    EXPECT_THAT(told(changed("provisional", "none")), HasSubstr("plan.toml:6:10: rubric: "));
    EXPECT_THAT(told(changed("\"pen-12\"", "\"pen-12\", \"pen-12\"")), HasSubstr("plan.toml:8:22: devices: names 'pen-12' twice"));
    EXPECT_THAT(told(changed("1800", "5")), HasSubstr("plan.toml:9:16: time_limit_s: must be a whole number from 10 to 4200"));
    EXPECT_THAT(told(changed("2199", "2019")), HasSubstr("plan.toml:11:9: until: must be later than from"));
    EXPECT_THAT(told(changed("2199-01-01T00", "2199-01-01 00")), HasSubstr("plan.toml:11:9: until: must be UTC"));
    EXPECT_THAT(told(exams::plan_text("aids = true\n")), HasSubstr("plan.toml:12:8: unknown key 'aids'"));
    EXPECT_THAT(told(exams::plan_text("seeds = [1, 2]\n")), HasSubstr("plan.toml:12:9: seeds: must be 3 whole numbers"));
    EXPECT_THAT(told(exams::plan_text("seeds = [1, 2, 2.5]\n")), HasSubstr("plan.toml:12:9: seeds: must be whole numbers"));
    EXPECT_THAT(told(exams::plan_text("nonce = \"00\"\n")), HasSubstr("nonce"));
    EXPECT_THAT(told(exams::plan_text("programs = [\"1234\"]\n")), HasSubstr("plan.toml:12:12: programs: "));
    EXPECT_THAT(told(exams::plan_text("attempts = 0\n")), HasSubstr("plan.toml:12:12: attempts: must be a whole number from 1 to 20"));
    EXPECT_THAT(told("version = 1\nid = "), HasSubstr("plan.toml:2:"));
    for (const char* key : {"version", "id", "title", "source", "cases", "rubric", "scope", "devices", "time_limit_s", "from", "until"}) {
        std::string text = exams::plan_text();
        const size_t begin = text.find(std::string(key) + " ="), end = text.find('\n', begin);
        text.erase(begin, end - begin + 1);
        EXPECT_THAT(told(text), HasSubstr(std::string(key))) << key;
    }
}

TEST_F(ExamPackages, a_station_begins_only_with_the_bodys_content_and_build_and_in_its_time) {
    const ExamPackage exam = package();
    const base::Hash program = *program_hash();
    const base::Places ours = scenarios::source_places();
    const base::Result<OwnKey> key = own_key(board_->station_keys.path(), "station-1");
    ASSERT_TRUE(key) << key.error().message;
    const auto told = [&](const base::Places& places, const Trust& trust, const base::Hash& build, const std::string& now) {
        const base::Status ready = check_station(exam, {places, trust, key, build}, now);
        return ready ? "ready" : ready.error().message;
    };
    EXPECT_EQ(told(ours, board_->trust(), program, utc_now()), "ready");
    EXPECT_THAT(told(ours, {}, program, utc_now()), HasSubstr("is no body's that is trusted here"));
    EXPECT_THAT(told(ours, board_->trust(), base::sha256("another"), utc_now()), HasSubstr("another build"));
    EXPECT_THAT(told(ours, board_->trust(), program, "2019-12-31T23:59:59Z"), HasSubstr("is held from 2020-01-01T00:00:00Z"));
    EXPECT_THAT(told(ours, board_->trust(), program, "2199-01-01T00:00:01Z"), HasSubstr("this station's clock says"));
    for (const ExamFile& named : exam.files) {
        sealed::Folder folder;
        base::Places places = ours;
        places.data = folder.path();
        for (const ExamFile& file : exam.files) {
            base::fs::create_directories((folder / file.name).parent_path());
            base::fs::copy_file(ours.data / file.name, folder / file.name);
        }
        EXPECT_EQ(told(places, board_->trust(), program, utc_now()), "ready");
        std::ofstream(folder / named.name, std::ios::app) << "\n";
        EXPECT_THAT(told(places, board_->trust(), program, utc_now()), HasSubstr((folder / named.name).string() + ": is not the file"));
        base::fs::remove(folder / named.name);
        EXPECT_THAT(told(places, board_->trust(), program, utc_now()), HasSubstr("which is not here"));
    }
}

TEST_F(ExamPackages, a_station_begins_only_with_a_key_that_others_will_believe) {
    const ExamPackage exam = package();
    const auto told = [&](const base::Result<OwnKey>& key, const Trust& trust) {
        const base::Status ready = check_station(exam, {scenarios::source_places(), trust, key, *program_hash()}, utc_now());
        return ready ? "ready" : ready.error().message;
    };
    const OwnKey key = *own_key(board_->station_keys.path(), "station-1");
    EXPECT_EQ(told(key, board_->trust()), "ready");
    Trust believes_itself = board_->trust();
    believes_itself.keys.push_back(board_->station);
    OwnKey uncertified = key;
    uncertified.certificate.reset();
    EXPECT_THAT(told(uncertified, board_->trust()), HasSubstr("the key station-1 of this station: "));
    EXPECT_THAT(told(uncertified, believes_itself), HasSubstr("the key station-1 of this station: ")) << "its own word is none";
    OwnKey run_out = key;
    run_out.certificate->until = "2021-01-01T00:00:00Z";
    EXPECT_THAT(told(run_out, board_->trust()), HasSubstr("ask the body for a certificate"));
    Trust revoked = board_->trust();
    revoked.revocations.push_back({board_->station.key, board_->body.key, "2020-01-01T00:00:00Z", utc_now(), true});
    EXPECT_THAT(told(key, revoked), HasSubstr("was revoked"));
    EXPECT_THAT(told(own_key(board_->body_keys.path(), "board"), board_->trust()), HasSubstr("is a body's key"));
    EXPECT_THAT(told(own_key(board_->station_keys.path(), "station-2"), board_->trust()), HasSubstr("station-2.key: no such key"));
}

}  // namespace
}  // namespace training
