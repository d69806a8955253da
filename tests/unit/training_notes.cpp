#include "training/core/notes.h"

#include "training/core/recording.h"
#include "training/core/report_notes.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <unistd.h>

namespace training {
namespace {

namespace fs = base::fs;

class Notes : public testing::Test {
  protected:
    void SetUp() override {
        fs::path parent = ::access("/dev/shm", W_OK) == 0 ? fs::path("/dev/shm") : fs::temp_directory_path();
        std::string name = (parent / "evenhand-notes-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        base::Result<Recorder> recorder = Recorder::create(file(), some_header());
        ASSERT_TRUE(recorder);
        input::PenSample sample;
        sample.time_us = 8333;
        sample.axis_q30[2] = -(1 << 30);
        recorder->add(std::span(&sample, 1));
        ASSERT_TRUE(recorder->finish());
    }
    void TearDown() override { fs::remove_all(folder_); }

    static RecordingHeader some_header() {
        RecordingHeader header;
        header.case_id = header.device_id = header.face_id = "pad-flat";
        header.started = "2026-11-21T01:00:00Z";
        header.source = "mouse";
        return header;
    }
    fs::path file() const { return folder_ / "session.evh"; }
    void change(const std::string& sql) const { SQLite::Database(file().string(), SQLite::OPEN_READWRITE).exec(sql); }
    std::string refusal() const {
        const auto notes = load_notes(file());
        return notes ? "" : notes.error().message;
    }

    fs::path folder_;
};

Note a_note(uint32_t time_us, std::string text) {
    return {0, time_us, std::nullopt, std::move(text), "Dr. Ana Núñez", "2026-11-21T22:05:09Z", std::nullopt};
}

TEST_F(Notes, come_back_as_they_were_written) {
    Note first = a_note(41'200'000, "Too flat over the cheek bone.\nTilt less.");
    first.cell = 17;
    ASSERT_TRUE(add_note(file(), first));
    ASSERT_TRUE(add_note(file(), a_note(3'000'000, "Good grip – weiter so")));
    first.id = 1;
    Note second = a_note(3'000'000, "Good grip – weiter so");
    second.id = 2;
    EXPECT_EQ(*load_notes(file()), (std::vector<Note>{first, second}));
    EXPECT_EQ(standing_notes(*load_notes(file())), (std::vector<Note>{second, first}));
}

TEST_F(Notes, leave_the_evidence_as_it_is) {
    const base::Hash before = load_recording(file())->evidence_hash();
    ASSERT_TRUE(add_note(file(), a_note(0, "One")));
    const auto after = load_recording(file());
    ASSERT_TRUE(after);
    EXPECT_EQ(after->evidence_hash(), before);
    EXPECT_TRUE(after->finished);
}

TEST_F(Notes, are_corrected_and_taken_back_by_later_ones_and_never_lost) {
    ASSERT_TRUE(add_note(file(), a_note(1000, "Wrong")));
    Note better = a_note(1000, "Right");
    better.replaces = 1;
    ASSERT_TRUE(add_note(file(), better));
    EXPECT_EQ(standing_notes(*load_notes(file())).at(0).text, "Right");
    Note back = a_note(1000, "");
    back.replaces = 2;
    ASSERT_TRUE(add_note(file(), back));
    EXPECT_TRUE(standing_notes(*load_notes(file())).empty());
    EXPECT_EQ(load_notes(file())->size(), 3u);
    EXPECT_EQ(load_notes(file())->at(0).text, "Wrong");
}

TEST_F(Notes, of_an_older_recording_are_none_until_the_first_is_written) {
    const std::vector<uint8_t> sound = *base::read_file(file());
    for (const char* older : {"DROP TABLE note; PRAGMA user_version = 2", "DROP TABLE note; PRAGMA user_version = 1; DELETE FROM meta WHERE key = 'evidence'"}) {
        ASSERT_TRUE(base::write_file(file(), std::span<const uint8_t>(sound)));
        change(older);
        EXPECT_TRUE(load_recording(file()));
        EXPECT_TRUE(load_notes(file())->empty());
        ASSERT_TRUE(add_note(file(), a_note(5, "Now there is one")));
        EXPECT_EQ(load_notes(file())->size(), 1u);
        const auto recording = load_recording(file());
        EXPECT_TRUE(recording) << older;
    }
}

TEST_F(Notes, that_say_nothing_or_too_much_are_not_kept) {
    const auto refused = [&](const Note& note) {
        const auto added = add_note(file(), note);
        return added ? "" : added.error().message;
    };
    const auto with = [](auto change) {
        Note note = a_note(5, "A text");
        change(note);
        return note;
    };
    EXPECT_NE(refused(with([](Note& n) { n.text.clear(); })).find("no text"), std::string::npos);
    EXPECT_NE(refused(with([](Note& n) { n.author.clear(); })).find("no author"), std::string::npos);
    EXPECT_NE(refused(with([](Note& n) { n.text.assign(kMostNoteBytes + 1, 'x'); })).find("4000 bytes"), std::string::npos);
    EXPECT_NE(refused(with([](Note& n) { n.author.assign(kMostAuthorBytes + 1, 'x'); })).find("120 bytes"), std::string::npos);
    EXPECT_NE(refused(with([](Note& n) { n.written = "today"; })).find("UTC"), std::string::npos);
    EXPECT_NE(refused(with([](Note& n) { n.replaces = 1; })).find("no note 1"), std::string::npos);
    for (const char* broken : {"\xff", "\xc0\xaf", "\xe2\x82", "\xed\xa0\x80", "\xf5\x80\x80\x80", "a\x80"})
        EXPECT_NE(refused(with([&](Note& n) { n.text = broken; })).find("UTF-8"), std::string::npos) << broken;
    EXPECT_TRUE(load_notes(file())->empty());
}

TEST_F(Notes, that_were_changed_are_refused_in_a_sentence_and_the_session_still_opens) {
    struct Change {
        const char* sql;
        const char* named;
    };
    ASSERT_TRUE(add_note(file(), a_note(1000, "One")));
    ASSERT_TRUE(add_note(file(), a_note(2000, "Two")));
    ASSERT_TRUE(add_note(file(), a_note(3000, "Three")));
    const std::vector<uint8_t> sound = *base::read_file(file());
    for (const Change& damage : {Change{"UPDATE note SET text = 'Too' WHERE id = 2", "table note, row 2: the check sum"},
                                 Change{"UPDATE note SET author = 'Else' WHERE id = 1", "table note, row 1: the check sum"},
                                 Change{"UPDATE note SET replaces = 1 WHERE id = 3", "table note, row 3: the check sum"},
                                 Change{"DELETE FROM note WHERE id = 2", "row 2 is missing"},
                                 Change{"UPDATE note SET time_us = -1 WHERE id = 1", "table note, row 1, time_us is -1"},
                                 Change{"UPDATE note SET text = x'ff' WHERE id = 1", "row 1, text is not a text"},
                                 Change{"UPDATE note SET check_sum = 7 WHERE id = 1", "row 1, check_sum is not a blob"},
                                 Change{"UPDATE note SET replaces = 3 WHERE id = 3", "row 3, replaces is 3"},
                                 Change{"DROP TABLE note", "table note is missing"},
                                 Change{"ALTER TABLE note DROP COLUMN cell", "no such column"}}) {
        ASSERT_TRUE(base::write_file(file(), std::span<const uint8_t>(sound)));
        change(damage.sql);
        EXPECT_NE(refusal().find(damage.named), std::string::npos) << refusal();
        EXPECT_NE(refusal().find("session.evh"), std::string::npos);
        EXPECT_FALSE(add_note(file(), a_note(4000, "Four"))) << damage.sql;
        EXPECT_TRUE(load_recording(file())) << damage.sql;
    }
}

TEST_F(Notes, are_not_added_where_a_foreign_trigger_would_act) {
    change("CREATE TRIGGER t AFTER INSERT ON note BEGIN DELETE FROM chunk; END");
    const auto added = add_note(file(), a_note(5, "A text"));
    ASSERT_FALSE(added);
    EXPECT_NE(added.error().message.find("triggers"), std::string::npos);
    EXPECT_TRUE(load_recording(file()));
}

TEST_F(Notes, of_no_file_and_of_a_file_that_is_none_are_an_error) {
    EXPECT_FALSE(load_notes(folder_ / "missing.evh"));
    ASSERT_TRUE(base::write_file(folder_ / "text.evh", std::string_view("not a database")));
    EXPECT_FALSE(load_notes(folder_ / "text.evh"));
    EXPECT_FALSE(add_note(folder_ / "missing.evh", a_note(5, "A text")));
    EXPECT_FALSE(fs::exists(folder_ / "missing.evh"));
}

TEST_F(Notes, stand_in_the_report_as_text_only) {
    EXPECT_EQ(notes_section({}, Phrases::english()), "");
    Note note = a_note(61'200'000, "<script>alert(1)</script> & more");
    note.author = "A <b>name</b>";
    const std::string html = notes_section({note}, Phrases::english());
    EXPECT_EQ(html.find("<script"), std::string::npos);
    EXPECT_EQ(html.find("<b>"), std::string::npos);
    EXPECT_NE(html.find("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more"), std::string::npos);
    EXPECT_NE(html.find("1:01.2"), std::string::npos);
}

}  // namespace
}  // namespace training
