#include "training/core/report_notes.h"

#include "training/core/html.h"

#include <fmt/format.h>

namespace training {

std::string notes_section(const std::vector<Note>& notes, const Phrases& words) {
    if (notes.empty()) return {};
    const auto say = [&](const char* key) { return escape_html(words(key)); };
    std::string html = fmt::format("<section class=\"notes\"><h2>{}</h2>\n<table><thead><tr><th>{}</th><th>{}</th><th>{}</th><th>UTC</th></tr>"
                                   "</thead>\n<tbody>\n",
                                   say("report.notes"), say("report.note_moment"), say("report.note_text"), say("report.note_author"));
    for (const Note& note : notes)
        html += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", clock_moment(note.time_us),
                            escape_html(note.text), escape_html(note.author), escape_html(note.written));
    return html + "</tbody></table></section>\n";
}

}  // namespace training
