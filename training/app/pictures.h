#pragma once

// Pictures of a treated face for reports, and the report itself: what the score screen's button and `evenhand
// report` both write.

#include "engine/render/renderer.h"
#include "training/app/evaluation.h"
#include "training/core/report.h"

#include <string>
#include <vector>

namespace app {

/// A device and renderer without a window.
struct Headless {
    std::unique_ptr<gpu::Device> device;
    std::unique_ptr<render::Renderer> renderer;
};
base::Result<Headless> open_headless(const Options& options);

/// Puts the face on stage with everything that was done to it up to `until` s.
base::Status show_session(render::Renderer& renderer, const ScoredSession& session, double until = 1e9);

/// The same for the face that is on stage already: back or on to `until`.
void show_evidence(render::Renderer& renderer, const ScoredSession& session, double until = 1e9);

/// What is drawn for a kind of device.
render::Tool tool_of(skin::DeviceKind kind);

/// The pen as it was held at a moment, its tip where it met the skin at rest; nothing before the session.
std::optional<render::PenView> pen_at(const ScoredSession& session, double time);

/// The scene of a report picture at `until` s: nothing but face and overlay. Nothing when the face has no such view. Its wipes
/// are the session's.
std::optional<render::SceneView> picture_scene(const ScoredSession& session, std::string_view view,
                                               render::Overlay overlay, double until = 1e9);

/// The pictures of a report, in its order.
struct PictureWish {
    std::string view;
    render::Overlay overlay;
    std::string criterion = {};  ///< the line whose places are marked and looked at, instead of a view
};
std::vector<PictureWish> report_pictures(const training::Score& score);

inline constexpr uint32_t kReportPictureSize = 640;

/// One picture, PNG. The session must be on the renderer's stage.
base::Result<training::ReportPicture> render_picture(render::Renderer& renderer, const ScoredSession& session,
                                                     const PictureWish& wish,
                                                     uint32_t size = kReportPictureSize);

/// In what language a report speaks: its words and its advice.
struct ReportLanguage {
    training::Phrases words;
    training::AdviceBook advice;
};
/// A broken or missing language file is the error.
base::Result<ReportLanguage> load_report_language(const base::Places& places, const std::string& language);

/// All of it, in the places' language: loads, scores, renders and writes `html`, whole or not at all. `renderer`: null = a
/// headless one is made.
base::Status write_report(const Options& options, const base::fs::path& evh, const base::fs::path& html,
                          const YardstickChoice& choice = {}, render::Renderer* renderer = nullptr);

/// The page of a scored session with these pictures, and the legends of their overlays.
std::string report_page(const ScoredSession& session, const std::vector<training::ReportPicture>& pictures,
                        const ReportLanguage& language);

}  // namespace app
