#include "training/core/report.h"

#include "training/core/report_notes.h"
#include "training/core/report_page.h"
#include "training/core/report_style.h"

namespace training {

std::string report_html(const Recording& recording, const Stage& stage, const Score& score, const std::vector<ReportPicture>& pictures,
                        const Phrases& words, const ReportExtras& extras) {
    const report::Page page{recording, stage, score, pictures, words, extras};
    const std::string name = stage.practice.name.empty() ? stage.practice.id : stage.practice.name;
    std::string html;
    report::add(html, "<!DOCTYPE html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"/>\n", page.say("language.id"));
    report::add(html, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    report::add(html, "<title>{} · Evenhand · {}</title>\n<style>{}</style></head>\n<body>\n", escape_html(name), page.say("report.title"),
                kReportStyle);
    report::add_first_sheet(html, page);
    report::add_second_sheet(html, page);
    html += notes_section(extras.notes, words);
    report::add_instructor(html, page);
    html += "</main>\n</body>\n</html>\n";
    return html;
}

}  // namespace training
