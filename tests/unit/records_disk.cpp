// Files that cannot be written, that are damaged or something else, and URLs that are none.

#include "tests/scenarios/records.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <fstream>

namespace {

using namespace records;
using namespace record_test;
using testing::ElementsAre;
using testing::HasSubstr;

/// No file may grow beyond `bytes` while this lives.
class SmallDisk {
  public:
    explicit SmallDisk(rlim_t bytes) {
        ::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~SmallDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

  private:
    rlimit before_{};
};

TEST(RecordsOnDisk, AFullDiskIsToldAndWhatWasKeptStays) {
    QuickFolder folder;
    Store store = open_store(folder / "records.db");
    SessionResult large = result_number(0);
    large.score.document = std::string(100'000, 'x');
    expect_done(keep_and_queue(store, large));
    int kept = 1;
    {
        const SmallDisk disk(1u << 20);
        Receipt receipt;
        for (; kept < 100; ++kept) {
            large = result_number(kept);
            large.score.document = std::string(100'000, 'x');
            receipt = keep_and_queue(store, large);
            if (!receipt.done()) break;
        }
        ASSERT_LT(kept, 100);
        expect_refused(receipt, "the disk is full", Kept::interrupted);
    }
    EXPECT_EQ(rows(store), static_cast<size_t>(kept));
    EXPECT_EQ(Outbox(store).counts()->waiting, kept);
    expect_done(keep_and_queue(store, large));
    Store again = open_store(folder / "records.db");
    EXPECT_EQ(rows(again), static_cast<size_t>(kept) + 1);
}

TEST(RecordsOnDisk, ADamagedSchemaIsToldOnOneLine) {
    QuickFolder folder;
    const std::string file = folder / "records.db";
    (void)open_store(file);
    const auto read = base::read_file(file);
    ASSERT_TRUE(read);
    std::string bytes(read->begin(), read->end());
    const std::string sound = "recording TEXT NOT NULL CHECK (";
    ASSERT_NE(bytes.find(sound), std::string::npos);
    for (size_t at = 0; (at = bytes.find(sound, at)) != std::string::npos;) bytes[at + sound.size() - 1] = '!';
    ASSERT_TRUE(base::write_file(file, std::string_view(bytes)));
    const auto store = Store::open(place_of(file));
    ASSERT_FALSE(store);
    EXPECT_THAT(store.error().message, HasSubstr("is damaged"));
    EXPECT_EQ(store.error().message.find('\n'), std::string::npos) << store.error().message;
}

/// The sentence with which another account than root is refused; empty when it is not.
std::string refused_to_nobody(const std::string& file) {
    int ends[2];
    CHECK(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0) CHECK(::setresuid(65534, 65534, 65534) == 0);
        const auto opened = Store::open(place_of(file));
        const std::string said = opened ? "" : opened.error().message;
        CHECK(::write(ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size()));
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string said(4096, '\0');
    const ssize_t size = ::read(ends[0], said.data(), said.size());
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    said.resize(static_cast<size_t>(std::max<ssize_t>(size, 0)));
    return said;
}

TEST(RecordsOnDisk, AFolderThatCannotBeWrittenIsToldInASentence) {
    QuickFolder folder;
    { Store made = open_store(folder / "there.db"); }
    base::fs::permissions(folder / "", base::fs::perms::owner_read | base::fs::perms::owner_exec | base::fs::perms::others_read | base::fs::perms::others_exec);
    EXPECT_THAT(refused_to_nobody(folder / "new.db"), HasSubstr("check the permissions"));
    EXPECT_THAT(refused_to_nobody(folder / "there.db"), HasSubstr("check the permissions"));
    EXPECT_THAT(refused_to_nobody(folder / "deeper/new.db"), HasSubstr("name another place"));
    EXPECT_THAT(refused_to_nobody("/proc/records.db"), HasSubstr("check the permissions"));
    base::fs::permissions(folder / "", base::fs::perms::owner_all);
}

TEST(RecordsOnDisk, ANewFileIsForItsOwnersEyesAlone) {
    QuickFolder folder;
    Store store = open_store(folder / "records.db");
    expect_done(store.add(result_number(1)));
    for (const char* name : {"records.db", "records.db-wal", "records.db-shm"})
        EXPECT_EQ(base::fs::status(folder / name).permissions(), base::fs::perms::owner_read | base::fs::perms::owner_write) << name;
}

TEST(RecordsOnDisk, OtherFilesAreRefusedAndLeftAsTheyAre) {
    scenario::Scratch scratch;
    const std::string text = scratch.write("text.db", std::string(5000, 'x')), note = scratch.write("note.txt", "a");
    const std::string other = (scratch / "other.db").string();
    ASSERT_EQ(scenario::run({"sqlite3", other, "CREATE TABLE mine(x)"}).exit, 0);
    const std::string recording = (scratch / "r.evh").string();
    ASSERT_EQ(scenario::run({"sqlite3", recording, "PRAGMA application_id = 0x45564831; CREATE TABLE meta(key, value)"}).exit, 0);
    for (const std::string& file : {text, note, other, recording}) {
        const std::string before = scenario::read(file);
        const auto opened = Store::open(place_of(file));
        ASSERT_FALSE(opened) << file;
        EXPECT_THAT(opened.error().message, HasSubstr("name another file"));
        EXPECT_EQ(scenario::read(file), before) << file;
    }
}

TEST(RecordsOnDisk, FilesThatWereCutShortAreRefusedOrTellTheTruth) {
    QuickFolder folder;
    const std::string whole = folder / "whole.db";
    {
        Store store = open_store(whole);
        for (int i = 0; i < 20; ++i) expect_done(keep_and_queue(store, result_number(i)));
        store.connection().query("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    const std::vector<uint8_t> bytes = *base::read_file(whole);
    size_t refused = 0, cuts = 0;
    for (size_t size = 1; size < bytes.size(); size += 1013, ++cuts) {
        const std::string cut = folder / "cut.db";
        base::fs::remove(cut + "-wal");
        base::fs::remove(cut + "-shm");
        std::ofstream(cut, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(size));
        auto opened = Store::open(place_of(cut));
        const auto listed = opened ? opened->list() : base::Result<std::vector<Listed>>(opened.error());
        refused += !listed;
        if (!listed)
            EXPECT_THAT(listed.error().message, testing::AnyOf(HasSubstr("name another file"), HasSubstr("use a copy of it"))) << size;
        else
            EXPECT_EQ(listed->size(), 20u) << "cut at " << size;
    }
    EXPECT_GT(refused, cuts / 2) << "only what was asked for need be whole";
}

TEST(RecordsPlace, FilesAndUrlsAreToldApart) {
    EXPECT_EQ(place_of("a/b.db").file, "a/b.db");
    EXPECT_EQ(place_of("sqlite:a/b.db").file, "a/b.db");
    EXPECT_FALSE(place_of("a/b.db").is_server());
    const Place server = place_of("postgresql://anna:secret%40@school.example:5433/evenhand?sslmode=require");
    EXPECT_TRUE(server.is_server());
    EXPECT_EQ(server.name(), "postgresql://anna@school.example:5433/evenhand");
    EXPECT_EQ(server.without_secrets("no secret@ here"), "no … here");
    for (const char* wrong : {"", "mysql://x/y", "postgresql://a:b@c@d/e", "postgresql://a:b/c@d/e", "postgresql://a%/e", "postgresql://a:1x/e"})
        EXPECT_FALSE(parse_place(wrong)) << wrong;
}

}  // namespace
