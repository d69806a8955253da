#pragma once

// Notices when nothing in the picture has moved for a while. Such a picture is drawn once at full resolution and kept, so
// that what is looked at longest is what is drawn best, and an idle program leaves the processor alone.

#include "engine/render/scene_view.h"

namespace app {

class Stillness {
  public:
    /// Each frame, with what is about to be drawn, the seconds since the last one, and whether evidence arrived. Sets
    /// SceneView::still: nothing but session time has changed for 0.4 s and ten pictures, which the statistics on the
    /// GPU need to catch up.
    void judge(render::SceneView& scene, bool news, double seconds);

  private:
    render::SceneView last_;
    double seconds_ = 0;
    int pictures_ = 0;
};

}  // namespace app
