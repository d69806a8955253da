#include "engine/base/sentence.h"

#include "engine/base/utf8.h"

#include <algorithm>
#include <utility>

namespace base {
namespace {

/// A text with places, cut in order: words, whose braces are single again, and places.
struct Piece {
    bool is_place;
    std::string words;    ///< of a piece that is no place
    size_t argument = 0;  ///< of a place, from 0
    std::string manner;   ///< how a place shows it: ":.1f", ":.{1}f" with the argument that holds a width, or empty
};

/// `digits`: of a place, or none for the next argument. Nothing where there is anything else.
std::optional<size_t> argument_of(std::string_view digits, size_t& next) {
    if (digits.empty()) return next++;
    if (digits.size() > 2 || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    size_t number = 0;
    for (const char digit : digits) number = number * 10 + static_cast<size_t>(digit - '0');
    return number;
}

/// ":.{}f" with its inner places numbered, which they must be already where the outer one is.
std::optional<std::string> manner_of(std::string_view text, bool numbered, size_t& next) {
    std::string manner;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '{') {
            manner += text[i];
            continue;
        }
        const size_t end = text.find('}', i);
        const std::string_view digits = text.substr(i + 1, end - i - 1);
        const auto argument = argument_of(digits, next);
        if (!argument || digits.empty() == numbered) return std::nullopt;
        manner += fmt::format("{{{}}}", *argument);
        i = end;
    }
    return manner;
}

/// The place whose brace opens at `at`, which moves to the one that closes it; `next`: the argument of one without a number.
std::optional<Piece> place_at(std::string_view text, size_t& at, size_t& next) {
    const size_t from = at;
    for (int open = 0; at < text.size(); ++at) {
        open += text[at] == '{';
        open -= text[at] == '}';
        if (open == 0) break;
    }
    if (at == text.size()) return std::nullopt;
    const std::string_view inner = text.substr(from + 1, at - from - 1);
    const size_t colon = std::min(inner.find(':'), inner.size());
    const auto argument = argument_of(inner.substr(0, colon), next);
    const auto manner = argument ? manner_of(inner.substr(colon), colon > 0, next) : std::nullopt;
    return manner ? std::optional(Piece{true, {}, *argument, *manner}) : std::nullopt;
}

/// Nothing where braces do not close.
std::optional<std::vector<Piece>> pieces_of(std::string_view text) {
    std::vector<Piece> pieces;
    std::string words;
    size_t next = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool brace = text[i] == '{' || text[i] == '}';
        if (brace && i + 1 < text.size() && text[i + 1] == text[i]) ++i;
        else if (brace) {
            const auto place = text[i] == '{' ? place_at(text, i, next) : std::nullopt;
            if (!place) return std::nullopt;
            if (!words.empty()) pieces.push_back({false, std::exchange(words, {}), 0, {}});
            pieces.push_back(*place);
            continue;
        }
        words += text[i];
    }
    if (!words.empty()) pieces.push_back({false, words, 0, {}});
    return pieces;
}

}  // namespace

Error detail::make_error(fmt::string_view form, fmt::format_args args, std::initializer_list<const Error*> errors) {
    const std::string_view text(form.data(), form.size());
    const auto pieces = pieces_of(text);
    CHECK(pieces.has_value(), text);
    Error made;
    auto sentence = std::make_shared<Sentence>();
    sentence->form = text;
    for (const Piece& piece : *pieces) {
        if (!piece.is_place) {
            made.message += piece.words;
            continue;
        }
        std::string shown = plain(fmt::vformat(fmt::format("{{{}{}}}", piece.argument, piece.manner), args));
        made.message += shown;
        const Error* inner = std::data(errors)[piece.argument];
        if (sentence->arguments.size() <= piece.argument) sentence->arguments.resize(piece.argument + 1);
        Error& argument = sentence->arguments[piece.argument];
        if (argument.message.empty()) argument = inner ? *inner : Error{std::move(shown)};
    }
    made.sentence = std::move(sentence);
    return made;
}

Error named(std::string form, std::string id) {
    auto sentence = std::make_shared<Sentence>(Sentence{std::move(form), {Error{id}}});
    return {std::move(id), std::move(sentence)};
}

std::optional<std::vector<size_t>> places_in(std::string_view form) {
    const auto pieces = pieces_of(form);
    if (!pieces) return std::nullopt;
    std::vector<size_t> places;
    for (const Piece& piece : *pieces)
        if (piece.is_place) places.push_back(piece.argument);
    std::ranges::sort(places);
    places.erase(std::unique(places.begin(), places.end()), places.end());
    return places;
}

std::string told(const Error& error, const Translations& translations) {
    static const std::vector<Error> none;
    const std::string& form = error.sentence ? error.sentence->form : error.message;
    const std::vector<Error>& arguments = error.sentence ? error.sentence->arguments : none;
    const auto translation = translations.find(form);
    const bool known = translation != translations.end();
    if (!known && !error.sentence) return error.message;
    const auto ours = places_in(form);
    const bool is_name = ours && ours->empty() && !arguments.empty();  // made by named()
    if (!known && is_name) return error.message;
    const bool fits = known && places_in(translation->second) == ours;
    const auto pieces = pieces_of(fits ? translation->second : form);
    if (!pieces || !ours || (!ours->empty() && ours->back() >= arguments.size())) return error.message;
    std::string text;
    for (const Piece& piece : *pieces) text += piece.is_place ? told(arguments[piece.argument], translations) : piece.words;
    return text;
}

/// An argument that is a path from the root becomes the name at its end.
static Error name_files(const Error& error, std::vector<std::string>& paths) {
    if (!error.sentence) {
        const size_t slash = error.message.find_last_of('/');
        const bool path = error.message.starts_with('/') && slash > 0 && slash + 1 < error.message.size();
        if (!path) return error;
        if (std::ranges::find(paths, error.message) == paths.end()) paths.push_back(error.message);
        return {error.message.substr(slash + 1)};
    }
    auto sentence = std::make_shared<Sentence>(*error.sentence);
    for (Error& argument : sentence->arguments) argument = name_files(argument, paths);
    Error renamed{error.message, std::move(sentence)};
    renamed.message = told(renamed, {});
    return renamed;
}

NamedFiles with_file_names(const Error& error) {
    NamedFiles files;
    files.error = error.sentence ? name_files(error, files.paths) : error;
    return files;
}

}  // namespace base
