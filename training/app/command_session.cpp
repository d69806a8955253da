// perform, score, replay, export: from a pen's path to a recording, and from a recording to numbers.

#include "training/app/commands.h"
#include "training/app/console.h"
#include "training/app/evaluation.h"
#include "training/app/headless.h"
#include "training/app/own_key.h"
#include "training/app/stamping.h"

#include "engine/base/foreign_words.h"
#include "engine/input/pen_file.h"
#include "training/core/export.h"
#include "training/core/moment.h"
#include "training/core/operator.h"
#include "training/core/seal.h"

#include <algorithm>

namespace app {

using training::Stage;

base::Result<Hand> read_hand(const PerformArguments& arguments, const Stage& stage) {
    if (!arguments.skill.empty()) {
        base::Result<training::Operator> who = training::parse_operator(arguments.skill, arguments.faults, arguments.left_handed);
        if (!who) return who.error();
        who->treats_anyway = arguments.treat_anyway;
        uint64_t seed = arguments.seed.value_or(1);
        return Hand{training::perform_operator(stage, *who, seed),
                    fmt::format("operator {} {}", training::operator_words(arguments.skill, *who), seed)};
    }
    Hand hand{{}, "file"};
    base::Result<std::vector<input::PenSample>> samples =
        input::read_pen_file(arguments.pen, stage.device.depth_default * 1e3, stage.device.rate_hz);
    if (!samples) return samples.error();
    hand.performance.samples = std::move(*samples);
    if (!arguments.events.empty()) {
        base::Result<std::vector<input::ProcedureEvent>> events = input::read_events_file(arguments.events);
        if (!events) return events.error();
        hand.performance.events = std::move(*events);
        base::Status applied = input::apply_settings(hand.performance.samples, hand.performance.events);
        if (!applied) return base::error("{}: {}", arguments.events, applied.error());
    }
    return hand;
}

base::Status check_hand(const PerformArguments& arguments) {
    if (arguments.pen.empty() == arguments.skill.empty())
        return base::error("perform: give either --pen FILE.csv or --operator SKILL");
    if (arguments.pen.empty() && !arguments.events.empty()) return base::error("perform: --events goes with --pen");
    if (arguments.skill.empty() && arguments.seed) return base::error("perform: --seed goes with --operator");
    if (arguments.skill.empty() && (!arguments.faults.empty() || arguments.left_handed || arguments.treat_anyway))
        return base::error("perform: --fault, --left-handed and --treat-anyway go with --operator");
    return {};
}

static base::Status check_choice(const PerformArguments& arguments) {
    if (base::Status hand = check_hand(arguments); !hand) return hand;
    if (arguments.practice.empty()) return base::error("perform: give --case ID, or for an exam --package P.evx");
    if (arguments.output.empty()) return base::error("perform: -o names the recording to write (.evh); give one");
    if (!arguments.candidate.empty()) return base::error("perform: --candidate goes with --package; a trainee is named by --trainee");
    if (!arguments.seal && !(arguments.key.empty() && arguments.passphrase_file.empty() && arguments.nonce.empty()))
        return base::error("perform: --key, --passphrase-file and --nonce go with --seal");
    if (!arguments.nonce.empty())
        if (base::Status nonce = training::check_nonce(arguments.nonce); !nonce) return base::error("--nonce: {}", nonce.error());
    if (base::Status code = training::check_trainee(arguments.trainee); !code)
        return base::error("--trainee: {}", code.error());
    return base::check_writable(arguments.output);
}

/// Null where the session is not to be sealed.
static base::Result<std::shared_ptr<training::Sealer>> make_sealer(const PerformArguments& arguments) {
    if (!arguments.seal) return std::shared_ptr<training::Sealer>();
    auto key = open_own_key(training::KeyRole::station, arguments.key, arguments.passphrase_file);
    if (!key) return key.error();
    return std::make_shared<training::Sealer>(std::move(*key), training::SealTerms{arguments.nonce, std::nullopt});
}

base::Status feed(const training::Performance& performance, training::Session& session, ProgressLine& progress) {
    constexpr size_t kPiece = 120;
    std::span<const input::PenSample> samples = performance.samples;
    size_t next_event = 0;
    for (size_t begin = 0; begin < samples.size();) {
        size_t end = std::min(begin + kPiece, samples.size());
        while (next_event < performance.events.size() && performance.events[next_event].time_us <= samples[begin].time_us)
            session.event(performance.events[next_event++]);
        if (next_event < performance.events.size()) {
            uint32_t due = performance.events[next_event].time_us;
            while (end > begin + 1 && samples[end - 1].time_us >= due) --end;
        }
        base::Status advanced = session.advance(samples.subspan(begin, end - begin));
        if (!advanced) return advanced;
        begin = end;
        progress.show("performing", static_cast<double>(begin) / static_cast<double>(samples.size()));
    }
    for (; next_event < performance.events.size(); ++next_event) session.event(performance.events[next_event]);
    return {};
}

namespace {

/// Where a recording is written until it is complete. A new file grows in place, so that what a kill interrupts can
/// still be scored; an existing one is replaced only by a complete one.
class OutputFile {
  public:
    explicit OutputFile(const base::fs::path& target)
        : target_(target), path_(target) {
        std::error_code unseen;  // told when it is written
        if (base::fs::exists(target, unseen)) path_ += ".new";
        if (path_ != target_) discard();
    }
    const base::fs::path& path() const { return path_; }

    base::Status keep() {
        std::error_code code;
        if (path_ != target_) base::fs::rename(path_, target_, code);
        if (code) return base::error("cannot write {}: {}", target_.string(), base::system_error(code));
        return {};
    }
    void discard() {
        std::error_code code;
        for (const char* suffix : {"", "-journal", "-wal", "-shm"}) base::fs::remove(path_.string() + suffix, code);
    }

  private:
    base::fs::path target_, path_;
};

}  // namespace

int perform(const Options& options, const PerformArguments& arguments) {
    if (!arguments.package.empty()) return perform_exam(options, arguments);
    if (base::Status choice = check_choice(arguments); !choice) return refuse(choice.error());
    const auto sealer = make_sealer(arguments);
    if (!sealer) return refuse(sealer.error());
    ProgressLine progress;
    base::Result<std::shared_ptr<const Stage>> stage =
        training::load_stage(options.places, arguments.practice, arguments.device, progress.sink());
    if (!stage) return refuse(stage.error());
    base::Result<Hand> hand = read_hand(arguments, **stage);
    if (!hand) return refuse(hand.error());

    OutputFile output(arguments.output);
    base::Result<training::Recorder> recorder =
        training::Recorder::create(output.path(), training::make_header(**stage, hand->source, arguments.trainee), *sealer);
    if (!recorder) return refuse(recorder.error());
    base::Status played;
    size_t punctures = 0;
    {
        training::Session session(*stage, std::move(*recorder));
        played = feed(hand->performance, session, progress);
        if (played) played = session.finish();
        punctures = session.punctures().size();
    }
    if (played) played = output.keep();
    if (!played && *sealer) return refuse(base::error("{}; what was sealed before is kept in {}", played.error(), output.path().string()));
    if (!played) {
        output.discard();
        return refuse(played.error());
    }
    progress.clear();
    fmt::print("{}: {:.1f} s, {} punctures\n", arguments.output, hand->performance.samples.back().time(), punctures);
    if (*sealer && (*sealer)->mark())
        fmt::print("sealed; the code of {:.1f} s is {}\n", (*sealer)->mark()->time_us / 1e6, (*sealer)->mark()->code);
    if (*sealer) stamp_closed_session(arguments.output);
    return kDone;
}

int score(const Options& options, const ScoreArguments& arguments) {
    ProgressLine progress;
    base::Result<ScoredSession> session =
        score_file(options.places, arguments.recording, {arguments.rubric, arguments.scope}, progress.sink());
    if (!session) return refuse(session.error());
    progress.clear();
    fmt::print("{}\n", arguments.json ? training::score_json(session->score) : training::score_text(session->score, arguments.recording));
    return kDone;
}

/// Replays to a moment, tells what was done then, and how to have a picture of it.
static int replay_to(const ReplayArguments& arguments, const OpenRecording& opened, double at) {
    const auto time_us = static_cast<uint32_t>(at * 1e6 + 0.5);
    training::Session session = training::resimulate(training::until(opened.recording, time_us), opened.stage);
    const face::FaceAsset& face = *opened.stage->face;
    fmt::print("{}\n", training::moment_words(opened.recording.samples, session.contacts(), face, time_us));
    fmt::print("{} punctures so far\n", session.punctures().size());
    const shared::ContactRecord* contact = training::contact_at(session.contacts(), time_us);
    const std::string view = contact && contact->zone != 0 ? "zone:" + face.zones[contact->zone].id : "front";
    fmt::print("a picture: evenhand render {} --at {} --view {} --pen -o moment.png\n", arguments.recording, at, view);
    return kDone;
}

int replay(const Options& options, const ReplayArguments& arguments) {
    if (arguments.at && arguments.verify) return refuse(base::error("--at: cannot go with --verify, which looks at the whole session"));
    if (arguments.at && !(*arguments.at >= 0 && *arguments.at <= 4200))
        return refuse(base::error("--at {}: must be seconds from 0 to 4200", *arguments.at));
    ProgressLine progress;
    base::Result<OpenRecording> opened = open_recording(options.places, arguments.recording, progress.sink());
    if (!opened) return refuse(opened.error());
    if (arguments.at) {
        progress.clear();
        return replay_to(arguments, *opened, *arguments.at);
    }
    training::Session session = training::resimulate(opened->recording, opened->stage);
    progress.clear();
    fmt::print("{}: {} steps, {} punctures, state {}\n", arguments.recording, session.simulation().steps_done(),
               session.punctures().size(), session.simulation().state_hash().hex());
    if (!arguments.verify) return kDone;
    std::string difference = training::first_difference(opened->recording, session);
    if (!difference.empty()) {
        fmt::print(stderr, "evenhand: {}: {}\n", arguments.recording, difference);
        return kMismatch;
    }
    fmt::print("verified: the puncture log follows from the pen's path{}\n",
               opened->recording.finished ? "" : " (the session was interrupted)");
    return kDone;
}

int export_data(const Options& options, const ExportArguments& arguments) {
    for (const std::string& path : {arguments.punctures, arguments.samples, arguments.xapi})
        if (base::Status writable = path.empty() ? base::Status() : base::check_writable(path); !writable)
            return refuse(writable.error());
    ProgressLine progress;
    base::Result<ScoredSession> session = score_file(options.places, arguments.recording, {}, progress.sink());
    if (!session) return refuse(session.error());
    base::Status written;
    auto write = [&](const std::string& path, auto make) {
        if (written && !path.empty()) written = base::write_file(path, std::string_view(std::string(make())));
    };
    write(arguments.punctures, [&] { return training::punctures_csv(session->recording, *session->stage); });
    write(arguments.samples, [&] { return training::samples_csv(session->recording, *session->stage); });
    write(arguments.xapi, [&] { return training::xapi_json(session->recording, session->score); });
    return written ? kDone : refuse(written.error());
}

}  // namespace app
