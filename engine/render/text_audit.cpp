#include "engine/render/text_audit.h"

#include <imgui_internal.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <unordered_map>

namespace render {

namespace {

constexpr float kSpare = 0.75f;    // pixels of a letter's quad that an edge may take: its margin in the atlas
constexpr float kOverflow = 2;     // pixels that items may reach beyond a window: sizes are rounded
constexpr float kOverlap = 0.35f;  // of the smaller letter: more than kerning and accents take
constexpr float kCell = 64;        // pixels, of the grid that finds neighbours
constexpr ImU32 kOpaque = 215;     // of 255
constexpr char32_t kEllipsis = U'\u2026';
constexpr size_t kTelling = 4;  // letters: fewer stand on every screen

struct Letter {
    ImRect box;  ///< as far as it is seen
    size_t list;
    char32_t what;  ///< 0 = unknown
};

uint64_t place_in_atlas(float u, float v) {
    return uint64_t{std::bit_cast<uint32_t>(u)} << 32 | std::bit_cast<uint32_t>(v);
}

/// Which letter a corner of the atlas begins.
std::unordered_map<uint64_t, char32_t> letters_of_atlas() {
    std::unordered_map<uint64_t, char32_t> all;
    for (const ImFont* font : ImGui::GetIO().Fonts->Fonts)
        for (const ImFontGlyph& glyph : font->Glyphs)
            if (glyph.Visible) all.emplace(place_in_atlas(glyph.U0, glyph.V0), glyph.Codepoint);
    return all;
}

std::string as_utf8(std::u32string_view words) {
    std::string told;
    for (const char32_t letter : words) {
        char bytes[5];
        told += ImTextCharToUtf8(bytes, letter);
    }
    return told;
}

/// A filled triangle, and how many letters had been drawn before it.
struct Fill {
    ImVec2 a, b, c;
    size_t before;
};

float area(const ImRect& box) {
    return std::max(0.0f, box.GetWidth()) * std::max(0.0f, box.GetHeight());
}

const ImGuiWindow* window_of(const ImDrawList& list) {
    for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows)
        if (window->DrawList == &list) return window;
    return nullptr;
}

/// How far what was put into a window in this frame reaches beyond its sides. ScrollMax tells the last frame's, which a window
/// grows out of, or had more room for where a bar for the height has come since.
ImVec2 beyond(const ImGuiWindow& window) {
    const ImVec2 put{window.DC.CursorMaxPos.x - window.DC.CursorStartPos.x, window.DC.CursorMaxPos.y - window.DC.CursorStartPos.y};
    return {std::max(0.0f, put.x + 2 * window.WindowPadding.x - window.InnerRect.GetWidth()),
            std::max(0.0f, put.y + 2 * window.WindowPadding.y - window.InnerRect.GetHeight())};
}

/// Whether what lies beyond the edge can be scrolled to: here, or in what this stands in.
ImVec2 scrolls(const ImGuiWindow* window) {
    ImVec2 can{0, 0};
    for (; window; window = window->Flags & ImGuiWindowFlags_ChildWindow ? window->ParentWindow : nullptr)
        can = {std::max(can.x, window->Flags & ImGuiWindowFlags_HorizontalScrollbar ? beyond(*window).x : 0), std::max(can.y, beyond(*window).y)};
    return can;
}

/// Items that reach beyond the side of a window which does not scroll that way. Letters far outside are not even drawn.
bool overflows(const ImGuiWindow& window) {
    return !(window.Flags & ImGuiWindowFlags_HorizontalScrollbar) && beyond(window).x > kOverflow;
}

bool opaque(ImU32 colour) {
    return (colour >> IM_COL32_A_SHIFT) >= kOpaque;
}

class Audit {
  public:
    explicit Audit(const ImDrawData& data) : data_(data) {
        for (size_t i = 0; i < size_t(data.CmdListsCount); ++i) read(i);
    }

    std::vector<TextFault> faults() {
        find_overlaps();
        find_shortened();
        std::vector<TextFault> all;
        for (auto& [key, fault] : faults_) all.push_back(fault);
        return all;
    }

  private:
    const ImDrawList& list(size_t i) const { return *data_.CmdLists[i]; }

    TextFault& tell(TextFault::Kind kind, size_t list_index, ImVec2 at) {
        const char* name = list(list_index)._OwnerName;
        const auto [entry, fresh] = faults_.try_emplace({list_index, kind}, TextFault{kind, name ? name : "", at});
        if (!fresh) ++entry->second.letters;
        return entry->second;
    }

    void read(size_t index) {
        const ImDrawList& drawn = list(index);
        const ImGuiWindow* window = window_of(drawn);
        if (window && window->Appearing) return;  // how far it scrolls is known from its second frame on
        hide_under(drawn, window);
        const ImVec2 can = scrolls(window);
        if (window && overflows(*window)) tell(TextFault::Kind::cut, index, window->Pos);
        const size_t first = letters_.size();
        fills_.clear();
        for (const ImDrawCmd& command : drawn.CmdBuffer) {
            if (command.UserCallback || command.GetTexID() != ImGui::GetIO().Fonts->TexID) continue;
            const ImRect clip(command.ClipRect.x, command.ClipRect.y, command.ClipRect.z, command.ClipRect.w);
            for (unsigned i = 0; i + 2 < command.ElemCount; i += 3) {
                const ImDrawIdx* at = &drawn.IdxBuffer[int(command.IdxOffset + i)];
                const ImDrawVert* corner[3];
                for (int k = 0; k < 3; ++k) corner[k] = &drawn.VtxBuffer[int(command.VtxOffset + at[k])];
                if (spans_picture(*corner[0], *corner[2])) {
                    read_letter(index, {corner[0]->pos, corner[2]->pos}, corner[0]->uv, clip, can);
                } else if (spans_picture(*corner[0], *corner[1])) {
                    continue;  // the letter's other half
                } else if (opaque(corner[0]->col) && opaque(corner[1]->col) && opaque(corner[2]->col)) {
                    fills_.push_back({corner[0]->pos, corner[1]->pos, corner[2]->pos, letters_.size()});
                }
            }
        }
        find_covered(index, first);
    }

    /// An opaque window hides what was drawn before.
    void hide_under(const ImDrawList& drawn, const ImGuiWindow* window) {
        if (!window || window->Flags & ImGuiWindowFlags_ChildWindow || drawn.VtxBuffer.empty() || !opaque(drawn.VtxBuffer[0].col)) return;
        const ImRect box = window->Rect();
        const ImVec2 begins = drawn.VtxBuffer[0].pos;
        if (std::abs(begins.x - box.Min.x) > 40 || std::abs(begins.y - box.Min.y) > 40) return;  // without a ground of its own
        std::erase_if(letters_, [&](const Letter& one) { return box.Contains(one.box.GetCenter()); });
    }

    /// Opposite corners of a letter's quad differ in both directions of the atlas; those of lines and fills do not.
    static bool spans_picture(const ImDrawVert& a, const ImDrawVert& b) { return a.uv.x != b.uv.x && a.uv.y != b.uv.y; }

    void read_letter(size_t index, ImRect box, ImVec2 uv, const ImRect& clip, ImVec2 can) {
        const float beyond_x = std::max(clip.Min.x - box.Min.x, box.Max.x - clip.Max.x),
                    beyond_y = std::max(clip.Min.y - box.Min.y, box.Max.y - clip.Max.y);
        if ((beyond_x > kSpare && can.x <= 0) || (beyond_y > kSpare && can.y <= 0)) tell(TextFault::Kind::cut, index, box.Min);
        box.ClipWith(clip);
        const auto known = atlas_.find(place_in_atlas(uv.x, uv.y));
        if (area(box) > 1) letters_.push_back({box, index, known == atlas_.end() ? 0 : known->second});
    }

    static bool holds(const Fill& fill, ImVec2 p) {
        return ImTriangleContainsPoint(fill.a, fill.b, fill.c, p);
    }

    void find_covered(size_t index, size_t first) {
        for (const Fill& fill : fills_) {
            const ImRect box(ImMin(ImMin(fill.a, fill.b), fill.c), ImMax(ImMax(fill.a, fill.b), fill.c));
            if (area(box) < 16) continue;
            for (size_t i = first; i < std::min(fill.before, letters_.size()); ++i)
                if (box.Contains(letters_[i].box.GetCenter()) && holds(fill, letters_[i].box.GetCenter()))
                    tell(TextFault::Kind::covered, index, letters_[i].box.Min);
        }
    }

    void find_overlaps() {
        std::unordered_map<int64_t, std::vector<size_t>> grid;
        for (size_t i = 0; i < letters_.size(); ++i) {
            const ImVec2 middle = letters_[i].box.GetCenter();
            const auto x = int64_t(middle.x / kCell), y = int64_t(middle.y / kCell);
            for (int64_t dy = -1; dy <= 1; ++dy)
                for (int64_t dx = -1; dx <= 1; ++dx)
                    for (const size_t other : grid[((y + dy) << 32) + x + dx]) compare(i, other);
            grid[(y << 32) + x].push_back(i);
        }
    }

    void compare(size_t a, size_t b) {
        ImRect common = letters_[a].box;
        common.ClipWithFull(letters_[b].box);
        if (area(common) > kOverlap * std::min(area(letters_[a].box), area(letters_[b].box)))
            tell(TextFault::Kind::overlapping, letters_[a].list, letters_[a].box.Min);
    }

    /// Of the line that ends here. Letters of one line follow each other with no more than a blank between them.
    size_t begin_of_line(size_t end) const {
        size_t first = end;
        while (first > 0) {
            const Letter &before = letters_[first - 1], &now = letters_[first];
            const float gap = now.box.Min.x - before.box.Max.x;
            if (before.list != now.list || gap > letters_[end].box.GetWidth() || before.box.Min.x >= now.box.Min.x) break;
            --first;
        }
        return first;
    }

    void find_shortened() {
        std::u32string all;  // without blanks, which are not drawn
        for (const Letter& letter : letters_) all += letter.what;
        for (size_t end = all.find(kEllipsis); end != all.npos; end = all.find(kEllipsis, end + 1)) {
            const size_t first = begin_of_line(end);
            const std::u32string line = all.substr(first, end - first);
            bool whole = false;
            if (line.size() >= kTelling)
                for (size_t at = all.find(line); at != all.npos && !whole; at = all.find(line, at + 1))
                    whole = at + line.size() >= all.size() || all[at + line.size()] != kEllipsis;
            if (!whole) tell(TextFault::Kind::shortened, letters_[end].list, letters_[first].box.Min).words += as_utf8(line) + "\u2026 ";
        }
    }

    const ImDrawData& data_;
    const std::unordered_map<uint64_t, char32_t> atlas_ = letters_of_atlas();
    std::vector<Letter> letters_;
    std::vector<Fill> fills_;  ///< of the list at hand
    std::map<std::pair<size_t, TextFault::Kind>, TextFault> faults_;
};

}  // namespace

std::vector<TextFault> text_faults(const ImDrawData& data) {
    return Audit(data).faults();
}

const char* fault_name(TextFault::Kind kind) {
    switch (kind) {
        case TextFault::Kind::cut:
            return "cut";
        case TextFault::Kind::overlapping:
            return "overlapping";
        case TextFault::Kind::covered:
            return "covered";
        case TextFault::Kind::shortened:
            return "shortened";
    }
    return "";
}

}  // namespace render
