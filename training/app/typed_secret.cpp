#include "training/app/typed_secret.h"

#include "engine/base/result.h"
#include "training/app/fields.h"

#include <imgui.h>
#include <imgui_internal.h>
#include <sodium.h>

namespace app {

namespace {

constexpr size_t kBytes = kMostPassphrase + 1;  // and the zero behind it

template <typename T>
void wipe(ImVector<T>& all) {
    if (all.Data) ::sodium_memzero(all.Data, static_cast<size_t>(all.Capacity) * sizeof(T));
}

/// Debian 12's Dear ImGui (1.86) keeps what was typed into a field until the next field is typed into. Without an id its state is made
/// anew then. Letters come through a queue of their own.
void forget_what_was_typed() {
    if (!ImGui::GetCurrentContext()) return;
    ImGuiInputTextState& state = ImGui::GetCurrentContext()->InputTextState;
    wipe(state.TextW);
    wipe(state.TextA);
    wipe(state.InitialTextA);
    ::sodium_memzero(&state.Stb, sizeof state.Stb);
    state.CurLenW = state.CurLenA = 0;
    state.ID = 0;
    wipe(ImGui::GetIO().InputQueueCharacters);
}

}  // namespace

void TypedSecret::Free::operator()(char* text) const {
    ::sodium_free(text);
}

TypedSecret::TypedSecret() {
    CHECK(::sodium_init() >= 0);
    text_.reset(static_cast<char*>(::sodium_malloc(kBytes)));
    CHECK(text_ != nullptr, "no memory can be locked");
    ::sodium_memzero(text_.get(), kBytes);
}

TypedSecret::~TypedSecret() {
    if (active_) forget_what_was_typed();
}

bool TypedSecret::field(const Style& style, const char* id, const std::string& hint) {
    const ReachedField reached(style, id);
    const bool entered = ImGui::InputTextWithHint(id, hint.c_str(), text_.get(), kBytes, ImGuiInputTextFlags_Password | ImGuiInputTextFlags_EnterReturnsTrue);
    const bool active = ImGui::IsItemActive();
    if (active_ && !active) forget_what_was_typed();
    active_ = active;
    return entered;
}

Passphrase TypedSecret::take() {
    std::string text;
    text.reserve(kBytes);  // in one piece, which the passphrase wipes
    text = text_.get();
    ::sodium_memzero(text_.get(), kBytes);
    return Passphrase(std::move(text));
}

}  // namespace app
