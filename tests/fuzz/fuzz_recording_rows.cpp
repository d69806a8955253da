#include "engine/base/hash.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/some_recording.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <cstring>

// Rows of a sound database whose check sums hold: random changes of a file never get this far.

namespace fuzz {

namespace {

struct Parts {
    std::span<const uint8_t> samples, contacts, punctures;
};

/// Two lengths of two bytes, then the three blobs.
Parts cut(std::span<const uint8_t> bytes) {
    uint16_t lengths[2] = {};
    if (bytes.size() < sizeof(lengths)) return {};
    std::memcpy(lengths, bytes.data(), sizeof(lengths));
    bytes = bytes.subspan(sizeof(lengths));
    size_t first = std::min<size_t>(lengths[0], bytes.size());
    size_t second = std::min<size_t>(lengths[1], bytes.size() - first);
    return {bytes.first(first), bytes.subspan(first, second), bytes.subspan(first + second)};
}

base::Hash check_sum(const Parts& parts) {
    base::Hasher hasher;
    for (std::span<const uint8_t> part : {parts.samples, parts.contacts, parts.punctures}) {
        hasher.value(static_cast<uint64_t>(part.size()));
        hasher.bytes(part);
    }
    return hasher.finish();
}

void bind(SQLite::Statement& insert, int index, std::span<const uint8_t> bytes) {
    insert.bind(index, bytes.empty() ? static_cast<const void*>("") : bytes.data(),
                static_cast<int>(bytes.size()));
}

void insert_chunk(const base::fs::path& path, const Parts& parts) {
    SQLite::Database database(path.string(), SQLite::OPEN_READWRITE);
    database.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");
    SQLite::Statement insert(database, "INSERT INTO chunk VALUES (1, ?, ?, ?, ?)");
    bind(insert, 1, parts.samples);
    bind(insert, 2, parts.contacts);
    bind(insert, 3, parts.punctures);
    bind(insert, 4, check_sum(parts).bytes);
    insert.exec();
    database.exec("PRAGMA user_version = 1; DELETE FROM meta WHERE key = 'evidence'");  // which the rows would not match
}

bool accepts(std::span<const uint8_t> bytes) {
    static const ScratchFile file("rows.evh");
    static const Bytes kNothing = record_nothing();
    insert_chunk(file.write(kNothing), cut(bytes));
    base::Result<training::Recording> recording = training::load_recording(file.path());
    if (!recording) {
        CHECK(!recording.error().message.empty());
        return false;
    }
    check_recording(*recording);
    return true;
}

template <typename T>
void append(Bytes& bytes, const std::vector<T>& values) {
    const uint8_t* from = reinterpret_cast<const uint8_t*>(values.data());
    bytes.insert(bytes.end(), from, from + values.size() * sizeof(T));
}

}  // namespace

Target recording_rows() {
    Bytes seed;
    append(seed, std::vector<uint16_t>{12 * sizeof(input::PenSample), 12 * sizeof(shared::ContactRecord)});
    append(seed, some_samples());
    append(seed, some_contacts());
    append(seed, some_punctures());
    return {"recording_rows", {seed, Bytes(4, 0)}, accepts};
}

}  // namespace fuzz

FUZZ_PROGRAM(recording_rows)
