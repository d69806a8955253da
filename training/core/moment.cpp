#include "training/core/moment.h"

#include "training/core/decimal.h"
#include "training/core/html.h"

#include <algorithm>

namespace training {
namespace {

/// The last record at or before a time.
template <typename Record>
const Record* last_at(std::span<const Record> records, uint32_t time_us) {
    auto later = std::upper_bound(records.begin(), records.end(), time_us,
                                  [](uint32_t time, const Record& record) { return time < record.time_us; });
    return later == records.begin() ? nullptr : &*std::prev(later);
}

template <typename Record>
void cut(std::vector<Record>& records, uint32_t time_us) {
    std::erase_if(records, [time_us](const Record& record) { return record.time_us > time_us; });
}

std::string place_words(const face::FaceAsset& face, uint32_t zone) {
    if (zone == 0 || zone >= face.zones.size()) return "outside the zones";
    return "on the " + zone_words(face.zones[zone].id);
}

}  // namespace

const input::PenSample* sample_at(std::span<const input::PenSample> samples, uint32_t time_us) {
    return last_at(samples, time_us);
}

const shared::ContactRecord* contact_at(std::span<const shared::ContactRecord> contacts, uint32_t time_us) {
    const shared::ContactRecord* contact = last_at(contacts, time_us);
    return contact && time_us - contact->time_us <= 2 * skin::step_end_us(1) ? contact : nullptr;
}

Recording until(const Recording& recording, uint32_t time_us) {
    Recording cut_short = recording;
    cut(cut_short.samples, time_us);
    cut(cut_short.events, time_us);
    cut(cut_short.punctures, time_us);
    cut(cut_short.contacts, time_us);
    std::erase_if(cut_short.checkpoints,
                  [time_us](const Checkpoint& checkpoint) { return skin::step_end_us(checkpoint.step) > time_us; });
    cut_short.finished = false;
    return cut_short;
}

std::string moment_words(std::span<const input::PenSample> samples, std::span<const shared::ContactRecord> contacts,
                         const face::FaceAsset& face, uint32_t time_us) {
    const std::string when = clock_moment(time_us);
    const input::PenSample* sample = sample_at(samples, time_us);
    const shared::ContactRecord* contact = contact_at(contacts, time_us);
    if (!sample) return when + ": the session has not begun";
    const std::string set = fmt::format("needles set to {} mm, motor {}", decimal(sample->depth_um), sample->motor ? "on" : "off");
    if (!contact || !(contact->flags & shared::kContactTouching)) return fmt::format("{}: the tip is off the skin; {}", when, set);
    return fmt::format("{}: the tip presses with {} N {}, tilted {} degrees, gliding at {} cm/s; {}", when,
                       fixed_decimal(contact->force_mn, 2), place_words(face, contact->zone),
                       fixed_decimal(contact->tilt_cdeg * 10, 1), fixed_decimal(contact->speed_um_s / 10, 1), set);
}

}  // namespace training
