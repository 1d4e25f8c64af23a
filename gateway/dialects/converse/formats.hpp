#pragma once
// Files in Converse's words: a short format in place of a MIME type, and names that it accepts. For the .cpp
// files of this room.
#include <string>
#include <string_view>

#include "gateway/dialects/conversation.hpp"

namespace troupe::dialects::converse {

/// "png" of "image/png"; "" when Converse has no such format. Where no type is said, the first bytes of the
/// base64 data and the ending of the name tell.
std::string_view format_of(const Media& media);
/// One that the API names.
bool is_format(Media::Kind kind, std::string_view format);
/// "image/png" of an image in "png"; a format that is not known keeps its word: "image/heic".
std::string type_of(Media::Kind kind, std::string_view format);
/// A document's name: letters, digits, single spaces, '-()[]', at most 200 of them; never empty. Its ending
/// goes, for the format says it.
std::string safe_name(std::string_view name);

}  // namespace troupe::dialects::converse
