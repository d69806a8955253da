#include "training/app/marks.h"

#include <algorithm>

namespace app {

ImU32 mark_colour(Mark mark) {
    switch (mark) {
        case Mark::target:
            return colour::kBlue;
        case Mark::warning:
            return colour::kAmber;
        case Mark::beyond:
            return colour::kVermilion;
        case Mark::critical:
            return colour::kCritical;
        case Mark::open:
            return colour::kSoft;
        case Mark::none:
            break;
    }
    return colour::kFaint;
}

void draw_mark(ImDrawList& draw, ImVec2 c, float size, Mark mark) {
    const float r = size * 0.5f;
    const float line = std::max(1.5f, size * 0.16f);
    const ImU32 shade = mark_colour(mark);
    switch (mark) {
        case Mark::target: {
            const ImVec2 tick[] = {
                {c.x - r * 0.8f, c.y}, {c.x - r * 0.2f, c.y + r * 0.62f}, {c.x + r * 0.85f, c.y - r * 0.65f}};
            draw.AddPolyline(tick, 3, shade, 0, line);
            break;
        }
        case Mark::warning:
            draw.AddTriangleFilled({c.x, c.y - r * 0.95f}, {c.x + r, c.y + r * 0.8f},
                                   {c.x - r, c.y + r * 0.8f}, shade);
            draw.AddLine({c.x, c.y - r * 0.3f}, {c.x, c.y + r * 0.25f}, IM_COL32(20, 20, 20, 255), line);
            draw.AddCircleFilled({c.x, c.y + r * 0.55f}, line * 0.55f, IM_COL32(20, 20, 20, 255));
            break;
        case Mark::beyond:
            draw.AddLine({c.x - r * 0.7f, c.y - r * 0.7f}, {c.x + r * 0.7f, c.y + r * 0.7f}, shade,
                         line * 1.2f);
            draw.AddLine({c.x - r * 0.7f, c.y + r * 0.7f}, {c.x + r * 0.7f, c.y - r * 0.7f}, shade,
                         line * 1.2f);
            break;
        case Mark::critical:
            draw.AddNgonFilled(c, r, shade, 8);
            draw.AddLine({c.x, c.y - r * 0.55f}, {c.x, c.y + r * 0.1f}, IM_COL32(20, 20, 20, 255), line);
            draw.AddCircleFilled({c.x, c.y + r * 0.5f}, line * 0.6f, IM_COL32(20, 20, 20, 255));
            break;
        case Mark::open:
            draw.AddCircle(c, r * 0.7f, shade, 0, line);
            break;
        case Mark::none:
            draw.AddLine({c.x - r * 0.6f, c.y}, {c.x + r * 0.6f, c.y}, shade, line);
            break;
    }
}

}  // namespace app
