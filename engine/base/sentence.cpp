#include "engine/base/sentence.h"

#include <algorithm>
#include <utility>

namespace base {
namespace {

/// A text with places, cut in order: words, whose braces are single again, and places.
struct Piece {
    bool is_place;
    std::string words;        ///< of a piece that is no place
    size_t argument = 0;      ///< of a place, from 0
    std::string_view manner;  ///< how a place shows it: ":.1f", or empty
};

/// The place that opens behind the brace at `from`; `next` is the argument of one without a number.
std::optional<Piece> place_at(std::string_view text, size_t from, size_t& next) {
    const size_t end = text.find('}', from);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view inner = text.substr(from + 1, end - from - 1);
    const size_t colon = std::min(inner.find(':'), inner.size());
    if (inner.find('{') != std::string_view::npos || colon > 2) return std::nullopt;
    size_t number = 0;
    for (const char digit : inner.substr(0, colon)) {
        if (digit < '0' || digit > '9') return std::nullopt;
        number = number * 10 + static_cast<size_t>(digit - '0');
    }
    return Piece{true, {}, colon == 0 ? next++ : number, inner.substr(colon)};
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
            i = text.find('}', i);
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
        std::string shown = fmt::vformat(fmt::format("{{{}{}}}", piece.argument, piece.manner), args);
        made.message += shown;
        const Error* inner = std::data(errors)[piece.argument];
        if (sentence->arguments.size() <= piece.argument) sentence->arguments.resize(piece.argument + 1);
        sentence->arguments[piece.argument] = inner ? *inner : Error{std::move(shown)};
    }
    made.sentence = std::move(sentence);
    return made;
}

std::optional<std::vector<size_t>> places_in(std::string_view form) {
    const auto pieces = pieces_of(form);
    if (!pieces) return std::nullopt;
    std::vector<size_t> places;
    for (const Piece& piece : *pieces)
        if (piece.is_place) places.push_back(piece.argument);
    std::ranges::sort(places);
    return places;
}

std::string told(const Error& error, const Translations& translations) {
    static const std::vector<Error> none;
    const std::string& form = error.sentence ? error.sentence->form : error.message;
    const std::vector<Error>& arguments = error.sentence ? error.sentence->arguments : none;
    const auto translation = translations.find(form);
    const bool known = translation != translations.end();
    if (!known && arguments.empty()) return error.message;
    const auto ours = places_in(form);
    const bool fits = known && places_in(translation->second) == ours;
    const auto pieces = pieces_of(fits ? translation->second : form);
    if (!pieces || !ours || ours->size() != arguments.size()) return error.message;
    std::string text;
    for (const Piece& piece : *pieces) text += piece.is_place ? told(arguments[piece.argument], translations) : piece.words;
    return text;
}

}  // namespace base
