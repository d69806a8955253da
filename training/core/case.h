#pragma once

// What is practised: a patient or pad, the zones prescribed, the device, scope and rubric. content/cases/*.toml, or any
// TOML file of that form; a pad file (design.md 6) given as a case is that pad with defaults.

#include "engine/face/face_store.h"
#include "engine/skin/device_profile.h"
#include "training/core/consultation.h"

#include <string>
#include <vector>

namespace training {

/// "file:line:column" of what a case names, for messages about what only other files can tell to be wrong.
struct CaseNamesAt {
    std::string face, device, rubric, scope;
    std::vector<std::string> zones;  ///< one for each of the case's
};

struct Case {
    std::string id, name, brief;       ///< brief: one or two sentences for the trainee
    std::string face;                  ///< id or TOML path, for face::load
    std::string device = "pen-12";
    std::string rubric = "provisional";  ///< for load_rubric: id, TOML path or the text of one
    std::string scope = "medical";
    std::vector<std::string> zones;    ///< prescribed zone ids, in the order to treat them
    std::vector<face::Condition> conditions;  ///< [[condition]] tables: what this patient has besides their own
    Consultation consultation;         ///< who it is, what is right today and how; empty = none to hold
    double needling_minutes = 20;      ///< the time that a whole treatment of these zones should take
    std::string text;                  ///< the TOML as read: what a recording keeps
    CaseNamesAt at;
};

/// `id`: one of content/cases, or a path that ends in .toml. An unknown id is answered with those that exist.
base::Result<Case> load_case(const base::Places& places, const std::string& id);
/// All of content/cases, sorted by id, as the folder is now. With `problems`, a file that cannot be read or names what is not
/// there (case_names.h) is told there, a sentence with file, line and column, and the rest is listed; without, the first such
/// file is the error.
base::Result<std::vector<Case>> list_cases(const base::Places& places, std::vector<base::Error>* problems = nullptr);
/// Files of cases that people imported with their patients, ID.case.toml in places.faces, sorted.
inline constexpr const char* kImportedCase = ".case.toml";
std::vector<base::fs::path> imported_cases(const base::Places& places);
/// The same reader over text in memory, for a case that a recording keeps; TOML files that it names are looked for
/// beside `path`. Told in the language of `places`, where there is one.
base::Result<Case> parse_case(const std::string& text, const base::fs::path& path, const base::Places& places = {});

}  // namespace training
