#pragma once

// A body, its stations and their sealed sessions, made up and small, and the ways in which somebody may forge
// one. Shared by the fast tests and the long ones.

#include "engine/base/random.h"
#include "training/core/notes.h"
#include "training/core/seal_check.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstring>
#include <fstream>

namespace sealed {

namespace fs = base::fs;
using namespace training;

inline constexpr const char* kPassphrase = "correct horse";

/// A folder in memory where the system has one, gone at the end.
class Folder {
  public:
    Folder() {
        const fs::path parent =
            ::access("/dev/shm", W_OK) == 0 ? fs::path("/dev/shm") : fs::temp_directory_path();
        std::string name = (parent / "evenhand-sealed-XXXXXX").string();
        CHECK(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path_); }
    fs::path operator/(const std::string& name) const { return path_ / name; }
    const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

inline RecordingHeader header(const std::string& trainee = "A-17") {
    RecordingHeader made;
    made.case_id = made.face_id = "pad-flat";
    made.case_text = "version = 1\nid = \"pad-flat\"\n";
    made.device_id = "pen-12";
    made.device_text = "version = 1\n";
    made.face = base::sha256("a face");
    made.device = base::sha256("a device");
    made.skin_text = "version = 1\n";
    made.skin = base::sha256("a skin");
    made.started = "2026-11-21T01:00:00Z";
    made.source = "mouse";
    made.program = "evenhand test";
    made.trainee = trainee;
    return made;
}

/// Half a second of session time each: 60 samples, an event in every third, a checkpoint in every second.
inline void add_part(Recorder& recorder, uint32_t part) {
    constexpr uint32_t kSteps = 60, kStep_us = 8333;
    if (part % 3 == 1)
        recorder.add(
            input::ProcedureEvent{part * kSteps * kStep_us + 1, "depth_mm", fmt::format("0.{}", part)});
    for (uint32_t step = part * kSteps; step < (part + 1) * kSteps; ++step) {
        input::PenSample sample;
        sample.time_us = (step + 1) * kStep_us;
        sample.tip_nm[0] = static_cast<int32_t>(step) * 1000;
        sample.axis_q30[2] = -(1 << 30);
        sample.force_un = 700'000;
        recorder.add(std::vector{sample});
        recorder.add(std::vector{
            shared::ContactRecord{sample.time_us, step, 1, 700, 900, 250, 20'000, shared::kContactTouching}});
        if (step % 4 == 0)
            recorder.add(std::vector{shared::Puncture{sample.time_us, step, 3, 0x40004000u, 480u, 700u}});
    }
    if (part % 2 == 1)
        recorder.add(Checkpoint{(part + 1) * kSteps, base::sha256(fmt::format("state {}", part))});
}

inline OpenKey opened(const fs::path& folder, const std::string& name) {
    return std::move(*open_key(folder, name, kPassphrase));
}

/// A body with a station that it certifies, each in a folder of its own, and what a verifier needs of them.
struct Institution {
    Folder body_keys, station_keys;
    Identity body, station;

    explicit Institution(const std::string& name = "board") {
        body = *make_key(body_keys.path(), name, KeyRole::body, kPassphrase, least_key_cost());
        station =
            *make_key(station_keys.path(), "station-1", KeyRole::station, kPassphrase, least_key_cost());
        const std::string certificate =
            *certify(body_keys.path(), opened(body_keys.path(), name), station, 30);
        CHECK(static_cast<bool>(base::write_file(body_keys / "out.json", std::string_view(certificate))));
        CHECK(static_cast<bool>(take_on(station_keys.path(), body_keys / "out.json")));
        fs::remove(body_keys / "out.json");
    }
    /// Whoever knows the body's public key alone.
    Trust trust() const { return {{body}, {}}; }
    std::shared_ptr<Sealer> sealer(const std::string& nonce = {}) const {
        return std::make_shared<Sealer>(opened(station_keys.path(), "station-1"),
                                        SealTerms{nonce, std::nullopt});
    }
};

inline void write_session(const fs::path& file, std::shared_ptr<Sealer> sealer, uint32_t parts = 24,
                          bool finish = true, const RecordingHeader& about = header()) {
    base::Result<Recorder> recorder = Recorder::create(file, about, std::move(sealer));
    CHECK(static_cast<bool>(recorder), recorder ? "" : recorder.error().message);
    for (uint32_t part = 0; part < parts; ++part) {
        add_part(*recorder, part);
        CHECK(static_cast<bool>(recorder->commit()));
    }
    if (finish) CHECK(static_cast<bool>(recorder->finish()));
}

/// What a verifier says: "" where the file and its seal hold, else the first thing that does not, with its
/// name before it.
inline std::string objection(const fs::path& file, const Trust& trust, SealDemands demands = {true, {}, {}}) {
    const base::Result<Recording> recording = load_recording(file);
    if (!recording) return "integrity: " + recording.error().message;
    for (const Finding& finding : check_seal(*recording, trust, demands))
        if (!finding.holds) return finding.what + ": " + finding.words;
    return {};
}

inline void change(const fs::path& file, const std::string& sql) {
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE)
        .exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; " + sql);
}

inline std::string read_bytes(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

inline void write_bytes(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

/// Every row of every table but `note`, as text.
inline std::string rows_of(const fs::path& file) {
    std::string all;
    SQLite::Database database(file.string(), SQLite::OPEN_READONLY);
    for (const char* table : {"meta", "event", "chunk", "checkpoint", "seal", "link"}) {
        SQLite::Statement query(database, fmt::format("SELECT * FROM {} ORDER BY rowid", table));
        while (query.executeStep()) {
            for (int column = 0; column < query.getColumnCount(); ++column) {
                const SQLite::Column value = query.getColumn(column);
                all += fmt::format("{}:{}:", value.getType(), value.getBytes());
                all.append(static_cast<const char*>(value.getBlob()), static_cast<size_t>(value.getBytes()));
            }
            all += '\n';
        }
        all += table;
    }
    return all;
}

/// Makes what an unsealed recording checks itself fit its rows again: a chunk's sum and the evidence's hash.
/// What a forger does who knows the format.
inline void mend_sums(const fs::path& file) {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    database.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;");
    SQLite::Statement query(database, "SELECT id, samples, contacts, punctures FROM chunk");
    std::vector<std::pair<int64_t, base::Hash>> sums;
    while (query.executeStep()) {
        base::Hasher hasher;
        for (int column = 1; column <= 3; ++column) {
            const SQLite::Column value = query.getColumn(column);
            hasher.value(static_cast<uint64_t>(value.getBytes()));
            hasher.bytes(
                {static_cast<const uint8_t*>(value.getBlob()), static_cast<size_t>(value.getBytes())});
        }
        sums.emplace_back(query.getColumn(0).getInt64(), hasher.finish());
    }
    SQLite::Statement update(database, "UPDATE chunk SET check_sum = ? WHERE id = ?");
    for (const auto& [id, sum] : sums) {
        update.reset();
        update.bind(1, sum.bytes.data(), static_cast<int>(sum.bytes.size()));
        update.bind(2, id);
        update.exec();
    }
}

/// Puts the hash of what is there now into the file.
inline void mend_evidence(const fs::path& file) {
    mend_sums(file);
    // Format 1 has no such hash: opened as that, the recording tells the one that it needs.
    const fs::path bare = file.string() + ".bare";
    fs::copy_file(file, bare, fs::copy_options::overwrite_existing);
    change(bare,
           "DROP TABLE IF EXISTS seal; DROP TABLE IF EXISTS link; DELETE FROM meta WHERE key IN ('evidence', "
           "'finished'); PRAGMA user_version = 1");
    const base::Result<Recording> recording = load_recording(bare);
    fs::remove(bare);
    if (!recording) return;
    const std::string hash = recording->evidence_hash().hex();
    change(file, fmt::format("UPDATE meta SET value = '{0}' WHERE key = 'evidence'; UPDATE meta SET value = "
                             "'{0}' WHERE key = 'finished'",
                             hash));
}

/// Computes the whole chain anew over what is there, as who has no key can.
inline void mend_chain(const fs::path& file) {
    mend_evidence(file);
    const base::Result<Recording> recording = load_recording(file);
    if (!recording || !recording->seal) return;
    base::Hash before = chain_start(recording->seal->session);
    size_t samples = 0, contacts = 0, punctures = 0, events = 0, checkpoints = 0;
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    database.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;");
    SQLite::Statement update(database, "UPDATE link SET hash = ? WHERE id = ?");
    const auto piece = [](const auto& all, size_t& at, uint32_t count) {
        const size_t begin = std::min(at, all.size()), size = std::min<size_t>(count, all.size() - begin);
        at += count;
        return std::span(all).subspan(begin, size);
    };
    for (size_t i = 0; i < recording->seal->links.size(); ++i) {
        const SealLink& link = recording->seal->links[i];
        before = link_hash(before, link,
                           {piece(recording->samples, samples, link.samples),
                            piece(recording->contacts, contacts, link.contacts),
                            piece(recording->punctures, punctures, link.punctures),
                            piece(recording->events, events, link.events),
                            piece(recording->checkpoints, checkpoints, link.checkpoints)});
        update.reset();
        update.bind(1, before.bytes.data(), static_cast<int>(before.bytes.size()));
        update.bind(2, static_cast<int64_t>(i + 1));
        update.exec();
    }
}

/// Forges a copy of a sealed session in ways without end; each is to be objected to, or to have changed
/// nothing that is read.
class Forger {
  public:
    Forger() {
        write_session(folder_ / "whole.evh", board_.sealer());
        write_session(folder_ / "other.evh", board_.sealer(), 24, true, header("B-2"));
        // The same hand, recorded again: rows of one would fit the other.
        write_session(folder_ / "again.evh", board_.sealer());
        write_session(folder_ / "foreign.evh", foreign_.sealer());
        whole_ = read_bytes(folder_ / "whole.evh");
        rows_ = rows_of(folder_ / "whole.evh");
        CHECK(objection(folder_ / "whole.evh", trust()).empty(), objection(folder_ / "whole.evh", trust()));
    }
    Trust trust() const { return board_.trust(); }

    struct Attempt {
        std::string how, objection;
        bool opened = true;  ///< SQLite took the file
        bool same = false;   ///< not a row is different from the sound one
    };
    /// One forgery, drawn by `random`.
    Attempt attempt(base::Random& random) {
        const fs::path file = folder_ / "forged.evh";
        write_bytes(file, whole_);
        Attempt done;
        try {
            done.how = forge(file, random);
        } catch (const SQLite::Exception& problem) {
            done.how = std::string("SQLite refused: ") + problem.what();
        }
        done.objection = objection(file, trust());
        try {
            done.same = rows_of(file) == rows_;
        } catch (const SQLite::Exception&) {
            done.opened = false;
        }
        return done;
    }

  private:
    std::string forge(const fs::path& file, base::Random& random) {
        switch (random.below(11)) {
            case 0:
            case 1:
                return flip_bits(file, random);
            case 2:
                return cut_file(file, random);
            case 3:
                return change_a_value(file, random);
            case 4:
                return drop_rows(file, random);
            case 5:
                return swap_rows(file, random);
            case 6:
                return repeat_a_row(file, random);
            case 7:
                return take_rows_of_another(file, random);
            case 8:
                return end_early(file, random);
            case 9:
                return edit_samples(file, random);
            default:
                return replace_documents(file, random);
        }
    }
    std::string flip_bits(const fs::path& file, base::Random& random) {
        std::string bytes = whole_;
        const uint32_t flips = 1 + random.below(3);
        std::string how = "bits flipped at";
        for (uint32_t i = 0; i < flips; ++i) {
            const uint32_t at = random.below(static_cast<uint32_t>(bytes.size()));
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
            how += fmt::format(" {}", at);
        }
        write_bytes(file, bytes);
        return how;
    }
    std::string cut_file(const fs::path& file, base::Random& random) {
        const uint32_t size = random.below(static_cast<uint32_t>(whole_.size()));
        write_bytes(file, whole_.substr(0, size));
        return fmt::format("the file cut at {}", size);
    }
    std::string change_a_value(const fs::path& file, base::Random& random) {
        static const std::vector<std::string> kChanges = {
            "UPDATE event SET value = value || '1' WHERE rowid = {0} % 8 + 1",
            "UPDATE event SET name = 'rate_hz' WHERE rowid = {0} % 8 + 1",
            "UPDATE event SET time_us = time_us + 1 WHERE rowid = {0} % 8 + 1",
            "UPDATE checkpoint SET state = zeroblob(32) WHERE step = ({0} % 12 + 1) * 120",
            "UPDATE checkpoint SET step = step + 1 WHERE step = ({0} % 12 + 1) * 120",
            "UPDATE link SET time_us = time_us + 1 WHERE id = {0} % 24 + 1",
            "UPDATE link SET samples = samples - 1 WHERE id = {0} % 24 + 1",
            "UPDATE link SET elapsed_ms = elapsed_ms + 1 WHERE id = {0} % 24 + 1",
            "UPDATE link SET elapsed_ms = elapsed_ms - 1 WHERE id = {0} % 24 + 1",
            "UPDATE link SET signature = zeroblob(64) WHERE id = {0} % 24 + 1",
            "UPDATE link SET hash = zeroblob(32) WHERE id = {0} % 24 + 1",
            "UPDATE meta SET value = 'B-2' WHERE key = 'trainee'",
            "UPDATE meta SET value = 'evenhand 9' WHERE key = 'program'",
            "UPDATE meta SET value = '2026-11-22T01:00:00Z' WHERE key = 'started'",
            "UPDATE meta SET value = 'operator expert 1' WHERE key = 'source'",
            "UPDATE meta SET value = value || ' ' WHERE key = 'case_text'",
            "UPDATE meta SET value = value || ' ' WHERE key = 'skin_text'",
            "UPDATE meta SET value = (SELECT value FROM meta WHERE key = 'device') WHERE key = 'face'",
            "INSERT INTO meta VALUES ('extra{0}', 'x')",
            "CREATE TABLE extra{0}(a)",
            "CREATE VIEW extra{0} AS SELECT 1",
            "CREATE TRIGGER extra{0} AFTER INSERT ON note BEGIN DELETE FROM event; END",
            "ALTER TABLE event ADD COLUMN extra{0}",
            "PRAGMA user_version = 3"};
        const std::string sql = fmt::format(
            fmt::runtime(kChanges[random.below(static_cast<uint32_t>(kChanges.size()))]), random.below(1000));
        change(file, sql);
        if (random.below(2)) mend_chain(file);
        return sql;
    }
    std::string drop_rows(const fs::path& file, base::Random& random) {
        static const std::vector<std::string> kDrops = {
            "DELETE FROM chunk WHERE id = {0} % 24 + 1",
            "DELETE FROM event WHERE rowid = {0} % 8 + 1",
            "DELETE FROM checkpoint WHERE step = ({0} % 12 + 1) * 120",
            "DELETE FROM link WHERE id = {0} % 24 + 1",
            "DELETE FROM seal WHERE key = 'certificate'",
            "DELETE FROM seal WHERE key = 'session'",
            "DELETE FROM seal WHERE key = 'closing'",
            "DELETE FROM seal",
            "DROP TABLE seal",
            "DROP TABLE link",
            "DROP TABLE seal; DROP TABLE link",
            "DELETE FROM meta WHERE key = 'trainee'"};
        const std::string sql = fmt::format(
            fmt::runtime(kDrops[random.below(static_cast<uint32_t>(kDrops.size()))]), random.below(1000));
        change(file, sql);
        if (random.below(2)) mend_chain(file);
        return sql;
    }
    std::string swap_rows(const fs::path& file, base::Random& random) {
        const uint32_t a = 1 + random.below(24), b = 1 + (a + random.below(23)) % 24;
        const char* table = random.below(2) ? "chunk" : "link";
        change(file, fmt::format("UPDATE {0} SET id = -1 WHERE id = {1}; UPDATE {0} SET id = {1} WHERE id = "
                                 "{2}; UPDATE {0} SET id = {2} WHERE id = -1",
                                 table, a, b));
        if (random.below(2)) mend_chain(file);
        return fmt::format("rows {} and {} of {} swapped", a, b, table);
    }
    std::string repeat_a_row(const fs::path& file, base::Random& random) {
        static const std::vector<std::string> kRepeats = {
            "INSERT INTO chunk SELECT 25, samples, contacts, punctures, check_sum FROM chunk WHERE id = {0} "
            "% 24 + 1",
            "INSERT INTO event SELECT time_us, name, value FROM event WHERE rowid = 8",
            "INSERT INTO checkpoint SELECT step + {0} + 1, state FROM checkpoint WHERE step = 1440",
            "INSERT INTO link SELECT 25, time_us, samples, contacts, punctures, events, checkpoints, elapsed_ms, "
            "hash, signature FROM link WHERE id = {0} % 24 + 1",
            "INSERT INTO link SELECT 25, time_us, 0, 0, 0, 0, 0, elapsed_ms, hash, signature FROM link WHERE id = "
            "{0} % 24 + 1"};
        const std::string sql = fmt::format(
            fmt::runtime(kRepeats[random.below(static_cast<uint32_t>(kRepeats.size()))]), random.below(1000));
        change(file, sql);
        if (random.below(2)) mend_chain(file);
        return sql;
    }
    std::string take_rows_of_another(const fs::path& file, base::Random& random) {
        static const std::vector<std::string> kOthers = {"other.evh", "again.evh", "foreign.evh"};
        const std::string other = kOthers[random.below(3)];
        static const std::vector<std::string> kTaken = {
            "UPDATE link SET hash = (SELECT hash FROM o.link l WHERE l.id = link.id), signature = (SELECT "
            "signature FROM o.link l WHERE l.id = link.id)",
            "UPDATE main.link SET signature = (SELECT signature FROM o.link l WHERE l.id = {0}) WHERE id = "
            "{0}",
            "UPDATE main.seal SET document = (SELECT document FROM o.seal s WHERE s.key = 'session') WHERE "
            "key = 'session'",
            "UPDATE main.seal SET document = (SELECT document FROM o.seal s WHERE s.key = 'closing') WHERE "
            "key = 'closing'",
            "DELETE FROM main.seal; INSERT INTO main.seal SELECT * FROM o.seal",
            "DELETE FROM main.seal; INSERT INTO main.seal SELECT * FROM o.seal; UPDATE main.link SET hash = "
            "(SELECT hash FROM o.link l WHERE l.id = main.link.id), signature = (SELECT signature FROM "
            "o.link l WHERE l.id = main.link.id); UPDATE main.meta SET value = 'Z' WHERE key = 'trainee'"};
        const uint32_t which = random.below(static_cast<uint32_t>(kTaken.size()));
        const std::string sql = fmt::format(fmt::runtime(kTaken[which]), 1 + random.below(24));
        change(file, fmt::format("ATTACH '{}' AS o; {}", (folder_ / other).string(), sql));
        if (random.below(2)) mend_evidence(file);
        return fmt::format("from {}: {}", other, sql);
    }
    /// What a candidate would like: the session as it was before the mistake.
    std::string end_early(const fs::path& file, base::Random& random) {
        const uint32_t last = 1 + random.below(23);
        change(file,
               fmt::format(
                   "DELETE FROM chunk WHERE id > {0}; DELETE FROM link WHERE id > {0}; DELETE FROM event "
                   "WHERE rowid > (SELECT sum(events) FROM link); "
                   "DELETE FROM checkpoint WHERE step > 60 * {0};{1}",
                   last,
                   random.below(2)
                       ? " DELETE FROM seal WHERE key = 'closing'; DELETE FROM meta WHERE key = 'finished';"
                       : ""));
        mend_evidence(file);
        return fmt::format("ended after link {}", last);
    }
    std::string edit_samples(const fs::path& file, base::Random& random) {
        const uint32_t chunk = 1 + random.below(24), sample = random.below(60);
        {
            SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
            database.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;");
            SQLite::Statement query(database, "SELECT samples FROM chunk WHERE id = ?");
            query.bind(1, static_cast<int64_t>(chunk));
            CHECK(query.executeStep());
            const auto* bytes = static_cast<const uint8_t*>(query.getColumn(0).getBlob());
            std::vector<uint8_t> samples(bytes, bytes + query.getColumn(0).getBytes());
            input::PenSample edited;
            std::memcpy(&edited, samples.data() + sample * sizeof edited, sizeof edited);
            edited.force_un -= 1 + static_cast<int32_t>(random.below(1000));
            edited.tip_nm[1] += static_cast<int32_t>(random.below(1000));
            std::memcpy(samples.data() + sample * sizeof edited, &edited, sizeof edited);
            query.reset();
            SQLite::Statement update(database, "UPDATE chunk SET samples = ? WHERE id = ?");
            update.bind(1, samples.data(), static_cast<int>(samples.size()));
            update.bind(2, static_cast<int64_t>(chunk));
            update.exec();
        }
        mend_chain(file);
        return fmt::format("sample {} of chunk {} edited, sums and chain computed anew", sample, chunk);
    }
    /// The documents again, signed by whoever is at hand.
    std::string replace_documents(const fs::path& file, base::Random& random) {
        const uint32_t which = random.below(4);
        const SecretKey mine = SecretKey::generate();
        if (which == 0) {  // another station's key: the whole session sealed anew by a station that nobody
                           // here certifies
            fs::copy_file(folder_ / "foreign.evh", file, fs::copy_options::overwrite_existing);
            return "sealed by a station of another body";
        }
        const base::Result<Recording> recording = load_recording(file);
        const char* key = which == 1 ? "session" : which == 2 ? "closing" : "certificate";
        const Seal& seal = *recording->seal;
        Document document = Document::parse(which == 1   ? seal.session
                                            : which == 2 ? seal.closing
                                                         : seal.certificate);
        if (which == 1) document["nonce"] = to_hex(random_bytes<32>());
        if (which == 2) document["closed"] = "2026-11-21T09:00:00Z";
        if (which == 3) document["until"] = "2036-11-21T09:00:00Z";
        if (random.below(2)) document = Document::parse(sign_document(document, mine));
        SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
        SQLite::Statement update(database, "UPDATE seal SET document = ? WHERE key = ?");
        update.bind(1, document.dump());
        update.bind(2, key);
        update.exec();
        return fmt::format("the {} document edited", key);
    }

    Institution board_{"board"}, foreign_{"academy"};
    Folder folder_;
    std::string whole_, rows_;
};

/// `count` forgeries: each is objected to in one sentence, or not a row is different.
inline void expect_all_caught(int count, uint64_t seed) {
    Forger forger;
    base::Random random(seed);
    int caught = 0, without_effect = 0, unopened = 0;
    for (int i = 0; i < count; ++i) {
        const Forger::Attempt attempt = forger.attempt(random);
        (attempt.objection.empty() ? without_effect : caught) += 1;
        unopened += !attempt.opened;
        EXPECT_TRUE(!attempt.objection.empty() || attempt.same)
            << "try " << i << " of seed " << seed << ": " << attempt.how << ": nobody objects";
        EXPECT_EQ(attempt.objection.find('\n'), std::string::npos) << attempt.objection;
        if (testing::Test::HasFailure()) return;
    }
    EXPECT_GT(caught, count * 8 / 10);
    EXPECT_LT(unopened, count / 2);
    testing::Test::RecordProperty("caught", caught);
    testing::Test::RecordProperty("without_effect", without_effect);
    testing::Test::RecordProperty("not_opened_by_sqlite", unopened);
}

}  // namespace sealed
