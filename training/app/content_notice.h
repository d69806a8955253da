#pragma once

// What is wrong with the content that people edit (training/core/content.h), told where areas have their heading: how many files,
// the first sentence, and all of them in a list that scrolls. It takes its own place above the title, so that it covers nothing.

#include "training/app/background.h"
#include "training/app/widgets.h"
#include "training/core/content.h"

#include <optional>
#include <string>
#include <vector>

namespace app {

struct Desk;

class ContentNotice {
  public:
    /// Reads the content anew on a worker, as it may have been mended meanwhile; what was not known goes to the log.
    void look(Desk& desk);
    /// Draws the notice from `at` over `width` px, in a column at its next place, and reads its key (M). Returns the height that it
    /// takes with the gap below it; 0 where there is nothing to tell or it was put away.
    float draw(Desk& desk, ImVec2 at, float width);
    /// The list lies over the screen: Desk::settings_open holds too.
    bool listed() const { return listed_; }
    /// To be called within the panel or column that the list fills; true once it is to be closed.
    bool draw_list(Desk& desk, ImVec2 size);
    void close_list() { listed_ = false; }

  private:
    void poll(Desk& desk);
    std::string told(const Desk& desk) const;
    void draw_row(Desk& desk, size_t index, float width);
    void read_list_keys(Desk& desk);
    void copy(const Desk& desk);
    void open_list(Desk& desk);

    std::vector<base::Error> mistakes_;
    std::optional<Background<std::vector<base::Error>>> looking_;
    std::string told_;  ///< last, in the language of then
    bool put_away_ = false, listed_ = false, copied_ = false, bring_into_view_ = false;
    int marked_ = 0;
};

/// Where the content of people who use this machine lies.
training::OwnContent own_content();
/// training::content_mistakes of all there is, and what is wrong with the content that the window alone reads: sounds and the
/// figures that a visit offers.
std::vector<base::Error> all_content_mistakes(const base::Places& places);

}  // namespace app
