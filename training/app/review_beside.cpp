#include "training/app/review_beside.h"

#include "engine/base/log.h"
#include "training/app/care.h"
#include "training/core/moment.h"
#include "training/core/operator.h"

#include <algorithm>

namespace app {

namespace {

constexpr uint64_t kExpertSeed = 1;
constexpr size_t kLookedThrough = 200;  // recordings of the folder

std::shared_ptr<const ScoredSession> perform_expert(const ScoredSession& own) {
    training::Performance hand = training::perform_operator(*own.stage, training::Skill::expert, kExpertSeed);
    ScoredSession run;
    run.stage = own.stage;
    run.rubric = own.rubric;
    run.scope = own.scope;
    run.recording.header = training::make_header(*own.stage, "operator expert 1");
    run.recording.samples = std::move(hand.samples);
    run.recording.events = std::move(hand.events);
    const training::Session played = training::resimulate(run.recording, own.stage);
    run.recording.punctures = played.punctures();
    run.recording.contacts = played.contacts();
    run.wipes = wipes_of(*own.stage->face, run.recording.events);
    return std::make_shared<const ScoredSession>(std::move(run));
}

/// Another face has other places: what was done there cannot stand beside.
base::Result<std::shared_ptr<const ScoredSession>> load_beside(const base::Places& places, const base::fs::path& file,
                                                               const ScoredSession& own) {
    auto recording = training::load_recording(file);
    if (!recording) return recording.error();
    const training::RecordingHeader &a = recording->header, &b = own.recording.header;
    if (a.face != b.face) return base::error("{}: is of another face; choose a session of this one", file.string());
    const bool alike = a.device == b.device && a.skin == b.skin && a.case_text == b.case_text;
    auto session = score_file(places, file, {}, {}, alike ? own.stage : nullptr);
    if (!session) return session.error();
    return std::make_shared<const ScoredSession>(std::move(*session));
}

}  // namespace

ReviewBeside::ReviewBeside(Desk& desk, std::shared_ptr<const ScoredSession> own)
    : name_(desk.words("review.expert")),
      run_(std::async(std::launch::async, [own = std::move(own)]() -> Run { return perform_expert(*own); })) {}

ReviewBeside::ReviewBeside(Desk& desk, std::shared_ptr<const ScoredSession> own, const base::fs::path& file,
                           const std::string& begun)
    : name_(desk.words("review.earlier", fmt::arg("time", begun))),
      run_(std::async(std::launch::async,
                      [places = desk.options.places, file, own = std::move(own)]() -> Run { return load_beside(places, file, *own); })) {}

base::Status ReviewBeside::work(Desk& desk) {
    if (!run_.valid() || run_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return {};
    Run run = run_.get();
    if (!run) return run.error();
    return set_stage(desk, std::move(*run));
}

base::Status ReviewBeside::set_stage(Desk& desk, std::shared_ptr<const ScoredSession> run) {
    auto made = render::Renderer::create(desk.window.device(), desk.options.places, desk.options.places.cache / "faces");
    if (!made) return made.error();
    renderer_ = std::move(*made);
    if (auto status = show_session(*renderer_, *run, 0); !status) return status;
    if (auto front = picture_scene(*run, "front", render::Overlay::none)) scene_ = std::move(*front);
    picture_ = std::make_unique<ReviewPicture>(std::move(run));
    spdlog::info("review beside {}", name_);
    return {};
}

uint32_t ReviewBeside::time_beside(uint32_t time_us, uint32_t of_us, bool by_share) const {
    const uint32_t end = picture_->replay().duration_us();
    if (!by_share || of_us == 0) return std::min(time_us, end);
    return static_cast<uint32_t>(uint64_t{time_us} * end / of_us);
}

void ReviewBeside::show(uint32_t time_us, const render::SceneView& like) {
    scene_.camera = like.camera;
    scene_.tier = like.tier;
    scene_.overlay = like.overlay;
    scene_.bands = like.bands;
    if (shown_ && shown_us_ == time_us && picture_->contact()) return;
    picture_->go_to(*renderer_, time_us, scene_);
    shown_us_ = time_us;
    shown_ = true;
}

const shared::ContactRecord* ReviewBeside::contact() const {
    const shared::ContactRecord* contact = training::contact_at(picture_->session().recording.contacts, shown_us_);
    return contact && (contact->flags & shared::kContactTouching) ? contact : nullptr;
}

std::vector<SessionFile> sessions_beside(const base::fs::path& folder, const ScoredSession& own, size_t most) {
    std::vector<SessionFile> sessions = recent_sessions(folder, kLookedThrough);
    std::erase_if(sessions, [&](const SessionFile& one) {
        return one.case_id != own.stage->practice.id || one.path == own.file;
    });
    if (sessions.size() > most) sessions.resize(most);
    return sessions;
}

}  // namespace app
