#pragma once

// Simulated results, and stores of both kinds to keep them in.

#include "engine/base/hash.h"
#include "tests/scenarios/postgres.h"
#include "training/records/handing_in.h"
#include "training/records/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

namespace record_test {

inline std::string hash_of(const std::string& words) {
    return base::sha256(std::string_view(words)).hex();
}

/// A result like no other of another `number`.
inline records::SessionResult result_number(int number, const std::string& candidate = "A-17") {
    const std::string rubric = "id = \"provisional\"\n", name = std::to_string(number);
    records::SessionResult result;
    result.rubric = {hash_of(rubric), "provisional", "1", rubric};
    result.session = {hash_of("evidence " + name), "demo", "pen-12", result.rubric.hash, "2026-11-21T09:30:05Z", "mouse", candidate, "room 2", 1,
                      records::SessionKind::practice, "/home/school/" + name + ".evh"};
    result.score = {result.session.evidence, result.rubric.hash, hash_of("scope"), 8000 + number % 2000, 8000, true, "{\"total\":" + name + "}"};
    return result;
}

/// Another rubric for the same session.
inline records::SessionResult by_another_rubric(records::SessionResult result, const std::string& text = "id = \"strict\"\n") {
    result.rubric = {hash_of(text), "strict", "2", text};
    result.session.rubric = result.score.rubric = result.rubric.hash;
    result.score.total = 4000;
    result.score.pass = false;
    return result;
}

inline records::Decision decision_on(const records::SessionResult& result, const std::string& verdict, const std::string& reason,
                                     std::span<const records::Decision> before = {}, const std::string& examiner = "N. Okafor") {
    return records::next_decision(before, result.session.evidence, examiner, verdict, reason, "2026-11-22T10:00:00Z");
}

inline records::Place place_of(const std::string& text, records::Patience patience = {}) {
    const base::Result<records::Place> place = records::parse_place(text, patience);
    EXPECT_TRUE(place) << place.error().message;
    return *place;
}

/// A folder in memory where there is one: thousands of commits need not wait for the disk.
class QuickFolder {
  public:
    QuickFolder() {
        const base::fs::path parent = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : base::fs::temp_directory_path();
        std::string name = (parent / "evenhand-records-XXXXXX").string();
        CHECK(::mkdtemp(name.data()) != nullptr);
        folder_ = name;
    }
    ~QuickFolder() { base::fs::remove_all(folder_); }
    std::string operator/(const std::string& name) const { return (folder_ / name).string(); }

  private:
    base::fs::path folder_;
};

struct Sqlite {
    static constexpr const char* kName = "SQLite";
    QuickFolder folder;
    std::string text = folder / "records.db";
};
struct Postgres {
    static constexpr const char* kName = "PostgreSQL";
    std::string database = scenario::PostgresServer::shared().new_database();
    std::string text = scenario::PostgresServer::shared().url(database);
};
struct KindNames {
    template <typename Kind>
    static std::string GetName(int) {
        return Kind::kName;
    }
};

inline records::Store open_store(const std::string& text, records::Patience patience = {}) {
    base::Result<records::Store> store = records::Store::open(place_of(text, patience));
    if (!store) throw std::runtime_error(store.error().message);
    return std::move(*store);
}

inline records::Store set_up(const std::string& text) {
    const base::Status made = records::Store::set_up(place_of(text));
    EXPECT_TRUE(made) << made.error().message;
    return open_store(text);
}

inline size_t rows(records::Store& store) {
    const auto listed = store.list();
    EXPECT_TRUE(listed) << listed.error().message;
    return listed ? listed->size() : 0;
}

inline void expect_done(const records::Receipt& receipt, records::Kept kept = records::Kept::added) {
    EXPECT_EQ(receipt.kept, kept) << receipt.why;
    EXPECT_EQ(receipt.why, "");
}
inline void expect_refused(const records::Receipt& receipt, const std::string& telling, records::Kept kept = records::Kept::refused) {
    EXPECT_EQ(receipt.kept, kept) << receipt.why;
    EXPECT_THAT(receipt.why, testing::HasSubstr(telling));
    EXPECT_EQ(receipt.why.find('\n'), std::string::npos) << receipt.why;
}

/// `times` in turn, without waiting.
inline records::Pause tries(int times) {
    return [left = times](std::chrono::milliseconds) mutable { return left-- > 0; };
}

}  // namespace record_test
