#pragma once

// Every screen that the program has, and what tours of it show. A test compares the list with the screens' classes, so that a new
// screen is toured; each tour checks that it showed all that is listed for it, and that the screen named was up.

namespace gui_test {

struct TouredView {
    const char* tour;    ///< the test that shows it
    const char* screen;  ///< its class in training/app
    const char* view;    ///< of the picture's name
};

inline constexpr TouredView kTouredViews[] = {
    {"PatientTour", "StartScreen", "start"},
    {"PatientTour", "StartScreen", "settings_1"},
    {"PatientTour", "StartScreen", "settings_2"},
    {"PatientTour", "StartScreen", "settings_3"},
    {"PatientTour", "StartScreen", "settings_4"},
    {"PatientTour", "StartScreen", "settings_5"},
    {"PatientTour", "ImportScreen", "import"},
    {"PatientTour", "PracticeScreen", "practice"},
    {"PatientTour", "PracticeScreen", "keys"},
    {"PatientTour", "PracticeScreen", "recording"},
    {"PatientTour", "ScoreScreen", "score"},
    {"PatientTour", "ReviewScreen", "review"},
    {"PatientTour", "HealingScreen", "healing"},
    {"PatientTour", "HealingScreen", "healing_minutes"},
    {"PatientTour", "HealingScreen", "healing_hours"},
    {"PatientTour", "HealingScreen", "healing_days"},
    {"PatientTour", "HealingScreen", "healing_weeks"},
    {"PatientTour", "HealingScreen", "healing_months"},
    {"PatientTour", "HealingScreen", "healing_year"},
    {"PatientTour", "HealingScreen", "healing_compared"},
    {"VisitTour", "VisitScreen", "visit_consultation"},
    {"VisitTour", "VisitScreen", "visit_decision"},
    {"VisitTour", "VisitScreen", "visit_plan"},
    {"VisitTour", "VisitScreen", "visit_preparation"},
    {"VisitTour", "VisitScreen", "visit_leave"},
    {"VisitTour", "PracticeScreen", "visit_needling"},
    {"VisitTour", "PracticeScreen", "visit_end_point"},
    {"VisitTour", "VisitScreen", "visit_finish"},
    {"VisitTour", "VisitScreen", "visit_aftercare"},
    {"VisitTour", "VisitScreen", "visit_follow_up"},
    {"VisitTour", "VisitScreen", "visit_followed"},
    {"VisitTour", "HealingScreen", "visit_healing"},
    {"VisitTour", "ScoreScreen", "visit_score"},
    {"LessonTour", "LessonsScreen", "lessons"},
    {"LessonTour", "PracticeScreen", "lesson"},
    {"LessonTour", "PracticeScreen", "lesson_begun"},
    {"LessonTour", "LessonResultScreen", "lesson_result"},
    {"LessonTour", "ReviewScreen", "lesson_review"},
    {"LessonTour", "ReviewScreen", "review_choice"},
    {"LessonTour", "ReviewScreen", "review_beside"},
    {"LessonTour", "ReviewScreen", "review_note"},
    {"DeskTour", "ProgressScreen", "progress"},
    {"DeskTour", "DeskScreen", "desk"},
    {"DeskTour", "DeskScreen", "desk_roster_refused"},
    {"DeskTour", "DeskScreen", "desk_rubrics"},
    {"DeskTour", "DeskScreen", "desk_rubric_edited"},
    {"DeskTour", "DeskScreen", "desk_lessons"},
    {"DeskTour", "DeskScreen", "desk_lesson_draft"},
    {"DeskTour", "DeskScreen", "desk_lesson_unsaved"},
    {"DeskTour", "ProgressScreen", "progress_of_member"},
    {"ScanTour", "ImportScreen", "scan_chosen"},
    {"ScanTour", "LoadingScreen", "scan_fitting"},
    {"ScanTour", "LandmarkScreen", "scan_landmarks"},
    {"CalibrationTour", "PracticeScreen", "pens_not_calibrated"},
    {"CalibrationTour", "PracticeScreen", "pens_holding_still"},
    {"CalibrationTour", "PracticeScreen", "pens_point_failed"},
    {"CalibrationTour", "PracticeScreen", "pens_calibrated"},
    {"ExamTour", "ExamScreen", "exam_start"},
    {"ExamTour", "ExamScreen", "exam_open"},
    {"ExamTour", "PracticeScreen", "exam_attempt"},
    {"ExamTour", "PracticeScreen", "exam_keys"},
    {"ExamTour", "PracticeScreen", "exam_sure"},
    {"ExamTour", "HandedInScreen", "exam_result"},
};

}  // namespace gui_test
